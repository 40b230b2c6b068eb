"""A desk with all that belongs to it, without any window; frames come when a test asks for one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, Setup, neuron_on
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]


@pytest.fixture
def make_bench(qapp: QApplication) -> MakeBench:
    """A bench on the first launch's mix, or on another, or on other data."""

    def build(mix: Mix | None = None, **setup: object) -> Bench:
        first = neuron_on(make("noisy-line", seed=7), 7) if mix is None else mix
        return Bench(first, Preferences(), Setup(**setup))  # type: ignore[arg-type]

    return build


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    """What the program starts with."""
    return make_bench()


@pytest.fixture
def table() -> Callable[..., Dataset]:
    """A data set of any numbers: inputs (rows, inputs), targets (rows,), rows held out."""

    def build(inputs: object, targets: object, held_out: object = ()) -> Dataset:
        columns: FloatArray = np.array(inputs, dtype=np.float64)
        target: FloatArray = np.array(targets, dtype=np.float64).reshape(-1, 1)
        mask = np.zeros(len(columns), dtype=np.bool_)
        mask[list(held_out)] = True  # type: ignore[call-overload]
        names = tuple(Column(f"x{number}") for number in range(1, columns.shape[1] + 1))
        return Dataset("table", columns, target, names, (Column("y"),), mask)

    return build
