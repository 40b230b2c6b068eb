import itertools
import math

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mixer_nn.ui.controls.meter import HOLD_MILLISECONDS, Meter


@pytest.fixture
def meter(qtbot: QtBot, dressed: QApplication) -> Meter:
    meter = Meter()
    qtbot.addWidget(meter)
    meter.resize(80, 12)
    return meter


def test_it_rises_at_once(meter: Meter) -> None:
    meter.set_level(0.4, 0.9)
    assert meter.shown == (0.4, 0.9)
    assert not meter.advance(16.0)


def test_it_falls_slowly_and_then_rests(meter: Meter) -> None:
    meter.set_level(0.8, 0.9)
    meter.set_level(0.2, 0.3)
    seen = [meter.shown[0]]
    passed = 0.0
    while meter.advance(16.0):
        seen.append(meter.shown[0])
        passed += 16.0
    assert seen == sorted(seen, reverse=True)
    assert max(a - b for a, b in itertools.pairwise(seen)) < 0.05
    assert meter.shown == (0.2, 0.3)
    assert 300.0 < passed < 3000.0


def test_the_peak_is_held_before_it_falls(meter: Meter) -> None:
    meter.set_level(0.5, 0.9)
    meter.set_level(0.1, 0.1)
    meter.advance(HOLD_MILLISECONDS - 50.0)
    assert meter.shown[1] == 0.9
    meter.advance(100.0)
    assert meter.shown[1] < 0.9


def test_a_picture_can_have_the_exact_level(meter: Meter) -> None:
    meter.set_level(0.8, 0.9)
    meter.set_level(0.2, 0.3)
    meter.settle()
    assert meter.shown == (0.2, 0.3)


@pytest.mark.parametrize(("given", "shown"), [(-1.0, 0.0), (7.0, 1.0), (math.nan, 0.0)])
def test_levels_are_held_to_the_bar(meter: Meter, given: float, shown: float) -> None:
    meter.set_level(given, given)
    assert meter.shown == (shown, shown)


def test_the_lamp_says_why_in_words(meter: Meter) -> None:
    dark = meter.grab().toImage()
    meter.set_lamp(True, "saturated: tanh above 0.99 for most rows")
    assert meter.lamp
    assert meter.grab().toImage() != dark
    assert "saturated" in meter.toolTip()
    assert "saturated" in meter.accessibleDescription()
    meter.set_lamp(False)
    assert meter.grab().toImage() == dark
