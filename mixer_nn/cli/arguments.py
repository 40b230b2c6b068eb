"""What may be typed after `mixer-nn`: one frozen value for each command, or exit code 2."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from mixer_nn import __version__
from mixer_nn.cli.kinds import Number, Whole, columns, file_ending_in, picture_size

PROGRAM = "mixer-nn"
MIX_SUFFIX = ".mixnn"

MOST_EPOCHS = 1_000_000
"""Epochs unless asked otherwise: a net, not a setting. Stopping distances over unscaled speeds, as
crooked a valley as a table of one column is likely to give, settle after 707,109 epochs (in about
a second, as a full-batch step of a linear neuron costs the same for any number of rows)."""

TOLERANCE = 1e-11
"""Small enough that the least-squares line comes out to six digits where training crawls."""

LARGEST = 2**53
"""Of whole numbers; beyond it, other readers of JSON would round."""

_COMMANDS = f"""\
commands:
  {PROGRAM} train TABLE    train one neuron without a window, print or save the result
  {PROGRAM} render -o PNG  draw the window into a picture; needs no display
  {PROGRAM} doctor         say what is installed, what is missing and how to get it
Each of them explains itself with --help. A file that is called like a command: ./train
"""


@dataclass(frozen=True)
class Window:
    """Open the window, on `path` if given; `fresh`: as on the first day."""

    path: Path | None
    fresh: bool


@dataclass(frozen=True)
class Train:
    """Train one neuron on `table`; None stands for what the program chooses by itself."""

    table: str
    target: str | None
    inputs: tuple[str, ...] | None
    learning_rate: float | None
    batch_size: int
    epochs: int
    tolerance: float
    seed: int
    scaled: bool | None
    test: float
    json: bool
    save: Path | None


@dataclass(frozen=True)
class Render:
    """Draw the window on `path` into the picture `output`, after `steps` steps of Auto-mix."""

    path: Path | None
    output: Path
    size: tuple[int, int]
    steps: int
    theme: str
    ratio: float


@dataclass(frozen=True)
class Doctor:
    """Report on the installation."""


Command: TypeAlias = Window | Train | Render | Doctor


def parse(arguments: Sequence[str]) -> Command:
    """The command in `arguments`, the program's name left out.

    Raises SystemExit as argparse does: with 0 after --help and --version, with 2 and a line on
    stderr for wrong usage.
    """
    first = arguments[0] if arguments else ""
    if first in _PARSERS:
        return _PARSERS[first](arguments[1:])
    return _window(arguments)


def _parser(name: str, usage: str, description: str, epilog: str = "") -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=f"{PROGRAM} {name}".strip(),
        usage=usage,
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        epilog=epilog,
    )


def _window(arguments: Sequence[str]) -> Window:
    parser = _parser(
        "",
        f"{PROGRAM} [FILE] [--fresh]\n       {PROGRAM} train | render | doctor …",
        "Intuition for neural networks: a turntable knob on every weight and bias.\n"
        "Opens the window; turn the knobs yourself, or let Auto-mix do it.",
        _COMMANDS,
    )
    parser.add_argument(
        "path", metavar="FILE", nargs="?", type=Path, help=f"a saved mix ({MIX_SUFFIX}), or a table"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="start as on the first day: no remembered settings"
    )
    parser.add_argument("--version", action="version", version=f"Mixer NN {__version__}")
    return Window(**vars(parser.parse_args(arguments)))


def _train(arguments: Sequence[str]) -> Train:
    parser = _parser(
        "train",
        f"{PROGRAM} train TABLE [--target COL] [--inputs A,B] [options]",
        "Train one linear neuron by gradient descent, as Auto-mix does, without a window.",
        "Ctrl+C stops the training; what it has reached is still printed and saved.\n"
        "After a divergence that is the mix of the lowest loss on the way.\n"
        "Exit codes: 0 trained, 1 could not, diverged or was interrupted, 2 wrong usage.",
    )
    for name, options in _TRAIN.items():
        parser.add_argument(name, **options)
    found = vars(parser.parse_args(arguments))
    scaled = {"auto": None, "on": True, "off": False}[found.pop("scale")]
    return Train(**found, scaled=scaled)


def _render(arguments: Sequence[str]) -> Render:
    parser = _parser(
        "render",
        f"{PROGRAM} render [FILE] -o PNG [options]",
        "Draw the window into a picture. Needs no display.",
    )
    for name, options in _RENDER.items():
        parser.add_argument(*name.split(), **options)
    return Render(**vars(parser.parse_args(arguments)))


def _doctor(arguments: Sequence[str]) -> Doctor:
    parser = _parser(
        "doctor",
        f"{PROGRAM} doctor",
        "Say which versions are installed, whether Qt can start here, what is missing and how to\n"
        "install it. Works without Qt.",
    )
    parser.parse_args(arguments)
    return Doctor()


_PARSERS: dict[str, Callable[[Sequence[str]], Command]] = {
    "train": _train,
    "render": _render,
    "doctor": _doctor,
}

_TRAIN: dict[str, dict[str, Any]] = {
    "table": {
        "metavar": "TABLE",
        "help": "a table in a text file such as CSV; - for standard input; or the name of one that"
        " comes with the program (cars, anscombe-1 to anscombe-4, iris)",
    },
    "--target": {
        "metavar": "COL",
        "help": "column to predict (default: the last one of numbers)",
    },
    "--inputs": {
        "metavar": "A,B",
        "type": columns,
        "help": "columns to predict it from (default: the first eight others of numbers)",
    },
    "--learning-rate": {
        "metavar": "X",
        "type": Number("a number above 0", lambda x: x > 0.0),
        "help": "size of the steps (default: at most a twentieth of where it would diverge)",
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
        "default": MOST_EPOCHS,
        "help": f"passes over the rows at the most (default: {MOST_EPOCHS:,}; most need far fewer)",
    },
    "--tolerance": {
        "metavar": "X",
        "type": Number("a number from 0", lambda x: x >= 0.0),
        "default": TOLERANCE,
        "help": "settled when for ten steps no parameter p moves by more than X times the larger"
        f" of 1 and |p| (default: {TOLERANCE:g})",
    },
    "--seed": {
        "metavar": "N",
        "type": Whole(0, LARGEST),
        "default": 0,
        "help": "of all that is random: first parameters, batches, held-out rows (default: 0)",
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
    "--json": {"action": "store_true", "help": "print the result as one JSON object"},
    "--save": {
        "metavar": "FILE",
        "type": file_ending_in(MIX_SUFFIX),
        "help": f"save the trained mix for the window; ends in {MIX_SUFFIX}",
    },
}

_RENDER: dict[str, dict[str, Any]] = {
    "path": {
        "metavar": "FILE",
        "nargs": "?",
        "type": Path,
        "help": f"a saved mix ({MIX_SUFFIX}), or a table",
    },
    "-o --output": {
        "metavar": "PNG",
        "type": file_ending_in(".png"),
        "required": True,
        "help": "picture to write",
    },
    "--size": {
        "metavar": "WxH",
        "type": picture_size,
        "default": (1440, 900),
        "help": "the window's size (default: 1440x900)",
    },
    "--steps": {
        "metavar": "N",
        "type": Whole(0, 10_000_000),
        "default": 0,
        "help": "steps of Auto-mix to take before (default: 0)",
    },
    "--theme": {"choices": ("dark", "light"), "default": "dark", "help": "(default: dark)"},
    "--ratio": {
        "type": float,
        "choices": (1.0, 2.0),
        "metavar": "1|2",
        "default": 1.0,
        "help": "pixels of the picture per pixel of the window (default: 1)",
    },
}
