"""A mix without its data as JSON values, and back: the one on the desk, cues, heads of runs."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.core.features import FEATURES
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.network import Network
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.problem import Problem
from mixer_nn.core.training import TrainingState
from mixer_nn.session.codec import Entries, damaged, one_line
from mixer_nn.session.mix import NO_RUN, Mix
from mixer_nn.session.schema_setup import optimizer_of

MOST_PARAMETERS = 100_000
"""Of one network, and of all different networks in a file together."""

MOST_MOVES = 2**52
"""Steps, epochs, moves, runs that a file may begin with: there is room to count on from there."""

Key = tuple[Network, bool, str, tuple[str, ...]]


def mix_to_json(mix: Mix) -> dict[str, Any]:
    """The mix as JSON values and arrays, but for its data and its cues."""
    return {
        **wiring_to_json(mix),
        "scaled": mix.problem.scaled,
        "parameters": mix.parameters,
        "initial": mix.initial,
        "locked": np.flatnonzero(mix.locked),
        "scales": mix.scales,
        **training_to_json(mix),
    }


def is_finite(mix: Mix) -> bool:
    """Whether every number in it is one that can be read again."""
    vectors = (mix.parameters, mix.initial, mix.scales, mix.state.slots)
    return all(bool(np.isfinite(vector).all()) for vector in vectors)


def readable_mix_to_json(mix: Mix) -> dict[str, Any]:
    """The same with knobs called by their names, and without what `data` says of scaling."""
    return {
        **wiring_to_json(mix),
        "parameters": partial(_by_id, mix, mix.parameters),
        "initial": partial(_by_id, mix, mix.initial),
        "locked": [p.id for p in mix.network.parameters if mix.locked[p.index]],
        "scales": partial(_by_id, mix, mix.scales),
        **training_to_json(mix),
    }


def wiring_to_json(mix: Mix) -> dict[str, Any]:
    """The network, and what is made of its outputs and inputs."""
    problem = mix.problem
    return {
        "network": {
            "sizes": list(mix.network.sizes),
            "activations": list(mix.network.activations),
            "loss": problem.loss_name,
            "features": list(problem.features),
        }
    }


def training_to_json(mix: Mix) -> dict[str, Any]:
    """Where the training stands besides the parameters."""
    state = mix.state
    return {
        "training": {
            "seed": state.seed,
            "step": state.step,
            "epoch": state.epoch,
            "place": state.place,
            "slots": state.slots,
            "count": state.count,
            "optimizer": state.optimizer,
            "run": None if mix.run == NO_RUN else mix.run,
            "moves": mix.moves,
        }
    }


def _by_id(mix: Mix, vector: FloatArray) -> dict[str, float]:
    return {p.id: float(vector[p.index]) for p in mix.network.parameters}


def key_of(problem: Problem) -> Key:
    """What tells it from other problems on the same data."""
    return problem.network, problem.scaled, problem.loss_name, problem.features


def rows_of(problem: Problem) -> int:
    """The rows that it trains on."""
    return int(np.count_nonzero(~problem.dataset.held_out))


class Problems:
    """The problems that a file's mixes are of, all on the same data; each is made once."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._made: dict[Key, Problem] = {}
        self._networks: dict[Network, Network] = {}

    def of(self, wiring: Entries, scaled: bool) -> Problem:
        """The problem described; MixError where it is none, ValueError where data do not fit."""
        loss = wiring.text("loss")
        if loss not in LOSSES:
            raise damaged(f"“{one_line(loss)}” is no loss that this program has")
        key = (self._network(wiring), scaled, loss, _features(wiring))
        if key not in self._made:
            self._made[key] = Problem(key[0], self._dataset, scaled, loss, key[3])
        return self._made[key]

    def _network(self, wiring: Entries) -> Network:
        sizes, activations = wiring.list("sizes"), wiring.list("activations")
        if not all(type(size) is int and 0 < size <= 10_000 for size in sizes):
            raise damaged("“network.sizes” should be whole numbers from 1 to 10,000")
        if any(name not in list(ACTIVATIONS) for name in activations):
            raise damaged("“network.activations” names one that this program does not have")
        try:
            network = Network(tuple(sizes), tuple(activations))
        except ValueError as error:
            raise damaged(str(error)) from None
        if network not in self._networks:
            self._networks[network] = network
            if sum(each.parameter_count for each in self._networks) > MOST_PARAMETERS:
                raise MixError(f"its networks have more than {MOST_PARAMETERS:,} parameters")
        return self._networks[network]


def _features(wiring: Entries) -> tuple[str, ...]:
    features = wiring.list("features")
    if any(name not in list(FEATURES) for name in features) or len(set(features)) < len(features):
        raise damaged("“network.features” names one that this program does not have, or one twice")
    return tuple(features)


def mix_of(entries: Entries, problem: Problem, same_data: bool = True) -> Mix:
    """The mix that was saved, on this problem; MixError where it is none.

    On other data than it had, a place in the epoch beyond the last row becomes the last.
    """
    network, training = problem.network, entries.entries("training")
    optimizer, last = optimizer_of(training), rows_of(problem) - 1
    place = training.count("place", most=last) if same_data else training.count("place")
    state = TrainingState(
        _vector(entries, "parameters", network),
        training.count("seed"),
        training.count("step", MOST_MOVES),
        training.count("epoch", MOST_MOVES),
        min(place, last),
        _slots(training, optimizer, network),
        training.count("count", MOST_MOVES),
        optimizer,
    )
    scales = _vector(entries, "scales", network)
    if not (scales > 0.0).all():
        raise damaged("“scales” should be above 0")
    return Mix(
        problem,
        state,
        _vector(entries, "initial", network),
        _locked(entries, network),
        scales,
        NO_RUN if training.raw("run") is None else training.count("run", MOST_MOVES),
        training.count("moves", MOST_MOVES),
    )


def _slots(training: Entries, optimizer: str, network: Network) -> FloatArray:
    slots = training.array("slots", 2)
    wanted = (OPTIMIZERS[optimizer].slots, network.parameter_count)
    if slots.size == 0:
        slots = slots.reshape(0, 0) if wanted[0] else np.zeros(wanted)
    if slots.shape != wanted or not np.isfinite(slots).all():
        raise damaged("the optimizer's memory does not fit the network")
    return slots


def _vector(entries: Entries, key: str, network: Network) -> FloatArray:
    """One number for each parameter, by its name or in its order."""
    found = entries.raw(key)
    by_name = isinstance(found, dict) and "float64" not in found
    vector = np.zeros(0) if by_name else entries.array(key, 1)
    count = len(found) if by_name else len(vector)
    if count != network.parameter_count:
        raise damaged(
            f"“{key}” has {count} entries, the network has {network.parameter_count} parameters"
        )
    if by_name:
        named = entries.entries(key)
        return np.array([named.number(parameter.id) for parameter in network.parameters])
    if not np.isfinite(vector).all():
        raise damaged(f"“{key}” has a number that is not finite")
    return vector


def _locked(entries: Entries, network: Network) -> BoolArray:
    """Which knobs are locked, by their names or by their places."""
    marks = np.zeros(network.parameter_count, dtype=np.bool_)
    names = entries.raw("locked")
    if isinstance(names, list) and names and all(isinstance(name, str) for name in names):
        places = {parameter.id: parameter.index for parameter in network.parameters}
        if not set(names).issubset(places) or len(set(names)) != len(names):
            raise damaged("“locked” names a knob that is not there")
        marks[[places[name] for name in names]] = True
        return marks
    places_of = entries.whole("locked", 1)
    if places_of.size and places_of.max() >= len(marks):
        raise damaged("“locked” names a knob that is not there")
    marks[places_of] = True
    return marks
