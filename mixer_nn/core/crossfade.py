"""Between two mixes: the loss on the straight line from one parameter vector to another.

Two trainings of one network seldom end in the same place, and between them the loss rises: the
barrier. Part of it is only a matter of names, since hidden units may change places without
changing what the network does (`unit_matching`); and mixing the outputs of the two networks
instead of their parameters has no such barrier at all where the loss is convex in the outputs.
"""

from __future__ import annotations

import numpy as np

from mixer_nn.core import stacked
from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.objective import Objective
from mixer_nn.core.stacked_losses import STACKED


def between(a: FloatArray, b: FloatArray, share: float | FloatArray) -> FloatArray:
    """`a` at share 0, `b` at 1, exactly; on the straight line through both for any other.

    For several shares (n,) it has a row for each: (n, parameters).
    """
    part = np.asarray(share, dtype=np.float64)[..., np.newaxis]
    return (1.0 - part) * a + part * b


def losses_between(
    objective: Objective, a: FloatArray, b: FloatArray, shares: FloatArray
) -> FloatArray:
    """The loss of the mixed parameters at each of `shares` (n,): (n,)."""

    def vectors(part: slice) -> FloatArray:
        return between(a, b, shares[part])

    return stacked.Stack.of(objective, len(shares), vectors).finish()


def losses_of_mixed_outputs(
    objective: Objective, a: FloatArray, b: FloatArray, shares: FloatArray
) -> FloatArray:
    """The loss where both networks run and their outputs (logits, for classes) are mixed: (n,)."""
    loss, targets = STACKED[objective.loss_name], np.ascontiguousarray(objective.targets.T)
    found = np.empty(len(shares))
    with np.errstate(all="ignore"):
        of_a, of_b = (objective.network.predict(end, objective.inputs).T for end in (a, b))
        chunk = max(1, stacked.CACHE_BYTES // of_a.nbytes)
        for start in range(0, len(shares), chunk):
            part = slice(start, start + chunk)
            weight = shares[part, np.newaxis, np.newaxis]
            found[part] = loss((1.0 - weight) * of_a + weight * of_b, targets)
    return found


def barrier(shares: FloatArray, losses: FloatArray) -> float:
    """How far the loss at most rises above the straight line between its ends; 0 for a valley.

    max over the path of L(s) − ((1 − s)·L(0) + s·L(1)), as in Frankle et al. (2020); `shares` go
    from 0 to 1, both among them. Infinite where the loss on the way is.
    """
    if not np.isfinite(losses).all():
        return np.inf
    straight = (1.0 - shares) * losses[0] + shares * losses[-1]
    return max(0.0, float(np.max(losses - straight)))
