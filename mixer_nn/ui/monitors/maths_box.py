"""Typesetting: formulas as boxes of text with a baseline, put next to and above each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import TypeAlias

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from mixer_nn.core.derivation_text import needs_brackets
from mixer_nn.core.formula import EQUALS, PLUS, Fraction, Line, Number, Place, Sign, Symbol
from mixer_nn.ui import theme
from mixer_nn.ui.numbers import short

Path: TypeAlias = tuple[int, ...]
"""Where a number stands: block, part, and so on down to the token."""

BODY, BELOW = 14.0, 12.0
LEAST_SLOT = "0.0000"
"""While live a number takes at least as much room, and never less than it has taken before."""


class Hand(Enum):
    """How a text is written."""

    UPRIGHT = "upright"
    ITALIC = "italic"
    SUBSCRIPT = "subscript"
    BOLD = "bold"
    WORDS = "words"
    HEADING = "heading"


@dataclass
class Ink:
    """A text at a place, whose y is its baseline; `colour` names a colour of the theme.

    A number has the `path` by which it is found again, and stands at the right of its slot.
    """

    x: float
    y: float
    text: str
    hand: Hand
    colour: str
    path: Path | None = None
    right: float = 0.0


@dataclass(frozen=True)
class Spot:
    """A rectangle that stands for a place in the mixer."""

    rect: QRectF
    place: Place


@dataclass
class Box:
    """Something set: its width, how far it reaches above and below the baseline, what is in it.

    `parts` are boxes in it, each with its left end and its baseline from this one's.
    """

    width: float = 0.0
    above: float = 0.0
    below: float = 0.0
    ink: Ink | None = None
    rule: QRectF | None = None
    place: Place | None = None
    parts: list[tuple[Box, float, float]] = field(default_factory=list)

    def put(self, other: Box, x: float, y: float = 0.0) -> None:
        """Put another box in, its left end at `x`, its baseline `y` below this one's."""
        self.parts.append((other, x, y))
        self.width = max(self.width, x + other.width)
        self.above = max(self.above, other.above - y)
        self.below = max(self.below, other.below + y)

    def mark(self, place: Place | None) -> Box:
        """Let the whole of it stand for a place."""
        self.place = place
        return self

    def rect(self, x: float, baseline: float) -> QRectF:
        """Where it is when it stands there."""
        return QRectF(x, baseline - self.above, self.width, self.above + self.below)


def figure(value: float) -> str:
    """A number as formulas have it: whole ones without decimals."""
    is_whole = abs(value) < 1e5 and value == int(value) if value == value else False
    return str(int(value)).replace("-", "−") if is_whole else short(value)


def number_text(line: Line, at: int, value: float) -> str:
    """A number of a formula with what belongs to it: the sign of a sum, or brackets."""
    if at and line[at - 1] == PLUS:
        return f" {'−' if value < 0.0 else '+'} {figure(abs(value))}"
    text = figure(value)
    return f"({text})" if needs_brackets(line, at) else text


def brief(value: float) -> str:
    """The same in at most seven letters or so, for columns of numbers."""
    if value == 0.0 or not abs(value) < 1e-3:
        return short(value, 3)
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", "−")


class Setter:
    """Sets formulas in the theme's fonts. Widths are remembered, and so are those of numbers."""

    def __init__(self) -> None:
        self.slots: dict[Path, float] = {}
        self.is_live = False
        self.fonts = _fonts(theme.zoom())
        self._metrics = {hand: QFontMetricsF(font) for hand, font in self.fonts.items()}
        self._reach = {hand: (m.ascent(), m.descent()) for hand, m in self._metrics.items()}
        self._widths: dict[tuple[Hand, str], float] = {}

    # -- measures -----------------------------------------------------------------------------

    def width(self, text: str, hand: Hand) -> float:
        """The width of a text."""
        key = (hand, text)
        if key not in self._widths:
            self._widths[key] = self._metrics[hand].horizontalAdvance(text)
        return self._widths[key]

    def width_of_number(self, text: str, hand: Hand) -> float:
        """The same for figures, which are all of one width: nothing is measured anew."""
        return sum(self.width(letter, hand) for letter in text)

    def strut(self, hand: Hand = Hand.UPRIGHT) -> Box:
        """An empty box as high as letters are."""
        return Box(0.0, *self._reach[hand])

    @property
    def space(self) -> float:
        """The space around an operator."""
        return self.width(" ", Hand.UPRIGHT)

    # -- texts --------------------------------------------------------------------------------

    def text(self, text: str, hand: Hand = Hand.UPRIGHT, colour: str = "text") -> Box:
        """A text in a box."""
        ink = Ink(0.0, 0.0, text, hand, colour)
        return Box(self.width(text, hand), *self._reach[hand], ink)

    def number(self, text: str, path: Path, hand: Hand = Hand.UPRIGHT, colour: str = "text") -> Box:
        """A number, on the right of a slot that never gets narrower while it is live."""
        width = self.width_of_number(text, hand)
        # A whole number stands still, but for a moment.
        least = self.width_of_number(LEAST_SLOT, hand) if self.is_live and "." in text else 0.0
        least = max(self.slots.get(path, 0.0), least)
        slot = self.slots[path] = max(width, least)
        box = self.strut(hand)
        box.width = slot
        box.ink = Ink(slot - width, 0.0, text, hand, colour, path, slot)
        return box

    # -- formulas -----------------------------------------------------------------------------

    def line(self, line: Line, path: Path, colour: str = "text") -> Box:
        """A formula in a line, with its fractions in it: ``∂L/∂w``."""
        return self.beside(self.chunks(line, path, colour))

    def chunks(self, line: Line, path: Path, colour: str = "text", high: bool = False) -> list[Box]:
        """A formula in pieces between which a line may be broken: before each + or =, else ·.

        `high`: fractions with one part above the other.
        """
        breaks = "+=" if any(_is_sign(token, "+=") for token in line) else "·"
        pieces: list[Box] = [self.strut()]
        depth = 0
        for at, token in enumerate(line):
            depth += _is_sign(token, "(") - _is_sign(token, ")")
            if at and depth == 0 and _is_sign(token, breaks):
                pieces.append(self.strut())
            if token == PLUS and isinstance(line[at + 1], Number):
                continue  # the number has it
            piece = pieces[-1]
            piece.put(self._token(line, at, (*path, at), colour, high), piece.width)
        return pieces

    def _token(self, line: Line, at: int, path: Path, colour: str, high: bool) -> Box:
        token = line[at]
        if isinstance(token, Symbol):
            return self._symbol(token, colour).mark(token.place)
        if isinstance(token, Number):
            text = number_text(line, at, token.value)
            return self.number(text, path, colour=colour).mark(token.place)
        if isinstance(token, Fraction):
            make = self._fraction if high else self._inline
            return make(token, path, colour).mark(token.place)
        return self._sign(line, at, token.text, colour)

    def _inline(self, fraction: Fraction, path: Path, colour: str) -> Box:
        slash = self.text("/", colour=colour)
        top, bottom = fraction.top, fraction.bottom
        return self.beside(
            [self.line(top, (*path, 0), colour), slash, self.line(bottom, (*path, 1), colour)]
        )

    def _symbol(self, symbol: Symbol, colour: str) -> Box:
        hand = Hand.ITALIC if len(symbol.base) <= 2 and symbol.base.isascii() else Hand.UPRIGHT
        box = self.text(symbol.base, hand, colour)
        if symbol.subscripts:
            text = ".".join(map(str, symbol.subscripts))
            below = self.text(text, Hand.SUBSCRIPT, colour)
            box.put(below, box.width, theme.px(4))
            box.width += 1.0 if symbol.base else self.space / 2.0
        return box

    def _fraction(self, fraction: Fraction, path: Path, colour: str) -> Box:
        top = self.line(fraction.top, (*path, 0), colour)
        bottom = self.line(fraction.bottom, (*path, 1), colour)
        pad = theme.px(2)
        width = max(top.width, bottom.width) + 2 * pad
        # The rule stands where the middle of a minus would be.
        middle = -0.36 * self._reach[Hand.UPRIGHT][0]
        box = self.strut()
        box.put(top, (width - top.width) / 2.0, middle - top.below - 0.5)
        box.put(bottom, (width - bottom.width) / 2.0, middle + bottom.above + 0.5)
        box.rule = QRectF(0.0, middle - 0.5, width, 1.0)
        box.width = width
        return box

    def _sign(self, line: Line, at: int, sign: str, colour: str) -> Box:
        space = self.space
        if sign == "²":
            box = self.strut()
            box.put(self.text("2", Hand.SUBSCRIPT, colour), 0.0, -theme.px(5))
            return box
        left, right = _air(line, at, sign)
        box = self.strut()
        inner = self.text(sign, colour=colour)
        box.put(inner, left * space)
        box.width += right * space
        return box

    def equals(self) -> Box:
        """The sign between forms of the same."""
        return self._sign((EQUALS,), 0, "=", "dim")

    def beside(self, boxes: Iterable[Box]) -> Box:
        """Boxes next to each other."""
        whole = self.strut()
        for box in boxes:
            whole.put(box, whole.width)
        return whole


def _is_sign(token: object, signs: str) -> bool:
    return isinstance(token, Sign) and token.text in signs


def _air(line: Line, at: int, sign: str) -> tuple[float, float]:
    """Spaces before and after a sign."""
    before = line[at - 1] if at else None
    if sign in "+=≈≥":
        return 1.0, 1.0
    if sign == "·":
        return 0.6, 0.6
    if sign == "−":
        leads = before is None or (isinstance(before, Sign) and before.text in "(|·")
        return (0.0, 0.0) if leads else (1.0, 1.0)
    if sign.endswith(",") or sign.endswith("where"):
        return 0.0, 1.0
    after = line[at + 1] if at + 1 < len(line) else None
    is_word = sign[0].isalpha() and len(sign) > 1 and sign not in ("Σ",)
    return 0.0, 0.6 if is_word and not isinstance(after, Sign) else 0.0


@cache
def _fonts(zoom: float) -> dict[Hand, QFont]:
    """The fonts at a zoom, made once."""
    italic = theme.ui_font(BODY)
    italic.setItalic(True)
    heading = theme.ui_font(12.0, QFont.Weight.DemiBold)
    return {
        Hand.UPRIGHT: theme.ui_font(BODY),
        Hand.ITALIC: italic,
        Hand.SUBSCRIPT: theme.ui_font(BELOW),
        Hand.BOLD: theme.ui_font(BODY, QFont.Weight.Bold),
        Hand.WORDS: theme.ui_font(BELOW),
        Hand.HEADING: heading,
    }
