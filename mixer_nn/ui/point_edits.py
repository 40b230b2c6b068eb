"""Points made by hand in the Fit monitor: each gesture one step of undo on the desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mixer_nn.core.dataset import Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.data.by_hand import moved_point, with_point, without_point
from mixer_nn.state.desk import Desk
from mixer_nn.ui.dialogs.messages import tell
from mixer_nn.ui.monitors.fit_monitor import FitMonitor


class PointEdits(QObject):
    """Takes the points that are added, moved and removed in a Fit monitor to the desk."""

    def __init__(self, desk: Desk, fit: FitMonitor, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        fit.point_added.connect(self._on_added)
        fit.point_moved.connect(self._on_moved)
        fit.point_removed.connect(self._on_removed)
        fit.point_grabbed.connect(self._on_grabbed)
        fit.point_let_go.connect(desk.end_edit)

    def _on_added(self, inputs: Sequence[float], target: float | int) -> None:
        self._edit(partial(with_point, inputs=inputs, target=target), "add a point")

    def _on_moved(self, row: int, inputs: Sequence[float], target: float | int) -> None:
        self._edit(partial(moved_point, row=row, inputs=inputs, target=target), "move a point")

    def _on_removed(self, row: int) -> None:
        self._edit(partial(without_point, row=row), "remove a point")

    def _on_grabbed(self, row: int) -> None:
        self._desk.begin_edit(f"move point {row + 1}")

    def _edit(self, change: Callable[[Dataset], Dataset], text: str) -> None:
        try:
            dataset = change(self._desk.mix.dataset)
        except MixError as error:
            tell(self._window, str(error))
        else:
            self._desk.edit_data(dataset, text)
