"""The curvature along one knob is the Hessian's diagonal, in however many pieces."""

from __future__ import annotations

import numpy as np
import pytest

from mixer_nn.core import curvature_along
from mixer_nn.core.curvature import curvatures
from mixer_nn.core.curvature_along import CurvatureAlong
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective


@pytest.mark.parametrize("sizes", [(2, 1), (2, 4, 3, 1)])
def test_it_is_the_diagonal(sizes: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curvature_along, "ROWS", 7)
    rng = np.random.default_rng(3)
    network = Network(sizes, ("tanh",) * (len(sizes) - 2) + ("linear",))
    objective = Objective(network, "mse", rng.normal(size=(30, 2)), rng.normal(size=(30, 1)))
    vector = rng.normal(size=network.parameter_count)

    for index, expected in enumerate(curvatures(objective, vector)):
        work, pieces = CurvatureAlong(objective, vector, index), 1
        assert work.is_done == objective.is_least_squares
        while not work.go_on(0.0):
            assert np.isnan(work.value)
            pieces += 1
        assert work.value == pytest.approx(expected, rel=1e-10)
        assert pieces == (1 if objective.is_least_squares else 5)
