"""Real tables that come with the program, each with its source and its units."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass

import numpy as np

from mixer_nn import assets
from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Column, Dataset, targets_of_classes
from mixer_nn.core.errors import MixError
from mixer_nn.data.classes import class_columns


@dataclass(frozen=True)
class Shipped:
    """A shipped table: what the menus show, where it was published, and what it predicts.

    `inputs` and `target` name columns of `file`, which may hold more; `units` has the unit of
    each column that has one, as (column, unit). `classes` are the names that the target's cells
    hold, in their order; without any it holds numbers.
    """

    key: str
    title: str
    source: str
    file: str
    units: tuple[tuple[str, str], ...]
    inputs: tuple[str, ...]
    target: str
    classes: tuple[str, ...]

    def column(self, name: str) -> Column:
        """The column `name` with its unit."""
        return Column(name, dict(self.units).get(name, ""))


def _read_index() -> dict[str, Shipped]:
    entries = json.loads(assets.text("datasets/index.json"))
    return {
        key: Shipped(
            key=key,
            title=entry["title"],
            source=entry["source"],
            file=entry["file"],
            units=tuple(entry["units"].items()),
            inputs=tuple(entry["inputs"]),
            target=entry["target"],
            classes=tuple(entry.get("classes", ())),
        )
        for key, entry in entries.items()
    }


SHIPPED: dict[str, Shipped] = _read_index()


def load_shipped(key: str) -> Dataset:
    """The shipped table `key` in the units it was published in; MixError for an unknown key."""
    if key not in SHIPPED:
        raise MixError(f"There is no shipped table “{key}”; choose one of {', '.join(SHIPPED)}.")
    table = SHIPPED[key]
    rows = list(csv.DictReader(assets.text(f"datasets/{table.file}").splitlines()))
    targets, columns = _targets(table, [row[table.target] for row in rows])
    return Dataset(
        name=table.title,
        inputs=np.array([[float(row[name]) for name in table.inputs] for row in rows]),
        targets=targets,
        input_columns=tuple(table.column(name) for name in table.inputs),
        target_columns=columns,
        source=table.source,
        classes=table.classes,
    )


def _targets(table: Shipped, cells: list[str]) -> tuple[FloatArray, tuple[Column, ...]]:
    if not table.classes:
        return np.array([[float(cell)] for cell in cells]), (table.column(table.target),)
    labels = np.array([table.classes.index(cell) for cell in cells], dtype=np.intp)
    targets = targets_of_classes(labels, len(table.classes))
    return targets, class_columns(table.target, table.classes)
