"""Steps taken once more, from a kept state to the very one that followed it so many steps later."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from mixer_nn.core.plan import Plan
from mixer_nn.core.segment import BITE
from mixer_nn.core.training import TrainingState
from mixer_nn.session.record import Way


class Replay:
    """Takes `steps` steps from `state` on, the way they were taken then, to the same bits.

    `state` is where it stands after each call of `advance`: in the end the one that was asked for.
    Raises ValueError where the way is not known, or the steps are less than none.
    """

    def __init__(self, state: TrainingState, way: Way, steps: int) -> None:
        if way.problem is None:
            raise ValueError("steps on data that are not known cannot be taken again")
        if steps < 0:
            raise ValueError("steps cannot be taken back")
        self.state = state
        self._last = state.step + steps
        self._plan = plan = Plan(way.problem.objective, way.settings, way.free)
        plan.load(state)
        work = plan.rows_in_a_step * state.parameters.size
        self._bite = max(1, min(100, BITE // max(work, 1)))

    @property
    def arrived(self) -> bool:
        """Whether `state` is the one that was asked for."""
        return self.state.step == self._last

    def advance(self, seconds: float) -> bool:
        """Go on for about so long; returns whether it has arrived.

        Of a long table a step may take several calls; `state` shows whole steps only.
        """
        if self.arrived:
            return True
        plan, deadline = self._plan, perf_counter() + seconds
        with np.errstate(all="ignore"):
            while plan.step < self._last:
                if plan.parts > 1:
                    plan.take_part()
                else:
                    plan.take(min(self._bite, self._last - plan.step))
                if perf_counter() >= deadline:
                    break
        if plan.step != self.state.step:
            self.state = plan.state()
        return self.arrived
