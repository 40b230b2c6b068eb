"""Numbers as people write them: decimal point or comma, with or without grouped thousands."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

SPACES = " \u00a0\u202f\u2009'’"
_MISSING_WORDS = "na n/a n.a. nan null none nil missing ? - – — . *"
_MISSING_ERRORS = "<na> #n/a #value! #div/0! #ref! #num!"
MISSING = frozenset((_MISSING_WORDS + " " + _MISSING_ERRORS).split())

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)


@dataclass(frozen=True)
class Marks:
    """The decimal mark of a table and the mark between thousands ("" if there is none).

    Spaces and apostrophes between thousands are always understood.
    """

    decimal: str = "."
    thousands: str = ""


POINT = Marks(".", ",")
COMMA = Marks(",", ".")


def to_number(cell: str, marks: Marks) -> float:
    """The number a cell holds, NaN if it holds none; the nearest float64, as Python reads it."""
    return number_reader(marks)(cell)


@cache
def number_reader(marks: Marks) -> Callable[[str], float]:
    """`to_number` for these marks, for reading many cells."""
    plain = _NUMBER.fullmatch
    grouped = _grouped(marks).fullmatch
    drop_groups = dict.fromkeys(map(ord, SPACES + marks.thousands))
    decimal = marks.decimal

    def read(cell: str) -> float:
        text = cell.strip().replace("\u2212", "-")
        if grouped(text):
            text = text.translate(drop_groups)
        if decimal != ".":
            if "." in text:
                return math.nan
            text = text.replace(decimal, ".")
        return float(text) if plain(text) or _INFINITE.fullmatch(text) else math.nan

    return read


def is_missing(cell: str) -> bool:
    """Whether a cell is blank or says in a usual way that its value is missing."""
    text = cell.strip()
    return not text or text.lower() in MISSING


def find_marks(columns: Iterable[Sequence[str]], separator: str) -> tuple[Marks, str]:
    """The marks that the cells of these columns agree on, and a sentence if that was a guess.

    ``1,5`` or ``0,125`` can only have a decimal comma, ``1,234,567`` or ``1,234.5`` only commas
    between thousands. Where all there is looks like ``1,234``, it is a thousand if commas also
    separate the columns or the same column has whole numbers without one; else 1.234.
    """
    commas = points = 0
    unsure = ""
    beside_whole = False
    for column in columns:
        cells = [cell.strip().replace("\u2212", "-") for cell in column]
        commas += sum(_sure(",", ".").fullmatch(cell) is not None for cell in cells)
        points += sum(_sure(".", ",").fullmatch(cell) is not None for cell in cells)
        doubtful = next((cell for cell in cells if _UNSURE.fullmatch(cell)), "")
        if doubtful:
            unsure = unsure or doubtful
            beside_whole = beside_whole or any(_WHOLE.fullmatch(cell) for cell in cells)
    if commas > points:
        return COMMA, ""
    if points:
        return POINT, ""
    if not unsure:
        return Marks(), ""
    if separator == "," or beside_whole:
        return POINT, _guess(unsure, unsure.replace(",", ""), "a comma between thousands")
    return Marks(",", ""), _guess(unsure, unsure.replace(",", "."), "a decimal comma")


def _guess(cell: str, value: str, why: str) -> str:
    return f"“{cell}” is read as {value}, with {why}."


_UNSURE = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)


@cache
def _grouped(marks: Marks) -> re.Pattern[str]:
    groups = "[" + re.escape(SPACES + marks.thousands) + "]"
    decimal = re.escape(marks.decimal)
    return re.compile(
        rf"[+-]?\d{{1,3}}({groups})\d{{3}}(?:\1\d{{3}})*(?:{decimal}\d*)?(?:[eE][+-]?\d+)?",
        re.ASCII,
    )


@cache
def _sure(decimal: str, other: str) -> re.Pattern[str]:
    """What is a number only if `decimal` is the decimal mark."""
    mark, group = re.escape(decimal), re.escape(other)
    spaces = "[" + re.escape(SPACES) + "]"
    exponent = r"[eE][+-]?\d+"
    forms = (
        rf"\d*{mark}(?:\d{{1,2}}|\d{{4,}})(?:{exponent})?",
        rf"(?:0\d*|\d{{4,}}|){mark}\d{{3}}(?:{exponent})?",
        rf"\d+{mark}\d{{3}}{exponent}",
        rf"\d{{1,3}}(?:{group}\d{{3}})+{mark}\d+",
        rf"\d{{1,3}}(?:{group}\d{{3}}){{2,}}",
        rf"\d{{1,3}}(?:{spaces}\d{{3}})+{mark}\d+",
    )
    return re.compile(rf"[+-]?(?:{'|'.join(forms)})", re.ASCII)
