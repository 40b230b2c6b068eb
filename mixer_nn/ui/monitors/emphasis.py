"""Rows that stand out in a picture of the fit: the lit one, or those of a step in slow motion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QBrush, QColor, QPen

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.state.readings import Readings
from mixer_nn.state.slow_motion import Stage
from mixer_nn.state.spotlight import Spotlight
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.plot import Plot
from mixer_nn.ui.theme import Theme

FADED = 0.3
"""How opaque rows and misses are beside those that stand out."""
RING = 9.0
"""Pixels by which the ring round the lit row is larger than its dot."""


@dataclass(frozen=True)
class Emphasis:
    """Which of the shown rows stand out, as places among them; None: none before the others.

    `ringed`: with a ring round each; `misses`: what is missed by them is drawn thick.
    """

    places: tuple[int, ...] | None = None
    ringed: bool = False
    misses: bool = False

    def of(self, rows: int) -> IntArray:
        """The places that stand out of so many shown rows; all where none is before the others."""
        return np.arange(rows) if self.places is None else np.array(self.places, dtype=np.intp)


@dataclass(frozen=True)
class Look:
    """How the dot of a row looks."""

    symbol: str
    pen: QPen
    brush: QBrush


class Standouts:
    """The items of a picture for the rows that stand out: dots, rings, and thick misses."""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self.dots, self.rings = pg.ScatterPlotItem(), pg.ScatterPlotItem()
        self.misses = pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True)

    def dress(self, colours: Theme, size: float) -> None:
        """Put on colours; `size` is that of a usual dot."""
        self.dots.setSize(size + 2.0 * theme.zoom())
        self.rings.setSize(size + RING * theme.zoom())
        self.rings.setPen(self._plot.pen(colours.accent, 3.0))
        self.rings.setBrush(QBrush(Qt.BrushStyle.NoBrush))
        self.misses.setPen(self._plot.pen(QColor(colours.loss), 4.0))

    def show_rows(self, places: FloatArray, looks: list[Look], *, ringed: bool) -> None:
        """Show dots at `places` (rows, 2), each with its look."""
        x, y = places.T
        self.dots.setData(
            x,
            y,
            symbol=[look.symbol for look in looks],
            pen=[look.pen for look in looks],
            brush=[look.brush for look in looks],
        )
        self.rings.setData(*((x, y) if ringed else ([], [])))

    def clear(self) -> None:
        """Nothing stands out."""
        for item in (self.dots, self.rings):
            if len(item.data):
                item.setData([], [])


class RowLights(QObject):
    """Binds a plot of rows to the spotlight, and says what of its rows stands out."""

    def __init__(self, readings: Readings, parent: QObject) -> None:
        super().__init__(parent)
        self._readings = readings

    @property
    def spotlight(self) -> Spotlight:
        """Which row is lit."""
        return self._readings.spotlight

    @property
    def emphasis(self) -> Emphasis:
        """What stands out now."""
        row, slow = self.spotlight.row, self._readings.slow_motion
        if row is not None:
            return Emphasis(self._places(np.array([row])), ringed=True, misses=True)
        if slow is None or slow.step is None or slow.stage not in (Stage.FORWARD, Stage.LOSS):
            return Emphasis()
        whole = slow.step.is_full_batch and not slow.step.mix.dataset.held_out.any()
        places = None if whole else self._places(slow.step.rows)
        return Emphasis(places, misses=slow.stage is Stage.LOSS)

    def _places(self, rows: IntArray) -> tuple[int, ...]:
        """Where these rows of the data are among the shown ones, as far as they are."""
        return tuple(np.flatnonzero(np.isin(self._readings.shown_rows, rows)).tolist())

    def light(self, place: int | None) -> None:
        """A shown row is clicked, or none."""
        row = None if place is None else int(self._readings.shown_rows[place])
        self.spotlight.light_or_put_out(row)

    @property
    def sentence(self) -> str:
        """What the rings show while a row is lit; "" while none is."""
        return sentence(self.spotlight)

    @property
    def short_sentence(self) -> str:
        """The same where there is little room."""
        row = self.spotlight.row
        return "" if row is None else f"row {row + 1:,} pulls: click it again to go back"


def sentence(spotlight: Spotlight) -> str:
    """What the rings show while a row is lit; "" while none is."""
    row = spotlight.row
    if row is None:
        return ""
    own = "the rings show this point's own pull"
    if spotlight.is_held_out:
        return (
            f"row {row + 1:,} is held out and does not train: {own}, which no step follows."
            " Click it again, or press Esc, to go back"
        )
    return f"row {row + 1:,} pulls: {own}. Click it again, or press Esc, to go back"
