"""From what was typed for TABLE, or for --dataset, to a data set."""

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
from mixer_nn.data.synthetic import SYNTHETIC, make
from mixer_nn.data.table import (
    MAX_BYTES,
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

    A file goes before a shipped table of the same name, unless that is named by --dataset.
    """
    name = command.dataset
    if name is not None and name in SYNTHETIC:
        return Chosen(_split(_made_up(name, command), command))
    if name is not None:
        return _shipped(name, command)
    table = command.table or ""
    if table in SHIPPED and not os.path.exists(table):  # noqa: PTH110
        return _shipped(table, command)
    return _built(_read(table), command)


def _made_up(key: str, command: Train) -> Dataset:
    return make(
        key,
        seed=command.seed,
        noise=command.noise,
        points=command.points,
        classes=command.classes,
    )


def _shipped(key: str, command: Train) -> Chosen:
    entry = SHIPPED[key]
    if command.target is None and command.inputs is None and not command.as_classes:
        return Chosen(_split(load_shipped(key), command))
    table = parse_table(assets.text(f"datasets/{entry.file}"), entry.title)
    known = tuple(replace(c, column=entry.column(c.column.name)) for c in table.columns)
    chosen = _built(replace(table, columns=known), command, entry.target)
    return replace(chosen, dataset=replace(chosen.dataset, source=entry.source))


def _split(dataset: Dataset, command: Train) -> Dataset:
    if not command.test:
        return dataset
    return dataset.split(command.test, stream(command.seed, Stream.SPLIT))


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
        if os.path.exists(name) or not name.replace("-", "").isidentifier():  # noqa: PTH110
            raise
        if name in SYNTHETIC:
            raise MixError(
                f"{shown(name)} is no file here but made-up data; say --dataset {name}."
            ) from error
        names = ", ".join(SHIPPED)
        raise MixError(
            f"{shown(name)} is no file here, and no table that comes with the program"
            f" (those are {names})."
        ) from error


def _built(table: Table, command: Train, usual_target: str | None = None) -> Chosen:
    target = command.target or usual_target
    if command.inputs is None:
        choice = propose(table, target, classes=command.as_classes)
    else:
        target = target or propose(table).target
        choice = Choice(target, command.inputs, command.as_classes)
    prepared = build(table, choice, held_out=command.test, seed=command.seed)
    return Chosen(prepared.dataset, prepared.left_out, prepared.notes)
