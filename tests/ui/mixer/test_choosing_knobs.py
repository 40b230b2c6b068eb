"""Knobs chosen by click and Tab, and several picked ones turned by their large copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on
from mixer_nn.ui.controls.board_knob import BoardKnob
from mixer_nn.ui.controls.knob import Knob

if TYPE_CHECKING:
    from tests.ui.conftest import User

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def put(user: User, *hidden: int) -> Mix:
    mix = network_on(make("spiral", seed=7), 7, hidden)
    user.desk.replace_all(mix, user.desk.setup)
    user.frames(2)
    return mix


def test_a_click_on_a_knob_of_the_equation_chooses_it(user: User) -> None:
    assert user.bench.selection.shown == 0
    user.click(user.b)
    assert user.bench.selection.chosen == 1
    user.click(user.w)
    assert user.bench.selection.chosen == 0


def test_tab_from_knob_to_knob_chooses_the_one_it_comes_to(user: User) -> None:
    user.w.setFocus(Qt.FocusReason.TabFocusReason)
    assert user.bench.selection.chosen == 0
    user.key(Qt.Key.Key_Tab)
    assert user.focus is user.b
    assert user.bench.selection.chosen == 1
    user.window.setFocus()
    assert user.bench.selection.chosen == 1, "the last one stays chosen"


def test_click_tab_and_walk_choose_on_a_board(user: User) -> None:
    mix = put(user, 4)
    user.click(user.find(BoardKnob, "layer1.neuron2.weight1"))
    assert user.bench.selection.chosen == 3
    user.key(Qt.Key.Key_Right, CONTROL)
    assert user.bench.selection.chosen == 6
    user.find(BoardKnob, "layer2.neuron1.bias").setFocus(Qt.FocusReason.TabFocusReason)
    assert user.bench.selection.chosen == mix.network.parameter_count - 1


def test_from_one_neuron_to_a_network_and_back_the_choice_is_kept(user: User) -> None:
    user.click(user.b)
    put(user, 4)
    chosen = user.desk.mix.network.parameters[user.bench.selection.shown]
    assert chosen.id == "layer2.neuron1.bias", "the bias of the output is what it was"


def pick_three(user: User) -> list[int]:
    names = ("layer1.neuron1.weight1", "layer1.neuron2.weight2", "layer2.neuron1.bias")
    knobs = [user.find(BoardKnob, name) for name in names]
    user.click(knobs[0])
    for knob in knobs[1:]:
        user.click(knob, SHIFT)
    return [knob.index for knob in knobs]


def test_the_large_copy_turns_all_that_are_picked_as_one_step_of_undo(user: User) -> None:
    before = put(user, 4).parameters
    picked = pick_three(user)
    user.desk.set_scale(picked[1], 8.0)
    steps = user.desk.undo_stack.count
    user.drag(user.find(Knob, "selectedKnob"), 40)
    turned = user.desk.mix.parameters - before
    assert np.flatnonzero(turned).tolist() == sorted(picked)
    by = turned[picked[2]]
    np.testing.assert_allclose(turned[picked], [by, 2 * by, by])
    assert user.desk.undo_stack.count == steps + 1
    assert not user.desk.touched
    user.undo()
    assert user.desk.mix.parameters.tobytes() == before.tobytes()


def test_the_large_copy_locks_all_that_are_picked(user: User) -> None:
    put(user, 4)
    picked = pick_three(user)
    user.click("selectedKnob.lock")
    assert np.flatnonzero(user.desk.mix.locked).tolist() == sorted(picked)


def test_a_large_copy_of_another_knob_turns_alone(user: User) -> None:
    before = put(user, 4).parameters
    pick_three(user)
    user.bench.selection.choose(7)
    user.drag(user.find(Knob, "selectedKnob"), 40)
    assert np.flatnonzero(user.desk.mix.parameters - before).tolist() == [7]
