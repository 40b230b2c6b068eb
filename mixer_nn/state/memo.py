"""Memo: results that hold until what they were worked out from has changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

T = TypeVar("T")


class Memo:
    """Each result is worked out at most once for as long as `stamp` returns an equal value."""

    def __init__(self, stamp: Callable[[], Hashable]) -> None:
        self._stamp = stamp
        self._now: dict[str, object] = {}
        self._made_at: Hashable = None
        self.evaluations = 0

    def once(self, name: str, work: Callable[[], T]) -> T:
        """The result of `work`, or what it was when it was last done at this stamp."""
        stamp = self._stamp()
        if self._made_at != stamp:
            self._made_at = stamp
            self._now.clear()
        if name not in self._now:
            self.evaluations += 1
            self._now[name] = work()
        return self._now[name]  # type: ignore[return-value]

    def known(self, name: str) -> object | None:
        """The result of that name, if it has been worked out at this stamp."""
        return self._now.get(name) if self._made_at == self._stamp() else None
