"""How far a training has got: a bar on the terminal, and nothing in a file."""

from __future__ import annotations

import shutil
import sys
from time import perf_counter

from mixer_nn.core.segment import Segment

NARROWEST_BAR, WIDEST_BAR = 8, 30
FIRST_AFTER, EVERY = 0.3, 0.2
"""Seconds until the bar is first shown, as a short training needs none, and between looks."""


class Progress:
    """A line on standard error that is written over, a few times a second.

    The bar counts the epochs up to `epochs`, the most there may be; a training that settles
    ends before it is full.
    """

    def __init__(self, epochs: int) -> None:
        self._epochs = epochs
        self._shown = sys.stderr.isatty()
        self._next, self._width = perf_counter() + FIRST_AFTER, 0

    def show(self, segment: Segment) -> None:
        """How far it has got."""
        now = perf_counter()
        if self._shown and now >= self._next:
            self._next = now + EVERY
            room = shutil.get_terminal_size().columns - 1
            self._write(line(segment.state.epoch, self._epochs, segment.loss, room))

    def clear(self) -> None:
        """Take the line away."""
        if self._width:
            self._write("")
            sys.stderr.write("\r")

    def _write(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = len(text)


def line(epoch: int, epochs: int, loss: float, room: int) -> str:
    """The bar and what goes with it, in at most `room` characters of plain ASCII."""
    share = min(1.0, epoch / max(1, epochs))
    said = f"{int(100 * share):3d} %  epoch {epoch:,} of {epochs:,}, loss {loss:.6g}"
    for hint in ("  (Ctrl+C stops)", ""):
        size = min(WIDEST_BAR, room - len(said) - len(hint) - 3)
        if size >= NARROWEST_BAR:
            full = round(size * share)
            return f"[{'#' * full}{'-' * (size - full)}] {said}{hint}"
    return said.strip()[: max(0, room)]
