"""A check written out: what the chain rule says beside what the loss itself says."""

from __future__ import annotations

from mixer_nn.core.derivation_check import Check
from mixer_nn.core.formula import (
    CLOSE,
    EQUALS,
    MINUS,
    OPEN,
    PLUS,
    Block,
    Display,
    Fraction,
    Place,
    Remark,
    Row,
    Sign,
    Symbol,
    parameter_symbol,
    partial,
)
from mixer_nn.core.network import Network

DIGITS = 10
"""Digits in which the two are shown side by side."""

ENOUGH = 4
"""Digits of agreement that cannot be chance."""


def verdict(check: Check) -> str:
    """Whether the two agree, in one sentence."""
    digits = f"{check.digits} digit{'' if check.digits == 1 else 's'}"
    if check.is_within_rounding and check.digits < DIGITS:
        to = f"to {digits}, " if check.digits else ""
        return f"They agree {to}as far as rounding lets one see."
    if check.digits >= ENOUGH:
        return f"They agree to {digits}."
    if check.kink:
        return (
            "They differ since a kink is within the step: there the loss has two slopes, and the"
            " difference mixes them."
        )
    return f"They agree to only {digits}: the loss bends sharply here."


def written_check(network: Network, check: Check, index: int) -> Block:
    """Both derivatives of the loss over all training rows, and how far apart they are."""
    p = parameter_symbol(network, network.parameters[index])
    wanted, loss, h = partial(Symbol("L"), p), Symbol("L"), Symbol("h")
    above = (loss, OPEN, p, PLUS, h, CLOSE)
    below = (loss, OPEN, p, MINUS, h, CLOSE)
    quotient = Fraction((*above, MINUS, *below), (Sign("2"), h))
    short = Fraction((Sign("ΔL"),), (Sign("2"), h))
    place = Place(parameter=index)
    return Block(
        "Check: a finite difference",
        (
            Display((wanted, Sign("≈"), short, EQUALS, quotient)),
            Row((wanted,), (), check.analytic, "chain rule", place, precise=DIGITS),
            Row((short,), (), check.numeric, "difference", place, precise=DIGITS),
            Row((h,), (), check.step, "how far the knob is turned"),
            Row((Sign("apart"),), (), check.relative, "as a share of the larger"),
            Remark(verdict(check)),
        ),
    )
