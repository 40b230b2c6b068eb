"""The columns of a person's own table: their names, units and what they hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mixer_nn.core.arrays import FloatArray, frozen
from mixer_nn.core.dataset import Column
from mixer_nn.data.classes import LEAST_CLASSES, MOST_CLASSES

LONGEST_NAME = 80
PEEK = 1000

Codes: TypeAlias = NDArray[np.int8]

_UNIT = re.compile(r"(?P<name>.*\S)\s*[(\[](?P<unit>[^()\[\]]{1,20})[)\]]")


class Kind(Enum):
    """What a column holds."""

    NUMBER = "numbers"
    TEXT = "text"
    EMPTY = "empty"


def no_codes() -> Codes:
    """Codes of no rows."""
    return np.zeros(0, dtype=np.int8)


@dataclass(frozen=True, eq=False)
class TableColumn:
    """One column: `values` has shape (rows,), NaN where there is no number, (0,) unless NUMBER.

    `examples` are the first few different texts that are not numbers. Of a TEXT column with at
    most ten different cells, `categories` are these in alphabetical order, and `codes`, (rows,),
    says which of them each row has, −1 for none; of one with more both are empty.
    """

    column: Column
    kind: Kind
    values: FloatArray = field(default_factory=lambda: frozen(np.zeros(0)))
    examples: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    codes: Codes = field(default_factory=no_codes)

    @property
    def varies(self) -> bool:
        """Whether it has two different finite numbers."""
        finite = self.values[np.isfinite(self.values)]
        return bool(finite.size) and bool(finite.min() < finite.max())

    @property
    def filled(self) -> int:
        """In how many rows there is a finite number, or one of the categories."""
        if self.kind is Kind.TEXT:
            return int((self.codes >= 0).sum())
        return int(np.isfinite(self.values).sum())

    @property
    def is_category(self) -> bool:
        """Whether it is text that tells rows apart in classes: two to ten, and one of them twice.

        Texts that are different in every row only name the rows.
        """
        return self.kind is Kind.TEXT and bool(self.class_names)

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """What the classes are called if it tells rows apart in classes; () if it does not.

        Categories, or whole numbers: two to ten different ones, of which one occurs twice.
        """
        names = self.categories if self.kind is Kind.TEXT else self._whole_numbers()
        fits = LEAST_CLASSES <= len(names) <= MOST_CLASSES and len(names) < self.filled
        return names if fits else ()

    @property
    def class_codes(self) -> Codes:
        """Which of `class_names` each row has, (rows,), −1 for none."""
        if self.kind is Kind.TEXT or not self.class_names:
            return self.codes
        codes = np.full(len(self.values), -1, dtype=np.int8)
        for code, name in enumerate(self.class_names):
            codes[self.values == float(name)] = code
        return codes

    def _whole_numbers(self) -> tuple[str, ...]:
        found = _few(self.values[:PEEK]) and _few(self.values)
        whole = all(value == round(value) for value in found)
        return tuple(f"{int(value)}" for value in found) if whole else ()


def _few(values: FloatArray) -> tuple[float, ...]:
    """The different finite numbers in order; () for more than may be classes.

    One pass for each of them: for ten, much quicker than to sort a million.
    """
    rest = values[np.isfinite(values)]
    found: list[float] = []
    while rest.size:
        if len(found) == MOST_CLASSES:
            return ()
        found.append(float(rest[0]))
        rest = rest[rest != rest[0]]
    return tuple(sorted(found))


@dataclass(frozen=True, eq=False)
class Table:
    """A table as it was read; `lines` has the row number of each row in the file, from 1.

    Rows without any cell are not in it. `notes` are sentences on how the file was understood.
    """

    name: str
    columns: tuple[TableColumn, ...]
    lines: NDArray[np.int64]
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.lines)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, each different."""
        return tuple(column.column.name for column in self.columns)

    @property
    def numeric(self) -> tuple[TableColumn, ...]:
        """The columns that hold numbers."""
        return tuple(column for column in self.columns if column.kind is Kind.NUMBER)

    @property
    def categorical(self) -> tuple[TableColumn, ...]:
        """The columns of text that tell rows apart in two to ten classes."""
        return tuple(column for column in self.columns if column.is_category)

    def find(self, name: str) -> TableColumn | None:
        """The column called `name`: as it is, with its unit, or but for upper and lower case."""
        for key in (str, str.casefold):
            wanted = key(name.strip())
            found = [c for c in self.columns if wanted in (key(c.column.name), key(c.column.title))]
            if len(found) == 1:
                return found[0]
        return None


def name_columns(header: Sequence[str], width: int) -> tuple[Column, ...]:
    """`width` columns with different names, from a header that may be short, blank or repeated.

    ``speed (mph)`` and ``speed [mph]`` become the name ``speed`` with the unit ``mph``, unless
    two columns would then have the same name. A blank name becomes ``column 3``.
    """
    titles = [_tidy(header[i]) if i < len(header) else "" for i in range(width)]
    split = [_split_unit(title) for title in titles]
    shared = Counter(column.name for column in split)
    repeated = Counter(titles)
    columns: list[Column] = []
    taken = {column.name for column in split if column.name}
    used: set[str] = set()
    numbers: Counter[str] = Counter()
    for place, (title, column) in enumerate(zip(titles, split, strict=True), start=1):
        if shared[column.name] > 1 and repeated[title] == 1:
            column = Column(title)
        name = column.name or f"column {place}"
        if name in used or (not column.name and name in taken):
            name = _another(name, used, taken, numbers)
        used.add(name)
        columns.append(Column(name, column.unit))
    return tuple(columns)


def _another(name: str, used: set[str], taken: set[str], numbers: Counter[str]) -> str:
    """`name` with the next number that is free; `numbers` has the last for each name.

    To begin at 2 each time would take minutes for as many columns as a line may have cells.
    """
    number = max(numbers[name], 1) + 1
    while (other := f"{name} {number}") in used or other in taken:
        number += 1
    numbers[name] = number
    return other


def _tidy(text: str) -> str:
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= LONGEST_NAME else flat[: LONGEST_NAME - 1] + "…"


def _split_unit(title: str) -> Column:
    match = _UNIT.fullmatch(title)
    if match is None:
        return Column(title)
    return Column(match["name"], match["unit"].strip())
