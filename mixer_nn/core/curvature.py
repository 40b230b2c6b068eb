"""Curvature: how the slope of the loss changes as the knobs turn, exactly and without differences.

All second derivatives together are the Hessian, ∂²loss/∂pᵢ∂pⱼ. It is seldom needed as a whole:

*Its product with a direction* is the rate at which the gradient changes on the way there. It
takes one more walk forward and back (Pearlmutter, Fast exact multiplication by the Hessian, 1994).
With R{·} the rate of change along the direction V of all weights and biases:

    forward    R{z} = R{a before} Wᵀ + a before · V_wᵀ + V_b,    R{a} = a′(z) · R{z}
    back       R{δ} = R{∂loss/∂a} · a′(z) + ∂loss/∂a · a″(z) · R{z}
               R{∂loss/∂a before} = R{δ} W + δ V_w
    product    R{∂loss/∂W} = R{δ}ᵀ · a before + δᵀ · R{a before},    the bias: R{δ} over the rows

*Its diagonal* is the curvature along each knob alone. A weighted sum is straight in its own
weights, so ∂²loss/∂w² is a² · ∂²loss/∂z² summed over the rows, a what the weight listens to. The
second derivatives M of a row's loss by the sums z of a layer come back from the layer after it
(Bishop, Exact calculation of the Hessian matrix for the multilayer perceptron, 1992):

    M = A′ Wᵀ M_next W A′ + diag(∂loss/∂a · a″(z)),    A′ = diag(a′(z))
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

import numpy as np

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.losses import Loss
from mixer_nn.core.network import Network
from mixer_nn.core.objective import CHUNK, Objective

WORK = 150_000
"""Products of two numbers in a part, roughly: a part takes well under a millisecond."""


class Walk:
    """Some rows walked forward and back at some parameters, ready for their second derivatives.

    `inputs` is (rows, inputs), `targets` (rows, outputs). Arrays per layer are (rows, neurons).
    """

    def __init__(
        self,
        network: Network,
        loss: Loss,
        vector: FloatArray,
        inputs: FloatArray,
        targets: FloatArray,
    ) -> None:
        self._network, self._loss, self._targets = network, loss, targets
        self._weights = [layer[:, :-1] for layer in network.layers(vector)]
        self._sums, self._activations = network.forward(vector, inputs)
        layers = list(
            zip(
                (ACTIVATIONS[name] for name in network.activations),
                self._sums,
                self._activations[1:],
                strict=True,
            )
        )
        self._slopes = [activation.slope(z, a) for activation, z, a in layers]
        self._bends = [activation.bend(z, a) for activation, z, a in layers]

    @cached_property
    def _answers(self) -> list[FloatArray]:
        """∂loss/∂a of every layer."""
        found = [self._loss.gradient(self._activations[-1], self._targets)]
        for weights, slope in zip(self._weights[:0:-1], self._slopes[:0:-1], strict=True):
            found.append((found[-1] * slope) @ weights)
        return found[::-1]

    def times(self, direction: FloatArray) -> FloatArray:
        """The Hessian of these rows' loss times a direction, both (parameters,)."""
        ways = self._network.layers(direction)
        changes = self._forward(ways)
        product = np.empty_like(direction)
        slots = self._network.layers(product)
        back = self._loss.bend(self._activations[-1], self._targets, changes[-1][1])
        for layer in reversed(range(len(ways))):
            slope, answer = self._slopes[layer], self._answers[layer]
            before, sums_change = self._activations[layer], changes[layer + 1][0]
            delta = answer * slope  # (rows, neurons)
            delta_change = back * slope + answer * self._bends[layer] * sums_change
            slots[layer][:, :-1] = delta_change.T @ before + delta.T @ changes[layer][1]
            slots[layer][:, -1] = delta_change.sum(axis=0)
            back = delta_change @ self._weights[layer] + delta @ ways[layer][:, :-1]
        return product

    def _forward(self, ways: list[FloatArray]) -> list[tuple[FloatArray, FloatArray]]:
        """How sums and activations change along a direction: the inputs, then every layer."""
        still = np.zeros_like(self._activations[0])
        changes = [(still, still)]
        for layer, way in enumerate(ways):
            sums = changes[-1][1] @ self._weights[layer].T
            sums += self._activations[layer] @ way[:, :-1].T + way[:, -1]
            changes.append((sums, sums * self._slopes[layer]))
        return changes

    def diagonal(self) -> FloatArray:
        """The diagonal of the Hessian of these rows' loss, (parameters,)."""
        found = np.empty(self._network.parameter_count)
        slots = self._network.layers(found)
        mixed = self._of_outputs()  # (rows, neurons, neurons), the second derivatives by a
        for layer in reversed(range(len(slots))):
            slope = self._slopes[layer]
            mixed *= slope[:, :, np.newaxis]
            mixed *= slope[:, np.newaxis, :]
            own = np.einsum("rnn->rn", mixed)  # a view of the diagonals
            own += self._answers[layer] * self._bends[layer]
            slots[layer][:, :-1] = own.T @ np.square(self._activations[layer])
            slots[layer][:, -1] = own.sum(axis=0)
            if layer:
                mixed = _brought_back(mixed, self._weights[layer])
        return found

    def _of_outputs(self) -> FloatArray:
        """Second derivatives of each row's loss by the outputs, (rows, outputs, outputs)."""
        outputs = self._activations[-1]
        rows, count = outputs.shape
        units = np.broadcast_to(np.eye(count)[:, np.newaxis, :], (count, rows, count))
        return self._loss.bend(outputs, self._targets, units).transpose(1, 0, 2).copy()


def _brought_back(mixed: FloatArray, weights: FloatArray) -> FloatArray:
    """Wᵀ M W for every row's symmetric M: (rows, neurons, neurons) to (rows, sources, sources)."""
    rows, neurons, sources = len(mixed), *weights.shape
    half = mixed.reshape(-1, neurons) @ weights  # (rows · neurons, sources)
    turned = np.ascontiguousarray(half.reshape(rows, neurons, sources).swapaxes(1, 2))
    return (turned.reshape(-1, neurons) @ weights).reshape(rows, sources, sources)


def rows_for(work: int) -> int:
    """How many rows make a part, where each takes so many products."""
    return min(max(WORK // work, 8), CHUNK)


def walks(objective: Objective, vector: FloatArray, part: slice) -> Walk:
    """A walk over some of an objective's rows."""
    inputs, targets = objective.inputs[part], objective.targets[part]
    return Walk(objective.network, objective.loss, vector, inputs, targets)


def hessian_times(objective: Objective, vector: FloatArray, direction: FloatArray) -> FloatArray:
    """The Hessian of the loss over all rows times a direction, both (parameters,)."""
    with np.errstate(all="ignore"):
        if objective.is_least_squares:
            return np.asarray(objective.hessian @ direction)
        total = np.zeros_like(vector)
        for start in range(0, objective.rows, CHUNK):
            part = slice(start, min(start + CHUNK, objective.rows))
            product = walks(objective, vector, part).times(direction)
            total += product * (part.stop - start)
        return total / objective.rows


class Curvatures:
    """The curvature of the loss along every knob alone, worked out part by part."""

    def __init__(self, objective: Objective, vector: FloatArray) -> None:
        self._objective, self._vector = objective, vector.copy()
        self._rows = rows_for(_products(objective.network))
        self._done = 0
        self._total = np.zeros(objective.network.parameter_count)

    def go_on(self) -> bool:
        """Add the next part; returns whether it was the last, so that `values` are known."""
        objective = self._objective
        if objective.is_least_squares:
            self._total = np.diag(objective.hessian) * objective.rows
            return True
        part = slice(self._done, min(self._done + self._rows, objective.rows))
        with np.errstate(all="ignore"):
            diagonal = walks(objective, self._vector, part).diagonal()
            self._total += diagonal * (part.stop - part.start)
        self._done = part.stop
        return self._done >= objective.rows

    @property
    def values(self) -> FloatArray:
        """∂²loss/∂p² for every parameter, (parameters,)."""
        return self._total / self._objective.rows


def _products(network: Network) -> int:
    """How many products the diagonal takes for one row."""
    sizes = network.sizes[1:]
    back = sum(after * before * (after + before) for before, after in pairwise(sizes))
    return back + 8 * sum(sizes)


def curvatures(objective: Objective, vector: FloatArray) -> FloatArray:
    """The Hessian's diagonal, ∂²loss/∂p² for every parameter, (parameters,)."""
    work = Curvatures(objective, vector)
    while not work.go_on():
        pass
    return work.values
