"""The fit of classes along one input: how probable each of them is, and the rows."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from mixer_nn.core.arrays import FloatArray
from mixer_nn.ui.monitors.beliefs import belief_word, beliefs, leads
from mixer_nn.ui.monitors.class_dots import ClassPicture
from mixer_nn.ui.monitors.fit_picture import measured
from mixer_nn.ui.monitors.legend import Entry, Sample
from mixer_nn.ui.theme import Theme

STRIP = 0.07
"""Height of the strip above the curves in which the rows of one of many classes lie."""
AIR = 0.06

DECISION = Entry("decision", "dim", Sample.DASHED)


class ClassLinePicture(ClassPicture):
    """One curve for two classes, which lie at 0 and 1; else one each, with their rows above."""

    def _make(self) -> None:
        super()._make()
        self.decision = pg.PlotCurveItem(connect="pairs", antialias=True)
        self._add(self.decision, 1)
        self.curves: tuple[pg.PlotCurveItem, ...] = ()
        self._across = np.empty(0)

    @property
    def of_two(self) -> bool:
        """Whether there are two classes."""
        return self._dataset.kind == "two classes"

    def lay_out(self) -> None:
        self._make_curves()
        word = belief_word(self._desk.mix.problem)
        self.plot.set_title("left", f"{word} of {self.classes[1]}" if self.of_two else word)
        self.plot.axes["left"].last = 1.0
        top = 1.0 if self.of_two else 1.0 + STRIP * len(self.classes)
        self.plot.set_ranges(self._readings.grid.spans[0], (-AIR, top + AIR))
        self._across = self._readings.grid.places[0]
        labels = self.labels.astype(np.float64)
        heights = labels if self.of_two else 1.0 + STRIP * (labels + 0.7)
        self.place_rows(self._dataset.inputs[self._rows, 0], heights)

    def _make_curves(self) -> None:
        count = 1 if self.of_two else len(self.classes)
        if len(self.curves) == count:
            return
        for curve in self.curves:
            self.plot.removeItem(curve)
            self._added.remove(curve)
        self.curves = tuple(pg.PlotCurveItem(antialias=True) for _ in range(count))
        for curve in self.curves:
            self._add(curve, 2)

    def dress(self, colours: Theme) -> None:
        super().dress(colours)
        self.decision.setPen(self.plot.pen(colours.dim, 1.5, Qt.PenStyle.DashLine))
        for index, curve in enumerate(self.curves):
            colour = colours.accent if self.of_two else self.class_colour(colours, index)
            curve.setPen(self.plot.pen(colour, 3.0))

    def read(self) -> None:
        logits = self._readings.predict(self._across[:, np.newaxis]).T
        known = bool(np.isfinite(logits).all())
        believed = beliefs(self._desk.mix.problem, logits)[1 if self.of_two else 0 :]
        for curve, heights in zip(self.curves, believed, strict=True):
            curve.setData(*((self._across, heights) if known else ([], [])))
        self._draw_decisions(logits if known else logits[:, :0])

    def _draw_decisions(self, logits: FloatArray) -> None:
        """Upright lines where another class becomes the likeliest."""
        places = [np.empty(0)]
        for ahead in leads(logits):
            (before,) = np.nonzero((ahead[1:] > 0.0) != (ahead[:-1] > 0.0))
            share = ahead[before] / (ahead[before] - ahead[before + 1])
            step = self._across[before + 1] - self._across[before]
            places.append(self._across[before] + share * step)
        found = np.concatenate(places)
        self.decision.setData(np.repeat(found, 2), np.tile(self.plot.ranges[1], len(found)))

    def entries(self) -> tuple[Entry, ...]:
        return (*self.class_entries(), DECISION)

    def model_at(self, x: float, y: float) -> str:
        column = self._dataset.input_columns[0]
        logits = self._readings.predict(np.array([[x]]))[0]
        return f"{measured(column.name, x, column.unit)}, {self.verdict(logits)}"
