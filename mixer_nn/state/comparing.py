"""Two optimizers from the very same start: the run there is, and another of as many steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.segment import Stop
from mixer_nn.core.training import TrainingState
from mixer_nn.session.mix import Mix, Setup
from mixer_nn.state.automix import AutoMix
from mixer_nn.state.desk import Desk

FIRST_STEPS = 100
"""Steps that both take where the present run has taken none yet."""


class Phase(Enum):
    """What a comparison is at."""

    OVER = auto()
    FIRST = auto()
    SECOND = auto()


@dataclass(frozen=True)
class Leg:
    """How far one optimizer came: `stop` is why it ended by itself before its time, if it did.

    `optimizer` None: hands were at work alone.
    """

    optimizer: str | None
    steps: int
    loss: float
    stop: Stop | None = None


@dataclass(frozen=True)
class Verdict:
    """The two legs of a comparison, the later first."""

    other: Leg
    kept: Leg


class Comparing(QObject):
    """Keeps the present run, goes back to its start, and lets another optimizer take its steps.

    `begin` does all of it; Auto-mix plays at the tempo that is set, and pauses after exactly as
    many steps. Whatever else is done meanwhile ends the comparison, and nothing more. `verdict` is
    there from its end until something else happens.
    """

    changed = Signal()

    def __init__(self, desk: Desk, automix: AutoMix, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._automix = desk, automix
        self._phase, self._arranging = Phase.OVER, False
        self._begun_at = 0
        self._ended_at = desk.mix.state
        self._setup = desk.setup
        self.kept: Leg | None = None
        self.optimizer = ""
        self.steps = 0
        self.verdict: Verdict | None = None
        automix.changed.connect(self._on_automix)
        desk.gesture_beginning.connect(self.end)
        desk.pausing.connect(self.end)
        desk.setup_changed.connect(self._on_setup)

    @property
    def phase(self) -> Phase:
        """What it is at: the run to compare with, where there was none; the other; or nothing."""
        return self._phase

    @property
    def is_on(self) -> bool:
        """Whether a comparison is under way."""
        return self._phase is not Phase.OVER

    def begin(self, optimizer: str) -> None:
        """Compare the present run with `optimizer`, at its automatic learning rate and usual self.

        Where the present run has taken no step yet, it takes a hundred first. KeyError for an
        optimizer that there is not.
        """
        OPTIMIZERS[optimizer]
        self.end()
        self._automix.pause()
        self._desk.let_go()
        self._desk.leave_visit()
        self.optimizer = optimizer
        steps = self._start()[1]
        if steps > 0:
            self._go_on(None)
        else:
            self._play(Phase.FIRST, FIRST_STEPS)

    def end(self) -> None:
        """Leave it: what has been trained stays, and Auto-mix goes on if it plays."""
        if self._arranging:
            return
        was = self.is_on or self.verdict is not None
        self._phase, self.verdict = Phase.OVER, None
        if was:
            self._automix.until = None
            self.changed.emit()

    # -- the two legs -------------------------------------------------------------------------

    def _start(self) -> tuple[Mix, int]:
        """Where the present run's steps began, as a new run, and how many it has taken since.

        That is its start, unless hands have turned knobs before the first step; a run may also have
        begun with another's weights, as where a layer was added.
        """
        head = self._desk.mix
        mix = head.back_at_start(self._desk.history.new_run())
        begun = self._begun()
        if begun is None or begun.parameters.size != head.parameters.size:
            return mix, head.state.step
        if begun.parameters.tobytes() != mix.parameters.tobytes():
            mix = mix.with_state(replace(mix.origin, parameters=begun.parameters))
        return mix, head.state.step - begun.step

    def _begun(self) -> TrainingState | None:
        """The last state before the present run's first step; None where it is not known."""
        history = self._desk.history
        moves, points = history.moves_kept, history.points
        if not len(moves) or not len(points) or moves[0] != points[0, 0]:
            return None
        step = history.nearest(int(moves[0]))[1].step
        before, beyond = 0, len(moves)
        while beyond - before > 1:
            middle = (before + beyond) // 2
            if history.nearest(int(moves[middle]))[1].step == step:
                before = middle
            else:
                beyond = middle
        return history.nearest(int(moves[before]))[1]

    def _go_on(self, stop: Stop | None) -> None:
        """The run there is has come as far as it is to: keep it, and begin the other."""
        desk = self._desk
        mix, steps = self._start()
        run = desk.history.run(desk.mix.run)
        trained = None if run is None else run.setup
        kept = None if trained is None else trained.optimizer
        self.kept = Leg(kept, steps, desk.losses[0], stop)
        usual = Setup()
        setup = replace(
            desk.setup,
            optimizer=self.optimizer,
            learning_rate=None,
            momentum=usual.momentum,
            decay=usual.decay,
        )
        self._arranging = True
        desk.keep_run(desk.mix.run, True)
        desk.put(mix, f"compare with {OPTIMIZERS[self.optimizer].title}")
        desk.set_setup(setup)
        self._arranging = False
        self._play(Phase.SECOND, steps)

    def _play(self, phase: Phase, steps: int) -> None:
        self._phase, self.steps = phase, steps
        self._begun_at, self._setup = self._desk.mix.state.step, self._desk.setup
        self._arranging = True
        self._automix.play(steps)
        self._arranging = False
        if not self._automix.playing:  # every knob is locked, which Auto-mix says itself
            self._phase = Phase.OVER
        self.changed.emit()

    # -- what happens -------------------------------------------------------------------------

    def _on_automix(self) -> None:
        if self._arranging:
            return
        state = self._desk.mix.state
        if self.verdict is not None and (self._automix.playing or state is not self._ended_at):
            self.end()
        if self._automix.playing or not self.is_on:
            return
        phase, self._phase = self._phase, Phase.OVER
        taken = state.step - self._begun_at
        outcome = self._automix.outcome
        stop = None if outcome is None else outcome.stop
        settled = stop in (Stop.SETTLED, Stop.PLATEAU) and taken > 0
        if not settled and (outcome is not None or taken != self.steps):
            self.changed.emit()  # somebody paused, or it diverged, which Auto-mix says itself
        elif phase is Phase.FIRST:
            self._go_on(stop)
        elif self.kept is not None:
            other = Leg(self.optimizer, taken, self._desk.losses[0], stop)
            self.verdict, self._ended_at = Verdict(other, self.kept), state
            self.changed.emit()

    def _on_setup(self) -> None:
        """Another learning rate is another comparison; another tempo is not."""
        setup = self._desk.setup
        if self.is_on and replace(setup, tempo=1.0) != replace(self._setup, tempo=1.0):
            self.end()
