"""Readings of one parameter: its curvature, its next step in parts, its last move, its past."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.curvature import hessian_times
from mixer_nn.core.step_account import Batch, StepAccount, account, batch_size, next_batch
from mixer_nn.core.training import order_of_rows
from mixer_nn.session.curve import COLUMNS
from mixer_nn.state.desk import Desk
from mixer_nn.state.last_moves import LastMove, LastMoves
from mixer_nn.state.memo import Memo
from mixer_nn.state.readings import Readings

MOST_OF_A_PAST = 160
"""Points of a parameter's past that are drawn at most."""

_MOVE, _HAND = COLUMNS.index("move"), COLUMNS.index("by_hand")


@dataclass(frozen=True, eq=False)
class Past:
    """A parameter along the run, oldest first: moves (n,), values (n,), True for a hand's move.

    `here` is the move and the value where the mix stands, which in a look back is not the last.
    """

    moves: FloatArray
    values: FloatArray
    by_hand: BoolArray
    here: tuple[float, float]


class Inspection:
    """Numbers about one parameter at a time, each worked out at most once per revision.

    Asking changes nothing: the next batch is read off the seed, no number is drawn for it.
    """

    def __init__(self, desk: Desk, readings: Readings) -> None:
        self._desk, self._readings = desk, readings
        self._moves = LastMoves(desk, desk)
        self._of_now = Memo(lambda: (desk.revision, desk.history.revision))
        self._of_epoch = Memo(lambda: (desk.mix.problem, desk.mix.state.seed, desk.mix.state.epoch))

    @property
    def evaluations(self) -> int:
        """How many results have been worked out so far: what looking has cost."""
        memos = (self._of_now, self._of_epoch)
        return sum(memo.evaluations for memo in memos)

    # -- the loss around it -------------------------------------------------------------------

    @property
    def is_sampled(self) -> bool:
        """Whether the curvature is that of an even sample of the rows, and not of all."""
        return self._readings.shown_objective is not self._desk.mix.problem.objective

    def curvature(self, index: int) -> float:
        """∂²loss/∂p² with the other parameters held."""
        return self._of_now.once(f"curvature {index}", lambda: self._curvature(index))

    def _curvature(self, index: int) -> float:
        vector = self._desk.mix.parameters
        along = np.zeros_like(vector)
        along[index] = 1.0
        return float(hessian_times(self._readings.shown_objective, vector, along)[index])

    def floor(self, index: int) -> float | None:
        """Where the parabola of slope and curvature here is lowest; None where it has no floor."""
        curvature = self.curvature(index)
        if not curvature > 0.0:
            return None
        slope = float(self._readings.gradient[index])
        place = float(self._desk.mix.parameters[index]) - slope / curvature
        return place if math.isfinite(place) else None

    # -- its steps ----------------------------------------------------------------------------

    @property
    def is_mini_batch(self) -> bool:
        """Whether a step is made from some of the rows only."""
        rows = self._desk.mix.problem.objective.rows
        return batch_size(self._desk.settings, rows) < rows

    def next_step(self, index: int) -> StepAccount:
        """How the next step comes about, in parts."""
        return self._of_now.once(f"account {index}", lambda: self._account(index))

    def _account(self, index: int) -> StepAccount:
        desk = self._desk
        batch = self._of_now.once("batch", self._batch)
        return account(desk.mix.network, desk.settings, desk.mix.state, batch, desk.free, index)

    def _batch(self) -> Batch:
        mix = self._desk.mix
        if not self.is_mini_batch:
            return Batch(self._readings.gradient, float(mix.state.epoch), 1.0)
        objective, state = mix.problem.objective, mix.state
        order = self._of_epoch.once(
            "order", lambda: order_of_rows(state.seed, state.epoch, objective.rows)
        )
        return next_batch(objective, self._desk.settings, state, order)

    def last_move(self, index: int) -> LastMove | None:
        """What changed it last, and by how much; None where that is not known."""
        return self._moves.of(index)

    # -- its past -----------------------------------------------------------------------------

    def past(self, index: int) -> Past:
        """The parameter along the run, up to where the mix stands."""
        return self._of_now.once(f"past {index}", lambda: self._past(index))

    def _past(self, index: int) -> Past:
        history = self._desk.history
        moves, values = history.trace((index,), MOST_OF_A_PAST)
        points = history.points
        place = np.searchsorted(points[:, _MOVE], moves)
        inside = place < len(points)
        by_hand = np.zeros(len(moves), dtype=np.bool_)
        by_hand[inside] = points[place[inside], _HAND] > 0.0
        mix = self._desk.mix
        here = float(mix.moves), float(mix.parameters[index])
        return Past(moves, values[:, 0], by_hand, here)
