"""From what was typed for TABLE to a data set."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from mixer_nn import assets
from mixer_nn.cli.arguments import MIX_SUFFIX, PROGRAM, Train
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.core.seeds import Stream, stream
from mixer_nn.data.shipped import SHIPPED, load_shipped
from mixer_nn.data.table import (
    MAX_BYTES,
    MAX_INPUTS,
    Choice,
    Table,
    build,
    parse_table,
    propose,
    read_table,
)
from mixer_nn.data.wording import shown

STANDARD_INPUT = "-"


@dataclass(frozen=True, eq=False)
class Chosen:
    """The data to train on, and sentences on what was left out and how the file was understood."""

    dataset: Dataset
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def choose(command: Train) -> Chosen:
    """The data that `command` asks for; MixError where they cannot be had.

    A file goes before a shipped table of the same name.
    """
    if command.table in SHIPPED and not os.path.exists(command.table):  # noqa: PTH110
        return _shipped(command)
    return _built(_read(command.table), command)


def _shipped(command: Train) -> Chosen:
    entry = SHIPPED[command.table]
    if command.target is None and command.inputs is None:
        dataset = load_shipped(command.table)
        if command.test:
            dataset = dataset.split(command.test, stream(command.seed, Stream.SPLIT))
        return Chosen(dataset)
    table = parse_table(assets.text(f"datasets/{entry.file}"), entry.title)
    known = tuple(replace(c, column=entry.column(c.column.name)) for c in table.columns)
    chosen = _built(replace(table, columns=known), command)
    return replace(chosen, dataset=replace(chosen.dataset, source=entry.source))


def _read(name: str) -> Table:
    if name == STANDARD_INPUT:
        raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        return parse_table(raw.decode("utf-8-sig", errors="replace"), "standard input")
    if name.casefold().endswith(MIX_SUFFIX):
        label = shown(Path(name).name)
        raise MixError(f"{label} is a mix, not a table; open it with: {PROGRAM} {name}")
    try:
        return read_table(Path(name))
    except MixError as error:
        if os.path.exists(name) or not name.isidentifier():  # noqa: PTH110
            raise
        names = ", ".join(SHIPPED)
        raise MixError(
            f"{shown(name)} is no file here, and no table that comes with the program"
            f" (those are {names})."
        ) from error


def _built(table: Table, command: Train) -> Chosen:
    proposed = propose(table)
    target = proposed.target if command.target is None else command.target
    inputs = _inputs(table, target) if command.inputs is None else command.inputs
    prepared = build(table, Choice(target, inputs), held_out=command.test, seed=command.seed)
    return Chosen(prepared.dataset, prepared.left_out, prepared.notes)


def _inputs(table: Table, target: str) -> tuple[str, ...]:
    """As `propose` chooses them, for a target that a person has chosen."""
    found = table.find(target)
    others = [column for column in table.numeric if column is not found]
    dense = [column for column in others if 2 * column.filled >= table.rows]
    candidates = [column for column in dense if column.varies] or dense or others
    return tuple(column.column.name for column in candidates[:MAX_INPUTS])
