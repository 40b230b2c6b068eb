"""The buttons in the Loss monitor's head that are about several runs."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from mixer_nn.ui.bench import Bench
from mixer_nn.ui.compare_menu import TIP, CompareMenu
from mixer_nn.ui.dialogs.runs_panel import RunsPanel
from mixer_nn.ui.monitors.loss_head import Tool
from mixer_nn.ui.monitors.loss_monitor import LossMonitor

RUNS_TIP = "All runs: how they were trained, what came of it, and which are drawn here"


class RunTools(QObject):
    """“Runs” opens the table of all runs, “Compare” the menu of optimizers to compare with."""

    def __init__(self, bench: Bench, monitor: LossMonitor) -> None:
        super().__init__(monitor)
        self._bench = bench
        self.runs = Tool("runs", ("Runs", "Runs"), RUNS_TIP, monitor)
        self.compare = Tool("compare", ("Compare", "vs"), TIP, monitor)
        self.compare.setAccessibleName("compare with another optimizer")
        self.menu = CompareMenu(bench, monitor)
        self.panel: RunsPanel | None = None
        self.runs.clicked.connect(self.open_runs)
        self.compare.clicked.connect(self._open_menu)
        monitor.take_tools((self.runs, self.compare))

    def open_runs(self) -> None:
        """Open the table beside the work, or bring it to the front."""
        window = self.runs.window()
        if self.panel is None or self.panel.parentWidget() is not window:
            self.panel = RunsPanel(self._bench, window)
        self.panel.open_below(self._monitor)

    @property
    def _monitor(self) -> QWidget:
        monitor = self.parent()
        assert isinstance(monitor, QWidget)
        return monitor

    def _open_menu(self) -> None:
        self.menu.popup(self.compare.mapToGlobal(QPoint(0, self.compare.height())))
