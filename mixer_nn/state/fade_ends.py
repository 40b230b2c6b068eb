"""What may stand at an end of the crossfader, and the parameters that it stands for."""

from __future__ import annotations

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.session.cue import CUES
from mixer_nn.session.mix import Mix
from mixer_nn.state.history import History
from mixer_nn.state.loss_table import LOSS, MOVE

START, BEST, NOW = "start", "best", "now"
ENDS: tuple[str, ...] = (START, BEST, NOW, *CUES)


def end_title(name: str) -> str:
    """What an end is called: ``start``, ``best``, ``now``, ``cue A``."""
    return f"cue {name}" if name in CUES else name


def refusal(mix: Mix, name: str) -> str | None:
    """One sentence on why an end cannot be faded to; None where it can."""
    if name not in CUES:
        return None
    cue = mix.cues[CUES.index(name)]
    if cue is None:
        return f"Cue {name} is empty; store a mix there, or choose another end."
    if cue.mix.network != mix.network or cue.mix.problem.features != mix.problem.features:
        return (
            f"Cue {name} has another network than the mix; only mixes of the same network can be"
            " crossfaded, so choose another end."
        )
    if cue.mix.problem.scaled != mix.problem.scaled:
        return (
            f"Cue {name} counts in other units than the mix; switch scaling as it was there, or"
            " choose another end."
        )
    return None


def parameters_at(name: str, mix: Mix, history: History) -> FloatArray:
    """The parameters (parameters,) of an end that is not refused."""
    if name == START:
        return mix.initial
    if name == NOW:
        return mix.parameters
    if name == BEST:
        return _best(mix, history)
    cue = mix.cues[CUES.index(name)]
    assert cue is not None
    return cue.mix.parameters


def _best(mix: Mix, history: History) -> FloatArray:
    """Those kept of the present run nearest to where its loss was lowest."""
    points = history.points
    losses = np.where(np.isfinite(points[:, LOSS]), points[:, LOSS], np.inf)
    if not len(losses) or not np.isfinite(losses.min()):
        return mix.parameters
    found = history.nearest(int(points[int(np.argmin(losses)), MOVE]))[1].parameters
    return found if found.size == mix.parameters.size else mix.parameters
