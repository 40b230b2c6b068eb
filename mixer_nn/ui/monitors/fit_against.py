"""The fit with many inputs: what is predicted against what is so, and the diagonal of no miss."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from mixer_nn.ui.monitors.fit_picture import HELD_OUT, MISS, FitPicture
from mixer_nn.ui.monitors.legend import Entry, Sample
from mixer_nn.ui.monitors.ticks import Span, range_around
from mixer_nn.ui.theme import Theme

FARTHEST = 3.0
"""Spreads of the targets by which predictions may stretch the plot; beyond, they leave it."""
FULL = 0.45
"""Share of the height that the dots take at least, or the plot closes in on them."""

EXACT = Entry("predicted = actual", "accent", Sample.DASHED)


class AgainstPicture(FitPicture):
    """A dot on the diagonal is predicted exactly; its distance up or down from it is its miss."""

    def _make(self) -> None:
        super()._make()
        self.miss = pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True)
        self.diagonal = pg.PlotCurveItem(antialias=True)
        self._add(self.miss, 1)
        self._add(self.diagonal, 2)
        self._across: Span = (0.0, 1.0)

    def dress(self, colours: Theme) -> None:
        super().dress(colours)
        self.miss.setPen(self.thin(colours))
        self.diagonal.setPen(self.plot.pen(colours.accent, 2.0, Qt.PenStyle.DashLine))

    def lay_out(self) -> None:
        targets = self._dataset.targets[:, 0]
        self._across = range_around(targets.min(), targets.max())
        self.plot.set_ranges(self._across, self._across)
        self.plot.set_title("left", f"predicted {self.target.title}")
        self.diagonal.setData(np.array(self._across), np.array(self._across))

    def read(self) -> None:
        targets, predicted = self.targets, self.predicted
        self._make_room(predicted)
        known = np.isfinite(predicted)
        self.place_rows(targets, np.where(known, self.within(predicted), np.nan))
        self.draw_all_misses(self.miss, targets, targets, predicted)

    def _make_room(self, predicted: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
        """Stretch the height in steps to hold the predictions; close in again when they have."""
        low, high = self._across
        span = high - low
        held = np.clip(np.nan_to_num(predicted), low - FARTHEST * span, high + FARTHEST * span)
        needed = min(low, held.min()), max(high, held.max())
        bottom, top = self.plot.ranges[1]
        fits = bottom <= needed[0] and needed[1] <= top
        if fits and needed[1] - needed[0] >= FULL * (top - bottom):
            return
        inside = needed == self._across
        self.plot.set_ranges(self._across, self._across if inside else range_around(*needed))

    def entries(self) -> tuple[Entry, ...]:
        return (EXACT, MISS, HELD_OUT) if self.held_out_rows.any() else (EXACT, MISS)
