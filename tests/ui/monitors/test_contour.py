"""The decision line lies where the field is 0, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from mixer_nn.ui.monitors.contour import zero_line

ALONG = np.linspace(-2.0, 2.0, 41)
UP = np.linspace(-1.0, 3.0, 33)


def on_grid(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    across, up = np.meshgrid(x, y, indexing="ij")
    return across, up


def test_a_straight_line_is_found_exactly() -> None:
    across, up = on_grid(ALONG, UP)

    x, y = zero_line(2.0 * across - up + 0.3, ALONG, UP)

    assert len(x) > 20
    np.testing.assert_allclose(2.0 * x - y + 0.3, 0.0, atol=1e-12)


def test_a_circle_is_closed_and_as_long_as_a_circle() -> None:
    across, up = on_grid(ALONG, ALONG)

    x, y = zero_line(across**2 + up**2 - 1.1, ALONG, ALONG)

    np.testing.assert_allclose(np.hypot(x, y), 1.1**0.5, atol=0.01)
    length = np.hypot(np.diff(x)[::2], np.diff(y)[::2]).sum()
    assert length == pytest.approx(2.0 * np.pi * 1.1**0.5, rel=0.01)
    ends, meetings = np.unique(np.round(np.column_stack([x, y]), 9), axis=0, return_counts=True)
    assert set(meetings) == {2}
    assert len(ends) == len(x) // 2


@pytest.mark.parametrize("middle", [0.5, -0.5])
def test_where_two_lines_could_cross_they_keep_apart(middle: float) -> None:
    values = np.array([[1.0, -1.0], [-1.0, 1.0]]) + middle

    x, y = zero_line(values, np.array([0.0, 1.0]), np.array([0.0, 1.0]))

    assert len(x) == 4
    corners = [(0.0, 0.0), (1.0, 1.0)] if middle < 0.0 else [(0.0, 1.0), (1.0, 0.0)]
    for start in (0, 2):
        middle_of_segment = x[start : start + 2].mean(), y[start : start + 2].mean()
        nearest = min(np.hypot(*(np.array(corner) - middle_of_segment)) for corner in corners)
        assert nearest < 0.5


@pytest.mark.parametrize("value", [1.0, -1.0, 0.0, np.nan, np.inf])
def test_a_field_that_never_changes_sides_has_no_line(value: float) -> None:
    x, y = zero_line(np.full((4, 4), value), np.arange(4.0), np.arange(4.0))

    assert len(x) == len(y) == 0
