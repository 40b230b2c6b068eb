"""Activation functions: what a neuron does to its weighted sum, and the slope of that."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mixer_nn.core.arrays import FloatArray


@dataclass(frozen=True)
class Activation:
    """A function of the weighted sum z, elementwise, with its derivative.

    `value` maps z to a; `slope` maps (z, a) to da/dz, given both so that either may be used.
    """

    key: str
    title: str
    value: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray, FloatArray], FloatArray]


def _linear(z: FloatArray) -> FloatArray:
    return z


def _linear_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    return np.ones_like(z)


def _tanh(z: FloatArray) -> FloatArray:
    return np.tanh(z)


def _tanh_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    return 1.0 - a * a


def _relu(z: FloatArray) -> FloatArray:
    return np.maximum(z, 0.0)


def _relu_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    # At the kink itself the slope is taken as 0, as PyTorch takes it.
    return (z > 0.0).astype(np.float64)


ACTIVATIONS: dict[str, Activation] = {
    activation.key: activation
    for activation in (
        Activation("linear", "linear", _linear, _linear_slope),
        Activation("tanh", "tanh", _tanh, _tanh_slope),
        Activation("relu", "ReLU", _relu, _relu_slope),
    )
}
