"""Fields: what every unit of a network makes of a whole grid of inputs, in one pass."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.problem import Problem

Units = NDArray[np.float32]
"""What the neurons of a layer make: (neurons, points)."""

CELLS = 100
"""Cells of a field, across and up."""
CURVE_POINTS = 200

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)

Span = tuple[float, float]


@dataclass(frozen=True)
class Grid:
    """Where a field is evaluated: along one input, or over two, with all others held.

    `axes` are the inputs that vary, `spans` from where to where, in data units; `held` has a value
    for every input, which holds for those that do not vary. `counts` is the number of points along
    each axis. One axis runs from end to end; of two, the points are the centres of cells.
    """

    axes: tuple[int, ...]
    spans: tuple[Span, ...]
    held: tuple[float, ...]
    counts: tuple[int, ...]

    @classmethod
    def over(cls, dataset: Dataset, axes: tuple[int, ...] = (0, 1)) -> Grid:
        """Over data, with some air around; the inputs that do not vary are held at their median.

        Of one input, along it, whatever `axes` say.
        """
        inputs = dataset.inputs
        axes = axes if inputs.shape[1] > 1 else (0,)
        spans = tuple(range_around(inputs[:, axis].min(), inputs[:, axis].max()) for axis in axes)
        medians = tuple(float(middle) for middle in np.median(inputs, axis=0))
        counts = (CURVE_POINTS,) if len(axes) == 1 else (CELLS,) * len(axes)
        return cls(axes, spans, medians, counts)

    @property
    def inputs(self) -> FloatArray:
        """The points in data units, (points, inputs); the last axis varies fastest."""
        places = np.meshgrid(*self.places, indexing="ij")
        points = np.tile(np.array(self.held), (places[0].size, 1))
        for axis, along in zip(self.axes, places, strict=True):
            points[:, axis] = along.ravel()
        return points

    @property
    def places(self) -> tuple[FloatArray, ...]:
        """The coordinates of the points along each axis, in data units."""
        if len(self.axes) == 1:
            return (np.linspace(*self.spans[0], self.counts[0]),)
        return tuple(
            low + (np.arange(count) + 0.5) / count * (high - low)
            for (low, high), count in zip(self.spans, self.counts, strict=True)
        )

    def holds(self, dataset: Dataset) -> bool:
        """Whether all rows of a data set with these inputs lie within."""
        if dataset.inputs.shape[1] != len(self.held):
            return False
        shown = dataset.inputs[:, list(self.axes)]
        low, high = np.array(self.spans).T
        return bool(((low <= shown) & (shown <= high)).all())


class Field:
    """Evaluates every unit of a problem's network at fixed points, prepared once.

    Features and scaling of the points are worked out once and every array is made once, features
    first with a row of ones for the biases, so that a layer is one matrix product. In float32
    unless told otherwise: it is for looking at, and there it is up to five times as fast.
    """

    def __init__(self, problem: Problem, inputs: FloatArray, dtype: DTypeLike = np.float32) -> None:
        self._problem, self._dtype = problem, np.dtype(dtype)
        with np.errstate(all="ignore"):
            seen = problem.network_inputs(inputs)
            self._blocks = [np.ones((size + 1, len(seen)), dtype) for size in problem.network.sizes]
            self._blocks[0][:-1] = seen.T

    def units(self, vector: FloatArray) -> list[Units]:
        """Per layer what its neurons make, (neurons, points); the last are the network's outputs.

        In training units. The arrays are the field's own and hold until the next call.
        """
        network, made = self._problem.network, [block[:-1] for block in self._blocks[1:]]
        with np.errstate(all="ignore"):
            layers = network.layers(vector.astype(self._dtype))
            for index, name in enumerate(network.activations):
                np.dot(layers[index], self._blocks[index], out=made[index])
                activate(name, made[index])
        return made

    def in_data_units(self, outputs: Units) -> FloatArray:
        """The network's outputs (outputs, points) in the units of the data; logits for classes."""
        scaling = self._problem.scaling
        with np.errstate(all="ignore"):
            return np.asarray(
                outputs * scaling.target_scale[:, np.newaxis] + scaling.target_mean[:, np.newaxis]
            )


def evaluate_units(
    problem: Problem, vector: FloatArray, grid_inputs: FloatArray, dtype: DTypeLike = np.float32
) -> list[Units]:
    """What every unit makes of inputs (points, inputs) in data units, layer by layer.

    Each (neurons, points), in training units, the network's outputs last. Whoever asks again for
    the same points keeps a `Field`.
    """
    return Field(problem, grid_inputs, dtype).units(vector)


def _tanh(z: Units) -> None:
    np.tanh(z, out=z)


def _sine(z: Units) -> None:
    np.sin(z, out=z)


def _relu(z: Units) -> None:
    np.maximum(z, 0.0, out=z)


def _softplus(z: Units) -> None:
    # NumPy's logaddexp is ten times as slow.
    bend = np.log1p(np.exp(-np.abs(z)))
    np.maximum(z, 0.0, out=z)
    np.add(z, bend, out=z)


_ERF_STEEPNESS = 0.3275911 * math.sqrt(0.5)
_ERF_TERMS = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
"""Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: within 1.5e-7."""
_FAR = 100.0
"""Deviations beyond which a normal distribution is nothing, and an infinity still a number."""


def _gelu(z: NDArray[Any]) -> None:
    if z.dtype != np.float32:
        z[:] = ACTIVATIONS["gelu"].value(z)
        return
    # SciPy's error function takes eight times as long, and float32 holds no more digits than this.
    away = np.abs(z)
    np.minimum(away, _FAR, out=away)
    share = 1.0 / (away * np.float32(_ERF_STEEPNESS) + 1.0)
    tail = share * np.float32(_ERF_TERMS[0])
    for term in _ERF_TERMS[1:]:
        tail += np.float32(term)
        tail *= share
    np.multiply(away, away, out=share)
    share *= np.float32(-0.5)
    tail *= np.exp(share, out=share)
    # By now this is twice the share of the distribution beyond |z|.
    tail *= away
    tail *= np.float32(0.5)
    np.maximum(z, 0.0, out=z)
    z -= tail


_IN_PLACE: dict[str, Callable[[Units], None]] = {
    "tanh": _tanh,
    "sine": _sine,
    "relu": _relu,
    "softplus": _softplus,
    "gelu": _gelu,
}
"""The activations that are worth a form of their own; the others are taken as they are read."""


def activate(name: str, sums: NDArray[Any]) -> None:
    """Put in place of weighted sums, of either float type, what the activation makes of them."""
    if name in _IN_PLACE:
        _IN_PLACE[name](sums)
    elif name != "linear":
        # With Python numbers in them, the readable forms keep to the type they are given.
        sums[:] = ACTIVATIONS[name].value(sums)


# -- ranges -------------------------------------------------------------------------------------


def nice_step(span: float, most: int, whole: bool = False) -> float:
    """The least of 1, 2, 2.5, 5 times a power of ten that makes `most` parts of `span`, or fewer.

    `whole`: a whole number, for an axis that counts.
    """
    least = span / max(most, 1)
    if not (math.isfinite(least) and least > 0.0):
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    steps = [step for step in _STEPS if not whole or step % 1.0 == 0.0]
    nice = next(step * power for step in steps if step * power >= least * (1.0 - 1e-9))
    return max(nice, 1.0) if whole else nice


def range_around(low: float, high: float) -> Span:
    """A range that holds `low` to `high` with air around, and ends on half a tick's step."""
    # Beyond that, ends could no longer be told apart, or overflow when they are drawn.
    low, high = max(float(low), -1e300), min(float(high), 1e300)
    span = high - low
    if span <= 1e-12 * max(abs(low), abs(high)):
        half = 0.5 * abs(low) or 1.0
        return low - half, low + half
    step = nice_step(span, 8) / 2.0
    air = 0.03 * span
    return math.floor((low - air) / step) * step, math.ceil((high + air) / step) * step
