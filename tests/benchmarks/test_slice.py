"""A slice of 101 points in one go, against one evaluation after the other; and a frame of its view.

``pytest tests/benchmarks/test_slice.py --benchmark-enable``; no stopwatch fails a test.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.objective import Objective
from mixer_nn.core.stacked import across, along, losses
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on, neuron_on
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.monitors.slice_view import SliceView

NETWORKS = {"one neuron": None, "2-4-2-1": (4, 2), "2-8x6-1": (8,) * 6}
VALUES = np.linspace(-4.0, 4.0, 101)


def mix_of(name: str) -> Mix:
    hidden = NETWORKS[name]
    if hidden is None:
        return neuron_on(make("noisy-line", seed=7), 7)
    return network_on(make("spiral", seed=1), 1, hidden)


def setting(name: str) -> tuple[Objective, FloatArray]:
    mix = mix_of(name)
    return mix.problem.objective, mix.parameters


def one_by_one(objective: Objective, vector: FloatArray, index: int) -> FloatArray:
    changed, found = vector.copy(), np.empty(len(VALUES))
    for number, value in enumerate(VALUES):
        changed[index] = value
        found[number] = objective.value(changed)
    return found


@pytest.mark.parametrize("place", ["first", "last"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_slice(benchmark: BenchmarkFixture, name: str, dtype: str, place: str) -> None:
    objective, vector = setting(name)
    index = 0 if place == "first" else vector.size - 1

    found = benchmark.pedantic(  # type: ignore[no-untyped-call]
        along, args=(objective, vector, index, VALUES, dtype), rounds=30, warmup_rounds=3
    )

    np.testing.assert_allclose(found, one_by_one(objective, vector, index), rtol=1e-4)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_same_slice_point_by_point(benchmark: BenchmarkFixture, name: str) -> None:
    objective, vector = setting(name)
    found = benchmark.pedantic(  # type: ignore[no-untyped-call]
        one_by_one, args=(objective, vector, 0), rounds=10, warmup_rounds=1
    )
    assert np.isfinite(found).all()


@pytest.mark.parametrize("way", ["any", "one unit"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_landscape(benchmark: BenchmarkFixture, dtype: str, way: str) -> None:
    """50×50 places of 2-8×6-1: in any direction, and over the weights of an output."""
    objective, vector = setting("2-8x6-1")
    pairs = np.random.default_rng(0).normal(size=(2500, 2))
    indices = [vector.size - 2, vector.size - 1]
    vectors = np.tile(vector, (2500, 1))
    vectors[:, indices] = pairs

    if way == "any":
        work, arguments = losses, (objective, vectors, dtype)
    else:
        work, arguments = across, (objective, vector, indices, pairs, dtype)  # type: ignore[assignment]
    found = benchmark.pedantic(  # type: ignore[no-untyped-call]
        work, args=arguments, rounds=5, warmup_rounds=1
    )

    assert found[17] == pytest.approx(objective.value(vectors[17]), rel=1e-4)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("seen", [True, False], ids=["in sight", "hidden"])
def test_a_frame_of_the_view(
    benchmark: BenchmarkFixture, qtbot: QtBot, qapp: QApplication, name: str, seen: bool
) -> None:
    """A frame by hand, painting included, in which nothing is left for later."""
    theme.apply(qapp, "dark", zoom=1.0)
    bench = Bench(mix_of(name), Preferences())
    view, desk = SliceView(bench), bench.desk
    qtbot.addWidget(view)
    view.resize(460, 330)
    with qtbot.waitExposed(view):
        view.show()
    view.setVisible(seen)
    qapp.processEvents()
    before = bench.slicing.evaluations
    rng = np.random.default_rng(0)

    def frame() -> None:
        state = desk.mix.state
        parameters = state.parameters + 0.01 * rng.normal(size=state.parameters.size)
        desk.train_to(replace(state, parameters=parameters, step=state.step + 1), 0.5)
        desk.flush()
        qapp.processEvents()

    benchmark.pedantic(frame, rounds=60, warmup_rounds=5)  # type: ignore[no-untyped-call]

    bench.clock.stop()
    desk.undo_stack.clear()
    assert (bench.slicing.evaluations > before) == seen
