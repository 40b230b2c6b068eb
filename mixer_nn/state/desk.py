"""The Desk, the one door: every change of the mix goes in through it, whoever makes it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.problem import Problem
from mixer_nn.core.rewire import swapped
from mixer_nn.core.training import Settings, TrainingState
from mixer_nn.session.curve import Curve
from mixer_nn.session.mix import MOST_SEED, Mix, Setup
from mixer_nn.state.history import History
from mixer_nn.state.undo import UndoStack


class Desk(QObject):
    """Owns the mix, how Auto-mix is set, the loss history and the undo stack.

    `mix` is immutable and replaced as a whole, so whoever holds one holds it for good. Changes
    are announced once a frame: `dirtied` at once (the frame clock listens), `changed` when the
    clock calls `flush`. `rewired` comes before it when the problem itself is another one. `swapped`
    tells at once that two neighbours of a layer have changed places, and where: also by undo.
    """

    changed = Signal()
    rewired = Signal()
    swapped = Signal(int, int)
    setup_changed = Signal()
    dirtied = Signal()
    gesture_beginning = Signal()
    gesture_ended = Signal()
    pausing = Signal()
    undo_changed = Signal()

    def __init__(self, mix: Mix, setup: Setup = Setup(), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = History()
        self.undo_stack = UndoStack(self)
        self.undo_stack.changed.connect(self.undo_changed)
        self._mix, self._setup = mix, setup
        self.revision = 0
        self.gestures = 0
        self._touched: dict[int, float] = {}
        self._gesture_start: Mix | None = None
        self._future: FloatArray | None = None
        self._mark: int | None = None
        self._edit: tuple[Mix, str] | None = None
        self._hand_moved = self._dirty = self._rewired = False
        self._known: tuple[Problem, FloatArray, tuple[float, float]] | None = None
        self.history.begin(mix, self._loss(mix))

    # -- what there is ------------------------------------------------------------------------

    @property
    def mix(self) -> Mix:
        """The mix as it stands."""
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
    def touched(self) -> frozenset[int]:
        """Parameters that a hand is on."""
        return frozenset(self._touched)

    @property
    def free(self) -> BoolArray:
        """True where the optimizer may move a parameter: neither locked nor in a hand."""
        free = ~self._mix.locked
        free[list(self._touched)] = False
        return free

    @property
    def gesture_start_loss(self) -> float | None:
        """The loss when the hand took hold; None while no hand is on a knob."""
        return None if self._gesture_start is None else self._loss(self._gesture_start)[0]

    @property
    def losses(self) -> tuple[float, float]:
        """Training and held-out loss (NaN: nothing held out), worked out once for each mix."""
        known, mix = self._known, self._mix
        if known is None or known[0] is not mix.problem or known[1] is not mix.parameters:
            self._know(self._loss(mix))
        assert self._known is not None
        return self._known[2]

    def _know(self, losses: tuple[float, float]) -> None:
        self._known = (self._mix.problem, self._mix.parameters, losses)

    def _loss(self, mix: Mix, loss: float | None = None) -> tuple[float, float]:
        """Training and held-out loss of a mix; `loss` is the first where that is known."""
        held_out = mix.problem.held_out
        other = math.nan if held_out is None else held_out.value(mix.parameters)
        return mix.problem.objective.value(mix.parameters) if loss is None else loss, other

    # -- the hand -----------------------------------------------------------------------------

    def touch(self, index: int) -> None:
        """A hand takes hold of a parameter: the optimizer leaves it alone until `release`."""
        if index in self._touched:
            return
        if not self._touched:
            self.gesture_beginning.emit()
            self._begin_gesture()
        self._touched[index] = float(self._mix.parameters[index])
        self._mark_dirty()

    def turn(self, index: int, value: float) -> None:
        """Set a parameter by hand to a finite value; touch and release it where nobody has.

        Raises ValueError for a value that is not finite.
        """
        if not math.isfinite(value):
            raise ValueError("a parameter must be finite")
        if index not in self._touched:
            self.touch(index)
            self.turn(index, value)
            self.release(index)
            return
        if value == self._mix.parameters[index]:
            return
        vector = np.array(self._mix.parameters)
        vector[index] = value + 0.0  # −0.0 becomes 0.0, which no added 0 changes by a bit
        # What the optimizer remembers of a parameter is no longer true once a hand moves it.
        state = self._mix.state.forgetting(index)
        self._mix = replace(self._mix, state=state).with_parameters(vector)
        if self._mark is None:
            self._mark = self._mix.moves + 1
            self._mix = replace(self._mix, moves=self._mark)
        self._hand_moved = True
        self._mark_dirty()

    def release(self, index: int) -> None:
        """The hand lets go: nothing moves, the optimizer may take over again."""
        grabbed = self._touched.get(index)
        if grabbed is None:
            return
        turned = grabbed != self._mix.parameters[index]
        del self._touched[index]
        self._mark_dirty()
        if not self._touched:
            self._end_gesture(index, turned)
            self.gesture_ended.emit()

    def _begin_gesture(self) -> None:
        self._gesture_start, self._mark = self._mix, None
        self._future = self.history.future

    def _end_gesture(self, index: int, turned: bool) -> None:
        before, self._gesture_start = self._gesture_start, None
        future, self._future = self._future, None
        if before is None:
            return
        if self._is_unmoved(before):
            # There and back again: as if nothing had been touched, on the curve too.
            self._hand_moved = False
            if future is not None:
                self.history.take_back(before, future)
            self._take(before)
            return
        self._record_hand()
        self.gestures += turned
        name = self._mix.network.parameters[index].id
        self.push(before, f"turn {name}" if turned else f"auto-mix around {name}")

    def _is_unmoved(self, before: Mix) -> bool:
        """Whether every knob is where it was and no step was taken, whatever was forgotten."""
        old, new = before.state, self._mix.state
        return old.step == new.step and old.parameters.tobytes() == new.parameters.tobytes()

    def split_gesture(self, text: str = "") -> None:
        """Make a gesture, as far as it has come, a step of undo; the hand keeps its hold.

        For whatever else becomes a step of undo while a knob is held.
        """
        before = self._gesture_start
        if before is not None and not self._is_unmoved(before):
            self._record_hand()
            held = self._mix.network.parameters[min(self._touched)]
            self.push(before, text or f"turn {held.id}")

    def _record_hand(self) -> None:
        """Mark where the hand has got to: one mark a gesture, which follows it."""
        if self._hand_moved:
            self._hand_moved = False
            # Once Auto-mix has gone on from the mark, the mark stays and only the curve follows.
            by_hand = self._mix.moves == self._mark
            self.history.record(self._mix, self.losses, by_hand=by_hand)

    # -- the machine, files, undo -------------------------------------------------------------

    def train_to(self, state: TrainingState, loss: float) -> None:
        """Take over where a training has got to, at that loss."""
        self._record_hand()  # its mark comes before the steps that follow it
        moves = self._mix.moves + max(0, state.step - self._mix.state.step)
        self._mix = replace(self._mix.with_state(state), moves=moves)
        self._know(self._loss(self._mix, loss))
        self.history.record(self._mix, self.losses, by_hand=False)
        self._mark_dirty()

    def put(self, mix: Mix, text: str) -> None:
        """Put another mix on the desk, as one step of undo named `text`."""
        self.let_go()
        self.pausing.emit()
        before = self._mix
        self._take(mix)
        self.push(before, text)

    def restore(self, mix: Mix) -> None:
        """Put a mix on the desk without a step of undo: what undo and redo themselves do."""
        self._take(mix)

    def undo(self) -> None:
        """Take the last step back; a run in progress ends first, and is then that step."""
        self.let_go()
        self.pausing.emit()
        swap, mix = self.undo_stack.undo_swap, self.undo_stack.undo()
        self._go_back_to(mix, swap)

    def redo(self) -> None:
        """Take the step again that was last undone."""
        self.let_go()
        self.pausing.emit()
        swap, mix = self.undo_stack.redo_swap, self.undo_stack.redo()
        self._go_back_to(mix, swap)

    def _go_back_to(self, mix: Mix | None, swap: tuple[int, int] | None) -> None:
        if mix is not None:
            self.restore(mix)
        if swap is not None:
            self.swapped.emit(*swap)

    def push(self, before: Mix, text: str, swap: tuple[int, int] | None = None) -> None:
        """Remember that the mix became from `before` what it is, as one step of undo."""
        self.undo_stack.push(before, self._mix, text, swap)
        if self._gesture_start is not None:
            # The rest of the gesture is a step of its own, which begins where this one ends.
            self._begin_gesture()

    def replace_all(self, mix: Mix, setup: Setup, curves: tuple[Curve, ...] = ()) -> None:
        """Clear the desk and put this on it, as when a file is opened: no undo from before."""
        self.let_go()
        self.pausing.emit()
        self._setup = setup
        self._mix = mix
        self.gestures = 0
        self.history.clear(curves)
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

    def let_go(self) -> None:
        """Take every hand off its knob and off the data, before the mix changes under it."""
        self.end_edit()
        for index in list(self._touched):
            self.release(index)

    def back_to_start(self) -> None:
        """The very parameters it started from, as a new run."""
        self.put(self._mix.back_at_start(self.history.new_run()), "back to the start")

    def new_start(self, seed: int) -> None:
        """Other initial parameters, drawn from `seed`, as a new run.

        Raises ValueError for a seed that is not from 0 to `MOST_SEED`.
        """
        if not 0 <= seed <= MOST_SEED:
            raise ValueError(f"a seed must be a whole number from 0 to {MOST_SEED}")
        self.put(self._mix.newly_started(seed, self.history.new_run()), f"new start, seed {seed}")

    def set_scaled(self, scaled: bool) -> None:
        """Switch scaling of the data; the predictions stay what they are."""
        if scaled != self._mix.problem.scaled:
            mix = self._mix.rescaled(scaled, self.history.new_run())
            self.put(mix, f"scaling {'on' if scaled else 'off'}")

    def rewire(self, problem: Problem, text: str) -> None:
        """Another network on the same data: the weights that survive keep their values."""
        self.put(self._mix.rewired(problem, self.history.new_run()), text)

    def set_problem(self, problem: Problem, text: str) -> None:
        """The same knobs under another loss or other activations, as a new run."""
        run = self.history.new_run()
        self.put(replace(self._mix, problem=problem, run=run, moves=0), text)

    def begin_edit(self, text: str) -> None:
        """A hand takes hold of the data: until `end_edit`, all edits are one step of undo."""
        self.let_go()
        self.gesture_beginning.emit()
        self._edit = (self._mix, text)

    def end_edit(self) -> None:
        """The hand lets go of the data."""
        edit, self._edit = self._edit, None
        if edit is not None:
            if self._mix is not edit[0]:
                self.push(*edit)
            self.gesture_ended.emit()

    def edit_data(self, dataset: Dataset, text: str) -> None:
        """Other rows for the same knobs, while Auto-mix may go on; the same run."""
        problem = replace(self._mix.problem, dataset=dataset)
        rows = problem.objective.rows
        # A place in the epoch beyond the last row would be no place at all.
        state = replace(self._mix.state, place=min(self._mix.state.place, rows - 1))
        self._rewired = True
        mix = replace(self._mix, problem=problem, state=state)
        if self._edit is None:
            self._arrange(mix, text)
        else:
            self._mix = mix
            self._mark_dirty()

    def swap(self, layer: int, neuron: int) -> None:
        """Exchange a hidden neuron with the next one of its layer, numbers from 1."""
        network = self._mix.network
        vector, initial, scales = (
            swapped(network, values, layer, neuron)
            for values in (self._mix.parameters, self._mix.initial, self._mix.scales)
        )
        locked = swapped(network, self._mix.locked.astype(np.float64), layer, neuron) > 0.0
        slots = self._mix.state.slots
        moved = np.array([swapped(network, row, layer, neuron) for row in slots])
        state = replace(self._mix.state, parameters=vector, slots=moved if len(slots) else slots)
        mix = replace(self._mix, state=state, initial=initial, scales=scales, locked=locked)
        text = f"swap neurons {neuron} and {neuron + 1} of layer {layer}"
        self._arrange(mix, text, (layer, neuron))
        self.swapped.emit(layer, neuron)

    def lock_all(self, indices: Iterable[int], locked: bool, text: str) -> None:
        """Lock or unlock many knobs as one step of undo."""
        marks = np.array(self._mix.locked)
        marks[list(indices)] = locked
        self._arrange(replace(self._mix, locked=marks), text)

    def set_locked(self, index: int, locked: bool) -> None:
        """Guard a parameter against the optimizer, or give it back."""
        if bool(self._mix.locked[index]) != locked:
            marks = np.array(self._mix.locked)
            marks[index] = locked
            name = self._mix.network.parameters[index].id
            self._arrange(replace(self._mix, locked=marks), f"{'' if locked else 'un'}lock {name}")

    def set_scale(self, index: int, scale: float) -> None:
        """Make a knob's scale reach from −scale to +scale; a value outside is kept all the same.

        Raises ValueError for a scale that is not finite and above 0.
        """
        if not (math.isfinite(scale) and scale > 0.0):
            raise ValueError("a scale must be finite and above 0")
        if scale != self._mix.scales[index]:
            scales = np.array(self._mix.scales)
            scales[index] = scale
            self._arrange(replace(self._mix, scales=scales), "change a scale")

    def _arrange(self, mix: Mix, text: str, swap: tuple[int, int] | None = None) -> None:
        """Change how the knobs are set up, while Auto-mix may go on, and a hand keep its hold."""
        self.split_gesture()
        if not self._touched:
            self.gesture_beginning.emit()
        before, self._mix = self._mix, mix
        self._mark_dirty()
        self.push(before, text, swap)
        if not self._touched:
            self.gesture_ended.emit()

    def set_setup(self, setup: Setup) -> None:
        """Set Auto-mix differently; takes effect with its next step."""
        if setup != self._setup:
            others = (self._setup.optimizer, self._mix.state.optimizer)
            self._setup = setup
            if setup.optimizer not in others:
                self._mix = self._mix.with_optimizer(setup.optimizer)
            self._mark_dirty()
            self.setup_changed.emit()

    # -- announcing ---------------------------------------------------------------------------

    def _mark_dirty(self) -> None:
        self.revision += 1
        self._dirty = True
        self.dirtied.emit()

    @property
    def is_dirty(self) -> bool:
        """Whether something has changed since the last `flush`."""
        return self._dirty

    def flush(self) -> None:
        """Announce what has changed since the last time; once a frame."""
        self._record_hand()
        if self._rewired:
            self._rewired = False
            self.rewired.emit()
        if self._dirty:
            self._dirty = False
            self.changed.emit()
