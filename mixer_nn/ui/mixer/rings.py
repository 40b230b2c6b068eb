"""What the rings and arrows on the knobs stand for just now, and on which of them they are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mixer_nn.core.arrays import BoolArray
from mixer_nn.state.slow_motion import Stage
from mixer_nn.ui.bench import Bench

SLOW_GLIDE = 800.0
"""Milliseconds in which all knobs turn at once, where a step is shown in slow motion."""


def follow(bench: Bench, read: Callable[[], None]) -> None:
    """Call `read` when rings come, go, or come to stand for something else."""
    bench.guidance.changed.connect(read)
    bench.spotlight.changed.connect(read)
    bench.slow_motion.changed.connect(read)


def stamp(bench: Bench) -> tuple[object, ...]:
    """Equal for as long as rings stand for the same, but for what the desk changes."""
    slow = bench.slow_motion
    return bench.guidance.arrows, bench.spotlight.revision, slow.revision, slow.phase


def has_ring(bench: Bench, index: int) -> bool:
    """Whether a parameter's knob shows one.

    When asked for, and with a row lit; in slow motion once the backward pass has come to its layer.
    """
    if bench.slow_motion.is_on:
        return bench.slow_motion.has_slopes(bench.desk.mix.network.parameters[index].layer)
    return bench.guidance.arrows or bench.spotlight.row is not None


def with_rings(bench: Bench) -> BoolArray:
    """True for each parameter whose knob shows one, (parameters,)."""
    network = bench.desk.mix.network
    if not bench.slow_motion.is_on:
        shown = bench.guidance.arrows or bench.spotlight.row is not None
        return np.full(network.parameter_count, shown)
    known = np.zeros(network.parameter_count)
    for layer, part in enumerate(network.layers(known), start=1):
        part[:] = bench.slow_motion.has_slopes(layer)
    return known > 0.0


def has_ghosts(bench: Bench) -> bool:
    """Whether the next step's landing is marked: not while the one before still turns knobs."""
    return bench.slow_motion.stage is not Stage.UPDATE


def what(bench: Bench) -> str:
    """What the number beside a knob is: ``slope``, ``pull of row 17``, ``slope of this batch``."""
    row, step = bench.spotlight.row, bench.slow_motion.step
    if row is not None:
        return f"pull of row {row + 1:,}"
    return "slope" if step is None or step.is_full_batch else "slope of this batch"


def whose_loss(bench: Bench) -> str:
    """Which loss it is that the rings tell the slope of."""
    row, step = bench.spotlight.row, bench.slow_motion.step
    if row is not None:
        away = ", which is held out and does not train" if bench.spotlight.is_held_out else ""
        return f"the loss of row {row + 1:,} alone{away}"
    if step is None or step.is_full_batch:
        return "the loss over all training rows"
    return "the loss over the rows of this batch"


def glide_time(bench: Bench, usual: float) -> float:
    """Milliseconds that pointers take to where they belong; `usual` but for a slow step."""
    return SLOW_GLIDE if bench.slow_motion.stage is Stage.UPDATE else usual
