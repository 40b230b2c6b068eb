"""The Loss monitor: whether it gets better, and by whose moves."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mixer_nn.core.arrays import FloatArray
from mixer_nn.state import cue_places
from mixer_nn.state.automix import AutoMix
from mixer_nn.state.desk import Desk
from mixer_nn.state.overlay import Overlay
from mixer_nn.state.readings import Readings
from mixer_nn.ui import theme
from mixer_nn.ui.mixer.loss_readout import LossReadout
from mixer_nn.ui.monitors.cue_marks import CueMarks
from mixer_nn.ui.monitors.curve import BY_HAND, EPOCH, HELD_OUT, LOSS, MOVE, SECONDS
from mixer_nn.ui.monitors.legend import Entry
from mixer_nn.ui.monitors.live_view import MOST_FRAMES_BEHIND, Lag, LiveView
from mixer_nn.ui.monitors.loss_head import LossHead, Tool
from mixer_nn.ui.monitors.loss_picture import CAPTIONS, DOTTED, OF_CLASSES, Axes, LossPicture
from mixer_nn.ui.monitors.plot import Plot
from mixer_nn.ui.numbers import short
from mixer_nn.ui.run_words import label, time_text

QUICK = DOTTED
"""Points up to which the line is drawn anew in every frame: each has a dot of its own."""

COLUMN_OF = {"moves": MOVE, "epochs": EPOCH, "time": SECONDS}
AXIS_TITLES = {"moves": "moves", "epochs": "epochs", "time": "seconds of training"}
UNKNOWN_TIME = "how long this run trained is not known: it is from an older file"

CUES_DEPTH = 40.0
"""The letters of cues lie over everything else on the plot."""

TRAIN, HELD_OUT_ENTRY = Entry("train", "loss"), Entry("held out", "held_out", short="held")


class LossMonitor(LiveView):
    """The loss along this run, move by move. What is looked at changes nothing in the history."""

    def __init__(
        self,
        desk: Desk,
        readings: Readings,
        automix: AutoMix,
        parent: QWidget | None = None,
        *,
        overlay: Overlay | None = None,
    ) -> None:
        super().__init__("Loss", desk, readings, parent)
        self._lag = Lag(desk, automix, turn=MOST_FRAMES_BEHIND - 1)
        self._readout: LossReadout | None = None
        self._is_page = False
        self._drawn_at = -1
        self.plot = Plot(self)
        self.plot.setObjectName("lossPlot")
        self.plot.setAccessibleName("Loss along this run")
        self.overlay = Overlay(desk, self) if overlay is None else overlay
        self.picture = LossPicture(self.plot, self.overlay)
        self.cues = CueMarks(self.plot, CUES_DEPTH)
        self._switches = LossHead(self.head, self.title, self.legend, self)
        self.along, self.measure = self._switches.along, self._switches.measure
        self.along.chosen.connect(self._choose_axes)
        self.measure.toggled.connect(self._choose_axes)
        self.body.addWidget(self.plot)
        self.plot.hovered.connect(self._tell)
        self.plot.left.connect(self._forget)
        self.plot.area_moved.connect(self._align)
        self.plot.axes["bottom"].whole = True
        automix.changed.connect(self._catch_up)
        self.overlay.changed.connect(self._on_overlay)
        self.refresh()

    def take_tools(self, tools: tuple[Tool, ...]) -> None:
        """Take buttons into the head, the one first that stays where there is little room."""
        self._switches.take_tools(tools)

    def _choose_axes(self) -> None:
        along = COLUMN_OF[self.along.word]
        self.plot.axes["bottom"].whole = along != SECONDS
        self.picture.set_axes(Axes(along, log=not self.measure.isChecked()))
        self._draw()

    def _on_overlay(self) -> None:
        """Other runs are to be drawn, at once or with the mix that has changed along with them."""
        if self._desk.is_dirty:
            self._drawn_at = -1
            self._lag.expect()
        else:
            self._draw_again()

    def _draw_again(self) -> None:
        self._drawn_at = -1
        self.look_again()

    def set_page(self, is_page: bool) -> None:
        """Stand behind a tab that says its name, or as a monitor with its own heading."""
        self.title.setVisible(not is_page)
        self._is_page = is_page
        self._put_readout()

    def take_readout(self, readout: LossReadout) -> None:
        """Show the loss in numbers too: above the curve, or beside it where it is low."""
        self._readout = readout
        self._put_readout()

    def _put_readout(self) -> None:
        readout, column = self._readout, self.layout()
        if readout is None or not isinstance(column, QVBoxLayout):
            return
        readout.set_flat(not self._is_page)
        if self._is_page:
            self.body.addWidget(readout)
        else:
            column.insertWidget(1, readout)
        readout.show()

    def give_readout_back(self) -> None:
        """The loss in numbers has its place elsewhere again."""
        self._readout = None

    # -- reading ------------------------------------------------------------------------------

    @property
    def _place(self) -> float:
        """Where the mix stands along x."""
        mix, along = self._desk.mix, self.picture.axes.along
        if along == MOVE:
            return float(mix.moves)
        points = self._desk.history.points
        if not len(points):
            return float(mix.state.epoch)
        if not self._desk.is_visiting:
            return float(points[-1, along])
        return float(np.interp(mix.moves, points[:, MOVE], points[:, along]))

    def _rewire(self) -> None:
        self._drawn_at = -1
        held_out = self._desk.mix.problem.held_out is not None
        self.legend.set_entries((TRAIN, HELD_OUT_ENTRY) if held_out else (TRAIN,))
        self.picture.captions = CAPTIONS.get(self._desk.mix.problem.loss_name, OF_CLASSES)
        self._share_head()

    def _read(self) -> None:
        history, loss = self._desk.history, self._readings.loss
        # Who looks back along the run moves the marker, and nothing else.
        still = self._desk.is_visiting and history.revision == self._drawn_at
        due = self._lag.is_due()
        costly = len(history.points) > QUICK and not due
        if (still or costly) and self.picture.can_mark(self._place, loss):
            self.picture.mark(self._place, loss)
            self._mark_cues()
            self._point_out()
        else:
            self._draw()

    def _mark_cues(self) -> None:
        """Put the letters of the cues that lie on this run where they lie."""
        desk, picture = self._desk, self.picture
        cues, history, run = desk.mix.cues, desk.history, desk.head.run
        on = [cue and cue_places.is_on_run(history, run, cue.mix) for cue in cues]
        if not self.cues.is_stale(cues, on, picture.axes, self.plot.ranges, self.plot.area()):
            return
        points = history.points
        self.cues.show(
            [
                picture.place(cue_places.along(points, cue.mix.moves, picture.axes.along), cue.loss)
                if cue is not None and there
                else None
                for cue, there in zip(cues, on, strict=True)
            ]
        )

    def _draw(self) -> None:
        history, picture = self._desk.history, self.picture
        points = history.points
        self._drawn_at = history.revision
        picture.draw(points, self._readings.constant_loss)
        head = self._desk.head
        run = history.run(head.run)
        picture.draw_others("" if run is None else label(run), head.problem.loss_name)
        picture.mark(self._place, self._readings.loss)
        self._mark_cues()
        self._name_axis(points)
        self._point_out()

    def _name_axis(self, points: FloatArray) -> None:
        marks = []
        if (points[:, BY_HAND] > 0.0).any():
            marks.append("○ by hand")
        if 1 < len(points) < DOTTED and not (points[1:, BY_HAND] > 0.0).all():
            marks.append("● auto-mix")
        along = AXIS_TITLES[self.along.word]
        if self.picture.axes.along == SECONDS and np.isnan(points[:, SECONDS]).all():
            along, marks = UNKNOWN_TIME, []
        titles = [f"{along} ({', '.join(marks)})"] if marks else []
        self.read_out.set_title(*titles, along)

    def _dress(self) -> None:
        colours = theme.current()
        self.plot.dress(colours)
        self.picture.dress(colours)
        self.cues.dress(colours)

    def _align(self) -> None:
        area = self.plot.area()
        self.read_out.set_place(area.left(), self.plot.width() - area.right())
        # Another width has other columns of pixels to reduce the line to.
        self._draw_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_head()

    def _share_head(self) -> None:
        """Where the head is narrow, switches and buttons give way to the legend."""
        self._switches.share()

    def _catch_up(self) -> None:
        """Auto-mix has started or stopped: what lagged behind is drawn as it is."""
        if self._lag.behind:
            self.look_again()

    # -- the pointer --------------------------------------------------------------------------

    def _point_out(self) -> None:
        if self.plot.pointer is not None:
            self._tell(*self.plot.pointer)

    def _tell(self, x: float, _: float) -> None:
        points = self._desk.history.points
        if not len(points) or self._stale:
            return
        column = points[:, self.picture.axes.along]
        if not np.isfinite(column).all():
            return
        after = min(int(np.searchsorted(column, x)), len(points) - 1)
        before = max(after - 1, 0)
        nearest = before if x - column[before] < column[after] - x else after
        point = points[nearest]
        self.picture.ask(float(column[nearest]), float(point[LOSS]))
        self.read_out.tell(point_text(point))

    def _forget(self) -> None:
        self.picture.forget()
        self.read_out.rest()


def point_text(point: FloatArray) -> str:
    """A point of the run in words: ``move 9, epoch 6, loss 45.74, held out 51.86``."""
    parts = [
        f"move {int(point[MOVE]):,}",
        f"epoch {_epoch_text(float(point[EPOCH]))}",
        f"loss {short(float(point[LOSS]))}",
    ]
    if not math.isnan(point[HELD_OUT]):
        parts.append(f"held out {short(float(point[HELD_OUT]))}")
    if point[SECONDS] > 0.0:
        parts.append(time_text(float(point[SECONDS])))
    if point[BY_HAND]:
        parts.append("by hand")
    return ", ".join(parts)


def _epoch_text(epoch: float) -> str:
    return f"{epoch:,.2f}".rstrip("0").rstrip(".")
