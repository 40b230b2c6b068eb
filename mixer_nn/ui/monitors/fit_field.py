"""The fit with two inputs: the model's field in colour, and the rows in the same colours on it."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QLinearGradient

from mixer_nn.core.arrays import FloatArray
from mixer_nn.state.desk import Desk
from mixer_nn.state.guidance import Guidance
from mixer_nn.state.readings import Readings
from mixer_nn.ui.monitors.fit_picture import HELD_OUT, FitPicture, measured
from mixer_nn.ui.monitors.legend import Entry, Sample
from mixer_nn.ui.monitors.live_view import Lag
from mixer_nn.ui.monitors.plot import Plot
from mixer_nn.ui.monitors.ticks import Span, range_around
from mixer_nn.ui.theme import Theme

CELLS = 80
"""Cells of the field, across and up."""
SHADES = 256

PREDICTED = Entry("predicted", "positive", Sample.AREA)
ACTUAL = Entry("actual", "text", Sample.RING)
FAR_BEYOND = 1000.0
"""Ranges of the colours beyond which a prediction's size is not told apart any more."""


class Palette:
    """Colours for values: blue above zero, orange below, dark (or light) where nothing is.

    Values of one sign only run through one of the two colours, over the whole range.
    """

    def __init__(self, low: float, high: float) -> None:
        if low < 0.0 < high:
            high = max(-low, high)
            low = -high
        self.levels: Span = (low, high)
        self._colours = np.zeros((SHADES, 3), dtype=np.uint8)

    def dress(self, colours: Theme) -> None:
        """Take the colours of a theme."""
        low, high = self.levels
        empty = QColor(colours.raised)
        below, above = QColor(colours.negative), QColor(colours.positive)
        stops = (
            [(0.0, below), (0.5, empty), (1.0, above)]
            if low < 0.0 < high
            else [(0.0, below), (1.0, empty)]
            if high <= 0.0
            else [(0.0, empty), (1.0, above)]
        )
        places = np.linspace(0.0, 1.0, SHADES)
        channels = [[c.red() for _, c in stops], [c.green() for _, c in stops]]
        channels.append([c.blue() for _, c in stops])
        shares = [share for share, _ in stops]
        self._colours = np.column_stack(
            [np.interp(places, shares, channel) for channel in channels]
        ).astype(np.uint8)

    @property
    def table(self) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
        """The shades from lowest to highest, (shades, 3)."""
        return self._colours

    def colours_of(self, values: FloatArray) -> list[QColor]:
        """The colour of each value."""
        low, high = self.levels
        shares = np.clip((values - low) / (high - low), 0.0, 1.0)
        return [QColor(*map(int, self._colours[i])) for i in (shares * (SHADES - 1)).astype(int)]

    def gradient(self, bottom: float, top: float) -> QLinearGradient:
        """The same colours to paint with, from `bottom` up to `top`."""
        gradient = QLinearGradient(0.0, bottom, 0.0, top)
        for share in np.linspace(0.0, 1.0, 33):
            colour = self._colours[round(share * (SHADES - 1))]
            gradient.setColorAt(float(share), QColor(*map(int, colour)))
        return gradient


class FieldPicture(FitPicture):
    """Each cell is coloured by the prediction at its centre; the colours' range never moves."""

    def __init__(
        self, plot: Plot, desk: Desk, readings: Readings, guidance: Guidance, lag: Lag
    ) -> None:
        super().__init__(plot, desk, readings, guidance, lag)
        self.field = pg.ImageItem(axisOrder="col-major")
        self._add(self.field, 0)
        self.palette = Palette(0.0, 1.0)
        self.centres = np.empty((0, 2))

    def lay_out(self) -> None:
        dataset = self._dataset
        (left, right), (bottom, top) = (
            range_around(column.min(), column.max()) for column in dataset.inputs.T
        )
        self.plot.set_ranges((left, right), (bottom, top))
        self.plot.set_title("left", dataset.input_columns[1].title)
        halves = (np.arange(CELLS) + 0.5) / CELLS
        across, up = np.meshgrid(
            left + halves * (right - left), bottom + halves * (top - bottom), indexing="ij"
        )
        self.centres = np.column_stack([across.ravel(), up.ravel()])
        self._rect = QRectF(left, bottom, right - left, top - bottom)
        targets = dataset.targets[:, 0]
        low, high = range_around(targets.min(), targets.max())
        # Air around targets of one sign must not make it look as if there were two.
        low = max(low, 0.0) if targets.min() >= 0.0 else low
        high = min(high, 0.0) if targets.max() <= 0.0 else high
        self.palette = Palette(low, high)
        self.place_rows(*dataset.inputs[self._rows].T)

    def dress(self, colours: Theme) -> None:
        super().dress(colours)
        self.palette.dress(colours)
        self.field.setLookupTable(self.palette.table)
        size = self._dot_size() + 1.0
        away, targets = self.held_out_rows, self.targets
        # An outline sets a dot off where the model agrees with it, and the colours are the same.
        outline = self.plot.pen(colours.text, 1.2)
        for dots, rows, around in (
            (self.train, ~away, outline),
            (self.held_out, away, self.plot.pen(colours.held_out, 2.2)),
        ):
            dots.setSize(size)
            dots.setPen(around)
            dots.setBrush(self.palette.colours_of(targets[rows]))

    def read(self) -> None:
        if not self._lag.is_due():
            return
        low, high = self.palette.levels
        values = self._readings.predict(self.centres)[:, 0]
        # Colours end at the range's ends; a number too large for float32 must not warn.
        far = FAR_BEYOND * (high - low)
        image = np.clip(np.nan_to_num(values, nan=low - far), low - far, high + far)
        shown = image.astype(np.float32).reshape(CELLS, CELLS)
        self.field.setImage(shown, autoLevels=False, levels=self.palette.levels)
        self.field.setRect(self._rect)

    def entries(self) -> tuple[Entry, ...]:
        both = (PREDICTED, ACTUAL)
        return (*both, HELD_OUT) if self.held_out_rows.any() else both

    def model_at(self, x: float, y: float) -> str:
        cell = (np.array([x - self._rect.x(), y - self._rect.y()]) * CELLS) / (
            self._rect.width(),
            self._rect.height(),
        )
        across, up = np.clip(cell.astype(int), 0, CELLS - 1)
        first, second = self._dataset.input_columns
        return ", ".join(
            [
                measured(first.name, x, first.unit),
                measured(second.name, y, second.unit),
                measured("predicted", float(self.field.image[across, up]), self.target.unit),
            ]
        )
