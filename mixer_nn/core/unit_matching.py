"""The hidden units of one network put in the order of another's.

Units of a hidden layer can change places, each with all that goes in and out of it, and the
network does what it did; so can, under an odd activation, a unit and its negative. Two trainings
that found the same thing may differ in nothing else. The match is the weight matching of
Ainsworth, Hayase and Srinivasa, "Git Re-Basin" (2023), section 3.2, with signs besides: layer by
layer the best assignment, until no layer finds a better one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.core.network import Network

ODD = frozenset({"linear", "tanh", "sine"})
"""Activations with f(−z) = −f(z)."""

MOST_ROUNDS = 100
"""A bound only: every round but the last brings the two closer, and there are few orders."""


@dataclass(frozen=True)
class Order:
    """Of a layer: which unit comes in each place, and with what sign, (units,) both."""

    units: IntArray
    signs: FloatArray

    @classmethod
    def as_is(cls, count: int) -> Order:
        """Every unit where it is."""
        return cls(np.arange(count), np.ones(count))


def aligned(
    network: Network, a: FloatArray, b: FloatArray, inputs: FloatArray | None = None
) -> FloatArray:
    """`b` with its hidden units in the order that brings them closest to those of `a`.

    The outputs are those of `b`, but for the rounding of sums in another order. Units are matched
    by their weights and biases; given `inputs` (rows, inputs), by what they make of them, layer by
    layer: the same paper's activation matching, to which units that never change are all alike.
    """
    if inputs is not None:
        return _reordered(network, b, _by_activations(network, a, b, inputs))
    # The search ends at the nearest top of several: begun from the order that the layers before
    # give, it finds an exact copy again, and begun from the order as it is, it makes nothing worse.
    orders = (_by_layers_before(network, a, b), _as_is(network))
    found = [_reordered(network, b, _by_weights(network, a, b, start)) for start in orders]
    return max(found, key=lambda vector: float(a @ vector))


def _as_is(network: Network) -> list[Order]:
    return [Order.as_is(size) for size in network.sizes]


def _reordered(network: Network, vector: FloatArray, orders: list[Order]) -> FloatArray:
    """Every layer in its order; `orders` has one for the inputs and one for each layer."""
    result = np.array(vector, dtype=np.float64)
    for block, (before, after) in zip(network.layers(result), pairwise(orders), strict=True):
        block[:] = _outgoing(_incoming(block, after), before)
    return result


def _incoming(block: FloatArray, order: Order) -> FloatArray:
    """What comes into a layer (units, sources + 1), its units in their order."""
    return np.asarray(block[order.units] * order.signs[:, np.newaxis])


def _outgoing(block: FloatArray, order: Order) -> FloatArray:
    """What a layer listens to (units, sources + 1), its sources in their order."""
    return np.column_stack([block[:, order.units] * order.signs, block[:, -1]])


def _match(likeness: FloatArray, activation: str) -> Order:
    """The assignment of the greatest total likeness (units of a, units of b)."""
    # Slow to import, and needed by those only who ask for this.
    from scipy.optimize import linear_sum_assignment

    gain = np.abs(likeness) if activation in ODD else likeness
    rows, units = linear_sum_assignment(gain, maximize=True)
    signs = np.ones(len(rows))
    if activation in ODD:
        signs[likeness[rows, units] < 0.0] = -1.0
    return Order(np.asarray(units, dtype=np.intp), signs)


def _total(likeness: FloatArray, order: Order) -> float:
    places = np.arange(len(order.units))
    return float(np.sum(likeness[places, order.units] * order.signs))


def _by_layers_before(network: Network, a: FloatArray, b: FloatArray) -> list[Order]:
    """Each hidden layer by what comes into it, the layer before it being in order."""
    orders = _as_is(network)
    layers = list(zip(network.layers(a), network.layers(b), strict=True))
    for layer, (of_a, of_b) in enumerate(layers[:-1]):
        likeness = of_a @ _outgoing(of_b, orders[layer]).T
        orders[layer + 1] = _match(likeness, network.activations[layer])
    return orders


def _by_weights(network: Network, a: FloatArray, b: FloatArray, orders: list[Order]) -> list[Order]:
    """From `orders` on, each layer by what comes in and goes out, until none gets any better."""
    of_a, of_b, found = network.layers(a), network.layers(b), list(orders)
    for _ in range(MOST_ROUNDS):
        better = False
        for layer in range(1, len(network.sizes) - 1):
            incoming = of_a[layer - 1] @ _outgoing(of_b[layer - 1], found[layer - 1]).T
            outgoing = of_a[layer][:, :-1].T @ _incoming(of_b[layer], found[layer + 1])[:, :-1]
            likeness = incoming + outgoing
            order = _match(likeness, network.activations[layer - 1])
            gain = _total(likeness, order) - _total(likeness, found[layer])
            if gain > 1e-12 * float(np.abs(likeness).sum()):
                found[layer], better = order, True
        if not better:
            break
    return found


def _by_activations(
    network: Network, a: FloatArray, b: FloatArray, inputs: FloatArray
) -> list[Order]:
    """Each hidden layer by how its units go together over the rows: by their correlation."""
    orders = _as_is(network)
    of_a, of_b = (network.forward(vector, inputs)[1] for vector in (a, b))
    for layer, name in enumerate(network.activations[:-1], start=1):
        likeness = _centred(of_a[layer]).T @ _centred(of_b[layer])
        orders[layer] = _match(likeness, name)
    return orders


def _centred(values: FloatArray) -> FloatArray:
    """Each column less its mean, and of length 1; one that never changes stays 0."""
    away = values - values.mean(axis=0)
    length = np.linalg.norm(away, axis=0)
    return np.asarray(away / np.where(length > 0.0, length, 1.0))
