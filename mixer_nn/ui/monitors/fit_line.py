"""The fit with one input: the rows, the model's curve through them, and every miss."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from mixer_nn.core.arrays import FloatArray
from mixer_nn.state.desk import Desk
from mixer_nn.state.guidance import Guidance
from mixer_nn.state.readings import Readings
from mixer_nn.ui.monitors.fit_picture import HELD_OUT, MISS, FitPicture, measured
from mixer_nn.ui.monitors.legend import Entry, Sample
from mixer_nn.ui.monitors.live_view import Lag
from mixer_nn.ui.monitors.plot import Plot
from mixer_nn.ui.monitors.ticks import range_around
from mixer_nn.ui.theme import Theme

CURVE_POINTS = 200

MODEL = Entry("model", "accent")
ANSWER = Entry("least squares", "hint", Sample.DASHED)


class LinePicture(FitPicture):
    """A straight line is drawn from two points, any other curve from `CURVE_POINTS`."""

    def __init__(
        self, plot: Plot, desk: Desk, readings: Readings, guidance: Guidance, lag: Lag
    ) -> None:
        super().__init__(plot, desk, readings, guidance, lag)
        self.miss = pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True)
        self.answer = pg.PlotCurveItem(antialias=True)
        self.curve = pg.PlotCurveItem(antialias=True)
        for depth, item in ((1, self.miss), (2, self.answer), (5, self.curve)):
            self._add(item, depth)
        self._across = np.empty(0)

    def dress(self, colours: Theme) -> None:
        super().dress(colours)
        self.miss.setPen(self.thin(colours))
        self.answer.setPen(self.plot.pen(colours.hint, 2.0, Qt.PenStyle.DashLine))
        self.curve.setPen(self.plot.pen(colours.accent, 3.0))

    def lay_out(self) -> None:
        dataset = self._dataset
        x = dataset.inputs[:, 0]
        y = dataset.targets[:, 0]
        self.plot.set_ranges(range_around(x.min(), x.max()), range_around(y.min(), y.max()))
        self.plot.set_title("left", self.target.title)
        left, right = self.plot.ranges[0]
        points = 2 if self._desk.mix.network.is_linear_neuron else CURVE_POINTS
        self._across = np.linspace(left, right, points)
        self.place_rows(x[self._rows], self.targets)
        self._draw(self.answer, None)

    def read(self) -> None:
        self._draw(self.curve, self._readings.predict(self._across[:, np.newaxis])[:, 0])
        self.draw_misses(self.miss, self.places[:, 0], self.places[:, 1], self.predicted)
        if not self._guidance.answer:
            self._draw(self.answer, None)
        elif not len(self.answer.getData()[0]):
            known = self._readings.predict_answer(self._across[:, np.newaxis])
            self._draw(self.answer, None if known is None else known[:, 0])

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
        return ", ".join(
            [
                measured(column.name, x, column.unit),
                measured("predicted", predicted, self.target.unit),
            ]
        )
