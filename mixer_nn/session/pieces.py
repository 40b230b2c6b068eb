"""JSON values as text in small pieces, so that others can have a turn between any two of them.

Besides what JSON knows, a value may hold arrays; iterators, which become lists; and functions
without arguments, which are called when it is their turn. Only so can a file of any length be
written by a thread beside others, which wait while one piece is made.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np

from mixer_nn.session.codec import encode, is_short, packed

RAW = 96 * 1024
"""Bytes of an array that become text at a time; divisible by 3, as base64 goes."""
MOST_CHUNKS = 200
MOST_IN_LINE = 200

Json: TypeAlias = Any


class NotFinite(ValueError):  # noqa: N818 - what it says of a number, as ValueError does
    """A number that JSON does not have."""


def pieces(value: Json) -> Iterator[bytes]:
    """The text of `value`, each piece made in a millisecond at most; raises NotFinite."""
    texts: list[str] = []
    for chunk in _chunks(value, "\n"):
        if isinstance(chunk, str):
            texts.append(chunk)
            if len(texts) >= MOST_CHUNKS:
                yield _encoded(texts)
                texts = []
            continue
        yield _encoded(texts)
        texts = []
        for begin in range(0, len(chunk), RAW):
            yield binascii.b2a_base64(chunk[begin : begin + RAW], newline=False)
    yield _encoded(texts)


def _encoded(texts: list[str]) -> bytes:
    # A file's name that is no text may have become a table's name; that must not stop a save.
    return "".join(texts).encode("utf-8", errors="replace")


def _chunks(value: Json, newline: str) -> Iterator[str | memoryview]:
    if isinstance(value, dict):
        yield from _of_object(value, newline)
    elif isinstance(value, list | tuple) and _is_flat(value):
        yield from _of_row(value, newline)
    elif isinstance(value, list | tuple | Iterator):
        yield from _of_list(iter(value), newline)
    elif isinstance(value, np.ndarray):
        yield from _of_array(value)
    elif callable(value):
        yield from _chunks(value(), newline)
    else:
        yield _dumped(value)


def _of_object(entries: dict[str, Json], newline: str) -> Iterator[str | memoryview]:
    inner, mark = newline + " ", "{"
    for key, value in entries.items():
        yield f"{mark}{inner}{_dumped(key)}: "
        yield from _chunks(value, inner)
        mark = ","
    yield "{}" if mark == "{" else newline + "}"


def _of_list(values: Iterator[Json], newline: str) -> Iterator[str | memoryview]:
    inner, mark = newline + " ", "["
    for value in values:
        yield mark + inner
        yield from _chunks(value, inner)
        mark = ","
    yield "[]" if mark == "[" else newline + "]"


def _is_flat(values: list[Json] | tuple[Json, ...]) -> bool:
    return all(value is None or isinstance(value, str | int | float) for value in values)


def _of_row(values: list[Json] | tuple[Json, ...], newline: str) -> Iterator[str]:
    """Numbers or texts, as many to a line as are made at a time."""
    yield "["
    for begin in range(0, len(values), MOST_IN_LINE):
        line = _dumped(list(values[begin : begin + MOST_IN_LINE]))
        yield f",{newline} " * (begin > 0) + line[1:-1]
    yield "]"


def _of_array(array: np.ndarray[Any, Any]) -> Iterator[str | memoryview]:
    if is_short(array):
        yield _dumped(array.tolist())
        return
    key, raw = packed(array)
    yield f'{{"shape": {list(array.shape)}, "{key}": "'
    yield raw
    yield '"}'


def _dumped(value: Json) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise NotFinite(str(error)) from None


def plain(value: Json) -> Json:
    """The same as JSON values alone, as they are read again."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | Iterator):
        return [plain(entry) for entry in value]
    if isinstance(value, np.ndarray):
        return encode(value)
    return plain(value()) if callable(value) else value
