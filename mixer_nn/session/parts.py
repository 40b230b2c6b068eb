"""A folder of values that are written once, and one file that says which of them belong together.

What has not changed since the last time, such as a block of a long record, is in a file of its
own already and only named again, so that keeping a large mix costs what is new in it.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, BinaryIO, TypeAlias

from mixer_nn.session.codec import Entries, damaged, parse
from mixer_nn.session.file import sync_folder
from mixer_nn.session.pieces import pieces

TOP = "mix.json"
"""The file that counts: JSON, and on the last line its check sum."""

NEW = "mix.json.new"
ENDING = ".part.json"
REFERENCE = ("part", "bytes", "crc32")
"""The entries that stand for a part: its file, how long that is, and its check sum."""

Json: TypeAlias = Any
Breathe: TypeAlias = Callable[[], object]
"""Called between two pieces of work of a millisecond at most."""

LONGEST = 0.0005
"""Seconds of work after which it is called."""


def go_on() -> None:
    """Breathe nothing: for those that nobody waits behind."""


class Parts:
    """Writes the parts and the top file of one folder, which nobody else writes in."""

    def __init__(self, folder: Path, breathe: Breathe = go_on) -> None:
        self._folder, self._breathe = folder, breathe
        # The things themselves are held too, so that no other can come to have their identity.
        self._written: dict[int, tuple[object, dict[str, Json]]] = {}
        self._wanted: dict[int, tuple[object, dict[str, Json]]] = {}
        self._there: set[str] = set()
        self._unsynced: set[str] = set()
        self._next = 0
        self._breathed = perf_counter()

    def begin(self) -> None:
        """Begin a new state of the folder. Raises OSError, as everything here does."""
        with os.scandir(self._folder) as entries:
            self._there = {entry.name for entry in entries}
        numbers = (name.removesuffix(ENDING) for name in self._there if name.endswith(ENDING))
        self._next = max(self._next, 1 + max((int(n) for n in numbers if n.isdecimal()), default=0))
        self._wanted = {}
        self._let_others_go_first()

    def put(self, thing: object, value: Callable[[], Json]) -> dict[str, Json]:
        """What stands for `thing` in the top file; written now unless it is there already.

        `thing` must never change; `value` gives it as JSON values.
        """
        self._let_others_go_first()
        known = self._written.get(id(thing))
        if known is None or known[1]["part"] not in self._there:
            known = (thing, self._write_part(value()))
            self._written[id(thing)] = known
        self._wanted[id(thing)] = known
        return known[1]

    def _write_part(self, value: Json) -> dict[str, Json]:
        name = f"{self._next}{ENDING}"
        self._next += 1
        with (self._folder / name).open("wb") as stream:
            size, check = self._write(stream, pieces(value))
        self._there.add(name)
        self._unsynced.add(name)
        return {"part": name, "bytes": size, "crc32": check}

    def end(self, top: Mapping[str, Json]) -> None:
        """Make `top` the folder's content, all or nothing; then delete what it does not name."""
        self._sync_parts()
        with (self._folder / NEW).open("wb") as stream:
            _, check = self._write(stream, pieces(top))
            stream.write(f"\n{check}\n".encode())
            stream.flush()
            os.fsync(stream.fileno())
        (self._folder / NEW).replace(self._folder / TOP)
        sync_folder(self._folder)
        self._written = self._wanted
        used = {reference["part"] for _, reference in self._written.values()}
        for name in self._there - used:
            if name.endswith(ENDING):
                with contextlib.suppress(OSError):  # litter does no harm, and there is a next time
                    (self._folder / name).unlink()

    def _write(self, stream: BinaryIO, texts: Iterator[bytes]) -> tuple[int, int]:
        """Write to a file; the size and the check sum of it."""
        size = check = 0
        for raw in texts:
            size, check = size + len(raw), zlib.crc32(raw, check)
            stream.write(raw)
            self._let_others_go_first()
        return size, check

    def _let_others_go_first(self) -> None:
        if perf_counter() - self._breathed > LONGEST:
            self._breathe()
            self._breathed = perf_counter()

    def _sync_parts(self) -> None:
        """Bring the parts to the disk itself: all at once, as one by one takes far longer."""
        for name in sorted(self._unsynced & self._there):
            handle = os.open(self._folder / name, os.O_RDWR)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
            self._unsynced.discard(name)
            self._let_others_go_first()


def gathered(folder: Path, breathe: Breathe = go_on) -> Json:
    """The values that `Parts` has kept in a folder, with every part in its place.

    Raises MixError where something is not as it was written, and OSError where nothing is there.
    """
    raw, _, check = (folder / TOP).read_bytes().removesuffix(b"\n").rpartition(b"\n")
    if not check.isdigit() or int(check) != zlib.crc32(raw):
        raise damaged("its check sum does not fit")
    return _with_parts(parse(raw), folder, breathe)


def _with_parts(value: Json, folder: Path, breathe: Breathe) -> Json:
    if isinstance(value, list):
        return [_with_parts(entry, folder, breathe) for entry in value]
    if not isinstance(value, dict):
        return value
    if "part" not in value:
        return {key: _with_parts(entry, folder, breathe) for key, entry in value.items()}
    breathe()
    reference = Entries(value, "part")
    name = reference.text("part")
    if Path(name).name != name:
        raise damaged("a part of it is elsewhere")
    try:
        raw = (folder / name).read_bytes()
    except FileNotFoundError:
        raise damaged("a part of it is missing") from None
    if len(raw) != reference.count("bytes") or zlib.crc32(raw) != reference.count("crc32"):
        raise damaged("a part of it is not as it was written")
    loaded = parse(raw)
    if isinstance(loaded, dict):  # what stands beside it is what changes about it
        loaded |= {key: entry for key, entry in value.items() if key not in REFERENCE}
    return loaded
