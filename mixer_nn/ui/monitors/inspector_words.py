"""What the inspector shows of a parameter: terms, what they mean, and their figures."""

from __future__ import annotations

from collections.abc import Iterator

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.step_account import StepAccount
from mixer_nn.session.mix import Setup
from mixer_nn.state.last_moves import LastMove
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer import rings
from mixer_nn.ui.monitors.inspector_table import Row
from mixer_nn.ui.numbers import count, fixed, short

Told = tuple[Row, str]
"""A row, and its figure."""

VALUE = Row("value", "value p", "The parameter as it stands, exactly")
INITIAL = Row("initial", "initial value", "What it started from, and a reset goes back to")
GRADIENT = Row(
    "gradient",
    "gradient ∂L/∂p",
    "How the loss over all training rows changes per unit of this knob, the others held",
)
CURVATURE = Row(
    "curvature",
    "curvature ∂²L/∂p²",
    "How fast that slope changes per unit of this knob: above 0 the loss curves up like a bowl,"
    " below 0 it curves down",
)
FLOOR = Row(
    "floor",
    "parabola's floor p",
    "A parabola with this slope and this curvature is lowest with the knob here, the others held;"
    " none where the loss does not curve up",
)
CHANGE = Row("change", "last change Δp", "By how much the last step, or your hand, moved it")
MOVER = Row("mover", "moved by", "What made the last change: a step of Auto-mix, or a hand")
SCALE = Row("scale", "scale", "How far the knob's scale reaches to either side")
LOCK = Row(
    "lock", "lock", "Whether Auto-mix may turn it; a knob that is locked or in your hand waits"
)


def figures(bench: Bench, index: int, *, beside_dial: bool) -> Iterator[Told]:
    """The parameter itself; beside its large dial without what that says already."""
    mix, inspection = bench.desk.mix, bench.inspection
    scale, value = float(mix.scales[index]), float(mix.parameters[index])
    if not beside_dial:
        yield VALUE, fixed(value, scale)
        yield INITIAL, fixed(float(mix.initial[index]), scale)
    told = beside_dial and rings.has_ring(bench, index) and rings.what(bench) == "slope"
    if not told:
        yield GRADIENT, short(float(bench.readings.gradient[index]))
    about = "≈ " if inspection.is_sampled else ""
    yield CURVATURE, about + short(inspection.curvature(index))
    floor = inspection.floor(index)
    yield FLOOR, "none" if floor is None else about + short(floor)
    move = inspection.last_move(index)
    yield CHANGE, short(None if move is None else move.change)
    yield MOVER, mover(move)
    if not beside_dial:
        yield SCALE, f"±{short(scale)}"
        yield LOCK, _lock(bench, index)


def mover(move: LastMove | None) -> str:
    """``a hand``, ``step 12``, ``8 steps``; ``–`` where nothing has moved it yet."""
    if move is None:
        return "–"
    if move.by_hand:
        return "a hand"
    return f"step {count(move.step)}" if move.steps == 1 else f"{count(move.steps)} steps"


def _lock(bench: Bench, index: int) -> str:
    if bench.desk.mix.locked[index]:
        return "locked"
    return "in a hand" if index in bench.desk.touched else "free"


# -- the next step ------------------------------------------------------------------------------

BATCH_SLOPE = Row(
    "batch", "slope of the batch", "∂L/∂p over the rows that the next step takes, not over all"
)
LIMITER = Row("limiter", "limiter keeps ×", "What is left of the slope where its norm is clipped")
RATE = Row("rate", "learning rate η", "Of the next step, with the schedule in it")
VELOCITY = Row("velocity", "velocity v", "The running sum of past slopes that momentum remembers")
MEAN = Row("mean", "mean slope m", "A running average of past slopes: β₁ = 0.9 of it stays")
SQUARE = Row("square", "mean square v", "A running average of squared slopes: β₂ = 0.999 stays")
UNBIASED = Row(
    "unbiased",
    "corrected mean m̂",
    "m with the next slope in it, divided by 1 − β₁ᵗ, since it began at 0",
)
DIVISORS = {
    "adagrad": Row("divisor", "divisor √s + ε", "The root of the sum of all squared slopes so far"),
    "rmsprop": Row("divisor", "divisor √s + ε", "The root of a running average of squared slopes"),
    "adam": Row(
        "divisor",
        "divisor √v̂ + ε",
        "The root of v with the next slope in it, divided by 1 − β₂ᵗ, since it began at 0",
    ),
}
DIVISORS["adamw"] = DIVISORS["adam"]
EFFECTIVE = Row(
    "effective",
    "effective rate",
    "How far a slope of 1 moves this knob in the next step: a learning rate of its own",
)
FROM_SLOPE = Row("fromSlope", "from the slope", "The part of the next change that the slope makes")
FROM_L2 = Row("fromL2", "from L2", "The part that the pull of L2 toward 0 makes")
FROM_L1 = Row("fromL1", "from L1", "The part that the pull of L1 toward 0 makes")
CARRIED = Row("carried", "carried on", "The part that goes on from earlier steps")
DECAYED = Row("decayed", "weight decay", "The part that draws the weight toward 0, by itself")
NEXT = Row("next", "next step Δp", "The parts together: how far the next step moves this knob")


def step_figures(bench: Bench, index: int) -> Iterator[Told]:
    """How the next step comes about: what it is made from, what is remembered, its parts."""
    setup, account = bench.desk.setup, bench.inspection.next_step(index)
    optimizer = OPTIMIZERS[setup.optimizer]
    is_weight = not bench.desk.mix.network.parameters[index].is_bias
    if bench.inspection.is_mini_batch:
        yield BATCH_SLOPE, short(account.slope)
    if setup.clip is not None:
        yield LIMITER, short(account.limiter, 3)
    yield RATE, short(account.learning_rate, 3)
    yield from _memory(setup.optimizer, account)
    if optimizer.is_adaptive:
        yield EFFECTIVE, short(account.rate, 3)
    parts = [
        (row, part)
        for row, wanted, part in (
            (FROM_SLOPE, True, account.from_slope),
            (FROM_L2, bool(setup.l2) and is_weight, account.from_l2),
            (FROM_L1, bool(setup.l1) and is_weight, account.from_l1),
            (CARRIED, optimizer.has_momentum or account.unbiased is not None, account.carried),
            (DECAYED, optimizer.decays and is_weight, account.decayed),
        )
        if wanted
    ]
    if len(parts) > 1:  # one alone is the change itself
        yield from ((row, short(part if account.is_free else 0.0)) for row, part in parts)
    yield NEXT, short(account.change)


def _memory(key: str, account: StepAccount) -> Iterator[Told]:
    if account.unbiased is not None:
        mean, square = account.remembered
        yield MEAN, short(mean)
        yield SQUARE, short(square)
        yield UNBIASED, short(account.unbiased)
    elif account.divisor is None:
        yield from ((VELOCITY, short(velocity)) for velocity in account.remembered)
    if account.divisor is not None:
        yield DIVISORS[key], short(account.divisor)


def step_sentence(setup: Setup, account: StepAccount) -> str:
    """What the optimizer makes of a slope, in a sentence without a number that changes."""
    if not account.is_free:
        return "The next step leaves it where it is."
    return _SENTENCES[setup.optimizer]


_SENTENCES = {
    "gradient-descent": "No memory: step = −learning rate × slope.",
    "momentum": "Step = −rate × slope, plus what is carried on of the velocity.",
    "nesterov": "Step = −rate × (1 + μ) × slope, plus what is carried on.",
    "adagrad": "Divides the step by √s, which only grows: steps get ever smaller.",
    "rmsprop": "Divides the step by √s: steep and flat knobs move alike.",
    "adam": "Step = −rate × mean slope / divisor: its usual size drops out.",
    "adamw": "Step = −rate × mean slope / divisor; weights decay besides.",
}
