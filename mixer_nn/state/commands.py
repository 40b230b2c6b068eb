"""Undo commands: pairs of immutable mixes. Nothing in them can raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from mixer_nn.session.mix import Mix

if TYPE_CHECKING:
    from mixer_nn.state.desk import Desk


class PutMix(QUndoCommand):
    """One step of undo: the mix before and the mix after, which has already happened.

    The first redo, which pushing makes, is therefore a no-op. What both mixes hold they share.
    """

    def __init__(self, desk: Desk, before: Mix, after: Mix, text: str) -> None:
        super().__init__(text)
        self._desk, self._before, self._after = desk, before, after
        self._done = True

    def redo(self) -> None:
        """Put the mix after."""
        if self._done:
            self._done = False
            return
        self._desk.restore(self._after)

    def undo(self) -> None:
        """Put the mix before."""
        self._desk.restore(self._before)
