"""Formulas as values: symbols, numbers and signs in a row, each knowing where it comes from.

What is shown on screen, copied as text and copied as LaTeX are three ways to write the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from mixer_nn.core.network import Network, Parameter


@dataclass(frozen=True)
class Place:
    """Where in the mixer something comes from: a parameter, a neuron, or else the loss.

    A neuron is (layer, number), both from 1; layer 0 stands for the inputs.
    """

    parameter: int | None = None
    neuron: tuple[int, int] | None = None


LOSS = Place()


@dataclass(frozen=True)
class Symbol:
    """A letter with its subscripts: ``w₂.₃.₁``."""

    base: str
    subscripts: tuple[int | str, ...] = ()
    place: Place | None = None


@dataclass(frozen=True)
class Number:
    """A number; in brackets where it is negative and follows another sign."""

    value: float
    place: Place | None = None


@dataclass(frozen=True)
class Sign:
    """What stands between symbols and numbers: an operator, a bracket, a function's name."""

    text: str


@dataclass(frozen=True)
class Fraction:
    """One row over another."""

    top: Line
    bottom: Line
    place: Place | None = None


Write: TypeAlias = Callable[[float], str]
"""How numbers are written."""

Token: TypeAlias = Symbol | Number | Sign | Fraction
Line: TypeAlias = tuple[Token, ...]

EQUALS, PLUS, MINUS, TIMES = Sign("="), Sign("+"), Sign("−"), Sign("·")
OPEN, CLOSE, BAR, SUM, SQUARED = Sign("("), Sign(")"), Sign("|"), Sign("Σ"), Sign("²")


@dataclass(frozen=True)
class Row:
    """What something is: `left` = each of `forms` = `value`, and the same in words.

    `place` is where its value comes from. A `result` is what the rows before it lead to. `precise`
    is how many digits its value is written with where the usual ones would not do.
    """

    left: Line
    forms: tuple[Line, ...]
    value: float
    words: str = ""
    place: Place | None = None
    result: bool = False
    precise: int | None = None

    def writer(self, usual: Write) -> Write:
        """How its value is written."""
        digits = self.precise
        if digits is None:
            return usual
        return lambda value: f"{value:.{digits}g}".replace("-", "−")


@dataclass(frozen=True)
class Table:
    """Numbers of a whole layer: a head for each column, a row for each neuron, and its place."""

    heads: tuple[Line, ...]
    rows: tuple[tuple[float, ...], ...]
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Display:
    """A formula that stands by itself."""

    line: Line


@dataclass(frozen=True)
class Remark:
    """A sentence that stands by itself."""

    text: str


Part: TypeAlias = Row | Table | Display | Remark


@dataclass(frozen=True)
class Block:
    """A step of a derivation under a title. With `layer` it may be folded: then it has no parts."""

    title: str
    parts: tuple[Part, ...] = ()
    layer: int | None = None
    folded: bool = False


# -- names, as the mixer has them ---------------------------------------------------------------


def parameter_symbol(network: Network, parameter: Parameter) -> Symbol:
    """``w``, ``b`` for one neuron with one input; ``w₂`` with more; ``w₂.₃.₁`` in a network."""
    place = Place(parameter=parameter.index)
    base = "b" if parameter.is_bias else "w"
    source = () if parameter.source is None else (parameter.source,)
    if network.sizes[1:] == (1,):
        return Symbol(base, () if network.sizes[0] == 1 else source, place)
    return Symbol(base, (parameter.layer, parameter.neuron, *source), place)


def source_symbol(network: Network, layer: int, number: int | str) -> Symbol:
    """What `layer` gives on: ``x₂`` for layer 0, the inputs; else ``a₁.₂``."""
    place = Place(neuron=(layer, number)) if isinstance(number, int) else None
    if layer == 0:
        return Symbol("x", () if network.sizes[0] == 1 else (number,), place)
    return Symbol("a", (layer, number), place)


def sum_symbol(network: Network, layer: int, number: int) -> Symbol:
    """The weighted sum of a neuron: ``z``, or ``z₂.₃`` in a network."""
    only = network.sizes[1:] == (1,)
    return Symbol("z", () if only else (layer, number), Place(neuron=(layer, number)))


def delta_symbol(layer: int, number: int | str) -> Symbol:
    """``δ₂.₃``: how the row's loss answers to the weighted sum of a neuron."""
    place = Place(neuron=(layer, number)) if isinstance(number, int) else None
    return Symbol("δ", (layer, number), place)


def partial(of: Symbol, by: Symbol) -> Fraction:
    """``∂of/∂by``."""
    return Fraction((Sign("∂"), of), (Sign("∂"), by), by.place)


_FUNCTIONS = {
    "relu": "ReLU",
    "leaky-relu": "leaky ReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "tanh": "tanh",
    "sigmoid": "σ",
    "softplus": "softplus",
    "sine": "sin",
}


def applied(activation: str, inner: Symbol | Number) -> Line:
    """``tanh(z)``; of a linear layer just ``z``."""
    name = _FUNCTIONS.get(activation)
    return (inner,) if name is None else (Sign(name), OPEN, inner, CLOSE)


def slope_forms(activation: str, sum_: Symbol, made: Symbol, a: float) -> tuple[Line, ...]:
    """``tanh′(z)``, and where it is short, what that is in symbols and numbers."""
    one = Sign("1")
    if activation == "linear":
        return ()
    if activation == "sine":
        return ((Sign("cos"), OPEN, sum_, CLOSE),)
    named = (Sign(f"{_FUNCTIONS[activation]}′"), OPEN, sum_, CLOSE)
    if activation == "tanh":
        return named, (one, MINUS, made, SQUARED), (one, MINUS, Number(a), SQUARED)
    if activation == "sigmoid":
        written = (made, TIMES, OPEN, one, MINUS, made, CLOSE)
        return named, written, (Number(a), TIMES, OPEN, one, MINUS, Number(a), CLOSE)
    return (named,)
