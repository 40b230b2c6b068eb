"""Fading: the crossfader between two mixes of one network, and the loss along the way."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.crossfade import between
from mixer_nn.state.automix import AutoMix
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.crossing import Crossing, Ends, Subject
from mixer_nn.state.crossings import Crossings
from mixer_nn.state.desk import Desk
from mixer_nn.state.fade_ends import BEST, ENDS, NOW, START, parameters_at, refusal
from mixer_nn.state.listening import Blend, Listening
from mixer_nn.state.memo import Memo
from mixer_nn.state.readings import Readings


class Fading(QObject):
    """Which two mixes stand at A and B, and where between them the fader is.

    A hand on the fader turns all knobs to the straight line between the two, as one step of undo.
    ``now`` at an end is the mix as it was when the fader was taken, for as long as nothing but
    the fader turns a knob. With `outputs` it turns no knob: both networks run, and the Fit shows
    their outputs mixed. With `align` the hidden units of one end are first put in the order of
    the other's; those of ``now`` stay where they are.

    `changed` tells of ends, options and place, and when more is known of the losses, which are
    only worked out while somebody looks.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(
        self,
        desk: Desk,
        automix: AutoMix,
        clock: FrameClock,
        readings: Readings,
        listening: Listening,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._readings, self._listening = desk, readings, listening
        self._crossings = Crossings(desk, automix, clock, self)
        self.ends: tuple[str, str] = (START, NOW)
        self.outputs = self.align = False
        self._share = 1.0
        self._anchor: FloatArray | None = None  # what ``now`` was when the fader was taken
        self._left: tuple[Ends, FloatArray] | None = None  # the ends, and where it left the knobs
        self._held: tuple[Ends, Ends, list[int]] | None = None
        self._of_run = Memo(lambda: (desk.history.revision, desk.mix.problem))
        self._crossings.changed.connect(self.changed)
        desk.gesture_ended.connect(self._on_gesture_ended)
        listening.changed.connect(self._on_listening)

    # -- the ends -----------------------------------------------------------------------------

    def choose(self, end: int, name: str) -> None:
        """Put one of `ENDS` on A (0) or B (1); ValueError for a name that is none."""
        if name not in ENDS:
            raise ValueError(f"there is nothing called {name} to put on the crossfader")
        ends = list(self.ends)
        if ends[end] == name:
            return
        ends[end] = name
        self.ends = (ends[0], ends[1])
        self._left = None
        sentence = refusal(self._desk.mix, name)
        if sentence is not None:
            self.refused.emit(sentence)
        self._announce()

    def set_align(self, align: bool) -> None:
        """Put hidden units in order first, or leave them as they are."""
        if align != self.align:
            self.align, self._left = align, None
            self._announce()

    def set_outputs(self, outputs: bool) -> None:
        """Mix the outputs of both networks, or their parameters."""
        if outputs != self.outputs:
            self.outputs, self._left = outputs, None
            self._listening.set_blend(self.blend if outputs else None)
            self._announce()

    def _announce(self) -> None:
        if self.outputs:
            self._listening.announce()
        self.changed.emit()

    @property
    def problem(self) -> str | None:
        """One sentence on why there is no way between the ends; None where there is one."""
        sentences = (refusal(self._desk.mix, name) for name in self.ends)
        return next(filter(None, sentences), None)

    @property
    def _now(self) -> FloatArray:
        here = self._desk.mix.parameters
        if self._anchor is None or self.outputs or self._left is None:
            return here
        return self._anchor if np.array_equal(here, self._left[1]) else here

    def _ends(self) -> Ends | None:
        """What stands at the ends; None where there is no way between them."""
        if self._held is not None:
            return self._held[0]
        if self.problem is not None:
            return None
        a, b = (self._now if name == NOW else self._parameters_at(name) for name in self.ends)
        follows = int(self.ends[1] != NOW) if self.align and self.can_align else None
        return Ends(a, b, follows)

    def _parameters_at(self, name: str) -> FloatArray:
        mix, history = self._desk.mix, self._desk.history
        if name != BEST:
            return parameters_at(name, mix, history)
        return self._of_run.once(BEST, lambda: parameters_at(BEST, mix, history))

    @property
    def can_align(self) -> bool:
        """Whether there are hidden units to be put in another order."""
        return len(self._desk.mix.network.sizes) > 2

    # -- the fader ----------------------------------------------------------------------------

    @property
    def share(self) -> float:
        """Where the fader stands, from 0 at A to 1 at B.

        Where the mix stands at one of the ends, the fader does too.
        """
        place = self.place
        if place is not None:
            self._share = place
        return self._share

    @property
    def place(self) -> float | None:
        """Where on the way the mix stands; None where it is elsewhere, or there is no way."""
        ends = self._ends()
        if ends is None:
            return None
        if self._held is not None or self.outputs:
            return self._share
        here = self._desk.mix.parameters
        left = self._left
        if left is not None and left[0].same(ends) and np.array_equal(here, left[1]):
            return self._share
        at_a, at_b = (np.array_equal(end, here) for end in (ends.a, ends.b))
        if at_a and at_b:
            return self._share  # it is all one
        return 0.0 if at_a else 1.0 if at_b else None

    @property
    def is_held(self) -> bool:
        """Whether a hand is on the fader, and turns the knobs with it."""
        return self._held is not None

    def take(self) -> bool:
        """A hand takes hold of the fader; whether there is a way to move it on."""
        sentence = self.problem
        if sentence is not None:
            self.refused.emit(sentence)
            return False
        if self.outputs or self._held is not None:
            return True
        desk = self._desk
        self._share = self.share
        self._anchor = self._now
        ends = self._ends()
        assert ends is not None
        free = [index for index in range(self._anchor.size) if index not in desk.touched]
        self._held = (ends, ends.in_order(desk.mix.network), free)
        desk.take_hold(free, f"crossfade {self.ends[0]}–{self.ends[1]}")
        return True

    def move(self, share: float) -> None:
        """Move the fader; a share beyond the ends is as far as it goes."""
        share = float(min(max(share, 0.0), 1.0))
        if self.outputs:
            if share != self._share:
                self._share = share
                self._announce()
        elif self._held is not None:
            ends, ordered, _ = self._held
            self._share = share
            self._desk.turn_to(between(ordered.a, ordered.b, share))
            self._left = (ends, self._desk.mix.parameters)

    def release(self) -> None:
        """The hand lets go: nothing moves."""
        held, self._held = self._held, None
        if held is not None:
            for index in held[2]:
                self._desk.release(index)

    def _on_gesture_ended(self) -> None:
        # Another mix has been put on the desk, which takes every hand off.
        if not self._desk.touched:
            self._held = None

    # -- mixed outputs ------------------------------------------------------------------------

    def blend(self) -> Blend | None:
        """What the Fit shows while outputs are mixed; None where that is the mix itself."""
        ends = self._ends() if self.outputs else None
        if ends is None:
            return None
        here, share = self._desk.mix.parameters, self._share
        if (share == 0.0 and ends.a is here) or (share == 1.0 and ends.b is here):
            return None
        return Blend(ends.a, ends.b, share)

    def _on_listening(self) -> None:
        if self.outputs and not self._listening.has_blend:
            self.set_outputs(False)

    # -- the loss along the way ---------------------------------------------------------------

    def look(self) -> Crossing | None:
        """The losses along the way as far as they are known; more may come, see `changed`.

        None where there is no way.
        """
        ends = self._ends()
        if ends is None:
            self._crossings.forget()
            return None
        objective, rows_of = self._readings.shown_objective, self._desk.mix.problem.objective.rows
        return self._crossings.look(Subject(objective, rows_of, ends, self.outputs))

    def rest(self) -> None:
        """Nobody looks any more: leave what is not finished."""
        self._crossings.rest()

    @property
    def is_busy(self) -> bool:
        """Whether the losses are still being worked out."""
        return self._crossings.is_busy

    @property
    def evaluations(self) -> int:
        """How many ways have been begun so far: what looking has cost."""
        return self._crossings.evaluations
