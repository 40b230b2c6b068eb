"""Building a network: layers, neurons, presets, features, loss; within limits, undone at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QWidget

from mixer_nn.core.features import FEATURES
from mixer_nn.core.limits import MOST_LAYERS, MOST_NEURONS, MOST_PARAMETERS
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.rewire import survivors
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on
from mixer_nn.ui.network_chooser import PRESETS, describe

if TYPE_CHECKING:
    from tests.ui.conftest import User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")


def put(user: User, data: str, hidden: tuple[int, ...] = ()) -> None:
    user.desk.put(network_on(make(data, seed=7), 7, hidden), "a network")
    user.frames()


def open_panel(user: User) -> QWidget:
    user.click("network")
    panel = user.find(QWidget, "networkPanelPopup")
    assert panel.isVisible()
    return panel


def hidden(user: User) -> tuple[int, ...]:
    return user.desk.mix.network.sizes[1:-1]


def sentence(user: User) -> str:
    """What the panel says is wrong; "" where nothing is."""
    label = user.find(QWidget, "networkProblem")
    return user.text("networkProblem") if label.isVisible() else ""


def assert_survived(before: Mix, after: Mix) -> None:
    sources, targets = survivors(before.network, after.network)
    assert sources.size
    assert (after.parameters[targets] == before.parameters[sources]).all()
    assert np.isfinite(after.parameters).all()


# -- layers and neurons -----------------------------------------------------------------------


def test_layers_are_added_up_to_the_limit_and_beyond_it_one_sentence_says_so(user: User) -> None:
    open_panel(user)
    for layers in range(1, MOST_LAYERS + 1):
        steps = user.desk.undo_stack.count
        user.click("addLayer")
        assert hidden(user) == (4,) * layers
        assert user.desk.undo_stack.count == steps + 1
        assert not sentence(user)
    before = user.desk.mix
    user.click("addLayer")
    assert sentence(user) == "A network may have 6 hidden layers; take one away first."
    assert user.desk.mix is before
    for layers in reversed(range(MOST_LAYERS)):
        user.click("removeLayer")
        assert hidden(user) == (4,) * layers
        assert not sentence(user)
    assert not user.find(QWidget, "removeLayer").isEnabled()


def test_neurons_are_added_up_to_the_limit_and_beyond_it_one_sentence_says_so(user: User) -> None:
    put(user, "spiral", (14, 2))
    open_panel(user)
    for neurons in range(15, MOST_NEURONS + 1):
        user.click("moreNeurons1")
        assert hidden(user) == (neurons, 2)
    user.click("moreNeurons1")
    assert sentence(user) == "A hidden layer may have 16 neurons; choose fewer."
    user.click("fewerNeurons2")
    assert hidden(user) == (16, 1)
    assert not sentence(user)
    assert not user.find(QWidget, "fewerNeurons2").isEnabled()


def test_no_network_within_the_limits_of_layers_has_more_knobs_than_there_may_be(
    user: User,
) -> None:
    put(user, "spiral", (16,) * 6)
    assert user.desk.mix.network.parameter_count <= MOST_PARAMETERS
    user.frames()


def test_weights_that_survive_keep_their_values_and_one_undo_brings_all_back(user: User) -> None:
    put(user, "spiral", (3, 2))
    user.key(Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    open_panel(user)
    for name in ("moreNeurons1", "fewerNeurons2", "addLayer", "removeLayer"):
        before = user.desk.mix
        user.click(name)
        assert user.desk.mix.network != before.network
        assert_survived(before, user.desk.mix)
        user.desk.undo()
        user.frames()
        assert user.desk.mix is before


def test_new_weights_are_drawn_from_the_seed(user: User) -> None:
    put(user, "spiral", (3,))
    open_panel(user)
    user.click("moreNeurons1")
    first = user.desk.mix.parameters.tobytes()
    user.desk.undo()
    user.frames()
    user.click("moreNeurons1")
    assert user.desk.mix.parameters.tobytes() == first


@pytest.mark.parametrize("index", range(len(PRESETS)))
def test_presets_are_one_press_away(user: User, index: int) -> None:
    put(user, "spiral", (5,))
    before = user.desk.mix
    open_panel(user)
    user.click(f"preset{index}")
    assert hidden(user) == PRESETS[index][1]
    assert user.text("network") == describe(user.desk.mix.problem)
    user.desk.undo()
    user.frames()
    assert user.desk.mix is before


def test_the_panel_opens_under_its_button_and_whole_on_the_screen(user: User) -> None:
    screen = user.window.screen().availableGeometry()
    for left in (screen.left(), screen.right() - user.window.width() // 2):
        user.window.move(left, screen.top())
        QApplication.processEvents()
        panel = open_panel(user)
        assert screen.contains(panel.geometry())
        panel.close()


def test_escape_closes_the_panel(user: User) -> None:
    panel = open_panel(user)
    assert panel.isAncestorOf(user.focus)
    user.key(Qt.Key.Key_Escape)
    assert not panel.isVisible()


# -- at hand, in the mixer --------------------------------------------------------------------


def test_the_slot_after_the_output_adds_a_layer_and_says_when_there_may_be_no_more(
    user: User,
) -> None:
    put(user, "sine", (2,))
    for layers in range(2, MOST_LAYERS + 1):
        before = user.desk.mix
        user.click("addLayerHere")
        assert hidden(user) == (2,) * layers
        assert_survived(before, user.desk.mix)
    before = user.desk.mix
    user.click("addLayerHere")
    assert user.desk.mix is before
    assert user.text("messageText").startswith("A network may have 6 hidden layers")
    user.undo()
    assert hidden(user) == (2,) * (MOST_LAYERS - 1)


def test_plus_and_minus_in_a_head_change_that_layer_and_say_when_it_is_full_or_empty(
    user: User,
) -> None:
    put(user, "spiral", (6, 15))
    user.click("layer2.more")
    assert hidden(user) == (6, 16)
    user.click("layer2.more")
    assert hidden(user) == (6, 16)
    assert user.text("messageText") == "A hidden layer may have 16 neurons; choose fewer."
    for neurons in (5, 4, 3):
        user.click("layer1.fewer")
        assert hidden(user) == (neurons, 16)
    put(user, "spiral", (8, 1))
    if user.find(QWidget, "layer2.fewer").isVisible():
        user.click("layer2.fewer")
        assert hidden(user) == (8, 1)
        assert "at least one neuron" in user.text("messageText")


def test_the_output_has_no_plus_and_minus_and_the_slot_stands_right_of_it(user: User) -> None:
    put(user, "spiral", (6, 4))
    assert not user.find(QWidget, "layer3.more").isVisible()
    slot, output = user.find(QWidget, "addLayerHere"), user.find(QWidget, "layer3")
    assert slot.isVisible()
    assert 0 < slot.x() - (output.x() + output.width()) <= 16
    assert slot.height() == output.height()


@pytest.mark.parametrize("sizes", [(6, 4), (8,) * 6, (16, 16, 16)])
def test_what_is_in_a_head_never_overlaps(user: User, sizes: tuple[int, ...]) -> None:
    put(user, "spiral", sizes)
    user.frames(2)
    for layer in user.window.mixer.network.layers:
        parts = [layer.fewer, layer.more, layer.activation]
        boxes = [part.geometry() for part in parts if part.isVisible()]
        for place, box in enumerate(boxes):
            assert layer.rect().contains(box)
            assert not any(box.intersects(other) for other in boxes[place + 1 :])


# -- loss and features ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "usual"), [("sine", "mse"), ("spiral", "bce"), ("blobs", "cross-entropy")]
)
def test_only_the_losses_for_such_targets_are_offered_the_usual_one_chosen(
    user: User, data: str, usual: str
) -> None:
    put(user, data, (4,))
    kind = user.desk.mix.dataset.kind
    box = user.find(QComboBox, "lossFunction")
    open_panel(user)
    offered = [box.itemData(index) for index in range(box.count())]
    assert offered == [loss.key for loss in LOSSES.values() if kind in loss.kinds]
    assert box.currentData() == user.desk.mix.problem.loss_name
    assert user.desk.mix.problem.loss_name == usual


def test_another_loss_leaves_the_knobs_and_is_one_step_of_undo(user: User) -> None:
    put(user, "sine", (4,))
    before = user.desk.mix
    open_panel(user)
    box = user.find(QComboBox, "lossFunction")
    box.setFocus()
    user.key(Qt.Key.Key_Down)
    after = user.desk.mix
    assert after.problem.loss_name == box.itemData(1)
    assert (after.parameters == before.parameters).all()
    user.desk.undo()
    user.frames()
    assert user.desk.mix is before


def test_extra_features_are_inputs_of_their_own_and_the_other_weights_stay(user: User) -> None:
    put(user, "circle")
    before = user.desk.mix
    panel = open_panel(user)
    boxes = [box for box in panel.findChildren(QCheckBox) if box.isVisible()]
    assert [box.text() for box in boxes] == ["x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂"]
    user.click(boxes[0])
    user.click(boxes[1])
    after = user.desk.mix
    assert after.network.sizes == (4, 1)
    assert [FEATURES[key].title for key in after.problem.features] == ["x₁²", "x₂²"]
    assert (after.parameters[:2] == before.parameters[:2]).all()
    assert after.parameters[-1] == before.parameters[-1]
    user.desk.undo()
    user.desk.undo()
    user.frames()
    assert user.desk.mix is before
    assert not any(box.isChecked() for box in boxes)


def test_features_are_offered_for_two_inputs_only(user: User) -> None:
    user.desk.put(network_on(load_shipped("iris"), 7, (4,)), "iris")
    user.frames()
    panel = open_panel(user)
    assert not [box for box in panel.findChildren(QCheckBox) if box.isVisible()]


def test_equal_layers_in_a_row_are_written_as_one(user: User) -> None:
    put(user, "circle", (8,) * 6)
    assert user.text("network") == "2 → 8×6 → 1 · binary cross-entropy"
    put(user, "circle", (6, 4, 4))
    assert user.text("network") == "2 → 6 → 4 → 4 → 1 · binary cross-entropy"
