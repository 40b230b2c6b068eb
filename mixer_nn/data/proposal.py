"""Which columns of a table could be predicted, from which others, and what is proposed first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mixer_nn.core.errors import MixError
from mixer_nn.data.classes import LEAST_CLASSES, MOST_CLASSES
from mixer_nn.data.columns import Kind, Table, TableColumn
from mixer_nn.data.wording import listed, shown

MAX_INPUTS = 16
"""Columns that a network may have as inputs, each category of a text counted."""


@dataclass(frozen=True)
class Choice:
    """The names of the target column and of the input columns.

    `classes`: the target's whole numbers are classes; text is always taken so.
    """

    target: str
    inputs: tuple[str, ...]
    classes: bool = False


@dataclass(frozen=True)
class Offer:
    """A column that may be chosen, as a menu shows it: ``species (3 classes)``."""

    name: str
    title: str
    classes: bool


def targets(table: Table) -> tuple[Offer, ...]:
    """What may be predicted: all numbers, and as classes whatever can be that."""
    offers = []
    for column in table.columns:
        name, title, classes = column.column.name, column.column.title, len(column.class_names)
        if column.kind is Kind.NUMBER:
            offers.append(Offer(name, title, classes=False))
        if classes:
            offers.append(Offer(name, f"{title} ({classes} classes)", classes=True))
    return tuple(offers)


def possible_inputs(table: Table) -> tuple[Offer, ...]:
    """What may be predicted from: columns of numbers, and texts of two to ten categories."""
    offers = []
    for column in table.columns:
        name, title = column.column.name, column.column.title
        if column.kind is Kind.NUMBER:
            offers.append(Offer(name, title, classes=False))
        elif column.is_category:
            words = f"{title} ({len(column.categories)} categories)"
            offers.append(Offer(name, words, classes=True))
    return tuple(offers)


def propose(table: Table, target: str | None = None, *, classes: bool = False) -> Choice:
    """The last column of numbers as target, the first sixteen others that vary as inputs.

    If there are no numbers, the last text of two to ten classes is the target; if no other
    column is of numbers, texts of two to ten categories are the inputs. Columns with numbers in
    fewer than half of the rows are used only if there are no others. With a `target` only its
    inputs are proposed. Raises MixError if there is nothing to predict, or to predict it from.
    """
    column = _usual_target(table) if target is None else target_named(table, target)
    inputs = _usual_inputs(table, column)
    if not inputs:
        raise _nothing_else(table, column)
    return Choice(column.column.name, inputs, classes or column.kind is Kind.TEXT)


def target_named(table: Table, name: str) -> TableColumn:
    """The column called `name`, if it may be a target; else MixError."""
    names = dict.fromkeys(offer.name for offer in targets(table))
    return _named(table, name, "target", tuple(names))


def input_named(table: Table, name: str) -> TableColumn:
    """The column called `name`, if it may be an input; else MixError."""
    names = tuple(offer.name for offer in possible_inputs(table))
    return _named(table, name, "input", names)


def _usual_target(table: Table) -> TableColumn:
    numeric = table.numeric
    if numeric:
        full = [column for column in numeric if 2 * column.filled >= table.rows]
        return (full or list(numeric))[-1]
    if table.categorical:
        return table.categorical[-1]
    raise MixError(
        f"{shown(table.name)} has no column of numbers, nor a text of {LEAST_CLASSES} to "
        f"{MOST_CLASSES} different values that repeat; one to predict and one to predict it from "
        "are needed."
    )


def _usual_inputs(table: Table, target: TableColumn) -> tuple[str, ...]:
    others = [column for column in table.numeric if column is not target]
    dense = [column for column in others if 2 * column.filled >= table.rows]
    numeric = [column for column in dense if column.varies] or dense or others
    if numeric:
        return tuple(column.column.name for column in numeric[:MAX_INPUTS])
    chosen, room = [], MAX_INPUTS
    for column in table.categorical:
        if column is not target and len(column.categories) <= room:
            chosen.append(column.column.name)
            room -= len(column.categories)
    return tuple(chosen)


def _nothing_else(table: Table, target: TableColumn) -> MixError:
    what = "one column of numbers" if target.kind is Kind.NUMBER else "one column that can be used"
    return MixError(
        f"{shown(table.name)} has only {what}, {shown(target.column.name)}; "
        "at least one more is needed to predict it from."
    )


def _named(table: Table, name: str, role: str, names: Sequence[str]) -> TableColumn:
    column = table.find(name)
    if column is None:
        raise MixError(
            f"{shown(table.name)} has no column {shown(name)} for the {role}; "
            f"its columns are {_some(table.names)}."
        )
    if column.column.name not in names:
        choices = f"choose from {_some(names)}" if names else "it has no other column either"
        raise MixError(
            f"Column {shown(name)} of {shown(table.name)} {why_unusable(column)} and cannot be "
            f"the {role}; {choices}."
        )
    return column


def why_unusable(column: TableColumn, *, many: bool = False) -> str:
    """What a column is that is neither numbers nor categories; with `many`, what several are."""
    verb = "are" if many else "is"
    if column.kind is not Kind.TEXT:
        return f"{verb} {column.kind.value}"
    if not column.categories:
        return f"{verb} text with more than {MOST_CLASSES} different values"
    if len(column.categories) < LEAST_CLASSES:
        return f"{verb} text that never changes"
    return f"{verb} text that is different in every row"


def _some(names: Sequence[str]) -> str:
    quoted = [shown(name) for name in names]
    if len(quoted) <= 20:
        return listed(quoted)
    return ", ".join(quoted[:20]) + f" and {len(quoted) - 20:,} more"
