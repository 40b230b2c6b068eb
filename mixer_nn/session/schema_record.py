"""Runs with the states along them as JSON values, and back."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from mixer_nn.core.arrays import BoolArray
from mixer_nn.core.errors import MixError
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.training import Settings
from mixer_nn.session.codec import Entries, damaged
from mixer_nn.session.mix import Mix
from mixer_nn.session.record import COUNTS, Block, Way
from mixer_nn.session.saved import Saved, SavedRun
from mixer_nn.session.schema_mix import MOST_MOVES, Problems, key_of, mix_of, mix_to_json, rows_of
from mixer_nn.session.schema_setup import (
    optimizer_of,
    settings_of,
    settings_to_json,
    setup_of,
    setup_to_json,
)

MOST_RECORD_BYTES = 256 * 1024 * 1024
"""What the states along all runs may take."""

NO_WAY = 0
"""In the list of what led to each state: nothing that could be done again."""


def run_to_json(run: SavedRun, mix: Mix) -> dict[str, Any]:
    """A run but for its states; `mix` is the one that is saved with its data."""
    return {
        "number": run.number,
        "name": run.name,
        "kept": run.kept,
        "setup": None if run.setup is None else setup_to_json(run.setup),
        "parent": None if run.parent is None else list(run.parent),
        "same_data": run.head.dataset is mix.dataset,
        "mix": mix_to_json(run.head),
    }


def record_to_json(saved: Saved) -> Iterator[dict[str, Any]]:
    """All blocks of all runs, one at a time, with what a block itself does not know."""
    for run in saved.runs:
        for block in run.blocks:
            yield {
                "run": run.number,
                "same_problem": [is_problem_of(run.head, way, saved.mix) for way in ways_of(block)],
                "block": partial(block_to_json, block),
            }


def is_problem_of(head: Mix, way: Way, mix: Mix) -> bool:
    """Whether steps were made on the run's own problem with the data of `mix`."""
    problem = way.problem
    if problem is None or problem.dataset is not mix.dataset:
        return False
    return problem is head.problem or key_of(problem) == key_of(head.problem)


def ways_of(block: Block) -> list[Way]:
    """The different ways of a block, in the order in which it has them."""
    return list({id(way): way for way in block.ways if way is not None}.values())


def block_to_json(block: Block) -> dict[str, Any]:
    """A block as JSON values and arrays: all that never changes about it."""
    ways = ways_of(block)
    numbers = {id(way): number for number, way in enumerate(ways, NO_WAY + 1)}
    numbers[id(None)] = NO_WAY
    return {
        "optimizer": block.optimizer,
        "moves": block.moves,
        "counts": block.counts,
        "values": block.values,
        "ways": [_way_to_json(way) for way in ways],
        "way": np.array([numbers[id(way)] for way in block.ways], dtype=np.int64),
    }


def _way_to_json(way: Way) -> dict[str, Any]:
    bits = base64.b64encode(np.packbits(way.free).tobytes()).decode()
    return {"settings": settings_to_json(way.settings), "free": bits}


# -- and back -----------------------------------------------------------------------------------


def runs_of(top: Entries, problems: Problems) -> tuple[SavedRun, ...]:
    """The runs that were saved; MixError where they are none."""
    runs: list[SavedRun] = []
    numbers: set[int] = set()
    for value in top.list("runs"):
        entry = Entries(value, "runs")
        number = entry.count("number")
        if number in numbers:
            raise damaged("two runs have the same number")
        numbers.add(number)
        run = _run(entry, problems)
        if run is not None:
            runs.append(run)
    reader = _RecordReader(runs)
    for value in top.list("record"):
        entry = Entries(value, "record")
        if entry.count("run") not in numbers:
            raise damaged("a part of the record belongs to no run")
        reader.read(entry)
    return reader.runs


def _run(entry: Entries, problems: Problems) -> SavedRun | None:
    """A run without its states; None where it is one on other data that these do not replace."""
    mix, same_data = entry.entries("mix"), entry.flag("same_data")
    try:
        head = mix_of(mix, problems.of(mix.entries("network"), mix.flag("scaled")), same_data)
    except ValueError:
        if same_data:
            raise
        return None
    return SavedRun(
        entry.count("number", MOST_MOVES),
        entry.text("name"),
        entry.flag("kept"),
        None if entry.raw("setup") is None else setup_of(entry.entries("setup")),
        _parent(entry),
        head,
        (),
    )


def _parent(entry: Entries) -> tuple[int, int] | None:
    if entry.raw("parent") is None:
        return None
    pair = entry.whole("parent", 1)
    if len(pair) != 2:
        raise damaged("“runs.parent” should be a run and a move")
    if pair[0] >= entry.count("number"):  # else one could go round in circles from trunk to trunk
        raise damaged("“runs.parent” should be an earlier run")
    return int(pair[0]), int(pair[1])


class _RecordReader:
    """Reads block after block; ways that are the same become one."""

    def __init__(self, runs: list[SavedRun]) -> None:
        self._runs = {run.number: run for run in runs}
        self._blocks: dict[int, list[Block]] = {run.number: [] for run in runs}
        self._ways: dict[tuple[int, bool, Settings, bytes], Way] = {}
        self._bytes = 0

    @property
    def runs(self) -> tuple[SavedRun, ...]:
        """The runs with what has been read of them."""
        return tuple(
            replace(run, blocks=tuple(self._blocks[number])) for number, run in self._runs.items()
        )

    def read(self, entry: Entries) -> None:
        """One block; that of a run which is left out is left out too."""
        run = self._runs.get(entry.count("run"))
        if run is None:
            return
        block = entry.entries("block")
        optimizer = optimizer_of(block)
        moves, counts = block.whole("moves", 1), block.whole("counts", 2)
        values = block.array("values", 3)
        # A state may leave the optimizer's memory unsaid.
        depths = (1, 1 + OPTIMIZERS[optimizer].slots)
        shapes = [(len(moves), depth, run.head.network.parameter_count) for depth in depths]
        wanted = (len(moves), len(COUNTS))
        if not len(moves) or values.shape not in shapes or counts.shape != wanted:
            raise damaged("a part of the record does not fit its run's network")
        if not np.isfinite(values[:, 0]).all():
            raise damaged("a part of the record has a number that is not finite")
        rows = rows_of(run.head.problem)
        if (counts[:, 3] >= rows).any():  # in an epoch of data that have been edited since
            counts = np.array(counts)
            counts[:, 3] = np.minimum(counts[:, 3], rows - 1)
        before = self._blocks[run.number]
        if not (np.diff(moves) > 0).all() or (before and before[-1].moves[-1] >= moves[0]):
            raise damaged("the record of a run is not in order")
        made = Block(optimizer, moves, counts, values, self._ways_of(entry, block, run, len(moves)))
        self._bytes += made.nbytes
        if self._bytes > MOST_RECORD_BYTES:
            raise MixError(f"its record takes more than {MOST_RECORD_BYTES // 2**20} MB")
        before.append(made)

    def _ways_of(
        self, entry: Entries, block: Entries, run: SavedRun, count: int
    ) -> tuple[Way | None, ...]:
        values, same = block.list("ways"), entry.list("same_problem")
        if len(same) != len(values) or not all(isinstance(flag, bool) for flag in same):
            raise damaged("“record.same_problem” should say true or false of every way")
        known = [None, *map(partial(self._way, run), values, same)]
        numbers = block.whole("way", 1)
        if len(numbers) != count or numbers.max() >= len(known):
            raise damaged("“record.way” names one that is not there")
        return tuple(map(known.__getitem__, numbers.tolist()))

    def _way(self, run: SavedRun, value: object, same_problem: bool) -> Way:
        entry = Entries(value, "record.ways")
        settings = settings_of(entry.entries("settings"))
        bits = _bits(entry.text("free"), run.head.network.parameter_count)
        key = (run.number, same_problem, settings, bits.tobytes())
        if key not in self._ways:
            problem = run.head.problem if same_problem else None
            self._ways[key] = Way(problem, settings, bits)
        return self._ways[key]


def _bits(text: str, count: int) -> BoolArray:
    try:
        raw = np.frombuffer(base64.b64decode(text, validate=True), dtype=np.uint8)
    except ValueError:
        raise damaged("“record.ways.free” is no base64") from None
    if len(raw) != (count + 7) // 8:
        raise damaged("“record.ways.free” does not fit the network")
    free = np.unpackbits(raw, count=count).astype(np.bool_)
    free.flags.writeable = False
    return free
