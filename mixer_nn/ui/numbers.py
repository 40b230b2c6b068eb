"""How numbers are written: four significant digits, a true minus, no digits that mean nothing."""

import math

MINUS = "\u2212"


def short(value: float | None, digits: int = 4) -> str:
    """A number in a few significant digits: ``0.0712``, ``45.74``, ``1.2e6``; ``–`` for none."""
    if value is None:
        return "–"
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == 0.0:
        return "0"
    size = abs(value)
    if 1e-4 <= size < 10 ** max(digits + 1, 6):
        decimals = max(0, digits - 1 - math.floor(math.log10(size)))
        text = f"{value:.{decimals}f}"
    else:
        mantissa, exponent = f"{value:.{max(digits - 2, 0)}e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", MINUS)


def fixed(value: float, scale: float) -> str:
    """A knob's value with as many decimals as turning it by a pixel or so can change."""
    if not math.isfinite(value) or abs(value) >= 1e6 or scale >= 1e6:
        return short(value)
    decimals = min(max(3 - math.floor(math.log10(max(scale, 1e-12) / 2.0)), 0), 9)
    text = f"{value:.{decimals}f}"
    # A rounded -0.000 is no negative number to anyone who reads it.
    if float(text) == 0.0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def count(number: int) -> str:
    """A whole number with thousands set apart: ``1,000,000``."""
    return f"{number:,}"


def counted(number: int, thing: str) -> str:
    """A whole number of things, in the plural where it is not one: ``41 epochs``."""
    return f"{count(number)} {thing}{'' if number == 1 else 's'}"


SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def subscript(number: int) -> str:
    """A whole number in subscript figures: ``₁₂``."""
    return str(number).translate(SUBSCRIPTS)
