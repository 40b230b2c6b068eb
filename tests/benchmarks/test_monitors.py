"""What a frame costs in the monitors, painting included: after 100,000 moves, and of 2-8×6-1.

``pytest tests/benchmarks/test_monitors.py --benchmark-enable``; no stopwatch fails a test.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from mixer_nn.core.dataset import Dataset
from mixer_nn.core.field import CELLS, Field, Grid
from mixer_nn.core.network import Network
from mixer_nn.core.problem import Problem
from mixer_nn.data.synthetic import make
from mixer_nn.session.curve import Curve
from mixer_nn.session.mix import Setup, network_on, neuron_on
from mixer_nn.state.automix import AutoMix
from mixer_nn.state.desk import Desk
from mixer_nn.state.guidance import Guidance
from mixer_nn.state.readings import Readings
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.fit_monitor import FitMonitor
from mixer_nn.ui.monitors.loss_monitor import LossMonitor

MOVES = 100_000


def lived_through(moves: int, jumpy: bool) -> tuple[Desk, Readings]:
    """A desk with a long run behind it, whose loss falls smoothly or jumps as in mini-batches."""
    desk = Desk(neuron_on(make("noisy-line", seed=7), 7))
    count = np.arange(moves, dtype=np.float64)
    noise = np.random.default_rng(0).random(moves) if jumpy else np.zeros(moves)
    loss = 0.1 + 5.0 * np.exp(-4.0 * count / moves) * (1.0 + noise) + noise
    table = np.column_stack([count, count, loss, loss, loss, 1.1 * loss, np.zeros(moves), count])
    desk.replace_all(replace(desk.mix, moves=moves - 1), Setup(), (Curve(0, table),))
    desk.flush()
    return desk, Readings(desk)


@pytest.mark.parametrize("jumpy", [False, True], ids=["smooth", "jumpy"])
@pytest.mark.parametrize("playing", [False, True], ids=["by hand", "auto-mix"])
def test_a_frame_of_fit_and_loss(
    benchmark: BenchmarkFixture, qtbot: QtBot, qapp: QApplication, jumpy: bool, playing: bool
) -> None:
    theme.apply(qapp, "dark", zoom=1.0)
    desk, readings = lived_through(MOVES, jumpy)
    automix, window = AutoMix(desk), QWidget()
    row = QHBoxLayout(window)
    fit = FitMonitor(desk, readings, Guidance(desk), automix)
    loss = LossMonitor(desk, readings, automix)
    row.addWidget(fit, 3)
    row.addWidget(loss, 2)
    qtbot.addWidget(window)
    window.resize(1040, 430)
    with qtbot.waitExposed(window):
        window.show()
    qapp.processEvents()
    # The steps below are made here; of `playing` only follows what views may leave for later.
    automix.playing = playing
    if not playing:
        desk.touch(0)

    def frame() -> None:
        value, state = float(desk.mix.parameters[0]) + 1e-3, desk.mix.state
        if playing:
            parameters = np.array([value, state.parameters[1]])
            desk.train_to(replace(state, parameters=parameters, step=state.step + 1), 0.1)
        else:
            desk.turn(0, value)
        desk.flush()
        qapp.processEvents()

    benchmark.pedantic(frame, rounds=100, warmup_rounds=5)  # type: ignore[no-untyped-call]

    desk.undo_stack.clear()
    assert len(loss.picture.train.getData()[0]) <= 2 * (loss.plot.columns() + 1)
    assert loss.picture.marker.getData()[0][0] == desk.mix.moves


DEEP = (8,) * 6


def deep_problem(activation: str) -> Problem:
    return network_on(make("spiral", seed=1), 1, DEEP, activation).problem


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "softplus", "sine", "gelu"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_field_of_every_unit(benchmark: BenchmarkFixture, activation: str, dtype: str) -> None:
    problem = deep_problem(activation)
    vector = problem.network.initial(np.random.default_rng(0))
    grid = Grid.over(problem.dataset)
    field = Field(problem, grid.inputs, dtype)

    made = benchmark.pedantic(  # type: ignore[no-untyped-call]
        field.units, args=(vector,), rounds=100, warmup_rounds=5
    )

    assert sum(units.size for units in made) == CELLS * CELLS * (6 * 8 + 1)
    expected = problem.predict(vector, grid.inputs)
    np.testing.assert_allclose(made[-1][0], expected[:, 0], rtol=1e-3, atol=1e-4)


def test_the_same_field_by_the_readable_network(benchmark: BenchmarkFixture) -> None:
    problem = deep_problem("tanh")
    network: Network = problem.network
    vector = network.initial(np.random.default_rng(0))
    inputs = Grid.over(problem.dataset).inputs

    sums, _ = benchmark.pedantic(  # type: ignore[no-untyped-call]
        network.forward, args=(vector, inputs), rounds=20, warmup_rounds=2
    )

    assert sums[-1].shape == (CELLS * CELLS, 1)


@pytest.mark.parametrize("name", ["spiral", "blobs", "hills", "sine"])
@pytest.mark.parametrize("size", [(400, 320), (1300, 1000)], ids=["small", "4K"])
def test_a_frame_of_the_fit_that_is_drawn(
    benchmark: BenchmarkFixture, qtbot: QtBot, qapp: QApplication, name: str, size: tuple[int, int]
) -> None:
    """A frame by hand, in which nothing is left for later; while playing it is one in four."""
    theme.apply(qapp, "dark", zoom=1.0)
    dataset: Dataset = make(name, seed=1)
    desk = Desk(network_on(dataset, 1, DEEP))
    fit = FitMonitor(desk, Readings(desk), Guidance(desk), AutoMix(desk))
    qtbot.addWidget(fit)
    fit.resize(*size)
    with qtbot.waitExposed(fit):
        fit.show()
    qapp.processEvents()
    rng = np.random.default_rng(0)

    def frame() -> None:
        state = desk.mix.state
        parameters = state.parameters + 0.02 * rng.normal(size=state.parameters.size)
        desk.train_to(replace(state, parameters=parameters, step=state.step + 1), 0.5)
        desk.flush()
        qapp.processEvents()

    benchmark.pedantic(frame, rounds=60, warmup_rounds=5)  # type: ignore[no-untyped-call]

    assert fit.picture is not None
    assert not fit._stale
