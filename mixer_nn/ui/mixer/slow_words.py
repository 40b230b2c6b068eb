"""The captions of a step in slow motion: a sentence for each phase, with the step's own numbers."""

from __future__ import annotations

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.network import Network
from mixer_nn.state.slow_motion import Phase, Stage, StepAhead
from mixer_nn.ui.mixer.symbols import symbol
from mixer_nn.ui.numbers import count, counted, short

INTERRUPTED = "Slow motion ended here, since the mix was changed meanwhile; its step was not taken."

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)

_MEANS = {
    "mse": "the mean of {n} squared misses",
    "mae": "the mean of {n} absolute misses",
    "huber": "the mean of {n} misses, squared if small and absolute if large,",
    "bce": "the mean of −log(probability of the right class) over {n} rows",
    "cross-entropy": "the mean of −log(probability of the right class) over {n} rows",
    "hinge": "the mean of what the score lacks to the margin over {n} rows",
}

_SCALED = {
    "momentum": " (momentum adds earlier ones)",
    "nesterov": " (Nesterov momentum adds earlier ones)",
    "adagrad": " (AdaGrad scales each)",
    "rmsprop": " (RMSProp scales each)",
    "adam": " (Adam scales each)",
    "adamw": " (AdamW scales each, and shrinks weights)",
}


def caption(phase: Phase, step: StepAhead, loss_after: float) -> str:
    """What happens in a phase. `loss_after` is the loss over all rows once the step is taken."""
    if phase.stage is Stage.FORWARD:
        return _forward(phase.layer, step)
    if phase.stage is Stage.LOSS:
        return _loss(step)
    if phase.stage is Stage.BACKWARD:
        return _backward(phase.layer, step.mix.network)
    return _update(step, loss_after)


def rows_text(step: StepAhead) -> str:
    """Which rows the step looks at: ``all 30 rows``, ``this batch's 7 of 30 rows``."""
    rows, of = step.objective.rows, step.mix.problem.objective.rows
    if step.is_full_batch:
        return f"all {count(rows)} rows" if rows > 1 else "the one row"
    return f"this batch's {count(rows)} of {count(of)} rows"


def _word(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else count(number)


def _is_neuron(network: Network) -> bool:
    return network.sizes[1:] == (1,)


def _forward(layer: int, step: StepAhead) -> str:
    network, of = step.mix.network, rows_text(step)
    if _is_neuron(network):
        times = "x times its weight w" if network.sizes[0] == 1 else "each x times its weight"
        return f"For {of} the neuron adds up {times} and the bias b: {_what_comes_out(step)}."
    before, size = network.sizes[layer - 1], network.sizes[layer]
    if layer > 1:
        came = f"the {_word(before)} of layer {layer - 1}" if before > 1 else "the one before"
    else:
        came = f"the {'input' if before == 1 else f'{_word(before)} inputs'} of {of}"
    if layer == len(network.sizes) - 1:
        who = "the output mixes" if size == 1 else f"the {_word(size)} outputs each mix"
        return f"{_capital(who)} {came} with their weights: {_what_comes_out(step)}."
    mixes = "neurons mix" if size > 1 else "neuron mixes"
    return f"Layer {layer}'s {_word(size)} {mixes} {came}{_bent(network, layer)}."


def _bent(network: Network, layer: int) -> str:
    name = network.activations[layer - 1]
    if name == "linear":
        return " and add a bias; linear, so the sum goes on as it is"
    return f", add a bias, and bend the sum with {ACTIVATIONS[name].title}"


def _what_comes_out(step: StepAhead) -> str:
    if step.mix.dataset.classes:
        kind = step.mix.dataset.kind
        return "a logit for each class" if kind == "classes" else "the logit z"
    name = step.mix.network.activations[-1]
    return "the prediction ŷ" + ("" if name == "linear" else f", after {ACTIVATIONS[name].title}")


def _loss(step: StepAhead) -> str:
    mean = _MEANS[step.objective.loss_name].format(n=count(step.objective.targets.size))
    text = f"{_capital(mean)} is {short(step.loss)}"
    if step.is_full_batch:
        return f"{text}. This one number has to go down."
    return f"{text} in this batch, over all rows {short(step.whole_loss)}."


def _backward(layer: int, network: Network) -> str:
    if _is_neuron(network):
        names = [symbol(network, parameter) for parameter in network.parameters]
        knobs = " and ".join(names) if len(names) == 2 else f"all {_word(len(names))} knobs"
        return f"By the chain rule {knobs} learn how the loss answers to each: the slope ∂L/∂p."
    knobs = count(network.sizes[layer] * (network.sizes[layer - 1] + 1))
    if layer == len(network.sizes) - 1:
        return (
            f"From the misses each of the output's {knobs} knobs learns its slope ∂L/∂p: how the"
            " loss answers to it."
        )
    after = "the output" if layer == len(network.sizes) - 2 else f"layer {layer + 1}"
    return (
        f"Through {after}'s weights the error runs back to layer {layer}: each of its {knobs}"
        " knobs learns its slope ∂L/∂p."
    )


def _update(step: StepAhead, loss_after: float) -> str:
    settings, locked = step.settings, int(step.mix.locked.sum())
    who = f"Every knob but {counted(locked, 'locked one')}" if locked else "Every knob"
    slope = "slope" if step.is_full_batch else "slope of this batch"
    text = f"{who} turns at once, by −learning rate × {slope}{_SCALED.get(settings.optimizer, '')}"
    if settings.clip is not None or settings.l1 or settings.l2:
        text += ", after limiter and penalties"
    return f"{text}. Loss {short(step.whole_loss)} → {short(loss_after)}."


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
