"""What a mix says, worked out afresh, and when two mixes are the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mixer_nn.core.losses import LOSSES
from mixer_nn.session.mix import Mix


def fresh_loss(mix: Mix) -> float:
    """The training loss from the rows in data units, apart from all that the program keeps."""
    problem = replace(mix.problem)
    rows = ~mix.dataset.held_out
    inputs = problem.scaling.inputs(problem.seen.inputs[rows])
    targets = problem.scaling.targets(problem.seen.targets[rows])
    with np.errstate(all="ignore"):
        outputs = problem.network.predict(np.array(mix.parameters), inputs)
        return LOSSES[problem.loss_name].value(outputs, targets)


def same(one: Mix, other: Mix) -> bool:
    """Whether two mixes are the same bit for bit, what the optimizer remembers included."""
    return alike(one, other) and one.state.same(other.state)


def alike(one: Mix, other: Mix) -> bool:
    """Whether two mixes are the same bit for bit in all that a person can see of the knobs."""
    return (
        one.problem is other.problem
        and (one.run, one.moves) == (other.run, other.moves)
        and all(
            first.tobytes() == second.tobytes()
            for first, second in (
                (one.parameters, other.parameters),
                (one.initial, other.initial),
                (one.scales, other.scales),
                (one.locked, other.locked),
            )
        )
    )
