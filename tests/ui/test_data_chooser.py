"""Choosing data: every set opens, its options work, undo goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox, QWidget

from mixer_nn.data.shipped import SHIPPED
from mixer_nn.data.synthetic import SYNTHETIC
from mixer_nn.ui.controls.board_knob import BoardKnob
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.monitors.fit_field import FieldPicture

if TYPE_CHECKING:
    from tests.ui.conftest import User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")

TITLES = [kind.title for kind in SYNTHETIC.values()] + [kind.title for kind in SHIPPED.values()]


def box(user: User) -> QComboBox:
    return user.find(QComboBox, "dataset")


def choose(user: User, title: str) -> None:
    user.choose(box(user), title)


def knobs(user: User) -> set[str]:
    """The names of the knobs on screen: those of the equation, or of a matrix for more classes."""
    names = {parameter.id for parameter in user.desk.mix.network.parameters}
    shown = (part for kind in (Knob, BoardKnob) for part in user.window.findChildren(kind))
    return {part.objectName() for part in shown if part.isVisible()} & names


def set_option(user: User, name: str, text: str) -> None:
    field = user.find(QWidget, name)
    field.setFocus()
    user.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    user.type_into(field, text)
    user.key(Qt.Key.Key_Return)
    user.frames()


def test_every_data_set_opens_learns_and_is_undone(user: User) -> None:
    first = user.desk.mix
    for title in TITLES:
        choose(user, title)
        mix = user.desk.mix
        assert mix is not first
        assert box(user).currentText().startswith(mix.dataset.name)
        assert len(knobs(user)) == mix.network.parameter_count
        before = user.bench.readings.loss
        user.key(Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
        assert user.bench.readings.loss < before
        user.undo()
        user.undo()
        assert user.desk.mix is first
    user.frames()
    user.assert_all_agree()


def test_two_classes_are_an_equation_and_more_a_matrix(user: User) -> None:
    choose(user, SYNTHETIC["gaussians"].title)
    assert user.desk.mix.network.sizes == (2, 1)
    assert user.window.mixer.equation.isVisible()
    words = user.window.mixer.data_units.findChildren(QLabel)
    assert any(word.text().startswith("log-odds of ") for word in words)
    choose(user, SYNTHETIC["blobs"].title)
    assert user.desk.mix.network.sizes == (2, 4)
    assert not user.window.mixer.equation.isVisible()
    assert user.window.mixer.network.isVisible()
    assert user.find(BoardKnob, "layer1.neuron4.bias").isVisible()
    user.undo()
    assert user.window.mixer.equation.isVisible()
    assert not user.window.mixer.network.isVisible()


def test_the_wheel_over_a_box_and_arrows_on_it_choose_nothing_by_accident(user: User) -> None:
    before = user.desk.mix
    for name in ("dataset", "batchSize"):
        each = user.find(QComboBox, name)
        each.setFocus()
        user.wheel(each, -120)
        user.key(Qt.Key.Key_Down)
        assert each.view().isVisible()
        user.key(Qt.Key.Key_Escape)
        assert not each.view().isVisible()
    assert user.desk.mix is before
    assert user.desk.setup.batch_size == 0


def test_two_inputs_show_a_field_and_two_weights(user: User) -> None:
    choose(user, "Plane")
    assert isinstance(user.window.fit.picture, FieldPicture)
    for name in ("weight1", "weight2", "bias"):
        assert user.find(QWidget, f"layer1.neuron1.{name}").isVisible()


def test_noise_points_and_seed_of_made_up_data(user: User) -> None:
    knobs = user.desk.mix.parameters
    user.click("dataOptions")
    set_option(user, "points", "60")
    assert user.desk.mix.dataset.rows == 60
    assert box(user).currentText() == "Noisy line · 60 points"
    set_option(user, "noise", "0")
    x, y = user.desk.mix.dataset.inputs[:, 0], user.desk.mix.dataset.targets[:, 0]
    assert np.abs(y - np.polyval(np.polyfit(x, y, 1), x)).max() < 1e-9
    set_option(user, "noise", "0.5")
    before = user.desk.mix.dataset
    set_option(user, "dataSeed", "3")
    assert (user.desk.mix.dataset.targets != before.targets).any()
    assert (user.desk.mix.parameters == knobs).all()  # the knobs stay where they were
    user.find(QWidget, "dataOptionsPanel").hide()
    user.undo()
    assert user.desk.mix.dataset is before


def test_rows_held_out_are_shown_apart_and_scored_apart(user: User) -> None:
    assert not user.find(QWidget, "loss.held_out").isVisible()
    user.click("dataOptions")
    set_option(user, "heldOut", "25")
    user.find(QWidget, "dataOptionsPanel").hide()
    dataset = user.desk.mix.dataset
    assert int(dataset.held_out.sum()) == 10
    w, b = user.desk.mix.parameters
    away = dataset.held_out
    misses = w * dataset.inputs[:, 0] + b - dataset.targets[:, 0]
    assert user.find(QWidget, "loss.held_out").isVisible()
    assert user.number("loss.held_out") == pytest.approx(np.mean(misses[away] ** 2), rel=1e-3)
    assert user.number("loss") == pytest.approx(np.mean(misses[~away] ** 2), rel=1e-3)
    user.key(Qt.Key.Key_S)
    user.key(Qt.Key.Key_S)
    assert len(user.window.loss.picture.held_out.getData()[0]) >= 2
    assert [entry.text for entry in user.window.loss.legend.entries] == ["train", "held out"]
    assert len(user.picture().held_out.getData()[0]) == 10
    user.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    user.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    user.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not user.desk.mix.dataset.held_out.any()
    assert not user.find(QWidget, "loss.held_out").isVisible()


def test_measured_data_offer_only_what_can_be_chosen(user: User) -> None:
    choose(user, "Stopping distances")
    user.click("dataOptions")
    assert user.find(QSpinBox, "heldOut").isVisible()
    assert not user.find(QSpinBox, "points").isVisible()


def test_the_options_open_with_the_focus_in_them_and_close_with_escape(user: User) -> None:
    user.click("dataOptions")
    panel = user.find(QWidget, "dataOptionsPanel")
    assert panel.isVisible()
    assert panel.isAncestorOf(user.focus)
    user.key(Qt.Key.Key_Escape)
    assert not panel.isVisible()
