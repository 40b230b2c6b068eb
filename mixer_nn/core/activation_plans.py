"""Activations as a training step runs them: calls that write into arrays made beforehand.

The same functions as in `mixer_nn.core.activations`, tested equal to them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from mixer_nn.core.activations import LEAK, NORMAL_DENSITY, ROOT_HALF, error_function
from mixer_nn.core.arrays import Call, FloatArray

# A scalar array costs a ufunc less than a Python number, which it makes into one each time.
_ONE, _ZERO, _HALF = (np.array(number) for number in (1.0, 0.0, 0.5))


@dataclass(frozen=True)
class ActivationPlan:
    """`value(z, a)` and `slope(z, a, slope)` give the calls that fill a, and the slope da/dz.

    Unless the activation keeps its sums, z and a may be one array.
    """

    value: Callable[[FloatArray, FloatArray], list[Call]]
    slope: Callable[[FloatArray, FloatArray, FloatArray], list[Call]]


def _linear(z: FloatArray, a: FloatArray) -> list[Call]:
    return [] if z is a else [partial(np.copyto, a, z)]


def _linear_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    # Set to ones when it was made, and left so.
    return []


def _relu(z: FloatArray, a: FloatArray) -> list[Call]:
    return [partial(np.maximum, z, _ZERO, out=a)]


def _relu_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    active = np.empty(a.shape, dtype=np.bool_)
    # Turned to numbers once, here: a product with a bool turns them anew, and slower.
    return [partial(np.greater, a, _ZERO, active), partial(np.copyto, slope, active)]


def _leaky_relu(z: FloatArray, a: FloatArray) -> list[Call]:
    leak = np.empty(z.shape)
    return [
        partial(np.multiply, z, np.array(LEAK), leak),
        partial(np.maximum, z, leak, out=a),
    ]


def _leaky_relu_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    active = np.empty(a.shape, dtype=np.bool_)
    return [
        partial(np.greater, a, _ZERO, active),
        partial(np.copyto, slope, active),
        partial(np.maximum, slope, np.array(LEAK), out=slope),
    ]


def _elu(z: FloatArray, a: FloatArray) -> list[Call]:
    below = np.empty(z.shape)
    return [
        partial(np.minimum, z, _ZERO, out=below),
        partial(np.expm1, below, below),
        partial(np.maximum, z, below, out=a),
    ]


def _elu_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    return [partial(np.add, a, _ONE, slope), partial(np.minimum, slope, _ONE, out=slope)]


def _below(z: FloatArray, share: FloatArray) -> list[Call]:
    return [
        partial(np.multiply, z, np.array(ROOT_HALF), share),
        partial(error_function(), share, share),
        partial(np.add, share, _ONE, share),
        partial(np.multiply, share, _HALF, share),
    ]


def _gelu(z: FloatArray, a: FloatArray) -> list[Call]:
    return [*_below(z, a), partial(np.multiply, z, a, a)]


def _gelu_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    density = np.empty(z.shape)
    return [
        *_below(z, slope),
        partial(np.multiply, z, z, density),
        partial(np.multiply, density, np.array(-0.5), density),
        partial(np.exp, density, density),
        partial(np.multiply, density, np.array(NORMAL_DENSITY), density),
        partial(np.multiply, density, z, density),
        partial(np.add, slope, density, slope),
    ]


def _tanh(z: FloatArray, a: FloatArray) -> list[Call]:
    return [partial(np.tanh, z, a)]


def _tanh_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    return [partial(np.multiply, a, a, slope), partial(np.subtract, _ONE, slope, slope)]


def _sigmoid(z: FloatArray, a: FloatArray) -> list[Call]:
    return [
        partial(np.multiply, z, _HALF, a),
        partial(np.tanh, a, a),
        partial(np.multiply, a, _HALF, a),
        partial(np.add, a, _HALF, a),
    ]


def _sigmoid_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    return [partial(np.subtract, _ONE, a, slope), partial(np.multiply, slope, a, slope)]


def _softplus(z: FloatArray, a: FloatArray) -> list[Call]:
    return [partial(np.logaddexp, z, _ZERO, a)]


def _softplus_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    return [
        partial(np.negative, a, slope),
        partial(np.expm1, slope, slope),
        partial(np.negative, slope, slope),
    ]


def _sine(z: FloatArray, a: FloatArray) -> list[Call]:
    return [partial(np.sin, z, a)]


def _sine_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    return [partial(np.cos, z, slope)]


ACTIVATION_PLANS: dict[str, ActivationPlan] = {
    "linear": ActivationPlan(_linear, _linear_slope),
    "relu": ActivationPlan(_relu, _relu_slope),
    "leaky-relu": ActivationPlan(_leaky_relu, _leaky_relu_slope),
    "elu": ActivationPlan(_elu, _elu_slope),
    "gelu": ActivationPlan(_gelu, _gelu_slope),
    "tanh": ActivationPlan(_tanh, _tanh_slope),
    "sigmoid": ActivationPlan(_sigmoid, _sigmoid_slope),
    "softplus": ActivationPlan(_softplus, _softplus_slope),
    "sine": ActivationPlan(_sine, _sine_slope),
}
