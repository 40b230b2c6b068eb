"""Derivations of the desk's mix: of what stands on it now, worked out once, changing nothing."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import network_on
from mixer_nn.state.derivations import Derivations
from mixer_nn.state.desk import Desk
from mixer_nn.state.readings import Readings
from mixer_nn.state.selection import Selection


@pytest.fixture
def desk(qapp: QCoreApplication) -> Desk:
    dataset = make("spiral", seed=1).split(0.2, np.random.default_rng(0))
    return Desk(network_on(dataset, 3, (4,), scaled=True, features=("x1*x2",)))


def test_the_mean_of_the_training_rows_pulls_is_the_gradient(desk: Desk) -> None:
    derivations, readings = Derivations(desk, Readings(desk)), Readings(desk)
    train = np.flatnonzero(~desk.mix.dataset.held_out)
    for index in (0, 9, desk.mix.parameters.size - 1):
        pulls = [derivations.of(index, int(row)).pull for row in train]
        assert np.mean(pulls) == pytest.approx(readings.gradient[index], rel=1e-9, abs=1e-15)


def test_a_row_is_seen_as_training_sees_it(desk: Desk) -> None:
    derivation = Derivations(desk, Readings(desk)).of(0, 5)
    mix = desk.mix
    expected = mix.problem.network_inputs(mix.dataset.inputs[5:6])[0]
    np.testing.assert_allclose(derivation.inputs, expected)


def test_each_is_worked_out_once_until_something_turns(desk: Desk) -> None:
    derivations = Derivations(desk, Readings(desk))
    first = derivations.of(2, 7)
    derivations.steps(2, 7, frozenset())
    assert derivations.of(2, 7) is first
    cost = derivations.evaluations
    assert derivations.check(2) is derivations.check(2)
    assert derivations.evaluations == cost + 1

    desk.turn(2, 1.25)

    assert derivations.of(2, 7) is not first
    assert derivations.of(2, 7).vector[2] == 1.25


def test_the_check_is_over_all_training_rows(desk: Desk) -> None:
    derivations, mix = Derivations(desk, Readings(desk)), desk.mix
    found = derivations.check(1)
    assert found.analytic == mix.problem.objective.gradient(mix.parameters)[1]
    assert found.digits >= 6


def test_pointing_at_a_neuron_is_told_once_and_ends_with_its_network(desk: Desk) -> None:
    selection = Selection(desk)
    told: list[object] = []
    selection.changed.connect(lambda: told.append(None))
    selection.point_at((1, 2))
    selection.point_at((1, 2))
    assert selection.pointed == (1, 2)
    assert len(told) == 1
    mix = network_on(make("noisy-line", seed=7), 7, ())
    desk.put(mix, "other data")
    desk.flush()
    assert selection.pointed is None
