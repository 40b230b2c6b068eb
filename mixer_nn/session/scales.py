"""How far knobs reach: from −scale to +scale."""

from __future__ import annotations

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.problem import Problem

NETWORK_SCALE = 4.0
"""The scale that knobs of a network begin with; initial weights lie within ±1."""

OWN_SCALES = 8
"""Knobs up to which each has a scale of its own; more share one per layer to begin with."""


def doubled_to_fit(scales: FloatArray, vector: FloatArray) -> FloatArray:
    """Scales doubled, where a value lies outside, until it lies within; never made smaller.

    With more than eight knobs a layer would share one scale; up to eight have one each.
    """
    size = np.abs(vector)
    outside = np.isfinite(size) & (size > scales)
    if not outside.any():
        return scales
    grown = np.array(scales)
    with np.errstate(over="ignore"):
        grown[outside] *= np.exp2(np.ceil(np.log2(size[outside]) - np.log2(scales[outside])))
        # A difference of logarithms may round to just below the whole number that was needed.
        still = np.isfinite(size) & (size > grown)
        grown[still] *= 2.0
    # Past the largest power of two there is no room to double; then it is all there is.
    return np.minimum(grown, np.finfo(np.float64).max)


def sensible_scales(problem: Problem) -> FloatArray:
    """Scales to begin with: powers of two with room for what data of this spread may need.

    A weight is of the order of spread(target) / spread(input), the bias of the target's reach.
    """
    scales = np.full(problem.network.parameter_count, NETWORK_SCALE)
    if problem.network.is_linear_neuron and not problem.dataset.classes:
        wanted = np.maximum(_sensible_reach(problem), 2.0**-10)
        scales = np.exp2(np.clip(np.ceil(np.log2(wanted)), -10, 60))
        scales = np.where(wanted > 2.0**-10, scales, 1.0)
        if scales.size > OWN_SCALES:
            scales = np.full(scales.size, scales.max())
    return scales


def _sensible_reach(problem: Problem) -> FloatArray:
    rows = problem.objective
    # Squares of huge numbers overflow: then the widest scale there is will do.
    with np.errstate(over="ignore", invalid="ignore"):
        spread = float(rows.targets.std())
        across = rows.inputs.std(axis=0)
        steepest = 2.0 * spread / np.where(across > 0.0, across, np.inf)
        reach = abs(float(rows.targets.mean())) + 2.0 * spread
    wanted = np.append(steepest, reach)
    return np.where(np.isnan(wanted), np.inf, wanted)
