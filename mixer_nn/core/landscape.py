"""The loss over a plane through parameter space: two knobs at once, or the plane of a run.

A `Plane` says which parameters belong to which place on it, and which place lies nearest to any
parameters. A `Grid` is a square of places, in an order that gives a coarse picture first and
finer ones by filling in between. `survey` works the losses of a grid out, bit by bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import DTypeLike

from mixer_nn.core.arrays import FloatArray, IntArray, frozen
from mixer_nn.core.objective import Objective
from mixer_nn.core.stacked import Stack

SIDES = (13, 25, 49)
"""Places along each side of a grid, level by level: each level's lie halfway between the last's."""

_NOTHING = 1e-7
"""What spreads less than this share of a path's size is noise: the path is a point, or a line."""

Span = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Plane:
    """The parameters ``origin + x·directions[0] + y·directions[1]`` for every place (x, y).

    `directions` (2, parameters) are of length 1 and at right angles. Along two parameters,
    `indices`, the origin has them at 0, so that x and y are their values. Otherwise `shares` says
    how much of a path's variance lies along each direction.
    """

    origin: FloatArray
    directions: FloatArray
    indices: tuple[int, int] | None = None
    shares: tuple[float, float] | None = None

    @classmethod
    def along(cls, vector: FloatArray, x: int, y: int) -> Plane:
        """The plane through `vector` in which parameters `x` and `y` vary and no other.

        Raises ValueError where they are the same.
        """
        if x == y:
            raise ValueError("a plane needs two parameters")
        origin = np.array(vector)
        origin[[x, y]] = 0.0
        directions = np.zeros((2, vector.size))
        directions[[0, 1], [x, y]] = 1.0
        return cls(frozen(origin), frozen(directions), indices=(x, y))

    @classmethod
    def of_path(cls, path: FloatArray, before: Plane | None = None) -> Plane | None:
        """The plane along which the states of `path` (n, parameters) spread most.

        Its directions are the two leading principal ones: right singular vectors of the centred
        path (Lorch, Visualizing deep network training trajectories with PCA, 2016; Li et al.,
        2018). It goes through the last state, whose loss is thus true, and x and y count from the
        first. A principal direction has no sign of its own: each points as it did in `before`, or
        else the way the path went. None where the path is a single point, or no numbers.
        """
        with np.errstate(all="ignore"):
            centred = path - path.mean(axis=0)
        if len(path) < 2 or path.shape[1] < 2 or not np.isfinite(centred).all():
            return None
        size = float(np.abs(centred).max())
        if size <= _NOTHING * float(np.abs(path).max()):
            return None
        variances, directions = _principal(centred / size)
        way = path[-1] - path[0]
        directions = _turned(directions, way, before)
        origin = path[-1] - (directions @ way) @ directions
        shares = (float(variances[0]), float(variances[1]))
        return cls(frozen(origin), frozen(directions), shares=shares)

    def vectors(self, places: FloatArray) -> FloatArray:
        """The parameters at places (n, 2): (n, parameters)."""
        return np.asarray(self.origin + places @ self.directions)

    def place(self, vectors: FloatArray) -> FloatArray:
        """The place on the plane nearest to a vector (parameters,), or to each of (n, …)."""
        if self.indices is not None:
            return np.asarray(vectors[..., list(self.indices)])
        # The origin lies on the plane, at (0, 0).
        return np.asarray((vectors - self.origin) @ self.directions.T)

    def same_ground(self, other: Plane) -> bool:
        """Whether both have the same loss at every place."""
        return np.array_equal(self.origin, other.origin) and np.array_equal(
            self.directions, other.directions
        )


def _principal(centred: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The two leading principal directions, (2, parameters), and their shares of the variance.

    From the eigenvectors of the smaller of XXᵀ and XᵀX: the singular value decomposition of X in
    a sixth of its time.
    """
    states, parameters = centred.shape
    few = states < parameters
    product = centred @ centred.T if few else centred.T @ centred
    squares, vectors = np.linalg.eigh(product)
    squares, leading = np.maximum(squares[:-3:-1], 0.0), vectors[:, :-3:-1].T
    directions = leading @ centred if few else leading
    first = directions[0] / np.linalg.norm(directions[0])
    if squares[1] <= _NOTHING**2 * squares[0] * max(states, parameters):
        return np.array([1.0, 0.0]), np.stack([first, _across(first)])
    # Rounding leaves them not quite at right angles.
    second = directions[1] - (directions[1] @ first) * first
    shares = squares / float(np.einsum("ij,ij->", centred, centred))
    return shares, np.stack([first, second / np.linalg.norm(second)])


def _across(direction: FloatArray) -> FloatArray:
    """Some direction at right angles to another: as near as can be to the axis farthest off it."""
    axis = int(np.argmin(np.abs(direction)))
    made = -direction[axis] * direction
    made[axis] += 1.0
    return np.asarray(made / np.linalg.norm(made))


def _turned(directions: FloatArray, way: FloatArray, before: Plane | None) -> FloatArray:
    known = before is not None and before.directions.shape == directions.shape
    towards = before.directions if known and before is not None else np.stack([way, way])
    signs = np.where(np.einsum("ij,ij->i", directions, towards) < 0.0, -1.0, 1.0)
    return np.asarray(directions * signs[:, np.newaxis])


@cache
def _order() -> IntArray:
    """Which places of a grid come one after the other, (places, 2) steps along x and y."""
    finest, taken = SIDES[-1], np.zeros((SIDES[-1],) * 2, dtype=np.bool_)
    parts = []
    for side in SIDES:
        steps = np.arange(side) * ((finest - 1) // (side - 1))
        i, j = (part.ravel() for part in np.meshgrid(steps, steps, indexing="ij"))
        fresh = ~taken[i, j]
        taken[i, j] = True
        parts.append(np.column_stack([i, j])[fresh])
    return np.concatenate(parts)


@dataclass(frozen=True)
class Grid:
    """Places on a plane, evenly spread over two spans, the coarsest level's first."""

    x: Span
    y: Span

    @cached_property
    def places(self) -> FloatArray:
        """The places in that order, (places, 2)."""
        across, up = (self.steps(axis, SIDES[-1]) for axis in (0, 1))
        i, j = _order().T
        return np.column_stack([across[i], up[j]])

    def steps(self, axis: int, side: int) -> FloatArray:
        """Where the places of a level lie along x (0) or y (1): (side,)."""
        low, high = (self.x, self.y)[axis]
        shares = np.linspace(0.0, 1.0, side)
        # Not low + share·(high − low): a span may be wider than the largest number.
        return np.asarray(low * (1.0 - shares) + high * shares)

    def level(self, known: int) -> int:
        """The finest level of which all places are known when the first `known` are; −1: none."""
        return sum(side * side <= known for side in SIDES) - 1

    def arranged(self, losses: FloatArray, level: int) -> FloatArray:
        """The losses of a level, (side, side) along x and y, from those in order."""
        side = SIDES[level]
        apart = (SIDES[-1] - 1) // (side - 1)
        i, j = _order()[: side * side].T // apart
        made = np.empty((side, side))
        made[i, j] = losses[: side * side]
        return made


def survey(
    objective: Objective, plane: Plane, places: FloatArray, dtype: DTypeLike = np.float32
) -> Stack:
    """The losses at places (n, 2) of a plane, to be worked out chunk by chunk."""
    if plane.indices is not None:
        return Stack.across(objective, plane.origin, plane.indices, places, dtype)
    return Stack.of(objective, len(places), lambda part: plane.vectors(places[part]), dtype)


class Bowl:
    """The loss over a plane where it is a bowl, exact anywhere and however many rows there are.

    One linear neuron under squared error: with the data's triangle R the loss at (x, y) is
    ‖R·p − r‖²/rows, and p moves along two directions, so a triangle of three columns is left of it.
    """

    def __init__(self, objective: Objective, plane: Plane) -> None:
        data = objective.triangle
        slopes = data[:, :-1] @ plane.directions.T
        miss = data[:, :-1] @ plane.origin - data[:, -1]
        columns = np.column_stack([slopes, miss]) / math.sqrt(objective.rows)
        self._triangle = np.asarray(np.linalg.qr(columns, mode="r"))

    def losses(self, places: FloatArray) -> FloatArray:
        """The losses at places (n, 2): (n,)."""
        with np.errstate(all="ignore"):
            miss = places @ self._triangle[:, :2].T + self._triangle[:, 2]
            return np.asarray(np.einsum("ij,ij->i", miss, miss))
