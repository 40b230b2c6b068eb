"""Array types, calls on arrays, and the read-only float64 copies that frozen values are made of."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
IntArray: TypeAlias = NDArray[np.intp]

Call = Callable[[], object]
"""One array operation of a planned step, bound to the arrays that it works on."""


def frozen(values: ArrayLike) -> FloatArray:
    """A float64 array of `values` that nobody can write to.

    An array that is already read-only float64 and owns its memory is returned as it is.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.flags.writeable or array.base is not None:
        array = np.array(array, dtype=np.float64, order="C")
        array.flags.writeable = False
    return array
