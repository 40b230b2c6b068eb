"""Which hot cues lie on the present run, and where along its curve."""

from __future__ import annotations

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.session.mix import Mix
from mixer_nn.state.history import History
from mixer_nn.state.loss_table import MOVE


def is_on_run(history: History, run: int, mix: Mix) -> bool:
    """Whether a mix is of the present run, or of the past that it shares with its trunk.

    `run` is the number of the present run, up to where it stands.
    """
    most = history.last
    while run != mix.run:
        found = history.run(run)
        if found is None or found.parent is None:
            return False
        run, most = found.parent[0], min(most, found.parent[1])
    return mix.moves <= most


def along(points: FloatArray, move: int, column: int) -> float:
    """Where a move lies along a column of the curve, from the points around it; NaN: nowhere."""
    known = np.isfinite(points[:, column])
    if not known.any():
        return float("nan")
    return float(np.interp(move, points[known, MOVE], points[known, column]))
