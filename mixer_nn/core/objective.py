"""What training lowers: the loss of a network over given rows, as a function of its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mixer_nn.core import least_squares
from mixer_nn.core.arrays import BoolArray, FloatArray, frozen
from mixer_nn.core.gradient import loss_and_gradient
from mixer_nn.core.losses import LOSSES, Loss
from mixer_nn.core.network import Network

CHUNK = 2048
"""Rows evaluated at a time: what a layer makes of them stays in the cache, and is done in 1 ms."""

MANY = 4096
"""Rows from which a linear neuron's squared error is read off the triangle of its data."""


@dataclass(frozen=True, eq=False)
class Objective:
    """A network, a loss by name, and rows in training units.

    `inputs` is (rows, inputs), `targets` (rows, outputs).
    """

    network: Network
    loss_name: str
    inputs: FloatArray
    targets: FloatArray

    def __post_init__(self) -> None:
        """Freeze the rows."""
        object.__setattr__(self, "inputs", frozen(self.inputs))
        object.__setattr__(self, "targets", frozen(self.targets))

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.inputs)

    @property
    def loss(self) -> Loss:
        """The loss function."""
        return LOSSES[self.loss_name]

    @property
    def is_least_squares(self) -> bool:
        """Whether this is a bowl known exactly: one linear neuron under squared error."""
        return self.network.is_linear_neuron and self.loss_name == "mse"

    @cached_property
    def triangle(self) -> FloatArray:
        """All rows pressed into (inputs + 2) of them with the same squared error."""
        return least_squares.triangle(self.inputs, self.targets)

    @cached_property
    def hessian(self) -> FloatArray:
        """Curvature of the loss, the same everywhere; for least squares only."""
        factor = self.triangle[:, :-1]
        return frozen(2.0 / self.rows * (factor.T @ factor))

    @cached_property
    def pull(self) -> FloatArray:
        """What the targets take off the gradient: ∂loss/∂p = hessian·p − pull."""
        return frozen(2.0 / self.rows * (self.triangle[:, :-1].T @ self.triangle[:, -1]))

    @cached_property
    def optimum(self) -> FloatArray:
        """The parameters of the least loss; for least squares only."""
        return frozen(least_squares.optimum(self.inputs, self.targets))

    def learning_rate_limit(self, free: BoolArray | None = None, l2: float = 0.0) -> float | None:
        """Where plain gradient descent must diverge, 2/λmax; None where it is not known exactly.

        `l2` is the pull on the weights, which adds to their curvature.
        """
        if not self.is_least_squares:
            return None
        curvature = self.hessian + np.diag(l2 * self.network.is_weight)
        return least_squares.learning_rate_limit(curvature, free)

    def sample(self, most: int) -> Objective:
        """The same over an even sample of at most `most` rows; itself where it has no more."""
        if self.rows <= most:
            return self
        rows = np.linspace(0, self.rows - 1, most).round().astype(np.intp)
        return Objective(self.network, self.loss_name, self.inputs[rows], self.targets[rows])

    @property
    def parts(self) -> int:
        """How many parts the loss is summed in: one, or one for each chunk of many rows."""
        return 1 if self._is_on_triangle else -(-self.rows // CHUNK)

    @property
    def _is_on_triangle(self) -> bool:
        return self.is_least_squares and self.rows >= MANY

    def part(self, vector: FloatArray, number: int) -> float:
        """What part `number`, from 0, adds to the loss."""
        with np.errstate(all="ignore"):
            if self._is_on_triangle:
                miss = self.triangle @ np.append(vector, -1.0)
                return float(miss @ miss / self.rows)
            rows = slice(number * CHUNK, (number + 1) * CHUNK)
            outputs = self.network.predict(vector, self.inputs[rows])
            return self.loss.value(outputs, self.targets[rows]) * (len(outputs) / self.rows)

    def value(self, vector: FloatArray) -> float:
        """The loss over all rows; inf or NaN where the parameters have run away."""
        return sum((self.part(vector, number) for number in range(self.parts)), 0.0)

    def gradient(self, vector: FloatArray) -> FloatArray:
        """The derivative of the loss over all rows by every parameter."""
        with np.errstate(all="ignore"):
            if self._is_on_triangle:
                return np.asarray(self.hessian @ vector - self.pull)
            total = np.zeros_like(vector)
            for start in range(0, self.rows, CHUNK):
                part = slice(start, start + CHUNK)
                inputs, targets = self.inputs[part], self.targets[part]
                slope = loss_and_gradient(self.network, self.loss, vector, inputs, targets)[1]
                total += slope * len(inputs)
            return total / self.rows

    @cached_property
    def constant_loss(self) -> float:
        """What always guessing the average, or as often as it occurs each class, would score."""
        with np.errstate(all="ignore"):
            guess = np.broadcast_to(self.loss.constant(self.targets), self.targets.shape)
            return self.loss.value(guess, self.targets)


class Valuation:
    """The loss at some parameters, worked out part by part: the same as `Objective.value`."""

    def __init__(self, objective: Objective, vector: FloatArray) -> None:
        self._objective, self._vector = objective, vector.copy()
        self._done = 0
        self.loss = 0.0

    def go_on(self) -> bool:
        """Add the next part; returns whether it was the last, so that `loss` is known."""
        self.loss += self._objective.part(self._vector, self._done)
        self._done += 1
        return self._done == self._objective.parts
