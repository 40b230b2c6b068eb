"""Where a value stands on a control: position 0 is the low end of the scale, 1 the high end."""

import math
from dataclasses import dataclass
from typing import Protocol


class Taper(Protocol):
    """Maps values to positions and back; positions outside 0..1 are values outside the scale."""

    @property
    def low(self) -> float:
        """The value at position 0."""

    @property
    def high(self) -> float:
        """The value at position 1."""

    def to_position(self, value: float) -> float:
        """The position of a value, not clamped."""

    def to_value(self, position: float) -> float:
        """The value at a position, not clamped."""

    def has_place_for(self, value: float) -> bool:
        """Whether a value stands anywhere on the scale, however far that were drawn out."""


@dataclass(frozen=True)
class LinearTaper:
    """Equal steps of position are equal steps of value."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"a scale needs low < high, got {self.low} and {self.high}")

    def to_position(self, value: float) -> float:
        """(value - low) / (high - low)."""
        return (value - self.low) / (self.high - self.low)

    def to_value(self, position: float) -> float:
        """low + position · (high - low), exact at both ends."""
        if position == 1.0:
            return self.high
        return self.low + position * (self.high - self.low)

    def has_place_for(self, value: float) -> bool:
        """Every number has one."""
        return math.isfinite(value)


@dataclass(frozen=True)
class LogTaper:
    """Equal steps of position are equal ratios of value; both ends are above zero."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (0 < self.low < self.high and math.isfinite(self.high)):
            raise ValueError(f"a log scale needs 0 < low < high, got {self.low} and {self.high}")

    def to_position(self, value: float) -> float:
        """log(value / low) / log(high / low); a value that has no logarithm stands at 0."""
        if not value > 0:
            return 0.0
        return math.log(value / self.low) / math.log(self.high / self.low)

    def to_value(self, position: float) -> float:
        """low · (high / low) ** position, exact at both ends."""
        if position in (0.0, 1.0):
            return self.high if position else self.low
        try:
            return float(self.low * (self.high / self.low) ** position)
        except OverflowError:
            return math.inf

    def has_place_for(self, value: float) -> bool:
        """Every number above zero has one."""
        return math.isfinite(value) and value > 0.0
