"""Brings the JSON of an older file up to the present format, one version at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from mixer_nn.session.codec import decode

VERSION = 3
"""The format that is written. 1: one neuron. 2: networks, optimizers, classes, features. 3: cues,
and runs with the states along them."""


def migrated(mix: dict[str, Any], version: int) -> dict[str, Any]:
    """The same mix in the present format; what an older one did not say gets its default."""
    for number in range(version, VERSION):
        mix = _STEPS[number](mix)
    return mix


def _with(mix: dict[str, Any], key: str, defaults: dict[str, Any]) -> dict[str, Any]:
    entry = mix.get(key)
    # Something else than an object is reported by whoever reads it.
    return mix | {key: defaults | entry} if isinstance(entry, dict) else mix


def _from_1(mix: dict[str, Any]) -> dict[str, Any]:
    mix = _with(mix, "training", {"count": 0, "optimizer": "gradient-descent"})
    mix = _with(mix, "data", {"classes": []})
    mix = _with(mix, "network", {"features": []})
    setup = {
        "momentum": 0.9,
        "decay": 0.01,
        "schedule": "constant",
        "warm_up": 0.0,
        "horizon": 100.0,
        "clip": None,
        "l1": 0.0,
        "l2": 0.0,
    }
    return _with(mix, "setup", setup)


def _from_2(mix: dict[str, Any]) -> dict[str, Any]:
    mix = {"cues": [], "visit": None, "runs": [], "record": []} | mix
    curves = mix.get("curves")
    if isinstance(curves, list):
        mix["curves"] = [_with_seconds(curve) for curve in curves]
    return mix


def _with_seconds(curve: Any) -> Any:
    """A curve with how long its steps took, which is not known."""
    if not isinstance(curve, dict) or "points" not in curve:
        return curve
    points = decode(curve["points"], "curves.points", 2)
    if points.shape[1] == 7:
        points = np.column_stack([points, np.full(len(points), math.nan)])
    return curve | {"points": points}


_STEPS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _from_1, 2: _from_2}
