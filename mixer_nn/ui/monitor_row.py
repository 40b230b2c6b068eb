"""The monitors: Fit, Loss, and a third with several pages, next to each other."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.side_panel import SidePanel
from mixer_nn.ui.monitors.fit_monitor import FitMonitor
from mixer_nn.ui.monitors.inspector_view import InspectorView
from mixer_nn.ui.monitors.landscape_view import LandscapeView
from mixer_nn.ui.monitors.loss_monitor import LossMonitor
from mixer_nn.ui.monitors.maths_view import MathsView
from mixer_nn.ui.monitors.pages import Pages
from mixer_nn.ui.monitors.run_tools import RunTools
from mixer_nn.ui.monitors.slice_view import SliceView

LOWEST = 200
"""Height below which a monitor would lose something that it shows."""

LOSS = "loss"
FIRST_SHARES = (500, 380, 460)


class MonitorRow(QSplitter):
    """Each monitor answers one question. Where it is narrow, Loss is a page of the third.

    `take_side` gives the loss in numbers and the selected knob a place among the monitors, for
    networks that need the whole width of the mixer.
    """

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("monitors")
        self._bench = bench
        self._narrow = False
        self._wanted = {"fit": True, "loss": True, "why": True}
        self._side: SidePanel | None = None
        desk, readings, automix = bench.desk, bench.readings, bench.automix
        self.fit = FitMonitor(
            desk, readings, bench.guidance, automix, self, listening=bench.listening
        )
        self.loss = LossMonitor(desk, readings, automix, self, overlay=bench.overlay)
        self.run_tools = RunTools(bench, self.loss)
        self.why = Pages(self)
        self.why.setObjectName("why")
        self.slice, self.landscape = SliceView(bench, self), LandscapeView(bench, self)
        self.maths, self.inspector = MathsView(bench, self), InspectorView(bench, self)
        self._add_pages()
        for monitor in (self.fit, self.loss, self.why):
            self.addWidget(monitor)
        self.setSizes(list(FIRST_SHARES))
        self.setHandleWidth(theme.px(10))
        self.setChildrenCollapsible(False)

    def _add_pages(self) -> None:
        pages = self.why
        for key, title, view, tip in (
            ("slice", "Slice", self.slice, "What if I turned only this knob?"),
            ("landscape", "Landscape", self.landscape, "The loss over two knobs at once"),
            ("maths", "Maths", self.maths, "The chain rule for this knob, in symbols and numbers"),
            ("knob", "Knob", self.inspector, "Everything about the selected knob"),
        ):
            pages.add(key, title, view, tip)
        self._turn_to_usual_page()
        pages.chosen.connect(self._remember)
        self._bench.desk.rewired.connect(self._turn_to_usual_page)

    def _turn_to_usual_page(self) -> None:
        """The page chosen last; until one is, the bowl of one neuron or a slice of a network."""
        is_neuron = len(self._bench.desk.mix.network.sizes) == 2
        usual = "landscape" if is_neuron else "slice"
        # Turning pages by itself is nobody's choice, and not to be remembered.
        self.why.blockSignals(True)
        for key in (LOSS, usual, self._bench.preferences.page):
            self.why.show_page(key)
        self.why.blockSignals(False)

    def _remember(self, key: str) -> None:
        self._bench.preferences.page = key

    # -- where what stands --------------------------------------------------------------------

    @property
    def is_narrow(self) -> bool:
        """Whether there is room for two monitors only."""
        return self._narrow

    def set_narrow(self, narrow: bool) -> None:
        """Make Loss a page of the third monitor, or a monitor of its own again."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self.why.blockSignals(True)
        if narrow:
            self.why.add(LOSS, "Loss", self.loss, "Does it get better?", at=0)
        else:
            self.why.take(LOSS)
            self.insertWidget(1, self.loss)
        self.why.blockSignals(False)
        self._turn_to_usual_page()
        self.loss.set_page(narrow)
        self.show_panels(self._wanted)

    def take_side(self, side: SidePanel | None) -> None:
        """Take in the loss in numbers and the selected knob; None: give them back."""
        if self._side is not None and side is None:
            self.loss.give_readout_back()
            self.inspector.give_knob_back()
            self._side.take_back()
        elif side is not None:
            self.loss.take_readout(side.readout)
            self.inspector.take_knob(side.selected)
        self._side = side

    def show_panels(self, wanted: Mapping[str, bool]) -> None:
        """Show those of ``fit``, ``loss`` and ``why`` that are wanted, and hide the others."""
        self._wanted = dict(wanted)
        self.fit.setVisible(wanted["fit"])
        if self._narrow:
            for index, key in enumerate(self.why.keys):
                self.why.bar.setTabVisible(index, wanted["loss" if key == LOSS else "why"])
            self.why.setVisible(wanted["why"] or wanted["loss"])
        else:
            for index in range(len(self.why.keys)):
                self.why.bar.setTabVisible(index, True)
            self.loss.setVisible(wanted["loss"])
            self.why.setVisible(wanted["why"])
        self.setVisible(any(wanted.values()))
        if not self.why.bar.isTabVisible(self.why.bar.currentIndex()):
            self._turn_to_usual_page()

    @property
    def least_height(self) -> int:
        """The height below which a monitor would lose something that it shows."""
        return theme.px(LOWEST)
