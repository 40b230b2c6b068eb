"""Which column to predict from which others, and the data set that this makes of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.core.seeds import Stream, stream
from mixer_nn.data.columns import Kind, Table, TableColumn
from mixer_nn.data.wording import counted, listed, shown

MAX_INPUTS = 8
HUGE = 1e100


@dataclass(frozen=True)
class Choice:
    """The names of the target column and of the input columns, one to eight."""

    target: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A data set made from a table, and what was left out on the way.

    `left_out` has a sentence for each column and group of rows left out and why, `skipped` the
    row numbers in the file of all rows left out; `notes` are sentences worth knowing.
    """

    dataset: Dataset
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    skipped: tuple[int, ...]


def propose(table: Table) -> Choice:
    """The last column of numbers as target, the first eight others that vary as inputs.

    Columns with numbers in fewer than half of the rows are used only if there are no others.
    Raises MixError if fewer than two columns hold numbers.
    """
    numeric = table.numeric
    if not numeric:
        raise MixError(
            f"{shown(table.name)} has no column of numbers; "
            "one to predict and one to predict it from are needed."
        )
    if len(numeric) < 2:
        raise MixError(
            f"{shown(table.name)} has only one column of numbers, "
            f"{shown(numeric[0].column.name)}; at least one more is needed to predict it from."
        )
    full = [column for column in numeric if 2 * column.filled >= table.rows]
    target = (full or list(numeric))[-1]
    others = [column for column in numeric if column is not target]
    dense = [column for column in others if column in full]
    candidates = [column for column in dense if column.varies] or dense or others
    return Choice(
        target.column.name, tuple(column.column.name for column in candidates[:MAX_INPUTS])
    )


def build(table: Table, choice: Choice, *, held_out: float = 0.0, seed: int = 0) -> Prepared:
    """The data set that `choice` makes of `table`, with the share `held_out` of rows held out.

    Rows without a number, with an infinite number or one beyond 1e100 in a chosen column are left
    out. Raises MixError for names the table does not have, for columns that are not numbers, for
    none or more than eight inputs, and if fewer than two rows are left.
    """
    if not 0.0 <= held_out < 1.0:
        raise MixError(f"The held-out share is {held_out:g}; it must be 0 or more and less than 1.")
    if seed < 0:
        raise MixError(f"The seed is {seed}; it must be a whole number, 0 or more.")
    target, inputs = _resolve(table, choice)
    chosen = [*inputs, target]
    usable, row_sentences = _usable(table, chosen)
    count = int(usable.sum())
    if count < 2:
        raise _too_few(table, count, row_sentences)
    dataset = Dataset(
        name=table.name,
        inputs=np.column_stack([column.values[usable] for column in inputs]),
        targets=target.values[usable][:, np.newaxis],
        input_columns=tuple(column.column for column in inputs),
        target_columns=(target.column,),
        source=_source(table, count),
    )
    return Prepared(
        dataset=dataset.split(held_out, stream(seed, Stream.SPLIT)) if held_out else dataset,
        left_out=(*_unused(table, chosen), *row_sentences),
        notes=(*table.notes, *_constants(dataset)),
        skipped=tuple(int(line) for line in table.lines[~usable]),
    )


def _source(table: Table, count: int) -> str:
    if count == table.rows:
        return f"{table.name}, all {count:,} rows."
    return f"{table.name}, {count:,} of {table.rows:,} rows."


def _resolve(table: Table, choice: Choice) -> tuple[TableColumn, tuple[TableColumn, ...]]:
    """The chosen columns; MixError if the choice cannot be."""
    target = _numeric(table, choice.target, "target")
    inputs = tuple(_numeric(table, name, "input") for name in choice.inputs)
    if not inputs:
        raise MixError(f"No input column of {shown(table.name)} is chosen; choose at least one.")
    if len(inputs) > MAX_INPUTS:
        raise MixError(
            f"{len(inputs)} input columns of {shown(table.name)} are chosen; "
            f"choose at most {MAX_INPUTS}."
        )
    if target in inputs:
        raise MixError(
            f"Column {shown(target.column.name)} of {shown(table.name)} is the target and an "
            "input at once; choose another column for one of them."
        )
    twice = next((column for i, column in enumerate(inputs) if column in inputs[:i]), None)
    if twice is not None:
        raise MixError(
            f"Column {shown(twice.column.name)} of {shown(table.name)} is chosen as an input "
            "twice; name it once."
        )
    return target, inputs


def _numeric(table: Table, name: str, role: str) -> TableColumn:
    column = table.find(name)
    if column is None:
        raise MixError(
            f"{shown(table.name)} has no column {shown(name)} for the {role}; "
            f"its columns are {_some([shown(each) for each in table.names])}."
        )
    if column.kind is not Kind.NUMBER:
        numeric = [shown(each.column.name) for each in table.numeric]
        choices = f"choose from {_some(numeric)}" if numeric else "it has no column of numbers"
        raise MixError(
            f"Column {shown(name)} of {shown(table.name)} is {column.kind.value} and cannot be "
            f"the {role}; {choices}."
        )
    return column


def _some(names: Sequence[str]) -> str:
    if len(names) <= 20:
        return listed(names)
    return ", ".join(names[:20]) + f" and {len(names) - 20:,} more"


def _usable(table: Table, chosen: Sequence[TableColumn]) -> tuple[BoolArray, tuple[str, ...]]:
    """Which rows can be used, (rows,), and sentences for the others, each row in one of them."""
    usable = np.ones(table.rows, dtype=np.bool_)
    sentences: list[str] = []
    for column in chosen:
        for fault, one, many in _FAULTS:
            found = usable & fault(column.values)
            lines = [int(line) for line in table.lines[found]]
            usable &= ~found
            if lines:
                rows = (
                    f"Row {lines[0]} {one}" if len(lines) == 1 else f"Rows {counted(lines)} {many}"
                )
                sentences.append(f"{rows} in {shown(column.column.name)}.")
    return usable, tuple(sentences)


def _is_huge(values: FloatArray) -> BoolArray:
    return np.abs(values) > HUGE


_FAULTS = (
    (np.isnan, "has no number", "have no number"),
    (np.isinf, "has an infinite number", "have an infinite number"),
    (_is_huge, "has a number beyond 1e100", "have a number beyond 1e100"),
)


def _too_few(table: Table, count: int, sentences: Sequence[str]) -> MixError:
    if not sentences:
        return MixError(f"{shown(table.name)} has only one row; at least two are needed.")
    why = sentences[0].rstrip(".")
    return MixError(
        f"{shown(table.name)} has {count or 'no'} usable row{'s' if count != 1 else ''} of the "
        f"two or more that are needed ({why[0].lower()}{why[1:]}); fill in the numbers or choose "
        "other columns."
    )


def _unused(table: Table, chosen: Sequence[TableColumn]) -> list[str]:
    """A sentence for each reason why columns are not used, naming them all."""
    unused = [column for column in table.columns if column not in chosen]
    numeric = [column for column in unused if column.kind is Kind.NUMBER]
    constant = [column for column in numeric if not column.varies]
    sparse = [c for c in numeric if c not in constant and 2 * c.filled < table.rows]
    rest = [column for column in numeric if column not in constant and column not in sparse]
    full = len(chosen) > MAX_INPUTS
    groups = (
        ([c for c in unused if c.kind is Kind.TEXT], "is text", "are text"),
        ([c for c in unused if c.kind is Kind.EMPTY], "is empty", "are empty"),
        (constant, "never changes", "never change"),
        (sparse, "is mostly without numbers", "are mostly without numbers"),
        (rest if full else [], "is a ninth numeric input", "are beyond eight numeric inputs"),
        ([] if full else rest, "is not chosen", "are not chosen"),
    )
    sentences = []
    for columns, one, many in groups:
        names = [shown(column.column.name) for column in columns]
        if len(names) == 1:
            sentences.append(f"Column {names[0]} {one}.")
        elif names:
            sentences.append(f"Columns {listed(names)} {many}.")
    return sentences


def _constants(dataset: Dataset) -> list[str]:
    """A sentence for each column that holds one and the same number in every row."""
    notes = []
    for column, values in zip(dataset.input_columns, dataset.inputs.T, strict=True):
        if values.min() == values.max():
            notes.append(
                f"Input {shown(column.name)} is always {values[0]:g}, so it can explain nothing."
            )
    target = dataset.targets[:, 0]
    if target.min() == target.max():
        name = shown(dataset.target_columns[0].name)
        notes.append(f"Target {name} is always {target[0]:g}: a bias alone fits it.")
    return notes
