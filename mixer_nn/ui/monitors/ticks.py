"""Where an axis has its ticks, what they say, and where a range may end."""

from __future__ import annotations

import math

from mixer_nn.core.field import Span, nice_step, range_around
from mixer_nn.ui.numbers import MINUS

__all__ = [
    "Span",
    "ceiling",
    "decade_ticks",
    "log_range",
    "multiples",
    "nice_step",
    "power_text",
    "range_around",
    "tick_text",
]

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_CEILINGS = (1.2, 1.6, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0)
_DIVISIONS = (1.0, 2.0, 5.0)
PLAIN = 1e6
"""From here on, and below its inverse, a tick is written with a power of ten."""


def multiples(low: float, high: float, step: float) -> list[float]:
    """The multiples of `step` from `low` to `high`, ends included."""
    slack = 1e-6
    first, last = math.ceil(low / step - slack), math.floor(high / step + slack)
    return [index * step for index in range(first, min(last, first + 100) + 1)]


def tick_text(value: float, step: float) -> str:
    """A tick with as many decimals as the step needs; ``2.5×10⁶`` where that would be long."""
    if abs(value) < step * 1e-6:
        return "0"
    if abs(value) >= PLAIN or step < 1.0 / PLAIN:
        exponent = math.floor(math.log10(abs(value)) + 1e-12)
        mantissa = f"{value / 10.0**exponent:.3g}".replace("-", MINUS)
        return f"{mantissa}×{power_text(exponent)}"
    apart = "," if abs(value) >= 1e4 else ""
    return f"{value:{apart}.{_decimals(step)}f}".replace("-", MINUS)


def _decimals(step: float) -> int:
    """Decimals without which neighbouring multiples of `step` would not read exactly."""
    return next((n for n in range(8) if math.isclose(round(step, n), step, rel_tol=1e-6)), 8)


def power_text(exponent: int) -> str:
    """A power of ten: ``10⁻²``, ``10³``, and ``1``."""
    return "1" if exponent == 0 else "10" + str(exponent).translate(_SUPERSCRIPTS)


def decade_ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """Ticks (log10 of the value, text) of a logarithmic axis from 10**low to 10**high.

    Where there is room, decades are divided at 2 and 5 as well, and written out.
    """
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    if len(_DIVISIONS) * (high - low) <= most + 1 or last == first:
        return [
            (place, tick_text(factor * 10.0**decade, 10.0**decade))
            for decade in range(first - 1, last + 1)
            for factor in _DIVISIONS
            if low - 1e-9 <= (place := decade + math.log10(factor)) <= high + 1e-9
        ]
    stride = max(1, math.ceil((last - first) / max(most, 1)))
    begin = math.ceil(first / stride) * stride
    return [(float(decade), power_text(decade)) for decade in range(begin, last + 1, stride)]


def ceiling(value: float) -> float:
    """The end of a range from 0 that holds `value`: one of few, so that it seldom changes."""
    if not (math.isfinite(value) and value > 0.0):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in _CEILINGS if step * power >= value * (1.0 - 1e-9))


def log_range(low: float, high: float, most: float) -> Span:
    """The range on a logarithmic axis, as exponents, that holds the positive losses given.

    It ends on 1, 2 or 5 times a power of ten, is a decade at least, and `most` decades at most,
    counted from the top: what is smaller lies on the bottom edge.
    """
    top = -_division_below(-math.log10(high), [-math.log10(d / 10.0) for d in _DIVISIONS])
    bottom = _division_below(math.log10(low), [math.log10(d) for d in _DIVISIONS])
    return min(max(bottom, top - most), top - 1.0), top


def _division_below(exponent: float, divisions: list[float]) -> float:
    """The last place, of `divisions` repeated in every decade, that is not above `exponent`."""
    decade = math.floor(exponent + 1e-9)
    return decade + max(d % 1.0 for d in divisions if d % 1.0 <= exponent - decade + 1e-9)
