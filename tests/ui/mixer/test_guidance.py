"""Which way to turn, where the next step lands, and the answer: shown when asked, and true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from mixer_nn.session.mix import Setup

if TYPE_CHECKING:
    from tests.ui.conftest import User

ARROWS = "Each green arrow says which way this knob alone lowers the loss"
ANSWER = "An arrow need not point at the answer"


def arrows(user: User) -> list[str]:
    return [term.arrow.text() for term in user.window.mixer.equation.terms]


def test_the_arrows_come_after_the_third_gesture_and_not_before(user: User) -> None:
    for _ in range(3):
        assert arrows(user) == ["", ""]
        assert user.w.look.slope == user.b.look.slope == 0
        assert user.w.look.ghost is None
        user.drag(user.w, 10.0)
    assert all(arrows(user))
    assert user.w.look.slope != 0
    assert user.find(QPushButton, "whichWay").isChecked()
    assert user.text("messageText").startswith(ARROWS)


def test_whoever_hides_the_arrows_has_them_hidden(user: User) -> None:
    user.key(Qt.Key.Key_W)
    assert all(arrows(user))
    user.key(Qt.Key.Key_W)
    for _ in range(4):
        user.drag(user.w, 10.0)
    assert arrows(user) == ["", ""]


def test_the_button_shows_and_hides_them_as_the_key_does(user: User) -> None:
    user.click("whichWay")
    assert all(arrows(user))
    user.click("whichWay")
    assert arrows(user) == ["", ""]


@pytest.mark.parametrize("place", [(-0.5, 3.0), (3.5, -2.0), (1.9, 0.2)])
def test_the_arrow_says_what_a_small_turn_does_to_the_loss(
    user: User, place: tuple[float, float]
) -> None:
    user.key(Qt.Key.Key_W)
    for index, value in enumerate(place):
        user.desk.turn(index, value)
    user.frames()
    for index, (name, term) in enumerate(zip("wb", user.window.mixer.equation.terms, strict=True)):
        nudged = np.array(user.desk.mix.parameters)
        nudged[index] += 1e-6
        slope = (user.desk.mix.problem.objective.value(nudged) - user.bench.readings.loss) / 1e-6
        assert term.arrow.text() == (f"↺ lower {name}" if slope > 0 else f"↻ raise {name}")
        assert term.knob.look.slope == -np.sign(slope)
        assert float(term.slope.text().removeprefix("slope ").replace("−", "-")) == (
            pytest.approx(slope, rel=0.01, abs=1e-4)
        )


@pytest.mark.parametrize("batch_size", [0, 7])
def test_the_ghost_stands_where_the_next_step_puts_the_knob(user: User, batch_size: int) -> None:
    user.key(Qt.Key.Key_W)
    user.desk.set_setup(Setup(batch_size=batch_size))
    user.frames()
    ghosts = [knob._ghost for knob in (user.w, user.b)]
    user.key(Qt.Key.Key_S)
    assert user.desk.mix.state.step == 1
    assert [user.w.value, user.b.value] == ghosts


def test_there_is_no_ghost_on_a_knob_that_the_next_step_leaves_alone(user: User) -> None:
    user.key(Qt.Key.Key_W)
    user.w.setFocus()
    user.key(Qt.Key.Key_L)
    assert user.w.look.ghost is None
    assert user.b.look.ghost is not None


def test_the_answer_is_hidden_until_asked_for(user: User) -> None:
    picture = user.picture()
    assert user.w.look.answer is None
    assert not len(picture.answer.getData()[0])
    user.key(Qt.Key.Key_A)
    answer = user.answer
    assert user.w.look.answer == pytest.approx(user.w.taper.to_position(answer[0]), abs=1e-3)
    assert user.b.look.answer == pytest.approx(user.b.taper.to_position(answer[1]), abs=1e-3)
    x, y = picture.answer.getData()
    np.testing.assert_allclose(y, answer[0] * x + answer[1])
    assert user.text("messageText").startswith(ANSWER)
    assert user.find(QPushButton, "showAnswer").isChecked()
    user.key(Qt.Key.Key_A)
    assert user.w.look.answer is None
    assert not len(picture.answer.getData()[0])


def test_asking_changes_nothing(user: User) -> None:
    before, points = user.desk.mix, len(user.desk.history.points)
    for key in (Qt.Key.Key_W, Qt.Key.Key_A, Qt.Key.Key_W, Qt.Key.Key_A):
        user.key(key)
    assert user.desk.mix is before
    assert len(user.desk.history.points) == points
    assert not user.desk.undo_stack.can_undo
