"""The way from one mix to another, 51 points of it, and the match of their units before it.

``pytest tests/benchmarks/test_crossfade.py --benchmark-enable``; no stopwatch fails a test.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.crossfade import between, losses_between, losses_of_mixed_outputs
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.unit_matching import aligned
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import network_on

SHARES = np.linspace(0.0, 1.0, 51)
NETWORKS = {"2-4-2-1": (4, 2), "2-8x6-1": (8,) * 6}
Way = Callable[[Objective, FloatArray, FloatArray, FloatArray], FloatArray]


def setting(name: str) -> tuple[Objective, FloatArray, FloatArray]:
    mix = network_on(make("spiral", seed=1, points=250), 1, NETWORKS[name])
    objective = mix.problem.objective
    a, b = (ends_of(objective.network, seed) for seed in (1, 2))
    return objective, a, b


def ends_of(network: Network, seed: int) -> FloatArray:
    return network.initial(np.random.default_rng(seed))


def one_by_one(
    objective: Objective, a: FloatArray, b: FloatArray, shares: FloatArray
) -> FloatArray:
    return np.array([objective.value(between(a, b, float(share))) for share in shares])


@pytest.mark.parametrize("way", [losses_between, losses_of_mixed_outputs, one_by_one])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_way_of_51_points(benchmark: BenchmarkFixture, name: str, way: Way) -> None:
    objective, a, b = setting(name)
    found = benchmark.pedantic(  # type: ignore[no-untyped-call]
        way, args=(objective, a, b, SHARES), rounds=30, warmup_rounds=3
    )
    assert found[0] == pytest.approx(objective.value(a), rel=1e-12)
    assert found[-1] == pytest.approx(objective.value(b), rel=1e-12)


@pytest.mark.parametrize("by", ["weights", "activations"])
@pytest.mark.parametrize("name", NETWORKS)
def test_the_match_of_the_units(benchmark: BenchmarkFixture, name: str, by: str) -> None:
    objective, a, b = setting(name)
    inputs = objective.inputs if by == "activations" else None
    found = benchmark.pedantic(  # type: ignore[no-untyped-call]
        aligned, args=(objective.network, a, b, inputs), rounds=20, warmup_rounds=2
    )
    assert objective.value(found) == pytest.approx(objective.value(b), rel=1e-9)
