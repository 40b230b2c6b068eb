"""A run pressed into grooves: the same whatever its length, and no dearer."""

from __future__ import annotations

import numpy as np
import pytest

from mixer_nn.core.arrays import FloatArray
from mixer_nn.state.grooves import MOST_GROOVES, HandMoves, levels, share_of


def points_of(losses: FloatArray, hands: tuple[int, ...] = ()) -> FloatArray:
    """A run with a point at each move from 0."""
    points = np.zeros((len(losses), 8))
    points[:, 0] = np.arange(len(losses))
    points[:, 2:5] = np.asarray(losses)[:, None]
    points[list(hands), 6] = 1.0
    return points


def test_a_short_run_has_a_groove_for_each_move() -> None:
    found = levels(points_of(np.array([1000.0, 100.0, 10.0, 1.0])))
    np.testing.assert_allclose(found, [1.0, 0.5, 0.0], atol=1e-12)


@pytest.mark.parametrize("count", [65, 1000, 50_000])
def test_a_long_one_has_as_many_as_can_be_told_apart_with_the_mean_of_each(count: int) -> None:
    losses = np.exp(-5.0 * np.linspace(0.0, 1.0, count))
    found = levels(points_of(losses))
    middles = (np.arange(MOST_GROOVES) + 0.5) / MOST_GROOVES
    assert len(found) == MOST_GROOVES
    np.testing.assert_allclose(found, 1.0 - middles, atol=0.02)


def test_a_run_without_a_story_is_not_made_to_look_like_one() -> None:
    rng = np.random.default_rng(0)
    assert levels(points_of(1.0 + 0.001 * rng.random(500))).max() < 0.01


def test_what_is_not_a_number_is_told_and_does_not_spoil_the_scale() -> None:
    found = levels(points_of(np.array([10.0, 1.0, 0.1, np.inf, np.nan])))
    assert np.isnan(found).tolist() == [False, False, True, True]
    np.testing.assert_allclose(found[:2], [1.0, 0.0], atol=1e-12)
    assert np.isnan(levels(points_of(np.full(4, np.inf)))).all()


def test_no_length_no_grooves() -> None:
    assert len(levels(points_of(np.array([3.0])))) == 0
    assert len(levels(np.empty((0, 8)))) == 0


def test_stretches_without_a_point_have_what_held_before() -> None:
    points = points_of(np.array([100.0, 1.0]))
    points[1, 0] = 10.0
    found = levels(points)
    np.testing.assert_allclose(found, [1.0] * 9 + [0.0])


def test_the_record_fills_as_the_run_grows_and_never_runs_over() -> None:
    shares = [share_of(length) for length in (0, 1, 9, 24, 300, 10**6)]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[3] == 0.5
    assert 0.9 < shares[4] < shares[5] < 1.0


def test_moves_by_hand_are_found_as_the_run_grows_and_when_it_is_cut() -> None:
    hands = HandMoves()
    points = points_of(np.ones(100), (3, 40, 99))
    assert hands.read(points[:50], 0, 0) == [3.0, 40.0]
    assert hands.read(points, 0, 0) == [3.0, 40.0, 99.0]
    assert hands.read(points[:20], 0, 0) == [3.0]
    assert hands.read(points_of(np.ones(30), (7,)), 1, 0) == [7.0]
    hands.forget()
    assert hands.read(points_of(np.ones(30), (8,)), 1, 0) == [8.0]
