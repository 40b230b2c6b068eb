"""What the slice draws: the loss along a knob, tangent and parabola, and where the step goes."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor

from mixer_nn.core.arrays import FloatArray
from mixer_nn.state.slice import Slice
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.plot import Plot, ground
from mixer_nn.ui.monitors.slice_strokes import Mark, Stroke, Strokes
from mixer_nn.ui.monitors.ticks import Span, nice_step
from mixer_nn.ui.theme import Theme

AIR_FROM_ZERO, AIR = 0.08, 0.35
"""Share of what is drawn that is left free above it; and above and below, where that is not 0."""
LEAST_FILLED = 0.25
"""The range stays as it is while what is drawn lies within and fills this share of it."""
NARROWEST = 0.03
"""Share of the loss that a range which does not begin at 0 covers at least."""
FROM_ZERO = 0.5
"""The range begins at 0 unless the lowest loss is more than this share of the highest."""
TANGENT = 0.22
"""Share of the plot that the tangent reaches to either side."""
HOP = (14.0, 28.0)
"""Pixels that the arc of the next step rises at least and at most."""
LEAST_HOP = 3.0
"""Pixels that a step must go to have an arc."""


class SlicePicture:
    """The items on the plot, drawn by `draw`.

    The loss is on a linear axis: only there is a slope a straight line, and a curvature a
    parabola. The range stays as it is while the slice fills enough of it, so that nothing jumps
    from frame to frame.
    """

    def __init__(self, plot: Plot) -> None:
        self.plot = plot
        self.after, self.parabola, self.drop = Stroke(), Stroke(), Stroke()
        self.curve, self.tangent, self.arc = Stroke(), Stroke(), Stroke()
        self.lowest, self.landing, self.present = Mark("d"), Mark("t1"), Mark("o")
        self._lines = (self.after, self.parabola, self.drop, self.curve, self.tangent, self.arc)
        self._marks = (self.lowest, self.landing, self.present)
        self._all = Strokes(plot, self._lines, self._marks)
        self._key: tuple[int, Span] | None = None
        self._up: Span = (0.0, 1.0)

    def dress(self, colours: Theme) -> None:
        """Put on colours."""
        plot, zoom, dashed = self.plot, theme.zoom(), Qt.PenStyle.DashLine
        self.curve.pen = plot.pen(colours.loss, 2.6)
        self.tangent.pen = plot.pen(colours.hint, 2.2)
        self.parabola.pen = plot.pen(colours.dim, 1.6, dashed)
        self.after.pen = plot.pen(colours.accent, 2.0, dashed)
        self.drop.pen = plot.pen(colours.dim, 1.0)
        self.arc.pen = plot.pen(colours.accent, 2.0)
        accent, area = QBrush(QColor(colours.accent)), QBrush(ground(colours))
        for mark, size, brush, around in (
            (self.present, 12.0, accent, colours.text),
            (self.landing, 9.0, accent, colours.accent),
            (self.lowest, 11.0, area, colours.text),
        ):
            mark.size, mark.brush, mark.pen = size * zoom, brush, plot.pen(around, 2.0)
        self._all.show_all()

    def clear(self) -> None:
        """Draw nothing."""
        for line in self._lines:
            line.put([], [])
        for mark in self._marks:
            mark.at = None
        self._all.show_all()

    def draw(self, found: Slice) -> None:
        """Draw a slice."""
        if not found.is_known:
            self.clear()
            return
        self.plot.axes["bottom"].parts = found.span
        self.plot.set_ranges(_airy_sides(found.span), self._range(found))
        self.curve.put(found.values, self._held(found.losses))
        self.present.at, self.lowest.at = (found.value, found.loss), found.minimum
        self._draw_slope(found)
        self._draw_step(found)
        self._all.show_all()

    # -- heights ------------------------------------------------------------------------------

    def _range(self, found: Slice) -> Span:
        """From which loss to which the plot goes: what it did, while that still does."""
        low, high = found.heights
        begin, end = self._up
        key = (found.index, found.span)
        holds = begin <= low and high <= end
        # From 0 a plot is filled by how high the slice stands, else by how far it goes up and down.
        reach = max(high - low, NARROWEST * high) if begin else high
        filled = reach >= LEAST_FILLED * (end - begin)
        if key != self._key or not (holds and filled):
            self._key, self._up = key, _nice_range(low, high)
        return self._up

    def _held(self, losses: FloatArray) -> FloatArray:
        """Losses no further above the plot than it is high: the line leaves it all the same."""
        low, high = self._up
        with np.errstate(invalid="ignore"):
            return np.minimum(losses, high + 2.0 * (high - low))

    # -- the parts ----------------------------------------------------------------------------

    def _draw_slope(self, found: Slice) -> None:
        (left, right), (low, high) = self.plot.ranges
        reach, tall = TANGENT * (right - left), high - low
        # However steep, it goes no further than the plot is high.
        reach = min(reach, tall / max(abs(found.slope), 1e-300))
        ends = np.array([found.value - reach, found.value + reach])
        self.tangent.put(ends, found.tangent(ends))
        if not math.isfinite(found.curvature):
            self.parabola.put([], [])
            return
        values = np.linspace(*found.span, 2 * len(found.values))
        heights = found.parabola(values)
        seen = (heights > low - tall) & (heights < high + tall)
        self.parabola.put(values[seen], heights[seen])

    def _draw_step(self, found: Slice) -> None:
        (left, right), (low, _) = self.plot.ranges
        self.drop.put([found.value, found.value], [low, found.loss])
        if found.after is None or not math.isfinite(found.after):
            self.after.put([], [])
        else:
            self.after.put([left, right], [found.after, found.after])
        if found.landing is None or not math.isfinite(found.landing):
            self.landing.at = None
            self.arc.put([], [])
            return
        across, up = self.plot.pixel_size()
        foot = low + 4.0 * theme.zoom() * up
        landing = min(max(found.landing, left), right)
        self.landing.at = (landing, foot)
        way = abs(landing - found.value) / across
        if way < LEAST_HOP:
            self.arc.put([], [])
            return
        share = np.linspace(0.0, 1.0, 25)
        hop = theme.zoom() * min(max(0.4 * way / theme.zoom(), HOP[0]), HOP[1]) * up
        self.arc.put(
            found.value + share * (landing - found.value),
            foot + 4.0 * hop * share * (1.0 - share),
        )


def _airy_sides(span: Span) -> Span:
    """The scale with room for half a mark at its ends."""
    air = 0.02 * (span[1] - span[0])
    return span[0] - air, span[1] + air


def _nice_range(low: float, high: float) -> Span:
    """A range that holds losses from `low` to `high`, with air, from 0 where that is near."""
    if high <= low:
        air = 0.5 * abs(high) or 1.0
        return max(low - air, 0.0), high + air
    if low < FROM_ZERO * high:
        top = high * (1.0 + AIR_FROM_ZERO)
        step = nice_step(top, 8)
        return 0.0, step * math.ceil(top / step - 1e-9)
    air = max(AIR * (high - low), 0.5 * (NARROWEST * high - (high - low)))
    step = nice_step(high - low + 2.0 * air, 8)
    return (
        step * math.floor((low - air) / step + 1e-9),
        step * math.ceil((high + air) / step - 1e-9),
    )
