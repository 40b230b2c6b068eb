"""The loss along a knob's own scale, as a ring on the knob that the pointer rests on."""

from __future__ import annotations

from mixer_nn.ui.bench import Bench

PARTS = 54
"""Parts of the scale, five degrees of the dial each."""


def groove(bench: Bench, index: int) -> tuple[float, ...]:
    """How high the loss is along a parameter's scale, 0..1; nothing where no pointer is on it.

    It tells more than the arrows do, so it comes no earlier than they.
    """
    if bench.selection.hovered != index or not bench.guidance.arrows:
        return ()
    found = bench.slicing.outline(index)
    if not found.is_known or found.is_flat:
        return ()
    return found.shares(float(bench.desk.mix.scales[index]), PARTS)
