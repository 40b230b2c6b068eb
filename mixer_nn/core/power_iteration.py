"""How sharply the loss bends in its steepest direction: the largest eigenvalue of the Hessian.

Gradient descent on a bowl with curvature λ along some direction multiplies what is left along it
by 1 − rate·λ in every step: beyond a rate of 2/λ it grows. So 2/λmax is the limit, exactly for a
bowl, and for any other loss as good as the bowl that fits it where we stand.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.curvature import Walk, rows_for, walks
from mixer_nn.core.objective import Objective

TOLERANCE = 1e-3
"""‖Hv − λv‖/λ at which it is found; the error of λ itself goes with the square of that."""

MOST_ITERATIONS = 300
"""After so many it is good enough: where several directions bend alike, v may never settle."""

LEAST_SHARE = 1e-3
"""Below this share of all curvature that was met, λmax counts as nothing to tell from 0."""

FRESH = 0.01
"""How much of a new direction is put to a known one, so that it cannot be stuck in a valley."""

Parts = Generator[None, None, FloatArray]


class PowerIteration:
    """The largest curvature λmax at some parameters, worked out part by part.

    Every product Hv draws v towards the directions that bend most (von Mises' power iteration).
    Rather than with Hv alone, each goes on with the best v, the one of the largest vᵀHv, in the
    span of v, Hv and the step before (Knyazev, Toward the optimal preconditioned eigensolver,
    2001): the same products, far fewer of them, and a direction that bends downwards more than
    any bends upwards needs no shift of H.

    `free` are the parameters that may move, `l2` the pull on the weights, which adds to their
    curvature; `start` is a direction to begin with, best that of a place nearby.
    """

    def __init__(
        self,
        objective: Objective,
        vector: FloatArray,
        free: BoolArray,
        l2: float = 0.0,
        start: FloatArray | None = None,
    ) -> None:
        self._objective, self._vector = objective, vector.copy()
        self._free, self._pull = free.astype(np.float64), l2 * objective.network.is_weight
        self._walks: list[tuple[Walk, float]] = []
        self.largest = 0.0
        self.miss = np.inf
        self.iterations = 0
        self.direction = self._first(start)
        self._work = self._iterate()

    def go_on(self) -> bool:
        """Do the next part; returns whether it was the last."""
        with np.errstate(all="ignore"):
            return next(self._work, None) is not None

    @property
    def learning_rate_limit(self) -> float | None:
        """2/λmax as far as it is known: inf where nothing bends upwards, None where no number."""
        if not np.isfinite(self.largest):
            return None
        return 2.0 / self.largest if self.largest > 0.0 else float("inf")

    def _first(self, start: FloatArray | None) -> FloatArray:
        # A generator of its own: no random state of the training is touched.
        anew = np.random.default_rng(0).normal(size=self._vector.size) * self._free
        anew /= np.linalg.norm(anew) or 1.0
        if start is None:
            return anew
        mixed = start * self._free + FRESH * anew
        return np.asarray(mixed / (np.linalg.norm(mixed) or 1.0))

    # -- the products -------------------------------------------------------------------------

    def _times(self, direction: FloatArray) -> Parts:
        """Hv, stopping after each part of the rows."""
        objective = self._objective
        if objective.is_least_squares:
            total = objective.hessian @ direction
        else:
            total = np.zeros_like(direction)
            for walk, share in self._all_walks():
                total += walk.times(direction) * share
                yield None
        return np.asarray(self._free * (total + self._pull * direction))

    def _all_walks(self) -> Generator[tuple[Walk, float], None, None]:
        """All rows walked, which is done once, each with its share of the loss."""
        objective = self._objective
        step = rows_for(4 * self._vector.size)
        for number, start in enumerate(range(0, objective.rows, step)):
            if number == len(self._walks):
                part = slice(start, min(start + step, objective.rows))
                share = (part.stop - start) / objective.rows
                self._walks.append((walks(objective, self._vector, part), share))
            yield self._walks[number]

    # -- the iteration ------------------------------------------------------------------------

    def _iterate(self) -> Generator[bool | None, None, None]:
        """Yields None after each part, True when it is done."""
        v = self.direction
        image = yield from self._times(v)
        before: list[tuple[FloatArray, FloatArray]] = []
        met = float(np.linalg.norm(image))
        while True:
            self.iterations += 1
            self.direction, self.largest = v, float(v @ image)
            left = image - self.largest * v
            size = float(np.linalg.norm(left))
            met = max(met, float(np.linalg.norm(image)))
            self.miss = size / max(abs(self.largest), LEAST_SHARE * met) if size else 0.0
            if not self.miss > TOLERANCE or self.iterations >= MOST_ITERATIONS:
                break
            towards = left / size
            pairs = [(v, image), (towards, (yield from self._times(towards))), *before]
            v, image, before = _best(pairs)
        while True:
            yield True


def _best(
    pairs: list[tuple[FloatArray, FloatArray]],
) -> tuple[FloatArray, FloatArray, list[tuple[FloatArray, FloatArray]]]:
    """The unit v of the largest vᵀHv in a span, Hv, and the step that led there with its image.

    `pairs` are vectors, the first two at right angles and of length 1, with their products by H.
    """
    kept: list[tuple[FloatArray, FloatArray]] = []
    for vector, image in pairs:
        for other, its_image in kept * 2:  # twice, for what rounding leaves of it the first time
            along = other @ vector
            vector, image = vector - along * other, image - along * its_image
        length = float(np.linalg.norm(vector))
        if length > 1e-8:
            kept.append((vector / length, image / length))
    basis, images = (np.array(rows) for rows in zip(*kept, strict=True))  # (2 or 3, parameters)
    small = basis @ images.T
    if not np.isfinite(small).all():
        return np.full_like(basis[0], np.nan), images[0] * np.nan, []
    shares = np.linalg.eigh(0.5 * (small + small.T))[1][:, -1]
    step = shares[1:] @ basis[1:], shares[1:] @ images[1:]
    return shares @ basis, shares @ images, [step]
