"""A loss curve of any length, reduced to what its pixels can show."""

from __future__ import annotations

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.session.curve import COLUMNS

MOVE, EPOCH, LOSS, LOW, HIGH, HELD_OUT, BY_HAND, SECONDS = range(len(COLUMNS))

BOTTOM = -330.0
"""Where a loss of 0 lies on a logarithmic axis: below any that is not 0."""


def reduced(
    x: FloatArray, low: FloatArray, high: FloatArray, edges: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Two points per column of pixels that draw the same line as all points do.

    `x` increases and lies on the axis that `edges` (columns + 1,) divide; `low` and `high` are
    the extremes since the point before. Of each column its lowest and highest are kept, in the
    order in which a rising or a falling line passes them; what is not finite is left out.
    """
    inside = slice(
        max(int(np.searchsorted(x, edges[0], "left")) - 1, 0),
        int(np.searchsorted(x, edges[-1], "right")) + 1,
    )
    x, low, high = x[inside], low[inside], high[inside]
    if len(x) <= 2 * (len(edges) - 1):
        return _whole(x, low, high)
    starts = np.searchsorted(x, edges)
    starts = np.unique(np.clip(starts, 0, len(x) - 1))
    ends = np.append(starts[1:], len(x)) - 1
    with np.errstate(invalid="ignore"):
        lowest = np.fmin.reduceat(low, starts)
        highest = np.fmax.reduceat(high, starts)
    first, last = low[starts], low[ends]
    falling = ~(first < last)
    across = np.column_stack([x[starts], x[ends]])
    heights = np.where(
        falling[:, np.newaxis],
        np.column_stack([highest, lowest]),
        np.column_stack([lowest, highest]),
    )
    return _finite(across.ravel(), heights.ravel())


def _whole(x: FloatArray, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Every point; one that stands for several shows their extremes."""
    both = np.flatnonzero(high > low)
    across = np.insert(x, both, x[both])
    heights = np.insert(low, both, high[both])
    return _finite(across, heights)


def _finite(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    known = np.isfinite(x) & np.isfinite(y)
    return (x, y) if known.all() else (x[known], y[known])


def thinned(x: FloatArray, y: FloatArray, edges: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Marks, the last of each column of pixels; those that are not finite are left out."""
    x, y = _finite(x, y)
    if len(x) <= len(edges):
        return x, y
    columns = np.searchsorted(edges, x)
    last = np.append(columns[1:] != columns[:-1], True)
    return x[last], y[last]


def logarithms(values: FloatArray, bottom: float = BOTTOM) -> FloatArray:
    """log10 of losses, none below `bottom`; a loss of 0 lies there."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.maximum(np.log10(values), bottom)
