"""The data set that a choice of columns makes of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.dataset import Column, Dataset, targets_of_classes
from mixer_nn.core.errors import MixError
from mixer_nn.core.seeds import Stream, stream
from mixer_nn.data.classes import LEAST_CLASSES, MOST_CLASSES, class_columns
from mixer_nn.data.columns import Codes, Kind, Table
from mixer_nn.data.left_out import Use, unused_columns, usable_rows
from mixer_nn.data.proposal import MAX_INPUTS, Choice, input_named, propose, target_named
from mixer_nn.data.wording import shown

__all__ = ["MAX_INPUTS", "Choice", "Prepared", "build", "propose"]

_Columns = list[tuple[Column, FloatArray]]
"""Columns with their values, each (rows,)."""


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


def build(table: Table, choice: Choice, *, held_out: float = 0.0, seed: int = 0) -> Prepared:
    """The data set that `choice` makes of `table`, with the share `held_out` of rows held out.

    An input of text becomes a column for each of its categories, 1 in their rows and 0 elsewhere.
    Rows without a number, with an infinite number or one beyond 1e100, or without a text in a
    chosen column are left out. Raises MixError for names the table does not have, for columns
    that cannot be used so, for none or more than sixteen input columns in the end, and if fewer
    than two rows, or classes, are left.
    """
    if not 0.0 <= held_out < 1.0:
        raise MixError(f"The held-out share is {held_out:g}; it must be 0 or more and less than 1.")
    if seed < 0:
        raise MixError(f"The seed is {seed}; it must be a whole number, 0 or more.")
    target, inputs = _resolve(table, choice)
    uses = [*inputs, target]
    usable, row_sentences = usable_rows(table, uses)
    count = int(usable.sum())
    if count < 2:
        raise _too_few(table, count, row_sentences)
    columns = [column for use in inputs for column in _input_columns(use, usable)]
    if len(columns) > MAX_INPUTS:
        raise _too_many(table, inputs, len(columns))
    targets, target_columns, classes = _target(table, target, usable)
    dataset = Dataset(
        name=table.name,
        inputs=np.column_stack([values for _, values in columns]),
        targets=targets,
        input_columns=tuple(column for column, _ in columns),
        target_columns=target_columns,
        source=_source(table, count),
        classes=classes,
    )
    return Prepared(
        dataset=dataset.split(held_out, stream(seed, Stream.SPLIT)) if held_out else dataset,
        left_out=(*unused_columns(table, uses, len(columns)), *row_sentences),
        notes=(*table.notes, *_constants(dataset)),
        skipped=tuple(int(line) for line in table.lines[~usable]),
    )


def _source(table: Table, count: int) -> str:
    if count == table.rows:
        return f"{table.name}, all {count:,} rows."
    return f"{table.name}, {count:,} of {table.rows:,} rows."


def _resolve(table: Table, choice: Choice) -> tuple[Use, tuple[Use, ...]]:
    """The chosen columns; MixError if the choice cannot be."""
    column = target_named(table, choice.target)
    target = Use(column, classes=choice.classes or column.kind is Kind.TEXT)
    if target.classes and not column.class_names:
        raise MixError(
            f"Column {shown(target.name)} of {shown(table.name)} cannot be taken as classes; that "
            f"takes {LEAST_CLASSES} to {MOST_CLASSES} different whole numbers that repeat."
        )
    found = [input_named(table, name) for name in choice.inputs]
    if not found:
        raise MixError(f"No input column of {shown(table.name)} is chosen; choose at least one.")
    if column in found:
        raise MixError(
            f"Column {shown(target.name)} of {shown(table.name)} is the target and an "
            "input at once; choose another column for one of them."
        )
    twice = next((each for i, each in enumerate(found) if each in found[:i]), None)
    if twice is not None:
        raise MixError(
            f"Column {shown(twice.column.name)} of {shown(table.name)} is chosen as an input "
            "twice; name it once."
        )
    if len(found) > MAX_INPUTS:
        raise MixError(
            f"{len(found)} input columns of {shown(table.name)} are chosen; "
            f"choose at most {MAX_INPUTS}."
        )
    return target, tuple(Use(each, classes=each.kind is Kind.TEXT) for each in found)


def _input_columns(use: Use, usable: BoolArray) -> _Columns:
    """The column of numbers, or one for each category that occurs in the usable rows."""
    if not use.classes:
        return [(use.column.column, use.column.values[usable])]
    labels, names = _present(use, usable)
    return [
        (Column(f"{use.name}={name}"), (labels == label).astype(np.float64))
        for label, name in enumerate(names)
    ]


def _target(
    table: Table, use: Use, usable: BoolArray
) -> tuple[FloatArray, tuple[Column, ...], tuple[str, ...]]:
    """The targets (rows, outputs), their columns and the names of the classes, if it has any."""
    if not use.classes:
        return use.column.values[usable][:, np.newaxis], (use.column.column,), ()
    labels, names = _present(use, usable)
    if len(names) < LEAST_CLASSES:
        raise MixError(
            f"All usable rows of {shown(table.name)} are of the class {shown(names[0])} in "
            f"{shown(use.name)}; rows of at least two classes are needed."
        )
    targets = targets_of_classes(labels.astype(np.intp), len(names))
    return targets, class_columns(use.name, names), names


def _present(use: Use, usable: BoolArray) -> tuple[Codes, tuple[str, ...]]:
    """The classes that occur in the usable rows, and which of them each has, (usable rows,)."""
    codes, labels = np.unique(use.codes[usable], return_inverse=True)
    return labels.astype(np.int8), tuple(use.column.class_names[code] for code in codes)


def _too_few(table: Table, count: int, sentences: Sequence[str]) -> MixError:
    if not sentences:
        return MixError(f"{shown(table.name)} has only one row; at least two are needed.")
    why = sentences[0].rstrip(".")
    return MixError(
        f"{shown(table.name)} has {count or 'no'} usable row{'s' if count != 1 else ''} of the "
        f"two or more that are needed ({why[0].lower()}{why[1:]}); fill in the cells or choose "
        "other columns."
    )


def _too_many(table: Table, inputs: Sequence[Use], count: int) -> MixError:
    texts = [shown(use.name) for use in inputs if use.classes]
    return MixError(
        f"The chosen columns of {shown(table.name)} make {count} inputs, one for each category of "
        f"{texts[0] if len(texts) == 1 else 'a text'}; choose fewer, for at most {MAX_INPUTS}."
    )


def _constants(dataset: Dataset) -> list[str]:
    """A sentence for each column that holds one and the same number in every row."""
    notes = []
    for column, values in zip(dataset.input_columns, dataset.inputs.T, strict=True):
        if values.min() == values.max():
            notes.append(
                f"Input {shown(column.name)} is always {values[0]:g}, so it can explain nothing."
            )
    target = dataset.targets[:, 0]
    if not dataset.classes and target.min() == target.max():
        name = shown(dataset.target_columns[0].name)
        notes.append(f"Target {name} is always {target[0]:g}: a bias alone fits it.")
    return notes
