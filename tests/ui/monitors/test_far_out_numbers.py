"""Numbers at the ends of what a float holds: a view shows what it can, and never breaks."""

from __future__ import annotations

import numpy as np

from mixer_nn.state.reach import KnobReach
from mixer_nn.ui.monitors.curve import thinned
from mixer_nn.ui.monitors.landscape_levels import bounds


def test_losses_that_are_hardly_any_have_no_levels() -> None:
    assert bounds(np.array([[0.0, 1e-322], [3e-323, 5e-324]])) is None
    assert bounds(np.array([[0.0, 1.0], [2.0, 3.0]])) is not None


def test_the_reach_of_a_knob_goes_from_the_smallest_scale_to_the_largest_value() -> None:
    low, high = KnobReach().span(0, 0, 1e-300, np.array([1e308, -3.0]))
    assert np.isfinite([low, high]).all()
    assert high >= 1e149


def test_points_without_a_place_along_the_run_are_left_out() -> None:
    x, y = thinned(np.array([np.nan, 1.0, np.inf]), np.array([1.0, 2.0, 3.0]), np.arange(9.0))
    assert (list(x), list(y)) == ([1.0], [2.0])
