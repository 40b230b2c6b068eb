"""How Auto-mix is set, and how steps were made, as JSON values and back."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.schedule import SCHEDULES
from mixer_nn.core.training import Settings
from mixer_nn.session.codec import Entries, damaged, one_line
from mixer_nn.session.setup import MAX_TEMPO, Setup


def setup_to_json(setup: Setup) -> dict[str, Any]:
    """The setup as JSON values; an endless tempo is null."""
    return vars(setup) | {"tempo": None if setup.tempo == MAX_TEMPO else setup.tempo}


def settings_to_json(settings: Settings) -> dict[str, Any]:
    """The settings of steps that have been taken."""
    return dict(vars(settings))


def setup_of(entries: Entries) -> Setup:
    """The setup that was saved; MixError where it is none."""
    rate = None if entries.raw("learning_rate") is None else entries.number("learning_rate")
    tempo = MAX_TEMPO if entries.raw("tempo") is None else entries.number("tempo")
    tolerance = entries.number("tolerance")
    if (rate is not None and rate <= 0.0) or tempo <= 0.0 or tolerance < 0.0:
        raise damaged("“setup” has a number that is not above 0")
    return Setup(
        rate,
        entries.count("batch_size"),
        optimizer_of(entries),
        tempo,
        tolerance,
        entries.number("momentum"),
        entries.number("decay"),
        _schedule_of(entries),
        entries.number("warm_up"),
        entries.number("horizon"),
        None if entries.raw("clip") is None else entries.number("clip"),
        entries.number("l1"),
        entries.number("l2"),
    )


def settings_of(entries: Entries) -> Settings:
    """The settings that were saved; what no setup could be set to is refused as there."""
    rate = entries.number("learning_rate")
    setup = setup_of(entries)
    shared = {each.name: getattr(setup, each.name) for each in fields(Settings)}
    return Settings(**shared | {"learning_rate": rate})


def optimizer_of(entries: Entries) -> str:
    """The name of an optimizer that there is."""
    name = entries.text("optimizer")
    if name not in OPTIMIZERS:
        raise damaged(f"“{one_line(name)}” is no optimizer that this program has")
    return name


def _schedule_of(entries: Entries) -> str:
    name = entries.text("schedule")
    if name not in SCHEDULES:
        raise damaged(f"“{one_line(name)}” is no schedule that this program has")
    return name
