"""Undo commands: pairs of immutable mixes. Nothing in them can raise."""

from __future__ import annotations

import weakref
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
        # The stack, a child of the desk, owns this command: a strong reference back would be a
        # cycle that Python takes apart in an order of its own, and Qt then finds the command gone.
        self._desk, self._before, self._after = weakref.ref(desk), before, after
        self._done = True

    def redo(self) -> None:
        """Put the mix after."""
        if self._done:
            self._done = False
            return
        self._restore(self._after)

    def undo(self) -> None:
        """Put the mix before."""
        self._restore(self._before)

    def _restore(self, mix: Mix) -> None:
        desk = self._desk()
        if desk is not None:
            desk.restore(mix)
