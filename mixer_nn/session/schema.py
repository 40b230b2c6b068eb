"""A saved mix as JSON values, and back; every entry is checked on the way in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.core.features import FEATURES
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.network import Network
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.problem import Problem
from mixer_nn.core.schedule import SCHEDULES
from mixer_nn.core.training import TrainingState
from mixer_nn.session.codec import Entries, damaged, encode, is_text, one_line
from mixer_nn.session.curve import COLUMNS, Curve
from mixer_nn.session.migrate import VERSION, migrated
from mixer_nn.session.mix import MAX_TEMPO, Mix, Setup

FORMAT = "mixer-nn mix"
MOST_CELLS = 20_000_000
"""Rows times columns that a mix may hold."""
MOST_PARAMETERS = 100_000
LARGEST = 1e100
"""The data's largest number; the square of a larger one, times the rows, might be infinite."""


@dataclass(frozen=True, eq=False)
class Saved:
    """What a file holds: the mix, how Auto-mix is set, and the loss curves of its runs."""

    mix: Mix
    setup: Setup
    curves: tuple[Curve, ...] = ()


def to_json(saved: Saved) -> dict[str, Any]:
    """The file's content as JSON values."""
    mix, setup = saved.mix, saved.setup
    return {
        "format": FORMAT,
        "version": VERSION,
        "network": {
            "sizes": list(mix.network.sizes),
            "activations": list(mix.network.activations),
            "loss": mix.problem.loss_name,
            "features": list(mix.problem.features),
        },
        "parameters": _by_id(mix, mix.parameters),
        "initial": _by_id(mix, mix.initial),
        "locked": [p.id for p in mix.network.parameters if mix.locked[p.index]],
        "scales": _by_id(mix, mix.scales),
        "training": {
            "seed": mix.state.seed,
            "step": mix.state.step,
            "epoch": mix.state.epoch,
            "place": mix.state.place,
            "slots": encode(mix.state.slots),
            "count": mix.state.count,
            "optimizer": mix.state.optimizer,
            "run": mix.run,
            "moves": mix.moves,
        },
        "setup": {
            "learning_rate": setup.learning_rate,
            "batch_size": setup.batch_size,
            "optimizer": setup.optimizer,
            "tempo": None if setup.tempo == MAX_TEMPO else setup.tempo,
            "tolerance": setup.tolerance,
            "momentum": setup.momentum,
            "decay": setup.decay,
            "schedule": setup.schedule,
            "warm_up": setup.warm_up,
            "horizon": setup.horizon,
            "clip": setup.clip,
            "l1": setup.l1,
            "l2": setup.l2,
        },
        "data": _data_to_json(mix.dataset) | {"scaled": mix.problem.scaled},
        "curves": [{"run": curve.run, "points": encode(curve.points)} for curve in saved.curves],
    }


def _by_id(mix: Mix, vector: FloatArray) -> dict[str, float]:
    return {p.id: float(vector[p.index]) for p in mix.network.parameters}


def _data_to_json(dataset: Dataset) -> dict[str, Any]:
    return {
        "name": dataset.name,
        "source": dataset.source,
        "input_columns": [[column.name, column.unit] for column in dataset.input_columns],
        "target_columns": [[column.name, column.unit] for column in dataset.target_columns],
        "inputs": encode(dataset.inputs),
        "targets": encode(dataset.targets),
        "held_out": np.flatnonzero(dataset.held_out).tolist(),
        "recipe": [list(pair) for pair in dataset.recipe],
        "classes": list(dataset.classes),
    }


def from_json(value: object) -> Saved:
    """The content of a file from its JSON values; MixError with what is wrong with them."""
    top = Entries(value, "mix")
    if top.raw("format") != FORMAT:
        raise MixError("it is not a mix of this program")
    version = top.raw("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise damaged("its version number is missing")
    if version > VERSION:
        raise MixError(
            f"it was saved by a newer version of this program (format {one_line(str(version))},"
            f" this one reads up to {VERSION}); update the program to open it"
        )
    if isinstance(value, dict):
        top = Entries(migrated(value, version), "mix")
    try:
        problem = _problem(top)
        return Saved(_mix(top, problem), _setup(top.entries("setup")), _curves(top))
    except (ValueError, OverflowError, MemoryError) as error:
        raise damaged(str(error)) from None


def _problem(top: Entries) -> Problem:
    wiring, data = top.entries("network"), top.entries("data")
    sizes = wiring.list("sizes")
    if not all(type(size) is int and 0 < size <= 10_000 for size in sizes):
        raise damaged("“network.sizes” should be whole numbers from 1 to 10,000")
    activations = wiring.list("activations")
    if any(name not in list(ACTIVATIONS) for name in activations):
        raise damaged("“network.activations” names one that this program does not have")
    loss = wiring.text("loss")
    if loss not in LOSSES:
        raise damaged(f"“{one_line(loss)}” is no loss that this program has")
    network = Network(tuple(sizes), tuple(activations))
    if network.parameter_count > MOST_PARAMETERS:
        raise MixError(f"its network has more than {MOST_PARAMETERS:,} parameters")
    features = wiring.list("features")
    if any(name not in list(FEATURES) for name in features) or len(set(features)) < len(features):
        raise damaged("“network.features” names one that this program does not have, or one twice")
    return Problem(network, _dataset(data), data.flag("scaled"), loss, tuple(features))


def _dataset(data: Entries) -> Dataset:
    inputs, targets = data.array("inputs", 2), data.array("targets", 2)
    if inputs.size + targets.size > MOST_CELLS:
        raise MixError(f"its data have more than {MOST_CELLS:,} numbers")
    if not all((np.abs(array) <= LARGEST).all() for array in (inputs, targets)):
        raise damaged(f"its data have a number that is not finite or beyond {LARGEST:g}")
    held_out = np.zeros(len(inputs), dtype=np.bool_)
    for row in data.list("held_out"):
        if not isinstance(row, int) or isinstance(row, bool) or not 0 <= row < len(inputs):
            raise damaged("“data.held_out” names a row that is not there")
        held_out[row] = True
    return Dataset(
        data.text("name"),
        inputs,
        targets,
        _columns(data, "input_columns"),
        _columns(data, "target_columns"),
        held_out,
        data.text("source"),
        _recipe(data),
        _classes(data),
    )


def _classes(data: Entries) -> tuple[str, ...]:
    names = data.list("classes")
    if not all(is_text(name) for name in names) or len(names) == 1:
        raise damaged("“data.classes” should be two names or more, or none")
    return tuple(names)


def _columns(data: Entries, key: str) -> tuple[Column, ...]:
    columns = []
    for pair in data.list(key):
        if not (isinstance(pair, list) and len(pair) == 2 and all(is_text(text) for text in pair)):
            raise damaged(f"“data.{key}” should be pairs of name and unit")
        columns.append(Column(*pair))
    return tuple(columns)


def _recipe(data: Entries) -> tuple[tuple[str, str | int | float], ...]:
    recipe: list[tuple[str, str | int | float]] = []
    for pair in data.list("recipe"):
        if not (
            isinstance(pair, list)
            and len(pair) == 2
            and is_text(pair[0])
            and (is_text(pair[1]) or isinstance(pair[1], int | float))
        ):
            raise damaged("“data.recipe” should be pairs of a name and a value")
        recipe.append((pair[0], pair[1]))
    return tuple(recipe)


def _vector(top: Entries, key: str, network: Network) -> FloatArray:
    entries, ids = top.entries(key), [parameter.id for parameter in network.parameters]
    found = top.raw(key)
    if len(found) != len(ids):
        raise damaged(f"“{key}” has {len(found)} entries, the network has {len(ids)} parameters")
    return np.array([entries.number(name) for name in ids])


def _mix(top: Entries, problem: Problem) -> Mix:
    network, training = problem.network, top.entries("training")
    slots = training.array("slots", 2)
    optimizer = _optimizer(training)
    wanted = (OPTIMIZERS[optimizer].slots, network.parameter_count)
    if slots.size == 0:
        slots = slots.reshape(0, 0) if wanted[0] else np.zeros(wanted)
    if slots.shape != wanted or not np.isfinite(slots).all():
        raise damaged("the optimizer's memory does not fit the network")
    rows = problem.objective.rows
    state = TrainingState(
        _vector(top, "parameters", network),
        training.count("seed"),
        training.count("step"),
        training.count("epoch"),
        training.count("place", most=max(rows - 1, 0)),
        slots,
        training.count("count"),
        optimizer,
    )
    names, ids = top.list("locked"), [parameter.id for parameter in network.parameters]
    locked = {name for name in names if isinstance(name, str)}
    if not locked.issubset(ids) or len(locked) != len(names):
        raise damaged("“locked” names a knob that is not there")
    scales = _vector(top, "scales", network)
    if not (scales > 0.0).all():
        raise damaged("“scales” should be above 0")
    return Mix(
        problem,
        state,
        _vector(top, "initial", network),
        np.array([name in locked for name in ids], dtype=np.bool_),
        scales,
        training.count("run"),
        training.count("moves"),
    )


def _optimizer(setup: Entries) -> str:
    name = setup.text("optimizer")
    if name not in OPTIMIZERS:
        raise damaged(f"“{one_line(name)}” is no optimizer that this program has")
    return name


def _setup(setup: Entries) -> Setup:
    rate = None if setup.raw("learning_rate") is None else setup.number("learning_rate")
    tempo = MAX_TEMPO if setup.raw("tempo") is None else setup.number("tempo")
    tolerance = setup.number("tolerance")
    if (rate is not None and rate <= 0.0) or tempo <= 0.0 or tolerance < 0.0:
        raise damaged("“setup” has a number that is not above 0")
    schedule = setup.text("schedule")
    if schedule not in SCHEDULES:
        raise damaged(f"“{one_line(schedule)}” is no schedule that this program has")
    return Setup(
        rate,
        setup.count("batch_size"),
        _optimizer(setup),
        tempo,
        tolerance,
        setup.number("momentum"),
        setup.number("decay"),
        schedule,
        setup.number("warm_up"),
        setup.number("horizon"),
        None if setup.raw("clip") is None else setup.number("clip"),
        setup.number("l1"),
        setup.number("l2"),
    )


def _curves(top: Entries) -> tuple[Curve, ...]:
    curves = []
    for value in top.list("curves"):
        entry = Entries(value, "curves")
        points = entry.array("points", 2)
        if points.size == 0:
            points = points.reshape(0, len(COLUMNS))
        if points.shape[1] != len(COLUMNS) or not (np.diff(points[:, 0]) > 0).all():
            raise damaged("a loss curve is not in order")
        curves.append(Curve(entry.count("run"), points))
    if len({curve.run for curve in curves}) != len(curves):
        raise damaged("two loss curves have the same number")
    return tuple(curves)
