"""The door through which every change of the mix goes: training, files, undo, looks back."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.problem import Problem
from mixer_nn.core.training import Settings, TrainingState
from mixer_nn.session.curve import Curve
from mixer_nn.session.mix import Mix, Setup
from mixer_nn.session.record import Way
from mixer_nn.session.saved import SavedRun
from mixer_nn.state.history import History, Losses
from mixer_nn.state.undo import UndoStack
from mixer_nn.state.visit import Visit


class Door(QObject):
    """Owns the mix, how Auto-mix is set, the history and the undo stack.

    What a hand does is `Hand`, which builds on this, and what can be done by name is `Desk`.
    """

    changed = Signal()
    rewired = Signal()
    swapped = Signal(int, int)
    setup_changed = Signal()
    runs_changed = Signal()
    dirtied = Signal()
    gesture_beginning = Signal()
    gesture_ended = Signal()
    pausing = Signal()
    visit_beginning = Signal()
    undo_changed = Signal()

    def __init__(self, mix: Mix, setup: Setup, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = History()
        self.undo_stack = UndoStack(self)
        self.undo_stack.changed.connect(self.undo_changed)
        self._mix, self._setup = mix, setup
        self.revision = 0
        self._visit: Visit | None = None
        self._dirty = self._rewired = False
        self._known: tuple[Problem, FloatArray, Losses] | None = None
        self.history.begin(mix, self._loss(mix))
        self._runs_announced = self.history.runs_revision

    # -- what there is ------------------------------------------------------------------------

    @property
    def mix(self) -> Mix:
        """The mix as it stands, or as it stood where somebody looks back."""
        return self._mix

    @property
    def setup(self) -> Setup:
        """How Auto-mix is set."""
        return self._setup

    @property
    def learning_rate(self) -> float:
        """The learning rate that the next step takes: the chosen one, or the automatic."""
        return self._setup.rate(self._mix.problem)

    @property
    def settings(self) -> Settings:
        """The settings that the next step is taken with."""
        return self._setup.settings(self._mix.problem)

    @property
    def free(self) -> BoolArray:
        """True where the optimizer may move a parameter."""
        return ~self._mix.locked

    @property
    def losses(self) -> Losses:
        """Training and held-out loss (NaN: nothing held out), worked out once for each mix."""
        known, mix = self._known, self._mix
        if known is None or known[0] is not mix.problem or known[1] is not mix.parameters:
            self._know(self._loss(mix))
        assert self._known is not None
        return self._known[2]

    def _know(self, losses: Losses) -> None:
        self._known = (self._mix.problem, self._mix.parameters, losses)

    def _loss(self, mix: Mix, loss: float | None = None) -> Losses:
        """Training and held-out loss of a mix; `loss` is the first where that is known."""
        held_out = mix.problem.held_out
        other = math.nan if held_out is None else held_out.value(mix.parameters)
        return mix.problem.objective.value(mix.parameters) if loss is None else loss, other

    # -- looking back -------------------------------------------------------------------------

    @property
    def is_visiting(self) -> bool:
        """Whether `mix` is one of the past, which history and undo do not notice."""
        return self._visit is not None

    @property
    def head(self) -> Mix:
        """The mix where the history stands, whatever is looked at."""
        return self._mix if self._visit is None else self._visit.head

    @property
    def place(self) -> int:
        """The move that is looked at; of the past, the one that was asked for."""
        return self._mix.moves if self._visit is None else self._visit.place

    @property
    def is_refining(self) -> bool:
        """Whether the exact move that was asked for is still being worked out."""
        return self._visit is not None and self._visit.replay is not None

    def visit(self, move: int) -> None:
        """Show the present run as it was at `move`, or at the nearest of its ends.

        At once the nearest state that is kept, and the exact step as soon as it has been taken
        again. History and undo do not notice. Whoever then turns a knob or trains goes on from
        there in a branch; `leave_visit` is back in the present.
        """
        self.let_go()
        move = min(max(move, self.history.first), self.history.last)
        if move == self.place:
            return
        if move == self.history.last:
            self.leave_visit()
            return
        if self._visit is None:
            self.visit_beginning.emit()
        visit = self._visit = Visit(self.head, move, None)
        kept = self.history.nearest(move)
        if kept[0] != move:
            visit.replay = self.history.replay(move)
        self._see(visit.seen(*kept))

    def refine(self, seconds: float = math.inf) -> None:
        """Spend up to `seconds` on taking the steps again that lead to exactly where we look."""
        mix = None if self._visit is None else self._visit.refine(seconds)
        if mix is not None:
            self._see(mix)

    def leave_visit(self) -> None:
        """Back to the present."""
        if self._visit is not None:
            self.let_go()
            head, self._visit = self._visit.head, None
            self._see(head)

    def adopt(self) -> None:
        """Make the past that is looked at the present: a branch, as one step of undo."""
        self.refine()
        visit, self._visit = self._visit, None
        if visit is not None:
            run = self.history.branch(visit.head.run, self._mix.moves)
            self._mix = replace(self._mix, run=run)
            self.history.begin(self._mix, self.losses)
            self._mark_dirty()
            self.push(visit.head, f"go back to move {self._mix.moves}")

    def _see(self, mix: Mix) -> None:
        self._mix = mix
        self._mark_dirty()

    # -- the machine, files, undo -------------------------------------------------------------

    def train_to(
        self, state: TrainingState, loss: float, way: Way | None = None, seconds: float = 0.0
    ) -> None:
        """Take over where a training has got to, at that loss.

        `way` is how its steps were made, where all were made alike; `seconds` is what they took.
        """
        self._before_steps()
        moves = self._mix.moves + max(0, state.step - self._mix.state.step)
        # Who falls back to a good state has no way there that could be walked again.
        way = way if state.step > self._mix.state.step else None
        self._mix = replace(self._mix.with_state(state), moves=moves)
        self._know(self._loss(self._mix, loss))
        self.history.record(
            self._mix, self.losses, by_hand=False, way=way, seconds=seconds, setup=self._setup
        )
        self._mark_dirty()

    def put(self, mix: Mix, text: str) -> None:
        """Put another mix on the desk, as one step of undo named `text`."""
        self.let_go()
        self.pausing.emit()
        before, self._visit = self.head, None
        self._take(mix)
        self.push(before, text)

    def restore(self, mix: Mix) -> None:
        """Put a mix on the desk without a step of undo: what undo and redo themselves do."""
        self._take(mix)

    def take_up(self, number: int) -> None:
        """Put the last mix of another run back on the desk, as one step of undo.

        Raises KeyError where no mix of such a run is known.
        """
        run = self.history.run(number)
        if run is None or run.head is None:
            raise KeyError(number)
        self.put(replace(run.head, cues=self._mix.cues), f"take up run {number + 1}")

    def undo(self) -> None:
        """Take the last step back; a run in progress ends first, and is then that step."""
        self._leave_for_another()
        swap, mix = self.undo_stack.undo_swap, self.undo_stack.undo()
        self._go_back_to(mix, swap)

    def redo(self) -> None:
        """Take the step again that was last undone."""
        self._leave_for_another()
        swap, mix = self.undo_stack.redo_swap, self.undo_stack.redo()
        self._go_back_to(mix, swap)

    def _leave_for_another(self) -> None:
        self.let_go()
        self.pausing.emit()
        self.leave_visit()

    def _go_back_to(self, mix: Mix | None, swap: tuple[int, int] | None) -> None:
        if mix is not None:
            self.restore(mix)
        if swap is not None:
            self.swapped.emit(*swap)

    def push(self, before: Mix, text: str, swap: tuple[int, int] | None = None) -> None:
        """Remember that the mix became from `before` what it is, as one step of undo."""
        self.undo_stack.push(before, self.head, text, swap)

    def replace_all(
        self,
        mix: Mix,
        setup: Setup,
        curves: tuple[Curve, ...] = (),
        runs: tuple[SavedRun, ...] = (),
    ) -> None:
        """Clear the desk and put this on it, as when a file is opened: no undo from before."""
        self.let_go()
        self.pausing.emit()
        self._visit = None
        self._setup = setup
        self._mix = mix
        self.history.clear(curves, runs)
        self.history.begin(mix, self._loss(mix))
        self.undo_stack.clear()
        self._rewired = True
        self._mark_dirty()
        self.setup_changed.emit()

    def _take(self, mix: Mix) -> None:
        self._rewired |= mix.problem is not self._mix.problem
        self._mix = mix
        self.history.begin(mix, self._loss(mix))
        self._mark_dirty()

    def arrange(self, mix: Mix, text: str, swap: tuple[int, int] | None = None) -> None:
        """Change how the knobs are set up, while Auto-mix may go on, and a hand keep its hold.

        In a look back locks, scales and cues change for the present too, and it goes on.
        """
        self._before_arranging()
        before, visit = self.head, self._visit
        if visit is None:
            if mix.state is not before.state:
                self.history.note(mix)
        else:
            head = replace(visit.head, locked=mix.locked, scales=mix.scales, cues=mix.cues)
            visit.head = head.with_state(head.state)
        self._mix = mix
        self._mark_dirty()
        self.push(before, text, swap)
        self._after_arranging()

    # -- announcing ---------------------------------------------------------------------------

    def _mark_dirty(self) -> None:
        self.revision += 1
        self._dirty = True
        self.dirtied.emit()

    @property
    def is_dirty(self) -> bool:
        """Whether something has changed since the last `flush`, or is about to."""
        return self._dirty or self.is_refining

    def flush(self) -> None:
        """Announce what has changed since the last time; once a frame."""
        if self._rewired:
            self._rewired = False
            self.rewired.emit()
        if self._dirty:
            self._dirty = False
            self.changed.emit()
        if self._runs_announced != self.history.runs_revision:
            self._runs_announced = self.history.runs_revision
            self.runs_changed.emit()

    # -- what a hand has to say to that -------------------------------------------------------

    def let_go(self) -> None:
        """Take every hand off its knob and off the data, before the mix changes under it."""

    def _before_steps(self) -> None:
        """Steps are about to be recorded."""

    def _before_arranging(self) -> None:
        """The knobs are about to be set up differently."""

    def _after_arranging(self) -> None:
        """The knobs have been set up differently."""
