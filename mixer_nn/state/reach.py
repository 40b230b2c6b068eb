"""How far a landscape reaches: as little as holds what is on it, and steadily."""

from __future__ import annotations

import math
from collections.abc import Hashable

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.landscape import Span

GROWTH = 1.25
"""A knob's reach grows by this factor at a time."""

EDGE = 0.92
"""What is on the landscape keeps this far within the middle's reach, so that it can be seen."""

AIR = 0.3
"""Share of a path's extent that is left free around it."""

_WIDEST = 1e150
"""No reach is wider, or by as much narrower: squares of what is further out are no numbers."""


class KnobReach:
    """The reach of knobs on a landscape, from −reach to +reach; it never shrinks within a run."""

    def __init__(self) -> None:
        self._run: Hashable = None
        self._reach: dict[int, float] = {}

    def span(self, run: Hashable, index: int, scale: float, values: FloatArray) -> Span:
        """The span of a knob whose scale is `scale`, which has been at `values` in that run."""
        if run != self._run:
            self._run = run
            self._reach.clear()
        known = np.abs(values[np.isfinite(values)])
        needed = min(float(known.max(initial=0.0)), _WIDEST) / EDGE
        reach = min(max(scale, 1.0 / _WIDEST), _WIDEST)
        if needed > reach:
            times = math.ceil(math.log(needed / reach, GROWTH) - 1e-9)
            reach *= GROWTH**times
        reach = self._reach[index] = max(reach, self._reach.get(index, 0.0))
        return -reach, reach


def path_span(values: FloatArray, least: float, before: Span | None) -> Span:
    """A span with air around `values`, at least `least` wide.

    The one before where that still holds them, and is not far too wide.
    """
    low, high = float(values.min()), float(values.max())
    wide = max(high - low, least)
    if before is not None:
        held = before[0] <= low and high <= before[1]
        if held and before[1] - before[0] <= 3.0 * (1.0 + 2.0 * AIR) * wide:
            return before
    middle, half = (low + high) / 2.0, (0.5 + AIR) * wide
    return middle - half, middle + half
