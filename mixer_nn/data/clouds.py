"""What the made-up classes look like: points in a plane, each class in a place of its own.

Every function draws the inputs (points, 2) of points whose classes are the given labels (points,),
without noise; all lie within about 2 of 0. `classes` is how many there are.
"""

from __future__ import annotations

import numpy as np

from mixer_nn.core.arrays import FloatArray, IntArray

REACH = 2.0
CORE, HOLE = 0.45, 0.65
"""Of the circle: how far the inner class goes, and where the outer one begins, of the reach."""

GAP = 0.1
"""Of XOR: how far the points keep from both axes."""

SPREAD, BLOB_SPREAD = 0.45, 0.35
"""Standard deviation of the points around the middle of a Gaussian, and of a blob."""

TURNS = 1.5
BLOBS_OUT = 1.5


def circle(labels: IntArray, classes: int, rng: np.random.Generator) -> FloatArray:
    """The first class within a circle, the second in a ring around it; even in both."""
    low = np.where(labels == 0, 0.0, HOLE)
    high = np.where(labels == 0, CORE, 1.0)
    # The square root makes as many points of every bit of area.
    radius = REACH * np.sqrt(rng.uniform(low**2, high**2))
    return _around(radius, rng.uniform(0.0, 2.0 * np.pi, len(labels)))


def xor(labels: IntArray, classes: int, rng: np.random.Generator) -> FloatArray:
    """The first class where x₁ and x₂ have the same sign, the second where they have not."""
    sizes = rng.uniform(GAP, REACH, (len(labels), 2))
    one = rng.choice([-1.0, 1.0], len(labels))
    other = np.where(labels == 0, one, -one)
    return np.column_stack([sizes[:, 0] * one, sizes[:, 1] * other])


def gaussians(labels: IntArray, classes: int, rng: np.random.Generator) -> FloatArray:
    """Two round clouds that a straight line can tell apart, all but a few points."""
    middle = np.where(labels == 0, -0.8, 0.8)[:, np.newaxis]
    return middle + SPREAD * rng.standard_normal((len(labels), 2))


def spiral(labels: IntArray, classes: int, rng: np.random.Generator) -> FloatArray:
    """Two arms of a turn and a half around each other (Lang and Witbrock, 1988, had three)."""
    share = np.sqrt(rng.uniform(0.01, 1.0, len(labels)))
    angle = 2.0 * np.pi * TURNS * share + np.pi * labels
    return _around(REACH * share, angle)


def moons(labels: IntArray, classes: int, rng: np.random.Generator) -> FloatArray:
    """Two half circles that reach into each other."""
    angle = rng.uniform(0.0, np.pi, len(labels))
    side = np.where(labels == 0, 1.0, -1.0)
    return np.column_stack(
        [side * (1.3 * np.cos(angle) - 0.65), side * (1.3 * np.sin(angle) - 0.3)]
    )


def blobs(labels: IntArray, classes: int, rng: np.random.Generator) -> FloatArray:
    """Round clouds with their middles evenly on a circle, the first at the top."""
    angle = np.pi / 2.0 + 2.0 * np.pi * labels / classes
    middle = _around(np.full(len(labels), BLOBS_OUT), angle)
    return middle + BLOB_SPREAD * rng.standard_normal(middle.shape)


def _around(radius: FloatArray, angle: FloatArray) -> FloatArray:
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
