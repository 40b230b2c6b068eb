"""JSON that can be trusted: arrays to and from text, and checks that name what is wrong."""

from __future__ import annotations

import base64
import binascii
import json
import math
from typing import Any, TypeVar

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.errors import MixError

LONG = 64
"""Numbers from which an array is written as base64 rather than as numbers to read."""

T = TypeVar("T")


def encode(array: FloatArray) -> object:
    """An array as JSON: plain numbers, or its shape with base64 little-endian float64."""
    if array.size < LONG and np.isfinite(array).all():
        return array.tolist()
    raw = np.ascontiguousarray(array, dtype="<f8").tobytes()
    return {"shape": list(array.shape), "float64": base64.b64encode(raw).decode("ascii")}


def decode(value: object, what: str, dimensions: int) -> FloatArray:
    """The array that `encode` wrote; MixError where it is none of that many dimensions."""
    try:
        if isinstance(value, dict):
            raw = base64.b64decode(value["float64"], validate=True)
            shape = tuple(int(size) for size in value["shape"])
            array = np.frombuffer(raw, dtype="<f8").reshape(shape)
        else:
            array = np.array(value, dtype=np.float64)
    except (KeyError, TypeError, ValueError, OverflowError, binascii.Error):
        raise damaged(f"“{what}” is no list of numbers") from None
    # An empty list has lost its second dimension on the way.
    if array.size == 0 and dimensions == 2 and array.ndim < 2:
        array = array.reshape(0, 0)
    if array.ndim != dimensions:
        raise damaged(f"“{what}” has {array.ndim} dimensions instead of {dimensions}")
    return np.array(array, dtype=np.float64)


def damaged(detail: str) -> MixError:
    """The sentence for a file that is JSON but not a mix; the reader adds the file's name."""
    return MixError(f"it is damaged: {detail}")


class Entries:
    """A JSON object whose entries are taken by name and kind; MixError where one does not fit."""

    def __init__(self, value: object, what: str) -> None:
        if not isinstance(value, dict):
            raise damaged(f"“{what}” is missing or not an object")
        self._entries: dict[str, Any] = value
        self._what = what

    def _fail(self, key: str, wanted: str) -> MixError:
        return damaged(f"“{self._what}.{key}” should be {wanted}")

    def raw(self, key: str) -> Any:
        """The entry as it is; None where it is missing."""
        return self._entries.get(key)

    def text(self, key: str) -> str:
        """A text."""
        value = self._entries.get(key)
        if not isinstance(value, str):
            raise self._fail(key, "a text")
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._entries.get(key)
        if not isinstance(value, bool):
            raise self._fail(key, "true or false")
        return value

    def count(self, key: str, most: int = 2**53) -> int:
        """A whole number from 0 to `most`."""
        value = self._entries.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise self._fail(key, f"a whole number from 0 to {most}")
        return value

    def number(self, key: str) -> float:
        """A finite number."""
        value = self._entries.get(key)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self._fail(key, "a number")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self._fail(key, "a finite number")
        return number

    def list(self, key: str) -> list[Any]:
        """A list."""
        value = self._entries.get(key)
        if not isinstance(value, list):
            raise self._fail(key, "a list")
        return value

    def entries(self, key: str) -> Entries:
        """An object inside this one."""
        return Entries(self._entries.get(key), f"{self._what}.{key}")

    def array(self, key: str, dimensions: int) -> FloatArray:
        """An array of numbers."""
        return decode(self._entries.get(key), f"{self._what}.{key}", dimensions)


def parse(text: str) -> object:
    """JSON text as values; MixError where it is not JSON, or uses numbers JSON does not have."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise damaged("it is nested too deeply") from None
    except ValueError as error:
        raise damaged(f"it is not complete JSON ({_place(error)})") from None


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that a mix may hold")


def _place(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}"
    return str(error)
