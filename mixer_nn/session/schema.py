"""A saved mix as JSON values, and back; every entry is checked on the way in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mixer_nn.core.errors import MixError
from mixer_nn.session.codec import Entries, damaged, one_line
from mixer_nn.session.curve import COLUMNS, Curve
from mixer_nn.session.migrate import VERSION, migrated
from mixer_nn.session.mix import NO_RUN
from mixer_nn.session.pieces import plain
from mixer_nn.session.saved import Saved, SavedRun
from mixer_nn.session.schema_cue import cues_of, cues_to_json
from mixer_nn.session.schema_data import data_of, data_to_json
from mixer_nn.session.schema_mix import (
    MOST_MOVES,
    Problems,
    is_finite,
    mix_of,
    readable_mix_to_json,
)
from mixer_nn.session.schema_record import record_to_json, run_to_json, runs_of
from mixer_nn.session.schema_setup import setup_of, setup_to_json

__all__ = ["Saved", "SavedRun", "from_json", "to_json", "tree_of"]

FORMAT = "mixer-nn mix"


def tree_of(saved: Saved) -> dict[str, Any]:
    """The file's content for `mixer_nn.session.pieces`: JSON values, and what becomes some.

    Raises NotFinite for a cue that could not be read again.
    """
    mix = saved.mix
    # A run that has left the range of numbers is not worth a mix that cannot be saved.
    saved = replace(saved, runs=tuple(run for run in saved.runs if is_finite(run.head)))
    return {
        "format": FORMAT,
        "version": VERSION,
        **readable_mix_to_json(mix),
        "setup": setup_to_json(saved.setup),
        "data": data_to_json(mix.dataset) | {"scaled": mix.problem.scaled},
        "cues": cues_to_json(mix),
        "visit": saved.visit,
        "curves": ({"run": curve.run, "points": curve.points} for curve in saved.curves),
        "runs": (run_to_json(run, mix) for run in saved.runs),
        "record": record_to_json(saved),
    }


def to_json(saved: Saved) -> dict[str, Any]:
    """The file's content as JSON values."""
    content: dict[str, Any] = plain(tree_of(saved))
    return content


def from_json(value: object) -> Saved:
    """The content of a file from its JSON values; MixError with what is wrong with them."""
    top = Entries(value, "mix")
    if top.raw("format") != FORMAT:
        raise MixError("it is not a mix of this program")
    version = top.raw("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise damaged("its version number is missing")
    if version > VERSION:
        raise MixError(
            f"it was saved by a newer version of this program (format {one_line(str(version))},"
            f" this one reads up to {VERSION}); update the program to open it"
        )
    try:
        if isinstance(value, dict):
            top = Entries(migrated(value, version), "mix")
        return _saved(top)
    except (ValueError, OverflowError, MemoryError) as error:
        raise damaged(str(error)) from None


def _saved(top: Entries) -> Saved:
    data = top.entries("data")
    problems = Problems(data_of(data))
    problem = problems.of(top.entries("network"), data.flag("scaled"))
    mix = replace(mix_of(top, problem), cues=cues_of(top, problems))
    if mix.run == NO_RUN:  # only a cue may be on no loss curve
        raise damaged("“training.run” is missing")
    return Saved(
        mix,
        setup_of(top.entries("setup")),
        _curves(top),
        runs_of(top, problems),
        None if top.raw("visit") is None else top.count("visit"),
    )


def _curves(top: Entries) -> tuple[Curve, ...]:
    curves = []
    for value in top.list("curves"):
        entry = Entries(value, "curves")
        points = entry.array("points", 2)
        if points.size == 0:
            points = points.reshape(0, len(COLUMNS))
        moves = points[:, 0]
        in_order = np.isfinite(moves).all() and (moves[1:] > moves[:-1]).all()
        if points.shape[1] != len(COLUMNS) or not in_order:
            raise damaged("a loss curve is not in order")
        curves.append(Curve(entry.count("run", MOST_MOVES), points))
    if len({curve.run for curve in curves}) != len(curves):
        raise damaged("two loss curves have the same number")
    return tuple(curves)
