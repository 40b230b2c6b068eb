"""What the program says, in one sentence or two, about what has just happened."""

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.problem import Problem
from mixer_nn.core.segment import PLATEAU_WINDOW, Stop
from mixer_nn.core.training import FULL_BATCH
from mixer_nn.session.mix import Mix, Setup
from mixer_nn.state.automix import Outcome
from mixer_nn.ui.numbers import counted, short

FIRST_HINT = (
    "This is y = m·x + c: w is the slope, b the start height. Turn them until the line meets"
    " the points, or press Auto-mix."
)
MANY_HINT = (
    "Each weight says how strongly its input counts, b is the start height. Turn them until the"
    " predictions meet the data, or press Auto-mix."
)
ARROWS_HINT = (
    "Each green arrow says which way this knob alone lowers the loss, and how steeply; the dot on"
    " the ring is where the next step will put it."
)
ANSWER_HINT = (
    "An arrow need not point at the answer (△): it says what helps if this knob alone is turned"
    " now, and the best place for one knob moves when another turns."
)


def hint(mix: Mix) -> str:
    """What to do first with a problem of this kind."""
    return FIRST_HINT if mix.network.sizes[0] == 1 else MANY_HINT


def outcome_text(outcome: Outcome, still_steep: bool) -> str:
    """How Auto-mix ended. `still_steep`: the loss would still go down, only not at this rate."""
    steps = outcome.steps
    epochs = outcome.end.state.epoch - outcome.begin.state.epoch
    if outcome.stop is None:
        return "Every knob is locked, so there is nothing to turn: unlock one and press Auto-mix."
    if outcome.stop is Stop.DIVERGED:
        return _diverged(outcome, steps)
    after = f"{short(outcome.loss)} after {counted(epochs, 'epoch')}."
    if outcome.stop is Stop.PLATEAU:
        return (
            f"Plateau: the loss has hardly got lower over {PLATEAU_WINDOW} epochs; small batches"
            f" keep it moving about. {after}"
        )
    if still_steep:
        return (
            "Stopped: at this learning rate the steps have become too small to matter, though the"
            f" loss is still falling; raise it and press Auto-mix. {after}"
        )
    return f"Settled: no small turn of any knob lowers the loss now. {after}"


def _diverged(outcome: Outcome, steps: int) -> str:
    where = f"Diverged at step {steps}: learning rate {short(outcome.learning_rate, 3)}"
    if outcome.limit is not None and outcome.learning_rate > outcome.limit:
        return f"{where} is above {short(outcome.limit, 3)}, the limit for these data."
    return f"{where} is too high for such steps; lower it, or take larger batches."


def against_the_slope(setup: Setup, *, change: float, slope: float) -> str:
    """Why the next step turns a knob the way in which the loss rises; "" where it does not."""
    if change * slope <= 0.0:
        return ""
    optimizer = OPTIMIZERS[setup.optimizer]
    reasons = []
    if optimizer.has_momentum or setup.optimizer in _REMEMBERING:
        reasons.append("momentum carries it on")
    if setup.batch_size != FULL_BATCH:
        reasons.append("its batch slopes the other way")
    if setup.l1 or setup.l2 or (optimizer.decays and setup.decay):
        reasons.append("weights are pulled to 0")
    why = ", or ".join(reasons)
    return f"the next step goes against the slope{': ' if why else ''}{why}"


_REMEMBERING = ("adam", "adamw")
"""Optimizers that go on in the mean direction of past slopes without a momentum to set."""


def fixed_output(problem: Problem) -> str:
    """Why the activation of the output is no matter of choice."""
    if problem.dataset.classes:
        loss = LOSSES[problem.loss_name].title
        return (
            f"The output stays linear: its numbers are logits, and the loss ({loss}) makes of"
            " them what it needs, safe however large they get."
        )
    return (
        "The output stays linear: so it can reach any number, and scaled parameters can be"
        " converted to the data's units and back."
    )


def sum_name(problem: Problem) -> str:
    """What the output of one neuron is called: ``ŷ``; over two classes a logit, or a score."""
    if not problem.dataset.classes:
        return "ŷ"
    return "logit" if problem.loss_name == "bce" else "score"


def around_sum(problem: Problem) -> tuple[str, str]:
    """What stands before and after the weighted sum of one neuron: ``ŷ = tanh(`` and ``)``."""
    activation = problem.network.activations[-1]
    if activation == "linear":
        return f"{sum_name(problem)} =", ""
    return f"{sum_name(problem)} = {ACTIVATIONS[activation].title}(", ")"


LONGEST_CLASS = 12
"""Letters of a class's name in the equation."""


def class_sentence(problem: Problem) -> tuple[str, str]:
    """What is made of the output of one neuron over two classes, short and explained; else ""."""
    if not problem.dataset.classes:
        return "", ""
    second = problem.dataset.classes[1]
    name = second if len(second) <= LONGEST_CLASS else second[: LONGEST_CLASS - 1] + "…"
    if sum_name(problem) == "score":
        return (
            f"{name} if score > 0",
            f"Score: above 0 a row is taken for {second}; the hinge loss asks for 1 or more",
        )
    return (
        f"P({name}) = σ(logit)",
        f"Logit: the log-odds of {second}. Its probability is σ(logit) = 1/(1 + e^−logit), the"
        " logistic sigmoid",
    )


ADDED_NEURONS = (
    "{count} {activation} neurons now stand before the output, so that the fit can bend: press"
    " Auto-mix. Undo takes them away."
)
CURVE_CHOSEN = (
    "No straight line meets these points: see how far one neuron comes, then let it have company."
)
