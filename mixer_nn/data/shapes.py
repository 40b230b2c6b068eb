"""What the made-up numbers follow: lines, curves and surfaces, from inputs to the true target.

Every function maps inputs (points, inputs) to targets (points,).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mixer_nn.core.arrays import FloatArray

SLOPE, HEIGHT = 1.6, 0.9
PLANE_SLOPES, PLANE_HEIGHT = (1.4, -0.8), 0.5


@dataclass(frozen=True)
class Hill:
    """A round hill: `height` · exp(−|x − `top`|²)."""

    height: float
    top: tuple[float, float]


HILLS = (Hill(2.0, (-1.0, -0.7)), Hill(1.3, (1.1, 0.8)))


def line(inputs: FloatArray) -> FloatArray:
    """1.6·x + 0.9."""
    return SLOPE * inputs[:, 0] + HEIGHT


def sine(inputs: FloatArray) -> FloatArray:
    """The sine of 2x."""
    return np.sin(2.0 * inputs[:, 0])


def absolute(inputs: FloatArray) -> FloatArray:
    """|x|, with a kink that no straight line follows."""
    return np.abs(inputs[:, 0])


def step(inputs: FloatArray) -> FloatArray:
    """−1 left of 0, 1 from there on."""
    return np.where(inputs[:, 0] < 0.0, -1.0, 1.0)


def cubic(inputs: FloatArray) -> FloatArray:
    """x³ − 2x."""
    x = inputs[:, 0]
    return x**3 - 2.0 * x


def x_sine(inputs: FloatArray) -> FloatArray:
    """x·sin x."""
    x = inputs[:, 0]
    return x * np.sin(x)


def plane(inputs: FloatArray) -> FloatArray:
    """1.4·x₁ − 0.8·x₂ + 0.5."""
    return np.asarray(inputs @ np.array(PLANE_SLOPES) + PLANE_HEIGHT)


def hills(inputs: FloatArray) -> FloatArray:
    """The sum of `HILLS`, of two inputs."""
    total = np.zeros(len(inputs))
    for hill in HILLS:
        total += hill.height * np.exp(-np.sum((inputs - np.array(hill.top)) ** 2, axis=1))
    return total
