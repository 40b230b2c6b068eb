"""Points set, moved and taken away by hand: each makes another data set and leaves the old one.

The new set is called "… (edited)" and has no recipe, since nothing could make it again. Rows held
out stay so; a new point is trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.dataset import Dataset, targets_of_classes
from mixer_nn.core.errors import MixError

EDITED = " (edited)"
HUGE = 1e100


def with_point(dataset: Dataset, inputs: Sequence[float], target: float) -> Dataset:
    """`dataset` with a point more, as its last row.

    `target` is a number or, where the target is a class, the index of that in `classes`. Raises
    MixError for a number that is not finite or beyond 1e100, and ValueError for what does not
    fit the data.
    """
    row, aim = _checked(dataset, inputs, target)
    return _edited(
        dataset,
        np.vstack([dataset.inputs, row]),
        np.vstack([dataset.targets, aim]),
        np.append(dataset.held_out, False),
    )


def moved_point(dataset: Dataset, row: int, inputs: Sequence[float], target: float) -> Dataset:
    """`dataset` with the point in `row` elsewhere; otherwise as `with_point`."""
    _check_row(dataset, row)
    place, aim = _checked(dataset, inputs, target)
    moved, targets = np.array(dataset.inputs), np.array(dataset.targets)
    moved[row], targets[row] = place, aim
    return _edited(dataset, moved, targets, dataset.held_out)


def without_point(dataset: Dataset, row: int) -> Dataset:
    """`dataset` without the point in `row`; MixError for the last one that is trained on."""
    _check_row(dataset, row)
    held_out = np.delete(dataset.held_out, row)
    if held_out.all():  # also where nothing is left
        raise MixError("This is the last point to train on, so it stays; add another one first.")
    return _edited(
        dataset,
        np.delete(dataset.inputs, row, axis=0),
        np.delete(dataset.targets, row, axis=0),
        held_out,
    )


def _edited(
    dataset: Dataset, inputs: FloatArray, targets: FloatArray, held_out: BoolArray
) -> Dataset:
    again = dataset.name.endswith(EDITED)
    return replace(
        dataset,
        name=dataset.name if again else dataset.name + EDITED,
        inputs=inputs,
        targets=targets,
        held_out=held_out,
        source=dataset.source if again else f"{dataset.source} Edited by hand.".lstrip(),
        recipe=(),
    )


def _check_row(dataset: Dataset, row: int) -> None:
    if not 0 <= row < dataset.rows:
        raise ValueError(f"there is no row {row}")


def _checked(
    dataset: Dataset, inputs: Sequence[float], target: float
) -> tuple[FloatArray, FloatArray]:
    """The inputs (inputs,) and targets (outputs,) of a row."""
    row = np.array(inputs, dtype=np.float64)
    if row.shape != (dataset.inputs.shape[1],):
        raise ValueError("one number for each input is needed")
    if not dataset.classes:
        aim = np.full(dataset.targets.shape[1], float(target))
    elif target in range(len(dataset.classes)):
        aim = targets_of_classes(np.array([int(target)]), len(dataset.classes))[0]
    else:
        raise ValueError(f"there is no class {target}")
    both = np.append(row, aim)
    if not (np.abs(both) <= HUGE).all():  # so that NaN does not pass
        raise MixError("A point has to be at numbers between −1e100 and 1e100; choose others.")
    return row, aim
