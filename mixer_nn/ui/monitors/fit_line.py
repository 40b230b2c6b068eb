"""The fit with one input: the rows, the model's curve through them, and every miss."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from mixer_nn.core.arrays import FloatArray
from mixer_nn.ui.monitors.fit_picture import HELD_OUT, MISS, FitPicture, measured, written
from mixer_nn.ui.monitors.legend import Entry, Sample
from mixer_nn.ui.monitors.parts_item import PartsItem
from mixer_nn.ui.theme import Theme

MODEL = Entry("model", "accent")
ADDS = Entry("a neuron adds", "positive", Sample.AREA, "adds")
TAKES = Entry("takes off", "negative", Sample.AREA, "takes")
ANSWER = Entry("least squares", "hint", Sample.DASHED)


class LinePicture(FitPicture):
    """A straight line is drawn from two points, any other curve from those of the usual grid."""

    def _make(self) -> None:
        super()._make()
        self.miss = pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True)
        self.answer = pg.PlotCurveItem(antialias=True)
        self.curve = pg.PlotCurveItem(antialias=True)
        for depth, item in ((1, self.miss), (2, self.answer), (5, self.curve)):
            self._add(item, depth)
        self.parts = PartsItem(self.plot)
        self._add(self.parts, 0)
        self._across = np.empty(0)

    def dress(self, colours: Theme) -> None:
        super().dress(colours)
        self.miss.setPen(self.thin(colours))
        self.answer.setPen(self.plot.pen(colours.hint, 2.0, Qt.PenStyle.DashLine))
        self.curve.setPen(self.plot.pen(colours.accent, 3.0))
        self.parts.dress(colours)

    def lay_out(self) -> None:
        dataset = self._dataset
        x = dataset.inputs[:, 0]
        y = dataset.targets[:, 0]
        across = self._readings.grid.spans[0]
        self.plot.set_ranges(across, self.range_of(y, self.plot.ranges[1]))
        self.plot.set_title("left", self.target.title)
        left, right = self.plot.ranges[0]
        straight = self._desk.mix.network.is_linear_neuron
        self._across = np.linspace(left, right, 2) if straight else self._readings.grid.places[0]
        self.place_rows(x[self._rows], self.targets)
        self._draw(self.answer, None)

    def read(self) -> None:
        self._draw(self.curve, self._readings.predict(self._across[:, np.newaxis])[:, 0])
        self.draw_all_misses(self.miss, self.places[:, 0], self.places[:, 1], self.predicted)
        self._draw_parts()
        if not self._guidance.answer:
            self._draw(self.answer, None)
        elif not len(self.answer.getData()[0]):
            known = self._readings.predict_answer(self._across[:, np.newaxis])
            self._draw(self.answer, None if known is None else known[:, 0])

    @property
    def has_parts(self) -> bool:
        """Whether the curve is a sum over neurons, which a bend after it would hide."""
        network = self._desk.mix.network
        return len(network.sizes) > 2 and network.activations[-1] == "linear"

    def _draw_parts(self) -> None:
        # Of two networks mixed, neither's parts add up to the curve.
        shown = self._view.parts and self.has_parts and not self._readings.is_blended
        if not shown:
            self.parts.show_stack(self._across, np.empty((0, 0)))
        elif self._lag.is_due():
            self.parts.show_stack(self._across, self.within(self._stack()))

    def _stack(self) -> FloatArray:
        """Sums in data units (1 + neurons, points): the bias, then one neuron more in each row."""
        problem = self._desk.mix.problem
        last = problem.network.layers(self._readings.heard)[-1][0]
        made = self._readings.field()[-2].astype(np.float64)
        with np.errstate(all="ignore"):
            added = last[:-1, np.newaxis] * made
            start = np.full((1, added.shape[1]), last[-1])
            sums = np.cumsum(np.concatenate([start, added]), axis=0)
            scaling = problem.scaling
            return np.asarray(sums * scaling.target_scale[0] + scaling.target_mean[0])

    def _draw(self, item: pg.PlotCurveItem, heights: FloatArray | None) -> None:
        if heights is None or not np.isfinite(heights).all():
            item.setData([], [])
        elif len(heights) == 2:
            item.setData(*self._cut(heights))
        else:
            item.setData(self._across, self.within(heights))

    def _cut(self, heights: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The straight line without what lies far outside; cut, not bent, however steep it is."""
        start, end = heights
        across = self._across
        held = self.within(heights)
        if (held == heights).all() or start == end:
            return across, held
        shares = (held - start) / (end - start)
        return across[0] + shares * (across[1] - across[0]), held

    def entries(self) -> tuple[Entry, ...]:
        shown = [MODEL, MISS]
        if self._view.parts and self.has_parts:
            shown = [MODEL, ADDS, TAKES, MISS]
        if self._guidance.answer and len(self.answer.getData()[0]):
            shown.insert(1, ANSWER)
        if self.held_out_rows.any():
            shown.append(HELD_OUT)
        return tuple(shown)

    def model_at(self, x: float, y: float) -> str:
        across, heights = self.curve.getData()
        if across is None or not len(across):
            return ""
        column = self._dataset.input_columns[0]
        predicted = float(np.interp(x, across, heights))
        said = [measured(column.name, x, column.unit)]
        said.append(measured("predicted", predicted, self.target.unit))
        return ", ".join(said + self._parts_at(x))

    def _parts_at(self, x: float) -> list[str]:
        """What the neurons add to the curve at a place, those that add or take most first."""
        if not self.parts.stack.size:
            return []
        sums = [float(np.interp(x, self.parts.across, line)) for line in self.parts.stack]
        added = np.diff(sums)
        return [
            f"n{neuron + 1} {'+' if added[neuron] >= 0.0 else ''}{written(float(added[neuron]))}"
            for neuron in np.argsort(-np.abs(added))
        ]
