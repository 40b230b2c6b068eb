"""Learning-rate schedules: by what factor the rate is lowered as the epochs go by."""

import math
from collections.abc import Callable
from dataclasses import dataclass

STEP_FACTOR, STEPS = 0.1, 3


@dataclass(frozen=True)
class Schedule:
    """A factor on the learning rate; `factor` maps the share of the horizon passed, 0 to 1."""

    key: str
    title: str
    formula: str
    factor: Callable[[float], float]


def _constant(share: float) -> float:
    return 1.0


def _step(share: float) -> float:
    """A tenth after each third of the horizon (PyTorch's StepLR)."""
    return float(STEP_FACTOR ** min(math.floor(share * STEPS + 1e-9), STEPS - 1))


def _cosine(share: float) -> float:
    """Half a cosine from 1 to 0 (Loshchilov and Hutter, 2017, without restarts)."""
    return 0.5 * (1.0 + math.cos(math.pi * min(share, 1.0)))


SCHEDULES: dict[str, Schedule] = {
    schedule.key: schedule
    for schedule in (
        Schedule("constant", "constant", "η stays", _constant),
        Schedule("step", "step", "η, η/10, η/100 over the three thirds of the horizon", _step),
        Schedule("cosine", "cosine", "η · ½(1 + cos πt), t from 0 to 1 at the horizon", _cosine),
    )
}


def factor(key: str, epochs: float, warm_up: float, horizon: float, step: float) -> float:
    """The factor on the learning rate for the step that begins after so many `epochs`.

    Over the first `warm_up` epochs it grows in equal parts to 1, which the last of those steps
    has; `step` is the length of one step in epochs. Then the schedule runs to the `horizon`.
    """
    if epochs < warm_up - 1e-9:
        return min((epochs + step) / warm_up, 1.0)
    passed = max(epochs - warm_up, 0.0)
    return SCHEDULES[key].factor(passed / max(horizon - warm_up, 1e-9))
