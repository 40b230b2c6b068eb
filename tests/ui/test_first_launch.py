"""What someone meets who opens the program for the first time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

if TYPE_CHECKING:
    from tests.ui.conftest import User

MESSAGE = re.compile(
    r"Settled: no small turn of any knob lowers the loss now\. \d+\.\d+ after \d+ epochs\."
)


def test_two_knobs_stand_away_from_the_answer_and_nothing_is_changed_yet(user: User) -> None:
    values = np.array([user.w.value, user.b.value])
    assert (np.abs(values - user.answer) > 0.5).all()
    assert not user.bench.document.modified
    assert not user.window.isWindowModified()
    assert not user.desk.undo_stack.can_undo


def test_one_hint_meets_them_where_they_are(user: User) -> None:
    assert user.text("messageText") == (
        "This is y = m·x + c: w is the slope, b the start height. Turn them until the line meets"
        " the points, or press Auto-mix."
    )
    assert not user.bench.guidance.arrows
    assert not user.bench.guidance.answer
    assert not user.find(QPushButton, "tryByHand").isVisible()
    assert not user.find(QPushButton, "bringBack").isVisible()


def test_space_is_auto_mix_from_the_first_moment(user: User) -> None:
    user.key(Qt.Key.Key_Space)
    assert user.bench.automix.playing


def test_the_first_run_settles_within_3_to_20_seconds_at_the_least_squares_line(user: User) -> None:
    user.click("autoMix")
    seconds = user.until_it_ends()
    assert 3.0 <= seconds <= 20.0
    assert MESSAGE.fullmatch(user.text("messageText"))
    np.testing.assert_allclose(user.desk.mix.parameters, user.answer, rtol=1e-4)
    loss = user.bench.readings.loss
    assert f" {loss:.4g} after {user.desk.mix.state.epoch} epochs." in user.text("messageText")


def test_try_by_hand_puts_the_knobs_where_auto_mix_began(user: User) -> None:
    before = user.desk.mix.parameters
    user.click("autoMix")
    user.until_it_ends()
    user.click("tryByHand")
    assert (user.desk.mix.parameters == before).all()
    assert user.w.value == before[0]
    assert not user.find(QPushButton, "tryByHand").isVisible()
    assert len(user.desk.history.earlier) == 1  # the run to beat stays on the plot
    user.undo()
    np.testing.assert_allclose(user.desk.mix.parameters, user.answer, rtol=1e-4)


def test_the_loss_says_what_it_is(user: User) -> None:
    words = [label.text() for label in user.find(QWidget, "lossReadout").findChildren(QLabel)]
    assert "mean squared error; lower is better" in words
    assert {"typical miss", "always the average", "best so far"} <= set(words)
    loss = user.bench.readings.loss
    assert user.number("loss") == pytest.approx(loss, rel=1e-3)
    assert user.number("loss.miss") == pytest.approx(loss**0.5, rel=1e-3)
    targets = user.desk.mix.dataset.targets
    assert user.number("loss.average") == pytest.approx(targets.var(), rel=1e-3)
