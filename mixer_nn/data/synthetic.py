"""Made-up data whose answer is known: seeded points around a line, a curve, a surface, in classes.

The inputs of the lines are a grid that is symmetric about 0 with a variance below 1. The Hessian
of the mean squared error, 2·[[mean x², mean x], [mean x, 1]], is then diagonal, and its largest
eigenvalue is 2 whatever the seed: gradient descent diverges above a learning rate of exactly 1.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Column, Dataset, targets_of_classes
from mixer_nn.core.errors import MixError
from mixer_nn.core.seeds import Stream, stream
from mixer_nn.data.catalogue import REACH, SYNTHETIC, Synthetic
from mixer_nn.data.classes import LETTERS, class_columns
from mixer_nn.data.shapes import HEIGHT, PLANE_HEIGHT, PLANE_SLOPES, SLOPE

__all__ = [
    "HEIGHT",
    "PLANE_HEIGHT",
    "PLANE_SLOPES",
    "SLOPE",
    "SYNTHETIC",
    "Synthetic",
    "make",
    "remake",
]

MAX_VARIANCE = 0.95
OUTLIER_DROP = (5.0, 8.0)
MIN_POINTS, MAX_POINTS = 2, 10_000
MAX_NOISE = 1e6

Recipe = tuple[tuple[str, str | int | float], ...]


def make(
    key: str,
    *,
    seed: int,
    noise: float | None = None,
    points: int | None = None,
    classes: int | None = None,
) -> Dataset:
    """The data set `key` of SYNTHETIC, a pure function of its arguments.

    `noise` is the standard deviation of the normal noise, in units of the data: on the target if
    that is a number, on both inputs if it is a class. The same seed at another noise level gives
    the same misses, larger or smaller. `classes` is for sets that can have more or fewer of them.
    Raises MixError for an unknown key, a negative seed, a noise that is negative, not finite or
    above 1e6, for fewer than 2 or more than 10,000 points, and for a number of classes that the
    set cannot have.
    """
    kind = _kind(key)
    noise = kind.noise if noise is None else float(noise)
    points = kind.points if points is None else points
    _check(seed, noise, points)
    recipe: Recipe = (("name", key), ("seed", seed), ("noise", noise), ("points", points))
    if classes is not None and classes not in kind.class_counts:
        raise _wrong_count(kind, classes)
    if kind.class_counts:
        count = classes or kind.class_counts[0]
        if len(kind.class_counts) > 1:
            recipe = (*recipe, ("classes", count))
        return _classes(kind, stream(seed, Stream.DATA), noise, points, count, recipe)
    return _numbers(kind, stream(seed, Stream.DATA), noise, points, recipe)


def remake(recipe: Iterable[tuple[str, str | int | float]]) -> Dataset:
    """The data set that a `Dataset.recipe` came from, equal to the bit; MixError if it is none.

    With other entries it is made in another way: ``remake({**dict(recipe), "seed": 2}.items())``.
    """
    parts = dict(recipe)
    key, seed, noise, points = (parts.get(part) for part in ("name", "seed", "noise", "points"))
    classes = parts.get("classes")
    if (
        not isinstance(key, str)
        or not isinstance(seed, int)
        or not isinstance(points, int)
        or not isinstance(noise, int | float)
        or not isinstance(classes, int | None)
    ):
        raise MixError(
            "The recipe of the synthetic data is incomplete: it needs a name, a whole seed, a "
            "noise level, a whole number of points, and of classes where that can be chosen."
        )
    return make(key, seed=seed, noise=noise, points=points, classes=classes)


def _numbers(
    kind: Synthetic, rng: np.random.Generator, noise: float, points: int, recipe: Recipe
) -> Dataset:
    assert kind.function is not None
    count = len(kind.inputs)
    inputs = _grid(points, kind.reach) if count == 1 else _scatter(points, count, kind.reach, rng)
    targets = kind.function(inputs) + _pushes(points, kind.outliers, rng)
    targets = targets + noise * rng.standard_normal(points)
    return _dataset(kind, inputs, targets[:, np.newaxis], (Column("y"),), recipe)


def _classes(
    kind: Synthetic,
    rng: np.random.Generator,
    noise: float,
    points: int,
    count: int,
    recipe: Recipe,
) -> Dataset:
    assert kind.cloud is not None
    # In turn, so that there are as many of each, and some of each among few.
    labels = np.arange(points, dtype=np.intp) % count
    inputs = kind.cloud(labels, count, rng)
    inputs = inputs + noise * rng.standard_normal(inputs.shape)
    names = LETTERS[:count]
    targets, columns = targets_of_classes(labels, count), class_columns("class", names)
    return _dataset(kind, inputs, targets, columns, recipe, names)


def _dataset(
    kind: Synthetic,
    inputs: FloatArray,
    targets: FloatArray,
    columns: tuple[Column, ...],
    recipe: Recipe,
    classes: tuple[str, ...] = (),
) -> Dataset:
    return Dataset(
        name=kind.title,
        inputs=inputs,
        targets=targets,
        input_columns=tuple(Column(name) for name in kind.inputs),
        target_columns=columns,
        source=f"Made up by this program: {kind.formula}.",
        recipe=recipe,
        classes=classes,
    )


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


def _wrong_count(kind: Synthetic, classes: int) -> MixError:
    counts = sorted(kind.class_counts)
    if not counts:
        return MixError(f"“{kind.title}” has no classes, so their number cannot be chosen.")
    if len(counts) == 1:
        return MixError(f"“{kind.title}” always has {counts[0]} classes, not {classes}.")
    return MixError(
        f"“{kind.title}” has {counts[0]} to {counts[-1]} classes, not {classes}; "
        "choose a number among these."
    )


def _grid(points: int, reach: float) -> FloatArray:
    """Even steps from −reach to reach, symmetric about 0 to the last bit, shape (points, 1).

    The variance of an even grid on [-r, r] is r²·(n + 1) / (3·(n - 1)); for the lines, with few
    points, the reach r shrinks so that it stays below MAX_VARIANCE.
    """
    if reach == REACH:
        reach = min(REACH, (3 * MAX_VARIANCE * (points - 1) / (points + 1)) ** 0.5)
    steps = 2.0 * np.arange(points) - (points - 1)
    return np.asarray(reach * steps / (points - 1))[:, np.newaxis]


def _scatter(points: int, inputs: int, reach: float, rng: np.random.Generator) -> FloatArray:
    return rng.uniform(-reach, reach, size=(points, inputs))


def _pushes(points: int, share: float, rng: np.random.Generator) -> FloatArray:
    """What pushes a few rows far below the rest, 0 for all others; shape (points,)."""
    pushes = np.zeros(points)
    if share > 0:
        count = max(1, round(share * points))
        rows = rng.permutation(points)[:count]
        pushes[rows] = -rng.uniform(*OUTLIER_DROP, size=count)
    return pushes
