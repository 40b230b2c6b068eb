"""Hot cues as JSON values, and back."""

from __future__ import annotations

import math
from typing import Any

from mixer_nn.session.codec import Entries, damaged
from mixer_nn.session.cue import CUES, Cue
from mixer_nn.session.mix import Mix
from mixer_nn.session.pieces import NotFinite
from mixer_nn.session.schema_mix import Problems, is_finite, mix_of, mix_to_json


def cues_to_json(mix: Mix) -> list[dict[str, Any] | None]:
    """What is on each pad; raises NotFinite for a cue that could not be read again."""
    return [None if cue is None else _cue_to_json(cue, mix) for cue in mix.cues]


def _cue_to_json(cue: Cue, mix: Mix) -> dict[str, Any]:
    if not is_finite(cue.mix):
        raise NotFinite("a cue is not finite")
    return {
        "name": cue.name,
        "loss": _finite(cue.loss),
        "held_out": _finite(cue.held_out),
        "same_data": cue.mix.dataset is mix.dataset,
        "mix": mix_to_json(cue.mix),
    }


def _finite(loss: float) -> float | None:
    return loss if math.isfinite(loss) else None


def cues_of(top: Entries, problems: Problems) -> tuple[Cue | None, ...]:
    """What was on each pad; MixError where it cannot have been."""
    values = top.list("cues")
    if len(values) > len(CUES):
        raise damaged(f"it has more than {len(CUES)} cues")
    values = values + [None] * (len(CUES) - len(values))
    return tuple(
        None if value is None else _cue(Entries(value, "cues"), problems) for value in values
    )


def _cue(entry: Entries, problems: Problems) -> Cue | None:
    """A cue; None where it was stored with other data, and does not fit these."""
    mix, same_data = entry.entries("mix"), entry.flag("same_data")
    try:
        problem = problems.of(mix.entries("network"), mix.flag("scaled"))
    except ValueError:
        if same_data:
            raise
        return None
    return Cue(
        mix_of(mix, problem, same_data),
        _loss(entry, "loss"),
        _loss(entry, "held_out"),
        entry.text("name"),
    )


def _loss(entry: Entries, key: str) -> float:
    return math.nan if entry.raw(key) is None else entry.number(key)
