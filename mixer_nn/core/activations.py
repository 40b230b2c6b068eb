"""Activation functions: what a neuron does to its weighted sum, the slope of that, and its bend.

Values, slopes and bends are those of PyTorch's functions of the same names, with its defaults (but
for softplus, which PyTorch makes a straight line above 20, at most 2e-9 off).
`mixer_nn.core.activation_plans` has the same for a training step, written in place.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray

LEAK = 0.01
"""Slope of leaky ReLU below zero."""

FLAT = 0.05
"""A slope smaller than this share of the steepest counts as the flat part of an activation."""


@dataclass(frozen=True)
class Activation:
    """A function of the weighted sum z, elementwise, with its derivative.

    `value` maps z to a; `slope` maps (z, a) to da/dz, given both so that either may be used, and
    `bend` likewise to d²a/dz². With `keeps_sums` the slope needs z; otherwise a is enough, and may
    be put where z was. `formula` is for the screen. `bounded` tells that it saturates, `can_die`
    that it can be zero for all of the data.
    """

    key: str
    title: str
    formula: str
    value: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray, FloatArray], FloatArray]
    bend: Callable[[FloatArray, FloatArray], FloatArray]
    keeps_sums: bool = False
    bounded: bool = False
    can_die: bool = False

    def flat(self, z: FloatArray, a: FloatArray) -> BoolArray:
        """Where it is nearly flat: so little of a change comes through that learning stalls."""
        return np.asarray(np.abs(self.slope(z, a)) < FLAT * _STEEPEST.get(self.key, 1.0))


_STEEPEST = {"sigmoid": 0.25}


# -- linear -------------------------------------------------------------------------------------


def _linear(z: FloatArray) -> FloatArray:
    return z


def _linear_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    return np.ones_like(z)


def _straight(z: FloatArray, a: FloatArray) -> FloatArray:
    # A kink, too, has a straight line on either side; at the kink itself PyTorch takes 0.
    return np.zeros_like(z)


# -- ReLU and its kin ---------------------------------------------------------------------------


def _relu(z: FloatArray) -> FloatArray:
    return np.maximum(z, 0.0)


def _relu_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    # At the kink itself the slope is taken as 0, as PyTorch takes it.
    return (a > 0.0).astype(np.float64)


def _leaky_relu(z: FloatArray) -> FloatArray:
    return np.maximum(z, LEAK * z)


def _leaky_relu_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    return np.where(a > 0.0, 1.0, LEAK)


def _elu(z: FloatArray) -> FloatArray:
    return np.maximum(z, np.expm1(np.minimum(z, 0.0)))


def _elu_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    # Below zero eᶻ is a + 1.
    return np.minimum(a + 1.0, 1.0)


def _elu_bend(z: FloatArray, a: FloatArray) -> FloatArray:
    return np.where(a > 0.0, 0.0, a + 1.0)


# -- GELU ---------------------------------------------------------------------------------------

ROOT_HALF, NORMAL_DENSITY = math.sqrt(0.5), 1.0 / math.sqrt(2.0 * math.pi)
"""What GELU is made with: z·√½ goes into the error function; the density of z = 0."""


def error_function() -> np.ufunc:
    """The error function. NumPy has none; SciPy is slow to import, so only GELU does it."""
    from scipy.special import erf

    return cast("np.ufunc", erf)


def _below(z: FloatArray) -> FloatArray:
    """The share of a normal distribution below z."""
    return np.asarray(0.5 + 0.5 * error_function()(z * ROOT_HALF))


def _gelu(z: FloatArray) -> FloatArray:
    return z * _below(z)


def _gelu_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    return _below(z) + z * NORMAL_DENSITY * np.exp(-0.5 * z * z)


def _gelu_bend(z: FloatArray, a: FloatArray) -> FloatArray:
    return (2.0 - z * z) * NORMAL_DENSITY * np.exp(-0.5 * z * z)


# -- the smooth steps, and what grows out of them -----------------------------------------------


def _tanh(z: FloatArray) -> FloatArray:
    return np.tanh(z)


def _tanh_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    return 1.0 - a * a


def _tanh_bend(z: FloatArray, a: FloatArray) -> FloatArray:
    return -2.0 * a * (1.0 - a * a)


def _sigmoid(z: FloatArray) -> FloatArray:
    # The tangent form has no exponential that could overflow.
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def _sigmoid_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    return a * (1.0 - a)


def _sigmoid_bend(z: FloatArray, a: FloatArray) -> FloatArray:
    return a * (1.0 - a) * (1.0 - 2.0 * a)


def _softplus(z: FloatArray) -> FloatArray:
    return np.logaddexp(z, 0.0)


def _softplus_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    # The sigmoid of z, from a = log(1 + eᶻ).
    return -np.expm1(-a)


def _softplus_bend(z: FloatArray, a: FloatArray) -> FloatArray:
    return -np.expm1(-a) * np.exp(-a)


def _sine(z: FloatArray) -> FloatArray:
    return np.sin(z)


def _sine_slope(z: FloatArray, a: FloatArray) -> FloatArray:
    return np.cos(z)


def _sine_bend(z: FloatArray, a: FloatArray) -> FloatArray:
    return -a


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
        ),
        Activation(
            "relu",
            "ReLU",
            "max(0, z)",
            _relu,
            _relu_slope,
            _straight,
            can_die=True,
        ),
        Activation(
            "leaky-relu",
            "leaky ReLU",
            "max(0.01·z, z)",
            _leaky_relu,
            _leaky_relu_slope,
            _straight,
        ),
        Activation(
            "elu",
            "ELU",
            "z, below 0: eᶻ − 1",
            _elu,
            _elu_slope,
            _elu_bend,
        ),
        Activation(
            "gelu",
            "GELU",
            "z · (share of a normal distribution below z)",
            _gelu,
            _gelu_slope,
            _gelu_bend,
            keeps_sums=True,
        ),
        Activation(
            "tanh",
            "tanh",
            "tanh z",
            _tanh,
            _tanh_slope,
            _tanh_bend,
            bounded=True,
        ),
        Activation(
            "sigmoid",
            "sigmoid",
            "1 / (1 + e⁻ᶻ)",
            _sigmoid,
            _sigmoid_slope,
            _sigmoid_bend,
            bounded=True,
        ),
        Activation(
            "softplus",
            "softplus",
            "log(1 + eᶻ)",
            _softplus,
            _softplus_slope,
            _softplus_bend,
        ),
        Activation(
            "sine",
            "sine",
            "sin z",
            _sine,
            _sine_slope,
            _sine_bend,
            keeps_sums=True,
        ),
    )
}
