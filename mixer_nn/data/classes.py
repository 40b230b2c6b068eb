"""How classes become the target of a data set."""

from __future__ import annotations

from collections.abc import Sequence

from mixer_nn.core.dataset import Column

LETTERS = ("A", "B", "C", "D", "E")
"""What the classes of made-up data are called."""

LEAST_CLASSES, MOST_CLASSES = 2, 10
"""How many classes a target may have."""


def class_columns(target: str, classes: Sequence[str]) -> tuple[Column, ...]:
    """The target columns of a `Dataset` with classes: one called `target` for two, else a class's.

    They go with what `targets_of_classes` makes of the labels.
    """
    if len(classes) == 2:
        return (Column(target),)
    return tuple(Column(name) for name in classes)
