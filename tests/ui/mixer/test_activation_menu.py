"""Choosing an activation by its curve, with what comes into it drawn on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Setup, network_on
from mixer_nn.ui import theme
from mixer_nn.ui.mixer.activation_card import ActivationCard
from mixer_nn.ui.mixer.activation_menu import ActivationMenu

if TYPE_CHECKING:
    from tests.ui.conftest import User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")

SPIRAL = ("spiral", (6, 4))


@pytest.fixture
def network(user: User) -> Callable[[str, tuple[int, ...]], User]:
    """A person at a network on made-up data."""

    def put(data: str, hidden: tuple[int, ...]) -> User:
        user.desk.put(network_on(make(data, seed=7), 7, hidden), "a network")
        user.frames()
        return user

    return put


def open_menu(user: User, layer: int) -> ActivationMenu:
    user.click(f"layer{layer}.activation")
    menu = user.find(ActivationMenu, "activationMenu")
    assert menu.isVisible()
    return menu


def test_the_name_in_the_head_opens_all_nine_with_the_present_one_marked(
    network: Callable[[str, tuple[int, ...]], User],
) -> None:
    user = network(*SPIRAL)
    menu = open_menu(user, 1)
    assert [key for key, card in menu.cards.items() if card.isVisible()] == list(ACTIVATIONS)
    assert [key for key, card in menu.cards.items() if card.isChecked()] == ["tanh"]
    assert user.focus is menu.cards["tanh"]
    places = [card.geometry() for card in menu.cards.values()]
    assert not any(
        one.intersects(other) for k, one in enumerate(places) for other in places[k + 1 :]
    )
    user.key(Qt.Key.Key_Escape)
    assert not menu.isVisible()


def test_a_click_on_a_curve_is_one_step_of_undo_and_turns_no_knob(
    network: Callable[[str, tuple[int, ...]], User],
) -> None:
    user = network(*SPIRAL)
    before, steps = user.desk.mix, user.desk.undo_stack.count
    menu = open_menu(user, 2)
    user.click(menu.cards["relu"])
    assert not menu.isVisible()
    assert user.desk.mix.network.activations == ("tanh", "relu", "linear")
    assert (user.desk.mix.parameters == before.parameters).all()
    assert user.desk.undo_stack.count == steps + 1
    assert user.text("layer2.activation") == "ReLU"
    assert user.desk.undo_stack.undo_text == "ReLU in layer 2"
    user.undo()
    assert user.desk.mix is before
    assert user.text("layer2.activation") == "tanh"


def test_the_present_one_chosen_again_changes_nothing(
    network: Callable[[str, tuple[int, ...]], User],
) -> None:
    user = network(*SPIRAL)
    before = user.desk.mix
    user.click(open_menu(user, 1).cards["tanh"])
    assert user.desk.mix is before


def test_keys_reach_every_curve_and_enter_chooses(
    network: Callable[[str, tuple[int, ...]], User],
) -> None:
    user = network(*SPIRAL)
    menu = open_menu(user, 1)
    user.key(Qt.Key.Key_Right)
    assert user.focus is menu.cards["sigmoid"]
    user.key(Qt.Key.Key_Left)
    user.key(Qt.Key.Key_Left)
    assert user.focus is menu.cards["gelu"]
    user.key(Qt.Key.Key_Return)
    assert user.desk.mix.network.activations[0] == "gelu"


def test_the_range_of_the_weighted_sums_is_that_of_the_data_and_follows_the_training(
    network: Callable[[str, tuple[int, ...]], User],
) -> None:
    user = network(*SPIRAL)
    menu = open_menu(user, 1)
    card = menu.cards["tanh"]

    def assert_shown() -> None:
        weights = user.desk.mix.network.layers(np.array(user.desk.mix.parameters))[0]
        sums = user.desk.mix.dataset.inputs @ weights[:, :-1].T + weights[:, -1]
        assert card.quartiles is not None
        assert card.quartiles.tolist() == pytest.approx(
            [float(np.percentile(sums, share)) for share in (0, 25, 75, 100)]
        )

    assert_shown()
    user.desk.set_setup(Setup(optimizer="adam", learning_rate=0.1, tempo=600.0))
    user.bench.automix.play()
    before = user.text("activationRange")
    user.frames(5)
    assert user.bench.automix.playing
    assert user.text("activationRange") != before
    assert_shown()
    assert menu.cards["relu"].quartiles is None


def test_the_range_is_drawn_on_the_present_curve_and_only_there(
    network: Callable[[str, tuple[int, ...]], User],
) -> None:
    user = network(*SPIRAL)
    menu = open_menu(user, 1)
    assert _has_blue(menu.cards["tanh"])
    assert not _has_blue(menu.cards["elu"])


def _has_blue(card: ActivationCard) -> bool:
    image = card.grab(QRect(card.plot.toRect())).toImage()
    blue = theme.current().positive
    return any(
        image.pixelColor(x, y).name() == blue
        for x in range(image.width())
        for y in range(image.height())
    )


@pytest.mark.parametrize(("data", "word"), [("spiral", "logits"), ("sine", "data's units")])
def test_the_output_stays_linear_and_says_why(
    network: Callable[[str, tuple[int, ...]], User], data: str, word: str
) -> None:
    user = network(data, (4,))
    before = user.desk.mix
    menu = open_menu(user, 2)
    assert [key for key, card in menu.cards.items() if card.isVisible()] == ["linear"]
    assert word in user.text("activationSentence")
    assert user.find(QWidget, "activationSentence").isVisible()
    assert not menu.cards["linear"].isEnabled()
    user.key(Qt.Key.Key_Escape)
    assert not menu.isVisible()
    assert user.desk.mix is before
