"""The curvature of the loss along one knob, in pieces for whoever may not take longer than a frame.

It is the Hessian's product with that knob's direction, at that knob; exact.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.curvature import walks
from mixer_nn.core.objective import Objective

ROWS = 200
"""Rows walked at a time, in much less than a millisecond for a network of a few hundred knobs."""


class CurvatureAlong:
    """∂²loss/∂p² for parameter `index` at `vector`; `value` is NaN until all rows are walked."""

    def __init__(self, objective: Objective, vector: FloatArray, index: int) -> None:
        self._objective, self._vector, self._index = objective, vector, index
        self._direction = np.zeros_like(vector)
        self._direction[index] = 1.0
        self._done, self._total = 0, 0.0

    @property
    def is_done(self) -> bool:
        """Whether the value is known."""
        return self._objective.is_least_squares or self._done == self._objective.rows

    @property
    def value(self) -> float:
        """The curvature."""
        if self._objective.is_least_squares:
            return float(self._objective.hessian[self._index, self._index])
        return self._total / self._objective.rows if self.is_done else float("nan")

    def go_on(self, seconds: float) -> bool:
        """Go on for about so long, some rows at least; returns whether the value is known."""
        deadline = perf_counter() + seconds
        with np.errstate(all="ignore"):
            while not self.is_done:
                part = slice(self._done, min(self._done + ROWS, self._objective.rows))
                product = walks(self._objective, self._vector, part).times(self._direction)
                self._total += float(product[self._index]) * (part.stop - part.start)
                self._done = part.stop
                if perf_counter() >= deadline:
                    break
        return self.is_done
