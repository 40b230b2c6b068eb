"""A field is what the network itself says, at every point, for every unit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.field import CELLS, CURVE_POINTS, Field, Grid, activate, evaluate_units
from mixer_nn.core.network import Network
from mixer_nn.core.problem import Problem

Build = Callable[..., Problem]


@pytest.fixture
def build() -> Build:
    """A problem of numbers with any hidden layers of one activation."""

    def problem(
        inputs: int = 2,
        hidden: tuple[int, ...] = (5, 3),
        activation: str = "tanh",
        outputs: int = 1,
        scaled: bool = False,
        features: tuple[str, ...] = (),
    ) -> Problem:
        rng = np.random.default_rng(2)
        x = rng.normal(size=(40, inputs)) * 3.0 + 10.0
        y = rng.normal(size=(40, outputs)) * 50.0 - 7.0
        columns = tuple(Column(f"x{index}") for index in range(inputs))
        targets = tuple(Column(f"y{index}") for index in range(outputs))
        network = Network(
            (inputs + len(features), *hidden, outputs), (activation,) * len(hidden) + ("linear",)
        )
        return Problem(network, Dataset("d", x, y, columns, targets), scaled, "mse", features)

    return problem


def drawn(problem: Problem) -> np.ndarray:
    return problem.network.initial(np.random.default_rng(4))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_unit_is_what_the_network_makes_of_the_point(build: Build, activation: str) -> None:
    problem = build(activation=activation)
    vector, points = drawn(problem), np.random.default_rng(1).normal(size=(500, 2))

    exact = evaluate_units(problem, vector, points, np.float64)
    quick = evaluate_units(problem, vector, points)

    _, made = problem.network.forward(vector, problem.network_inputs(points))
    for layer, expected in enumerate(made[1:]):
        np.testing.assert_allclose(exact[layer], expected.T, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(quick[layer], expected.T, rtol=1e-3, atol=1e-5)
        assert quick[layer].dtype == np.float32


def test_the_quick_form_of_gelu_holds_as_many_digits_as_its_numbers() -> None:
    sums = np.append(np.linspace(-12.0, 12.0, 2001), [0.0, 1e30, -1e30, np.inf])
    made = sums.astype(np.float32)

    activate("gelu", made)

    expected = ACTIVATIONS["gelu"].value(sums.astype(np.float32).astype(np.float64))
    np.testing.assert_allclose(made, expected, rtol=1e-6, atol=4e-7)
    beyond = np.array([-np.inf, np.nan], np.float32)
    activate("gelu", beyond)
    np.testing.assert_array_equal(beyond, [0.0, np.nan])


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("features", [(), ("x1*x2", "sin(x1)")])
def test_outputs_in_data_units_are_the_predictions(
    build: Build, scaled: bool, features: tuple[str, ...]
) -> None:
    problem = build(scaled=scaled, features=features, outputs=2)
    vector, grid = drawn(problem), Grid.over(problem.dataset)
    field = Field(problem, grid.inputs, np.float64)

    outputs = field.in_data_units(field.units(vector)[-1])

    assert outputs.shape == (2, CELLS * CELLS)
    np.testing.assert_allclose(outputs.T, problem.predict(vector, grid.inputs), rtol=1e-10)


def test_asked_again_it_answers_for_the_new_parameters(build: Build) -> None:
    problem = build()
    points = problem.dataset.inputs
    vector, field = drawn(problem), Field(problem, points)
    before = [units.copy() for units in field.units(vector)]

    after = field.units(vector + 0.5)

    for one, other, expected in zip(
        before, after, evaluate_units(problem, vector + 0.5, points), strict=True
    ):
        assert not np.allclose(one, other)
        np.testing.assert_array_equal(other, expected)


def test_one_linear_neuron_has_a_field_too(build: Build) -> None:
    problem = build(inputs=1, hidden=())
    (made,) = evaluate_units(problem, np.array([2.0, 1.0]), np.array([[0.0], [3.0]]))

    np.testing.assert_array_equal(made, [[1.0, 7.0]])


def test_parameters_beyond_all_numbers_warn_nobody(build: Build) -> None:
    problem = build(activation="relu")

    made = evaluate_units(problem, np.full(drawn(problem).size, 1e300), problem.dataset.inputs)

    assert not np.isfinite(made[-1]).any()


def test_along_one_input_the_grid_runs_from_end_to_end(build: Build) -> None:
    dataset = build(inputs=1).dataset
    grid = Grid.over(dataset)

    assert grid.inputs.shape == (CURVE_POINTS, 1)
    assert (grid.inputs[0, 0], grid.inputs[-1, 0]) == grid.spans[0]
    assert grid.holds(dataset)


def test_over_two_inputs_the_points_are_the_centres_of_cells(build: Build) -> None:
    grid = Grid.over(build().dataset)
    (left, right), (bottom, top) = grid.spans
    wide, tall = (right - left) / CELLS, (top - bottom) / CELLS

    points = grid.inputs.reshape(CELLS, CELLS, 2)

    np.testing.assert_allclose(points[0, 0], [left + wide / 2, bottom + tall / 2])
    np.testing.assert_allclose(points[3, 5], [left + 3.5 * wide, bottom + 5.5 * tall])


def test_through_more_inputs_the_others_are_held_at_their_median(build: Build) -> None:
    dataset = build(inputs=4).dataset
    grid = Grid.over(dataset, (3, 1))

    points = grid.inputs

    for held in (0, 2):
        assert set(points[:, held]) == {float(np.median(dataset.inputs[:, held]))}
    assert points[:, 3].min() < dataset.inputs[:, 3].min()
    assert points[:, 1].max() > dataset.inputs[:, 1].max()


def test_a_grid_knows_data_that_lie_beyond_it(build: Build) -> None:
    dataset = build().dataset
    far = Dataset("far", dataset.inputs + 100.0, dataset.targets, *_columns(dataset))

    assert Grid.over(dataset).holds(dataset)
    assert not Grid.over(dataset).holds(far)
    assert not Grid.over(dataset).holds(build(inputs=3).dataset)


def _columns(dataset: Dataset) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    return dataset.input_columns, dataset.target_columns
