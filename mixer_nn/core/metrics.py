"""How good a fit is, in numbers a person can read. Undefined ones are None, never NaN."""

import math

import numpy as np

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.core.kinds import Kind


def rmse(outputs: FloatArray, targets: FloatArray) -> float | None:
    """Root mean squared error over (rows, outputs): the typical miss, in the target's unit."""
    if not outputs.size:
        return None
    with np.errstate(all="ignore"):
        miss = outputs - targets
        largest = float(np.max(np.abs(miss)))
        if largest == 0.0 or not math.isfinite(largest):
            return defined(largest)
        # Dividing first keeps squares of huge misses from overflowing.
        return largest * math.sqrt(float(np.mean((miss / largest) ** 2)))


def r_squared(outputs: FloatArray, targets: FloatArray) -> float | None:
    """Share of the targets' variance that the outputs explain, 1 at best; None without variance."""
    # Compared, not subtracted: the mean of equal numbers need not be that number to the last bit.
    if not outputs.size or (targets == targets[0]).all():
        return None
    reach = np.abs(targets).max()  # divided by, squares do not overflow
    with np.errstate(all="ignore"):
        scaled = targets / reach
        spread = np.sum((scaled - scaled.mean(axis=0)) ** 2)
        missed = np.sum((outputs / reach - scaled) ** 2)
        return defined(1.0 - float(missed / spread))


def chosen_classes(outputs: FloatArray, kind: Kind) -> IntArray:
    """The class that each row of logits (rows, outputs) speaks for, (rows,)."""
    if kind == "two classes":
        return np.asarray(outputs[:, 0] > 0.0, dtype=np.intp)
    return np.asarray(outputs.argmax(axis=1))


def accuracy(outputs: FloatArray, targets: FloatArray, kind: Kind) -> float | None:
    """The share of rows whose class is found; None without classes or rows."""
    if kind == "number" or not outputs.size:
        return None
    return float(np.mean(chosen_classes(outputs, kind) == _true_classes(targets, kind)))


def confusion(outputs: FloatArray, targets: FloatArray, kind: Kind) -> IntArray:
    """How many rows of each class (row) were taken for which (column)."""
    count = 2 if kind == "two classes" else targets.shape[1]
    table = np.zeros((count, count), dtype=np.intp)
    np.add.at(table, (_true_classes(targets, kind), chosen_classes(outputs, kind)), 1)
    return table


def _true_classes(targets: FloatArray, kind: Kind) -> IntArray:
    return chosen_classes(targets - 0.5, kind)


def defined(value: float) -> float | None:
    """The number, or None where it is not one."""
    return value if math.isfinite(value) else None
