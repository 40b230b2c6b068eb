"""What the program says, in one sentence or two, about what has just happened."""

from mixer_nn.core.segment import PLATEAU_WINDOW, Stop
from mixer_nn.session.mix import Mix
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
