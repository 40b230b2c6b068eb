"""Undo: pairs of immutable mixes, bounded by the memory that they take.

Why not QUndoStack: its commands are owned from C++ and from Python at once, and when Python's
garbage collector takes a desk apart it finds them gone before the stack does, and crashes. Here a
step is plain data, and a bound in bytes is possible, which QUndoStack does not have.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from mixer_nn.session.mix import Mix

MOST_STEPS = 2000
MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, eq=False)
class Step:
    """What one gesture, or one run of Auto-mix, has done; `text` names it on the menu.

    `swap` is the layer and the first of two neighbours that it exchanged, if that is what it did.
    """

    before: Mix
    after: Mix
    text: str
    swap: tuple[int, int] | None = None


class UndoStack(QObject):
    """Steps, and how many of them are done. Neighbours share what they have in common.

    The oldest are forgotten when there are too many or they take too much; `has_forgotten` says
    that this has happened.
    """

    changed = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        most_steps: int = MOST_STEPS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        super().__init__(parent)
        self._most_steps, self._most_bytes = most_steps, most_bytes
        self._steps: list[Step] = []
        self.index = 0
        self.has_forgotten = False

    @property
    def count(self) -> int:
        """Steps there are, done and undone."""
        return len(self._steps)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self.index > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return self.index < len(self._steps)

    @property
    def undo_text(self) -> str:
        """What would be taken back; empty for nothing."""
        return self._steps[self.index - 1].text if self.can_undo else ""

    @property
    def redo_text(self) -> str:
        """What would be done again; empty for nothing."""
        return self._steps[self.index].text if self.can_redo else ""

    @property
    def undo_swap(self) -> tuple[int, int] | None:
        """Layer and first neuron of the exchange that would be taken back; None: it is none."""
        return self._steps[self.index - 1].swap if self.can_undo else None

    @property
    def redo_swap(self) -> tuple[int, int] | None:
        """Layer and first neuron of the exchange that would be done again; None: it is none."""
        return self._steps[self.index].swap if self.can_redo else None

    @property
    def texts(self) -> list[str]:
        """The names of all steps, oldest first."""
        return [step.text for step in self._steps]

    def push(self, before: Mix, after: Mix, text: str, swap: tuple[int, int] | None = None) -> None:
        """Add a step that has just been done; what was undone can no longer be done again."""
        del self._steps[self.index :]
        self._steps.append(Step(before, after, text, swap))
        self.index += 1
        self._forget()
        self.changed.emit()

    def undo(self) -> Mix | None:
        """Take a step back: the mix to put on the desk, None where there is none."""
        if not self.can_undo:
            return None
        self.index -= 1
        self.changed.emit()
        return self._steps[self.index].before

    def redo(self) -> Mix | None:
        """Do a step again: the mix to put on the desk, None where there is none."""
        if not self.can_redo:
            return None
        self.index += 1
        self.changed.emit()
        return self._steps[self.index - 1].after

    def clear(self) -> None:
        """Forget everything, as when another file is opened."""
        self._steps.clear()
        self.index = 0
        self.has_forgotten = False
        self.changed.emit()

    def _forget(self) -> None:
        """Let the oldest steps go, but never the last one."""
        taken = self._bytes()
        total = sum(taken)
        while len(taken) > 1 and (len(taken) > self._most_steps or total > self._most_bytes):
            total -= taken.pop(0)
            del self._steps[0]
            self.index -= 1
            self.has_forgotten = True

    def _bytes(self) -> list[int]:
        """What each step takes that no later one holds as well."""
        seen: set[int] = set()
        taken = []
        for step in reversed(self._steps):
            own = 0
            for mix in (step.after, step.before):
                mixes = [mix]
                if id(mix.cues) not in seen:
                    seen.add(id(mix.cues))
                    mixes += [cue.mix for cue in mix.cues if cue is not None]
                for each in mixes:
                    for thing, size in ((each, each.nbytes), (each.dataset, each.dataset.nbytes)):
                        if id(thing) not in seen:
                            seen.add(id(thing))
                            own += size
            taken.append(own)
        return taken[::-1]
