"""The crossfader under a person's hand: fader, ends, options, the way above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QWidget

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import network_on
from mixer_nn.ui import theme
from mixer_nn.ui.controls.crossfader import Crossfader
from mixer_nn.ui.mixer.crossfader_words import barrier_text
from mixer_nn.ui.network_builder import add_layer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.conftest import User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def fader(user: User) -> Crossfader:
    return user.find(Crossfader, "crossfader")


def steps(user: User, count: int) -> None:
    user.bench.automix.step(count)
    user.frames()


def entries(user: User, letter: str) -> list[str]:
    box = user.find(QComboBox, f"crossfader{letter}")
    return [box.itemText(index) for index in range(box.count())]


def focus(user: User) -> None:
    fader(user).setFocus(Qt.FocusReason.TabFocusReason)


def open_options(user: User) -> None:
    user.click("crossfaderOptions")
    QApplication.processEvents()


@pytest.fixture
def two(user: User) -> User:
    """Two trainings of one network on both ends."""
    user.desk.put(network_on(make("moons", seed=1, points=60), 3, (4,)), "moons")
    user.frames()
    steps(user, 60)
    user.click("cueA")
    user.desk.new_start(11)
    steps(user, 60)
    user.click("cueB")
    user.bench.fading.choose(0, "A")
    user.bench.fading.choose(1, "B")
    user.frames(5)
    return user


def test_at_first_it_goes_from_the_start_to_now(user: User) -> None:
    assert entries(user, "A") == entries(user, "B") == ["start", "best", "now"]
    assert user.find(QComboBox, "crossfaderA").currentText() == "start"
    assert user.find(QComboBox, "crossfaderB").currentText() == "now"
    assert fader(user).isEnabled()
    assert fader(user).value == 1.0
    steps(user, 10)
    way = fader(user).way
    assert way is not None
    assert way.heights[-1] == pytest.approx(user.desk.losses[0])


def test_dragging_turns_the_knobs_and_everything_follows(user: User) -> None:
    steps(user, 10)
    before, initial = user.desk.mix, user.desk.mix.initial
    undos = user.desk.undo_stack.count
    user.drag(fader(user), -80.0)
    share = fader(user).value
    assert 0.2 < share < 0.8
    expected = (1 - share) * initial + share * before.parameters
    np.testing.assert_array_equal(user.desk.mix.parameters, expected)
    user.assert_all_agree()
    assert fader(user).is_on_way
    assert user.desk.undo_stack.count == undos + 1
    user.undo()
    assert user.desk.mix.parameters.tobytes() == before.parameters.tobytes()
    assert fader(user).value == 1.0


def test_a_click_on_it_moves_nothing(user: User) -> None:
    steps(user, 10)
    before, undos = user.desk.mix, user.desk.undo_stack.count
    user.click("crossfader")
    assert user.desk.mix.state is before.state
    assert user.desk.undo_stack.count == undos


def test_a_drag_there_and_back_is_no_step_of_undo(user: User) -> None:
    steps(user, 10)
    before, undos = user.desk.mix, user.desk.undo_stack.count
    user.press(fader(user))
    user.move(-60.0)
    user.frames()
    assert (user.desk.mix.parameters != before.parameters).all()
    user.move(200.0)
    user.frames()
    user.release()
    user.frames()
    assert user.desk.mix.state is before.state
    assert user.desk.undo_stack.count == undos


def test_keys_move_it_and_go_to_its_ends(two: User) -> None:
    a, b = (cue.mix.parameters for cue in two.desk.mix.cues[:2] if cue is not None)
    focus(two)
    two.key(Key.Key_Home)
    np.testing.assert_array_equal(two.desk.mix.parameters, a)
    two.key(Key.Key_Right)
    assert fader(two).value == pytest.approx(0.01)
    two.key(Key.Key_PageUp)
    assert fader(two).value == pytest.approx(0.11)
    two.key(Key.Key_Left, SHIFT)
    assert fader(two).value == pytest.approx(0.109)
    share = fader(two).value
    np.testing.assert_array_equal(two.desk.mix.parameters, (1 - share) * a + share * b)
    two.key(Key.Key_End)
    np.testing.assert_array_equal(two.desk.mix.parameters, b)
    two.key(Key.Key_Delete)
    assert fader(two).value == 0.5
    fader(two).finish_gesture()
    two.frames()
    assert not two.desk.touched


def test_a_share_can_be_typed_and_one_beyond_the_end_is_the_end(two: User) -> None:
    focus(two)
    two.type_on("25%")
    two.key(Key.Key_Return)
    assert fader(two).value == 0.25
    assert fader(two).text() == "25 % B"
    focus(two)
    two.type_on("3")
    two.key(Key.Key_Return)
    two.frames()
    assert fader(two).value == 1.0
    assert two.bench.fading.place == 1.0


def test_the_ends_are_chosen_from_lists_that_name_the_cues(two: User) -> None:
    two.bench.cues.name(0, "seed 3")
    two.frames()
    assert entries(two, "A") == ["start", "best", "now", "cue A · seed 3", "cue B"]
    two.choose(two.find(QComboBox, "crossfaderB"), "start")
    two.frames()
    assert two.bench.fading.ends == ("A", "start")
    two.desk.undo()  # the name; what is on the ends is no step of undo
    two.frames()
    assert entries(two, "A")[3] == "cue A"
    assert two.bench.fading.ends == ("A", "start")


def test_the_barrier_is_said_in_words(two: User) -> None:
    two.frames(5)
    way = two.bench.fading.look()
    assert way is not None
    assert way.barrier > 1e-3
    words = barrier_text(way.barrier)
    assert words.endswith("above the line between the ends")
    assert words in fader(two).toolTip()
    assert words in fader(two).accessibleDescription()
    assert "A: cue A, loss " in fader(two).toolTip()


@pytest.mark.parametrize(
    ("barrier", "words"),
    [
        (0.8312, "barrier 0.831 above the line between the ends"),
        (0.0, "no barrier: the loss rises nowhere above the line between the ends"),
        (np.inf, "barrier without bound: on the way the loss is no number"),
    ],
)
def test_barriers_in_words(barrier: float, words: str) -> None:
    assert barrier_text(barrier) == words


def test_the_mark_is_hollow_where_the_mix_is_not_on_the_way(two: User) -> None:
    assert fader(two).is_on_way
    solid = fader(two).grab().toImage()
    two.desk.turn(0, 1.5)
    two.frames()
    assert not fader(two).is_on_way
    assert fader(two).value == 1.0
    assert fader(two).grab().toImage() != solid
    two.undo()
    assert fader(two).is_on_way


def test_another_network_cannot_be_faded_to_and_it_says_so(two: User) -> None:
    add_layer(two.desk)
    two.frames()
    assert not fader(two).isEnabled()
    assert fader(two).note == "Cue A has another network than the mix"
    assert fader(two).note in fader(two).toolTip()
    assert fader(two).way is None
    two.choose(two.find(QComboBox, "crossfaderA"), "start")
    two.frames()
    assert fader(two).note.startswith("Cue B has another network")
    two.choose(two.find(QComboBox, "crossfaderB"), "now")
    two.frames(5)
    assert fader(two).isEnabled()
    assert fader(two).note == ""
    assert fader(two).way is not None
    two.choose(two.find(QComboBox, "crossfaderB"), "cue A")
    two.frames()
    assert two.text("messageText").startswith("Cue A has another network than the mix;")


def test_the_options_stand_in_a_small_panel(two: User) -> None:
    two.frames(5)
    plain = fader(two).way
    assert plain is not None
    assert plain.faint is None
    open_options(two)
    two.find(QCheckBox, "crossfaderAlign").click()
    two.frames(5)
    aligned = fader(two).way
    assert two.bench.fading.align
    assert aligned is not None
    assert aligned.faint is not None  # as it was, to compare
    np.testing.assert_allclose(aligned.faint[1], plain.heights, rtol=1e-9)
    assert aligned.heights.max() <= plain.heights.max() + 1e-12
    two.find(QCheckBox, "crossfaderOutputs").click()
    two.frames(5)
    assert two.bench.fading.outputs
    assert "outputs mixed: " in fader(two).toolTip()
    two.find(QWidget, "crossfaderOptionsPanel").close()


def test_one_neuron_has_nothing_to_align(user: User) -> None:
    open_options(user)
    assert not user.find(QCheckBox, "crossfaderAlign").isEnabled()
    assert user.find(QCheckBox, "crossfaderOutputs").isEnabled()
    user.find(QWidget, "crossfaderOptionsPanel").close()


def test_mixed_outputs_are_in_the_fit_and_no_knob_turns(two: User) -> None:
    two.bench.fading.set_outputs(True)
    two.frames()
    before = two.desk.mix
    two.drag(fader(two), -80.0)
    assert two.desk.mix is before
    assert 0.2 < fader(two).value < 0.8
    badge = two.find(QWidget, "listening")
    assert badge.isVisible()
    assert two.text("listening").startswith("outputs of A and B mixed, ")
    assert two.window.fit.note.text() == "the outputs of A and B of the crossfader, mixed"
    two.click("hearAll")
    assert not two.bench.fading.outputs
    assert not badge.isVisible()
    assert not two.window.fit.note.isVisible()


def test_auto_mix_waits_for_the_hand_on_it(two: User) -> None:
    two.bench.automix.play()
    two.frames(5, 100.0)
    two.press(fader(two))
    two.move(-40.0)
    held = two.desk.mix.state
    two.frames(5, 100.0)
    assert two.desk.mix.state is held
    two.release()
    two.frames(5, 100.0)
    assert two.desk.mix.state.step > held.step
    two.bench.automix.pause()


def test_undo_under_the_hand_ends_the_gesture(two: User) -> None:
    before = two.desk.mix
    two.press(fader(two))
    two.move(-60.0)
    two.frames()
    two.desk.undo()
    two.frames()
    assert not fader(two).is_held
    assert two.desk.mix.state is before.state
    two.move(-20.0)
    two.release()
    two.frames()
    assert two.desk.mix.state is before.state


def test_out_of_sight_nothing_is_worked_out(user: User) -> None:
    user.window.transport.crossfader.hide()
    before = user.bench.fading.evaluations
    steps(user, 5)
    user.frames(5)
    assert user.bench.fading.evaluations == before
    user.window.transport.crossfader.show()
    user.frames(5)
    assert user.bench.fading.evaluations == before + 1


def test_at_rest_the_clock_stops(two: User) -> None:
    two.frames(20)
    assert not two.bench.clock.is_running


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_way_is_drawn_in_the_colour_of_the_loss(
    two: User, dressed: QApplication, name: str
) -> None:
    theme.apply(dressed, name)
    two.frames(5)
    image = fader(two).grab().toImage()
    wanted = theme.current().loss.lower()
    found = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width())
        for y in range(0, image.height() // 2)
    }
    assert wanted in found


@pytest.mark.parametrize("size", [(1440, 900), (1200, 660), (900, 560)])
def test_everything_has_its_place_in_every_window(
    clock_stopped: None, open_window: Callable[[tuple[int, int]], User], size: tuple[int, int]
) -> None:
    user = open_window(size)
    QApplication.processEvents()
    transport = user.window.transport
    if not transport.crossfader.isVisible():
        user.click(transport.pager)
        QApplication.processEvents()
    parts = [
        user.find(QWidget, name)
        for name in ("crossfader", "crossfaderA", "crossfaderB", "crossfaderOptions")
    ]
    pads = [user.find(QWidget, f"cue{letter}") for letter in "ABCDEFGH"]
    boxes = [
        part.rect().translated(part.mapTo(transport, part.rect().topLeft()))
        for part in (*parts, *pads)
    ]
    for index, box in enumerate(boxes):
        assert transport.rect().contains(box)
        assert not any(box.intersects(other) for other in boxes[index + 1 :])
    QTest.mouseClick(pads[0], Qt.MouseButton.LeftButton)
    user.frames()
    assert user.bench.cues.content(0) is not None
