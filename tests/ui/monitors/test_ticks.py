"""Ticks, ranges and the reduction of long curves: numbers in, numbers out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer_nn.ui.monitors import ticks
from mixer_nn.ui.monitors.curve import reduced

FINITE = st.floats(-1e200, 1e200)
POSITIVE = st.floats(1e-200, 1e200)


@given(low=FINITE, high=FINITE)
def test_a_range_holds_what_it_is_for(low: float, high: float) -> None:
    low, high = sorted((low, high))
    start, end = ticks.range_around(low, high)
    assert start <= low
    assert high <= end
    assert start < end


@given(value=POSITIVE)
def test_the_end_of_a_range_holds_the_value_and_is_not_far(value: float) -> None:
    assert value * (1 - 1e-9) <= ticks.ceiling(value) <= 1.6 * value


@given(low=POSITIVE, high=POSITIVE)
def test_a_logarithmic_range_holds_the_losses_and_is_a_decade_at_least(
    low: float, high: float
) -> None:
    low, high = sorted((low, high))
    bottom, top = ticks.log_range(low, high, most=500.0)
    assert bottom <= np.log10(low) + 1e-6
    assert np.log10(high) <= top + 1e-6
    assert top - bottom >= 1.0 - 1e-9
    assert top - np.log10(high) < 0.4 + 1e-6


def test_a_logarithmic_range_stops_at_so_many_decades() -> None:
    assert ticks.log_range(1e-30, 100.0, most=16.0) == (-14.0, 2.0)


@given(span=POSITIVE, most=st.integers(1, 20))
def test_a_step_is_nice_and_makes_no_more_parts_than_asked(span: float, most: int) -> None:
    step = ticks.nice_step(span, most)
    assert span / step <= most * (1 + 1e-6)
    mantissa = float(f"{step:e}".split("e")[0])
    assert mantissa in (1.0, 2.0, 2.5, 5.0)


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (0.0, 0.5, "0"), (-2.0, 1.0, "−2"), (2.5, 0.5, "2.5"), (1.0, 0.25, "1.00"),
        (60000.0, 20000.0, "60,000"), (2.5e7, 5e6, "2.5×10⁷"), (-3e-8, 1e-8, "−3×10⁻⁸"),
    ],
)  # fmt: skip
def test_ticks_read_as_people_write_them(value: float, step: float, text: str) -> None:
    assert ticks.tick_text(value, step) == text


def test_decades_are_powers_of_ten_and_a_single_one_is_divided() -> None:
    assert [text for _, text in ticks.decade_ticks(-2, 3, 8)] == [
        "10⁻²", "10⁻¹", "1", "10¹", "10²", "10³",
    ]  # fmt: skip
    assert [text for _, text in ticks.decade_ticks(-1, 0, 4)] == ["0.1", "0.2", "0.5", "1"]
    assert [text for _, text in ticks.decade_ticks(-9, 3, 4)] == [
        "10⁻⁹", "10⁻⁶", "10⁻³", "1", "10³",
    ]  # fmt: skip


@given(
    losses=st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=400),
    columns=st.integers(1, 30),
)
def test_a_reduced_curve_keeps_its_extremes_and_is_never_longer(
    losses: list[float], columns: int
) -> None:
    y = np.array(losses)
    x = np.arange(len(y), dtype=np.float64)
    across, heights = reduced(x, y, y, np.linspace(0.0, max(x[-1], 1.0), columns + 1))

    assert len(across) <= 2 * (columns + 1)
    assert heights.min() == y.min()
    assert heights.max() == y.max()
    assert across[0] == x[0]
    assert across[-1] == x[-1]
    assert (np.diff(across) >= 0.0).all()
