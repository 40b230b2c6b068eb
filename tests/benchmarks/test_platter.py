"""A frame of the turntable: only what moves, and with new grooves.

``pytest tests/benchmarks/test_platter.py --benchmark-enable``; no stopwatch fails a test.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from mixer_nn.ui import theme
from mixer_nn.ui.controls.platter import Platter


def platter_of(qtbot: QtBot, qapp: QApplication, diameter: int) -> Platter:
    theme.apply(qapp, "dark", zoom=1.0)
    platter = Platter(diameter=diameter)
    qtbot.addWidget(platter)
    platter.resize(platter.sizeHint())
    platter.set_grooves(np.exp(-3.0 * np.linspace(0.0, 1.0, 500)), 0.9)
    platter.set_position(0.9)
    platter.set_marks([(0.1, "A"), (0.5, "B")])
    return platter


def canvas_for(platter: Platter, ratio: float) -> QPixmap:
    canvas = QPixmap(platter.size() * ratio)
    canvas.setDevicePixelRatio(ratio)
    canvas.fill(Qt.GlobalColor.black)
    return canvas


@pytest.mark.parametrize("frame", ["turning", "scrubbing", "pressing"])
@pytest.mark.parametrize("diameter", [96, 150, 220])
def test_a_frame(
    benchmark: BenchmarkFixture, qtbot: QtBot, qapp: QApplication, diameter: int, frame: str
) -> None:
    """Painting included, but for the window system's own part."""
    platter = platter_of(qtbot, qapp, diameter)
    canvas, rng, number = canvas_for(platter, 1.0), np.random.default_rng(0), 0

    def one() -> None:
        nonlocal number
        number += 1
        platter.set_angle(0.13 * number)
        platter.set_label(str(number), "epoch")
        if frame == "scrubbing":
            place = 0.45 + 0.4 * math.sin(0.1 * number)
            platter.set_position(place)
            platter.set_future(0.9 - place)
        elif frame == "pressing":
            platter.set_grooves(rng.random(500))
        platter.render(canvas)

    benchmark.pedantic(one, rounds=100, warmup_rounds=5)  # type: ignore[no-untyped-call]
    assert platter.look.label == (str(number), "epoch")
