"""What the slice says in words: the slope, what the next step does, and why there is no curve."""

from __future__ import annotations

from mixer_nn.core.network import Parameter
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.problem import Problem
from mixer_nn.session.mix import Mix, Setup
from mixer_nn.state.slice import Slice
from mixer_nn.ui.mixer.places import layer_title, sources
from mixer_nn.ui.mixer.symbols import standard_name
from mixer_nn.ui.numbers import MINUS, count, fixed, short

RUN_AWAY = (
    "The loss is no number where this knob stands, so there is nothing to draw: bring back the"
    " last good mix, or turn the knobs back."
)
LEVEL = "Level: turned alone, this knob changes nothing. {why}"
MUCH = 1.5
"""Times the present loss from which on the loss after the next step is a warning."""
_OF_A_BIAS = "The neuron it belongs to does not reach the output just now."
_OF_A_WEIGHT = "What it listens to is 0 for every row, or its neuron does not reach the output."


def knob_place(problem: Problem, parameter: Parameter) -> str:
    """``layer 2 · neuron 3 ← neuron 2``; of the only neuron, what it listens to: ``w · x``."""
    network, layer = problem.network, parameter.layer
    row = sources(problem, layer)[-1 if parameter.source is None else parameter.source - 1]
    if len(network.sizes) == 2 and network.sizes[1] == 1:
        name = standard_name(network, parameter)
        return name if parameter.is_bias else f"{name} ← {row.name}"
    where = layer_title(network, layer).lower()
    if network.sizes[layer] > 1 or layer < len(network.sizes) - 1:
        where += f" · neuron {parameter.neuron}"
    if parameter.is_bias:
        return f"{where} · bias"
    return f"{where} ← {row.spoken if layer > 1 else row.name}"


def slope_words(found: Slice) -> str:
    """``slope −0.0214``."""
    return f"slope {short(found.slope, 3)}"


def step_words(found: Slice, mix: Mix, setup: Setup) -> tuple[str, ...]:
    """``next step +0.30 (Adam)``, or why there is none; and shorter, for where room is scarce."""
    if bool(mix.locked[found.index]):
        return ("locked: Auto-mix leaves it alone", "locked")
    if found.landing is None:
        return ("in your hand",)
    change = short(found.landing - found.value, 3)
    sign = "" if change.startswith(MINUS) or change == "0" else "+"
    step, by = f"next step {sign}{change}", f" ({OPTIMIZERS[setup.optimizer].title})"
    # So far up that the line may be out of sight: the learning rate is too high.
    if found.after is not None and not found.after <= MUCH * found.loss:
        up = f", loss up to {short(found.after, 3)}"
        return step + by + up, step + up, step
    return step + by, step


def minimum_words(found: Slice, scale: float) -> str:
    """``lowest 0.0521 at 2.030``; that there is none within the scale."""
    if found.minimum is None:
        return "no lowest point within the scale"
    place, loss = found.minimum
    return f"lowest {short(loss)} at {fixed(place, scale)}"


def sample_words(found: Slice) -> str:
    """That not all rows were looked at; "" where they were."""
    if found.rows == found.rows_of:
        return ""
    return f"curve: a sample of {count(found.rows)} of {count(found.rows_of)} rows"


def trouble(found: Slice, parameter: Parameter) -> str:
    """Why there is no curve to read; "" where there is one."""
    if not found.is_known:
        return RUN_AWAY
    if found.is_flat:
        return LEVEL.format(why=_OF_A_BIAS if parameter.is_bias else _OF_A_WEIGHT)
    return ""
