"""What of a table is not used, and why: a sentence for each reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.data.columns import Codes, Kind, Table, TableColumn
from mixer_nn.data.proposal import MAX_INPUTS, why_unusable
from mixer_nn.data.wording import counted, listed, shown

HUGE = 1e100


@dataclass(frozen=True, eq=False)
class Use:
    """A column that is used, as numbers or as what tells the rows apart in classes."""

    column: TableColumn
    classes: bool

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.column.name

    @property
    def codes(self) -> Codes:
        """Which class each row has, (rows,), −1 for none."""
        return self.column.class_codes


def usable_rows(table: Table, uses: Sequence[Use]) -> tuple[BoolArray, tuple[str, ...]]:
    """Which rows can be used, (rows,), and sentences for the others, each row in one of them."""
    usable = np.ones(table.rows, dtype=np.bool_)
    sentences: list[str] = []
    for use in uses:
        for is_wrong, what in _faults(use):
            found = usable & is_wrong
            lines = [int(line) for line in table.lines[found]]
            usable &= ~found
            if len(lines) == 1:
                sentences.append(f"Row {lines[0]} has {what} in {shown(use.name)}.")
            elif lines:
                sentences.append(f"Rows {counted(lines)} have {what} in {shown(use.name)}.")
    return usable, tuple(sentences)


def unused_columns(table: Table, uses: Sequence[Use], inputs: int) -> list[str]:
    """A sentence for each reason why columns are not used, naming them all.

    `inputs` counts the input columns that the used ones make.
    """
    used = [use.column for use in uses]
    unused = [column for column in table.columns if column not in used]
    texts = [c for c in unused if c.kind is Kind.TEXT]
    numeric = [column for column in unused if column.kind is Kind.NUMBER]
    constant = [column for column in numeric if not column.varies]
    sparse = [c for c in numeric if c not in constant and 2 * c.filled < table.rows]
    rest = [column for column in numeric if column not in constant and column not in sparse]
    beyond = f"beyond {MAX_INPUTS} inputs" if inputs >= MAX_INPUTS else "not chosen"
    groups = (
        *_by_reason([column for column in texts if not column.is_category]),
        ([c for c in texts if c.is_category], "is text and is not chosen", _ARE_TEXT),
        ([c for c in unused if c.kind is Kind.EMPTY], "is empty", "are empty"),
        (constant, "never changes", "never change"),
        (sparse, "is mostly without numbers", "are mostly without numbers"),
        (rest, f"is {beyond}", f"are {beyond}"),
    )
    sentences = []
    for columns, one, many in groups:
        names = [shown(column.column.name) for column in columns]
        if len(names) == 1:
            sentences.append(f"Column {names[0]} {one}.")
        elif names:
            sentences.append(f"Columns {listed(names)} {many}.")
    return sentences


_ARE_TEXT = "are text and are not chosen"

_Group = tuple[list[TableColumn], str, str]


def _by_reason(columns: list[TableColumn]) -> list[_Group]:
    groups: dict[str, _Group] = {}
    for column in columns:
        reason = why_unusable(column)
        groups.setdefault(reason, ([], reason, why_unusable(column, many=True)))[0].append(column)
    return list(groups.values())


def _faults(use: Use) -> list[tuple[BoolArray, str]]:
    """Which rows, (rows,), a column cannot be used in, and what is wrong there."""
    if use.classes:
        what = "no text" if use.column.kind is Kind.TEXT else "no number"
        return [(use.codes < 0, what)]
    values = use.column.values
    return [(is_wrong(values), what) for is_wrong, what in _WRONG]


def _is_huge(values: FloatArray) -> BoolArray:
    return np.abs(values) > HUGE


_WRONG: tuple[tuple[Callable[[FloatArray], BoolArray], str], ...] = (
    (np.isnan, "no number"),
    (np.isinf, "an infinite number"),
    (_is_huge, "a number beyond 1e100"),
)
