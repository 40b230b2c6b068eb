"""One stretch of training from start to stop, and the rules by which it ends by itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from time import perf_counter

import numpy as np

from mixer_nn.core.arrays import BoolArray
from mixer_nn.core.objective import Objective
from mixer_nn.core.plan import Plan
from mixer_nn.core.training import Settings, TrainingState

CHECKED_EVERY = 10
"""Steps between looks at whether the parameters still move, and how many must be still."""

PLATEAU_WINDOW = 200
"""Epochs of mini-batch training within which the best loss must get better by..."""

PLATEAU_GAIN = 1e-3
"""...this share of itself, or it has reached its plateau."""

PLATEAU_EVERY = 10
"""Epochs between looks at the loss for that; fixed places, so that the pace does not matter."""

EXPLODED = 1000.0
"""Times the larger of the first loss and the constant predictor's: beyond, it has diverged."""


class Stop(Enum):
    """Why a training stopped."""

    SETTLED = "settled"
    PLATEAU = "plateau"
    EPOCHS = "epochs"
    DIVERGED = "diverged"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Limits:
    """Where to stop at the latest: a count of epochs, or of steps; None: nowhere."""

    epochs: int | None = None
    steps: int | None = None


class Segment:
    """Trains from `state` on, in slices of any length, to the same result bit for bit.

    `advance` until `stop` says why it ended. `best` is the state of the lowest loss seen at the
    end of a slice (of a step, in the slice that diverged). With `watched` False nothing is
    looked for but divergence: so while a hand is on a knob.
    """

    def __init__(
        self,
        objective: Objective,
        settings: Settings,
        state: TrainingState,
        free: BoolArray | None = None,
        limits: Limits = Limits(),
    ) -> None:
        self._objective, self._tolerance = objective, settings.tolerance
        everything = np.ones(state.parameters.size, dtype=np.bool_)
        self._plan = Plan(objective, settings, everything if free is None else free)
        self._limits, self._first = limits, state
        self.loss = objective.value(state.parameters)
        self._ceiling = EXPLODED * max(self.loss, objective.constant_loss, 1e-300)
        self.state = self.best = state
        self.best_loss = self.loss
        self.stop: Stop | None = None
        self.watched = True
        self._still = 0
        self._plateau_loss, self._plateau_epoch = math.inf, state.epoch

    def advance(self, steps: int | None = None, seconds: float | None = None) -> None:
        """Train for that many steps, or for about so long, or until it ends by itself."""
        if self.stop is not None:
            return
        begin = self.state
        self._plan.load(begin)
        # A step that is not finite, and a loss that is not, are both seen at the slice's end.
        self._take(steps, None if seconds is None else perf_counter() + seconds)
        self.state = self._plan.state()
        self.loss = self._objective.value(self.state.parameters)
        if self._exploded(self.loss):
            self._replay(begin)
        elif self.loss < self.best_loss:
            self.best, self.best_loss = self.state, self.loss

    def _exploded(self, loss: float) -> bool:
        return not loss <= self._ceiling  # so that NaN counts

    def _take(self, steps: int | None, deadline: float | None) -> None:
        plan = self._plan
        last = math.inf if steps is None else plan.step + steps
        while plan.step < last and self.stop is None:
            plan.run(int(min(self._until_look(), last - plan.step)))
            self._look()
            if deadline is not None and perf_counter() >= deadline:
                return

    def _until_look(self) -> int:
        """Steps until the next place where something is looked at; fixed places, not slices."""
        plan = self._plan
        until = 1 if self._still else CHECKED_EVERY - plan.step % CHECKED_EVERY
        if not plan.is_full_batch:
            rows, place = self._objective.rows, plan.place
            until = -(-(rows - place) // plan.batch_size)
        if self._limits.steps is not None:
            until = min(until, self._first.step + self._limits.steps - plan.step)
        if self._limits.epochs is not None and plan.is_full_batch:
            until = min(until, self._first.epoch + self._limits.epochs - plan.epoch)
        return max(until, 1)

    def _look(self) -> None:
        plan, limits = self._plan, self._limits
        if self.watched:
            if plan.is_full_batch:
                self._look_for_stillness()
            elif plan.place == 0 and plan.epoch % PLATEAU_EVERY == 0:
                self._look_for_plateau()
        if self.stop is None and (
            (limits.steps is not None and plan.step >= self._first.step + limits.steps)
            or (limits.epochs is not None and plan.epoch >= self._first.epoch + limits.epochs)
        ):
            self.stop = Stop.EPOCHS

    def _look_for_stillness(self) -> None:
        """Settled after ten steps in a row in which no parameter moved more than the tolerance."""
        if not self._still and self._plan.step % CHECKED_EVERY:
            return
        self._still = self._still + 1 if self._is_still() else 0
        if self._still >= CHECKED_EVERY:
            self.stop = Stop.SETTLED

    def _is_still(self) -> bool:
        change, vector = self._plan.change, self._plan.parameters
        # Cheap, and never false where the exact test below is true: Σ max(1, |p|)² ≤ n + ‖p‖².
        if not change.dot(change) <= self._tolerance**2 * (vector.size + vector.dot(vector)):
            return False
        reach = self._tolerance * np.maximum(1.0, np.abs(vector))
        return bool((np.abs(change) <= reach).all())

    def _look_for_plateau(self) -> None:
        """On a plateau when the best loss has hardly got better over the window."""
        loss, epoch = self._objective.value(self._plan.parameters), self._plan.epoch
        if loss < self._plateau_loss * (1.0 - PLATEAU_GAIN):
            self._plateau_loss, self._plateau_epoch = loss, epoch
        elif epoch - self._plateau_epoch >= PLATEAU_WINDOW:
            self.stop = Stop.PLATEAU

    def _replay(self, begin: TrainingState) -> None:
        """Walk the slice again one step at a time, to name the step at which it blew up."""
        self._plan.load(begin)
        final = self.state.step
        while self._plan.step < final:
            self._plan.run(1)
            loss = self._objective.value(self._plan.parameters)
            if self._exploded(loss):
                break
            if loss < self.best_loss:
                self.best, self.best_loss = self._plan.state(), loss
        self.state, self.loss = self._plan.state(), loss
        self.stop = Stop.DIVERGED


def train(segment: Segment, interrupted: Callable[[], bool], steps_a_slice: int = 2000) -> Stop:
    """Train until the segment ends by itself, asking between slices whether to stop before."""
    while segment.stop is None:
        if interrupted():
            segment.stop = Stop.INTERRUPTED
            break
        segment.advance(steps=steps_a_slice)
    return segment.stop
