"""The kinds of made-up data: one table for menus, the command line and `make`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.data import clouds, shapes

REACH, WIDE = 1.6, 3.0
OUTLIER_SHARE = 0.1
CLASS_POINTS = 250
BLOBS = (4, 3, 5)

Shape = Callable[[FloatArray], FloatArray]
Cloud = Callable[[IntArray, int, np.random.Generator], FloatArray]


@dataclass(frozen=True)
class Synthetic:
    """A kind of made-up data: what the menus show, and what `make` needs.

    Numbers have a `function`, which maps inputs (points, inputs) to the true target (points,),
    without noise; classes have a `cloud`, which draws the inputs of given labels, and
    `class_counts`, how many classes there may be, the usual number first. `noise` and `points`
    are the defaults; `inputs` names the input columns, which go from −`reach` to `reach`;
    `outliers` is the share of rows that are pushed far off afterwards. `kind` is the heading in a
    menu, `formula` says in a few words what it is.
    """

    key: str
    title: str
    kind: str
    formula: str
    noise: float
    points: int
    inputs: tuple[str, ...]
    function: Shape | None = None
    reach: float = WIDE
    outliers: float = 0.0
    cloud: Cloud | None = None
    class_counts: tuple[int, ...] = ()


def _line(key: str, title: str, noise: float, outliers: float = 0.0) -> Synthetic:
    formula = "y = 1.6·x + 0.9" + (", one point in ten pushed far off" if outliers else "")
    return Synthetic(key, title, "Lines", formula, noise, 40, ("x",), shapes.line, REACH, outliers)


def _curve(key: str, title: str, formula: str, function: Shape, reach: float) -> Synthetic:
    return Synthetic(key, title, "Curves", formula, 0.1, 80, ("x",), function, reach)


def _surface(key: str, title: str, formula: str, function: Shape, points: int) -> Synthetic:
    reach, noise = (REACH, 0.35) if function is shapes.plane else (2.0, 0.1)
    return Synthetic(key, title, "Surfaces", formula, noise, points, ("x1", "x2"), function, reach)


def _two_classes(key: str, title: str, formula: str, noise: float, cloud: Cloud) -> Synthetic:
    return Synthetic(
        key,
        title,
        "Two classes",
        formula,
        noise,
        CLASS_POINTS,
        ("x1", "x2"),
        cloud=cloud,
        class_counts=(2,),
    )


SYNTHETIC: dict[str, Synthetic] = {
    kind.key: kind
    for kind in (
        _line("line", "Exact line", 0.0),
        _line("noisy-line", "Noisy line", 0.35),
        _line("outliers", "Line with outliers", 0.35, OUTLIER_SHARE),
        _curve("sine", "Sine", "y = sin 2x", shapes.sine, WIDE),
        _curve("absolute", "|x|", "y = |x|", shapes.absolute, WIDE),
        _curve("step", "Step", "y = −1 left of 0, else 1", shapes.step, WIDE),
        _curve("cubic", "Cubic", "y = x³ − 2x", shapes.cubic, 2.0),
        _curve("x-sine", "x·sin x", "y = x·sin x", shapes.x_sine, 5.0),
        _surface("plane", "Plane (two inputs)", "y = 1.4·x1 − 0.8·x2 + 0.5", shapes.plane, 80),
        _surface("hills", "Two hills", "y is the sum of two round hills", shapes.hills, 200),
        _two_classes("circle", "Circle", "A within a circle, B around it", 0.1, clouds.circle),
        _two_classes("xor", "XOR", "A where x1 and x2 have the same sign", 0.05, clouds.xor),
        _two_classes(
            "gaussians", "Two Gaussians", "A and B around a middle each", 0.2, clouds.gaussians
        ),
        _two_classes("spiral", "Spiral", "two arms around each other", 0.03, clouds.spiral),
        _two_classes("moons", "Moons", "two half circles that interlock", 0.15, clouds.moons),
        Synthetic(
            "blobs",
            "Blobs",
            "More classes",
            "each class around a middle of its own",
            0.1,
            CLASS_POINTS,
            ("x1", "x2"),
            cloud=clouds.blobs,
            class_counts=BLOBS,
        ),
    )
}
