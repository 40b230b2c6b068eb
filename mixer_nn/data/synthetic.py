"""Made-up data whose answer is known: seeded points around a line or a plane.

The inputs of the lines are a grid that is symmetric about 0 with a variance below 1. The Hessian
of the mean squared error, 2·[[mean x², mean x], [mean x, 1]], is then diagonal, and its largest
eigenvalue is 2 whatever the seed: gradient descent diverges above a learning rate of exactly 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.core.seeds import Stream, stream

SLOPE, HEIGHT = 1.6, 0.9
PLANE_SLOPES, PLANE_HEIGHT = (1.4, -0.8), 0.5
REACH = 1.6
MAX_VARIANCE = 0.95
OUTLIER_SHARE = 0.1
OUTLIER_DROP = (5.0, 8.0)
MIN_POINTS, MAX_POINTS = 2, 10_000
MAX_NOISE = 1e6

Recipe = tuple[tuple[str, str | int | float], ...]


@dataclass(frozen=True)
class Synthetic:
    """A kind of made-up data: what the menus show, and what `make` needs.

    `function` maps inputs (points, inputs) to the true target (points,), without noise; `noise`
    and `points` are the defaults; `inputs` names the input columns. `outliers` is the share of
    rows that are pushed far off afterwards.
    """

    key: str
    title: str
    function: Callable[[FloatArray], FloatArray]
    noise: float
    points: int
    inputs: tuple[str, ...]
    outliers: float = 0.0


def _line(inputs: FloatArray) -> FloatArray:
    return SLOPE * inputs[:, 0] + HEIGHT


def _plane(inputs: FloatArray) -> FloatArray:
    slopes = np.array(PLANE_SLOPES)
    return np.asarray(inputs @ slopes + PLANE_HEIGHT)


SYNTHETIC: dict[str, Synthetic] = {
    kind.key: kind
    for kind in (
        Synthetic("line", "Exact line", _line, 0.0, 40, ("x",)),
        Synthetic("noisy-line", "Noisy line", _line, 0.35, 40, ("x",)),
        Synthetic("outliers", "Line with outliers", _line, 0.35, 40, ("x",), OUTLIER_SHARE),
        Synthetic("plane", "Plane (two inputs)", _plane, 0.35, 80, ("x1", "x2")),
    )
}


def make(key: str, *, seed: int, noise: float | None = None, points: int | None = None) -> Dataset:
    """The data set `key` of SYNTHETIC, a pure function of its arguments.

    `noise` is the standard deviation of the normal noise on the target, in its units. The same
    seed at another noise level gives the same misses, larger or smaller. Raises MixError for an
    unknown key, a negative seed, a noise that is negative, not finite or above 1e6, and for fewer
    than 2 or more than 10,000 points.
    """
    kind = _kind(key)
    noise = kind.noise if noise is None else float(noise)
    points = kind.points if points is None else points
    _check(seed, noise, points)
    rng = stream(seed, Stream.DATA)
    inputs = _grid(points) if len(kind.inputs) == 1 else _scatter(points, len(kind.inputs), rng)
    targets = kind.function(inputs) + _pushes(points, kind.outliers, rng)
    targets = targets + noise * rng.standard_normal(points)
    return Dataset(
        name=kind.title,
        inputs=inputs,
        targets=targets[:, np.newaxis],
        input_columns=tuple(Column(name) for name in kind.inputs),
        target_columns=(Column("y"),),
        source="Made up by this program.",
        recipe=(("name", key), ("seed", seed), ("noise", noise), ("points", points)),
    )


def remake(recipe: Iterable[tuple[str, str | int | float]]) -> Dataset:
    """The data set that a `Dataset.recipe` came from, equal to the bit; MixError if it is none."""
    parts = dict(recipe)
    key, seed, noise, points = (parts.get(part) for part in ("name", "seed", "noise", "points"))
    if (
        not isinstance(key, str)
        or not isinstance(seed, int)
        or not isinstance(points, int)
        or not isinstance(noise, int | float)
    ):
        raise MixError(
            "The recipe of the synthetic data is incomplete: "
            "it needs a name, a whole seed, a noise level and a whole number of points."
        )
    return make(key, seed=seed, noise=noise, points=points)


def _kind(key: str) -> Synthetic:
    if key not in SYNTHETIC:
        raise MixError(
            f"There is no synthetic data set “{key}”; choose one of {', '.join(SYNTHETIC)}."
        )
    return SYNTHETIC[key]


def _check(seed: int, noise: float, points: int) -> None:
    if seed < 0:
        raise MixError(f"The seed is {seed}; it must be a whole number, 0 or more.")
    if not 0 <= noise <= MAX_NOISE:
        raise MixError(f"The noise level is {noise:g}; it must be between 0 and {MAX_NOISE:,.0f}.")
    if not MIN_POINTS <= points <= MAX_POINTS:
        raise MixError(
            f"The number of points is {points:,}; "
            f"it must be between {MIN_POINTS} and {MAX_POINTS:,}."
        )


def _grid(points: int) -> FloatArray:
    """Even steps symmetric about 0 to the last bit, shape (points, 1).

    The variance of an even grid on [-r, r] is r²·(n + 1) / (3·(n - 1)); with few points the reach
    r shrinks so that it stays below MAX_VARIANCE.
    """
    reach = min(REACH, (3 * MAX_VARIANCE * (points - 1) / (points + 1)) ** 0.5)
    steps = 2.0 * np.arange(points) - (points - 1)
    return np.asarray(reach * steps / (points - 1))[:, np.newaxis]


def _scatter(points: int, inputs: int, rng: np.random.Generator) -> FloatArray:
    return rng.uniform(-REACH, REACH, size=(points, inputs))


def _pushes(points: int, share: float, rng: np.random.Generator) -> FloatArray:
    """What pushes a few rows far below the rest, 0 for all others; shape (points,)."""
    pushes = np.zeros(points)
    if share > 0:
        count = max(1, round(share * points))
        rows = rng.permutation(points)[:count]
        pushes[rows] = -rng.uniform(*OUTLIER_DROP, size=count)
    return pushes
