"""What a network's logits say about classes, as something between 0 and 1 for each of them."""

from __future__ import annotations

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.losses import probability
from mixer_nn.core.problem import Problem


def belief_word(problem: Problem) -> str:
    """What is shown of each class: its probability, or its score where there is none.

    The hinge loss makes no probabilities; the score is 0 and 1 where its margins are.
    """
    return "score" if problem.loss_name == "hinge" else "probability"


def beliefs(problem: Problem, logits: FloatArray) -> FloatArray:
    """Probabilities or scores (classes, points) from logits (outputs, points)."""
    with np.errstate(all="ignore"):
        if problem.loss_name == "hinge":
            each = np.clip(0.5 + 0.5 * logits, 0.0, 1.0)
        elif problem.dataset.kind == "two classes":
            each = probability(logits)
        else:
            each = np.exp(logits - logits.max(axis=0))
            each /= each.sum(axis=0)
    return np.vstack([1.0 - each, each]) if len(each) == 1 else each


def margin(believed: FloatArray) -> FloatArray:
    """By how much the likeliest class is ahead of the next, (points,), from (classes, points)."""
    first, second = believed[0], np.zeros_like(believed[0])
    for other in believed[1:]:
        second = np.maximum(second, np.minimum(first, other))
        first = np.maximum(first, other)
    return np.asarray(first - second)


def leads(logits: FloatArray) -> list[FloatArray]:
    """By how much a class is ahead of all others, (points,): 0 is where decisions change.

    One array for two classes; of more, one for each class but the last, which has no boundary that
    is not another's as well.
    """
    if len(logits) == 1:
        return [logits[0]]
    ahead = []
    for index in range(len(logits) - 1):
        others = np.delete(logits, index, axis=0).max(axis=0)
        ahead.append(np.asarray(logits[index] - others))
    return ahead
