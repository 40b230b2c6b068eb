"""Work that was not saved, kept in a folder of its own so that the next start can offer it.

Every window has a folder under the root, with what was on its desk a few seconds ago. What it
holds is what a saved mix holds, through the same schema; see `mixer_nn.session.parts` for how.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.errors import MixError
from mixer_nn.session.codec import Entries, damaged, decode, encode, is_text, one_line
from mixer_nn.session.curve import COLUMNS
from mixer_nn.session.mix import Mix
from mixer_nn.session.parts import ENDING, NEW, TOP, Breathe, Parts, gathered, go_on
from mixer_nn.session.saved import Saved
from mixer_nn.session.schema import from_json, tree_of
from mixer_nn.session.schema_data import data_to_json
from mixer_nn.session.schema_mix import mix_to_json
from mixer_nn.session.schema_record import block_to_json

FORMAT = "mixer-nn recovery"
VERSION = 1

DAMAGED_DAYS = 30
"""Days after which work that cannot be read any more is deleted unasked."""

EMPTY_HOURS = 1
"""Hours after which a folder without any work in it is deleted."""


@dataclass(frozen=True)
class Note:
    """What the work belongs to: a saved file (None: none yet), the mix's name, the time of it.

    `time` is in seconds since the epoch.
    """

    path: Path | None
    name: str
    time: float


@dataclass(frozen=True, eq=False)
class PiecedCurve:
    """A loss curve in pieces (points, 8) that never change, so that only new ones are written."""

    run: int
    pieces: tuple[FloatArray, ...]


@dataclass(frozen=True, eq=False)
class Work:
    """What is kept: a mix as for a file, but for its curves, which come in pieces, and a note."""

    saved: Saved
    curves: tuple[PiecedCurve, ...]
    note: Note


def new_folder(root: Path) -> Path:
    """A folder that no other window has; it is not made yet. Later ones sort after earlier ones."""
    return root / f"{time.time_ns():020d}-{os.getpid()}-{secrets.token_hex(4)}"


class Keeper:
    """Keeps the latest work of one window in a folder that is its own."""

    def __init__(self, folder: Path, breathe: Breathe = go_on) -> None:
        self._parts = Parts(folder, breathe)

    def keep(self, work: Work) -> None:
        """Put `work` in the place of what was kept before: all of it or nothing.

        Raises OSError with what is wrong with the place, and NotFinite for numbers that no file
        may hold.
        """
        self._parts.begin()
        self._parts.end(_tree_of(work, self._parts))


def clear(folder: Path) -> None:
    """Delete the work in a folder; raises OSError where that cannot be done."""
    with contextlib.suppress(FileNotFoundError):
        (folder / TOP).unlink()  # the one that counts comes first
    with contextlib.suppress(FileNotFoundError):
        for file in folder.iterdir():
            if file.name.endswith(ENDING) or file.name == NEW:
                file.unlink()


def remove(folder: Path) -> None:
    """Delete a folder that has been cleared; one that somebody else has begun to use stays."""
    with contextlib.suppress(OSError):
        folder.rmdir()


def sessions(root: Path) -> list[Path]:
    """The folders with work in them, the latest work first; none where nothing can be read."""
    found = []
    with contextlib.suppress(OSError):
        for folder in root.iterdir():
            with contextlib.suppress(OSError):
                found.append(((folder / TOP).stat().st_mtime, folder))
    return [folder for _, folder in sorted(found, reverse=True)]


def leftovers(root: Path) -> list[Path]:
    """Folders that nothing can be had from and that may go: left empty, or damaged for long."""
    found, now = [], time.time()
    with contextlib.suppress(OSError):
        for folder in root.iterdir():
            with contextlib.suppress(OSError):
                if not folder.is_dir():
                    continue
                top = folder / TOP
                if not top.exists():
                    is_old = now - folder.stat().st_mtime > EMPTY_HOURS * 3600
                else:
                    is_old = now - top.stat().st_mtime > DAMAGED_DAYS * 86400
                    is_old = is_old and not is_whole(folder)
                if is_old:
                    found.append(folder)
    return found


def is_whole(folder: Path) -> bool:
    """Whether the work in a folder can be had."""
    try:
        read(folder)
    except (MixError, OSError):
        return False
    return True


def read(folder: Path, breathe: Breathe = go_on) -> Work:
    """The work in a folder. Raises MixError where it is damaged, OSError where it is not there."""
    top = Entries(gathered(folder, breathe), "recovery")
    if top.raw("format") != FORMAT or top.raw("version") != VERSION:
        raise MixError("it was kept by another version of this program")
    note = top.entries("note")
    path = note.raw("path")
    if path is not None and not is_text(path):
        raise damaged("“note.path” should be a text")
    found = Note(
        None if path is None else Path(path), one_line(note.text("name")), note.number("time")
    )
    mix = top.raw("mix")
    if isinstance(mix, dict):
        mix = {**mix, "curves": [_joined(Entries(value, "curves")) for value in top.list("curves")]}
    return Work(from_json(mix), (), found)


def _joined(curve: Entries) -> dict[str, Any]:
    pieces = [decode(value, "curves.pieces", 2) for value in curve.list("pieces")]
    shaped = [piece for piece in pieces if piece.shape[1] == len(COLUMNS)]
    if len(shaped) < sum(map(bool, map(len, pieces))):
        raise damaged("a piece of a loss curve has other columns")
    points = np.vstack([np.empty((0, len(COLUMNS))), *shaped])
    return {"run": curve.count("run"), "points": encode(points)}


def _head(head: Mix, parts: Parts) -> dict[str, Any]:
    return parts.put(head, partial(mix_to_json, head))


def _itself(piece: FloatArray) -> FloatArray:
    return piece


def _tree_of(work: Work, parts: Parts) -> dict[str, Any]:
    """What the top file says; whatever is large or stays as it is has become a part by then."""
    saved, note = work.saved, work.note
    mix = tree_of(saved)
    dataset = saved.mix.dataset
    mix["data"] = {
        "scaled": saved.mix.problem.scaled,
        **parts.put(dataset, partial(data_to_json, dataset)),
    }
    mix["runs"] = [
        entry if run.head is saved.mix else entry | {"mix": _head(run.head, parts)}
        for entry, run in zip(mix["runs"], saved.runs, strict=True)
    ]
    blocks = (block for run in saved.runs for block in run.blocks)
    mix["record"] = [
        entry | {"block": parts.put(block, partial(block_to_json, block))}
        for entry, block in zip(mix["record"], blocks, strict=True)
    ]
    return {
        "format": FORMAT,
        "version": VERSION,
        "note": {
            "path": None if note.path is None else str(note.path),
            "name": note.name,
            "time": note.time,
        },
        "mix": mix,
        "curves": [
            {
                "run": curve.run,
                "pieces": [parts.put(piece, partial(_itself, piece)) for piece in curve.pieces],
            }
            for curve in work.curves
        ],
    }
