"""Mixes that keep the form of one, stretched to where the arithmetic or the room may give way."""

from __future__ import annotations

import base64
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.session.codec import decode, decode_whole, encode

EXTREMES = (0.0, -0.0, 5e-324, 1e-308, 1e-160, 1e-9, 1.0, 1e9, 1e15, 1e50, 9.9e99, 1e150, 1.7e308)


def _filled(rng: Random, shape: tuple[int, ...]) -> FloatArray:
    """Numbers of one size: all the same, of both signs, one apart from the rest, or spread."""
    size = rng.choice(EXTREMES)
    signs = np.array([rng.choice((-1.0, 1.0)) for _ in range(int(np.prod(shape)))]).reshape(shape)
    way = rng.randrange(4)
    if way == 0:
        return np.full(shape, size)
    if way == 1:
        return size * signs
    if way == 2:
        values = np.full(shape, rng.choice(EXTREMES))
        values[..., :1] = size
        return values
    return np.asarray(size * signs * np.linspace(0.1, 1.0, signs.size).reshape(shape))


def data(rng: Random, content: Any) -> None:
    holder, key = content["data"], rng.choice(("inputs", "targets"))
    holder[key] = encode(_filled(rng, decode(holder[key], key, 2).shape))


def one_column(rng: Random, content: Any) -> None:
    holder, key = content["data"], rng.choice(("inputs", "inputs", "targets"))
    values = decode(holder[key], key, 2)
    values[:, rng.randrange(values.shape[1])] = _filled(rng, (len(values),))
    holder[key] = encode(values)


def rows(rng: Random, content: Any) -> None:
    """Few rows, or many of the same, with some held out, all but one among them."""
    holder = content["data"]
    inputs, targets = decode(holder["inputs"], "", 2), decode(holder["targets"], "", 2)
    count = rng.choice((1, 2, 3, 5, 5000))
    holder["inputs"] = encode(np.resize(inputs, (count, inputs.shape[1])))
    holder["targets"] = encode(np.resize(targets, (count, targets.shape[1])))
    held = rng.choice((0, 0, 1, count // 2, count - 1))
    holder["held_out"] = list(range(min(held, count)))
    content["training"]["place"] = rng.choice((0, 0, content["training"]["place"]))


def knobs(rng: Random, content: Any) -> None:
    vector = content[rng.choice(("parameters", "parameters", "initial", "scales"))]
    for name, value in zip(vector, _filled(rng, (len(vector),)).tolist(), strict=True):
        vector[name] = value
    if vector is content["scales"]:
        for name in vector:
            vector[name] = abs(vector[name]) or 1e-300


def counts(rng: Random, content: Any) -> None:
    training = content["training"]
    for key in rng.sample(("seed", "step", "epoch", "count", "run", "moves"), rng.randint(1, 3)):
        training[key] = rng.choice((0, 1, 2**31, 2**32, 2**53 - 1, 2**53))


def setup(rng: Random, content: Any) -> None:
    holder = content["setup"]
    numbers = ("learning_rate", "tempo", "tolerance", "decay", "warm_up", "horizon", "clip", "l1")
    for key in rng.sample((*numbers, "l2"), rng.randint(1, 4)):
        holder[key] = rng.choice((*EXTREMES, None))
    holder["momentum"] = rng.choice((0.0, 0.5, 0.999999, 1.0 - 2.0**-53, 1.0))
    holder["batch_size"] = rng.choice((0, 1, 2, 10**6, 2**53))


def optimizer(rng: Random, content: Any) -> None:
    name = rng.choice(list(OPTIMIZERS))
    content["setup"]["optimizer"] = name
    if rng.random() < 0.7:
        shape = OPTIMIZERS[name].slots, len(content["parameters"])
        slots = _filled(rng, shape) if rng.random() < 0.5 else np.zeros(shape)
        content["training"] |= {"optimizer": name, "slots": encode(slots)}


def wiring(rng: Random, content: Any) -> None:
    network = content["network"]
    names = network["activations"]
    names[rng.randrange(len(names))] = rng.choice(list(ACTIVATIONS))
    network["loss"] = rng.choice((network["loss"], rng.choice(list(LOSSES))))
    content["data"]["scaled"] = rng.random() < 0.5


def names(rng: Random, content: Any) -> None:
    strange = ("", " ", "a\nb", "\0", "<b>x</b>", "$x$", "x" * 20_000, "\u202e", "%d", "same")
    holder = content["data"]
    for key in ("input_columns", "target_columns"):
        for column in holder[key]:
            column[:] = [rng.choice(strange), rng.choice(("", *strange))]
    holder["classes"] = [rng.choice(strange) for _ in holder["classes"]]
    holder["name"] = rng.choice(strange)


def curve(rng: Random, content: Any) -> None:
    for entry in content["curves"]:
        points = decode(entry["points"], "", 2)
        moves = np.array(points[:, 0])
        points[:] = _filled(rng, points.shape)
        points[rng.randrange(len(points)) :] = rng.choice((np.nan, np.inf, -np.inf, 1e300))
        points[:, 0] = moves if rng.random() < 0.8 else rng.choice((moves - 7, moves / 3, -moves))
        entry["points"] = encode(points)


def large(rng: Random, content: Any) -> None:
    """As many neurons as its own entries say, and all of them there."""
    size = rng.choice((17, 100, 700))
    inputs, outputs = content["network"]["sizes"][0], content["network"]["sizes"][-1]
    content["network"] |= {"sizes": [inputs, size, outputs], "activations": ["tanh", "linear"]}
    ids = [
        *(f"layer1.neuron{n + 1}.weight{i + 1}" for n in range(size) for i in range(inputs)),
        *(f"layer1.neuron{n + 1}.bias" for n in range(size)),
        *(f"layer2.neuron{n + 1}.weight{i + 1}" for n in range(outputs) for i in range(size)),
        *(f"layer2.neuron{n + 1}.bias" for n in range(outputs)),
    ]
    content |= {"parameters": dict.fromkeys(ids, 0.5), "initial": dict.fromkeys(ids, 0.1)}
    content |= {"scales": dict.fromkeys(ids, 4.0), "locked": []}
    slots = OPTIMIZERS[content["training"]["optimizer"]].slots
    packed = base64.b64encode(bytes(8 * slots * len(ids))).decode("ascii")
    content["training"]["slots"] = {"shape": [slots, len(ids)], "float64": packed}


def record(rng: Random, content: Any) -> None:
    """States of a run at other places, or far out."""
    block = rng.choice(content["record"])["block"]
    way = rng.randrange(4)
    if way == 0:
        block["values"] = encode(_filled(rng, decode(block["values"], "", 3).shape))
    elif way == 1:
        moves = decode_whole(block["moves"], "", 1)
        block["moves"] = encode(moves + rng.choice((1, 1000, 2**31, 2**52)))
    elif way == 2:
        counts = np.array(decode_whole(block["counts"], "", 2))
        counts[:, rng.randrange(counts.shape[1])] = rng.choice((0, 1, 10**6, 2**31, 2**53))
        block["counts"] = encode(counts)
    else:
        ways = decode_whole(block["way"], "", 1)
        block["way"] = encode(np.array([rng.randint(0, len(block["ways"])) for _ in ways]))


def runs(rng: Random, content: Any) -> None:
    """Runs that branch off each other, off themselves, off nothing, or have other data."""
    run = rng.choice(content["runs"])
    numbers = [each["number"] for each in content["runs"]]
    way = rng.randrange(5)
    if way == 0:
        run["parent"] = [rng.choice((*numbers, 77)), rng.choice((0, 5, 40, 10**6, 2**53))]
    elif way == 1:
        run["same_data"] = False
    elif way == 2:
        run["mix"] = rng.choice(content["runs"])["mix"]
    elif way == 3:
        content["training"]["run"] = rng.choice((*numbers, 77, 2**53))
    else:
        content["visit"] = rng.choice((0, 1, 7, 10**6, 2**53))


def cues(rng: Random, content: Any) -> None:
    """Pads with what belongs to another, on other data, with losses that cannot be."""
    pads = content["cues"]
    cue = rng.choice([each for each in pads if each])
    cue["same_data"] = rng.random() < 0.5
    cue["loss"] = rng.choice((None, *EXTREMES))
    cue["name"] = rng.choice(("", "a\nb", "x" * 5000))
    cue["mix"]["training"]["run"] = rng.choice((None, 0, 1, 77, 2**53))
    cue["mix"]["training"]["moves"] = rng.choice((0, 40, 2**53))
    pads[rng.randrange(len(pads))] = rng.choice((cue, None, {**cue, "name": "again"}))


def version(rng: Random, content: Any) -> None:
    content["version"] = rng.choice((1, 2, 3, 4, 0, -1, 2.0, "2"))


CHANGES: tuple[Callable[[Random, Any], None], ...] = (
    *(data, data, one_column, one_column, rows, knobs, knobs, counts, setup, setup, optimizer),
    *(wiring, wiring, names, curve, large, version, record, record, runs, runs, cues, cues),
)
