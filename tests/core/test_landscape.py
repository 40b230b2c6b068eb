"""The loss over a plane: planes and principal directions, the grid, and the exact bowl."""

from __future__ import annotations

import numpy as np
import pytest

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.landscape import SIDES, Bowl, Grid, Plane, survey
from mixer_nn.core.objective import Objective
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import network_on


def objective_of(hidden: tuple[int, ...], name: str = "blobs") -> Objective:
    return network_on(make(name, seed=1), 1, hidden).problem.objective


def walk(states: int, parameters: int, seed: int = 0) -> FloatArray:
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.normal(size=(states, parameters)), axis=0) + 5.0


# -- planes -----------------------------------------------------------------------------------


def test_over_two_parameters_places_are_their_values() -> None:
    vector = np.array([3.0, 4.0, 5.0, 6.0])
    plane = Plane.along(vector, 2, 0)
    assert list(plane.place(vector)) == [5.0, 3.0]
    made = plane.vectors(np.array([[7.0, -1.0], [5.0, 3.0]]))
    assert np.array_equal(made, [[-1.0, 4.0, 7.0, 6.0], [3.0, 4.0, 5.0, 6.0]])
    assert np.array_equal(plane.place(made), [[7.0, -1.0], [5.0, 3.0]])


def test_the_ground_is_the_same_until_another_parameter_moves() -> None:
    vector = np.array([3.0, 4.0, 5.0])
    plane = Plane.along(vector, 0, 2)
    assert plane.same_ground(Plane.along(np.array([4.0, 4.0, -9.0]), 0, 2))
    assert not plane.same_ground(Plane.along(np.array([3.0, 4.0 + 1e-12, 5.0]), 0, 2))
    assert not plane.same_ground(Plane.along(vector, 2, 0))


def test_a_plane_needs_two_parameters() -> None:
    with pytest.raises(ValueError, match="two parameters"):
        Plane.along(np.zeros(3), 1, 1)


@pytest.mark.parametrize(("states", "parameters"), [(3, 9), (40, 9), (40, 300), (2, 5)])
def test_principal_directions_and_shares_are_those_of_scikit_learn(
    states: int, parameters: int
) -> None:
    decomposition = pytest.importorskip("sklearn.decomposition")
    path = walk(states, parameters)
    plane = Plane.of_path(path)
    assert plane is not None
    known = decomposition.PCA(n_components=2, svd_solver="full").fit(path)
    assert plane.shares is not None
    np.testing.assert_allclose(plane.shares, known.explained_variance_ratio_, atol=1e-9)
    for number in range(1 if states == 2 else 2):
        found, right = plane.directions[number], known.components_[number]
        assert abs(found @ right) == pytest.approx(1.0, abs=1e-9)
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-12)


def test_a_runs_plane_counts_from_its_first_state_and_goes_through_its_last() -> None:
    path = walk(30, 50)
    plane = Plane.of_path(path)
    assert plane is not None
    np.testing.assert_allclose(plane.place(path[0]), 0.0, atol=1e-12)
    np.testing.assert_allclose(plane.vectors(plane.place(path[-1:])), path[-1:], rtol=1e-12)
    # Any other state is projected: no place of the plane is nearer to it.
    away = path[10] - plane.vectors(plane.place(path[10:11]))[0]
    np.testing.assert_allclose(plane.directions @ away, 0.0, atol=1e-12)
    np.testing.assert_allclose(plane.place(path)[10], plane.place(path[10]))


def test_directions_do_not_turn_round_as_the_run_goes_on() -> None:
    # Out and back again: where the run has got to is at last behind where it began.
    angles = np.linspace(0.0, 6.0, 60)
    path = np.column_stack([3.0 * np.sin(angles), np.cos(angles), 0.01 * angles, 0.0 * angles])
    before = Plane.of_path(path[:20])
    for end in range(21, 60):
        plane = Plane.of_path(path[:end], before)
        assert plane is not None
        assert before is not None
        assert (np.einsum("ij,ij->i", plane.directions, before.directions) > 0.0).all()
        before = plane


def test_a_straight_run_has_a_plane_all_of_whose_variance_is_along_it() -> None:
    way = np.array([1.0, 2.0, 0.0, 2.0])
    plane = Plane.of_path(np.linspace(0.0, 1.0, 7)[:, np.newaxis] * way)
    assert plane is not None
    np.testing.assert_allclose(plane.directions[0], way / 3.0, atol=1e-9)
    assert plane.shares == (1.0, 0.0)
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-12)


@pytest.mark.parametrize(
    "path",
    [np.ones((1, 4)), np.ones((5, 4)), np.full((5, 4), np.inf), np.array([[1.0, np.nan]] * 3)],
)
def test_a_path_that_is_a_point_or_no_numbers_has_no_plane(path: FloatArray) -> None:
    assert Plane.of_path(path) is None


def test_a_path_of_huge_values_has_a_plane() -> None:
    plane = Plane.of_path(1e200 * walk(10, 6))
    assert plane is not None
    assert plane.shares == pytest.approx(Plane.of_path(walk(10, 6)).shares)  # type: ignore[union-attr]


# -- the grid ---------------------------------------------------------------------------------


def test_each_level_is_a_whole_square_made_by_filling_in_the_last_one() -> None:
    grid = Grid((-1.0, 3.0), (0.0, 10.0))
    assert len(np.unique(grid.places, axis=0)) == len(grid.places) == SIDES[-1] ** 2
    sums = grid.places @ (1.0, 100.0)
    for level, side in enumerate(SIDES):
        x, y = grid.steps(0, side), grid.steps(1, side)
        expected = x[:, np.newaxis] + 100.0 * y
        np.testing.assert_allclose(grid.arranged(sums, level), expected, atol=1e-9)
        assert grid.level(side * side) == level
        assert grid.level(side * side - 1) == level - 1


@pytest.mark.parametrize("indices", [(0, 2), (1, 12), (16, 12)])
def test_the_grid_is_what_the_objective_says_one_by_one(indices: tuple[int, int]) -> None:
    objective = objective_of((4,))
    vector = objective.network.initial(np.random.default_rng(3))
    plane, grid = Plane.along(vector, *indices), Grid((-3.0, 3.0), (-2.0, 5.0))
    expected = [objective.value(made) for made in plane.vectors(grid.places)]
    exact = survey(objective, plane, grid.places, np.float64).finish()
    np.testing.assert_allclose(exact, expected, rtol=1e-9)
    quick = survey(objective, plane, grid.places).finish()
    np.testing.assert_allclose(quick, expected, rtol=1e-4, atol=1e-6)


def test_a_runs_plane_is_surveyed_where_it_lies() -> None:
    objective = objective_of((4, 3), "spiral")
    path = 0.1 * walk(20, objective.network.parameter_count)
    plane = Plane.of_path(path)
    assert plane is not None
    places = Grid((-2.0, 2.0), (-1.0, 1.0)).places[:300]
    expected = [objective.value(made) for made in plane.vectors(places)]
    found = survey(objective, plane, places, np.float64).finish()
    np.testing.assert_allclose(found, expected, rtol=1e-9)


# -- the bowl ---------------------------------------------------------------------------------


def test_the_bowl_of_one_neuron_is_its_closed_form() -> None:
    objective = objective_of((), "noisy-line")
    x, y = objective.inputs[:, 0], objective.targets[:, 0]
    places = Grid((-8.0, 8.0), (-30.0, 5.0)).places
    bowl = Bowl(objective, Plane.along(np.zeros(2), 0, 1))
    expected = [np.mean((w * x + b - y) ** 2) for w, b in places]
    np.testing.assert_allclose(bowl.losses(places), expected, rtol=1e-12)
    # Its lowest point is the least-squares answer.
    lowest = bowl.losses(objective.optimum[np.newaxis])[0]
    assert lowest == pytest.approx(objective.value(objective.optimum), rel=1e-12)


def test_a_cut_through_a_bowl_of_many_inputs_is_exact_with_the_others_held() -> None:
    rng = np.random.default_rng(2)
    network = network_on(make("plane", seed=2), 1, ()).network
    inputs, targets = rng.normal(size=(5000, 2)), rng.normal(size=(5000, 1))
    objective = Objective(network, "mse", inputs, targets)
    vector = np.array([1.0, -2.0, 0.5])
    for plane in (Plane.along(vector, 2, 0), Plane.of_path(0.3 * walk(9, 3))):
        assert plane is not None
        places = rng.normal(size=(50, 2))
        full = np.column_stack([inputs, np.ones(5000)]) @ plane.vectors(places).T - targets
        np.testing.assert_allclose(
            Bowl(objective, plane).losses(places), np.mean(full**2, axis=0), rtol=1e-10
        )


def test_an_even_sample_keeps_both_ends_and_all_of_a_short_table() -> None:
    objective = objective_of((3,))
    assert objective.sample(objective.rows) is objective
    few = objective.sample(10)
    assert few.rows == 10
    assert np.array_equal(few.inputs[[0, -1]], objective.inputs[[0, -1]])
    assert np.array_equal(few.targets[[0, -1]], objective.targets[[0, -1]])
