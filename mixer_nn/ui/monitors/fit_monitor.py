"""The Fit monitor: what the model makes of the data, beside the data."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mixer_nn.core.dataset import Dataset
from mixer_nn.core.metrics import confusion
from mixer_nn.state.automix import AutoMix
from mixer_nn.state.desk import Desk
from mixer_nn.state.guidance import Guidance
from mixer_nn.state.listening import Listening
from mixer_nn.state.readings import Readings
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.colour_scale import ColourScale
from mixer_nn.ui.monitors.confusion import ConfusionMatrix
from mixer_nn.ui.monitors.emphasis import RowLights
from mixer_nn.ui.monitors.fit_against import AgainstPicture
from mixer_nn.ui.monitors.fit_class_line import ClassLinePicture
from mixer_nn.ui.monitors.fit_classes import ClassFieldPicture
from mixer_nn.ui.monitors.fit_field import FieldPicture, GridPicture
from mixer_nn.ui.monitors.fit_head import FitHead
from mixer_nn.ui.monitors.fit_line import LinePicture
from mixer_nn.ui.monitors.fit_picture import FitPicture
from mixer_nn.ui.monitors.fit_tools import PointTools, SliceTools
from mixer_nn.ui.monitors.fit_view import FitView
from mixer_nn.ui.monitors.hand_points import HandPoints
from mixer_nn.ui.monitors.live_view import Lag, LiveView
from mixer_nn.ui.monitors.plot import Plot
from mixer_nn.ui.numbers import count

ALONG: dict[bool, type[FitPicture]] = {False: LinePicture, True: ClassLinePicture}
"""The picture along one input, of numbers and of classes."""
OVER: dict[bool, type[FitPicture]] = {False: FieldPicture, True: ClassFieldPicture}
"""The picture over two inputs, or over a slice through more."""


NARROW = 380
"""Width below which there is no room for a scale of colours beside the field."""


def picture_for(dataset: Dataset, sliced: bool) -> type[FitPicture] | None:
    """The picture that suits the data; None where it is the confusion matrix."""
    inputs, classes = len(dataset.input_columns), bool(dataset.classes)
    if inputs == 1:
        return ALONG[classes]
    if inputs == 2 or sliced:
        return OVER[classes]
    return None if classes else AgainstPicture


class FitMonitor(LiveView):
    """A curve along one input, a field over two; of more what is predicted against what is so.

    With `edit` on, points are made by hand: `point_added` carries inputs (a tuple) and target of a
    new row in the data's units (of a class, its index), `point_moved` a row's index with both,
    `point_removed` its index. `point_grabbed` and `point_let_go` enclose the moves of one drag.
    """

    point_added = Signal(object, object)
    point_moved = Signal(int, object, object)
    point_removed = Signal(int)
    point_grabbed = Signal(int)
    point_let_go = Signal()

    def __init__(
        self,
        desk: Desk,
        readings: Readings,
        guidance: Guidance,
        automix: AutoMix,
        parent: QWidget | None = None,
        *,
        listening: Listening | None = None,
    ) -> None:
        super().__init__("Fit", desk, readings, parent)
        self._guidance, self._listening = guidance, listening
        self._lag = Lag(desk, automix)
        self.view = FitView()
        self.plot = Plot(self)
        self.plot.setObjectName("fitPlot")
        self.scale = ColourScale(self)
        self.matrix = ConfusionMatrix(self)
        self.picture: FitPicture | None = None
        self._head = FitHead(self.head, self.title, self.legend, self)
        self.key = self._head.key
        self.slice, self.parts, self.discretised, self.edit = self._head.toggles
        for toggle in self._head.toggles:
            toggle.toggled.connect(self._look_differently)
        self._make_tools()
        for widget, share in ((self.plot, 1), (self.scale, 0), (self.matrix, 1)):
            self.body.addWidget(widget, share)
        self.matrix.hide()
        self.matrix.told.connect(self.read_out.tell)
        self.matrix.rested.connect(self.read_out.rest)
        self.plot.hovered.connect(self._tell)
        self.plot.left.connect(self._forget)
        self.plot.area_moved.connect(self._align)
        guidance.changed.connect(self.look_again)
        self._follow_lights(readings)
        automix.changed.connect(self._catch_up)
        if listening is not None:
            listening.changed.connect(self._look_differently)
        self.refresh()

    def _make_tools(self) -> None:
        self.point_tools, self.slice_tools = PointTools(self), SliceTools(self)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        for tools in (self.key, self.slice_tools, self.point_tools):
            column.insertWidget(1, tools)
            tools.hide()
        self.slice_tools.changed.connect(self._look_differently)
        self.hand = HandPoints(self.plot, self._desk, self._readings, self._target_to_add, self)
        self.hand.added.connect(self.point_added)
        self.hand.moved.connect(self.point_moved)
        self.hand.removed.connect(self.point_removed)
        self.hand.grabbed.connect(self.point_grabbed)
        self.hand.let_go.connect(self.point_let_go)

    def _target_to_add(self) -> float | int:
        return self.point_tools.target

    def _follow_lights(self, readings: Readings) -> None:
        self.lights = RowLights(readings, self)
        self.plot.picked.connect(self._on_picked)
        readings.spotlight.changed.connect(self.look_again)
        if readings.slow_motion is not None:
            readings.slow_motion.changed.connect(self.look_again)

    # -- what is looked at --------------------------------------------------------------------

    def _look_differently(self) -> None:
        self._rewired = True
        self.look_again()

    def _rewire(self) -> None:
        self._lag.expect()
        dataset = self._desk.mix.dataset
        inputs = len(dataset.input_columns)
        view = self.view
        self.slice_tools.show_for(dataset)
        view.sliced = inputs > 2 and self.slice.isChecked()
        view.axes = self.slice_tools.axes if view.sliced else (0, min(1, inputs - 1))
        view.discretised, view.parts = self.discretised.isChecked(), self.parts.isChecked()
        view.editing = self._readings.grid_is_kept = inputs <= 2 and self.edit.isChecked()
        self._take_picture(picture_for(dataset, view.sliced))
        self._show_tools(dataset)
        self._say_what_is_shown()

    def _take_picture(self, kind: type[FitPicture] | None) -> None:
        if self.picture is not None and type(self.picture) is not kind:
            self.picture.remove()
            self.picture = None
        if kind is not None and self.picture is None:
            self.picture = kind(
                self.plot, self._desk, self._readings, self._guidance, self._lag, self.view
            )
        if self.picture is not None:
            self.picture.forget()
            self.picture.lay_out()
            self.picture.dress(theme.current())
        self.plot.setVisible(self.picture is not None)
        self.matrix.setVisible(self.picture is None)

    def _show_tools(self, dataset: Dataset) -> None:
        picture, few = self.picture, len(dataset.input_columns) <= 2
        self.slice.setVisible(not few)
        self.parts.setVisible(isinstance(picture, LinePicture) and picture.has_parts)
        self.discretised.setVisible(isinstance(picture, GridPicture))
        self.edit.setVisible(few)
        self.slice_tools.setVisible(self.view.sliced)
        self.point_tools.setVisible(self.view.editing)
        self.point_tools.show_for(dataset)
        self.hand.work_on(picture if self.view.editing else None)

    def _say_what_is_shown(self) -> None:
        dataset, picture = self._desk.mix.dataset, self.picture
        target = dataset.target_columns[0].title if not dataset.classes else "class"
        inputs = ", ".join(column.title for column in dataset.input_columns)
        below = dataset.input_columns[self.view.axes[0]].title
        if isinstance(picture, AgainstPicture):
            below = f"actual {target}"
        self._at_rest = "training rows" if picture is None else below
        self.plot.setAccessibleName(f"Fit: {target} predicted from {inputs}")
        self._write_note(dataset)
        if isinstance(picture, ClassFieldPicture) and picture.of_two:
            self.scale.show_palette(picture.palette, picture.scale_title)
        elif isinstance(picture, FieldPicture):
            self.scale.show_palette(picture.palette, target)
        self._share_head()

    def _write_note(self, dataset: Dataset) -> None:
        shown, notes = len(self._readings.shown_rows), []
        if isinstance(self.picture, GridPicture) and self.picture.is_slice:
            notes.append(self.picture.held_text())
        if shown < dataset.rows:
            what = "counted" if self.picture is None else "drawn"
            notes.append(f"{count(shown)} of {count(dataset.rows)} rows {what}; the loss uses all")
        if self._listening is not None and not self._listening.is_whole:
            notes.append("shown as heard: without what is muted")
        if self._readings.is_blended:
            notes.append("the outputs of A and B of the crossfader, mixed")
        self.note.setVisible(bool(notes))
        self.note.setText("; ".join(notes))

    def _read(self) -> None:
        self._say_what_is_lit()
        if self.picture is None:
            self._count_up()
            return
        self.picture.emphasise(self.lights.emphasis)
        self.picture.read()
        self._head.explain(self.picture.entries())
        if self.plot.pointer is not None:
            self._tell(*self.plot.pointer)

    def _say_what_is_lit(self) -> None:
        lights = self.lights
        said = (lights.sentence, lights.short_sentence) if lights.sentence else (self._at_rest,)
        self.read_out.set_title(*said)
        if self.plot.accessibleDescription() != lights.sentence:
            self.plot.setAccessibleDescription(lights.sentence)

    def _count_up(self) -> None:
        dataset, readings = self._desk.mix.dataset, self._readings
        rows = readings.shown_rows
        train = ~dataset.held_out[rows]
        counts = confusion(readings.predictions[train], dataset.targets[rows][train], dataset.kind)
        self.matrix.show_counts(dataset.classes, counts)
        self._head.explain(())

    def _dress(self) -> None:
        colours = theme.current()
        self.plot.dress(colours)
        if self.picture is not None and not self._is_for_another:
            self.picture.dress(colours)
            # A field's colours are worked out while it is read.
            self._stale = True
        self.scale.update()

    def _catch_up(self) -> None:
        """Auto-mix has started or stopped: what lagged behind is drawn as it is."""
        if self._lag.behind:
            self.look_again()

    def _align(self) -> None:
        """Bring what stands beside the plot in line with its area."""
        area = self.plot.area()
        self.scale.set_margins(area.top(), self.plot.height() - area.bottom())
        self.read_out.set_place(area.left(), self.plot.width() - area.right())
        # A picture of the problem before the present one is about to be replaced.
        if self.picture is not None and not self._is_for_another:
            self.picture.fit_dots(theme.current())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_head()

    def _share_head(self) -> None:
        """Where it is narrow, the switches give way to the legend, and the colours' scale goes."""
        self._head.share()
        self.scale.setVisible(self._has_scale and self.width() >= theme.px(NARROW))

    @property
    def _has_scale(self) -> bool:
        picture = self.picture
        return isinstance(picture, FieldPicture) or (
            isinstance(picture, ClassFieldPicture) and picture.of_two
        )

    # -- the pointer --------------------------------------------------------------------------

    def _tell(self, x: float, y: float) -> None:
        if self.picture is not None and not self._stale:
            self.read_out.tell(self.picture.tell(x, y))
            self.plot.offer_pick(self.picture.nearest(x, y) is not None)

    def _on_picked(self, x: float, y: float) -> None:
        """A click on a row lights it; again, or beside the rows, puts it out."""
        if self.picture is not None:
            self.lights.light(self.picture.nearest(x, y))

    def _forget(self) -> None:
        if self.picture is not None:
            self.picture.forget()
        self.read_out.rest()
