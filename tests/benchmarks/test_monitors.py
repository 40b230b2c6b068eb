"""What a frame costs in the monitors, painting included, after 100,000 moves.

``pytest tests/benchmarks/test_monitors.py --benchmark-enable``; no stopwatch fails a test.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from mixer_nn.data.synthetic import make
from mixer_nn.session.curve import Curve
from mixer_nn.session.mix import Setup, neuron_on
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
    table = np.column_stack([count, count, loss, loss, loss, 1.1 * loss, np.zeros(moves)])
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
