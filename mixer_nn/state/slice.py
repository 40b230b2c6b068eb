"""A slice: the loss along one knob with all others held, and where the mix is on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mixer_nn.core.arrays import FloatArray

LIFTED, QUANTILE = 4.0, 0.4
"""A slice is drawn up to so many times the present loss, and never less than this share of it."""

FLAT = 1e-9
"""A slice that rises by no more than this share of itself is level."""


@dataclass(frozen=True, eq=False)
class Slice:
    """The loss along parameter `index` from `span[0]` to `span[1]`, and where the mix is on it.

    `values` and `losses` (points,) are those known so far, from end to end; losses may be inf or
    NaN. `slope` and `curvature` are the first and second derivative at `value`; the curvature is
    NaN and the minimum None until they are known. `landing` is where the next step carries this
    knob, None where it does not: under a lock, in a hand. `after` is the loss once that step has
    turned all knobs: a place that is not on the slice; None while a hand is on a knob. `rows` of
    `rows_of` training rows were looked at.
    """

    index: int
    span: tuple[float, float]
    values: FloatArray
    losses: FloatArray
    value: float
    loss: float
    slope: float
    curvature: float
    landing: float | None
    after: float | None
    minimum: tuple[float, float] | None
    rows: int
    rows_of: int

    @cached_property
    def _finite(self) -> FloatArray:
        return self.losses[np.isfinite(self.losses)]

    @property
    def is_known(self) -> bool:
        """Whether there is a loss here, and a curve to draw."""
        return math.isfinite(self.loss) and math.isfinite(self.value) and self._finite.size > 1

    @property
    def is_flat(self) -> bool:
        """Whether turning this knob changes nothing."""
        if not self.is_known:
            return False
        low, high = float(self._finite.min()), float(self._finite.max())
        return high - low <= FLAT * abs(high)

    @property
    def heights(self) -> tuple[float, float]:
        """The losses from which to which the slice is worth drawing.

        A bowl may rise a thousandfold towards the ends of the scale; all of it, there would be
        nothing to see at the bottom. The present loss counts, and what the next step makes of it
        unless that is much more.
        """
        low, high = float(self._finite.min()), float(self._finite.max())
        wanted = max(LIFTED * self.loss, float(np.quantile(self._finite, QUANTILE)))
        after = self.after if self.after is not None and self.after <= wanted else self.loss
        return min(low, self.loss, after), max(min(high, wanted), self.loss, after)

    def tangent(self, values: FloatArray) -> FloatArray:
        """The straight line that touches the slice at the present point."""
        return self.loss + self.slope * (values - self.value)

    def parabola(self, values: FloatArray) -> FloatArray:
        """The parabola with the slice's slope and curvature at the present point."""
        moved = values - self.value
        return self.loss + self.slope * moved + 0.5 * self.curvature * moved * moved

    def shares(self, scale: float, count: int) -> tuple[float, ...]:
        """How high the slice is in `count` equal parts of a scale from −scale to +scale.

        0 is the lowest there is, 1 what is not worth drawing, or no number.
        """
        places = scale * (2.0 * (np.arange(count) + 0.5) / count - 1.0)
        low, high = self.heights
        with np.errstate(all="ignore"):
            losses = np.interp(places, self.values, self.losses)
            shares = np.nan_to_num((losses - low) / (high - low), nan=1.0, posinf=1.0)
        return tuple(np.clip(shares, 0.0, 1.0).round(2).tolist())
