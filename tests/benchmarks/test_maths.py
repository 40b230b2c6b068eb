"""What a frame of the Maths view costs, painting included, and the pulls of all rows.

``pytest tests/benchmarks/test_maths.py --benchmark-enable``; no stopwatch fails a test.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from mixer_nn.core import pulls
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import network_on
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.monitors.maths_view import MathsView

DEEP = (8,) * 6


@pytest.mark.parametrize("hidden", [(), (4,), DEEP], ids=["one neuron", "2-4-1", "2-8x6-1"])
@pytest.mark.parametrize("shown", [True, False], ids=["shown", "hidden"])
def test_a_live_frame(
    benchmark: BenchmarkFixture,
    qtbot: QtBot,
    qapp: QApplication,
    hidden: tuple[int, ...],
    shown: bool,
) -> None:
    """A frame by hand, in which nothing is left for later."""
    theme.apply(qapp, "dark", zoom=1.0)
    bench = Bench(network_on(make("spiral", seed=1), 1, hidden), Preferences(None))
    view = MathsView(bench)
    qtbot.addWidget(view)
    view.resize(440, 330)
    if shown:
        with qtbot.waitExposed(view):
            view.show()
    qapp.processEvents()
    rng, desk = np.random.default_rng(0), bench.desk
    desk.touch(0)
    before = bench.derivations.evaluations

    def frame() -> None:
        state = desk.mix.state
        parameters = state.parameters + 0.02 * rng.normal(size=state.parameters.size)
        desk.train_to(replace(state, parameters=parameters, step=state.step + 1), 0.5)
        desk.flush()
        qapp.processEvents()

    benchmark.pedantic(frame, rounds=100, warmup_rounds=10)  # type: ignore[no-untyped-call]

    assert (bench.derivations.evaluations > before) is shown
    bench.clock.stop()
    desk.undo_stack.clear()


def test_all_pulls_of_all_rows(benchmark: BenchmarkFixture) -> None:
    mix = network_on(make("spiral", seed=1), 1, DEEP)
    objective, vector = mix.problem.objective, mix.parameters

    found = benchmark(pulls.of_all, objective, vector)

    np.testing.assert_allclose(found.mean(axis=0), objective.gradient(vector), atol=1e-15)
