"""What other programs get wrong with a network: each parameter in reach, every number true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mixer_nn.core.network import Network
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import MAX_TEMPO, Mix, network_on, neuron_on
from mixer_nn.ui.controls.board_knob import BoardKnob
from mixer_nn.ui.controls.dial import Dial
from mixer_nn.ui.monitors.switch import Switch, Toggle
from mixer_nn.ui.network_builder import remove_layer

if TYPE_CHECKING:
    from tests.ui.conftest import User

HIDDEN = {"2-4-1": (4,), "2-8-8-8-8-8-8-1": (8,) * 6}

UserOf = Callable[[tuple[int, ...]], "User"]


@pytest.fixture
def user_of(user: User) -> UserOf:
    """Somebody at a window with a network of these hidden layers on two classes."""

    def put(hidden: tuple[int, ...]) -> User:
        mix = network_on(make("circle", seed=3, points=60), 3, hidden)
        user.desk.put(mix, "a network")
        user.frames(3)
        return user

    return put


def loss_of(mix: Mix) -> float:
    """Cross-entropy of the network over all rows, from the formulas and not the program."""
    assert not mix.problem.scaled
    made = mix.dataset.inputs
    layers = mix.network.layers(np.array(mix.parameters))
    for layer in layers[:-1]:
        made = np.tanh(made @ layer[:, :-1].T + layer[:, -1])
    logit = made @ layers[-1][:, :-1].T + layers[-1][:, -1]
    share = 1.0 / (1.0 + np.exp(-logit))
    target = mix.dataset.targets
    return float(-np.mean(target * np.log(share) + (1.0 - target) * np.log(1.0 - share)))


def bring_into_sight(user: User, knob: BoardKnob) -> None:
    """Scroll the rows of a tall layer to where the knob is."""
    bar = user.window.mixer.network.rows_bar
    for value in range(bar.maximum() + 1):
        if knob.isVisible():
            return
        bar.setValue(value)
        user.frames()
    assert knob.isVisible(), f"{knob.objectName()} is out of reach"


def turn_up(user: User, knob: BoardKnob) -> None:
    bring_into_sight(user, knob)
    knob.setFocus(Qt.FocusReason.TabFocusReason)
    user.frames()
    user.key(Qt.Key.Key_Up)
    knob.finish_gesture()
    user.frames()


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
def test_every_parameter_has_a_control_of_its_own(user_of: UserOf, hidden: tuple[int, ...]) -> None:
    user = user_of(hidden)
    parameters = user.desk.mix.network.parameters
    knobs = user.window.findChildren(BoardKnob)
    assert sorted(knob.objectName() for knob in knobs) == sorted(p.id for p in parameters)
    assert all(user.find(BoardKnob, p.id).isEnabled() for p in parameters)
    biases = [p for p in parameters if p.is_bias]
    assert len(biases) == sum(hidden) + 1, "every neuron has one, the output too"


@pytest.mark.parametrize(("hidden", "every"), [((4,), 1), ((8,) * 6, 13)], ids=list(HIDDEN))
def test_turning_any_control_moves_that_parameter_and_the_loss_is_the_new_one(
    user_of: UserOf, hidden: tuple[int, ...], every: int
) -> None:
    user = user_of(hidden)
    desk = user.desk
    last = len(desk.mix.network.sizes) - 1
    chosen = [p for p in desk.mix.network.parameters if p.index % every == 0 or p.layer == last]
    assert any(p.is_bias and p.layer == last for p in chosen), "the output's bias is among them"
    for parameter in chosen:
        before, points = desk.mix, len(desk.history.points)
        turn_up(user, user.find(BoardKnob, parameter.id))
        moved = np.flatnonzero(desk.mix.parameters != before.parameters)
        assert list(moved) == [parameter.index], parameter.id
        assert desk.mix.parameters[parameter.index] > before.parameters[parameter.index]
        assert user.bench.readings.loss == pytest.approx(loss_of(desk.mix), rel=1e-10)
        assert user.number("loss") == pytest.approx(loss_of(desk.mix), rel=6e-4)
        assert len(desk.history.points) == points + 1, "one entry of the curve for one gesture"
        assert desk.history.points[-1, 2] == user.bench.readings.loss
    user.undo()
    assert desk.mix is before


def test_the_output_bias_takes_a_typed_number_beyond_one_and_minus_one(user_of: UserOf) -> None:
    user = user_of((4,))
    bias = user.find(BoardKnob, "layer2.neuron1.bias")
    for text, value in (("7.3", 7.3), ("-1", -1.0)):
        user.type_into(bias, text)
        user.key(Qt.Key.Key_Return)
        assert user.desk.mix.parameters[-1] == value
        bias.setFocus(Qt.FocusReason.TabFocusReason)


def test_looking_at_a_network_leaves_parameters_and_curve_alone(user_of: UserOf) -> None:
    user = user_of((4,))
    turn_up(user, user.find(BoardKnob, "layer1.neuron2.bias"))
    mix, points = user.desk.mix, user.desk.history.points.copy()
    for _ in range(2):
        user.key(Qt.Key.Key_W)
        user.bench.listening.mute(1, 2, not user.bench.listening.is_muted(1, 2))
        user.bench.listening.solo(1, 1, not user.bench.listening.is_soloed(1, 1))
        user.frames(2)
    assert user.desk.mix is mix
    assert np.array_equal(user.desk.history.points, points, equal_nan=True)


LOOKED_AT = {
    "classes over two inputs": ("spiral", {"fitDiscretised", "fitEdit", "lossAxis", "lossScale"}),
    "a curve": ("sine", {"fitParts", "fitEdit", "lossAxis", "lossScale"}),
    "numbers over two inputs": ("hills", {"fitDiscretised", "lossAxis", "lossScale"}),
}


@pytest.mark.parametrize("kind", LOOKED_AT)
def test_no_switch_of_a_view_adds_to_the_curve(user: User, kind: str) -> None:
    data, known = LOOKED_AT[kind]
    user.desk.put(network_on(make(data, seed=3, points=60), 3, (4,)), "a network")
    user.frames(3)
    user.key(Qt.Key.Key_S)
    mix, points = user.desk.mix, user.desk.history.points.copy()
    undo = user.desk.undo_stack.count
    views = user.window.monitors
    switches = [*views.findChildren(Switch), *views.findChildren(Toggle)]
    shown = [switch for switch in switches if switch.isVisible()]
    assert known <= {switch.objectName() for switch in shown}
    for switch in [*shown, *reversed(shown)]:
        before = switch.word if isinstance(switch, Switch) else switch.isChecked()
        user.click(switch)
        assert (switch.word if isinstance(switch, Switch) else switch.isChecked()) != before
        user.frames(2)
        assert user.desk.mix is mix
        assert np.array_equal(user.desk.history.points, points, equal_nan=True)
    assert user.desk.undo_stack.count == undo
    assert user.number("loss") == pytest.approx(user.bench.readings.loss, rel=6e-4)


def test_back_to_the_start_is_the_very_same_network(user_of: UserOf) -> None:
    user = user_of((4,))
    first = user.desk.mix
    for _ in range(3):
        user.key(Qt.Key.Key_S)
    assert (user.desk.mix.parameters != first.parameters).all()
    user.key(Qt.Key.Key_B)
    assert user.desk.mix.parameters.tobytes() == first.parameters.tobytes()


def test_one_step_is_the_formula_with_the_old_parameters_throughout(user_of: UserOf) -> None:
    user = user_of((4,))
    mix, rate = user.desk.mix, user.desk.learning_rate
    slopes = np.zeros(mix.parameters.size)
    for index in range(slopes.size):
        ends = []
        for way in (1e-5, -1e-5):
            moved = np.array(mix.parameters)
            moved[index] += way
            ends.append(loss_of(replace(mix, state=replace(mix.state, parameters=moved))))
        slopes[index] = (ends[0] - ends[1]) / 2e-5
    user.key(Qt.Key.Key_S)
    np.testing.assert_allclose(
        user.desk.mix.parameters, mix.parameters - rate * slopes, rtol=1e-6, atol=1e-8
    )


def test_a_network_without_an_activation_between_is_still_wired_through(user_of: UserOf) -> None:
    user = user_of((4,))
    problem = user.desk.mix.problem
    network = Network(problem.network.sizes, ("linear", "linear"))
    user.desk.set_problem(replace(problem, network=network), "linear")
    user.frames(2)
    turn_up(user, user.find(BoardKnob, "layer1.neuron4.weight2"))
    assert user.number("loss") == pytest.approx(user.bench.readings.loss, rel=6e-4)


def test_numbers_that_run_out_end_the_run_with_a_way_back(user: User) -> None:
    """ReLUs at an absurd rate are beyond all numbers within a few steps."""
    network = network_on(make("x-sine", seed=3), 3, (8,), "relu")
    user.desk.put(replace(network, run=user.desk.history.new_run()), "a network")
    user.desk.set_setup(replace(user.desk.setup, learning_rate=1e6, tempo=MAX_TEMPO))
    user.frames(3)
    good, loss = user.desk.mix, user.bench.readings.loss
    user.key(Qt.Key.Key_Space)
    user.until_it_ends(20)
    assert user.text("messageText").startswith("Diverged at step ")
    assert np.isfinite(user.desk.mix.parameters).all(), "every knob has a place on its dial"
    user.click("bringBack")
    assert user.bench.readings.loss == user.desk.history.points[-1, 2] <= loss
    user.desk.set_setup(replace(user.desk.setup, learning_rate=1e-3))
    user.key(Qt.Key.Key_S)
    assert np.isfinite(user.desk.mix.parameters).all()
    assert user.bench.readings.loss < loss
    for _ in range(3):
        user.undo()
    assert user.desk.mix.parameters.tobytes() == good.parameters.tobytes()


@pytest.mark.parametrize("name", ["layer2.neuron1.bias", "selectedKnob"])
def test_a_number_being_typed_is_taken_before_another_network_comes(
    user_of: UserOf, name: str
) -> None:
    user = user_of((4,))
    user.click(user.find(BoardKnob, "layer2.neuron1.bias"))
    user.type_into(user.find(Dial, name), "2.5")
    remove_layer(user.desk)
    user.frames()
    assert user.desk.undo_stack.texts[-2:] == ["turn layer2.neuron1.bias", "remove a layer"]
    assert not user.desk.touched
    user.undo()
    assert user.desk.mix.parameters[-1] == 2.5


def test_a_board_painted_before_the_news_of_a_smaller_network_asks_nothing_of_it(
    user_of: UserOf,
) -> None:
    user = user_of((4,))
    user.bench.guidance.show_arrows(True)
    last = user.find(BoardKnob, "layer2.neuron1.bias")
    QTest.mouseMove(user.window.windowHandle(), last.mapTo(user.window, last.rect().center()))
    user.frames()
    assert user.bench.selection.hovered == last.index
    remove_all = replace(user.desk.mix.problem, network=Network((2, 1), ("linear",)))
    user.desk.rewire(remove_all, "one neuron")
    assert not user.window.grab().isNull()
    user.frames()
    assert user.window.mixer.equation.isVisible()


def test_an_overview_laid_out_before_the_news_of_another_network_shows_none_of_it(
    user_of: UserOf,
) -> None:
    user = user_of((16,) * 6)
    assert user.window.mixer.network.overview.isVisible()
    user.desk.put(neuron_on(make("noisy-line", seed=7), 7), "one neuron")
    user.window.resize(1300, 900)
    assert not user.window.grab().isNull()
    user.frames()
    assert user.window.mixer.equation.isVisible()
