"""The fit over two inputs: the model's field in colour, and the rows on it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.field import Grid
from mixer_nn.ui.monitors.emphasis import Look
from mixer_nn.ui.monitors.field_item import FieldItem
from mixer_nn.ui.monitors.fit_picture import HELD_OUT, FitPicture, measured
from mixer_nn.ui.monitors.legend import Entry, Sample
from mixer_nn.ui.monitors.palette import BANDS, Palette
from mixer_nn.ui.monitors.ticks import range_around
from mixer_nn.ui.theme import Theme

PREDICTED = Entry("predicted", "positive", Sample.AREA)
ACTUAL = Entry("actual", "text", Sample.RING)
PROJECTED = 0.55
"""How opaque the rows are on a slice: they lie before or behind it."""


class GridPicture(FitPicture):
    """Something is coloured at every point of a grid over two inputs; others are held."""

    def _make(self) -> None:
        super()._make()
        self.field = FieldItem()
        self._add(self.field, 0)
        self.grid = self._readings.grid
        self.values = np.empty((0, 0, 0))

    def lay_out(self) -> None:
        dataset, axes = self._dataset, self._view.axes
        usual = self._readings.grid
        self.grid = usual if usual.axes == axes else Grid.over(dataset, axes)
        (left, right), (bottom, top) = self.grid.spans
        self.plot.set_ranges((left, right), (bottom, top))
        self.plot.set_title("left", dataset.input_columns[axes[1]].title)
        self.field.place(QRectF(left, bottom, right - left, top - bottom))
        self.place_rows(*dataset.inputs[self._rows][:, axes].T)

    @property
    def is_slice(self) -> bool:
        """Whether there are inputs besides the two."""
        return len(self.grid.held) > 2

    @property
    def opacity(self) -> float:
        return PROJECTED if self.is_slice else 1.0

    def held_text(self) -> str:
        """Which inputs are held, and where: ``width held at 1.3 cm`` ; "" where none is."""
        columns = self._dataset.input_columns
        held = [
            measured(column.name, self.grid.held[index], column.unit)
            for index, column in enumerate(columns)
            if index not in self.grid.axes
        ]
        return f"held at the median: {', '.join(held)}" if held else ""

    def read(self) -> None:
        if self._lag.is_due():
            outputs = self._readings.field_outputs(self.grid)
            self.values = outputs.reshape(len(outputs), *self.grid.counts)
            self.colour()

    def colour(self) -> None:
        """Turn `values` (outputs, across, up) into what is seen."""
        raise NotImplementedError

    def at(self, x: float, y: float) -> FloatArray:
        """The outputs in the cell of a place, (outputs,)."""
        (left, right), (bottom, top) = self.grid.spans
        across, up = self.grid.counts
        i = min(max(int((x - left) / (right - left) * across), 0), across - 1)
        j = min(max(int((y - bottom) / (top - bottom) * up), 0), up - 1)
        return np.asarray(self.values[:, i, j])

    def place_text(self, x: float, y: float) -> list[str]:
        """A place in words."""
        columns = [self._dataset.input_columns[axis] for axis in self.grid.axes]
        return [measured(c.name, v, c.unit) for c, v in zip(columns, (x, y), strict=True)]


class FieldPicture(GridPicture):
    """Numbers: a place is coloured by what is predicted there; the colours' range never moves."""

    palette: Palette

    def lay_out(self) -> None:
        super().lay_out()
        targets = self._dataset.targets[:, 0]
        low, high = range_around(targets.min(), targets.max())
        # Air around targets of one sign must not make it look as if there were two.
        low = max(low, 0.0) if targets.min() >= 0.0 else low
        high = min(high, 0.0) if targets.max() <= 0.0 else high
        self.palette = Palette(low, high)

    def dress(self, colours: Theme) -> None:
        super().dress(colours)
        self.palette.bands = BANDS if self._view.discretised else None
        self.palette.dress(colours)
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
        self._show_standouts()

    def look_of(self, place: int) -> Look:
        dots = self.held_out if self.held_out_rows[place] else self.train
        colour = self.palette.colours_of(self.targets[[place]])[0]
        return Look("o", dots.opts["pen"], QBrush(colour))

    def colour(self) -> None:
        self.field.show_colours(self.palette.shades_of(self.values[0]))

    def entries(self) -> tuple[Entry, ...]:
        both = (PREDICTED, ACTUAL)
        return (*both, HELD_OUT) if self.held_out_rows.any() else both

    def model_at(self, x: float, y: float) -> str:
        predicted = measured("predicted", float(self.at(x, y)[0]), self.target.unit)
        return ", ".join([*self.place_text(x, y), predicted])
