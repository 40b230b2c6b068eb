"""Slicing: the loss along one knob with all others held, read once a revision and in pieces."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from time import perf_counter

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.curvature_along import CurvatureAlong
from mixer_nn.core.objective import Objective
from mixer_nn.core.stacked import Stack, along
from mixer_nn.state.desk import Desk
from mixer_nn.state.memo import Memo
from mixer_nn.state.readings import Readings
from mixer_nn.state.slice import Slice

POINTS = 101
COARSE = 4
"""Every so many points come first, so that there is a whole curve before there is time for all."""

OUTLINE = -(-POINTS // COARSE)
"""Points that make an outline."""

BUDGET = 0.003
"""Seconds after which a slice leaves what is left of it to the next frame."""

SHORT_WORK, USUAL_SIZE = 300_000, 100.0
"""Numbers to work out, and sizes of data, up to which each serves float64 or float32: float32 is
for much work on data about 0, where its six digits are more than a screen shows."""

ZOOM = 10
"""Parts into which the neighbourhood of the lowest point is divided to find the minimum."""


class Slicing:
    """Slices of the desk's mix. A view asks when it is seen; nothing is worked out before."""

    def __init__(self, desk: Desk, readings: Readings) -> None:
        self._desk, self._readings = desk, readings
        self._of_now = Memo(lambda: desk.revision)

    @property
    def evaluations(self) -> int:
        """How many slices have been begun so far: what looking has cost."""
        return self._of_now.evaluations

    def of(self, index: int) -> Slice:
        """The slice along a parameter, as far as it is known; `go_on` makes more of it known."""
        return self._tried(index).slice

    def begin(self, index: int) -> Callable[[], Slice]:
        """Work on the slice as `of` does; whoever calls what comes back gets it, also later."""
        work = self._tried(index)
        work.look_around()
        return work.as_known

    def _tried(self, index: int) -> _Work:
        work = self._work(index)
        if not work.is_tried:
            work.go_on(BUDGET)
        return work

    def outline(self, index: int) -> Slice:
        """The slice along a parameter, at least roughly, for little work."""
        return self._work(index).slice

    def is_whole(self, index: int) -> bool:
        """Whether all that there is to know of the slice is known."""
        return self._work(index).is_done

    def go_on(self, index: int) -> bool:
        """Work on for the slice's part of a frame; returns whether all is known now."""
        return self._work(index).go_on(BUDGET)

    def _work(self, index: int) -> _Work:
        return self._of_now.once(f"slice {index}", lambda: _Work(self._desk, self._readings, index))


class _Work:
    """One slice in the making."""

    def __init__(self, desk: Desk, readings: Readings, index: int) -> None:
        mix = desk.mix
        self._readings, self._index = readings, index
        every, self._vector = mix.problem.objective, mix.parameters
        # A triangle stands for all rows of a linear neuron, however many.
        self._objective = readings.shown_objective
        self._rows_of = every.rows
        self._is_free, self._is_held = bool(desk.free[index]), bool(desk.touched)
        self._value = float(mix.parameters[index])
        self._minimum: tuple[float, float] | None = None
        self._span = _span(self._value, float(mix.scales[index]))
        order = np.argsort(np.arange(POINTS) % COARSE > 0, kind="stable")
        self._values: FloatArray = np.linspace(*self._span, POINTS)[order]
        dtype = _dtype(self._objective, self._span)
        values = self._values[:, np.newaxis]
        self._stack = Stack.across(self._objective, self._vector, [index], values, dtype)
        self._stack.go_on(0.0, OUTLINE)
        self._curvature = CurvatureAlong(self._objective, self._vector, index)
        self._nearby: tuple[FloatArray, Stack] | None = None
        self.is_tried = self.is_done = False

    def go_on(self, seconds: float) -> bool:
        """Work for about so long on points, curvature and minimum, in this order."""
        self.is_tried = True
        deadline = perf_counter() + seconds
        while not self.is_done:
            left = max(deadline - perf_counter(), 0.0)
            if not self._stack.is_done:
                self._stack.go_on(left)
            elif not self._curvature.is_done:
                self._curvature.go_on(left)
            elif self._nearby is None:
                self._nearby = self._look_nearby()
            elif not self._nearby[1].is_done:
                self._nearby[1].go_on(left)
            else:
                self._minimum = self._lowest(*self._nearby)
                self.is_done = True
            if perf_counter() >= deadline:
                break
        return self.is_done

    def look_around(self) -> None:
        """Read off the desk what can only be had while it stands here."""
        _ = self._here, self._next

    def as_known(self) -> Slice:
        """The slice as far as it is known."""
        return self.slice

    @cached_property
    def _here(self) -> tuple[float, float]:
        """Loss and slope at the present point."""
        whole = self._rows_of == self._objective.rows
        loss = self._readings.loss if whole else self._objective.value(self._vector)
        return loss, float(self._readings.gradient[self._index])

    @cached_property
    def _next(self) -> tuple[float | None, float | None]:
        """Where the next step carries the knob, and the loss after it."""
        if self._is_held:
            return None, None
        following = self._readings.next_parameters
        landing = float(following[self._index]) if self._is_free else None
        return landing, self._objective.value(following)

    def _look_nearby(self) -> tuple[FloatArray, Stack]:
        """Places around the lowest point, and their losses to be worked out; none at an end."""
        losses = np.where(np.isfinite(self._stack.losses), self._stack.losses, np.inf)
        lowest = int(np.argmin(losses))
        place, step = float(self._values[lowest]), (self._span[1] - self._span[0]) / (POINTS - 1)
        inside = math.isfinite(losses[lowest]) and place not in self._span
        parts = 2 * ZOOM + 1 if inside else 0
        places = place + step * np.linspace(-1.0, 1.0, parts)
        values = places[:, np.newaxis]
        return places, Stack.across(self._objective, self._vector, [self._index], values)

    def _lowest(self, places: FloatArray, nearby: Stack) -> tuple[float, float] | None:
        """The minimum of the slice, between its points too; None where it is not within."""
        losses = np.where(np.isfinite(nearby.losses), nearby.losses, np.inf)
        best = int(np.argmin(losses)) if losses.size else 0
        if not 0 < best < len(losses) - 1:
            return None
        vertex = np.array([_vertex(places, losses, best)])
        (loss,) = along(self._objective, self._vector, self._index, vertex)
        if loss <= losses[best]:
            return float(vertex[0]), float(loss)
        return float(places[best]), float(losses[best])

    @property
    def slice(self) -> Slice:
        known = self._stack.known
        values = self._values[:known]
        order = np.argsort(values)
        return Slice(
            self._index,
            self._span,
            values[order],
            self._stack.losses[:known][order],
            self._value,
            *self._here,
            self._curvature.value,
            *self._next,
            self._minimum,
            self._objective.rows,
            self._rows_of,
        )


def _span(value: float, scale: float) -> tuple[float, float]:
    """The knob's scale; one that its value has left is doubled until it has it again."""
    if math.isfinite(value):
        while abs(value) > scale:
            scale *= 2.0
    return -scale, scale


def _dtype(objective: Objective, span: tuple[float, float]) -> type[np.floating]:
    """The type of number that does: see `SHORT_WORK`."""
    work = POINTS * objective.rows * sum(objective.network.sizes[1:])
    sizes = (np.abs(objective.inputs).max(), np.abs(objective.targets).max(), span[1])
    return np.float64 if work <= SHORT_WORK or not max(sizes) <= USUAL_SIZE else np.float32


def _vertex(places: FloatArray, found: FloatArray, best: int) -> float:
    """Where the parabola through a lowest point and its neighbours is lowest."""
    before, here, after = found[best - 1 : best + 2]
    bend = before - 2.0 * here + after
    if not (math.isfinite(bend) and bend > 0.0):
        return float(places[best])
    return float(places[best] + 0.5 * (places[1] - places[0]) * (before - after) / bend)
