"""What the choices in a preview give, as one value that a worker can bring."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from mixer_nn.core.scaling import WORTH_SCALING, condition_number
from mixer_nn.data.choice import Choice, Prepared, build
from mixer_nn.data.columns import Table
from mixer_nn.data.table import Cancelled
from mixer_nn.ui.dialogs.picture import Picture
from mixer_nn.ui.dialogs.thumbnail import picture
from mixer_nn.ui.numbers import short


@dataclass(frozen=True, eq=False)
class Examined:
    """The data set of a choice and a held-out share, a picture of it, how uneven its inputs are.

    `condition` is the condition number of the squared error's Hessian over the training rows.
    """

    choice: Choice
    share: float
    prepared: Prepared
    condition: float
    picture: Picture

    @property
    def worth_scaling(self) -> bool:
        """Whether scaling goes on by itself."""
        return self.condition > WORTH_SCALING


def examine(
    table: Table,
    choice: Choice,
    share: float,
    *,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Examined:
    """Work all of it out; raises MixError where the choice cannot be used."""
    prepared = build(table, choice, held_out=share)
    if cancelled is not None and cancelled():
        raise Cancelled
    dataset = prepared.dataset
    condition = condition_number(dataset.inputs[~dataset.held_out])
    return Examined(choice, share, prepared, condition, picture(dataset))


def why_scaled(on: bool, condition: float, by_hand: bool) -> str:
    """One line on why the scaling switch stands where it does."""
    if math.isinf(condition):
        return _put(on, "some inputs follow from others (condition number ∞)", by_hand)
    number = short(condition, 3) if condition >= 1e6 else f"{condition:,.0f}"
    crawl = f"without it gradient descent would crawl here (condition number {number})"
    even = f"the inputs are alike enough as they are (condition number {number})"
    reason = crawl if condition > WORTH_SCALING else even
    return _put(on, reason, by_hand)


def _put(on: bool, reason: str, by_hand: bool) -> str:
    if by_hand:
        return f"Your choice: {reason}."
    return f"{'On' if on else 'Off'} by itself: {reason}."
