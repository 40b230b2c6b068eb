"""A run pressed into grooves: its loss in a few stretches, at a cost that does not grow with it."""

from __future__ import annotations

import math

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.state.loss_table import HAND, LOSS, MOVE

MOST_GROOVES = 64
"""More could not be told apart on the record."""

SAMPLES = 16
"""Points that are looked at in each groove."""

LEAST_SPAN = math.log10(1.5)
"""Decades of loss from which on the whole scale of colours is used: noise is no story."""

HALF = 24
"""Moves that fill half of the way from rim to label; all of it is never quite full."""


def share_of(length: int) -> float:
    """How much of the way from rim to label a run of so many moves takes."""
    return length / (length + HALF)


def levels(points: FloatArray, most: int = MOST_GROOVES) -> FloatArray:
    """Levels 0..1 of the logarithm of the loss, a groove for each of up to `most` equal stretches.

    `points` (n, 8) are those of a run, see `mixer_nn.session.curve`; none where it has no length.
    0 is the lowest loss of the run, 1 the highest; not a number where the loss is none. Of a long
    stretch `SAMPLES` points stand for all.
    """
    length = points[-1, MOVE] - points[0, MOVE] if len(points) else 0.0
    count = int(min(length, most))
    if count < 1:
        return np.empty(0)
    edges = np.linspace(points[0, MOVE], points[-1, MOVE], count + 1)
    ends = np.searchsorted(points[:, MOVE], edges, side="right")
    begin, size = ends[:-1], np.diff(ends)
    spread = (np.arange(SAMPLES) + 0.5) / SAMPLES
    places = begin[:, None] + (size[:, None] * spread).astype(np.int64)
    # Where a stretch has no point of its own, the one before it still holds.
    places[size == 0] = begin[size == 0, None] - 1
    losses = points[places, LOSS]
    with np.errstate(divide="ignore", invalid="ignore"):
        heights = np.log10(np.maximum(losses, np.finfo(np.float64).tiny)).mean(axis=1)
    finite = heights[np.isfinite(heights)]
    if not len(finite):
        return np.full(count, math.nan)
    low, high = float(finite.min()), float(finite.max())
    heights[~np.isfinite(heights)] = math.nan
    return np.asarray((heights - low) / max(high - low, LEAST_SPAN))


class HandMoves:
    """The moves of a run that were made by hand, read on from where the last look had come to."""

    def __init__(self) -> None:
        self._key: tuple[int, int] | None = None
        self._moves: list[float] = []
        self._seen = -math.inf

    def read(self, points: FloatArray, run: int, first: int) -> list[float]:
        """All moves by hand among `points` of that run, which begins at move `first`."""
        last = points[-1, MOVE] if len(points) else -math.inf
        if (run, first) != self._key or last < self._seen:
            self._key, self._moves, self._seen = (run, first), [], -math.inf
        new = points[int(np.searchsorted(points[:, MOVE], self._seen, side="right")) :]
        self._moves += new[new[:, HAND] > 0.0, MOVE].tolist()
        self._seen = last
        return self._moves

    def forget(self) -> None:
        """Read everything anew the next time: the past may have become another."""
        self._key = None
