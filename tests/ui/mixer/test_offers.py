"""What is offered once a single neuron has settled, and where it leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolTip, QWidget

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Setup, network_on
from mixer_nn.ui.mixer.offers import are_bent

if TYPE_CHECKING:
    from tests.ui.conftest import User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")


def settle(user: User, data: str, rate: float = 0.05) -> None:
    user.desk.put(network_on(make(data, seed=7), 7, ()), "data")
    user.desk.set_setup(Setup(tempo=1000.0, learning_rate=rate))
    user.frames()
    user.key(Qt.Key.Key_Space)
    user.until_it_ends()
    user.frames()
    assert user.text("messageText").startswith(("Settled", "Plateau", "Stopped"))


def offered(user: User) -> set[str]:
    names = ("addNeuron", "tryCurve", "tryByHand")
    return {name for name in names if user.find(QPushButton, name).isVisible()}


@pytest.mark.parametrize("data", ["absolute", "step", "cubic"])
def test_after_a_neuron_has_settled_on_what_it_cannot_fit_the_way_on_is_offered(
    user: User, data: str
) -> None:
    settle(user, data)
    explained = user.bench.readings.r_squared
    assert explained is not None
    assert offered(user) == {"addNeuron", "tryCurve", "tryByHand"}


def test_a_line_through_noise_is_not_called_in_need_of_neurons(user: User) -> None:
    settle(user, "noisy-line")
    assert offered(user) == {"tryCurve", "tryByHand"}


def test_classes_that_are_not_all_found_call_for_neurons(user: User) -> None:
    settle(user, "circle", rate=1.0)
    assert user.bench.readings.accuracy < 1.0  # type: ignore[operator]
    assert "addNeuron" in offered(user)


def test_nothing_is_offered_before_the_end_or_once_there_is_a_network(user: User) -> None:
    assert offered(user) == set()
    settle(user, "step")
    user.click("addNeuron")
    assert offered(user) == set()
    user.key(Qt.Key.Key_S)
    assert offered(user) == set()


def test_add_a_neuron_gives_four_says_so_and_is_one_step_of_undo(user: User) -> None:
    settle(user, "step")
    before = user.desk.mix
    user.click("addNeuron")
    assert user.desk.mix.network.sizes == (1, 4, 1)
    assert user.desk.mix.network.activations == ("tanh", "linear")
    assert user.text("messageText").startswith("4 tanh neurons")
    user.undo()
    assert user.desk.mix is before


def test_try_data_a_line_cannot_fit_goes_to_the_sine_curve_with_the_same_network(
    user: User,
) -> None:
    settle(user, "noisy-line")
    before = user.desk.mix
    user.click("tryCurve")
    assert dict(user.desk.mix.dataset.recipe)["name"] == "sine"
    assert user.desk.mix.network.sizes == (1, 1)
    assert "straight line" in user.text("messageText")
    user.key(Qt.Key.Key_Space)
    user.until_it_ends()
    assert offered(user) == {"addNeuron", "tryByHand"}
    user.undo()
    user.undo()
    assert user.desk.mix is before


def test_where_there_is_no_room_the_sentence_comes_first(user: User) -> None:
    settle(user, "step")
    strip = user.window.mixer.message
    wide = strip.height()
    strip.setParent(None)
    try:
        for width in range(200, 1200, 50):
            strip.resize(width, wide)
            strip.show()
            shown = offered_in(strip)
            taken = sum(button.sizeHint().width() + 10 for button in shown)
            assert len(shown) <= 1 or taken <= width - 300
            assert "addNeuron" in [button.objectName() for button in shown]
    finally:
        strip.setParent(user.window)


def offered_in(strip: QWidget) -> list[QPushButton]:
    return [button for button in strip.findChildren(QPushButton) if button.isVisible()]


def test_bends_are_told_from_noise() -> None:
    rng = np.random.default_rng(3)
    x = np.linspace(-3.0, 3.0, 80)[:, np.newaxis]
    called = sum(are_bent(x, rng.normal(size=(80, 1))) for _ in range(200))
    assert called <= 4
    assert are_bent(x, np.abs(x) + 0.1 * rng.normal(size=(80, 1)))
    assert not are_bent(x[:6], np.abs(x[:6]))  # too few rows to tell


def tip(widget: QWidget) -> str:
    """The tooltip that a person gets to see."""
    middle = widget.rect().center()
    event = QHelpEvent(QEvent.Type.ToolTip, middle, widget.mapToGlobal(middle))
    QApplication.sendEvent(widget, event)
    text = QToolTip.text()
    QToolTip.hideText()
    return text or widget.toolTip()


def against(user: User) -> bool:
    readings, mix = user.bench.readings, user.desk.mix
    change = readings.next_parameters - mix.parameters
    return bool((change * readings.gradient)[0] > 0.0)


def test_when_momentum_carries_a_knob_against_its_arrow_the_tooltip_says_why(user: User) -> None:
    user.desk.set_setup(Setup(optimizer="momentum", learning_rate=0.1))
    user.bench.guidance.show_arrows(True)
    user.key(Qt.Key.Key_S)
    user.frames_until(lambda: bool(user.desk.mix.state.step), 1)
    assert not against(user)
    assert "momentum" not in tip(user.w)
    for _ in range(60):
        user.key(Qt.Key.Key_S)
        if against(user):
            break
    assert against(user)
    assert "against the slope: momentum carries it on" in tip(user.w)
    user.bench.guidance.show_arrows(False)
    assert "momentum" not in tip(user.w)


def test_plain_gradient_descent_on_all_rows_never_goes_against_the_slope(user: User) -> None:
    user.desk.set_setup(Setup(learning_rate=0.1))
    user.bench.guidance.show_arrows(True)
    for _ in range(10):
        user.key(Qt.Key.Key_S)
        assert "against" not in tip(user.w)
