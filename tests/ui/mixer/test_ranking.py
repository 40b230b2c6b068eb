"""Which knobs matter: the tint on them, the list of the first twelve, the key that goes round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Setup, network_on
from mixer_nn.ui.controls.board_knob import BoardKnob
from mixer_nn.ui.mixer.tint import LEVELS

if TYPE_CHECKING:
    from tests.ui.conftest import User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")


@pytest.fixture
def network(user: User) -> User:
    """Somebody at a network, some steps on."""
    user.desk.put(network_on(make("spiral", seed=7), 7, (6, 4)), "a network")
    user.frames()
    user.bench.automix.step(30)
    user.frames(20)
    return user


def picture(user: User) -> QImage:
    user.frames(10)
    return user.window.mixer.network.layers[0].board.grab().toImage()


def measured_by(user: User) -> str | None:
    measure = user.bench.ranking.measure
    return None if measure is None else measure.key


def ranked(user: User) -> list[str]:
    rows = [user.find(QPushButton, f"ranked{number}") for number in range(1, 13)]
    return [row.accessibleName() for row in rows if row.isVisible()]


def corner(user: User, index: int) -> int:
    """How light a knob's cell is in its corner, outside dial and marks."""
    board = user.window.mixer.network.layers[0].board
    cell = board.cell(index)
    return picture(user).pixelColor(cell.left() + cell.width() // 2 - 18, cell.top() + 12).value()


def test_k_goes_round_and_the_tint_comes_and_goes(network: User) -> None:
    user = network
    plain = picture(user)
    pictures = []
    for wanted in ("slope", "travelled", "curvature"):
        user.key(Qt.Key.Key_K)
        assert measured_by(user) == wanted
        assert user.text("whichMatter") == f"Tint: {wanted}"
        assert "strong" in user.find(QPushButton, "whichMatter").toolTip()
        pictures.append(picture(user))
        assert pictures[-1] != plain
    assert len({bytes(each.constBits()) for each in pictures}) == 3
    user.key(Qt.Key.Key_K)
    assert measured_by(user) is None
    assert user.text("whichMatter") == "Which matter?"
    assert picture(user) == plain


def test_the_stronger_the_lighter_on_dark_ground(network: User) -> None:
    user = network
    user.key(Qt.Key.Key_K)
    strength = user.bench.ranking.strength[:18]
    levels = np.ceil(strength * LEVELS - 1e-9)
    light = [corner(user, index) for index in range(18)]
    assert len(set(levels)) > 2
    weights = [index for index in range(18) if index % 3 != 2]  # biases stand on another ground
    by_level = sorted((levels[index], light[index]) for index in weights)
    assert [value for _, value in by_level] == sorted(light[index] for index in weights)


def test_without_a_measure_nothing_is_worked_out(network: User) -> None:
    user = network
    user.desk.turn(3, 1.0)
    user.frames()
    before = user.bench.readings.evaluations
    user.bench.ranking.choose("travelled")
    user.bench.ranking.choose(None)
    user.frames(3)
    assert user.bench.readings.evaluations == before
    assert not user.bench.ranking.strength.any()


def test_the_list_has_the_strongest_in_their_order(network: User) -> None:
    user = network
    user.click("whichMatter")
    gradient = user.bench.readings.gradient
    order = np.argsort(-np.abs(gradient))[:12]
    names = ranked(user)
    assert len(names) == 12
    for number, (index, name) in enumerate(zip(order, names, strict=True), start=1):
        assert name.startswith(f"{number}: ")
        shown = float(name.rsplit(", ", 1)[1].replace("e−", "e-"))
        assert shown == pytest.approx(abs(gradient[index]), rel=0.01)
    assert "∂L/∂p" in user.find(QLabel, "rankingSentence").text()


def test_it_follows_while_it_is_open(network: User) -> None:
    user = network
    user.click("whichMatter")
    before = ranked(user)
    user.desk.set_setup(Setup(tempo=200.0))
    user.bench.automix.play()
    user.frames(20)
    assert ranked(user) != before
    user.bench.automix.toggle()
    user.find(QWidget, "ranking").hide()
    closed = ranked(user)
    user.desk.turn(0, 3.0)
    user.frames(2)
    assert ranked(user) == closed == []


def test_a_click_on_a_line_chooses_that_knob(network: User) -> None:
    user = network
    user.click("whichMatter")
    index = int(user.bench.ranking.strongest(12)[4])
    mix = user.desk.mix
    user.click("ranked5")
    assert not user.find(QWidget, "ranking").isVisible()
    assert user.bench.selection.chosen == index
    name = mix.network.parameters[index].id
    assert user.find(BoardKnob, name).hasFocus()
    assert user.desk.mix is mix


def test_the_measure_is_chosen_in_the_panel_and_off_takes_the_tint_away(network: User) -> None:
    user = network
    user.click("whichMatter")
    user.click("ranking.curvature")
    user.frames(20)
    assert measured_by(user) == "curvature"
    assert len(ranked(user)) == 12
    user.click("ranking.off")
    assert measured_by(user) is None
    assert ranked(user) == []


def test_one_neuron_has_it_too(user: User) -> None:
    user.drag(user.w, 60.0)
    before = user.window.mixer.equation.grab().toImage()
    user.click("whichMatter")
    user.click("ranking.travelled")
    names = ranked(user)
    assert len(names) == 2
    assert names[0].startswith("1: OUTPUT ← x")
    assert names[1].startswith("2: –")  # b has not moved
    assert not user.find(QPushButton, "ranked2").isEnabled()
    assert user.window.mixer.equation.grab().toImage() != before
    user.click("ranked1")
    assert user.w.hasFocus()


def test_looking_changes_nothing(network: User) -> None:
    user = network
    mix, undo = user.desk.mix, user.desk.undo_stack.count
    for _ in range(4):
        user.key(Qt.Key.Key_K)
        user.frames(10)
    user.click("whichMatter")
    assert user.desk.mix is mix
    assert user.desk.undo_stack.count == undo
