"""The loss curve of one run, as numbers: what the history keeps of it and a file saves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mixer_nn.core.arrays import FloatArray

COLUMNS = ("move", "epoch", "loss", "low", "high", "held_out", "by_hand", "seconds")
"""Of a point: its place counted in moves and in epochs, the loss there, the lowest and highest
loss since the point before, the held-out loss (NaN: none), 1 for a move made by hand, and the
seconds spent in optimizer steps since the run began (NaN: unknown)."""


@dataclass(frozen=True, eq=False)
class Curve:
    """The points of run number `run`, (points, 8) in the order of `COLUMNS`, moves increasing."""

    run: int
    points: FloatArray

    def column(self, name: str) -> FloatArray:
        """One column, (points,)."""
        return np.asarray(self.points[:, COLUMNS.index(name)])
