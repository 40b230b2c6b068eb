"""Where a field crosses zero, as short straight lines: marching squares over whole arrays."""

from __future__ import annotations

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray, IntArray

_BOTTOM, _LEFT, _TOP, _RIGHT = range(4)


def zero_line(values: FloatArray, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ends of the line segments along which `values` (x, y) are 0, interpolated between points.

    Two ends a segment, one after the other, as ``connect="pairs"`` wants them. Where a square has
    both diagonals' corners on different sides, its mean decides which corners belong together.
    """
    if not np.isfinite(values).all():
        return np.empty(0), np.empty(0)
    above = values > 0.0
    along, up = above[1:] != above[:-1], above[:, 1:] != above[:, :-1]
    crossed = np.stack([along[:, :-1], up[:-1], along[:, 1:], up[1:]])
    i, j = np.nonzero(crossed.any(axis=0))
    if not len(i):
        return np.empty(0), np.empty(0)
    crossed = crossed[:, i, j]
    places = np.stack(
        [
            _on_edge(values, x, y, (i, j), (i + 1, j)),
            _on_edge(values, x, y, (i, j), (i, j + 1)),
            _on_edge(values, x, y, (i, j + 1), (i + 1, j + 1)),
            _on_edge(values, x, y, (i + 1, j), (i + 1, j + 1)),
        ]
    )
    mean = values[i, j] + values[i + 1, j] + values[i, j + 1] + values[i + 1, j + 1]
    joined = (mean > 0.0) == above[i, j]
    ends = _ends(crossed, joined)
    cells = np.arange(len(i))
    found = [places[edge[edge >= 0], cells[edge >= 0]] for edge in ends.T]
    segments = np.concatenate(
        [np.stack(found[:2], axis=1), np.stack(found[2:], axis=1)]
    )  # (segments, 2 ends, 2 coordinates)
    return segments[..., 0].ravel(), segments[..., 1].ravel()


def _ends(crossed: BoolArray, joined: BoolArray) -> IntArray:
    """The edges that each square's one or two segments join, (squares, 4); −1: none."""
    order = np.argsort(~crossed, axis=0, kind="stable").T
    saddle = crossed.all(axis=0)
    ends = np.column_stack([order[:, :2], np.full((len(order), 2), -1)])
    ends[saddle & joined] = (_BOTTOM, _RIGHT, _LEFT, _TOP)
    ends[saddle & ~joined] = (_BOTTOM, _LEFT, _TOP, _RIGHT)
    return ends


def _on_edge(
    values: FloatArray,
    x: FloatArray,
    y: FloatArray,
    start: tuple[IntArray, IntArray],
    end: tuple[IntArray, IntArray],
) -> FloatArray:
    """Where on the edge from `start` to `end` it is 0, (squares, 2); nonsense where it never is."""
    first, last = values[start], values[end]
    with np.errstate(all="ignore"):
        share = np.where(first != last, first / (first - last), 0.5)
    return np.column_stack(
        [
            x[start[0]] + share * (x[end[0]] - x[start[0]]),
            y[start[1]] + share * (y[end[1]] - y[start[1]]),
        ]
    )
