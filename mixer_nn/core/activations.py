"""Activation functions: what a neuron does to its weighted sum, the slope of that, and its bend.

Values, slopes and bends are those of PyTorch's functions of the same names, with its defaults (but
for softplus, which PyTorch makes a straight line above 20, at most 2e-9 off). Values and slopes
have a planned form besides, equal to it, that writes into arrays made beforehand.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray

Call = Callable[[], object]

LEAK = 0.01
"""Slope of leaky ReLU below zero."""

FLAT = 0.05
"""A slope smaller than this share of the steepest counts as the flat part of an activation."""


@dataclass(frozen=True)
class Activation:
    """A function of the weighted sum z, elementwise, with its derivative.

    `value` maps z to a; `slope` maps (z, a) to da/dz, given both so that either may be used, and
    `bend` likewise to d²a/dz².
    `plan_value(z, a)` and `plan_slope(z, a, slope)` give the calls that do so in place. With
    `keeps_sums` the slope needs z; otherwise z and a may be the same array. `formula` is for the
    screen. `bounded` tells that it saturates, `can_die` that it can be zero for all of the data.
    """

    key: str
    title: str
    formula: str
    value: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray, FloatArray], FloatArray]
    bend: Callable[[FloatArray, FloatArray], FloatArray]
    plan_value: Callable[[FloatArray, FloatArray], list[Call]]
    plan_slope: Callable[[FloatArray, FloatArray, FloatArray], list[Call]]
    keeps_sums: bool = False
    bounded: bool = False
    can_die: bool = False

    def flat(self, z: FloatArray, a: FloatArray) -> BoolArray:
        """Where it is nearly flat: so little of a change comes through that learning stalls."""
        return np.asarray(np.abs(self.slope(z, a)) < FLAT * _STEEPEST.get(self.key, 1.0))


_STEEPEST = {"sigmoid": 0.25}

_ONE, _ZERO, _HALF, _TWO = (np.array(number) for number in (1.0, 0.0, 0.5, 2.0))


# -- linear -------------------------------------------------------------------------------------


def _linear(z: FloatArray) -> FloatArray:
    return z


def _linear_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    return np.ones_like(z)


def _straight(z: FloatArray, a: FloatArray) -> FloatArray:
    # A kink, too, has a straight line on either side; at the kink itself PyTorch takes 0.
    return np.zeros_like(z)


def _plan_linear(z: FloatArray, a: FloatArray) -> list[Call]:
    return [] if z is a else [partial(np.copyto, a, z)]


def _plan_linear_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    # Set to ones when it was made, and left so.
    return []


# -- ReLU and its kin ---------------------------------------------------------------------------


def _relu(z: FloatArray) -> FloatArray:
    return np.maximum(z, 0.0)


def _relu_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    # At the kink itself the slope is taken as 0, as PyTorch takes it.
    return (a > 0.0).astype(np.float64)


def _plan_relu(z: FloatArray, a: FloatArray) -> list[Call]:
    return [partial(np.maximum, z, _ZERO, out=a)]


def _plan_relu_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    active = np.empty(a.shape, dtype=np.bool_)
    # Turned to numbers once, here: a product with a bool turns them anew, and slower.
    return [partial(np.greater, a, _ZERO, active), partial(np.copyto, slope, active)]


def _leaky_relu(z: FloatArray) -> FloatArray:
    return np.maximum(z, LEAK * z)


def _leaky_relu_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    return np.where(a > 0.0, 1.0, LEAK)


def _plan_leaky_relu(z: FloatArray, a: FloatArray) -> list[Call]:
    leak = np.empty(z.shape)
    return [
        partial(np.multiply, z, np.array(LEAK), leak),
        partial(np.maximum, z, leak, out=a),
    ]


def _plan_leaky_relu_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    active = np.empty(a.shape, dtype=np.bool_)
    return [
        partial(np.greater, a, _ZERO, active),
        partial(np.copyto, slope, active),
        partial(np.maximum, slope, np.array(LEAK), out=slope),
    ]


def _elu(z: FloatArray) -> FloatArray:
    return np.maximum(z, np.expm1(np.minimum(z, 0.0)))


def _elu_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    # Below zero eᶻ is a + 1.
    return np.minimum(a + 1.0, 1.0)


def _elu_bend(z: FloatArray, a: FloatArray) -> FloatArray:
    return np.where(a > 0.0, 0.0, a + 1.0)


def _plan_elu(z: FloatArray, a: FloatArray) -> list[Call]:
    below = np.empty(z.shape)
    return [
        partial(np.minimum, z, _ZERO, out=below),
        partial(np.expm1, below, below),
        partial(np.maximum, z, below, out=a),
    ]


def _plan_elu_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    return [partial(np.add, a, _ONE, slope), partial(np.minimum, slope, _ONE, out=slope)]


# -- GELU ---------------------------------------------------------------------------------------

_ROOT_HALF, _DENSITY = math.sqrt(0.5), 1.0 / math.sqrt(2.0 * math.pi)


def _erf() -> np.ufunc:
    """The error function. NumPy has none; SciPy is slow to import, so only GELU does it."""
    from scipy.special import erf

    return cast("np.ufunc", erf)


def _below(z: FloatArray) -> FloatArray:
    """The share of a normal distribution below z."""
    return np.asarray(0.5 + 0.5 * _erf()(z * _ROOT_HALF))


def _gelu(z: FloatArray) -> FloatArray:
    return z * _below(z)


def _gelu_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    return _below(z) + z * _DENSITY * np.exp(-0.5 * z * z)


def _gelu_bend(z: FloatArray, a: FloatArray) -> FloatArray:
    return (2.0 - z * z) * _DENSITY * np.exp(-0.5 * z * z)


def _plan_below(z: FloatArray, share: FloatArray) -> list[Call]:
    return [
        partial(np.multiply, z, np.array(_ROOT_HALF), share),
        partial(_erf(), share, share),
        partial(np.add, share, _ONE, share),
        partial(np.multiply, share, _HALF, share),
    ]


def _plan_gelu(z: FloatArray, a: FloatArray) -> list[Call]:
    return [*_plan_below(z, a), partial(np.multiply, z, a, a)]


def _plan_gelu_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    density = np.empty(z.shape)
    return [
        *_plan_below(z, slope),
        partial(np.multiply, z, z, density),
        partial(np.multiply, density, np.array(-0.5), density),
        partial(np.exp, density, density),
        partial(np.multiply, density, np.array(_DENSITY), density),
        partial(np.multiply, density, z, density),
        partial(np.add, slope, density, slope),
    ]


# -- the smooth steps, and what grows out of them -----------------------------------------------


def _tanh(z: FloatArray) -> FloatArray:
    return np.tanh(z)


def _tanh_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    return 1.0 - a * a


def _tanh_bend(z: FloatArray, a: FloatArray) -> FloatArray:
    return -2.0 * a * (1.0 - a * a)


def _plan_tanh(z: FloatArray, a: FloatArray) -> list[Call]:
    return [partial(np.tanh, z, a)]


def _plan_tanh_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    return [partial(np.multiply, a, a, slope), partial(np.subtract, _ONE, slope, slope)]


def _sigmoid(z: FloatArray) -> FloatArray:
    # The tangent form has no exponential that could overflow.
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def _sigmoid_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    return a * (1.0 - a)


def _sigmoid_bend(z: FloatArray, a: FloatArray) -> FloatArray:
    return a * (1.0 - a) * (1.0 - 2.0 * a)


def _plan_sigmoid(z: FloatArray, a: FloatArray) -> list[Call]:
    return [
        partial(np.multiply, z, _HALF, a),
        partial(np.tanh, a, a),
        partial(np.multiply, a, _HALF, a),
        partial(np.add, a, _HALF, a),
    ]


def _plan_sigmoid_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    return [partial(np.subtract, _ONE, a, slope), partial(np.multiply, slope, a, slope)]


def _softplus(z: FloatArray) -> FloatArray:
    return np.logaddexp(z, 0.0)


def _softplus_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    # The sigmoid of z, from a = log(1 + eᶻ).
    return -np.expm1(-a)


def _softplus_bend(z: FloatArray, a: FloatArray) -> FloatArray:
    return -np.expm1(-a) * np.exp(-a)


def _plan_softplus(z: FloatArray, a: FloatArray) -> list[Call]:
    return [partial(np.logaddexp, z, _ZERO, a)]


def _plan_softplus_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    return [
        partial(np.negative, a, slope),
        partial(np.expm1, slope, slope),
        partial(np.negative, slope, slope),
    ]


def _sine(z: FloatArray) -> FloatArray:
    return np.sin(z)


def _sine_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    return np.cos(z)


def _sine_bend(z: FloatArray, a: FloatArray) -> FloatArray:
    return -a


def _plan_sine(z: FloatArray, a: FloatArray) -> list[Call]:
    return [partial(np.sin, z, a)]


def _plan_sine_slope(z: FloatArray, a: FloatArray, slope: FloatArray) -> list[Call]:
    return [partial(np.cos, z, slope)]


ACTIVATIONS: dict[str, Activation] = {
    activation.key: activation
    for activation in (
        Activation(
            "linear",
            "linear",
            "z",
            _linear,
            _linear_slope,
            _straight,
            _plan_linear,
            _plan_linear_slope,
        ),
        Activation(
            "relu",
            "ReLU",
            "max(0, z)",
            _relu,
            _relu_slope,
            _straight,
            _plan_relu,
            _plan_relu_slope,
            can_die=True,
        ),
        Activation(
            "leaky-relu",
            "leaky ReLU",
            "max(0.01·z, z)",
            _leaky_relu,
            _leaky_relu_slope,
            _straight,
            _plan_leaky_relu,
            _plan_leaky_relu_slope,
        ),
        Activation(
            "elu",
            "ELU",
            "z, below 0: eᶻ − 1",
            _elu,
            _elu_slope,
            _elu_bend,
            _plan_elu,
            _plan_elu_slope,
        ),
        Activation(
            "gelu",
            "GELU",
            "z · (share of a normal distribution below z)",
            _gelu,
            _gelu_slope,
            _gelu_bend,
            _plan_gelu,
            _plan_gelu_slope,
            keeps_sums=True,
        ),
        Activation(
            "tanh",
            "tanh",
            "tanh z",
            _tanh,
            _tanh_slope,
            _tanh_bend,
            _plan_tanh,
            _plan_tanh_slope,
            bounded=True,
        ),
        Activation(
            "sigmoid",
            "sigmoid",
            "1 / (1 + e⁻ᶻ)",
            _sigmoid,
            _sigmoid_slope,
            _sigmoid_bend,
            _plan_sigmoid,
            _plan_sigmoid_slope,
            bounded=True,
        ),
        Activation(
            "softplus",
            "softplus",
            "log(1 + eᶻ)",
            _softplus,
            _softplus_slope,
            _softplus_bend,
            _plan_softplus,
            _plan_softplus_slope,
        ),
        Activation(
            "sine",
            "sine",
            "sin z",
            _sine,
            _sine_slope,
            _sine_bend,
            _plan_sine,
            _plan_sine_slope,
            keeps_sums=True,
        ),
    )
}
