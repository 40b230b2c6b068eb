import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer_nn.ui.controls.taper import LinearTaper, LogTaper, Taper

TAPERS = (LinearTaper(-2.0, 2.0), LinearTaper(0.0, 50.0), LogTaper(1e-5, 10.0))


@pytest.mark.parametrize("taper", TAPERS)
def test_the_ends_are_exact(taper: Taper) -> None:
    assert taper.to_value(0.0) == taper.low
    assert taper.to_value(1.0) == taper.high
    assert taper.to_position(taper.low) == 0.0
    assert taper.to_position(taper.high) == 1.0


@pytest.mark.parametrize("taper", TAPERS)
@given(position=st.floats(-0.5, 1.5))
def test_there_and_back_is_the_same_place(taper: Taper, position: float) -> None:
    assert taper.to_position(taper.to_value(position)) == pytest.approx(position, abs=1e-12)


def test_a_value_outside_has_a_position_outside() -> None:
    assert LinearTaper(-2.0, 2.0).to_position(7.3) == pytest.approx(2.325)
    assert LogTaper(1e-5, 10.0).to_position(100.0) == pytest.approx(7 / 6)


def test_each_decade_is_as_long_as_the_next() -> None:
    taper = LogTaper(1e-5, 10.0)
    places = [taper.to_position(10.0**decade) for decade in range(-5, 2)]
    assert [b - a for a, b in itertools.pairwise(places)] == pytest.approx([1 / 6] * 6)


def test_what_has_no_logarithm_stands_at_the_low_end() -> None:
    for value in (0.0, -1.0, math.nan):
        assert LogTaper(1.0, 10.0).to_position(value) == 0.0


def test_a_scale_must_have_a_length() -> None:
    for low, high in ((1.0, 1.0), (2.0, 1.0), (0.0, math.inf), (math.nan, 1.0)):
        with pytest.raises(ValueError, match="low < high"):
            LinearTaper(low, high)
    with pytest.raises(ValueError, match="0 < low"):
        LogTaper(0.0, 1.0)
