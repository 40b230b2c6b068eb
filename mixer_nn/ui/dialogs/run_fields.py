"""The columns of the table of runs: how each was trained, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mixer_nn.session.mix import Setup
from mixer_nn.state.run import Run
from mixer_nn.ui.monitors.curve import EPOCH, HELD_OUT
from mixer_nn.ui.numbers import count, short
from mixer_nn.ui.run_words import (
    batch_text,
    loss_text,
    network_text,
    number_of,
    optimizer_text,
    other_text,
    rate_text,
    time_text,
)

_Key = float | str

NONE = "–"


@dataclass(frozen=True)
class Field:
    """A column: `text` for the screen, `key` to sort by, a number where it is one."""

    key: str
    title: str
    tip: str
    text: Callable[[Run], str]
    value: Callable[[Run], _Key]
    checks: bool = False


def _trained(words: Callable[[Setup], str]) -> Callable[[Run], str]:
    """How a run was trained, in words; none where hands were at work alone."""

    def text(run: Run) -> str:
        return NONE if run.setup is None else words(run.setup)

    return text


def _rate(run: Run) -> float:
    if run.setup is None or run.head is None:
        return math.nan
    return run.setup.rate(run.head.problem)


def _rate_text(run: Run) -> str:
    if run.setup is None or run.head is None:
        return NONE
    return rate_text(run.setup, run.head.problem)


def _batch(run: Run) -> float:
    if run.setup is None or run.head is None:
        return math.nan
    return float(run.setup.batch_size or run.head.problem.objective.rows)


def _steps(run: Run) -> float:
    return math.nan if run.head is None else float(run.steps)


def _epochs(run: Run) -> float:
    points = run.points
    return float(points[-1, EPOCH]) if len(points) else 0.0


def _best(run: Run) -> float:
    return run.best if math.isfinite(run.best) else math.nan


def _held_out(run: Run) -> float:
    points = run.points
    return float(points[-1, HELD_OUT]) if len(points) else math.nan


def _best_held_out(run: Run) -> float:
    return float(np.fmin.reduce(run.points[:, HELD_OUT], initial=math.nan))


def _number(value: Callable[[Run], float]) -> Callable[[Run], str]:
    """A number as the program writes it; a dash for none."""

    def text(run: Run) -> str:
        number = value(run)
        return NONE if math.isnan(number) else short(number)

    return text


def _nothing(run: Run) -> str:
    return ""


def _name(run: Run) -> str:
    return run.name


def _seconds_text(run: Run) -> str:
    return time_text(run.seconds)


def _seconds(run: Run) -> float:
    return run.seconds


def _other(run: Run) -> str:
    return "" if run.setup is None else other_text(run.setup)


def _steps_text(run: Run) -> str:
    return NONE if run.head is None else count(run.steps)


def _epochs_text(run: Run) -> str:
    return f"{_epochs(run):,.2f}".rstrip("0").rstrip(".")


def _network(run: Run) -> str:
    return NONE if run.head is None else network_text(run.head)


def _loss(run: Run) -> str:
    return NONE if run.head is None else loss_text(run.head.problem)


def _kept(run: Run) -> float:
    return float(not run.kept)


def _number_of(run: Run) -> float:
    return float(number_of(run))


def _number_text(run: Run) -> str:
    return str(number_of(run))


_batch_text = _trained(batch_text)

FIELDS: tuple[Field, ...] = (
    Field("run", "Run", "Its number", _number_text, _number_of),
    Field(
        "shown",
        "Shown",
        "Drawn in the Loss monitor: a kept run with this line and its name, others faintly",
        _nothing,
        _number_of,
        checks=True,
    ),
    Field("kept", "Kept", "Kept beside the others, and never forgotten", _nothing, _kept, True),
    Field("name", "Name", "Double click, or Enter, to name it", _name, _name),
    Field("network", "Network", "Neurons of each layer, the inputs first", _network, _network),
    Field("loss", "Loss function", "What was made as small as possible", _loss, _loss),
    Field("optimizer", "Optimizer", "How it was trained last", optimizer_text, optimizer_text),
    Field("rate", "Learning rate", "auto: chosen by the program", _rate_text, _rate),
    Field("batch", "Batch", "Rows of a step", _batch_text, _batch),
    Field("other", "Other settings", "Where they are other than usual", _other, _other),
    Field("steps", "Steps", "Steps of the optimizer", _steps_text, _steps),
    Field("epochs", "Epochs", "Passes over the training rows", _epochs_text, _epochs),
    Field("time", "Time", "Spent in the optimizer's steps", _seconds_text, _seconds),
    Field("best", "Best loss", "The lowest training loss", _number(_best), _best),
    Field("heldOut", "Held out", "Held-out loss at its end", _number(_held_out), _held_out),
    Field(
        "bestHeldOut",
        "Best held out",
        "The lowest held-out loss",
        _number(_best_held_out),
        _best_held_out,
    ),
)
COLUMN = {field.key: column for column, field in enumerate(FIELDS)}
