"""The desk as it stands and as it stood: what it holds, looks back, and how it tells of changes."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, Signal

from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.problem import Problem
from mixer_nn.core.training import Settings
from mixer_nn.session.mix import Mix, Setup
from mixer_nn.state.history import History, Losses
from mixer_nn.state.undo import UndoStack
from mixer_nn.state.visit import Visit


class Lookback(QObject):
    """Owns the mix, how Auto-mix is set, the history and the undo stack, and changes none of it.

    What changes them is `Door`, which builds on this, then `Hand`, then `Desk`.
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

    def _see(self, mix: Mix) -> None:
        self._mix = mix
        self._mark_dirty()

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
        if self._runs_announced != self.history.runs_revision:
            self._runs_announced = self.history.runs_revision
            self.runs_changed.emit()
        if self._dirty:
            self._dirty = False
            self.changed.emit()

    # -- what a hand has to say to that -------------------------------------------------------

    def let_go(self) -> None:
        """Take every hand off its knob and off the data, before the mix changes under it."""
