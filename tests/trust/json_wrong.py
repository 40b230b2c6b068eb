"""Mixes with something wrong in them, by their structure: any entry lost, renamed, of any kind."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import numpy as np

from mixer_nn.core.errors import MixError
from tests.trust import json_stretched
from tests.trust.json_text import Pairs, Raw
from tests.trust.starts import MAKERS, fresh

Place = tuple[str | int, ...]

NUMBERS: tuple[Any, ...] = (
    *(0, 1, -1, 2, 0.5, -0.0, 1e-320, 5e-324, 1e-9, 1e9, 1e15, 1e99, 1e100, 1e101, 1e154, 1e200),
    *(1e308, -1e308, 2**31, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64, 10**30, 10**400, 10**4000),
    *(7, 63, 64, 1000, 10_000, 10_001, 10**6),
)
TEXTS = (
    *("", " ", "x", "a\nb", "\0", "\ud800", "\u202eabc", "\U0001f39a", "1", "NaN", "null", "…"),
    *("x" * 70, "a. b. c", "“”", "'; --", "%s{0}", "<b>bold</b>", "../../etc", "linear", "adam"),
    "layer1.neuron1.bias",
)
RAW = (
    *("NaN", "Infinity", "-Infinity", "1e400", "-1e999", "01", "+1", ".5", "1.", "0x10", "1_000"),
    *("'a'", "undefined", "True", "", "9" * 5000, "-" + "7" * 20_000, "1" + "0" * 4000 + ".5"),
    *('"' + "x" * 200_000 + '"', '"\\ud83d"', '"\\q"', '"a\tb"', "/* no */ 1", "[1,]", "{1:2}"),
    *("[" * 300 + "]" * 300, "[" * 90_000 + "]" * 90_000, '{"a":' * 50_000 + "1" + "}" * 50_000),
    *("[" + "[]," * 50_000 + "[]]", "[" + "0," * 200_000 + "0]", "[" * 900 + "1" + "]" * 900),
)


def places(value: Any, path: Place = ()) -> Iterator[Place]:
    """Every place in a JSON value; of long lists the first two and the last."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from places(entry, (*path, name))
    elif isinstance(value, list):
        few = {*range(min(2, len(value))), len(value) - 1} - {-1}
        for index in sorted(few):
            yield from places(value[index], (*path, index))


def parent_of(content: Any, place: Place) -> Any:
    for step in place[:-1]:
        content = content[step]
    return content


def value_at(content: Any, place: Place) -> Any:
    return parent_of(content, place)[place[-1]]


def put(content: Any, place: Place, value: Any) -> None:
    parent_of(content, place)[place[-1]] = value


def somewhere(rng: Random, content: Any) -> Place | None:
    """A place, where each top entry is as likely as the next, however much it holds."""
    if not content:
        return None
    top = rng.choice(list(content))
    below = [(top, *path) for path in places(content[top])]
    # What has no name of its own is one of many alike: the named ones are more telling.
    named = [path for path in below if isinstance(path[-1], str)]
    return rng.choice([(top,), *(named or below), *below])


def drop(rng: Random, content: Any, place: Place) -> None:
    del parent_of(content, place)[place[-1]]


def retype(rng: Random, content: Any, place: Place) -> None:
    others: tuple[Any, ...] = (
        *(None, True, False, [], {}, [[]], [None], [[[1.0]]], {"shape": []}, "text", 3, -1, 0.5),
        {"shape": [1, 1], "float64": "AAAAAAAA8D8="},
    )
    put(content, place, copy.deepcopy(rng.choice(others)))


def number(rng: Random, content: Any, place: Place) -> None:
    value = rng.choice(NUMBERS)
    put(content, place, -value if rng.random() < 0.2 else value)


def near(rng: Random, content: Any, place: Place) -> None:
    """A number beside the one that was there."""
    value = value_at(content, place)
    if isinstance(value, int | float):
        put(content, place, rng.choice((value + 1, value - 1, -value, value * 10, value / 3, 0)))
    else:
        number(rng, content, place)


def text(rng: Random, content: Any, place: Place) -> None:
    put(content, place, rng.choice(TEXTS))


def raw(rng: Random, content: Any, place: Place) -> None:
    put(content, place, Raw(rng.choice(RAW)))


def rename(rng: Random, content: Any, place: Place) -> None:
    holder, name = parent_of(content, place), place[-1]
    if isinstance(holder, dict):
        new = rng.choice((str(name).upper(), f"{name} ", f"{name}2", *TEXTS[:6]))
        holder[new] = holder.pop(name)
    else:
        drop(rng, content, place)


def name_twice(rng: Random, content: Any, place: Place) -> None:
    if len(place) < 2:
        return
    holder = parent_of(content, place)
    if isinstance(holder, dict):
        again = (str(place[-1]), rng.choice(NUMBERS + TEXTS))
        put(content, place[:-1], Pairs((*holder.items(), again)))


def exchange(rng: Random, content: Any, place: Place) -> None:
    other = somewhere(rng, content)
    if other is not None:
        here, there = value_at(content, place), copy.deepcopy(value_at(content, other))
        put(content, other, copy.deepcopy(here))
        if place[: len(other)] != other:  # else it has just been replaced with its holder
            put(content, place, there)


def graft(rng: Random, content: Any, place: Place) -> None:
    """The same entry of another file, or one that belongs elsewhere."""
    donor = fresh(rng.randrange(len(MAKERS)))
    try:
        put(content, place, value_at(donor, place))
    except (KeyError, IndexError, TypeError):
        found = somewhere(rng, donor)
        put(content, place, value_at(donor, found) if found else None)


def longer(rng: Random, content: Any, place: Place) -> None:
    """More or fewer of what is there, or the same one level deeper."""
    value = value_at(content, place)
    if isinstance(value, list) and value:
        ways: tuple[Callable[[], Any], ...] = (
            lambda: value[:-1],
            lambda: [*value, copy.deepcopy(value[0])],
            lambda: value[:1],
            lambda: value[::-1],
            lambda: value * 3,
            lambda: [value],
            lambda: value[0],
        )
        put(content, place, copy.deepcopy(rng.choice(ways)()))
    elif isinstance(value, str):
        others = (value[:-1], value * 2, value[::-1], value + "=", value[1:])
        put(content, place, rng.choice(others))
    else:
        put(content, place, [value])


def packed_places(content: Any) -> list[Place]:
    """Where arrays stand as base64."""
    found = []
    for place in places(content):
        value = value_at(content, place)
        if isinstance(value, dict) and ("float64" in value or "int64" in value):
            found.append(place)
    return found


def reshape(rng: Random, content: Any, place: Place) -> None:
    """Another declared size for an array than it has, huge ones among them."""
    found = packed_places(content)
    if not found:
        return retype(rng, content, place)
    array = value_at(content, rng.choice(found))
    shape = array.get("shape")
    shape = list(shape) if isinstance(shape, list) and shape else [1]
    sizes = (0, 1, -1, 2**20, 2**31, 2**40, 2**53, 2**62, 2**63, 2**64, 1.5, None, "2", True)
    other: tuple[Any, ...] = (
        shape[::-1],
        [*shape, 1],
        [1, *shape],
        shape[:1],
        [],
        [0, *shape],
        [2**32, 2**32],
        [2**40, 0],
        [0, 2**62],
        [1] * 70,
        *([size, *shape[1:]] for size in sizes),
        *([*shape[:-1], size] for size in sizes),
    )
    array["shape"] = rng.choice(other)
    return None


def repack(rng: Random, content: Any, place: Place) -> None:
    """Other numbers in an array, of the right length or not: any bytes, NaN, denormal, huge."""
    found = packed_places(content)
    if not found:
        return number(rng, content, place)
    array = value_at(content, rng.choice(found))
    kind = "float64" if "float64" in array else "int64"
    try:
        size = len(base64.b64decode(array[kind])) // 8
    except (TypeError, ValueError):
        return None
    values = np.frombuffer(rng.randbytes(8 * size), dtype="<f8").copy()
    special = (np.nan, np.inf, -np.inf, 0.0, -0.0, 5e-324, 1e100, 1e99, 1.7e308, 1.0)
    if rng.random() < 0.8:
        values[:] = rng.choice(special)
    if rng.random() < 0.5:
        values[rng.randrange(size) if size else slice(0)] = rng.choice(special)
    raw_bytes = values.tobytes()
    raw_bytes = rng.choice((raw_bytes, raw_bytes, raw_bytes, raw_bytes[:-1], raw_bytes + b"\0" * 8))
    array[kind] = base64.b64encode(raw_bytes).decode("ascii")
    return None


def stretch(rng: Random, content: Any, _place: Place) -> None:
    rng.choice(json_stretched.CHANGES)(rng, content)


CHANGES: tuple[Callable[[Random, Any, Place], None], ...] = (
    *(drop, retype, number, number, near, near, text, raw, raw, rename, name_twice),
    *(exchange, graft, graft, longer, longer, reshape, repack, repack),
    *(stretch,) * 8,
)


_NOTHING_LEFT = (MixError, LookupError, TypeError, ValueError, OverflowError, AttributeError)


def changed(rng: Random) -> tuple[Any, str]:
    """A mix with one thing wrong in it, or a few, and what was done."""
    start = rng.randrange(len(MAKERS))
    content, done = fresh(start), []
    for _ in range(1 if rng.random() < 0.6 else rng.randint(2, 5)):
        place = somewhere(rng, content)
        if place is None:
            break
        change = rng.choice(CHANGES)
        try:
            change(rng, content, place)
        except _NOTHING_LEFT:
            continue  # an earlier change has left nothing there that this one could be done to
        done.append(f"{change.__name__} {'.'.join(map(str, place))}")
    return content, f"{MAKERS[start].__name__}: {', '.join(done)}"
