"""Kinds of values on the command line: from the text typed to the value, or what is wanted."""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Number:
    """Turns text into a number that `fits`; says what is `wanted` of any other text."""

    wanted: str
    fits: Callable[[float], bool]

    def __call__(self, text: str) -> float:
        """The number; ArgumentTypeError where there is none that fits."""
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and self.fits(value)):
            raise argparse.ArgumentTypeError(f"{text!r} should be {self.wanted}")
        return value


@dataclass(frozen=True)
class Whole:
    """Turns text into a whole number from `least` to `most`."""

    least: int
    most: int

    def __call__(self, text: str) -> int:
        """The number; ArgumentTypeError where there is none within these bounds."""
        try:
            value = int(text)
        except ValueError:
            value = -1
        if not self.least <= value <= self.most:
            wanted = f"a whole number from {self.least} to {self.most}"
            raise argparse.ArgumentTypeError(f"{text!r} should be {wanted}")
        return value


@dataclass(frozen=True)
class OneOf:
    """Turns text into one of `names`; says which there are for any other text."""

    names: tuple[str, ...]

    def __call__(self, text: str) -> str:
        """The name; ArgumentTypeError where there is no such."""
        name = text.strip()
        if name not in self.names:
            raise argparse.ArgumentTypeError(f"{text!r} should be one of {', '.join(self.names)}")
        return name


@dataclass(frozen=True)
class SomeOf:
    """Turns text into different `names`, with commas between them."""

    names: tuple[str, ...]

    def __call__(self, text: str) -> tuple[str, ...]:
        """The names; ArgumentTypeError where there is no such, or one stands there twice."""
        found = tuple(OneOf(self.names)(part) for part in text.split(","))
        if len(set(found)) < len(found):
            raise argparse.ArgumentTypeError(f"{text!r} should have each name once")
        return found


@dataclass(frozen=True)
class Layers:
    """Turns text such as ``8,8`` into sizes of layers: at `most` many of at most `largest`."""

    most: int
    largest: int

    def __call__(self, text: str) -> tuple[int, ...]:
        """The sizes; ArgumentTypeError where they are none, too many or too large."""
        try:
            sizes = tuple(Whole(1, self.largest)(part) for part in text.split(","))
        except argparse.ArgumentTypeError:
            sizes = ()
        if not 1 <= len(sizes) <= self.most:
            wanted = f"1 to {self.most} whole numbers from 1 to {self.largest}, such as 8,8"
            raise argparse.ArgumentTypeError(f"{text!r} should be {wanted}")
        return sizes


def columns(text: str) -> tuple[str, ...]:
    """Names with commas between them; one that has a comma itself stands in quotation marks."""
    names = next(csv.reader([text], skipinitialspace=True), [])
    if not names or not all(name.strip() for name in names):
        raise argparse.ArgumentTypeError(f"{text!r} should be columns with commas between them")
    return tuple(name.strip() for name in names)


def picture_size(text: str) -> tuple[int, int]:
    """Width and height in pixels."""
    width, _, height = text.replace("×", "x").partition("x")
    try:
        return Whole(320, 7680)(width), Whole(240, 4320)(height)
    except argparse.ArgumentTypeError:
        wanted = "width x height, such as 1440x900, from 320x240 to 7680x4320"
        raise argparse.ArgumentTypeError(f"{text!r} should be {wanted}") from None


def file_ending_in(suffix: str) -> Callable[[str], Path]:
    """A file to write. Its ending is asked for, so that no table is overwritten by a slip."""

    def path(text: str) -> Path:
        if not text.casefold().endswith(suffix) or Path(text).name == suffix:
            raise argparse.ArgumentTypeError(f"{text!r} should end in {suffix}")
        return Path(text)

    return path
