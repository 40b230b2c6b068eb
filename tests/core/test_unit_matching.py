"""Units in another order are the same network; a shuffled copy finds back to where it was."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.crossfade import barrier, losses_between
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.unit_matching import ODD, aligned

SHARES = np.linspace(0.0, 1.0, 21)
INPUTS = np.random.default_rng(3).normal(size=(80, 2))


def network_of(hidden: tuple[int, ...], activation: str) -> Network:
    return Network((2, *hidden, 1), (activation,) * len(hidden) + ("linear",))


def drawn(network: Network, seed: int) -> FloatArray:
    return np.random.default_rng(seed).normal(size=network.parameter_count)


def shuffled(network: Network, vector: FloatArray) -> FloatArray:
    """A copy with the units of every hidden layer in another order, half of the odd ones turned."""
    rng, result = np.random.default_rng(11), vector.copy()
    for (block, after), name in zip(
        pairwise(network.layers(result)), network.activations, strict=False
    ):
        order = rng.permutation(len(block))
        signs = np.where(rng.random(len(block)) < 0.5, -1.0, 1.0)
        signs = signs if name in ODD else np.ones(len(block))
        block[:] = block[order] * signs[:, np.newaxis]
        after[:, :-1] = after[:, order] * signs
    return result


def adam(objective: Objective, seed: int, steps: int) -> FloatArray:
    vector = objective.network.initial(np.random.default_rng(seed))
    mean, square = np.zeros_like(vector), np.zeros_like(vector)
    for step in range(1, steps + 1):
        slope = objective.gradient(vector)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope * slope
        root = np.sqrt(square / (1.0 - 0.999**step)) + 1e-8
        vector = vector - 0.02 * mean / (1.0 - 0.9**step) / root
    return vector


def xor() -> Objective:
    corners = np.random.default_rng(1).normal(size=(120, 2))
    targets = (corners[:, :1] * corners[:, 1:] > 0.0).astype(float)
    return Objective(network_of((8,), "tanh"), "bce", corners, targets)


def test_the_odd_activations_are_just_those_that_are_odd() -> None:
    z = np.linspace(-3.0, 3.0, 25)
    odd = {
        name
        for name, activation in ACTIVATIONS.items()
        if np.allclose(activation.value(-z), -activation.value(z), atol=1e-12)
    }
    assert odd == ODD


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("hidden", [(), (6,), (8, 5), (8,) * 6])
@pytest.mark.parametrize("inputs", [None, INPUTS], ids=["by weights", "by activations"])
def test_it_predicts_what_it_did(
    activation: str, hidden: tuple[int, ...], inputs: FloatArray | None
) -> None:
    network = network_of(hidden, activation)
    a, b = drawn(network, 1), drawn(network, 2)

    found = aligned(network, a, b, inputs)

    expected = network.predict(b, INPUTS)
    np.testing.assert_allclose(
        network.predict(found, INPUTS), expected, rtol=1e-9, atol=1e-12 * np.abs(expected).max()
    )
    # Nothing is made anew: the same numbers, but for their places and signs.
    np.testing.assert_array_equal(np.sort(np.abs(found)), np.sort(np.abs(b)))


@pytest.mark.parametrize("activation", ["tanh", "relu", "sine", "sigmoid", "linear"])
@pytest.mark.parametrize("hidden", [(6,), (8, 5), (8,) * 6])
def test_a_shuffled_copy_comes_back(activation: str, hidden: tuple[int, ...]) -> None:
    network = network_of(hidden, activation)
    vector = drawn(network, 4)
    copy = shuffled(network, vector)
    assert not np.array_equal(copy, vector)

    np.testing.assert_array_equal(aligned(network, vector, copy), vector)
    if activation != "relu" or hidden == (6,):  # units that are dead are all alike
        np.testing.assert_array_equal(aligned(network, vector, copy, INPUTS), vector)


def test_the_barrier_to_a_shuffled_copy_is_gone() -> None:
    objective = xor()
    trained = adam(objective, 0, steps=150)
    copy = shuffled(objective.network, trained)

    before = barrier(SHARES, losses_between(objective, trained, copy, SHARES))
    back = aligned(objective.network, trained, copy)
    after = barrier(SHARES, losses_between(objective, trained, back, SHARES))

    assert before > 0.1
    assert after == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("hidden", [(6,), (8, 5), (8,) * 6])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_it_never_goes_further_away(hidden: tuple[int, ...], activation: str) -> None:
    network = network_of(hidden, activation)
    for seed in range(5):
        a, b = drawn(network, seed), drawn(network, 100 + seed)
        found = aligned(network, a, b)
        assert np.linalg.norm(found - a) < np.linalg.norm(b - a)
        # And there is no better order to be found from there.
        np.testing.assert_array_equal(aligned(network, a, found), found)


def test_two_trainings_with_their_units_matched() -> None:
    """What is gained differs from pair to pair; over some of them the barrier is lower."""
    objective = xor()
    heights = []
    for seed in range(3):
        a, b = (adam(objective, 2 * seed + end, steps=150) for end in (0, 1))
        matched = aligned(objective.network, a, b)
        heights.append(
            [barrier(SHARES, losses_between(objective, a, end, SHARES)) for end in (b, matched)]
        )
    as_trained, matched_units = np.mean(heights, axis=0)
    assert matched_units < as_trained


def test_a_unit_that_never_moves_is_matched_all_the_same() -> None:
    network = network_of((4,), "relu")
    a, b = drawn(network, 1), drawn(network, 2)
    for vector in (a, b):
        network.layers(vector)[0][1] = [0.0, 0.0, -1.0]  # dead: always 0
    found = aligned(network, a, b, INPUTS)
    np.testing.assert_allclose(network.predict(found, INPUTS), network.predict(b, INPUTS))
