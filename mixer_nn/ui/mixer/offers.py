"""What to offer once single neurons have settled: a hidden layer, or data that need one."""

from __future__ import annotations

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.problem import Problem
from mixer_nn.state.readings import Readings

GOOD_FIT = 0.95
"""Share of the variance explained from which a fit of numbers counts as good."""

WORTH_BENDING = 0.8
"""Bends explain something when what is left of the variance falls to less than this share."""

CURVE = "sine"
"""Made-up data that no straight line fits."""


def has_hidden_layers(problem: Problem) -> bool:
    """Whether there is more than the output's neurons."""
    return len(problem.network.sizes) > 2


def could_do_better(problem: Problem, readings: Readings) -> bool:
    """Whether a hidden layer has something left to find where single neurons have settled.

    Classes: not every row is found. Numbers: much is left unexplained, and the misses are bent
    rather than noise, since squares, cubes and products of the inputs explain a good deal of them.
    """
    accuracy, explained = readings.accuracy, readings.r_squared
    if accuracy is not None:
        return accuracy < 1.0
    if explained is None or explained >= GOOD_FIT:
        return False
    objective = problem.objective
    outputs = objective.network.predict(readings.heard, objective.inputs)
    return are_bent(objective.inputs, objective.targets - outputs)


def are_bent(inputs: FloatArray, misses: FloatArray) -> bool:
    """Whether misses (rows, outputs) follow bends of the inputs (rows, inputs).

    Compares the unbiased variance that a straight fit leaves with that which one with squares,
    cubes and products leaves.
    """
    rows = len(inputs)
    centred = inputs - inputs.mean(axis=0)
    spread = centred.std(axis=0)
    z = centred / np.where(spread > 0.0, spread, 1.0)
    one, other = np.triu_indices(z.shape[1])
    straight = np.column_stack([np.ones(rows), z])
    bent = np.column_stack([straight, z[:, one] * z[:, other], z**3])
    if rows <= 2 * bent.shape[1]:
        return False
    return _left(bent, misses) < WORTH_BENDING * _left(straight, misses)


def _left(design: FloatArray, misses: FloatArray) -> float:
    found, *_ = np.linalg.lstsq(design, misses, rcond=None)
    return float(((misses - design @ found) ** 2).sum() / (len(design) - design.shape[1]))
