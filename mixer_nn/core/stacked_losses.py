"""The losses again, for the outputs of many networks at once; each is tested equal to its own.

They serve views, where every pass over the numbers counts. The outputs are few among all numbers
of a network, and come in float64 whatever the rest was worked out in: a small loss is the
difference of large numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.losses import HUBER_DELTA

Numbers: TypeAlias = NDArray[Any]
"""An array in float32 or in float64."""

Stacked: TypeAlias = Callable[[FloatArray, FloatArray], FloatArray]
"""Maps outputs (networks, outputs, rows), which it may use up, and targets (outputs, rows) to a
loss for each network, (networks,)."""


def _mean(parts: FloatArray) -> FloatArray:
    """Of what every row and output adds, the mean for each network."""
    return np.asarray(parts.reshape(len(parts), -1).mean(axis=1))


def _mean_squared_error(outputs: FloatArray, targets: FloatArray) -> FloatArray:
    miss = np.subtract(outputs, targets, out=outputs)
    return _mean(np.multiply(miss, miss, out=miss))


def _mean_absolute_error(outputs: FloatArray, targets: FloatArray) -> FloatArray:
    miss = np.subtract(outputs, targets, out=outputs)
    return _mean(np.abs(miss, out=miss))


def _huber(outputs: FloatArray, targets: FloatArray) -> FloatArray:
    size = np.subtract(outputs, targets, out=outputs)
    np.abs(size, out=size)
    near = np.minimum(size, HUBER_DELTA)
    return _mean(near * (size - 0.5 * near))


def _binary_cross_entropy(outputs: FloatArray, targets: FloatArray) -> FloatArray:
    # log(1 + eᶻ) with its straight part taken out; NumPy's logaddexp is ten times as slow.
    bend = np.log1p(np.exp(-np.abs(outputs)))
    return _mean(np.maximum(outputs, 0.0) - targets * outputs + bend)


def _softmax_cross_entropy(outputs: FloatArray, targets: FloatArray) -> FloatArray:
    right = np.sum(outputs * targets, axis=1)  # (networks, rows)
    largest = outputs.max(axis=1)
    spread = np.exp(np.subtract(outputs, largest[:, np.newaxis], out=outputs)).sum(axis=1)
    return _mean(np.log(spread) + largest - right)


def _hinge(outputs: FloatArray, targets: FloatArray) -> FloatArray:
    margin = np.multiply(outputs, 2.0 * targets - 1.0, out=outputs)
    return _mean(np.maximum(0.0, 1.0 - margin))


STACKED: dict[str, Stacked] = {
    "mse": _mean_squared_error,
    "mae": _mean_absolute_error,
    "huber": _huber,
    "bce": _binary_cross_entropy,
    "cross-entropy": _softmax_cross_entropy,
    "hinge": _hinge,
}
"""By the names of `LOSSES`."""
