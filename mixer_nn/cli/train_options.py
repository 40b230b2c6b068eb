"""What may be typed after `mixer-nn train`, and which of it goes together."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from mixer_nn.cli.arguments import LARGEST, MIX_SUFFIX, Train
from mixer_nn.cli.kinds import Layers, Number, OneOf, SomeOf, Whole, columns, file_ending_in
from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.features import FEATURES
from mixer_nn.core.limits import MOST_LAYERS, MOST_NEURONS
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.schedule import SCHEDULES
from mixer_nn.data.shipped import SHIPPED
from mixer_nn.data.synthetic import MAX_NOISE, MAX_POINTS, MIN_POINTS, SYNTHETIC
from mixer_nn.session.mix import Setup

MOST_EPOCHS = 1_000_000
"""Epochs of one linear neuron unless asked otherwise: a net, not a setting. Stopping distances over
unscaled speeds, as crooked a valley as a table of one column is likely to give, settle after
707,109 epochs (in about a second, as a full-batch step costs the same for any number of rows)."""

NETWORK_EPOCHS = 10_000
"""Epochs of everything else, which has no least loss that it would settle at before long."""

TOLERANCE = 1e-11
"""Small enough that the least-squares line comes out to six digits where training crawls."""

_USUAL = Setup()
_FROM_0 = Number("a number from 0", lambda x: x >= 0.0)
_ABOVE_0 = Number("a number above 0", lambda x: x > 0.0)


def parse(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> Train:
    """The command in `arguments`; ends as argparse does where they are wrong or do not agree."""
    for heading, options in _GROUPS.items():
        group = parser.add_argument_group(heading)
        for name, settings in options.items():
            group.add_argument(name, **settings)
    found = vars(parser.parse_args(arguments))
    scaled = {"auto": None, "on": True, "off": False}[found.pop("scale")]
    command = Train(**found, scaled=scaled)
    if wrong := _disagreement(command):
        parser.error(wrong)
    return command


def _disagreement(command: Train) -> str:
    """What does not go together in a command, "" if all does: nothing typed may be without use."""
    if (command.table is None) == (command.dataset is None):
        return "give either a TABLE or --dataset NAME"
    made_up = command.dataset in SYNTHETIC
    optimizer = OPTIMIZERS[command.optimizer]
    for name, value, fits, wanted in (
        ("--points", command.points, made_up, f"--dataset with one of {', '.join(SYNTHETIC)}"),
        ("--noise", command.noise, made_up, f"--dataset with one of {', '.join(SYNTHETIC)}"),
        ("--classes", command.classes, made_up, "--dataset with one that has more classes: blobs"),
        ("--target", command.target, not made_up, "a table, whose columns can be chosen"),
        ("--inputs", command.inputs, not made_up, "a table, whose columns can be chosen"),
        ("--as-classes", command.as_classes or None, not made_up, "a table"),
        ("--activation", command.activation, bool(command.layers), "--layers"),
        ("--momentum", command.momentum, optimizer.has_momentum, _optimizers("has_momentum")),
        ("--decay", command.decay, optimizer.decays, _optimizers("decays")),
        ("--horizon", command.horizon, command.schedule != "constant", "--schedule step or cosine"),
    ):
        if value is not None and not fits:
            return f"{name} needs {wanted}"
    return ""


def _optimizers(trait: str) -> str:
    keys = [key for key, optimizer in OPTIMIZERS.items() if getattr(optimizer, trait)]
    return "--optimizer " + " or ".join(keys)


def _named(names: Sequence[str], text: str, default: str | None = None) -> dict[str, Any]:
    listed = ", ".join(names)
    return {
        "metavar": "NAME",
        "type": OneOf(tuple(names)),
        "default": default,
        "help": f"{text}: {listed}" + (f" (default: {default})" if default else ""),
    }


_DATA: dict[str, dict[str, Any]] = {
    "table": {
        "metavar": "TABLE",
        "nargs": "?",
        "help": "a table in a text file such as CSV; - for standard input; or the name of one that"
        f" comes with the program: {', '.join(SHIPPED)}",
    },
    "--dataset": _named(
        (*SYNTHETIC, *SHIPPED), "instead of a TABLE: made-up data, or a table of the program's"
    ),
    "--points": {
        "metavar": "N",
        "type": Whole(MIN_POINTS, MAX_POINTS),
        "help": "points of made-up data (default: 40 to 250, as the window has them)",
    },
    "--noise": {
        "metavar": "X",
        "type": Number(f"a number from 0 to {MAX_NOISE:,.0f}", lambda x: 0.0 <= x <= MAX_NOISE),
        "help": "spread of the noise on made-up data, in their units (default: some)",
    },
    "--classes": {
        "metavar": "N",
        "type": Whole(2, LARGEST),
        "help": "how many classes blobs have, 3 to 5 (default: 4)",
    },
    "--target": {
        "metavar": "COL",
        "help": "column to predict: numbers, or a text of 2 to 10 classes"
        " (default: the last one of numbers)",
    },
    "--as-classes": {
        "action": "store_true",
        "help": "take the target's whole numbers, 2 to 10 different ones, as classes",
    },
    "--inputs": {
        "metavar": "A,B",
        "type": columns,
        "help": "columns to predict it from; a text of 2 to 10 categories makes a column for each"
        " of them (default: the first sixteen others of numbers)",
    },
    "--features": {
        "metavar": "A,B",
        "type": SomeOf(tuple(FEATURES)),
        "default": (),
        "help": "columns to work out from two inputs and give to the network besides them:"
        f" {', '.join(FEATURES)}".replace("%", "%%"),
    },
    "--scale": {
        "choices": ("auto", "on", "off"),
        "default": "auto",
        "help": "train on columns of mean 0 and spread 1 (default: auto, where that helps)",
    },
    "--test": {
        "metavar": "SHARE",
        "type": Number("a share from 0 to below 1", lambda x: 0.0 <= x < 1.0),
        "default": 0.0,
        "help": "share of the rows to hold out and only judge by (default: 0)",
    },
}

_NETWORK: dict[str, dict[str, Any]] = {
    "--layers": {
        "metavar": "N,N",
        "type": Layers(MOST_LAYERS, MOST_NEURONS),
        "default": (),
        "help": f"neurons of each hidden layer, up to {MOST_LAYERS} of {MOST_NEURONS}, such as 8,8"
        " (default: none, a neuron for each output)",
    },
    "--activation": _named(tuple(ACTIVATIONS), "of the hidden layers; tanh by itself"),
    "--loss": _named(tuple(LOSSES), "what to lower; by itself the usual one for the target"),
}

_TRAINING: dict[str, dict[str, Any]] = {
    "--optimizer": _named(tuple(OPTIMIZERS), "how to step", "gradient-descent"),
    "--learning-rate": {
        "metavar": "X",
        "type": _ABOVE_0,
        "help": "size of the steps (default: for one linear neuron at most a twentieth of where it"
        " would diverge, else 0.1, and 0.01 for the Adam family)",
    },
    "--momentum": {
        "metavar": "X",
        "type": Number("a number from 0 to below 1", lambda x: 0.0 <= x < 1.0),
        "help": f"share of the last step in the next one (default: {_USUAL.momentum:g})",
    },
    "--decay": {
        "metavar": "X",
        "type": _FROM_0,
        "help": f"decay of the weights by AdamW (default: {_USUAL.decay:g})",
    },
    "--schedule": _named(tuple(SCHEDULES), "how the learning rate is lowered", "constant"),
    "--warm-up": {
        "metavar": "EPOCHS",
        "type": _FROM_0,
        "default": _USUAL.warm_up,
        "help": "epochs over which the learning rate grows to its full size (default: 0)",
    },
    "--horizon": {
        "metavar": "EPOCHS",
        "type": _ABOVE_0,
        "help": "epochs until the schedule is through"
        f" (default: those of --epochs if given, else {_USUAL.horizon:g})",
    },
    "--clip": {
        "metavar": "X",
        "type": _ABOVE_0,
        "help": "largest norm of the gradient; a longer one is shortened (default: any)",
    },
    "--l1": {
        "metavar": "X",
        "type": _FROM_0,
        "default": 0.0,
        "help": "pull on the weights toward 0, of one strength (default: 0)",
    },
    "--l2": {
        "metavar": "X",
        "type": _FROM_0,
        "default": 0.0,
        "help": "pull on the weights toward 0, as strong as they are large (default: 0)",
    },
    "--batch-size": {
        "metavar": "N",
        "type": Whole(1, LARGEST),
        "default": 0,
        "help": "rows per step (default: all of them)",
    },
    "--epochs": {
        "metavar": "N",
        "type": Whole(0, LARGEST),
        "help": f"passes over the rows at the most (default: {MOST_EPOCHS:,} for one linear neuron"
        f" under squared error, most need far fewer; else {NETWORK_EPOCHS:,})",
    },
    "--tolerance": {
        "metavar": "X",
        "type": _FROM_0,
        "default": TOLERANCE,
        "help": "settled when for ten steps no parameter p moves by more than X times the larger"
        f" of 1 and |p| (default: {TOLERANCE:g})",
    },
    "--seed": {
        "metavar": "N",
        "type": Whole(0, LARGEST),
        "default": 0,
        "help": "of all that is random: made-up data, first parameters, batches, held-out rows"
        " (default: 0)",
    },
}

_RESULT: dict[str, dict[str, Any]] = {
    "--json": {"action": "store_true", "help": "print the result as one JSON object"},
    "--save": {
        "metavar": "FILE",
        "type": file_ending_in(MIX_SUFFIX),
        "help": f"save the trained mix for the window; ends in {MIX_SUFFIX}",
    },
}

_GROUPS = {"data": _DATA, "network": _NETWORK, "training": _TRAINING, "result": _RESULT}
