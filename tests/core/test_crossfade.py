"""The line between two mixes: a parabola where it must be, and the same loss at its ends."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mixer_nn.core import stacked
from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.crossfade import barrier, between, losses_between, losses_of_mixed_outputs
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective

SHARES = np.linspace(0.0, 1.0, 51)
OUTPUTS = {"bce": 1, "cross-entropy": 3}
Way = Callable[[Objective, FloatArray, FloatArray, FloatArray], FloatArray]


def objective_of(hidden: tuple[int, ...] = (5, 4), loss: str = "mse", rows: int = 60) -> Objective:
    rng = np.random.default_rng(5)
    outputs = OUTPUTS.get(loss, 2)
    network = Network((3, *hidden, outputs), ("tanh",) * len(hidden) + ("linear",))
    if loss == "cross-entropy":
        targets = np.eye(outputs)[rng.integers(outputs, size=rows)]
    elif loss in ("bce", "hinge"):
        targets = rng.integers(2, size=(rows, outputs)).astype(float)
    else:
        targets = rng.normal(size=(rows, outputs)) * 2.0
    return Objective(network, loss, rng.normal(size=(rows, 3)) * 2.0, targets)


def neuron(rows: int) -> Objective:
    rng = np.random.default_rng(2)
    inputs = rng.normal(size=(rows, 2))
    return Objective(Network.neuron(2), "mse", inputs, inputs @ [[2.0], [-1.0]] + 0.5)


def ends_of(objective: Objective) -> tuple[FloatArray, FloatArray]:
    a, b = np.random.default_rng(8).normal(size=(2, objective.network.parameter_count))
    return a, b


def test_the_ends_are_the_mixes_themselves_bit_for_bit() -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 400)) * 1e3
    assert (between(a, b, 0.0) == a).all()
    assert (between(a, b, 1.0) == b).all()
    np.testing.assert_allclose(between(a, b, 0.25), 0.75 * a + 0.25 * b, rtol=1e-15)
    assert (between(a, b, SHARES)[17] == between(a, b, SHARES[17])).all()
    assert between(a, b, SHARES).shape == (51, 400)


@pytest.mark.parametrize("rows", [40, 5000], ids=["row by row", "off the triangle"])
def test_a_linear_neuron_gives_a_parabola(rows: int) -> None:
    objective, a, b = neuron(rows), np.array([3.0, 1.0, -2.0]), np.array([-1.0, 0.5, 4.0])

    losses = losses_between(objective, a, b, SHARES)

    fitted = np.polynomial.Polynomial.fit(SHARES, losses, 2)
    np.testing.assert_allclose(fitted(SHARES), losses, rtol=0.0, atol=1e-12 * losses.max())
    # Its bend is that of the bowl along the way, and a valley has no barrier.
    way = b - a
    bend = fitted.deriv(2)(0.5)
    assert bend == pytest.approx(way @ objective.hessian @ way, rel=1e-9)
    assert barrier(SHARES, losses) == 0.0
    assert losses_of_mixed_outputs(objective, a, b, SHARES) == pytest.approx(losses, rel=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden", [(), (4,), (5, 4)])
def test_all_at_once_is_one_by_one(
    loss: str, hidden: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Several chunks, the last of them not full.
    monkeypatch.setattr(stacked, "CACHE_BYTES", 60 * 6 * 8 * 4)
    objective = objective_of(hidden, loss)
    a, b = ends_of(objective)

    parameters = [objective.value((1.0 - share) * a + share * b) for share in SHARES]
    np.testing.assert_allclose(losses_between(objective, a, b, SHARES), parameters, rtol=1e-12)

    of_a, of_b = (objective.network.predict(end, objective.inputs) for end in (a, b))
    outputs = [
        objective.loss.value((1.0 - share) * of_a + share * of_b, objective.targets)
        for share in SHARES
    ]
    np.testing.assert_allclose(
        losses_of_mixed_outputs(objective, a, b, SHARES), outputs, rtol=1e-12
    )


@pytest.mark.parametrize("way", [losses_between, losses_of_mixed_outputs])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_ends_have_their_own_loss(way: Way, loss: str) -> None:
    objective = objective_of(loss=loss)
    a, b = ends_of(objective)
    found = way(objective, a, b, SHARES)
    expected = [objective.value(a), objective.value(b)]
    np.testing.assert_allclose(found[[0, -1]], expected, rtol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_mixed_outputs_have_no_barrier(loss: str) -> None:
    """All losses are convex in the outputs."""
    objective = objective_of(loss=loss)
    losses = losses_of_mixed_outputs(objective, *ends_of(objective), SHARES)
    assert barrier(SHARES, losses) == pytest.approx(0.0, abs=1e-12 * losses.max())


def test_a_barrier_is_measured_from_the_line_between_the_ends() -> None:
    shares = np.linspace(0.0, 1.0, 5)
    assert barrier(shares, np.array([1.0, 2.0, 7.0, 4.0, 5.0])) == pytest.approx(4.0)
    assert barrier(shares, np.array([5.0, 1.0, 0.0, 1.0, 5.0])) == 0.0
    assert barrier(shares, np.array([1.0, 2.0, np.inf, 4.0, 5.0])) == np.inf
    assert barrier(shares, np.array([1.0, 2.0, np.nan, 4.0, 5.0])) == np.inf


def test_nothing_is_written_to() -> None:
    objective = objective_of()
    a, b = ends_of(objective)
    kept = a.copy(), b.copy()
    losses_between(objective, a, b, SHARES)
    losses_of_mixed_outputs(objective, a, b, SHARES)
    assert (a == kept[0]).all()
    assert (b == kept[1]).all()
