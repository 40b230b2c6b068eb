"""One stretch of training from start to stop, and the rules by which it ends by itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from time import perf_counter

import numpy as np

from mixer_nn.core.arrays import BoolArray
from mixer_nn.core.objective import Objective, Valuation
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
"""Times the larger of the first loss and the constant predictor's: beyond, it has diverged..."""

JUDGED_EVERY, JUDGED_RARELY, JUDGED_EPOCHS = 250, 1000, 4
"""...if that is still so at the next multiple of so many steps (the second for least squares,
where a step costs much less than the loss), or of so many epochs' steps, if that is more."""

BITE = 2_000_000
"""Multiplications, about, in the steps taken between two looks at the clock."""

REPLAY = 100_000_000
"""Multiplications, about, up to which all losses since the last good place are worked out."""

LONG = 2
"""Parts of a step or of a loss beyond which they may go on over several slices."""


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

    `advance` until `stop` says why it ended. Whatever decides that is looked at in places fixed
    by the count of steps, never by the slices. So is `best`: the state of the lowest loss at the
    places where divergence is judged, where it ends, and since the last of them on the way to a
    divergence, step by step where that is cheap. With `watched` False nothing is looked for but
    divergence: so while a hand is on a knob. Of a long table a slice by the clock may end within a
    step, or before the loss is known: then nothing is shown of it yet, and it is `unfinished`.
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
        # Never infinite: a loss that is no number any more has exploded from wherever it began.
        highest = EXPLODED * max(self.loss, objective.constant_loss, 1e-300)
        self._ceiling = min(highest, float(np.finfo(np.float64).max))
        rows = self._plan.rows_in_a_step
        self._bite = max(1, min(100, BITE // (rows * state.parameters.size)))
        every = JUDGED_RARELY if objective.is_least_squares else JUDGED_EVERY
        self._judged_every = max(every, JUDGED_EPOCHS * objective.rows // self._plan.batch_size)
        self._sound = state
        self.state = self.best = state
        self.best_loss = self.loss
        self._known = state.step, self.loss
        self._is_long = max(self._plan.parts, objective.parts) > LONG
        self._valuation: Valuation | None = None
        self._trained_for = self._valued_for = 0.0
        self._until = math.inf
        self.watched = True
        self._still = 0
        self._plateau_loss, self._plateau_epoch = math.inf, state.epoch
        self._plan.load(state)
        self.stop: Stop | None = Stop.EPOCHS if self._is_at_limit() else None

    @property
    def clipped(self) -> float:
        """The share of the gradient's norm that the limiter took off in the last step; 0: none."""
        return self._plan.clipped

    def advance(self, steps: int | None = None, seconds: float | None = None) -> None:
        """Train for that many steps, or for about so long, or until it ends by itself."""
        if self.stop is not None:
            return
        deadline = None if seconds is None else perf_counter() + seconds
        with np.errstate(all="ignore"):
            if deadline is not None and self._is_long:
                self._advance_in_pieces(steps, deadline)
                return
            while self._valuation is not None:
                self._value_a_piece(self._valuation)
            if self.stop is None:
                self._take(steps, deadline)
                self._show()

    @property
    def unfinished(self) -> bool:
        """Whether something is begun that `state` does not show yet: the next slice goes on."""
        return self._plan.step != self.state.step or self._plan.is_within_a_step

    def _show(self) -> None:
        """Let `state` and `loss` be where the plan stands."""
        self.state, self.loss = self._plan.state(), self._loss_here()
        if self._is_exploded(self.loss):
            self._judge()
        elif self.stop is not None:
            self._note_best(self.state, self.loss)

    def _note_best(self, state: TrainingState, loss: float) -> None:
        if loss < self.best_loss:
            self.best, self.best_loss = state, loss

    def _loss_here(self) -> float:
        """The loss where the plan stands, worked out once for each step."""
        step, loss = self._known
        if step != self._plan.step:
            loss = self._objective.value(self._plan.parameters)
            self._known = self._plan.step, loss
        return loss

    def _is_exploded(self, loss: float) -> bool:
        return not loss <= self._ceiling  # so that NaN counts

    def _take(self, steps: int | None, deadline: float | None) -> None:
        plan = self._plan
        last = math.inf if steps is None else plan.step + steps
        while plan.step < last:
            until = min(self._until_look(), last - plan.step)
            plan.take(int(until if deadline is None else min(until, self._bite)))
            if self._look() or (deadline is not None and perf_counter() >= deadline):
                return

    def _advance_in_pieces(self, steps: int | None, deadline: float) -> None:
        """`_take` and `_show` for long tables, where either may take longer than a slice."""
        if steps is None:
            self._until = math.inf
        elif self._until == math.inf or not self.unfinished:
            self._until = self._plan.step + steps
        while self.stop is None:
            if self._valuation is not None:
                self._value_a_piece(self._valuation)
            elif self._plan.step < self._until:
                self._train_a_piece()
            else:
                return
            if perf_counter() >= deadline:
                return

    def _train_a_piece(self) -> None:
        plan, begin, taken = self._plan, perf_counter(), True
        if plan.parts > 1:
            taken = plan.take_part()
        else:
            plan.take(int(min(self._until_look(), self._until - plan.step, self._bite)))
        self._trained_for += perf_counter() - begin
        if taken and self._is_loss_due():
            self._valuation, self._valued_for = Valuation(self._objective, plan.parameters), 0.0
        elif taken and self._look():
            self._show()

    def _is_loss_due(self) -> bool:
        """Where a look needs it, and as often as it does not take most of the time."""
        plan = self._plan
        return (
            plan.step >= self._until
            or plan.step % self._judged_every == 0
            or (plan.place == 0 and plan.epoch % PLATEAU_EVERY == 0)
            or self._trained_for >= self._valued_for
        )

    def _value_a_piece(self, valuation: Valuation) -> None:
        begin = perf_counter()
        known = valuation.go_on()
        self._valued_for += perf_counter() - begin
        if known:
            self._known = self._plan.step, valuation.loss
            self._valuation, self._trained_for = None, 0.0
            self._look()
            self._show()

    def _until_look(self) -> int:
        """Steps until the next place where something is looked at."""
        plan, limits = self._plan, self._limits
        until = self._judged_every - plan.step % self._judged_every
        if not plan.is_full_batch:
            until = min(until, -(-(self._objective.rows - plan.place) // plan.batch_size))
        elif self.watched:
            until = min(until, 1 if self._still else CHECKED_EVERY - plan.step % CHECKED_EVERY)
        if limits.steps is not None:
            until = min(until, self._first.step + limits.steps - plan.step)
        if limits.epochs is not None and plan.is_full_batch:
            until = min(until, self._first.epoch + limits.epochs - plan.epoch)
        return until

    def _look(self) -> bool:
        """Look at whatever is due at this step; returns whether the slice must end here."""
        plan = self._plan
        if not self.watched:
            self._still = 0
        elif plan.is_full_batch:
            if self._still or plan.step % CHECKED_EVERY == 0:
                self._look_for_stillness()
        elif plan.place == 0 and plan.epoch % PLATEAU_EVERY == 0:
            self._look_for_plateau()
        if self.stop is None and self._is_at_limit():
            self.stop = Stop.EPOCHS
        return self.stop is not None or not self._is_sound()

    def _is_at_limit(self) -> bool:
        plan, limits, first = self._plan, self._limits, self._first
        return (limits.steps is not None and plan.step >= first.step + limits.steps) or (
            limits.epochs is not None and plan.epoch >= first.epoch + limits.epochs
        )

    def _is_sound(self) -> bool:
        """False at a place where divergence is judged, if there is any; remembers the last good."""
        if self._plan.step % self._judged_every == 0:
            if self._is_exploded(self._loss_here()):
                return False
            self._sound = self._plan.state()
            self._note_best(self._sound, self._loss_here())
        return True

    def _look_for_stillness(self) -> None:
        """Settled after ten steps in a row in which no parameter moved more than the tolerance."""
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
        loss, epoch = self._loss_here(), self._plan.epoch
        if loss < self._plateau_loss * (1.0 - PLATEAU_GAIN):
            self._plateau_loss, self._plateau_epoch = loss, epoch
        elif epoch - self._plateau_epoch >= PLATEAU_WINDOW:
            self.stop = Stop.PLATEAU

    def _judge(self) -> None:
        """Whether a loss that has exploded is still so where that is judged; if not, go on.

        The end of a slice may fall on a spike that the training survives. So that no spike is
        seen at one pace and missed at another, the steps up to the next judging place decide.
        """
        plan = self._plan
        while self.stop is None and plan.step % self._judged_every and not self._is_at_limit():
            if np.isnan(plan.parameters).any():
                break  # for good: no need to go and see
            plan.take(min(self._until_look(), 100))
        if self._is_exploded(self._objective.value(plan.parameters)):
            self._name_the_step()
        else:
            plan.load(self.state)

    def _name_the_step(self) -> None:
        """Walk again from the last good place to the blow-up: in strides that are taken again in
        steps, or in steps at once where that costs little and finds the best of all.
        """
        plan, last = self._plan, self._plan.step
        dear = self._judged_every * self._objective.rows * plan.parameters.size > REPLAY
        stride = math.isqrt(self._judged_every) if dear else 1
        before = self._sound
        for pace in dict.fromkeys((stride, 1)):
            plan.load(before)
            exploded = False
            while not exploded:
                before = plan.state()
                plan.take(min(pace, last - plan.step))
                self.loss = self._objective.value(plan.parameters)
                exploded = self._is_exploded(self.loss)
                self._note_best(plan.state(), self.loss)
        self.state, self.stop = plan.state(), Stop.DIVERGED


def train(segment: Segment, interrupted: Callable[[], bool], steps_a_slice: int = 2000) -> Stop:
    """Train until the segment ends by itself, asking between slices whether to stop before."""
    while segment.stop is None:
        if interrupted():
            segment.stop = Stop.INTERRUPTED
            break
        segment.advance(steps=steps_a_slice)
    return segment.stop
