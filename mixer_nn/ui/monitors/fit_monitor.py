"""The Fit monitor: what the model makes of the data, beside the data."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from mixer_nn.state.automix import AutoMix
from mixer_nn.state.desk import Desk
from mixer_nn.state.guidance import Guidance
from mixer_nn.state.readings import Readings
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.colour_scale import ColourScale
from mixer_nn.ui.monitors.fit_against import AgainstPicture
from mixer_nn.ui.monitors.fit_field import FieldPicture
from mixer_nn.ui.monitors.fit_line import LinePicture
from mixer_nn.ui.monitors.fit_picture import FitPicture
from mixer_nn.ui.monitors.live_view import Lag, LiveView
from mixer_nn.ui.monitors.plot import Plot
from mixer_nn.ui.numbers import count

PICTURES: dict[int, type[FitPicture]] = {1: LinePicture, 2: FieldPicture}
"""The picture for a number of inputs; for every other number, predicted against actual."""


class FitMonitor(LiveView):
    """A curve for one input, a field for two, else predicted against actual. In data units."""

    def __init__(
        self,
        desk: Desk,
        readings: Readings,
        guidance: Guidance,
        automix: AutoMix,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Fit", desk, readings, parent)
        self._guidance = guidance
        self._lag = Lag(desk, automix)
        self.plot = Plot(self)
        self.plot.setObjectName("fitPlot")
        self.scale = ColourScale(self)
        self.body.addWidget(self.plot, 1)
        self.body.addWidget(self.scale)
        self.picture: FitPicture | None = None
        self.plot.hovered.connect(self._tell)
        self.plot.left.connect(self._forget)
        self.plot.area_moved.connect(self._align)
        guidance.changed.connect(self.look_again)
        automix.changed.connect(self._catch_up)
        self.refresh()

    def _rewire(self) -> None:
        dataset = self._desk.mix.dataset
        kind = PICTURES.get(len(dataset.input_columns), AgainstPicture)
        if type(self.picture) is not kind:
            if self.picture is not None:
                self.picture.remove()
            self.picture = kind(self.plot, self._desk, self._readings, self._guidance, self._lag)
        self.picture.forget()
        self.picture.lay_out()
        self.picture.dress(theme.current())
        self._say_what_is_shown()

    def _say_what_is_shown(self) -> None:
        dataset, picture = self._desk.mix.dataset, self.picture
        target = dataset.target_columns[0].title
        inputs = ", ".join(column.title for column in dataset.input_columns)
        below = (
            f"actual {target}"
            if type(picture) is AgainstPicture
            else (dataset.input_columns[0].title)
        )
        self.read_out.set_title(below)
        self.plot.setAccessibleName(f"Fit: {target} predicted from {inputs}")
        shown = len(self._readings.shown_rows)
        part = shown < dataset.rows
        self.note.setVisible(part)
        self.note.setText(
            f"{count(shown)} of {count(dataset.rows)} rows drawn; the loss uses all" if part else ""
        )
        self.scale.setVisible(isinstance(picture, FieldPicture))
        if isinstance(picture, FieldPicture):
            self.scale.show_palette(picture.palette, target)

    def _read(self) -> None:
        if self.picture is None:
            return
        self.picture.read()
        self.legend.set_entries(self.picture.entries())
        if self.plot.pointer is not None:
            self._tell(*self.plot.pointer)

    def _dress(self) -> None:
        colours = theme.current()
        self.plot.dress(colours)
        if self.picture is not None:
            self.picture.dress(colours)
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

    # -- the pointer --------------------------------------------------------------------------

    def _tell(self, x: float, y: float) -> None:
        if self.picture is not None and not self._stale:
            self.read_out.tell(self.picture.tell(x, y))

    def _forget(self) -> None:
        if self.picture is not None:
            self.picture.forget()
        self.read_out.rest()
