"""One step in slow motion: forward, loss, backward, update, at a pace that a class can follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
from PySide6.QtCore import QObject, Signal

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.training import Settings, rows_of_next_step
from mixer_nn.session.mix import Mix
from mixer_nn.state.automix import AutoMix
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.desk import Desk
from mixer_nn.state.preferences import Preferences
from mixer_nn.state.spotlight import Spotlight

PACES = (600.0, 1200.0, 2400.0, 4000.0, 7000.0)
"""Milliseconds that a phase may last while it plays; `slower` and `faster` choose among them."""
USUAL_PACE = 2
SWEEP = 900.0
"""Milliseconds in which the channels of a layer light up, one after the other, at most..."""
SWEEP_SHARE = 0.5
"""...and of the pace that share."""


class Stage(Enum):
    """What a phase is about."""

    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"


@dataclass(frozen=True)
class Phase:
    """A phase; of forward and backward there is one for each layer, from 1, else it is 0."""

    stage: Stage
    layer: int = 0


def phases_of(network: Network) -> tuple[Phase, ...]:
    """All phases of a step, in their order."""
    layers = range(1, len(network.sizes))
    forward = (Phase(Stage.FORWARD, layer) for layer in layers)
    backward = (Phase(Stage.BACKWARD, layer) for layer in reversed(layers))
    return (*forward, Phase(Stage.LOSS), *backward, Phase(Stage.UPDATE))


@dataclass(frozen=True, eq=False)
class StepAhead:
    """What the step is made of: where it begins, and the rows that it looks at.

    `rows` are indices into the data, (rows,); `objective` is the loss over those alone.
    """

    mix: Mix
    settings: Settings
    rows: IntArray
    objective: Objective

    @classmethod
    def of(cls, mix: Mix, settings: Settings) -> StepAhead:
        """The next step of a mix; read off without touching what a step depends on."""
        whole = mix.problem.objective
        taken = rows_of_next_step(mix.state, settings.batch_size, whole.rows)
        rows = np.flatnonzero(~mix.dataset.held_out)[taken]
        if taken.size == whole.rows:
            return cls(mix, settings, rows, whole)
        part = Objective(whole.network, whole.loss_name, whole.inputs[taken], whole.targets[taken])
        return cls(mix, settings, rows, part)

    @property
    def is_full_batch(self) -> bool:
        """Whether it looks at every training row."""
        return self.objective is self.mix.problem.objective

    @cached_property
    def loss(self) -> float:
        """The loss over its rows, before the step."""
        return self.objective.value(self.mix.parameters)

    @cached_property
    def whole_loss(self) -> float:
        """The loss over all training rows, before the step."""
        return self.mix.problem.objective.value(self.mix.parameters)

    @cached_property
    def slopes(self) -> FloatArray:
        """∂loss/∂p over its rows, before the step, (parameters,)."""
        return self.objective.gradient(self.mix.parameters)


class SlowMotion(QObject):
    """Goes through the phases of the next step; in the last of them the step itself is taken.

    It is the ordinary step and none of its own, so nothing about the result differs. Until then
    it only looks. Whatever else changes the mix meanwhile ends it. `changed` tells of the phase,
    whether it is on and whether it plays; `swept` that another channel is reached; `interrupted`
    that something ended it before the step was taken. `reached` counts what the forward pass has
    come to in the layer of its phase: channels; of one neuron each input and its weight, b, and ŷ.
    """

    changed = Signal()
    swept = Signal()
    interrupted = Signal()

    def __init__(
        self,
        desk: Desk,
        automix: AutoMix,
        clock: FrameClock,
        preferences: Preferences,
        spotlight: Spotlight,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._automix, self._clock = desk, automix, clock
        self._preferences, self._spotlight = preferences, spotlight
        self.step: StepAhead | None = None
        self.phases: tuple[Phase, ...] = ()
        self.place = 0
        self.playing = False
        self.revision = 0
        self._pace = USUAL_PACE
        self._elapsed = 0.0
        self.reached = 0
        self._acting = False
        self._expected = desk.mix
        desk.dirtied.connect(self._watch)
        automix.changed.connect(self._watch)

    # -- where it stands ----------------------------------------------------------------------

    @property
    def is_on(self) -> bool:
        """Whether a step is under way in slow motion."""
        return self.step is not None

    @property
    def phase(self) -> Phase | None:
        """The present phase; None while it is off."""
        return self.phases[self.place] if self.is_on else None

    @property
    def stage(self) -> Stage | None:
        """What the present phase is about; None while it is off."""
        phase = self.phase
        return None if phase is None else phase.stage

    @property
    def pace(self) -> float:
        """Milliseconds that a phase lasts while it plays."""
        return PACES[self._pace]

    @property
    def is_slowest(self) -> bool:
        """Whether phases last as long as they may."""
        return self._pace == len(PACES) - 1

    @property
    def is_fastest(self) -> bool:
        """Whether phases last as short as they may."""
        return self._pace == 0

    def is_reached(self, layer: int, neuron: int) -> bool:
        """Whether forward pass, or backward pass, have come to a neuron, both from 1."""
        phase = self.phase
        if phase is None or phase.stage in (Stage.LOSS, Stage.UPDATE):
            return True
        if phase.stage is Stage.BACKWARD:
            return layer >= phase.layer
        return layer < phase.layer or self.is_lit(layer, neuron)

    def is_lit(self, layer: int, neuron: int) -> bool:
        """Whether the present phase is about this neuron."""
        phase = self.phase
        if phase is None or layer != phase.layer:
            return False
        return phase.stage is Stage.BACKWARD or neuron <= self.reached

    def has_slopes(self, layer: int) -> bool:
        """Whether the step knows the slopes of a layer's knobs already."""
        phase = self.phase
        if phase is None:
            return False
        back = phase.stage is Stage.BACKWARD and layer >= phase.layer
        return back or phase.stage is Stage.UPDATE

    # -- buttons ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin with the next step, wherever the training stands, and let it play."""
        if self.is_on:
            return
        self._automix.pause()
        if self._desk.mix.locked.all():
            self._automix.step(1)  # there is none to be taken: it says so
            return
        self._desk.let_go()
        self._spotlight.light(None)
        self.step = StepAhead.of(self._desk.mix, self._desk.settings)
        self.phases = phases_of(self._desk.mix.network)
        self._expected = self._desk.mix
        self.playing = True
        self.revision += 1
        self.place = 0
        self._enter()

    def begin_or_go_on(self) -> None:
        """Begin; or, where it is on, go to the next phase by hand."""
        if self.is_on:
            self.next()
        else:
            self.begin()

    def next(self) -> None:
        """Go to the next phase by hand; after the last it is over."""
        if self.is_on:
            self.playing = False
            self._go_on()

    def back(self) -> None:
        """Go to the phase before by hand; from the last one by taking the step back."""
        self._go_back_to(self.place - 1)

    def back_to_first(self) -> None:
        """Go to the first phase by hand."""
        self._go_back_to(0)

    def toggle(self) -> None:
        """Play, or stay in the phase."""
        if self.is_on:
            self.playing = not self.playing
            self._elapsed = min(self._elapsed, self._sweep)
            self._clock.move(self)
            self.changed.emit()

    def slower(self) -> None:
        """Let phases last longer."""
        self._set_pace(self._pace + 1)

    def faster(self) -> None:
        """Let phases last shorter."""
        self._set_pace(self._pace - 1)

    def _set_pace(self, pace: int) -> None:
        self._pace = min(max(pace, 0), len(PACES) - 1)
        self.changed.emit()

    def cancel(self) -> None:
        """Leave it where it is: before the last phase nothing has happened."""
        if self.is_on:
            self.step, self.phases, self.place = None, (), 0
            self.playing = False
            self.revision += 1
            self._clock.drop(self)
            self.changed.emit()

    # -- from phase to phase ------------------------------------------------------------------

    def _go_on(self) -> None:
        if self.place + 1 == len(self.phases):
            self.cancel()
            return
        self.place += 1
        if self.stage is Stage.UPDATE:
            self._act(self._take_the_step)
        self._enter()

    def _go_back_to(self, place: int) -> None:
        if not self.is_on or place < 0:
            return
        self.playing = False
        before, self.place = self.stage, place
        if before is Stage.UPDATE:
            self._act(self._desk.undo)
        self._enter()

    def _take_the_step(self) -> None:
        self._automix.step(1)

    def _act(self, change: Callable[[], None]) -> None:
        """Change the mix, and let all views show it together with the phase it belongs to."""
        self._acting = True
        try:
            change()
            self._desk.flush()
        finally:
            self._acting = False
        self._expected = self._desk.mix

    def _enter(self) -> None:
        self._elapsed, self.reached = 0.0, 0
        self._reach()
        self._clock.move(self)
        self.changed.emit()

    @property
    def _sweep(self) -> float:
        """Milliseconds in which the channels of a layer light up."""
        return min(SWEEP, SWEEP_SHARE * self.pace)

    def _reach(self) -> bool:
        """Reach as many channels as it is time for; whether that was another one."""
        phase = self.phase
        if phase is None or phase.stage is not Stage.FORWARD:
            return False
        size = self._things_in(phase.layer)
        share = self._elapsed / self._sweep
        reached = size if self._preferences.reduced_motion else min(1 + int(share * size), size)
        before, self.reached = self.reached, max(self.reached, reached)
        return self.reached > before

    def _things_in(self, layer: int) -> int:
        """How many things light up in a layer: its channels; of one neuron the equation's signs."""
        sizes = self._expected.network.sizes
        return 2 * sizes[0] + 2 if sizes[1:] == (1,) else sizes[layer]

    def advance(self, milliseconds: float) -> bool:
        """Go on by a frame; True while something is still to come by itself."""
        if not self.is_on:
            return False
        self._elapsed += milliseconds
        if self._reach():
            self.swept.emit()
        if self.playing and self._elapsed >= self.pace:
            self._go_on()
        return self.playing or self._elapsed < self._sweep

    # -- what ends it -------------------------------------------------------------------------

    def _watch(self) -> None:
        """Leave when anything has changed that the step depends on, or another one begins."""
        step, desk = self.step, self._desk
        if step is None or self._acting:
            return
        same = desk.mix is self._expected and desk.settings == step.settings
        if same and not self._automix.playing:
            return
        taken = self.stage is Stage.UPDATE
        self.cancel()
        if not taken:
            self.interrupted.emit()
