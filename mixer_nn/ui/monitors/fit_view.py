"""How the Fit monitor looks at the fit. View states: they change nothing in the mix."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class FitView:
    """What the switches in the head say.

    `discretised`: fields in few steps, classes without shades of doubt. `parts`: what each neuron
    adds to a curve. `sliced`: of many inputs, the field through those of `axes`. `editing`: points
    are made by hand.
    """

    discretised: bool = False
    parts: bool = False
    sliced: bool = False
    axes: tuple[int, int] = (0, 1)
    editing: bool = False
