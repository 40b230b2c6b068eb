"""A look back into the record: where, from where, and how far the exact step is found again."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from mixer_nn.core.training import TrainingState
from mixer_nn.session.mix import Mix
from mixer_nn.state.replay import Replay


@dataclass(eq=False)
class Visit:
    """Somebody is at move `place` of the run whose present is `head`.

    `replay` is on the way to exactly that move from the state kept before it; None where it has
    arrived, or where no way is known and the nearest kept state has to do.
    """

    head: Mix
    place: int
    replay: Replay | None

    def refine(self, seconds: float = math.inf) -> Mix | None:
        """Go on toward the exact move; the mix there as soon as it has been reached."""
        if self.replay is None or not self.replay.advance(seconds):
            return None
        state, self.replay = self.replay.state, None
        return self.seen(self.place, state)

    def seen(self, move: int, state: TrainingState) -> Mix:
        """The mix as it was at `move`, in that state, with its knobs set up as they are now.

        On the present data, which may have fewer rows than those it was trained on.
        """
        return replace(self.head.with_state(state), moves=move).within_rows()
