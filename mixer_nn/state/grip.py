"""A hand on a knob, and on those that were picked together with it."""

from __future__ import annotations

from mixer_nn.state.desk import Desk
from mixer_nn.state.selection import Selection


class Grip:
    """Turns a parameter; if it is one of those picked, all of them, as one gesture.

    The others go the same share of their scales, whichever way their own values stand.
    """

    def __init__(self, desk: Desk, selection: Selection) -> None:
        self._desk, self._selection = desk, selection
        self._start = (0.0, 1.0)
        self._along: dict[int, tuple[float, float]] = {}  # what turns with it: value, scale

    def _standing(self, index: int) -> tuple[float, float]:
        mix = self._desk.mix
        return float(mix.parameters[index]), float(mix.scales[index])

    def take(self, index: int) -> None:
        """Take hold of a parameter."""
        picked = self._selection.picked
        others = picked - {index} if index in picked else frozenset()
        self._start = self._standing(index)
        self._along = {other: self._standing(other) for other in others}
        for each in (index, *self._along):
            self._desk.touch(each)

    def turn(self, index: int, value: float) -> None:
        """Turn it there, and the others by the same travel."""
        self._desk.turn(index, value)
        start, scale = self._start
        travel = (value - start) / scale
        for other, (begin, reach) in self._along.items():
            self._desk.turn(other, begin + travel * reach)

    def release(self, index: int) -> None:
        """Let go of all of them."""
        along, self._along = self._along, {}
        for each in (*along, index):
            self._desk.release(each)

    def lock(self, index: int, locked: bool) -> None:
        """Lock or unlock it, and with it those picked."""
        picked = self._selection.picked
        if index in picked and len(picked) > 1:
            text = f"{'' if locked else 'un'}lock {len(picked)} knobs"
            self._desk.lock_all(picked, locked, text)
        else:
            self._desk.set_locked(index, locked)
