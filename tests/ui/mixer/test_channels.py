"""A channel: its meter and lamp, mute and solo, its menu, by itself and large, its thumbnail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import MAX_TEMPO, network_on
from mixer_nn.ui.controls.board_knob import BoardKnob
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.controls.meter import Meter
from mixer_nn.ui.mixer.channel_menu import ChannelMenu
from mixer_nn.ui.mixer.channel_view import ChannelView
from mixer_nn.ui.mixer.layer_matrix import LayerMatrix
from mixer_nn.ui.mixer.thumbnails import Thumbnail

if TYPE_CHECKING:
    from tests.ui.conftest import User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing|propagate)")

Put = Callable[..., "User"]


@pytest.fixture
def network(user: User) -> Put:
    """Put a network on made-up data in front of somebody."""

    def put(
        hidden: tuple[int, ...] = (4, 3), data: str = "spiral", activation: str = "tanh"
    ) -> User:
        user.desk.put(network_on(make(data, seed=7), 7, hidden, activation), "a network")
        user.frames(2)
        QApplication.processEvents()
        return user

    return put


def play(user: User, frames: int) -> None:
    setup = replace(user.desk.setup, optimizer="adam", tempo=MAX_TEMPO, batch_size=10)
    user.desk.set_setup(setup)
    user.bench.automix.play()
    user.frames(frames)


def ask_menu(widget: QWidget, at: QPoint, by: QContextMenuEvent.Reason) -> None:
    event = QContextMenuEvent(by, at, widget.mapToGlobal(at))
    QApplication.sendEvent(widget, event)


def menu_of(user: User, layer: int, neuron: int) -> ChannelMenu:
    """The menu that a right click on the neuron's number opens."""
    matrix = user.find(LayerMatrix, f"layer{layer}")
    foot = user.find(QWidget, f"layer{layer}.neuron{neuron}.foot")
    at = QPoint(foot.geometry().center().x(), matrix.board.y() - 8)
    ask_menu(matrix, at, QContextMenuEvent.Reason.Mouse)
    return user.find(ChannelMenu, "channelMenu")


def choose(user: User, menu: ChannelMenu, text: str) -> None:
    action = next(a for a in menu.actions() if a.text() == text)
    assert action.isEnabled()
    at = menu.actionGeometry(action).center()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QApplication.processEvents()
    user.frames()


def texts(menu: ChannelMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def listened_loss(user: User) -> float:
    mix = user.desk.mix
    heard = user.bench.listening.heard(mix.parameters)
    return mix.problem.objective.value(heard) - mix.problem.objective.value(mix.parameters)


def set_knobs(user: User, values: dict[str, float]) -> None:
    for name, value in values.items():
        index = user.find(BoardKnob, name).index
        user.desk.turn(index, value)
    user.frames(2)


# -- meters and lamps -------------------------------------------------------------------------


def test_meters_show_mean_and_peak_of_each_neuron_and_fall_slowly(network: Put) -> None:
    user = network()
    play(user, 20)
    user.bench.automix.pause()
    user.frames(150)
    mix = user.desk.mix
    rows = mix.problem.scaling.inputs(mix.problem.seen.inputs)
    made = np.abs(mix.network.forward(mix.parameters, rows)[1][1])
    shown = [user.find(Meter, f"layer1.neuron{k}.meter").shown for k in range(1, 5)]
    np.testing.assert_allclose(shown, np.column_stack([made.mean(axis=0), made.max(axis=0)]))
    before = shown[0]
    set_knobs(user, {f"layer1.neuron1.{part}": 0.0 for part in ("weight1", "weight2", "bias")})
    falling = user.find(Meter, "layer1.neuron1.meter").shown
    assert 0.0 < falling[0] < before[0]
    user.frames(150)
    assert user.find(Meter, "layer1.neuron1.meter").shown == (0.0, 0.0)
    assert not user.bench.clock.is_running


def test_without_a_bound_the_full_scale_is_named_and_no_peak_exceeds_it(network: Put) -> None:
    user = network(data="hills", activation="relu")
    set_knobs(user, {"layer1.neuron1.bias": 30.0})
    tip = user.find(Meter, "layer1.neuron1.meter").toolTip()
    assert tip.endswith("full scale 50")
    peaks = user.bench.readings.levels[0].peak
    assert 20.0 < peaks.max() <= 50.0
    user.frames(150)
    shown = user.find(Meter, "layer1.neuron1.meter").shown[1]
    assert shown == pytest.approx(peaks[0] / 50.0)


def lamp(user: User, name: str) -> str:
    """What the lamp of a meter says; "" while it is off."""
    meter = user.find(Meter, f"{name}.meter")
    return meter.toolTip() if meter.lamp else ""


def test_a_saturated_and_a_dead_neuron_light_their_lamps_and_say_what_it_is(network: Put) -> None:
    user = network()
    name = "layer1.neuron2"
    assert not lamp(user, name)
    set_knobs(user, {f"{name}.bias": 60.0})
    assert lamp(user, name).startswith("Saturated: more than 90% of the rows lie where tanh")
    set_knobs(user, {f"{name}.bias": 0.0})
    assert not lamp(user, name)
    network(activation="relu")
    set_knobs(user, {f"{name}.bias": -60.0})
    assert lamp(user, name).startswith("Dead: it is 0 for every row")
    user.undo()
    assert not lamp(user, name)


# -- mute and solo ----------------------------------------------------------------------------


def test_mute_dims_the_channel_and_a_badge_says_what_the_loss_would_be(network: Put) -> None:
    user = network()
    play(user, 10)
    user.bench.automix.pause()
    before, steps = user.desk.mix, user.desk.undo_stack.count
    QApplication.processEvents()
    matrix = user.find(LayerMatrix, "layer1")
    bright = matrix.board.grab().toImage()
    assert not user.find(QWidget, "listening").isVisible()
    user.click("layer1.neuron3.mute")
    assert user.bench.listening.is_muted(1, 3)
    change = listened_loss(user)
    assert change != 0.0
    said = user.text("listening")
    assert said.startswith("without n3 (layer 1): loss ")
    number = float(said.rsplit(" ", 1)[1].replace("\u2212", "-"))
    assert number == pytest.approx(change, rel=6e-3)
    assert matrix.board.grab().toImage() != bright
    assert (user.desk.mix.parameters == before.parameters).all()
    assert user.desk.undo_stack.count == steps
    user.click("hearAll")
    assert user.bench.listening.is_whole
    assert not user.find(QAbstractButton, "layer1.neuron3.mute").isChecked()
    assert not user.find(QWidget, "listening").isVisible()
    QApplication.processEvents()
    assert matrix.board.grab().toImage() == bright


def test_solo_silences_the_others_of_the_layer_and_the_buttons_follow(network: Put) -> None:
    user = network()
    user.click("layer1.neuron2.solo")
    silent = [user.bench.listening.silent(1, k) for k in (1, 2, 3, 4)]
    assert silent == [True, False, True, True]
    assert user.text("listening").startswith("only n2 (layer 1): loss ")
    user.bench.listening.solo(1, 2, False)
    user.bench.listening.mute(2, 1, True)
    assert not user.find(QAbstractButton, "layer1.neuron2.solo").isChecked()
    assert user.find(QAbstractButton, "layer2.neuron1.mute").isChecked()


def test_training_goes_on_with_a_muted_neuron(network: Put) -> None:
    user = network()
    user.click("layer1.neuron1.mute")
    before = user.desk.mix.parameters
    play(user, 5)
    assert (user.desk.mix.parameters != before).all()


def test_tab_goes_from_a_knob_to_the_buttons_of_its_neuron(network: Put) -> None:
    user = network()
    user.find(BoardKnob, "layer1.neuron2.weight1").setFocus()
    user.key(Qt.Key.Key_Tab)
    assert user.focus.objectName() == "layer1.neuron2.mute"
    user.key(Qt.Key.Key_Space)
    assert user.bench.listening.is_muted(1, 2)
    assert not user.bench.automix.playing
    user.key(Qt.Key.Key_Tab)
    assert user.focus.objectName() == "layer1.neuron2.solo"
    user.key(Qt.Key.Key_Tab)
    assert not user.focus.objectName().startswith("layer1.neuron")
    user.click("layer1.neuron1.mute")
    assert user.focus.objectName() != "layer1.neuron1.mute"


def test_narrow_columns_have_a_mute_and_leave_solo_to_the_menu(network: Put) -> None:
    user = network((8,) * 6)
    for part in ("mute", "solo"):
        seen = user.find(QWidget, f"layer3.neuron2.{part}").isVisible()
        assert seen == (part == "mute")
    assert "Solo" in texts(menu_of(user, 3, 2))
    assert not user.find(QWidget, "layer7.neuron1.mute").isVisible()


# -- the menu ---------------------------------------------------------------------------------


def test_the_menu_mutes_and_soloes(network: Put) -> None:
    user = network()
    choose(user, menu_of(user, 1, 4), "Mute")
    assert user.find(QAbstractButton, "layer1.neuron4.mute").isChecked()
    choose(user, menu_of(user, 1, 4), "Mute")
    assert not user.bench.listening.is_muted(1, 4)
    choose(user, menu_of(user, 1, 2), "Solo")
    assert user.bench.listening.is_soloed(1, 2)


def test_all_knobs_of_a_channel_are_locked_as_one_step_of_undo(network: Put) -> None:
    user = network()
    steps = user.desk.undo_stack.count
    choose(user, menu_of(user, 2, 1), "Lock all knobs")
    own = [p.index for p in user.desk.mix.network.parameters if (p.layer, p.neuron) == (2, 1)]
    assert np.flatnonzero(user.desk.mix.locked).tolist() == own
    assert user.desk.undo_stack.count == steps + 1
    menu = menu_of(user, 2, 1)
    assert "Lock all knobs" not in texts(menu)
    choose(user, menu, "Unlock all knobs")
    assert not user.desk.mix.locked.any()
    user.desk.undo()
    assert np.flatnonzero(user.desk.mix.locked).tolist() == own


def test_a_swap_moves_the_neuron_with_its_mute_and_changes_no_loss(network: Put) -> None:
    user = network()
    play(user, 5)
    user.bench.automix.pause()
    user.click("layer1.neuron2.mute")
    before, loss, heard = user.desk.mix, user.bench.readings.loss, listened_loss(user)
    choose(user, menu_of(user, 1, 2), "Swap with the next neuron")
    vector, after = before.parameters, user.desk.mix.parameters
    np.testing.assert_array_equal(after[3:6], vector[6:9])
    np.testing.assert_array_equal(after[6:9], vector[3:6])
    assert user.bench.readings.loss == pytest.approx(loss, rel=1e-12)
    assert user.bench.listening.is_muted(1, 3)
    assert not user.bench.listening.is_muted(1, 2)
    assert listened_loss(user) == pytest.approx(heard, rel=1e-9)
    last: list[QAction] = [a for a in menu_of(user, 1, 4).actions() if "Swap" in a.text()]
    assert [action.isEnabled() for action in last] == [False]


def test_the_menu_key_on_a_button_opens_the_menu_and_an_output_has_fewer_entries(
    network: Put,
) -> None:
    user = network()
    button = user.find(QAbstractButton, "layer1.neuron2.mute")
    ask_menu(button, button.rect().center(), QContextMenuEvent.Reason.Keyboard)
    menu = user.find(ChannelMenu, "channelMenu")
    assert texts(menu) == [
        "Mute", "Solo", "Lock all knobs", "Swap with the next neuron", "Open large",
    ]  # fmt: skip
    menu.close()
    QApplication.processEvents()
    assert texts(menu_of(user, 3, 1)) == ["Lock all knobs", "Open large"]


# -- by itself, and large ---------------------------------------------------------------------


def opened(user: User, layer: int, neuron: int) -> ChannelView:
    choose(user, menu_of(user, layer, neuron), "Open large")
    view = user.find(ChannelView, "channelView")
    assert view.isVisible()
    return view


def test_a_channel_opens_large_with_knobs_that_turn_the_mix(network: Put) -> None:
    user = network()
    view = opened(user, 2, 3)
    assert not view.isModal()
    assert view.windowTitle() == "LAYER 2 · neuron 3"
    names = [term.name.text() for term in view.terms]
    assert names == ["from n1", "from n2", "from n3", "from n4", "b (bias)"]
    knob = user.find(Knob, "channelView.layer2.neuron3.weight2")
    index = user.find(BoardKnob, "layer2.neuron3.weight2").index
    before = user.desk.mix.parameters[index]
    user.drag(knob, 30.0)
    assert user.desk.mix.parameters[index] == knob.value != before
    user.desk.turn(index, -1.25)
    user.frames()
    assert knob.value == -1.25
    user.click(view.mute)
    assert user.bench.listening.is_muted(2, 3)
    assert user.find(QAbstractButton, "layer2.neuron3.mute").isChecked()


def test_the_large_channel_follows_training_and_rests_when_it_is_closed(network: Put) -> None:
    user = network()
    view = opened(user, 1, 1)
    shown = view.thumbnail.values.copy()
    assert shown.shape == (100, 100)
    play(user, 12)
    assert (view.thumbnail.values != shown).any()
    user.bench.automix.pause()
    user.frames()
    field = user.bench.readings.field()[0][0].reshape(100, 100)
    np.testing.assert_allclose(view.thumbnail.values, field.T[::-1], atol=1e-6)
    view.close()
    assert view.terms == []
    user.frames(3)


def test_the_large_channel_stays_with_its_neuron_or_goes_with_it(network: Put) -> None:
    user = network()
    view = opened(user, 1, 3)
    network((5, 3))
    assert view.isVisible()
    assert len(view.terms) == 3
    network((2, 3))
    assert not view.isVisible()


# -- thumbnails -------------------------------------------------------------------------------


def test_thumbnails_show_what_each_neuron_computes_over_two_inputs(network: Put) -> None:
    user = network((4,))
    pictures = [user.find(Thumbnail, f"layer1.neuron{k}.thumbnail") for k in range(1, 5)]
    assert all(picture.isVisible() for picture in pictures)
    fields = user.bench.readings.field()[0].reshape(4, 100, 100)[:, ::2, ::2]
    for picture, field in zip(pictures, fields, strict=True):
        np.testing.assert_allclose(picture.values, field.T[::-1], atol=1e-6)
    assert "x1 (across) and x2 (up)" in pictures[0].toolTip()


def test_thumbnails_lag_four_frames_at_most_and_are_exact_when_paused(network: Put) -> None:
    user = network((4,))
    user.window.fit.hide()
    picture = user.find(Thumbnail, "layer1.neuron1.thumbnail")
    play(user, 1)
    drawn = []
    for _ in range(16):
        before = picture.values
        user.frames()
        drawn.append(picture.values is not before)
    assert sum(drawn) == 4
    user.bench.automix.pause()
    user.frames()
    field = user.bench.readings.field()[0][0].reshape(100, 100)[::2, ::2]
    np.testing.assert_allclose(picture.values, field.T[::-1], atol=1e-6)


def test_along_one_input_a_thumbnail_is_the_neurons_curve(network: Put) -> None:
    user = network((4,), "sine")
    picture = user.find(Thumbnail, "layer1.neuron2.thumbnail")
    assert picture.isVisible()
    np.testing.assert_allclose(picture.values, user.bench.readings.field()[0][1], atol=1e-6)


def test_small_knobs_and_many_inputs_have_no_thumbnails_and_cost_no_field(
    network: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = network((8,) * 6)
    user.window.fit.hide()
    assert not user.find(Thumbnail, "layer3.neuron2.thumbnail").isVisible()
    asked: list[object] = []
    monkeypatch.setattr(type(user.bench.readings), "field", lambda *_: asked.append(1))
    play(user, 10)
    assert not asked
    user.bench.automix.pause()
