from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mixer_nn.ui import theme
from mixer_nn.ui.controls.gestures import IDLE_MILLISECONDS
from mixer_nn.ui.controls.platter import Platter
from mixer_nn.ui.controls.platter_geometry import PlatterGeometry
from mixer_nn.ui.controls.platter_paint import label_lines
from mixer_nn.ui.controls.platter_record import (
    SHADES,
    Pressing,
    record,
    ring_count,
    rings,
    shade_colours,
)

if TYPE_CHECKING:
    from tests.ui.controls.conftest import Hand

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
FALLING = np.linspace(1.0, 0.0, 40)


@dataclass
class Diary:
    """What a platter said, in order: ``pressed``, name and number of each move, ``released``."""

    platter: Platter
    words: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.platter.pressed.connect(self.on_pressed)
        self.platter.scrubbed.connect(self.on_scrubbed)
        self.platter.stepped.connect(self.on_stepped)
        self.platter.strode.connect(self.on_strode)
        self.platter.turned.connect(self.on_turned)
        self.platter.released.connect(self.on_released)

    def on_pressed(self) -> None:
        self.words.append("pressed")

    def on_scrubbed(self, turns: float) -> None:
        self.words.append(("scrubbed", turns))

    def on_strode(self, strides: int) -> None:
        self.words.append(("strode", strides))

    def on_stepped(self, steps: int) -> None:
        self.words.append(("stepped", steps))

    def on_turned(self, place: float) -> None:
        self.words.append(("turned", place))

    def on_released(self) -> None:
        self.words.append("released")

    def numbers(self, name: str) -> list[float]:
        return [word[1] for word in self.words if isinstance(word, tuple) and word[0] == name]

    @property
    def turns(self) -> float:
        return sum(self.numbers("scrubbed"))


@pytest.fixture
def platter(qtbot: QtBot, dressed: QApplication) -> Platter:
    """A shown, focused platter of 150 pixels, with 40 grooves and the needle half way in."""
    platter = Platter()
    platter.set_grooves(FALLING)
    platter.set_position(0.5)
    qtbot.addWidget(platter)
    with qtbot.waitExposed(platter):
        platter.show()
    platter.activateWindow()
    platter.setFocus()
    qtbot.waitUntil(platter.hasFocus)
    QApplication.sendEvent(platter, QEvent(QEvent.Type.Leave))  # wherever the mouse may be
    return platter


@pytest.fixture
def diary(platter: Platter) -> Diary:
    return Diary(platter)


def at(platter: Platter, degrees: float, share: float = 0.7) -> QPointF:
    """A point of the record: degrees clockwise from the right, share of the radius."""
    turn, away = math.radians(degrees), share * platter.dial.radius
    return platter.dial.centre + QPointF(math.cos(turn), math.sin(turn)) * away


def spin(hand: Hand, platter: Platter, start: int, end: int, keys: Qt.KeyboardModifier) -> None:
    hand.press(platter, at(platter, start), keys)
    for degrees in range(start, end, 10 if end > start else -10):
        hand.move_to(platter, at(platter, degrees), keys)
    hand.move_to(platter, at(platter, end), keys)


def picture(platter: Platter) -> QImage:
    return platter.grab().toImage()


def colour(platter: Platter, point: QPointF) -> QColor:
    image = picture(platter)
    ratio = image.devicePixelRatio()
    return image.pixelColor(round(point.x() * ratio), round(point.y() * ratio))


# -- the hand on the record ---------------------------------------------------------------------


@pytest.mark.parametrize("end", [90, -90, 720, -1080])
def test_a_turn_counts_round_and_round(
    platter: Platter, hand: Hand, diary: Diary, end: int
) -> None:
    spin(hand, platter, 170, 170 + end, NONE)
    hand.release(platter)
    assert diary.turns == pytest.approx(end / 360.0)
    assert (diary.words[0], diary.words[-1]) == ("pressed", "released")
    # No jump where the angles begin anew.
    assert max(map(abs, diary.numbers("scrubbed"))) < 0.03


def test_shift_is_the_fine_gear(platter: Platter, hand: Hand, diary: Diary) -> None:
    spin(hand, platter, 100, 460, SHIFT)
    hand.release(platter, SHIFT)
    assert diary.turns == pytest.approx(0.1)


def test_it_is_the_same_at_any_distance_from_the_centre(
    platter: Platter, hand: Hand, diary: Diary
) -> None:
    hand.press(platter, at(platter, 120, 0.9))
    hand.move_to(platter, at(platter, 120, 0.5))
    assert diary.turns == pytest.approx(0.0, abs=1e-12)
    hand.move_to(platter, at(platter, 210, 0.4))
    assert diary.turns == pytest.approx(0.25)


def test_straight_across_the_middle_is_no_turn(platter: Platter, hand: Hand, diary: Diary) -> None:
    hand.press(platter, at(platter, 180, 0.5))
    for share in (0.3, 0.1, 0.02):
        hand.move_to(platter, at(platter, 180, share))
    for share in (0.02, 0.1, 0.3, 0.5):
        hand.move_to(platter, at(platter, 0, share))
    hand.release(platter)
    assert diary.turns == pytest.approx(0.0, abs=1e-12)


def test_a_click_moves_nothing(platter: Platter, diary: Diary) -> None:
    QTest.mouseClick(platter, Qt.MouseButton.LeftButton, pos=at(platter, 200).toPoint())
    assert diary.words == ["pressed", "released"]
    assert platter.value == 0.5


def test_beside_the_platter_there_is_nothing_to_hold(platter: Platter, diary: Diary) -> None:
    QTest.mouseClick(platter, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    QTest.mouseClick(platter, Qt.MouseButton.RightButton, pos=at(platter, 200).toPoint())
    assert diary.words == []


def test_escape_turns_back(platter: Platter, hand: Hand, diary: Diary) -> None:
    spin(hand, platter, 100, 200, NONE)
    assert hand.takes_key(platter, Key.Key_Escape)
    QTest.keyClick(platter, Key.Key_Escape)
    assert diary.turns == pytest.approx(0.0, abs=1e-12)
    assert diary.words[-1] == "released"
    hand.move_to(platter, at(platter, 300))
    assert diary.words[-1] == "released"


def test_what_the_program_sets_is_silent_and_shown_in_the_hand_too(
    platter: Platter, hand: Hand, diary: Diary
) -> None:
    hand.press(platter, at(platter, 120))
    platter.set_position(0.2)
    assert platter.value == 0.2
    assert platter.look.place == pytest.approx(0.2, abs=0.01)
    platter.set_grooves(FALLING, 0.5)
    platter.set_angle(1.0)
    hand.release(platter)
    assert diary.words == ["pressed", "released"]


def test_it_lets_go_when_it_is_hidden_or_switched_off(
    platter: Platter, hand: Hand, diary: Diary
) -> None:
    hand.press(platter, at(platter, 120))
    platter.setEnabled(False)
    assert diary.words == ["pressed", "released"]
    platter.setEnabled(True)
    hand.press(platter, at(platter, 120))
    platter.hide()
    assert diary.words == ["pressed", "released"] * 2


# -- the arm ------------------------------------------------------------------------------------


def test_the_needle_is_at_its_place() -> None:
    for diameter in (96, 150, 220):
        dial = PlatterGeometry(diameter)
        for place in np.linspace(0.0, 1.0, 11):
            needle = dial.needle(float(place))
            assert dial.place_of(needle) == pytest.approx(place)
            arm = needle - dial.pivot
            assert math.hypot(arm.x(), arm.y()) == pytest.approx(1.15 * dial.radius)
        assert not dial.is_on_platter(dial.needle(None))


def test_the_arm_can_be_taken_to_another_place(platter: Platter, hand: Hand, diary: Diary) -> None:
    needle = platter.dial.centre + platter.dial.needle(0.5)
    hand.press(platter, needle + QPointF(2, 1))  # a little off, and still no jump
    for place in (0.51, 0.6, 0.75):
        hand.move_to(platter, platter.dial.centre + platter.dial.needle(place) + QPointF(2, 1))
    hand.release(platter)
    places = diary.numbers("turned")
    assert len(places) == 3
    assert places[0] < 0.53
    assert places[-1] == platter.value == pytest.approx(0.75, abs=0.02)
    assert not diary.numbers("scrubbed")


def test_the_arm_stops_at_rim_and_label(platter: Platter, hand: Hand, diary: Diary) -> None:
    hand.press(platter, platter.dial.centre + platter.dial.needle(0.5))
    hand.move_to(platter, platter.dial.centre)
    assert platter.value == 1.0
    hand.move_to(platter, QPointF(platter.rect().bottomRight()))
    assert platter.value == 0.0
    QTest.keyClick(platter, Key.Key_Escape)
    assert platter.value == 0.5
    assert diary.words[-2:] == [("turned", 0.5), "released"]


def test_a_double_click_puts_the_arm_down_there(platter: Platter, diary: Diary) -> None:
    share = platter.dial.radius_of(0.25) / platter.dial.radius
    point = at(platter, 200, share).toPoint()
    QTest.mouseClick(platter, Qt.MouseButton.LeftButton, pos=point)
    QTest.mouseDClick(platter, Qt.MouseButton.LeftButton, pos=point)
    assert diary.numbers("turned") == [pytest.approx(0.25, abs=0.03)]
    assert diary.words.count("pressed") == diary.words.count("released")
    assert not platter.is_held


def test_the_arm_shows_that_it_can_be_taken(platter: Platter, hand: Hand) -> None:
    hand.move_to(platter, platter.dial.centre + platter.dial.needle(0.5))
    assert platter.look.hover
    hand.move_to(platter, at(platter, 200))
    assert not platter.look.hover


# -- wheel and keys -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "keys", "steps"),
    [
        (Key.Key_Right, NONE, 1),
        (Key.Key_Left, NONE, -1),
        (Key.Key_Up, NONE, 1),
        (Key.Key_Down, NONE, -1),
        (Key.Key_Left, SHIFT, -1),
    ],
)
def test_keys_step(
    platter: Platter, hand: Hand, diary: Diary, key: Key, keys: Qt.KeyboardModifier, steps: int
) -> None:
    assert hand.takes_key(platter, key, keys=keys)
    QTest.keyClick(platter, key, keys)
    QTest.keyClick(platter, key, keys)
    assert diary.words == ["pressed", ("stepped", steps), ("stepped", steps)]
    platter.finish_gesture()
    assert diary.words[-1] == "released"


@pytest.mark.parametrize(
    ("key", "keys", "strides"),
    [
        (Key.Key_PageUp, NONE, 1),
        (Key.Key_PageDown, NONE, -1),
        (Key.Key_Right, CONTROL, 1),
        (Key.Key_Left, CONTROL, -1),
    ],
)
def test_keys_take_large_steps(
    platter: Platter, hand: Hand, diary: Diary, key: Key, keys: Qt.KeyboardModifier, strides: int
) -> None:
    assert hand.takes_key(platter, key, keys=keys)
    QTest.keyClick(platter, key, keys)
    assert diary.words == ["pressed", ("strode", strides)]
    platter.finish_gesture()
    assert diary.words[-1] == "released"


def test_a_gesture_of_keys_ends_by_itself(qtbot: QtBot, platter: Platter, diary: Diary) -> None:
    with qtbot.waitSignal(platter.released, timeout=10 * IDLE_MILLISECONDS):
        QTest.keyClick(platter, Key.Key_Right)
    assert diary.words == ["pressed", ("stepped", 1), "released"]


@pytest.mark.parametrize(("key", "place"), [(Key.Key_Home, 0.0), (Key.Key_End, 0.8)])
def test_home_and_end_go_to_where_the_grooves_begin_and_end(
    platter: Platter, hand: Hand, diary: Diary, key: Key, place: float
) -> None:
    platter.set_grooves(FALLING, 0.8)
    assert hand.takes_key(platter, key)
    QTest.keyClick(platter, key)
    assert diary.words == ["pressed", ("turned", place)]


@pytest.mark.parametrize(
    "key", [Key.Key_Space, Key.Key_S, Key.Key_Comma, Key.Key_L, Key.Key_Return, Key.Key_5]
)
def test_other_keys_are_the_programs(platter: Platter, hand: Hand, diary: Diary, key: Key) -> None:
    assert not hand.takes_key(platter, key, chr(key.value) if key.value < 128 else "")
    QTest.keyClick(platter, key)
    assert diary.words == []


def test_the_wheel_steps_by_notches(platter: Platter, hand: Hand, diary: Diary) -> None:
    assert hand.wheel(platter, 120)
    assert hand.wheel(platter, -360)
    assert diary.numbers("stepped") == [1, -3]
    for _ in range(4):  # a wheel of high resolution
        assert hand.wheel(platter, 30)
    assert diary.numbers("stepped") == [1, -3, 1]


def test_the_wheel_with_ctrl_takes_large_steps(platter: Platter, hand: Hand, diary: Diary) -> None:
    assert hand.wheel(platter, 240, keys=CONTROL)
    assert diary.numbers("strode") == [2]
    assert diary.numbers("stepped") == []


def test_the_wheel_is_left_alone_without_the_focus(
    platter: Platter, hand: Hand, diary: Diary
) -> None:
    platter.clearFocus()
    assert not hand.wheel(platter, 120)
    assert diary.words == []


# -- what is seen -------------------------------------------------------------------------------


def test_rings_have_the_mean_of_their_grooves() -> None:
    levels = np.random.default_rng(0).random(600)
    expected = levels.reshape(30, 20).mean(axis=1) * SHADES
    np.testing.assert_allclose(list(rings(levels, 1.0, 30)), expected, atol=0.5)
    few = list(rings(np.array([1.0, 0.5, 0.0]), 0.5, 60))
    assert few == [SHADES] * 10 + [SHADES // 2] * 10 + [0] * 10
    assert list(rings(np.array([np.nan, 7.0, -3.0]), 1.0, 3)) == [SHADES, SHADES, 0]
    assert rings(np.empty(0), 1.0, 30) == b""
    assert len(rings(np.array([0.5]), 1e-6, 30)) == 1


@pytest.mark.parametrize("name", ["dark", "light"])
def test_a_higher_loss_is_further_from_the_vinyl(name: str) -> None:
    colours = theme.load(name)
    greys = [QColor(*row).lightnessF() for row in shade_colours(colours).tolist()]
    away = np.abs(np.array(greys) - QColor(colours.groove).lightnessF())
    assert (np.diff(away) > -0.005).all()
    assert away[0] > 0.15


def test_a_groove_is_coloured_by_its_level(platter: Platter) -> None:
    dial = platter.dial
    loud, quiet = (
        colour(platter, at(platter, 215, dial.radius_of(place) / dial.radius))
        for place in (0.04, 0.96)
    )
    assert loud.saturationF() > quiet.saturationF() + 0.1
    platter.set_grooves(FALLING, 0.5)
    bare = colour(platter, at(platter, 100, dial.radius_of(0.75) / dial.radius))
    assert bare.lightnessF() < 0.2


def test_turning_is_seen_and_small_changes_cost_nothing(platter: Platter) -> None:
    before = picture(platter)
    platter.set_angle(0.5)
    turned = picture(platter)
    assert turned != before
    look = platter.look
    platter.set_angle(0.5 + 1e-6)
    assert platter.look == look
    platter.set_angle(0.5 + 6.0 * math.pi)
    assert picture(platter) == turned


def test_the_record_is_pressed_anew_only_where_it_looks_another(platter: Platter) -> None:
    platter.set_grooves(np.full(500, 0.5))
    pressing = platter.pressing
    platter.set_grooves(np.full(501, 0.5))
    assert platter.pressing == pressing
    platter.set_grooves(np.full(501, 0.6))
    assert platter.pressing != pressing


def test_what_lies_ahead_is_faint(platter: Platter) -> None:
    ahead = at(platter, 100, platter.dial.radius_of(0.8) / platter.dial.radius)
    whole = colour(platter, ahead)
    platter.set_future(0.5)
    assert colour(platter, ahead).lightnessF() < whole.lightnessF() - 0.1
    behind = at(platter, 100, platter.dial.radius_of(0.2) / platter.dial.radius)
    platter.set_future(0.0)
    kept = colour(platter, behind)
    platter.set_future(0.5)
    assert colour(platter, behind) == kept


def test_an_empty_record_has_its_arm_beside_it(platter: Platter) -> None:
    platter.set_grooves(np.empty(0))
    assert platter.look.place is None
    assert platter.pressing.shades == b""
    platter.set_torn(True)
    shown = [(platter.look.lifted, platter.pressing.torn)]
    platter.set_grooves(np.array([1.0]), 0.1)
    shown.append((platter.look.lifted, platter.pressing.torn))
    assert shown == [(False, False), (True, True)]


def test_marks_are_shown_and_told(platter: Platter) -> None:
    before = picture(platter)
    platter.set_marks([(0.2, "A"), (0.2, "C")])
    both = picture(platter)
    assert both != before
    assert platter.accessibleDescription() == "marks: A, C"
    platter.set_marks([(0.2, "A")])
    assert picture(platter) not in (both, before)
    platter.set_marks([(0.2, "")])
    assert picture(platter) not in (both, before)
    assert platter.accessibleDescription() == ""
    platter.set_marks([])
    assert picture(platter) == before
    assert platter.accessibleDescription() == ""


def test_the_arm_comes_down_again_before_the_place_where_it_broke_off(platter: Platter) -> None:
    platter.set_grooves(FALLING, 0.8)
    platter.set_torn(True)
    platter.set_position(0.8)
    lifted = [platter.look.lifted]
    platter.set_position(0.3)
    platter.set_future(0.5)
    assert [*lifted, platter.look.lifted] == [True, False]
    assert platter.pressing.torn


@pytest.mark.parametrize(
    ("radius", "big", "small", "shown"),
    [
        (28.0, "31", "step", ["31", "step"]),
        (18.0, "31", "step", ["31"]),
        (28.0, "123456", "epoch", ["123456"]),
        (28.0, "", "epoch", []),
        (42.0, "1240", "EPOCH", ["1240", "EPOCH"]),
    ],
)
def test_the_label_says_what_it_has_room_for(
    dressed: QApplication, radius: float, big: str, small: str, shown: list[str]
) -> None:
    lines = label_lines(radius, big, small, theme.zoom())
    assert [text for text, _, _ in lines] == shown
    assert all(font.pixelSize() >= theme.SMALLEST_TEXT for _, font, _ in lines)


@pytest.mark.parametrize("diameter", [96, 150, 220])
@pytest.mark.parametrize("name", ["dark", "light"])
def test_every_size_and_theme_paints_whatever_there_is(
    qtbot: QtBot, qapp: QApplication, diameter: int, name: str
) -> None:
    theme.apply(qapp, name, zoom=1.0)
    platter = Platter(diameter=diameter)
    qtbot.addWidget(platter)
    platter.resize(platter.sizeHint())
    assert platter.height() >= diameter
    seen = [picture(platter)]
    platter.set_grooves(FALLING)
    platter.set_position(1.0)
    seen.append(picture(platter))
    platter.set_torn(True)
    seen.append(picture(platter))
    platter.setEnabled(False)
    seen.append(picture(platter))
    assert all(one != other for one, other in itertools.pairwise(seen))


def test_on_a_finer_screen_it_is_pressed_finer(dressed: QApplication) -> None:
    dial = PlatterGeometry(150)
    coarse, fine = (ring_count(dial, ratio) for ratio in (1.0, 2.0))
    assert abs(fine - 2 * coarse) <= 1
    bare = record(dial, 2.0, Pressing(fine)).toImage()
    image = record(dial, 2.0, Pressing(fine, rings(FALLING, 0.5, fine))).toImage()
    assert (image.width(), image.devicePixelRatio()) == (2 * dial.width, 2.0)
    centre = dial.centre * 2.0
    for place, pressed in ((0.1, True), (0.48, True), (0.52, False), (0.9, False)):
        # Upward from the centre, where no light falls.
        y = round(centre.y() - 2.0 * dial.radius_of(place))
        same = image.pixelColor(round(centre.x()), y) == bare.pixelColor(round(centre.x()), y)
        assert same != pressed


def test_another_size(platter: Platter) -> None:
    platter.set_diameter(96)
    assert platter.diameter == 96
    assert platter.sizeHint().height() < 110


def test_focus_is_seen(platter: Platter) -> None:
    focused = picture(platter)
    platter.clearFocus()
    assert picture(platter) != focused


def test_a_screen_reader_hears_and_sets_the_place(platter: Platter, diary: Diary) -> None:
    platter.set_name("training history")
    platter.set_formatter(lambda place: f"epoch {400 * place:.0f} of 400")
    interface = QAccessible.queryAccessibleInterface(platter)
    assert interface.role() == QAccessible.Role.Dial
    assert interface.text(QAccessible.Text.Name) == "training history"
    assert interface.text(QAccessible.Text.Value) == "epoch 200 of 400"
    value = interface.valueInterface()
    assert (value.currentValue(), value.minimumValue(), value.maximumValue()) == (0.5, 0.0, 1.0)
    value.setCurrentValue(0.25)
    assert platter.value == 0.25
    assert diary.words == ["pressed", ("turned", 0.25), "released"]
    actions = interface.actionInterface()
    actions.doAction(actions.decreaseAction())
    assert diary.words[-1] == ("stepped", -1)
    assert platter.toolTip()


def test_what_does_not_fit_on_the_label_is_not_written_over_its_edge() -> None:
    assert [line[0] for line in label_lines(26.0, "80", "epoch", 1.0)] == ["80", "epoch"]
    assert [line[0] for line in label_lines(12.0, "80", "epoch", 1.0)] == ["80"]
    assert label_lines(12.0, "80000", "epoch", 1.0) == ()
