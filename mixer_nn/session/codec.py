"""JSON that can be trusted: arrays to and from text, and checks that name what is wrong."""

from __future__ import annotations

import binascii
import json
import math
from typing import Any, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import NDArray

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.core.errors import MixError
from mixer_nn.session.lifting import MOST_OBJECTS, MOST_TEXT, Lifted

LONG = 64
"""Numbers from which an array is written as base64 rather than as numbers to read."""


Array: TypeAlias = NDArray[Any]


def is_short(array: Array) -> bool:
    """Whether an array is written as plain numbers, to be read by people."""
    return bool(array.size < LONG and np.isfinite(array).all())


def packed(array: Array) -> tuple[str, memoryview]:
    """The name of a long array's kind of number, and its bytes, which are little-endian."""
    kind, name = ("<i8", "int64") if array.dtype.kind == "i" else ("<f8", "float64")
    contiguous = np.ascontiguousarray(array, dtype=kind)
    return name, contiguous.reshape(-1).view(np.uint8).data


def encode(array: Array) -> object:
    """An array as JSON: plain numbers, or its shape with base64 of float64 or int64."""
    if is_short(array):
        return array.tolist()
    name, raw = packed(array)
    return {"shape": list(array.shape), name: binascii.b2a_base64(raw, newline=False).decode()}


def decode(value: object, what: str, dimensions: int) -> FloatArray:
    """The array that `encode` wrote; MixError where it is none of that many dimensions."""
    array = _shaped(_decoded(value, what, "float64"), what, dimensions)
    return array.astype(np.float64, copy=False)


def decode_whole(value: object, what: str, dimensions: int, most: int = 2**53) -> IntArray:
    """The same of whole numbers from 0 to `most`."""
    array = _shaped(_decoded(value, what, "int64"), what, dimensions)
    if array.dtype.kind != "i" and array.size:
        raise damaged(f"“{what}” should be whole numbers")
    if array.size and (array.min() < 0 or array.max() > most):
        raise damaged(f"“{what}” should be whole numbers from 0 to {most}")
    return array.astype(np.int64, copy=False)


def _decoded(value: object, what: str, name: str) -> Array:
    if isinstance(value, np.ndarray):  # of an older format, made into this one
        return value
    try:
        if isinstance(value, dict):
            # What is no base64 in it is skipped, and so the shape will not fit.
            raw = binascii.a2b_base64(value[name])
            shape = [Entries({"size": size}, what).count("size") for size in value["shape"]]
            return np.frombuffer(raw, dtype=f"<{name[0]}8").reshape(shape)
        array = np.array(value)
        if array.dtype.kind not in "if":  # texts that look like numbers, for one
            raise TypeError
    except (KeyError, TypeError, ValueError, OverflowError):
        raise damaged(f"“{what}” is no list of numbers") from None
    return array


def _shaped(array: Array, what: str, dimensions: int) -> Array:
    # An empty list has lost its second dimension on the way.
    if array.size == 0 and array.ndim < dimensions:
        array = array.reshape((0,) * dimensions)
    if array.ndim != dimensions:
        raise damaged(f"“{what}” has {array.ndim} dimensions instead of {dimensions}")
    return array


def damaged(detail: str) -> MixError:
    """The sentence for a file that is JSON but not a mix; the reader adds the file's name."""
    return MixError(f"it is damaged: {one_line(detail, 150)}")


def one_line(text: str, longest: int = 60) -> str:
    """`text` as it can stand within a sentence: printable, on one line, not too long."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def is_text(value: object) -> TypeGuard[str]:
    """Whether this is a text that can be written again (half of a surrogate pair cannot)."""
    if not isinstance(value, str):
        return False
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


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
        if not is_text(value):
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

    def whole(self, key: str, dimensions: int, most: int = 2**53) -> IntArray:
        """An array of whole numbers from 0 to `most`."""
        return decode_whole(self._entries.get(key), f"{self._what}.{key}", dimensions, most)


def parse(raw: bytes | str) -> object:
    """JSON text as values; MixError where it is not JSON, or uses numbers JSON does not have.

    Long base64 in it stays in `raw`, of which it becomes a view.
    """
    lifted = Lifted(raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw)
    if lifted.size > MOST_TEXT:
        raise MixError(f"it has more than {MOST_TEXT // 2**20} MB besides its numbers")
    left = lifted.text
    if left.count(b"{") > MOST_OBJECTS:
        raise MixError(f"it has more than {MOST_OBJECTS:,} parts")
    try:
        text = left.decode("utf-8-sig")
        return json.loads(text, parse_constant=_refuse_constant, object_hook=lifted.resolve)
    except UnicodeDecodeError:
        raise MixError("it is not text, so it is no mix of this program") from None
    except RecursionError:
        raise damaged("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise damaged(f"it is not complete JSON ({place})") from None
    except ValueError as error:  # of ours below, or a whole number of thousands of digits
        raise damaged(f"it has a number that no mix may hold ({_reason(error)})") from None


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _reason(error: ValueError) -> str:
    return str(error) if len(str(error)) < 20 else "it has too many digits"
