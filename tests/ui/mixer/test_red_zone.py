"""The red zone of the learning rate for any network: an estimate, marked as one, that follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from mixer_nn.core.curvature import hessian_times
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on
from mixer_nn.ui.controls.fader import Fader

if TYPE_CHECKING:
    from tests.ui.conftest import User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")

SETTLED = 200
"""Frames in which every estimate of these tests has settled."""


def put(user: User, mix: Mix) -> None:
    user.desk.put(mix, "another mix")
    user.frames(SETTLED)


def limit(user: User) -> float:
    """2/λmax from the whole Hessian."""
    mix = user.desk.mix
    units = np.eye(mix.parameters.size)
    objective = mix.problem.objective
    whole = [hessian_times(objective, mix.parameters, unit) for unit in units]
    return 2.0 / float(np.linalg.eigvalsh(whole)[-1])


def start(user: User) -> float | None:
    return user.find(Fader, "learningRate").zone[0]


def word(user: User) -> str:
    return user.find(Fader, "learningRate").zone[1]


def test_of_a_network_it_is_an_estimate_and_says_so(user: User) -> None:
    put(user, network_on(make("spiral", seed=7), 7, (4,)))
    assert start(user) == pytest.approx(limit(user), rel=1e-3)
    assert word(user) == "est."
    tip = user.find(Fader, "learningRate").toolTip()
    assert "power iteration" in tip
    assert "estimate" in tip


def test_of_one_linear_neuron_it_stays_exact(user: User) -> None:
    user.frames(3)
    assert word(user) == "diverges"
    assert start(user) == user.bench.readings.learning_rate_limit
    assert not user.bench.sharpness.is_working
    assert user.bench.sharpness.learning_rate_limit is None
    assert "must diverge" in user.find(Fader, "learningRate").toolTip()


def test_it_follows_the_hand_and_the_clock_rests_again(user: User) -> None:
    put(user, network_on(make("sine", seed=7), 7, (4,)))
    before = start(user)
    user.desk.turn(9, 4.0)
    user.frames(SETTLED)
    assert start(user) == pytest.approx(limit(user), rel=1e-3)
    assert start(user) != pytest.approx(before, rel=0.05)
    assert not user.bench.sharpness.is_working


def test_scaling_moves_it(user: User) -> None:
    put(user, network_on(load_shipped("cars"), 7, (4,), scaled=False))
    before = start(user)
    user.desk.set_scaled(True)
    user.frames(SETTLED)
    assert start(user) == pytest.approx(limit(user), rel=1e-3)
    assert start(user) != pytest.approx(before, rel=0.5)


def test_it_goes_with_the_optimizer_and_comes_back(user: User) -> None:
    put(user, network_on(make("spiral", seed=7), 7, (4,)))
    user.choose(user.find(QComboBox, "optimizer"), "Adam")
    user.frames()
    assert start(user) is None
    user.desk.turn(2, 1.0)
    user.frames()
    assert not user.bench.sharpness.is_working
    user.desk.set_setup(replace(user.desk.setup, optimizer="gradient-descent"))
    user.frames(SETTLED)
    assert start(user) == pytest.approx(limit(user), rel=1e-3)


def test_out_of_sight_it_is_not_worked_out(user: User) -> None:
    put(user, network_on(make("spiral", seed=7), 7, (4,)))
    user.window.transport.hide()
    user.desk.turn(2, 1.0)
    user.frames()
    assert not user.bench.sharpness.is_working
    user.window.transport.show()
    user.frames(SETTLED)
    assert start(user) == pytest.approx(limit(user), rel=1e-3)


def test_while_auto_mix_plays_it_goes_along(user: User) -> None:
    put(user, network_on(make("spiral", seed=7), 7, (4,)))
    user.key(Qt.Key.Key_Space)
    user.frames(40)
    assert start(user) == pytest.approx(limit(user), rel=0.15)
