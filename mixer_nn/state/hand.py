"""A hand on the knobs, or on the data: what it does until it lets go is one step of undo."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject

from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.session.mix import Mix, Setup
from mixer_nn.state.door import Door
from mixer_nn.state.future import Future


class Hand(Door):
    """The door, with a hand in it. `gestures` counts those that have turned something."""

    def __init__(self, mix: Mix, setup: Setup, parent: QObject | None = None) -> None:
        super().__init__(mix, setup, parent)
        self._touched: dict[int, float] = {}
        self._gesture_start: Mix | None = None
        self._gesture_text = ""
        self._future: Future | None = None
        self._mark: int | None = None
        self._edit: tuple[Mix, str] | None = None
        self._hand_moved = False
        self.gestures = 0

    @property
    def touched(self) -> frozenset[int]:
        """Parameters that a hand is on."""
        return frozenset(self._touched)

    @property
    def free(self) -> BoolArray:
        """True where the optimizer may move a parameter: neither locked nor in a hand."""
        free = super().free
        free[list(self._touched)] = False
        return free

    @property
    def gesture_start_loss(self) -> float | None:
        """The loss when the hand took hold; None while no hand is on a knob."""
        return None if self._gesture_start is None else self._loss(self._gesture_start)[0]

    # -- knobs --------------------------------------------------------------------------------

    def touch(self, index: int) -> None:
        """A hand takes hold of a parameter: the optimizer leaves it alone until `release`."""
        if index in self._touched:
            return
        self.refine()  # of the past it is the exact place that a hand takes hold of
        if not self._touched:
            self.gesture_beginning.emit()
            self._begin_gesture()
        self._touched[index] = float(self._mix.parameters[index])
        self._mark_dirty()

    def take_hold(self, indices: Iterable[int], text: str) -> None:
        """A hand takes hold of several parameters; `text` names the step of undo it will be."""
        for index in indices:
            self.touch(index)
        self._gesture_text = text

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
        vector = np.array(self._mix.parameters)
        vector[index] = value + 0.0  # −0.0 becomes 0.0, which no added 0 changes by a bit
        self.turn_to(vector)

    def turn_to(self, vector: FloatArray) -> None:
        """Set all parameters, (parameters,), of which only those in a hand may be other ones.

        Raises ValueError for one that is not finite, or that nobody holds.
        """
        moved = np.flatnonzero(vector != self._mix.parameters)
        if not moved.size:
            return
        if not np.isfinite(vector).all():
            raise ValueError("a parameter must be finite")
        if not self._touched.keys() >= set(moved.tolist()):
            raise ValueError("a parameter that is not in a hand cannot be turned")
        self.adopt()
        # What the optimizer remembers of a parameter is no longer true once a hand moves it.
        state = self._mix.state.forgetting(moved)
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
        self._let_future_go()
        self._future = self.history.hold_future()

    def _let_future_go(self) -> None:
        future, self._future = self._future, None
        if future is not None:
            future.let_go()

    def _end_gesture(self, index: int, turned: bool) -> None:
        before, self._gesture_start = self._gesture_start, None
        text, self._gesture_text = self._gesture_text, ""
        if before is None or self.is_visiting:
            self._let_future_go()
            return  # nothing was turned: that would have ended the visit
        if self._is_unmoved(before):
            # There and back again: as if nothing had been touched, in the history too.
            self._hand_moved = False
            future, self._future = self._future, None
            if future is not None:
                self.history.take_back(before, future)
            self._take(before)
            return
        self._let_future_go()
        self._record_hand()
        self.gestures += turned
        name = self._mix.network.parameters[index].id
        self.push(before, text or (f"turn {name}" if turned else f"auto-mix around {name}"))

    def _is_unmoved(self, before: Mix) -> bool:
        """Whether every knob is where it was and no step was taken, whatever was forgotten."""
        old, new = before.state, self._mix.state
        return old.step == new.step and old.parameters.tobytes() == new.parameters.tobytes()

    def split_gesture(self, text: str = "") -> None:
        """Make a gesture, as far as it has come, a step of undo; the hand keeps its hold.

        For whatever else becomes a step of undo while a knob is held.
        """
        before = self._gesture_start
        # There and back again counts too: it has made a move, and what comes next begins there.
        if before is not None and not self.is_visiting and self._mix.moves != before.moves:
            self._record_hand()
            held = self._mix.network.parameters[min(self._touched)]
            self.push(before, text or self._gesture_text or f"turn {held.id}")

    def _record_hand(self) -> None:
        """Mark where the hand has got to: one mark a gesture, which follows it."""
        if self._hand_moved:
            self._hand_moved = False
            # Once Auto-mix has gone on from the mark, the mark stays and only the curve follows.
            by_hand = self._mix.moves == self._mark
            self.history.record(self._mix, self.losses, by_hand=by_hand)

    # -- data ---------------------------------------------------------------------------------

    def begin_edit(self, text: str) -> None:
        """A hand takes hold of the data: until `end_edit`, all edits are one step of undo."""
        self.let_go()
        self.adopt()
        self.gesture_beginning.emit()
        self._edit = (self._mix, text)

    def end_edit(self) -> None:
        """The hand lets go of the data."""
        edit, self._edit = self._edit, None
        if edit is not None:
            if self._mix is not edit[0]:
                if self._mix.state is not edit[0].state:
                    self.history.note(self._mix)
                self.push(*edit)
            self.gesture_ended.emit()

    # -- what the door asks -------------------------------------------------------------------

    def let_go(self) -> None:
        """Take every hand off its knob and off the data, before the mix changes under it."""
        self.end_edit()
        for index in list(self._touched):
            self.release(index)

    def _begin_anew(self) -> None:
        self.gestures = 0

    def push(self, before: Mix, text: str, swap: tuple[int, int] | None = None) -> None:
        """Remember that the mix became from `before` what it is, as one step of undo."""
        super().push(before, text, swap)
        if self._gesture_start is not None:
            # The rest of the gesture is a step of its own, which begins where this one ends.
            self._begin_gesture()

    def flush(self) -> None:
        """Announce what has changed since the last time; once a frame."""
        self._record_hand()
        super().flush()

    def _before_steps(self) -> None:
        self._record_hand()  # its mark comes before the steps that follow it

    def _before_arranging(self) -> None:
        self.split_gesture()
        if not self._touched:
            self.gesture_beginning.emit()

    def _after_arranging(self) -> None:
        if not self._touched:
            self.gesture_ended.emit()
