"""Hot cues: places kept to come back to."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mixer_nn.core.dataset import Dataset
from mixer_nn.core.problem import Problem

if TYPE_CHECKING:
    from mixer_nn.session.mix import Mix

CUES = "ABCDEFGH"
"""The names of the pads, one for each place in `Mix.cues`."""

NO_RUN = -1
"""The number of no run: of a cue that is on no loss curve any more."""


@dataclass(frozen=True, eq=False)
class Cue:
    """A mix kept for later, with the training and the held-out loss it had (NaN: none held out).

    Its own mix holds no cues. Its `run` and `moves` tell where on the loss curves it was stored.
    """

    mix: Mix
    loss: float
    held_out: float
    name: str = ""

    def __post_init__(self) -> None:
        """Take the cues out of the mix: one would else hold all that were there before it."""
        if any(self.mix.cues):
            object.__setattr__(self, "mix", replace(self.mix, cues=(None,) * len(CUES)))

    def problem_on(self, dataset: Dataset) -> Problem:
        """Its problem on these data; raises ValueError where its network does not fit them."""
        problem = self.mix.problem
        return problem if problem.dataset is dataset else replace(problem, dataset=dataset)

    def rescaled(self, scaled: bool, dataset: Dataset) -> Cue:
        """The same predictions with scaling switched, and the losses that go with it.

        It is converted as it would be taken up: on `dataset`, where it fits those. Raises MixError
        where a parameter would leave the range of numbers by that.
        """
        mix = self.mix
        if mix.problem.scaled == scaled:
            return self
        try:
            mix = replace(mix, problem=self.problem_on(dataset))
        except ValueError:
            mix = self.mix  # other columns: then in the units of its own
        mix = mix.rescaled(scaled, NO_RUN)
        held_out = mix.problem.held_out
        return Cue(
            mix,
            mix.problem.objective.value(mix.parameters),
            math.nan if held_out is None else held_out.value(mix.parameters),
            self.name,
        )
