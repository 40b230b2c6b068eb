"""How good a fit is, in numbers a person can read. Undefined ones are None, never NaN."""

import math

import numpy as np

from mixer_nn.core.arrays import FloatArray


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


def defined(value: float) -> float | None:
    """The number, or None where it is not one."""
    return value if math.isfinite(value) else None
