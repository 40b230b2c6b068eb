"""From a gradient to a change of the parameters: penalties, limiter, schedule, optimizer.

`updated` is the version to read; `Update` prepares the same as a list of calls. What is not used
is not in the list, so nothing is branched on in a step.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from mixer_nn.core.arrays import BoolArray, Call, FloatArray, IntArray
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.optimizers import OPTIMIZERS, Step, Workspace
from mixer_nn.core.schedule import factor
from mixer_nn.core.training import FULL_BATCH, Settings, TrainingState

CLIP_EPSILON = 1e-6
"""What PyTorch adds to the norm before it divides by it."""


def updated(
    network: Network,
    settings: Settings,
    state: TrainingState,
    gradient: FloatArray,
    free: BoolArray,
    step_in_epochs: float,
    epochs: float,
) -> tuple[FloatArray, FloatArray]:
    """The change of the parameters, and the optimizer's new memory.

    `gradient` is that of the loss by the parameters of `state`; `free` is True where the
    optimizer may move one; `epochs` says where in the training the step begins, and
    `step_in_epochs` how long it is.
    """
    vector, weights = state.parameters, network.is_weight
    pulled = gradient + weights * (settings.l2 * vector + settings.l1 * np.sign(vector))
    pulled = np.where(free, pulled, 0.0)
    if settings.clip is not None:
        norm = float(np.sqrt(pulled @ pulled))
        pulled = pulled * min(1.0, settings.clip / (norm + CLIP_EPSILON))
    rate = settings.learning_rate * factor(
        settings.schedule, epochs, settings.warm_up, settings.horizon, step_in_epochs
    )
    slots, count = state.memory_for(settings.optimizer)
    decay = settings.decay * weights
    step = Step(vector, pulled, slots, rate, settings.momentum, decay, count)
    change, slots = OPTIMIZERS[settings.optimizer].update(step)
    return np.where(free, change, 0.0), np.where(free, slots, 0.0)


class Update:
    """The calls after the gradient of a planned step, the last of which changes the parameters."""

    def __init__(
        self, objective: Objective, settings: Settings, free: BoolArray, work: Workspace
    ) -> None:
        self._limiter: _Limiter | None = None
        self._pace: _Pace | None = None
        held = np.flatnonzero(~free)
        self.calls: list[Call] = [
            *self._penalties(objective.network.is_weight, settings, work),
            *self._hold(held, settings, work),
            *self._clip(settings, work),
            *self._schedule(objective.rows, settings, work),
            *OPTIMIZERS[settings.optimizer].plan(work),
            *self._keep(held, work),
            partial(np.add, work.parameters, work.change, work.parameters),
        ]

    @property
    def clipped(self) -> float:
        """The share of the gradient's norm that the limiter took off in the last step; 0: none."""
        return 0.0 if self._limiter is None else self._limiter.taken_off

    def begin(self, epoch: int, place: int) -> None:
        """The next step begins here, for the schedule to know."""
        if self._pace is not None:
            self._pace.begin(epoch, place)

    def _penalties(self, weights: FloatArray, settings: Settings, work: Workspace) -> list[Call]:
        calls: list[Call] = []
        pull = np.empty_like(work.change)
        if settings.l2:
            calls += [
                partial(np.multiply, work.parameters, settings.l2 * weights, pull),
                partial(np.add, work.gradient, pull, work.gradient),
            ]
        if settings.l1:
            calls += [
                partial(np.sign, work.parameters, pull),
                partial(np.multiply, pull, settings.l1 * weights, pull),
                partial(np.add, work.gradient, pull, work.gradient),
            ]
        return calls

    def _hold(self, held: IntArray, settings: Settings, work: Workspace) -> list[Call]:
        """Keep what is held out of the norm, and out of the optimizer's memory."""
        remembers = len(work.slots) > 0
        if not held.size or (settings.clip is None and not remembers):
            return []
        silence: Call = partial(work.gradient.__setitem__, held, 0.0)
        return [silence]

    def _keep(self, held: IntArray, work: Workspace) -> list[Call]:
        """Make the change of what is held exactly nothing."""
        # Minus nothing: added, it leaves even the sign of a zero, as plus nothing would not.
        silence: Call = partial(work.change.__setitem__, held, -0.0)
        return [silence] if held.size else []

    def _clip(self, settings: Settings, work: Workspace) -> list[Call]:
        if settings.clip is None:
            return []
        self._limiter = _Limiter(work.gradient, settings.clip)
        return [self._limiter]

    def _schedule(self, rows: int, settings: Settings, work: Workspace) -> list[Call]:
        if settings.schedule == "constant" and not settings.warm_up:
            return []
        self._pace = _Pace(rows, settings, work.minus_rate)
        return [self._pace]


class _Limiter:
    """Clips the gradient to a norm (Pascanu, Mikolov and Bengio, 2013), and notes how much."""

    def __init__(self, gradient: FloatArray, most: float) -> None:
        self._gradient, self._most = gradient, most
        self._square, self._factor = gradient.dot, np.ones(())
        self.taken_off = 0.0

    def __call__(self) -> None:
        norm = float(self._square(self._gradient)) ** 0.5
        kept = min(1.0, self._most / (norm + CLIP_EPSILON))
        self.taken_off = 1.0 - kept
        self._factor[()] = kept
        np.multiply(self._gradient, self._factor, self._gradient)


class _Pace:
    """Sets the learning rate of each step by the schedule, counting the epochs as the plan does."""

    def __init__(self, rows: int, settings: Settings, minus_rate: FloatArray) -> None:
        full = settings.batch_size == FULL_BATCH or settings.batch_size >= rows
        self._rows, self._batch = rows, rows if full else settings.batch_size
        self._settings, self._minus_rate = settings, minus_rate
        self._epoch = self._place = 0

    def begin(self, epoch: int, place: int) -> None:
        # A full batch is an epoch of its own, wherever the one before was left.
        self._epoch, self._place = epoch, 0 if self._batch == self._rows else place

    def __call__(self) -> None:
        settings = self._settings
        share = factor(
            settings.schedule,
            self._epoch + self._place / self._rows,
            settings.warm_up,
            settings.horizon,
            self._batch / self._rows,
        )
        self._minus_rate[()] = -settings.learning_rate * share
        self._place += self._batch
        if self._place >= self._rows:
            self._epoch, self._place = self._epoch + 1, 0
