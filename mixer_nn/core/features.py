"""Extra features: what may be worked out from two inputs and given to the network besides them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Column


@dataclass(frozen=True)
class Feature:
    """A column made of the inputs x₁ and x₂; `title` is how it is written."""

    key: str
    title: str
    value: Callable[[FloatArray, FloatArray], FloatArray]


def _square_1(one: FloatArray, two: FloatArray) -> FloatArray:
    return one * one


def _square_2(one: FloatArray, two: FloatArray) -> FloatArray:
    return two * two


def _product(one: FloatArray, two: FloatArray) -> FloatArray:
    return one * two


def _sine_1(one: FloatArray, two: FloatArray) -> FloatArray:
    return np.sin(one)


def _sine_2(one: FloatArray, two: FloatArray) -> FloatArray:
    return np.sin(two)


FEATURES: dict[str, Feature] = {
    feature.key: feature
    for feature in (
        Feature("x1^2", "x₁²", _square_1),
        Feature("x2^2", "x₂²", _square_2),
        Feature("x1*x2", "x₁x₂", _product),
        Feature("sin(x1)", "sin x₁", _sine_1),
        Feature("sin(x2)", "sin x₂", _sine_2),
    )
}


def with_features(inputs: FloatArray, features: tuple[str, ...]) -> FloatArray:
    """Inputs (rows, 2) with a column for each feature after them: (rows, 2 + features)."""
    if not features:
        return inputs
    one, two = inputs[:, 0], inputs[:, 1]
    extra = [FEATURES[key].value(one, two) for key in features]
    return np.column_stack([inputs, *extra])


def columns_with_features(
    columns: tuple[Column, ...], features: tuple[str, ...]
) -> tuple[Column, ...]:
    """The columns that `with_features` gives."""
    return (*columns, *(Column(FEATURES[key].title) for key in features))
