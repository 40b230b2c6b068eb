"""A problem: a network, the data it is to learn, and in which units it sees them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray, IntArray
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.features import columns_with_features, with_features
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.optimizers import Optimizer
from mixer_nn.core.scaling import Scaling

CAUTION = 0.1
"""The automatic learning rate, as a share of 1/λmax: a twentieth of where it would diverge."""


ADAPTIVE_RATE, USUAL_RATE = 0.01, 0.1
"""The automatic learning rates where there is no exact limit: for the Adam family, and without."""


@dataclass(frozen=True, eq=False)
class Problem:
    """What is trained, apart from the parameters. What it works out it keeps.

    `features` names columns that are made of two inputs and given to the network besides them.
    """

    network: Network
    dataset: Dataset
    scaled: bool = False
    loss_name: str = "mse"
    features: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Hold network and data together; raises ValueError if their sizes differ."""
        if self.features and self.dataset.inputs.shape[1] != 2:
            raise ValueError("extra features are made of two inputs")
        inputs = self.dataset.inputs.shape[1] + len(self.features)
        ends = (self.network.sizes[0], self.network.sizes[-1])
        if ends != (inputs, self.dataset.targets.shape[1]):
            raise ValueError("the network's inputs and outputs must be the data's")
        if self.dataset.kind not in LOSSES[self.loss_name].kinds:
            raise ValueError(f"{LOSSES[self.loss_name].title} is no loss for such targets")
        if self.dataset.classes and self.network.activations[-1] != "linear":
            raise ValueError("a loss over classes takes logits: the last layer must be linear")

    @cached_property
    def seen(self) -> Dataset:
        """The data as the network sees them but for scaling: with the extra features."""
        if not self.features:
            return self.dataset
        return replace(
            self.dataset,
            inputs=with_features(self.dataset.inputs, self.features),
            input_columns=columns_with_features(self.dataset.input_columns, self.features),
        )

    @cached_property
    def scaling(self) -> Scaling:
        """Between data units and training units."""
        return Scaling.fit(self.seen) if self.scaled else Scaling.none(self.seen)

    @cached_property
    def objective(self) -> Objective:
        """The loss over the training rows."""
        return self._over(~self.dataset.held_out)

    @cached_property
    def held_out(self) -> Objective | None:
        """The loss over the held-out rows; None where none are."""
        return self._over(self.dataset.held_out) if self.dataset.held_out.any() else None

    def of_row(self, row: int) -> Objective:
        """The loss of one row of the data, whether it trains or is held out."""
        return self._over(np.array([row]))

    def _over(self, rows: BoolArray | IntArray) -> Objective:
        inputs = self.scaling.inputs(self.seen.inputs[rows])
        targets = self.scaling.targets(self.seen.targets[rows])
        return Objective(self.network, self.loss_name, inputs, targets)

    def network_inputs(self, inputs: FloatArray) -> FloatArray:
        """Inputs (rows, inputs) in data units, as the network gets them."""
        return self.scaling.inputs(with_features(inputs, self.features))

    def predict(self, vector: FloatArray, inputs: FloatArray) -> FloatArray:
        """Outputs (rows, outputs) for inputs (rows, inputs), both in the units of the data.

        Where the targets are classes the outputs are logits.
        """
        with np.errstate(all="ignore"):
            outputs = self.network.predict(vector, self.network_inputs(inputs))
            return self.scaling.outputs_in_data_units(outputs)

    def automatic_learning_rate(self, optimizer: Optimizer, momentum: float = 0.0) -> float:
        """A learning rate that works: for gradient descent 0.1/λmax where that is known exactly.

        Rounded down to 1, 2 or 5 times a power of ten. Momentum makes each step go 1/(1 − μ)
        times as far in the end, so it gets that share.
        """
        if optimizer.is_adaptive:
            return ADAPTIVE_RATE
        limit = self._limit
        rate = USUAL_RATE if limit is None else CAUTION * limit / 2.0
        if not math.isfinite(rate):
            rate = USUAL_RATE
        return rounded_down(rate * (1.0 - momentum) if optimizer.has_momentum else rate)

    @cached_property
    def _limit(self) -> float | None:
        return self.objective.learning_rate_limit()


def rounded_down(value: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that does not exceed `value` > 0."""
    decade = math.floor(math.log10(value) + 1e-9)
    # Rounding must not turn 0.0499999… , which is meant to be 0.05, into 0.02.
    share = value / 10.0**decade * (1.0 + 1e-9)
    return float(f"{5 if share >= 5 else 2 if share >= 2 else 1}e{decade}")
