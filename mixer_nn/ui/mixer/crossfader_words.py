"""What the crossfader says: of its place, of the barrier on the way, of its options."""

from __future__ import annotations

import math

from mixer_nn.session.mix import CUES, Mix
from mixer_nn.state.crossing import Crossing
from mixer_nn.state.fade_ends import ENDS, end_title
from mixer_nn.ui.numbers import count, short

OUTPUTS_TIP = (
    "Both networks run, and their outputs are mixed instead of their parameters: the fader turns no"
    " knob, and the Fit shows the mixture"
)
ALIGN_TIP = (
    "Hidden units may change places without changing what a network does. First those of one end"
    " are put in the order that brings them closest to the other's: part of the barrier is only"
    " that"
)
NEEDS_HIDDEN_UNITS = "There are no hidden units that could change places"


def end_entry(name: str, mix: Mix) -> str:
    """An end in a list of them: ``start``, ``cue A``, ``cue B · before Adam``."""
    cue = mix.cues[CUES.index(name)] if name in CUES else None
    return f"{end_title(name)} · {cue.name}" if cue is not None and cue.name else end_title(name)


def offered(mix: Mix, chosen: str) -> list[str]:
    """The ends to choose from: all but empty cues, one that is chosen excepted."""
    return [
        name
        for name in ENDS
        if name not in CUES or name == chosen or mix.cues[CUES.index(name)] is not None
    ]


def share_text(share: float) -> str:
    """Where the fader stands: ``37 % B``."""
    text = f"{100.0 * share:.1f}".removesuffix(".0")
    return f"{text} % B"


def barrier_text(barrier: float) -> str:
    """The height of a barrier in words: ``barrier 0.83 above the line between the ends``."""
    if math.isinf(barrier):
        return "barrier without bound: on the way the loss is no number"
    if barrier == 0.0:
        return "no barrier: the loss rises nowhere above the line between the ends"
    return f"barrier {short(barrier, 3)} above the line between the ends"


def way_text(ends: tuple[str, str], crossing: Crossing, what: str) -> str:
    """The way in words: its ends, its barrier, and how high that was without the options."""
    a, b = (end_title(name) for name in ends)
    low, high = short(float(crossing.losses[0])), short(float(crossing.losses[-1]))
    parts = [f"A: {a}, loss {low}", f"B: {b}, loss {high}", f"{what}: {_tall(crossing.barrier)}"]
    if crossing.plain_barrier is not None:
        parts.append(f"dashed, without that: {_tall(crossing.plain_barrier)}")
    if crossing.rows < crossing.rows_of:
        parts.append(
            f"from an even sample of {count(crossing.rows)} of {count(crossing.rows_of)} rows"
        )
    return "\n".join(parts)


def _tall(barrier: float) -> str:
    return barrier_text(barrier if barrier > 1e-12 else 0.0)
