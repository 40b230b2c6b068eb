"""The chain rule written out: its factors multiply to the gradient that training uses."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.derivation import Derivation, derive
from mixer_nn.core.derivation_check import Check, check
from mixer_nn.core.derivation_check_steps import verdict, written_check
from mixer_nn.core.derivation_latex import latex
from mixer_nn.core.derivation_names import About
from mixer_nn.core.derivation_steps import write_out
from mixer_nn.core.derivation_text import plain
from mixer_nn.core.formula import LOSS, Block, Display, Number, Row, Table, parameter_symbol
from mixer_nn.core.gradient import loss_and_gradient
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.ui.mixer.symbols import symbol
from mixer_nn.ui.numbers import short

Array = NDArray[np.float64]
DEPTHS = [(), (4,), (3, 4), (2, 3, 2)]


def row_for(
    loss: str, activation: str, hidden: tuple[int, ...], outputs: int, seed: int = 0
) -> tuple[Network, Array, Array, Array]:
    """A random network with one row for it: network, parameters, inputs, targets."""
    rng = np.random.default_rng(seed)
    count = 1 if loss == "bce" else outputs
    last = activation if "number" in LOSSES[loss].kinds else "linear"
    network = Network((3, *hidden, count), (activation,) * len(hidden) + (last,))
    targets: Array = rng.normal(size=count)
    if "number" not in LOSSES[loss].kinds:
        targets = np.eye(count)[rng.integers(count)]
    return network, rng.normal(size=network.parameter_count), rng.normal(size=3), targets


def about(row: int = 17, gradient: float = 0.25) -> About:
    return About(row, 272, gradient, ("mass (kg)", "x2", "x3"), "wait_min", ("blue", "red", "on"))


def steps(derivation: Derivation, *opened: int) -> tuple[Block, ...]:
    return write_out(derivation, about(), frozenset(opened))


@pytest.mark.parametrize("hidden", DEPTHS, ids=len)
@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_the_factors_multiply_to_the_derivative(
    loss: str, outputs: int, hidden: tuple[int, ...]
) -> None:
    outputs = 3 if loss == "cross-entropy" else outputs
    network, vector, inputs, targets = row_for(loss, "tanh", hidden, outputs)
    rows = inputs[np.newaxis], targets[np.newaxis]
    value, gradient = loss_and_gradient(network, LOSSES[loss], vector, *rows)
    for index in range(vector.size):
        derivation = derive(network, loss, vector, index, inputs, targets)
        assert derivation.row_loss == value
        assert derivation.pull == pytest.approx(gradient[index], rel=1e-12, abs=1e-300)
        assert derivation.product == pytest.approx(gradient[index], rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_so_they_do_for_every_activation(activation: str) -> None:
    network, vector, inputs, targets = row_for("mse", activation, (4,), 1, seed=3)
    rows = inputs[np.newaxis], targets[np.newaxis]
    _, gradient = loss_and_gradient(network, LOSSES["mse"], vector, *rows)
    for index in range(vector.size):
        derivation = derive(network, "mse", vector, index, inputs, targets)
        assert derivation.product == pytest.approx(gradient[index], rel=1e-12, abs=1e-300)
        plain(steps(derivation, 1, 2), short)


def test_one_neuron_is_the_school_formula() -> None:
    network = Network.neuron(1)
    derivation = derive(network, "mse", np.array([2.0, 1.0]), 0, np.array([3.0]), np.array([4.0]))

    assert [factor.kind for factor in derivation.factors] == ["loss", "source"]
    assert [factor.value for factor in derivation.factors] == [2.0 * (7.0 - 4.0), 3.0]
    text = plain(steps(derivation), short)
    assert "∂L₁₇/∂ŷ = 2(ŷ − y) = 2(7.000 − 4.000) = 6.000" in text
    assert "∂L₁₇/∂w = ∂L₁₇/∂ŷ·∂ŷ/∂w" in text
    assert "∂L₁₇/∂w = 6.000·3.000 = 18.00" in text
    assert "∂L/∂w = 1/272·Σᵣ ∂Lᵣ/∂w = 0.2500   over all 272 training rows" in text


def test_with_one_hidden_layer_every_factor_has_its_place() -> None:
    network, vector, inputs, targets = row_for("bce", "tanh", (4,), 1)
    weight = next(p for p in network.parameters if p.id == "layer1.neuron2.weight3")

    derivation = derive(network, "bce", vector, weight.index, inputs, targets)

    assert [f.kind for f in derivation.factors] == ["loss", "weight", "slope", "source"]
    loss, on, slope, source = derivation.factors
    assert loss.place is LOSS
    assert on.place.parameter is not None
    assert network.parameters[on.place.parameter].id == "layer2.neuron1.weight2"
    assert on.value == vector[on.place.parameter]
    assert slope.place.neuron == (1, 2)
    assert source.place.neuron == (0, 3)
    assert source.value == inputs[2]


def test_in_a_deep_network_it_is_delta_times_what_came_in_until_unfolded() -> None:
    network, vector, inputs, targets = row_for("mse", "tanh", (3, 4, 2), 1)
    weight = next(p for p in network.parameters if p.id == "layer1.neuron2.weight1")
    derivation = derive(network, "mse", vector, weight.index, inputs, targets)

    assert [factor.kind for factor in derivation.factors] == ["delta", "source"]
    assert "δ₂.₁·w₂.₁.₂" not in plain(steps(derivation), short)
    (block,) = [block for block in steps(derivation, 1) if block.layer and not block.folded]
    terms = [part for part in block.parts if isinstance(part, Row)]
    towards, slope, delta = terms[-3:]
    assert sum(row.value for row in terms[:-3]) == pytest.approx(towards.value)
    assert towards.value * slope.value == pytest.approx(delta.value)
    assert delta.value == derivation.factors[0].value


def test_unfolded_layers_obey_the_recurrence() -> None:
    network, vector, inputs, targets = row_for("mse", "sigmoid", (3, 4, 2), 2)
    derivation = derive(network, "mse", vector, 0, inputs, targets)
    tables = {
        block.layer: part
        for block in steps(derivation, 1, 2, 3, 4)
        for part in block.parts
        if isinstance(part, Table) and block.layer
    }
    assert sorted(tables) == [1, 2, 3, 4]
    for layer in (1, 2, 3):
        table = np.array(tables[layer].rows)  # z, a, ∂L/∂a, a′, δ
        weights = network.layers(vector)[layer][:, :-1]
        after = np.array(tables[layer + 1].rows)[:, -1]
        np.testing.assert_allclose(table[:, 2], after @ weights)
        np.testing.assert_allclose(table[:, 2] * table[:, 3], table[:, 4])
        assert [place.neuron for place in tables[layer].places] == [
            (layer, number) for number in range(1, network.sizes[layer] + 1)
        ]


def test_symbols_are_those_of_the_mixer() -> None:
    for network in (Network.neuron(1), Network.neuron(3), Network((2, 3, 1), ("tanh", "linear"))):
        for parameter in network.parameters:
            written = plain([Block("", (Display((parameter_symbol(network, parameter),)),))], short)
            assert written.strip() == symbol(network, parameter)


# -- renderings ---------------------------------------------------------------------------------


def evaluate(line: tuple[object, ...]) -> float:
    """The product of the numbers in a line of factors."""
    return math.prod(token.value for token in line if isinstance(token, Number))


@pytest.mark.parametrize("hidden", DEPTHS, ids=len)
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_the_numbers_that_are_written_multiply_to_the_result(
    loss: str, hidden: tuple[int, ...]
) -> None:
    network, vector, inputs, targets = row_for(loss, "gelu", hidden, 3, seed=1)
    for index in (0, vector.size - 1):
        derivation = derive(network, loss, vector, index, inputs, targets)
        (block,) = [block for block in steps(derivation) if block.title.startswith("Back")]
        result = block.parts[-1]
        assert isinstance(result, Row)
        assert result.result
        assert evaluate(result.forms[0]) == pytest.approx(result.value, rel=1e-12, abs=1e-300)
        assert result.value == derivation.pull


@pytest.mark.parametrize("hidden", DEPTHS, ids=len)
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_latex_is_well_formed(loss: str, hidden: tuple[int, ...]) -> None:
    network, vector, inputs, targets = row_for(loss, "sigmoid", hidden, 3)
    for index in range(0, vector.size, 5):
        derivation = derive(network, loss, vector, index, inputs, targets)
        text = latex(steps(derivation, *range(1, len(hidden) + 2)), lambda value: f"{value:.17g}")
        assert text.count("{") == text.count("}")
        depth = np.cumsum([(sign == "{") - (sign == "}") for sign in text])
        assert depth.min() >= 0
        for name in ("align*", "array"):
            assert text.count(rf"\begin{{{name}}}") == text.count(rf"\end{{{name}}}")
        assert text.count(r"\lvert") == text.count(r"\rvert")
        assert text.isascii()
        assert "}^2" not in text.replace(")^2", "")  # a second exponent is an error in TeX


def test_latex_escapes_the_persons_words_and_says_the_gradient() -> None:
    derivation = derive(
        Network.neuron(1), "mse", np.array([2.0, 1.0]), 0, np.array([3.0]), np.array([4.0])
    )
    text = latex(steps(derivation), short)
    assert r"\text{wait\_min}" in text
    assert r"\frac{\partial L_{17}}{\partial w} &= 6.000 \cdot 3.000 = 18.00" in text
    assert r"\sum_{r}" in text


def test_a_negative_number_is_taken_away_not_added() -> None:
    derivation = derive(
        Network.neuron(1), "mse", np.array([2.0, -1.0]), 0, np.array([-3.0]), np.array([4.0])
    )
    text = plain(steps(derivation), short)
    assert "w·x + b = 2.000·(−3.000) − 1.000 = −7.000" in text


def test_folded_layers_are_left_out_of_copies() -> None:
    network, vector, inputs, targets = row_for("mse", "tanh", (3, 2), 1)
    derivation = derive(network, "mse", vector, 0, inputs, targets)
    assert "Layer 2" not in plain(steps(derivation), short)
    assert "Layer 2" in plain(steps(derivation, 2), short)
    assert "Layer 2" in latex(steps(derivation, 2), short)


def test_scaled_data_and_rows_held_out_are_said_to_be_so() -> None:
    derivation = derive(
        Network.neuron(1), "mse", np.array([2.0, 1.0]), 0, np.array([3.0]), np.array([4.0])
    )
    said = About(3, 10, 0.5, ("x",), "y", scaled=True, held_out=True)
    text = plain(write_out(derivation, said), short)
    assert "row 3, in training units" in text
    assert "held out: it does not count" in text


# -- the check ----------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_a_finite_difference_agrees(loss: str) -> None:
    network, vector, _, targets = row_for(loss, "tanh", (4,), 3)
    rng = np.random.default_rng(5)
    objective = Objective(network, loss, rng.normal(size=(20, 3)), np.tile(targets, (20, 1)))
    for index in range(vector.size):
        found = check(objective, vector, index)
        assert found.analytic == objective.gradient(vector)[index]
        assert found.kink or found.digits >= 6 or found.is_within_rounding
    assert any(not check(objective, vector, index).kink for index in range(vector.size))


def test_a_kink_within_the_step_is_named_and_no_alarm() -> None:
    network = Network((1, 1, 1), ("relu", "linear"))
    objective = Objective(network, "mse", np.array([[1.0]]), np.array([[1.0]]))
    at_the_kink = check(objective, np.array([1.0, -1.0, 1.0, 0.0]), 0)
    assert at_the_kink.kink
    assert at_the_kink.digits < 4
    assert "kink" in verdict(at_the_kink)
    beside_it = check(objective, np.array([1.0, -0.5, 1.0, 0.0]), 0)
    assert not beside_it.kink
    assert "agree to" in verdict(beside_it)


@pytest.mark.parametrize(("loss", "target"), [("mae", 2.0), ("hinge", 1.0)])
def test_kinks_of_the_loss_are_seen_too(loss: str, target: float) -> None:
    objective = Objective(Network.neuron(1), loss, np.array([[1.0]]), np.array([[target]]))
    assert check(objective, np.array([target, 0.0]), 0).kink
    assert not check(objective, np.array([target - 0.5, 0.0]), 0).kink


def test_at_a_minimum_two_nothings_agree() -> None:
    rng = np.random.default_rng(0)
    objective = Objective(
        Network.neuron(1), "mse", rng.normal(size=(30, 1)), rng.normal(size=(30, 1))
    )
    found = check(objective, np.array(objective.optimum), 0)
    assert found.is_within_rounding
    assert "as far as rounding lets one see" in verdict(found)


def test_what_disagrees_without_a_kink_is_not_called_agreement() -> None:
    wrong = Check(analytic=1.0, numeric=1.1, step=1e-5, rounding=1e-10, kink=False)
    assert wrong.digits == 1
    assert "only 1 digit:" in verdict(wrong)


def test_both_derivatives_stand_side_by_side() -> None:
    network, vector, inputs, targets = row_for("mse", "tanh", (4,), 1)
    objective = Objective(network, "mse", inputs[np.newaxis], targets[np.newaxis])
    found = check(objective, vector, 3)
    text = plain([written_check(network, found, 3)], short)
    assert f"{found.analytic:.10g}".replace("-", "−") in text
    assert f"{found.numeric:.10g}".replace("-", "−") in text
    assert verdict(found) in text
