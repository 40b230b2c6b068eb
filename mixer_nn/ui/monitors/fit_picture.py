"""What the pictures of a fit have in common: the rows as dots, and what a dot is asked."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPen

from mixer_nn.core.arrays import BoolArray, FloatArray, IntArray
from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.field import Grid
from mixer_nn.state.desk import Desk
from mixer_nn.state.guidance import Guidance
from mixer_nn.state.readings import Readings
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.emphasis import FADED, Emphasis, Look, Standouts
from mixer_nn.ui.monitors.fit_view import FitView
from mixer_nn.ui.monitors.legend import Entry, Sample
from mixer_nn.ui.monitors.live_view import Lag
from mixer_nn.ui.monitors.plot import Plot
from mixer_nn.ui.monitors.ticks import Span, range_around
from mixer_nn.ui.numbers import short
from mixer_nn.ui.theme import Theme

REACH = 18.0
"""Pixels from the pointer within which a dot is meant."""
MOST_NAMED = 3
"""Inputs that the read-out names; a row with more is told by its number."""
CROWD = 400
"""Rows from which the dots are drawn smaller."""
ROOM = 420.0
"""Square pixels of the plot for each row below which they are, too."""
FAR = 50.0
"""Heights of the plot beyond which nothing is drawn: Qt's rasteriser has bounds of its own."""

MISS = Entry("miss", "loss", Sample.THIN)
HELD_OUT = Entry("held out", "held_out", Sample.RING)


def written(value: float) -> str:
    """A number for the read-out, without zeros at its end that say nothing."""
    text = short(value)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def measured(name: str, value: float, unit: str) -> str:
    """A number with what it counts and its unit: ``speed 12 mph``."""
    return f"{name} {written(value)}{f' {unit}' if unit else ''}"


class FitPicture:
    """The items of one kind of picture on a plot. `lay_out`, `dress` and `read` in that order.

    A kind of picture adds items of its own in `_make`, called once, when there is a plot for them.
    """

    def __init__(
        self,
        plot: Plot,
        desk: Desk,
        readings: Readings,
        guidance: Guidance,
        lag: Lag,
        view: FitView,
    ) -> None:
        self.plot, self._desk, self._readings = plot, desk, readings
        self._guidance, self._lag, self._view = guidance, lag, view
        self._added: list[pg.GraphicsObject] = []
        self._make()

    def _make(self) -> None:
        """Make the items, and put them on the plot."""
        self.train, self.held_out, self.halo = (pg.ScatterPlotItem() for _ in range(3))
        self.places = np.empty((0, 2))
        self._grid: Grid | None = None
        for depth, dots in ((3, self.train), (4, self.held_out), (6, self.halo)):
            self._add(dots, depth)
        self.emphasis = Emphasis()
        self.standouts = Standouts(self.plot)
        for depth, item in (
            (2, self.standouts.misses),
            (7, self.standouts.dots),
            (8, self.standouts.rings),
        ):
            self._add(item, depth)

    def _add(self, item: pg.GraphicsObject, depth: int) -> None:
        item.setZValue(depth)
        self.plot.addItem(item)
        self._added.append(item)

    def remove(self) -> None:
        """Leave the plot."""
        for item in self._added:
            self.plot.removeItem(item)
        self.plot.axes["left"].last = None

    # -- what a picture does ------------------------------------------------------------------

    def lay_out(self) -> None:
        """Set ranges, titles and whatever else lasts as long as the problem."""
        raise NotImplementedError

    def read(self) -> None:
        """Draw the model as it is."""
        raise NotImplementedError

    def dress(self, colours: Theme) -> None:
        """Put on colours; the dots have one style each."""
        size = self._dot_size()
        self.train.setPen(QPen(Qt.PenStyle.NoPen))
        self.train.setBrush(QColor(colours.point))
        self.train.setSize(size)
        self.held_out.setPen(self.plot.pen(colours.held_out, 1.7))
        self.held_out.setBrush(QBrush(Qt.BrushStyle.NoBrush))
        self.held_out.setSize(size)
        self.halo.setPen(self.plot.pen(colours.text, 2.0))
        self.halo.setBrush(QBrush(Qt.BrushStyle.NoBrush))
        self.halo.setSize(size + 7.0 * theme.zoom())
        self.standouts.dress(colours, size)
        self._fade()
        self._show_standouts()

    def entries(self) -> tuple[Entry, ...]:
        """What the legend says."""
        raise NotImplementedError

    def model_at(self, x: float, y: float) -> str:
        """What the read-out says where no row is near."""
        return ""

    # -- rows ---------------------------------------------------------------------------------

    @property
    def _dataset(self) -> Dataset:
        return self._desk.mix.dataset

    @property
    def target(self) -> Column:
        """The column that is predicted."""
        return self._dataset.target_columns[0]

    @property
    def held_out_rows(self) -> BoolArray:
        """True where a shown row is held out."""
        return np.asarray(self._dataset.held_out[self._rows])

    @property
    def _rows(self) -> IntArray:
        return self._readings.shown_rows

    @property
    def targets(self) -> FloatArray:
        """The targets of the shown rows, (rows,)."""
        return np.asarray(self._dataset.targets[self._rows, 0])

    @property
    def predicted(self) -> FloatArray:
        """What the model makes of the shown rows, (rows,)."""
        return np.asarray(self._readings.predictions[:, 0])

    def _dot_size(self) -> float:
        area, rows = self.plot.area(), max(len(self.places), 1)
        is_crowded = area.width() * area.height() < ROOM * theme.zoom() ** 2 * rows
        return (5.0 if rows > CROWD or is_crowded else 8.0) * theme.zoom()

    def fit_dots(self, colours: Theme) -> None:
        """Give the dots the size that there is room for now."""
        if self.halo.opts["size"] != self._dot_size() + 7.0 * theme.zoom():
            self.dress(colours)

    def thin(self, colours: Theme) -> QPen:
        """The line of a miss."""
        faded = QColor(colours.loss)
        faded.setAlphaF(0.8)
        made = self.plot.pen(faded, 1.4)
        # Upright lines of whole pixels are sharp without antialiasing, and ten times as fast.
        made.setWidth(max(1, int(made.widthF())))
        return made

    def place_rows(self, x: FloatArray, y: FloatArray) -> None:
        """Put the shown rows where they belong."""
        self.places = np.column_stack([x, y])
        away = self.held_out_rows
        self.train.setData(x[~away], y[~away])
        self.held_out.setData(x[away], y[away])
        self._show_standouts()

    def within(self, values: FloatArray) -> FloatArray:
        """Values, those far above or below the plot held where they cannot be seen either."""
        low, high = self.plot.ranges[1]
        far = FAR * (high - low)
        return np.clip(values, low - far, high + far)

    def draw_misses(
        self, item: pg.PlotCurveItem, x: FloatArray, start: FloatArray, end: FloatArray
    ) -> None:
        """Draw vertical lines at `x`, all in one item that has ``connect="pairs"``."""
        known = np.isfinite(end)
        ends = np.column_stack([start[known], self.within(end[known])])
        item.setData(np.repeat(x[known], 2), ends.ravel())

    def range_of(self, values: FloatArray, before: Span) -> Span:
        """A range that holds values; the one before where that does and points are moved in it."""
        low, high = float(values.min()), float(values.max())
        same, self._grid = self._grid is self._readings.grid, self._readings.grid
        if self._view.editing and same and before[0] <= low and high <= before[1]:
            return before
        return range_around(low, high)

    # -- rows that stand out --------------------------------------------------------------------

    def emphasise(self, emphasis: Emphasis) -> None:
        """Let some rows stand out before the others, until told otherwise."""
        if emphasis != self.emphasis:
            self.emphasis = emphasis
            self._fade()
            self._show_standouts()

    @property
    def dots(self) -> list[pg.ScatterPlotItem]:
        """The items that the rows are drawn with."""
        return [self.train, self.held_out]

    @property
    def opacity(self) -> float:
        """How opaque the rows are by themselves."""
        return 1.0

    def _fade(self) -> None:
        share = 1.0 if self.emphasis.places is None else FADED
        for item in self.dots:
            item.setOpacity(self.opacity * share)

    def look_of(self, place: int) -> Look:
        """How the dot of a shown row looks."""
        dots = self.held_out if self.held_out_rows[place] else self.train
        return Look("o", dots.opts["pen"], dots.opts["brush"])

    def _show_standouts(self) -> None:
        emphasis = self.emphasis
        if emphasis.places is None or max(emphasis.places, default=0) >= len(self.places):
            self.standouts.clear()
            return
        looks = [self.look_of(place) for place in emphasis.places]
        rows = self.places[list(emphasis.places)]
        self.standouts.show_rows(rows, looks, ringed=emphasis.ringed)

    def draw_all_misses(
        self, item: pg.PlotCurveItem, x: FloatArray, start: FloatArray, end: FloatArray
    ) -> None:
        """Draw the misses in `item`, and once more, thick, those that stand out."""
        self.draw_misses(item, x, start, end)
        item.setOpacity(1.0 if self.emphasis.places is None else FADED)
        thick = self.emphasis.of(len(x)) if self.emphasis.misses else np.empty(0, dtype=np.intp)
        known = thick[thick < len(x)]
        if known.size or len(self.standouts.misses.getData()[0]):
            self.draw_misses(self.standouts.misses, x[known], start[known], end[known])

    # -- asked --------------------------------------------------------------------------------

    def tell(self, x: float, y: float) -> str:
        """Mark the row under the pointer, and say what it is."""
        row = self.nearest(x, y)
        if row is None:
            self.forget()
            return self.model_at(x, y)
        self.point_out(row)
        return self.row_text(row)

    def point_out(self, row: int) -> None:
        """Mark a shown row."""
        self.halo.setData(*self.places[row : row + 1].T)

    def forget(self) -> None:
        """No row is asked any more."""
        self.halo.setData([], [])

    def nearest(self, x: float, y: float, reach: float = REACH) -> int | None:
        """The shown row within `reach` pixels of the pointer that it means; None: none is near."""
        if not len(self.places):
            return None
        away = (self.places - (x, y)) / self.plot.pixel_size()
        distances = np.einsum("ij,ij->i", away, away)
        row = int(np.argmin(distances))
        return row if distances[row] <= (reach * theme.zoom()) ** 2 else None

    def row_text(self, row: int) -> str:
        """A row in words: ``speed 12 mph, dist 20 ft, predicted 29.6 ft, miss 9.6 ft``."""
        dataset = self._dataset
        index = int(self._rows[row])
        columns = dataset.input_columns
        if len(columns) <= MOST_NAMED:
            values = dataset.inputs[index]
            parts = [measured(c.name, v, c.unit) for c, v in zip(columns, values, strict=True)]
        else:
            parts = [f"row {index + 1:,}"]
        parts += self.judged(row)
        parts += ["held out"] * bool(dataset.held_out[index])
        lit = self._readings.spotlight.row == index
        return ", ".join([*parts, "lit: the rings show its own pull"] if lit else parts)

    def judged(self, row: int) -> list[str]:
        """What a row is, and what the model takes it for."""
        target, actual, predicted = self.target, self.targets[row], self.predicted[row]
        return [
            measured(target.name, float(actual), target.unit),
            measured("predicted", float(predicted), target.unit),
            measured("miss", abs(float(predicted - actual)), target.unit),
        ]
