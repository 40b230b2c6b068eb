"""The Landscape: the loss over two knobs at once, with the way that the run has come."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QFontMetricsF, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.landscape import Plane
from mixer_nn.state.readings import SHOWN_ROWS
from mixer_nn.state.survey import Survey
from mixer_nn.state.surveying import FEWEST
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.places import place
from mixer_nn.ui.mixer.symbols import standard_name, symbol
from mixer_nn.ui.monitors.cue_marks import CueMarks
from mixer_nn.ui.monitors.fit_picture import written
from mixer_nn.ui.monitors.landscape_axes import AxisButton
from mixer_nn.ui.monitors.landscape_hand import KEYS, LandscapeHand
from mixer_nn.ui.monitors.landscape_item import LandscapeItem
from mixer_nn.ui.monitors.landscape_run import RunItems
from mixer_nn.ui.monitors.legend import Entry
from mixer_nn.ui.monitors.live_view import Lag, LiveView
from mixer_nn.ui.monitors.plot import Plot
from mixer_nn.ui.monitors.switch import Toggle
from mixer_nn.ui.numbers import count, short

LEGEND = (Entry("the run", "accent", short="run"),)

TICKS = {"left": 32.0, "bottom": 48.0}
"""Pixels from tick to tick at least: the numbers are short, and the picture is often small."""

CUES_DEPTH = 40.0
"""The letters of cues lie over everything else on the plot."""

RUN_AWAY = "The knobs have run away: there is no loss to draw here. Undo, or go back to the start."
FLAT = "Flat: wherever these two knobs are turned, the loss stays what it is."
TIP = (
    "The loss over two knobs, the others held: each line is one loss, greener is lower. "
    "The square is where the run began, the arrow its next step. "
    "Click to put both knobs there, drag to carry them, or turn them with the arrow keys"
)
RUN_TIP = (
    "The loss over the plane in which the run has moved most. Each point is a projection: the "
    "run also moved across the plane"
)


class LandscapeView(LiveView):
    """What two knobs do to the loss together. Looking changes nothing; a click turns them."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("Landscape", bench.desk, bench.readings, parent)
        self.setObjectName("landscape")
        self.title.hide()  # the tab says it
        self._surveying, self._selection = bench.surveying, bench.selection
        self._lag = Lag(bench.desk, bench.automix, turn=1)
        self._drawn: Survey | None = None
        self._shown_at = -1
        self._is_flat = False
        self.plot = Plot(self)
        self.plot.setObjectName("landscapePlot")
        for side, spacing in TICKS.items():
            self.plot.axes[side].spacing = spacing
        self.land, self.run = LandscapeItem(self.plot), RunItems(self.plot)
        self.cues = CueMarks(self.plot, CUES_DEPTH)
        self.hand = LandscapeHand(self.plot, bench.desk, bench.clock, bench.surveying, self)
        self.across, self.up = AxisButton("horizontal", self), AxisButton("vertical", self)
        self.times = QLabel("×", self)
        self.of_run = Toggle("run's plane", "Look at the plane of the run", self, short="run")
        self._fill_head()
        self.body.addWidget(self.plot)
        self.plot.hovered.connect(self._tell)
        self.plot.left.connect(self.read_out.rest)
        self.plot.area_moved.connect(self._align)
        self._surveying.changed.connect(self.look_again)
        bench.automix.changed.connect(self._catch_up)
        self.refresh()

    def _fill_head(self) -> None:
        parts = (self.across, self.times, self.up, self.of_run)
        names = ("landscapeAcross", "landscapeTimes", "landscapeUp", "landscapeOfRun")
        for index, (part, name) in enumerate(zip(parts, names, strict=True)):
            part.setObjectName(name)
            self.head.insertWidget(1 + index, part)
        self.legend.set_entries(LEGEND)
        self.across.chosen.connect(self._choose_across)
        self.up.chosen.connect(self._choose_up)
        self.of_run.toggled.connect(self._surveying.show_run)

    def _choose_across(self, index: int) -> None:
        self._surveying.choose(0, index)

    def _choose_up(self, index: int) -> None:
        self._surveying.choose(1, index)

    def _catch_up(self) -> None:
        """Auto-mix has started or stopped: what lagged behind is drawn as it is."""
        if self._lag.behind:
            self.look_again()

    # -- reading ------------------------------------------------------------------------------

    def _read(self) -> None:
        survey = self._surveying.look()
        if survey is not None and self._drawn is not None and not self._lag.is_due():
            return
        self._show_choice()
        if survey is None:
            self._drawn = None
            self.land.clear()
            self.run.clear()
        else:
            self._draw(survey)
        self._show_note(survey)
        self._mark_cues()
        self._point_out()

    def _mark_cues(self) -> None:
        """Put the letters of the cues where they lie on the plane, or nearest to."""
        mix = self._desk.mix
        plane = None if self._drawn is None else self._drawn.subject.plane
        if not self.cues.is_stale(mix.cues, mix.network, plane, self.plot.area()):
            return
        count = mix.network.parameter_count
        vectors = [None if cue is None else cue.mix.parameters for cue in mix.cues]
        self.cues.show(
            [
                None
                if plane is None or vector is None or vector.size != count
                else place_on(plane, vector)
                for vector in vectors
            ]
        )

    def _draw(self, survey: Survey) -> None:
        plane, grid = survey.subject.plane, survey.subject.grid
        is_new = survey is not self._drawn
        if not is_new and self._desk.revision == self._shown_at:
            return
        self._drawn, self._shown_at = survey, self._desk.revision
        path, here = self._surveying.path(plane), plane.place(self._desk.mix.parameters)
        if is_new:
            self.plot.set_ranges(grid.x, grid.y)
            self._is_flat = not self.land.draw(
                grid, survey.losses, (float(here[0]), float(here[1]))
            )
            self._name_axes(plane)
        self.run.show(path, here, self._following(plane))

    def _following(self, plane: Plane) -> FloatArray | None:
        """Where the next step leads; None while a hand is on a knob: what comes is up to it."""
        return None if self._desk.touched else plane.place(self._readings.next_parameters)

    def _show_choice(self) -> None:
        problem, axes = self._desk.mix.problem, self._surveying.axes
        self.across.show_parameter(problem, axes[0])
        self.up.show_parameter(problem, axes[1])
        has_run, is_of_run = self._surveying.has_run, self._surveying.is_of_run
        for button in (self.across, self.up):
            button.set_quiet(is_of_run)
        self.of_run.setVisible(problem.network.parameter_count > 2)
        self.of_run.setEnabled(has_run or self._surveying.wants_run)
        self.of_run.setChecked(self._surveying.wants_run)
        self.of_run.setToolTip(RUN_TIP if has_run else f"A plane needs a run of {FEWEST} points")
        if self.plot.takes_points == is_of_run:
            self.plot.take_points(not is_of_run, frozenset() if is_of_run else KEYS)
        self.plot.setToolTip(RUN_TIP if is_of_run else TIP)

    def _name_axes(self, plane: Plane) -> None:
        self._share_head()
        if plane.indices is None:
            first, second = shares_text(plane)
            long, brief = f"2nd principal direction ({second})", f"2nd ({second})"
            room = QFontMetricsF(theme.ui_font(12.5)).horizontalAdvance(long)
            self.plot.set_title("left", long if room < self.plot.area().height() else brief)
            self.read_out.set_title(f"1st principal direction ({first})", f"1st ({first})")
            self.plot.setAccessibleName("Loss over the plane of the run")
            return
        problem = self._desk.mix.problem
        network = problem.network
        x, y = (network.parameters[index] for index in plane.indices)
        self.plot.set_title("left", symbol(network, y))
        sign = symbol(network, x)
        titles = [] if network.is_linear_neuron else [f"{sign} · {place(problem, x)}"]
        self.read_out.set_title(*titles, sign)
        names = f"{standard_name(network, x)} and {standard_name(network, y)}"
        self.plot.setAccessibleName(f"Loss over {names}; {place(problem, x)}, {place(problem, y)}")

    def _show_note(self, survey: Survey | None) -> None:
        parts = []
        if survey is not None and survey.subject.plane.shares is not None:
            first, second = shares_text(survey.subject.plane)
            parts.append(f"A projection: {first} + {second} of the path's variance.")
        if self._surveying.is_sampled:
            rows = count(self._desk.mix.problem.objective.rows)
            parts.append(f"From an even sample of {count(SHOWN_ROWS)} of {rows} rows.")
        if survey is not None and self._is_flat:
            parts.append(FLAT if np.isfinite(survey.losses).all() else RUN_AWAY)
        elif survey is None and not self._surveying.is_busy:
            parts.append(RUN_AWAY)
        text = " ".join(parts)
        if text != self.note.text():
            self.note.setText(text)
            self.note.setVisible(bool(text))

    def _set_fonts(self) -> None:
        super()._set_fonts()
        self.times.setFont(theme.ui_font(12.5))

    def _dress(self) -> None:
        colours = theme.current()
        self.plot.dress(colours)
        self.land.dress(colours)
        self.run.dress(colours)
        self.cues.dress(colours)

    def _align(self) -> None:
        area = self.plot.area()
        self.read_out.set_place(area.left(), self.plot.width() - area.right())
        # Another size has room for other numbers and dots.
        self._drawn = None
        self.look_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_head()

    def _share_head(self) -> None:
        """Where the head is narrow the switch says its short word."""
        parts = (self.across, self.times, self.up, self.legend)
        needed = sum(part.sizeHint().width() + self.head.spacing() for part in parts)
        needed += self.of_run.full_width() if self.of_run.isVisibleTo(self) else 0
        self.of_run.set_compact(needed > self.head.geometry().width())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.hand.let_go()
        self._surveying.rest()
        self._stale = True

    # -- the pointer --------------------------------------------------------------------------

    def _point_out(self) -> None:
        if self.plot.pointer is not None:
            self._tell(*self.plot.pointer)

    def _tell(self, x: float, y: float) -> None:
        if self._drawn is None or self._stale:
            return
        plane = self._drawn.subject.plane
        loss = f"loss {short(self._surveying.loss_at(plane, x, y))}"
        if plane.indices is None:
            self.read_out.tell(f"{loss} there, in the run's plane")
            return
        network = self._desk.mix.network
        names = (symbol(network, network.parameters[index]) for index in plane.indices)
        values = (f"{name} {written(value)}" for name, value in zip(names, (x, y), strict=True))
        self.read_out.tell(", ".join([*values, loss]))


def place_on(plane: Plane, vector: FloatArray) -> tuple[float, float]:
    """The place on a plane nearest to a vector."""
    x, y = plane.place(vector)
    return float(x), float(y)


def shares_text(plane: Plane) -> tuple[str, str]:
    """The shares of a path's variance along the two directions of its plane: ``92 %``, ``5 %``."""
    first, second = plane.shares or (0.0, 0.0)
    return f"{100.0 * first:.0f} %", f"{100.0 * second:.0f} %"
