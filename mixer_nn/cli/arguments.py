"""What may be typed after `mixer-nn`: one frozen value for each command, or exit code 2."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from mixer_nn import __version__
from mixer_nn.cli.kinds import Whole, file_ending_in, picture_size

PROGRAM = "mixer-nn"
MIX_SUFFIX = ".mixnn"

LARGEST = 2**53
"""Of whole numbers; beyond it, other readers of JSON would round."""

_COMMANDS = f"""\
commands:
  {PROGRAM} train TABLE    train a network without a window, print or save the result
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
    """Train a network on a table or a data set that comes with the program.

    One of `table` and `dataset` is given. `layers` are the hidden ones. Elsewhere None stands for
    what the program chooses by itself.
    """

    table: str | None
    dataset: str | None
    points: int | None
    noise: float | None
    classes: int | None
    target: str | None
    as_classes: bool
    inputs: tuple[str, ...] | None
    features: tuple[str, ...]
    layers: tuple[int, ...]
    activation: str | None
    loss: str | None
    optimizer: str
    learning_rate: float | None
    momentum: float | None
    decay: float | None
    schedule: str
    warm_up: float
    horizon: float | None
    clip: float | None
    l1: float
    l2: float
    batch_size: int
    epochs: int | None
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
    # The names of activations, losses and the like come from the arithmetic, and so with NumPy.
    from mixer_nn.cli import train_options

    parser = _parser(
        "train",
        f"{PROGRAM} train TABLE [--target COL] [--inputs A,B] [options]\n"
        f"       {PROGRAM} train --dataset NAME [options]",
        "Train a neuron or a network of layers, as Auto-mix does, without a window.",
        "Ctrl+C stops the training; what it has reached is still printed and saved.\n"
        "After a divergence that is the mix of the lowest loss on the way.\n"
        "Exit codes: 0 trained, 1 could not, diverged or was interrupted, 2 wrong usage.",
    )
    return train_options.parse(parser, arguments)


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
