"""How good a fit is, in numbers a person can read. Undefined ones are None, never NaN."""

import math

import numpy as np

from mixer_nn.core.arrays import FloatArray


def rmse(outputs: FloatArray, targets: FloatArray) -> float | None:
    """Root mean squared error over (rows, outputs): the typical miss, in the target's unit."""
    if not outputs.size:
        return None
    largest = float(np.max(np.abs(outputs - targets)))
    if largest == 0.0:
        return 0.0
    # Dividing first keeps squares of huge misses from overflowing.
    scaled = (outputs - targets) / largest if math.isfinite(largest) else outputs * math.nan
    return defined(largest * math.sqrt(float(np.mean(scaled * scaled))))


def r_squared(outputs: FloatArray, targets: FloatArray) -> float | None:
    """Share of the targets' variance that the outputs explain, 1 at best; None without variance."""
    if not outputs.size:
        return None
    spread = float(np.sum((targets - targets.mean(axis=0)) ** 2))
    if spread == 0.0:
        return None
    return defined(1.0 - float(np.sum((outputs - targets) ** 2)) / spread)


def defined(value: float) -> float | None:
    """The number, or None where it is not one."""
    return value if math.isfinite(value) else None
