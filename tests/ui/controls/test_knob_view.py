from __future__ import annotations

import gc
import math
import sys
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.ui import theme
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.controls.taper import LogTaper

SIZES = (150, 72, 40, 32, 26)


@pytest.fixture
def paints(knob: Knob, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Callable[[], int]:
    """How often the knob has asked to be painted since the last call."""
    calls: list[int] = []
    monkeypatch.setattr(knob, "update", lambda: calls.append(1))

    def count() -> int:
        seen = len(calls)
        calls.clear()
        return seen

    return count


def picture(knob: Knob) -> QImage:
    return knob.grab().toImage()


def test_setters_are_silent(knob: Knob, qtbot: QtBot) -> None:
    signals = [knob.pressed, knob.turned, knob.released, knob.reset_asked, knob.lock_toggled]
    heard: list[object] = []
    for signal in (*signals, knob.hovered, knob.scale_asked):
        signal.connect(heard.append) if signal in (knob.turned,) else signal.connect(heard.clear)
    with qtbot.assertNotEmitted(knob.turned), qtbot.assertNotEmitted(knob.pressed):
        knob.set_value(1.0)
        knob.set_scale(-8.0, 8.0)
        knob.set_initial(0.5)
        knob.set_locked(True)
        knob.set_slope(1, 0.5)
        knob.set_ghost(1.1)
        knob.set_answer(2.0)
        knob.set_badge("×4")
        knob.set_diameter(40)
    assert heard == []


def test_minus_one_is_an_ordinary_value(knob: Knob) -> None:
    knob.set_value(-1.0)
    assert knob.value == -1.0
    assert knob.look.position == pytest.approx(0.25)
    assert "-1" in knob.text()


def test_a_value_outside_the_scale_is_kept_and_marked(knob: Knob) -> None:
    knob.set_value(2.0)
    inside = picture(knob)
    knob.set_value(7.3)
    assert knob.value == 7.3
    assert picture(knob) != inside


def test_nothing_is_painted_when_nothing_visible_changed(
    knob: Knob, paints: Callable[[], int]
) -> None:
    knob.set_value(1.0)
    assert paints() == 1
    knob.set_value(1.0 + 1e-9)
    knob.set_slope(0, 0.0)
    knob.set_badge("")
    assert paints() == 0
    assert knob.value == 1.0 + 1e-9


@pytest.mark.parametrize("diameter", SIZES)
def test_every_mark_can_be_seen_at_every_size(knob: Knob, diameter: int) -> None:
    knob.set_diameter(diameter)
    knob.set_value(0.8)
    plain = picture(knob)
    changes: list[tuple[Callable[[], None], Callable[[], None]]] = [
        (lambda: knob.set_slope(1, 0.6), lambda: knob.set_slope(0)),
        (lambda: knob.set_ghost(1.3), lambda: knob.set_ghost(None)),
        (lambda: knob.set_answer(-1.3), lambda: knob.set_answer(None)),
        (lambda: knob.set_badge("×4"), lambda: knob.set_badge("")),
        (lambda: knob.set_locked(True), lambda: knob.set_locked(False)),
        (lambda: knob.set_lit(True), lambda: knob.set_lit(False)),
        (knob.clearFocus, knob.setFocus),
    ]
    for show, hide in changes:
        show()
        assert picture(knob) != plain
        hide()
        assert picture(knob) == plain


@pytest.mark.parametrize("diameter", SIZES)
def test_the_ring_tells_the_way_and_a_tick_per_decade(knob: Knob, diameter: int) -> None:
    knob.set_diameter(diameter)
    pictures = []
    for way, strength in ((1, 0.25), (1, 0.5), (1, 1.0), (-1, 0.25)):
        knob.set_slope(way, strength)
        pictures.append(picture(knob))
    assert all(a != b for i, a in enumerate(pictures) for b in pictures[:i])
    knob.set_slope(1, 0.5, visible=False)
    assert knob.look.slope == 0


def test_a_slope_that_is_no_number_shows_no_ring(knob: Knob) -> None:
    knob.set_slope(1, math.nan)
    assert knob.look.slope == 0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308, 5e-324])
def test_any_value_can_be_painted(knob: Knob, value: float) -> None:
    knob.set_value(value)
    knob.set_ghost(value)
    assert not picture(knob).isNull()
    knob.set_value(0.0)
    assert knob.look.position == 0.5


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_ends_of_the_scale_are_printed(knob: Knob, qapp: QApplication, name: str) -> None:
    theme.apply(qapp, name)
    knob.set_scale(-16.0, 16.0)
    assert knob.look.ends == ("−16", "+16")
    before = picture(knob)
    knob.set_scale(-32.0, 32.0)
    assert picture(knob) != before


def test_a_knob_changes_with_the_theme(knob: Knob, qapp: QApplication) -> None:
    dark = picture(knob)
    theme.apply(qapp, "light")
    assert picture(knob) != dark


def test_the_pointer_glides_and_the_value_does_not(knob: Knob) -> None:
    knob.glide = True
    knob.set_value(1.0)
    assert knob.value == 1.0
    assert knob.look.position == 0.5
    assert knob.advance(16.0)
    assert 0.5 < knob.look.position < 0.75
    passed = 16.0
    while knob.advance(16.0):
        passed += 16.0
    assert knob.look.position == pytest.approx(0.75)
    assert passed <= 100.0
    assert not knob.advance(16.0)


def test_the_pointer_glides_on_after_a_value_that_was_no_number(knob: Knob) -> None:
    knob.set_value(math.nan)
    knob.glide = True
    knob.set_value(-1.0)
    knob.advance(16.0)
    assert knob.look.position == pytest.approx(0.25)


def test_without_glide_the_pointer_is_there_at_once(knob: Knob) -> None:
    knob.set_value(1.0)
    assert knob.look.position == pytest.approx(0.75)
    assert not knob.advance(16.0)


def test_a_setting_has_a_neutral_arc_from_its_low_end(qtbot: QtBot, dressed: QApplication) -> None:
    tempo = Knob(diameter=50, taper=LogTaper(1.0, 100.0), signed=False)
    qtbot.addWidget(tempo)
    tempo.set_value(10.0)
    assert tempo.look.origin == 0.0
    assert not tempo.look.signed
    assert tempo.look.position == pytest.approx(0.5, abs=0.01)


def test_a_formatter_writes_the_value(knob: Knob) -> None:
    knob.set_unit("min")
    knob.set_value(0.5)
    assert knob.text() == "0.5 min"
    knob.set_formatter("{:.1f} steps/s".format)
    assert knob.text() == "0.5 steps/s"


# -- assistive tools --


def test_a_screen_reader_finds_a_dial_with_a_value(knob: Knob) -> None:
    knob.set_name("weight w")
    knob.set_value(0.1234)
    found = QAccessible.queryAccessibleInterface(knob)
    assert found.role() == QAccessible.Role.Dial
    assert found.text(QAccessible.Text.Name) == "weight w"
    assert found.text(QAccessible.Text.Value) == "0.1234"
    value = found.valueInterface()
    assert value.currentValue() == 0.1234
    assert (value.minimumValue(), value.maximumValue()) == (-2.0, 2.0)


def test_a_screen_reader_can_turn_a_knob(knob: Knob, qtbot: QtBot) -> None:
    found = QAccessible.queryAccessibleInterface(knob)
    with qtbot.waitSignals([knob.pressed, knob.turned, knob.released], order="strict"):
        found.valueInterface().setCurrentValue(-1.25)
    assert knob.value == -1.25


def test_a_screen_reader_can_step_and_focus_a_knob(knob: Knob) -> None:
    actions = QAccessible.queryAccessibleInterface(knob).actionInterface()
    knob.clearFocus()
    actions.doAction(actions.increaseAction())
    assert knob.value == pytest.approx(0.04)
    actions.doAction(actions.decreaseAction())
    assert knob.value == 0.0
    assert actions.setFocusAction() in actions.actionNames()
    actions.doAction(actions.setFocusAction())
    assert knob.hasFocus()


def test_a_listening_assistive_tool_is_told_without_a_crash(knob: Knob) -> None:
    QAccessible.setActive(True)
    try:
        knob.set_value(0.5)
        QTest.keyClick(knob, Qt.Key.Key_Up)
    finally:
        QAccessible.setActive(False)
    assert QAccessible.queryAccessibleInterface(knob).valueInterface().currentValue() == knob.value


def test_what_is_not_supported_is_refused_without_a_crash(knob: Knob) -> None:
    found = QAccessible.queryAccessibleInterface(knob)
    assert found.textInterface() is None
    assert found.tableCellInterface() is None


# -- upkeep --


def test_a_thousand_paints_leave_none_alone(knob: Knob) -> None:
    knob.set_slope(1, 0.5)
    knob.set_ghost(1.0)
    knob.grab()
    before = sys.getrefcount(None)
    for index in range(1000):
        knob.set_value(index / 500.0 - 1.0)
        knob.repaint()
    assert abs(sys.getrefcount(None) - before) < 50


def test_a_deleted_knob_is_let_go(qtbot: QtBot, dressed: QApplication) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    knob = Knob(parent)
    parent.show()
    assert QAccessible.queryAccessibleInterface(knob).role() == QAccessible.Role.Dial
    knob.open_editor()
    knob.finish_gesture()
    gone = weakref.ref(knob)
    knob.deleteLater()
    del knob
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("diameter", SIZES)
def test_a_knob_of_any_size_has_room_for_itself(knob: Knob, diameter: int) -> None:
    knob.set_diameter(diameter)
    assert knob.sizeHint().width() >= diameter
    assert knob.sizeHint().height() >= diameter
