"""The data as JSON values, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.session.codec import Entries, damaged, is_text

MOST_CELLS = 20_000_000
"""Rows times columns that a mix may hold."""
LARGEST = 1e100
"""The data's largest number; the square of a larger one, times the rows, might be infinite."""


def data_to_json(dataset: Dataset) -> dict[str, Any]:
    """The data as JSON values and arrays."""
    return {
        "name": dataset.name,
        "source": dataset.source,
        "input_columns": [[column.name, column.unit] for column in dataset.input_columns],
        "target_columns": [[column.name, column.unit] for column in dataset.target_columns],
        "inputs": dataset.inputs,
        "targets": dataset.targets,
        "held_out": np.flatnonzero(dataset.held_out),
        "recipe": [list(pair) for pair in dataset.recipe],
        "classes": list(dataset.classes),
    }


def data_of(data: Entries) -> Dataset:
    """The data that were saved; MixError or ValueError where they are none."""
    inputs, targets = data.array("inputs", 2), data.array("targets", 2)
    if inputs.size + targets.size > MOST_CELLS:
        raise MixError(f"its data have more than {MOST_CELLS:,} numbers")
    if not all((np.abs(array) <= LARGEST).all() for array in (inputs, targets)):
        raise damaged(f"its data have a number that is not finite or beyond {LARGEST:g}")
    held_out, rows = np.zeros(len(inputs), dtype=np.bool_), data.whole("held_out", 1)
    if rows.size and rows.max() >= len(inputs):
        raise damaged("“data.held_out” names a row that is not there")
    held_out[rows] = True
    return Dataset(
        data.text("name"),
        inputs,
        targets,
        _columns(data, "input_columns"),
        _columns(data, "target_columns"),
        held_out,
        data.text("source"),
        _recipe(data),
        _classes(data),
    )


def _classes(data: Entries) -> tuple[str, ...]:
    names = data.list("classes")
    if not all(is_text(name) for name in names) or len(names) == 1:
        raise damaged("“data.classes” should be two names or more, or none")
    return tuple(names)


def _columns(data: Entries, key: str) -> tuple[Column, ...]:
    columns = []
    for pair in data.list(key):
        if not (isinstance(pair, list) and len(pair) == 2 and all(is_text(text) for text in pair)):
            raise damaged(f"“data.{key}” should be pairs of name and unit")
        columns.append(Column(*pair))
    return tuple(columns)


def _recipe(data: Entries) -> tuple[tuple[str, str | int | float], ...]:
    recipe: list[tuple[str, str | int | float]] = []
    for pair in data.list("recipe"):
        if not (
            isinstance(pair, list)
            and len(pair) == 2
            and is_text(pair[0])
            and (is_text(pair[1]) or isinstance(pair[1], int | float))
        ):
            raise damaged("“data.recipe” should be pairs of a name and a value")
        recipe.append((pair[0], pair[1]))
    return tuple(recipe)
