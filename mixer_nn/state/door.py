"""The door through which every change of the mix goes: training, files, undo, what is arranged."""

from __future__ import annotations

from dataclasses import replace

from mixer_nn.core.training import TrainingState
from mixer_nn.session.curve import Curve
from mixer_nn.session.mix import Mix, Setup
from mixer_nn.session.record import Way
from mixer_nn.session.saved import SavedRun
from mixer_nn.state.lookback import Lookback


class Door(Lookback):
    """What machine, files and undo do with the mix.

    What a hand does is `Hand`, which builds on this, and what can be done by name is `Desk`.
    """

    # -- the machine, files, undo -------------------------------------------------------------

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
        self._begin_anew()
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

    # -- what a hand has to say to that -------------------------------------------------------

    def _begin_anew(self) -> None:
        """Another mix is on the desk, and nothing has been done with it yet."""

    def _before_steps(self) -> None:
        """Steps are about to be recorded."""

    def _before_arranging(self) -> None:
        """The knobs are about to be set up differently."""

    def _after_arranging(self) -> None:
        """The knobs have been set up differently."""
