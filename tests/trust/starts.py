"""Files to begin from: what the program itself writes, as JSON values and as tables."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from mixer_nn.core.dataset import Dataset
from mixer_nn.core.segment import Segment
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.synthetic import make
from mixer_nn.data.table import build, parse_table, propose
from mixer_nn.session.curve import COLUMNS, Curve
from mixer_nn.session.mix import Mix, Setup, network_on, neuron_on
from mixer_nn.session.schema import Saved, to_json
from mixer_nn.state.automix import AutoMix
from mixer_nn.state.cues import Cues
from mixer_nn.state.desk import Desk
from mixer_nn.state.document import Document

TABLE = "speed (mph),distance (ft),wind\n" + "\n".join(
    f"{4 + row % 21},{2 + (row * 7) % 90}.{row % 10},{row / 8}" for row in range(40)
)


def held_out(data: Dataset) -> Dataset:
    return data.split(0.2, np.random.default_rng(0))


def trained(mix: Mix, setup: Setup, steps: int) -> Mix:
    settings = setup.settings(mix.problem)
    segment = Segment(mix.problem.objective, settings, mix.state, ~mix.locked)
    segment.advance(steps=steps)
    return replace(mix.with_state(segment.state), moves=mix.moves + segment.state.step)


def neuron() -> Saved:
    mix = neuron_on(make("line", seed=1, points=12), 1)
    return Saved(trained(mix, Setup(), 4), Setup())


def network() -> Saved:
    """Adam in the middle of an epoch, extra features, a fifth held out, two knobs locked."""
    setup = Setup(None, 16, "adam", schedule="cosine", warm_up=2.5, horizon=20.0, clip=0.3)
    data = held_out(make("moons", seed=3, points=90))
    mix = network_on(data, 3, (8, 8), features=("x1^2", "sin(x1)"))
    locked = np.zeros(mix.locked.size, dtype=np.bool_)
    locked[[3, 11]] = True
    return Saved(trained(replace(mix, locked=locked), setup, 13), setup)


def classes() -> Saved:
    setup = Setup(0.05, 32, "momentum", momentum=0.8, l2=1e-3)
    return Saved(trained(neuron_on(load_shipped("iris"), 2), setup, 7), setup)


def own_table() -> Saved:
    table = parse_table(TABLE, "mine.csv")
    data = build(table, propose(table), held_out=0.1, seed=5).dataset
    return Saved(neuron_on(data, 5, scaled=True), Setup(batch_size=8))


def with_curves() -> Saved:
    rng = np.random.default_rng(0)
    points = np.column_stack([np.arange(30.0), rng.random((30, len(COLUMNS) - 1))])
    points[:, COLUMNS.index("held_out")] = np.nan
    few = np.array(points[:3])
    few[:, COLUMNS.index("held_out")] = 1.0
    saved = neuron()
    mix = replace(saved.mix, run=4, moves=29)
    return Saved(mix, saved.setup, (Curve(1, few), Curve(4, points)))


def with_past() -> Saved:
    """Three runs with the states along them, cues in two of them, and a look back."""
    data = held_out(make("moons", seed=3, points=60))
    desk = Desk(network_on(data, 3, (3,)), Setup(0.05, 16, "adam"))
    automix, cues, document = AutoMix(desk), Cues(desk), Document(desk)
    automix.step(40)
    cues.store(0)
    desk.turn(2, 0.75)
    automix.step(30)
    cues.store(5)
    desk.new_start(8)
    automix.step(25)
    cues.jump(0)
    automix.step(10)
    desk.name_run(0, "the first")
    desk.flush()
    desk.visit(20)
    return replace(document.content, curves=desk.history.curves)


MAKERS = (neuron, network, classes, own_table, with_curves, with_past, with_past)


@cache
def texts() -> tuple[str, ...]:
    """Each of the files as text, made once."""
    return tuple(json.dumps(to_json(maker()), allow_nan=False) for maker in MAKERS)


def fresh(number: int) -> Any:
    """The JSON values of one of the files, to be changed at will."""
    return json.loads(texts()[number])
