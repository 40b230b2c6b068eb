"""Recovery: what is on the desk comes back after a kill or a power cut."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from mixer_nn.session.codec import one_line
from mixer_nn.session.pieces import NotFinite
from mixer_nn.session.recovery import Note, Work
from mixer_nn.state.desk import Desk
from mixer_nn.state.document import Document
from mixer_nn.state.errands import Errands
from mixer_nn.state.shelf import Found, Shelf

EVERY_MS = 2000
"""Unsaved work is kept so long after a change; then at most so often."""

AGAIN_MS = 5000
"""After a failure it is tried again so much later."""

CLOSING_SECONDS = 2.0
"""For so long at most a window that closes waits for the disk."""

WORKS_AGAIN = "Unsaved work is kept safe against a crash again."


class Recovery(QObject):
    """Keeps unsaved work under `root`, and offers what windows that have died left there.

    The window's thread only hands over values that never change; all else is done in a thread
    beside it, and reading and writing never hold the window up. `root` None: nothing is read or
    written. `said` is a sentence that belongs on the screen: keeping fails, or works again.
    """

    offer_changed = Signal()
    said = Signal(str)

    def __init__(
        self, desk: Desk, document: Document, root: Path | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._document = desk, document
        self._found: Found | None = None
        self._passed: set[Path] = set()
        self._failure = ""
        self._is_kept = self._is_due = self._has_changed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)
        self._errands: Errands | None = None
        if root is not None:
            self._errands = Errands("mixer-nn recovery")
            self._shelf = Shelf(root, self._errands.breathe)
            self._errands.news.done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)
            # Whoever deletes this without closing it still lets the thread end.
            self.destroyed.connect(self._errands.close)
            desk.dirtied.connect(self._notice)
            desk.runs_changed.connect(self._notice)
            desk.changed.connect(self._on_frame)
            document.changed.connect(self._on_document)

    # -- keeping ------------------------------------------------------------------------------

    def _notice(self) -> None:
        self._has_changed = True
        if not self._timer.isActive() and not self._is_due:
            self._timer.start(EVERY_MS)

    def _on_document(self) -> None:
        if self._document.modified:
            self._notice()
        else:
            self._clear()

    def _on_time(self) -> None:
        self._is_due = True
        if not self._desk.is_dirty:
            self._on_frame()

    def _on_frame(self) -> None:
        # Between an input and its frame, the loss curve does not know of it yet.
        if self._is_due:
            self.keep()

    def keep(self) -> None:
        """Hand over what there is now, where it is not saved; it is written soon after."""
        self._is_due = False
        self._timer.stop()
        if self._errands is None:
            return
        if not self._document.modified:
            self._clear()
        elif self._has_changed:
            self._has_changed = False
            self._is_kept = True
            self._errands.send("keep", partial(self._shelf.keep, self.work))

    @property
    def work(self) -> Work:
        """What there is to keep: values that never change, shared with history and undo."""
        document = self._document
        note = Note(document.path, document.name, time.time())
        return Work(document.content, self._desk.history.pieced_curves, note)

    def _clear(self) -> None:
        self._has_changed = self._is_due = False
        self._timer.stop()
        if self._is_kept and self._errands is not None:
            self._is_kept = False
            self._errands.drop("keep")
            self._errands.send("clear", self._shelf.clear)

    def _on_done(self, kind: str, value: object, error: object) -> None:
        if kind == "find":
            self._found = value if isinstance(value, Found) else None
            self.offer_changed.emit()
        failed = isinstance(error, BaseException)
        if kind == "keep" and failed:
            self._has_changed = True  # what is on disk is older
        if self._has_changed and not (self._is_due or self._timer.isActive()):
            self._timer.start(AGAIN_MS if failed else EVERY_MS)
        if isinstance(error, BaseException):
            self._tell(kind, error)
        elif kind == "keep" and self._failure:
            self._failure = ""
            self.said.emit(WORKS_AGAIN)

    def _tell(self, kind: str, error: BaseException) -> None:
        """Say what cannot be done; that of keeping once, until it can be or fails differently."""
        said = _sentence(kind, error)
        if kind == "keep":
            before, self._failure = self._failure, said
            if before == said:
                return
        if not isinstance(error, OSError | NotFinite | MemoryError):
            raise error  # a defect of the program
        self.said.emit(said)

    # -- offering -----------------------------------------------------------------------------

    @property
    def offer(self) -> Work | None:
        """Work of a window that has died, the latest first; None while there is none."""
        return None if self._found is None else self._found.work

    def look(self) -> None:
        """Begin to look for such work; `offer_changed` tells what has come of it."""
        if self._errands is not None:
            self._errands.send("tidy", self._shelf.tidy)
            self._go_on()

    def _go_on(self) -> None:
        if self._errands is not None:
            self._errands.send("find", partial(self._shelf.find, frozenset(self._passed)))

    def _answered(self) -> Found | None:
        found, self._found = self._found, None
        if found is not None:
            self._passed.add(found.folder)
            self.offer_changed.emit()
        return found

    def take_up(self) -> None:
        """Put the work that is offered on the desk, as a mix that has not been saved."""
        found = self._answered()
        if found is None or self._errands is None:
            return
        self._document.recover(found.work.saved, found.work.note.name, found.work.note.path)
        # From now on it is this window's own: what it keeps goes in the same place.
        self._errands.send("adopt", partial(self._shelf.adopt, found))
        self._is_kept = True
        self._go_on()

    def discard(self) -> None:
        """Delete the work that is offered."""
        found = self._answered()
        if found is not None and self._errands is not None:
            self._errands.send("discard", partial(self._shelf.discard, found))
            self._go_on()

    def later(self) -> None:
        """Leave the work that is offered where it is, for the next start."""
        found = self._answered()
        if found is not None and self._errands is not None:
            self._errands.send("later", found.claim.release)
            self._go_on()

    # -- the end ------------------------------------------------------------------------------

    def wait(self, seconds: float) -> bool:
        """Wait until all that was handed over is done; whether it is. Signals come later."""
        return self._errands is None or self._errands.wait(seconds)

    def close(self) -> None:
        """The window closes, and nothing is left unsaved that anybody wants to keep."""
        if self._errands is None:
            return
        self._clear()
        if self._found is not None:
            self._errands.send("later", self._found.claim.release)
            self._found = None
        errands, self._errands = self._errands, None
        errands.close()
        errands.join(CLOSING_SECONDS)


def _sentence(kind: str, error: BaseException) -> str:
    if isinstance(error, MemoryError):
        why = "not enough memory"
    elif isinstance(error, NotFinite):
        why = "a number in the mix is not finite"
    else:
        why = one_line(getattr(error, "strerror", None) or str(error))
    if kind == "keep":
        return (
            f"Unsaved work cannot be kept safe against a crash ({why}); all of it is still here,"
            " so save it."
        )
    return (
        f"Work that is not wanted any more could not be deleted ({why}); it may be offered again."
    )
