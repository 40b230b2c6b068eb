"""A state that has become another one where it stands, other than by a move."""

from __future__ import annotations

from mixer_nn.core.training import TrainingState
from mixer_nn.state.record import Record
from mixer_nn.state.replay import Replay

SECONDS = 0.02
"""What may be spent on keeping the way to the move before it."""


def note(record: Record, move: int, state: TrainingState) -> None:
    """Let `state` be the last of `record`, at `move`, as one that no steps lead to.

    The moves since the state kept before it can still be come to afterwards: up to the last
    before `move`, or as far as there is time to go again.
    """
    found = record.way_to(move - 1)
    if found is not None:
        before, way, steps = found
        replay = Replay(before, way, steps)
        replay.advance(SECONDS)
        taken = replay.state.step - before.step
        record.put_in(move - 1 - steps + taken, replay.state)
    record.cut(move)
    record.append(move, state, None)
