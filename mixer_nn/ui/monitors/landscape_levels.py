"""The heights of a landscape's contour lines, and what lies between the points worked out."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.ui.monitors.ticks import multiples, nice_step

FINE = 193
"""Cells along each side of the picture: a whole number of them between any level's points."""

MOST_DECADES = 5.0
"""Decades below the highest loss that have lines of their own; what is lower is one band."""

FEW = 9.0
"""Lines that there should be at least."""

LINEAR = 0.8
"""Decades up to which round numbers evenly spaced are told apart better than ratios."""

FLAT = 1e-6
"""A landscape that rises by less than this share of itself is flat."""

_SERIES: tuple[tuple[float, ...], ...] = (
    (1.0,),
    (1.0, 2.0, 5.0),
    (1.0, 1.6, 2.5, 4.0, 6.3),
    (1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 8.0),
)
"""Round numbers that divide a decade into about equal ratios (ISO 3 among them)."""


def bounds(losses: FloatArray) -> tuple[float, float] | None:
    """The lowest and highest loss that are drawn apart; None where it is flat, or no number."""
    known = losses[np.isfinite(losses)]
    if not known.size:
        return None
    low, high = float(known.min()), float(known.max())
    if not high - low > FLAT * high:
        return None
    low = max(low, high / 10.0**MOST_DECADES)
    # The lowest of numbers that are hardly any may come to 0, which has no place among ratios.
    return (low, high) if low > 0.0 else None


def levels(low: float, high: float) -> FloatArray:
    """The losses at which there is a line, between `low` and `high`: ratios of round numbers.

    Where the highest is not far above the lowest they are multiples instead.
    """
    decades = math.log10(high / low)
    if decades < LINEAR:
        found = multiples(low, high, nice_step(high - low, 12))
    else:
        series = next((s for s in _SERIES if len(s) * decades >= FEW), _SERIES[-1])
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        found = [factor * 10.0**power for power in powers for factor in series]
    inside = [level for level in found if low < level < high]
    return np.array(inside)


def filled_in(losses: FloatArray) -> FloatArray:
    """Losses (side, side) at `FINE` places along each side, (FINE, FINE).

    Cubic between them (Keys, Cubic convolution interpolation, 1981), which a bowl is met by
    exactly; never outside what they are. Around a place where the loss is no number there is none.
    """
    known = np.isfinite(losses)
    low, high = losses[known].min(), losses[known].max()
    weights = _weights(len(losses))
    with np.errstate(all="ignore"):
        made = weights @ np.where(known, losses, high) @ weights.T
    made = np.clip(np.nan_to_num(made, nan=high), low, high)
    if not known.all():
        nearest = np.rint(np.linspace(0, len(losses) - 1, FINE)).astype(np.intp)
        made[~known[np.ix_(nearest, nearest)]] = np.nan
    return np.asarray(made)


@cache
def _weights(side: int) -> FloatArray:
    """What each of `side` points counts at each of `FINE` places between them, (FINE, side)."""
    places = np.linspace(0.0, side - 1.0, FINE)
    first = np.minimum(places.astype(np.intp), side - 2)
    t = places - first
    parts = np.stack(
        [
            ((2.0 - t) * t - 1.0) * t,
            (3.0 * t - 5.0) * t * t + 2.0,
            ((4.0 - 3.0 * t) * t + 1.0) * t,
            (t - 1.0) * t * t,
        ],
        axis=1,
    )
    # A point before the first and one after the last, on the parabola through three at the end.
    padded = np.zeros((FINE, side + 2))
    rows = np.arange(FINE)
    for step in range(4):
        padded[rows, first + step] += parts[:, step] / 2.0
    weights = padded[:, 1:-1]
    weights[:, :3] += padded[:, :1] * (3.0, -3.0, 1.0)
    weights[:, -3:] += padded[:, -1:] * (1.0, -3.0, 3.0)
    return weights
