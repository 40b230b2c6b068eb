"""Scaling of inputs and targets to mean 0 and spread 1, and what it does to the parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mixer_nn.core.arrays import FloatArray, frozen
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.network import Network

WORTH_SCALING = 100.0
"""Condition number of the inputs' Hessian above which scaling is switched on by itself."""


@dataclass(frozen=True, eq=False)
class Scaling:
    """Training units are (data − mean) / scale, per column. All arrays have one number a column."""

    input_mean: FloatArray
    input_scale: FloatArray
    target_mean: FloatArray
    target_scale: FloatArray

    @classmethod
    def none(cls, dataset: Dataset) -> Scaling:
        """Training units are the data's own."""
        inputs, targets = dataset.inputs.shape[1], dataset.targets.shape[1]
        return cls(
            *map(frozen, (np.zeros(inputs), np.ones(inputs))),
            *map(frozen, (np.zeros(targets), np.ones(targets))),
        )

    @classmethod
    def fit(cls, dataset: Dataset) -> Scaling:
        """Mean and population standard deviation of the training rows.

        A column that never changes is only centred: there is no spread to divide by. Classes are
        left as they are.
        """
        train = ~dataset.held_out
        inputs = _centre_and_spread(dataset.inputs[train])
        if dataset.classes:
            plain = cls.none(dataset)
            return cls(*inputs, plain.target_mean, plain.target_scale)
        return cls(*inputs, *_centre_and_spread(dataset.targets[train]))

    def inputs(self, data: FloatArray) -> FloatArray:
        """Inputs (rows, inputs) in training units."""
        return (data - self.input_mean) / self.input_scale

    def targets(self, data: FloatArray) -> FloatArray:
        """Targets (rows, outputs) in training units."""
        return (data - self.target_mean) / self.target_scale

    def outputs_in_data_units(self, outputs: FloatArray) -> FloatArray:
        """Outputs of the network (rows, outputs), in the units of the data."""
        return outputs * self.target_scale + self.target_mean

    def to_data_units(self, network: Network, vector: FloatArray) -> FloatArray:
        """Parameters that predict the same from unscaled inputs, in the data's units.

        From w·(x − m)/s + b = (w/s)·x + (b − Σ w·m/s) in the first layer, and from
        t·(v·a + c) + μ = (t·v)·a + (t·c + μ) in the last, whose activation is linear.
        """
        converted = np.array(vector, dtype=np.float64)
        layers = network.layers(converted)
        first, last = layers[0], layers[-1]
        first[:, :-1] /= self.input_scale
        first[:, -1] -= first[:, :-1] @ self.input_mean
        last *= self.target_scale[:, np.newaxis]
        last[:, -1] += self.target_mean
        return converted

    def from_data_units(self, network: Network, vector: FloatArray) -> FloatArray:
        """The inverse of `to_data_units`."""
        converted = np.array(vector, dtype=np.float64)
        layers = network.layers(converted)
        first, last = layers[0], layers[-1]
        last[:, -1] -= self.target_mean
        last /= self.target_scale[:, np.newaxis]
        first[:, -1] += first[:, :-1] @ self.input_mean
        first[:, :-1] *= self.input_scale
        return converted


def _centre_and_spread(columns: FloatArray) -> tuple[FloatArray, FloatArray]:
    # A power of two near the largest number: dividing by it rounds nothing, and after it no square
    # overflows.
    reach = np.ldexp(1.0, np.frexp(np.abs(columns).max(axis=0))[1] - 1)
    mean = reach * (columns / reach).mean(axis=0)
    spread = reach * (columns / reach).std(axis=0)
    constant = (columns == columns[0]).all(axis=0)
    # A spread can round to 0, or be all rounding error, though the column does change.
    mean = np.where(constant, columns[0], mean)
    return frozen(mean), frozen(np.where(constant | (spread == 0.0), 1.0, spread))


def convert(network: Network, vector: FloatArray, old: Scaling, new: Scaling) -> FloatArray:
    """Parameters that predict under `new` what `vector` predicts under `old`."""
    return new.from_data_units(network, old.to_data_units(network, vector))


def condition_number(inputs: FloatArray) -> float:
    """Largest over smallest curvature of the squared error over inputs (rows, inputs) and a bias.

    The square of the ratio of the extreme singular values; inf where a column is redundant.
    """
    design = np.column_stack([inputs, np.ones(len(inputs))])
    # The triangular factor has the singular values of the whole matrix, whatever its length.
    singular = np.linalg.svd(np.linalg.qr(design, mode="r"), compute_uv=False)
    if len(design) < design.shape[1] or singular[-1] <= singular[0] * 1e-12:
        return float("inf")
    return float((singular[0] / singular[-1]) ** 2)


def worth_scaling(dataset: Dataset) -> bool:
    """Whether gradient descent would crawl on these inputs as they are."""
    return condition_number(dataset.inputs[~dataset.held_out]) > WORTH_SCALING
