"""A landscape of 50×50 points: in batches, and by a plain loop; and what of a frame it takes.

``pytest tests/benchmarks/test_landscape.py --benchmark-enable``; no stopwatch fails a test.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from mixer_nn.core.landscape import Bowl, Plane, survey
from mixer_nn.core.objective import Objective
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.monitors.landscape_view import LandscapeView

SIDE = 50
ROWS = 200
DEEP = (8,) * 6

KINDS = ("W4", "2-8x6-1")
PLANES = ("two layers", "one neuron", "run")


def objective_of(kind: str) -> Objective:
    """W4 is 1-16-16-1 on 200 rows; the other is the largest network that fits the window whole."""
    if kind == "W4":
        x = np.linspace(-3.0, 3.0, ROWS).reshape(-1, 1)
        network = network_on(make("sine", seed=1), 1, (16, 16)).network
        return Objective(network, "mse", x, np.sin(x))
    return network_on(make("spiral", seed=1), 1, DEEP).problem.objective.sample(ROWS)


def plane_of(kind: str, objective: Objective) -> Plane:
    network = objective.network
    vector = network.initial(np.random.default_rng(0))
    if kind == "run":
        steps = 0.05 * np.random.default_rng(1).normal(size=(30, vector.size))
        plane = Plane.of_path(vector + np.cumsum(steps, axis=0))
        assert plane is not None
        return plane
    bias = network.sizes[0]
    return Plane.along(vector, 0, bias if kind == "one neuron" else vector.size - 1)


def _places() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    line = np.linspace(-4.0, 4.0, SIDE)
    return np.array([(x, y) for x in line for y in line])


PLACES = _places()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_landscape_in_batches(
    benchmark: BenchmarkFixture, kind: str, plane: str, dtype: str
) -> None:
    objective = objective_of(kind)
    ground = plane_of(plane, objective)

    def whole() -> object:
        return survey(objective, ground, PLACES, dtype).finish()

    found = benchmark.pedantic(whole, rounds=10, warmup_rounds=2)  # type: ignore[no-untyped-call]

    some = slice(None, None, 97)
    expected = [objective.value(vector) for vector in ground.vectors(PLACES[some])]
    np.testing.assert_allclose(found[some], expected, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_by_a_plain_loop(benchmark: BenchmarkFixture, kind: str) -> None:
    objective = objective_of(kind)
    vectors = plane_of("two layers", objective).vectors(PLACES)

    def whole() -> list[float]:
        return [objective.value(vector) for vector in vectors]

    found = benchmark.pedantic(whole, rounds=3, warmup_rounds=1)  # type: ignore[no-untyped-call]

    assert len(found) == SIDE * SIDE


def test_the_bowl_of_one_neuron(benchmark: BenchmarkFixture) -> None:
    objective = network_on(make("noisy-line", seed=1), 1, ()).problem.objective
    plane = Plane.along(np.zeros(2), 0, 1)

    def whole() -> object:
        return Bowl(objective, plane).losses(PLACES)

    found = benchmark.pedantic(whole, rounds=50, warmup_rounds=2)  # type: ignore[no-untyped-call]

    assert len(found) == SIDE * SIDE


@pytest.mark.parametrize("hidden", [(), (4,), DEEP], ids=["neuron", "2-4-1", "2-8x6-1"])
@pytest.mark.parametrize("seen", [True, False], ids=["seen", "hidden"])
def test_what_it_adds_to_a_frame_of_auto_mix(
    benchmark: BenchmarkFixture, qtbot: QtBot, hidden: tuple[int, ...], seen: bool
) -> None:
    """A step a frame and then reading and painting, without the other monitors."""
    mix: Mix = network_on(make("blobs" if hidden else "noisy-line", seed=1), 1, hidden)
    bench = Bench(mix, Preferences())
    view = LandscapeView(bench)
    qtbot.addWidget(view)
    view.resize(420, 380)
    with qtbot.waitExposed(view):
        view.show()
    view.setVisible(seen)
    bench.automix.step(3)
    longest, before = 0.0, bench.surveying.evaluations

    def frame() -> None:
        nonlocal longest
        bench.automix.step(1)
        begin = perf_counter()
        bench.clock.tick(16.0)
        view.repaint()
        longest = max(longest, perf_counter() - begin)

    benchmark.pedantic(frame, rounds=80, warmup_rounds=10)  # type: ignore[no-untyped-call]

    benchmark.extra_info["longest_ms"] = round(1000.0 * longest, 2)
    assert seen or bench.surveying.evaluations == before
    bench.clock.stop()
    bench.desk.undo_stack.clear()
