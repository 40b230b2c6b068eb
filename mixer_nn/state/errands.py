"""A thread beside the window that does one thing after the other, the latest of each kind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

Errand = Callable[[], object]
"""What is to be done; it is given only values that nobody changes."""

PAUSE = 0.002
"""Seconds that the thread stands back for between two pieces of work, so that frames go first."""


class GivenUp(Exception):  # noqa: N818 - nothing has gone wrong
    """Raised in an errand that nobody waits for any more, since the window closes."""


class Errands:
    """Runs errands in a thread of its own, which begins with the first of them.

    An errand that has not begun gives way to a later one of its kind. `breathe` is for errands to
    call between pieces of a millisecond at most: it lets the window go first. After `close` it
    gives the errand up instead; those that do not breathe are still done.
    """

    def __init__(self, name: str) -> None:
        self.news = News()
        self._waiting: dict[str, Errand] = {}
        self._turn = threading.Condition()
        self._closing = threading.Event()
        self._busy = self._over = False
        # It ends with the process: a disk that does not answer must not keep the program alive.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def send(self, kind: str, errand: Errand) -> None:
        """Have `errand` done after those that wait; what it returns comes as `news.done`."""
        with self._turn:
            if self._over:
                return
            self._waiting.pop(kind, None)
            self._waiting[kind] = errand
            if self._thread.ident is None:
                self._thread.start()
            self._turn.notify_all()

    def drop(self, kind: str) -> None:
        """Forget the errand of that kind that has not begun."""
        with self._turn:
            self._waiting.pop(kind, None)

    def breathe(self) -> None:
        """Stand back for a moment; raises GivenUp once all has to be over soon."""
        if self._closing.wait(PAUSE):
            raise GivenUp

    def wait(self, seconds: float) -> bool:
        """Wait until all is done and on its way as news, for at most so long; whether it is."""
        until = time.monotonic() + seconds
        with self._turn:
            while self._busy or self._waiting:
                if not self._turn.wait(until - time.monotonic()):
                    return False
        return True

    def close(self) -> None:
        """Take no more errands, and end once those that wait are done. Does not wait for that."""
        self._closing.set()
        with self._turn:
            self._over = True
            self._turn.notify_all()

    def join(self, seconds: float) -> bool:
        """Wait for the end of the thread, for at most so long; whether it has ended."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _next(self) -> tuple[str, Errand] | None:
        with self._turn:
            while not self._waiting:
                if self._over:
                    return None
                self._turn.wait()
            self._busy = True
            kind = next(iter(self._waiting))
            return kind, self._waiting.pop(kind)

    def _run(self) -> None:
        while self._do_next():
            pass

    def _do_next(self) -> bool:
        """Do one thing; False once there is nothing more to come. Keeps hold of nothing."""
        found = self._next()
        if found is None:
            return False
        kind, errand = found
        try:
            value, error = errand(), None
        except GivenUp:
            value, error = None, None
        except Exception as caught:  # whatever it is, it is told where it was asked for
            value, error = None, caught
        self.news.done.emit(kind, value, error)
        with self._turn:
            self._busy = False
            self._turn.notify_all()
        return True


class News(QObject):
    """Tells what has become of an errand: its kind, its value, what it raised. Connect queued."""

    done = Signal(str, object, object)
