"""Choices by number: what Hypothesis draws and shrinks, and a random session is a list of."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


class Choices:
    """What is chosen, one thing after the other, read off a whole number."""

    def __init__(self, number: int) -> None:
        self._rest = number

    def below(self, count: int) -> int:
        self._rest, found = divmod(self._rest, count)
        return found

    def one_of(self, things: tuple[T, ...] | list[T]) -> T:
        return things[self.below(len(things))]

    @property
    def yes(self) -> bool:
        return bool(self.below(2))
