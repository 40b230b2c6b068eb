"""A problem: a network, the data it is to learn, and in which units it sees them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.scaling import Scaling

CAUTION = 0.1
"""The automatic learning rate, as a share of 1/λmax: a twentieth of where it would diverge."""


@dataclass(frozen=True, eq=False)
class Problem:
    """What is trained, apart from the parameters. What it works out it keeps."""

    network: Network
    dataset: Dataset
    scaled: bool = False
    loss_name: str = "mse"

    def __post_init__(self) -> None:
        """Hold network and data together; raises ValueError if their sizes differ."""
        ends = (self.network.sizes[0], self.network.sizes[-1])
        if ends != (self.dataset.inputs.shape[1], self.dataset.targets.shape[1]):
            raise ValueError("the network's inputs and outputs must be the data's")

    @cached_property
    def scaling(self) -> Scaling:
        """Between data units and training units."""
        return Scaling.fit(self.dataset) if self.scaled else Scaling.none(self.dataset)

    @cached_property
    def objective(self) -> Objective:
        """The loss over the training rows."""
        return self._over(~self.dataset.held_out)

    @cached_property
    def held_out(self) -> Objective | None:
        """The loss over the held-out rows; None where none are."""
        return self._over(self.dataset.held_out) if self.dataset.held_out.any() else None

    def _over(self, rows: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Objective:
        inputs = self.scaling.inputs(self.dataset.inputs[rows])
        targets = self.scaling.targets(self.dataset.targets[rows])
        return Objective(self.network, self.loss_name, inputs, targets)

    def predict(self, vector: FloatArray, inputs: FloatArray) -> FloatArray:
        """Predictions (rows, outputs) for inputs (rows, inputs), both in the units of the data."""
        with np.errstate(all="ignore"):
            outputs = self.network.predict(vector, self.scaling.inputs(inputs))
            return self.scaling.outputs_in_data_units(outputs)

    @cached_property
    def automatic_learning_rate(self) -> float:
        """0.1/λmax of the training loss, rounded down to 1, 2 or 5 times a power of ten."""
        limit = self.objective.learning_rate_limit()
        if limit is None:
            return 0.01
        return rounded_down(CAUTION * limit / 2.0) if math.isfinite(limit) else 0.1


def rounded_down(value: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that does not exceed `value` > 0."""
    decade = math.floor(math.log10(value) + 1e-9)
    # Rounding must not turn 0.0499999… , which is meant to be 0.05, into 0.02.
    share = value / 10.0**decade * (1.0 + 1e-9)
    return float(f"{5 if share >= 5 else 2 if share >= 2 else 1}e{decade}")
