"""Hot cues: states kept on pads, to be back at in one frame."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from mixer_nn.session.mix import CUES, NO_RUN, Cue, Mix
from mixer_nn.state.desk import Desk
from mixer_nn.state.loss_table import HIGH, LOW


class Cues(QObject):
    """What is on the pads of the mix. Slots count from 0; each change is one step of undo.

    `changed` comes with the desk's next announcement after a pad has become another, or
    `current` has.
    """

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown = (desk.mix.cues, self.current)
        desk.changed.connect(self._on_changed)

    def content(self, slot: int) -> Cue | None:
        """What is kept on a pad."""
        return self._desk.mix.cues[slot]

    @property
    def current(self) -> int | None:
        """The pad whose state is the one on the desk right now, parameters and all."""
        mix = self._desk.mix
        for slot, cue in enumerate(mix.cues):
            if cue is not None and _is_at(mix, cue):
                return slot
        return None

    def store(self, slot: int) -> None:
        """Keep the state that is shown on a pad; what was there is replaced, and its name goes."""
        desk = self._desk
        desk.refine()
        # What a hand has turned so far is a step of its own, which comes first.
        desk.split_gesture()
        mix = desk.mix
        run = desk.history.run(mix.run)
        if run is not None:
            run.record.put_in(mix.moves, mix.state)
        self._arrange(slot, Cue(mix, *desk.losses), f"store cue {CUES[slot]}")

    def jump(self, slot: int) -> None:
        """Put what is kept on a pad on the desk, in a run of its own that has that one's past.

        Raises MixError where the pad is empty, or its network does not fit the present data.
        """
        desk, cue = self._desk, self.content(slot)
        desk.mix.at_cue(slot, NO_RUN)  # refuses before a run is begun for it
        if cue is not None:
            trunk = cue.mix.run if self._is_in_its_run(cue) else NO_RUN
            run = desk.history.branch(trunk, cue.mix.moves)
            desk.put(desk.mix.at_cue(slot, run), f"cue {CUES[slot]}")

    def _is_in_its_run(self, cue: Cue) -> bool:
        """Whether its run still goes through it, as far as can be told.

        After undo, other steps may have taken the place of those that led to it.
        """
        run, move = self._desk.history.run(cue.mix.run), cue.mix.moves
        if run is None:
            return True  # known to the history, if at all, by where it branched off
        kept = run.record.nearest(move)
        if kept is not None and kept[0] == move:
            return kept[1].same(cue.mix.state)
        # Points may have been joined since, but never without their lowest and highest loss.
        beyond = run.points[run.table.before(move) :]
        return len(beyond) > 0 and bool(beyond[0, LOW] <= cue.loss <= beyond[0, HIGH])

    def name(self, slot: int, text: str) -> None:
        """Call what is kept on a pad something; "" for no name."""
        cue = self.content(slot)
        if cue is not None and text != cue.name:
            named = Cue(cue.mix, cue.loss, cue.held_out, text)
            self._arrange(slot, named, f"name cue {CUES[slot]}")

    def clear(self, slot: int) -> None:
        """Empty a pad."""
        if self.content(slot) is not None:
            self._arrange(slot, None, f"clear cue {CUES[slot]}")

    def _arrange(self, slot: int, cue: Cue | None, text: str) -> None:
        self._desk.arrange(self._desk.mix.with_cue(slot, cue), text)

    def _on_changed(self) -> None:
        shown = (self._desk.mix.cues, self.current)
        if shown[0] is not self._shown[0] or shown[1] != self._shown[1]:
            self._shown = shown
            self.changed.emit()


def _is_at(mix: Mix, cue: Cue) -> bool:
    here, there = mix.state, cue.mix.state
    if here.step != there.step or here.parameters.shape != there.parameters.shape:
        return False
    return mix.network == cue.mix.network and here.same(there)
