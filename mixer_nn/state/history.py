"""The history: one run after another, each a loss curve with the states kept along it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.core.training import TrainingState
from mixer_nn.session.curve import Curve
from mixer_nn.session.mix import Mix, Setup
from mixer_nn.session.record import Way
from mixer_nn.session.recovery import PiecedCurve
from mixer_nn.session.saved import SavedRun
from mixer_nn.state.future import Future
from mixer_nn.state.loss_table import best_of
from mixer_nn.state.noting import note
from mixer_nn.state.record import RECORD_BYTES, Room
from mixer_nn.state.replay import Replay
from mixer_nn.state.run import Run
from mixer_nn.state.runs import Runs

Losses = tuple[float, float]
"""Training and held-out loss; NaN where nothing is held out."""


class History:
    """What the runs have been through: loss curves, and states to come back to.

    A point is (move, epoch, loss, …), see `mixer_nn.session.curve`. A mix knows its run and its
    place in it, so going back in undo shows the curve up to there, and going on from there
    replaces what lay beyond. To go back without losing that is to branch. All states together
    take at most `record_bytes`. `forgotten` counts the runs that somebody has let go.
    """

    def __init__(self, record_bytes: int = RECORD_BYTES) -> None:
        self.revision = self.forgotten = 0
        self._bytes, self._runs_before = record_bytes, 0
        self._runs = Runs(Room(record_bytes))
        self.clear()

    # -- writing ------------------------------------------------------------------------------

    def clear(self, curves: tuple[Curve, ...] = (), runs: tuple[SavedRun, ...] = ()) -> None:
        """Forget everything, and take up the runs of a saved mix."""
        self._runs_before = self.runs_revision + 1
        self._runs = Runs(Room(self._bytes), curves, runs)
        self._current, self._moves = -1, 0
        self._here: TrainingState | None = None
        self._is_unwritten = False
        self.revision += 1

    def new_run(self) -> int:
        """A number for a run that is about to begin."""
        return self._runs.next

    def begin(self, mix: Mix, losses: Losses) -> None:
        """Make the run of `mix` the present one, with a first point if it has none."""
        run = self._runs.get(mix.run) or self._runs.grow(mix)
        self._runs.pass_over(cue.mix.run for cue in mix.cues if cue is not None)
        if mix.state is not self._here:
            self._is_unwritten = False
        self._stand(mix)
        self.revision += 1
        if not len(run.points):
            self.record(mix, losses, by_hand=False)
            return
        # Thinning, or a slice of many steps, may have left no point just here.
        run.table.put_in(self._row(run, mix, losses))
        if len(run.record):
            run.record.put_in(mix.moves, mix.state)
        else:
            run.record.append(mix.moves, mix.state, None)

    def _stand(self, mix: Mix) -> None:
        run = self._runs[mix.run]
        if mix.run != self._current:
            left, self._current = self._current, mix.run
            self._runs.take_turns(left, run)
        run.head = mix
        run.record.fit(mix.state.parameters.size)
        self._moves, self._here = mix.moves, mix.state

    def branch(self, number: int, move: int) -> int:
        """The number of a new run that has been through what run `number` has up to `move`.

        A run that is not known has been through nothing that the new one could begin with.
        """
        return self._runs.branch(number, move)

    def hold_future(self) -> Future:
        """What lies beyond where the mix stands, to which redo leads: for `take_back`."""
        return Future.of(self._present, self._moves)

    def take_back(self, mix: Mix, future: Future) -> None:
        """Put back the `future` of `mix` that has been recorded over since."""
        future.put_back(self._runs[mix.run], mix.moves)
        self.revision += 1

    def record(
        self,
        mix: Mix,
        losses: Losses,
        *,
        by_hand: bool,
        way: Way | None = None,
        seconds: float = 0.0,
        setup: Setup | None = None,
    ) -> None:
        """Add a point where the mix stands; one that is there, and what lies beyond, gives way.

        A hand records its one mark again and again while it turns; training records once a frame:
        `way` is how its steps were made, `seconds` how long they took, `setup` how it was set.
        """
        if self._is_unwritten and mix.run == self._current:
            self._write_note()
        run = self._runs[mix.run]
        # A slice takes many steps at once: also what lay between there and here is another past.
        here = mix.run == self._current
        first = min(mix.moves, self._moves + 1) if here else mix.moves
        run.table.cut(first)
        run.table.append(self._row(run, mix, losses, by_hand, seconds))
        run.setup = setup or run.setup
        self._stand(mix)
        run.record.cut(first)
        run.record.append(mix.moves, mix.state, way)
        self.revision += 1

    def note(self, mix: Mix) -> None:
        """The state has become another one where the mix stands, other than by a move."""
        self._stand(mix)
        record = self._present.record
        self._is_unwritten = True
        # What lies beyond stays until it is recorded over: redo leads there.
        if not len(record) or record.last <= mix.moves:
            self._write_note()
        self.revision += 1

    def _write_note(self) -> None:
        self._is_unwritten = False
        assert self._here is not None
        note(self._present.record, self._moves, self._here)

    def _row(
        self, run: Run, mix: Mix, losses: Losses, by_hand: bool = False, seconds: float = 0.0
    ) -> tuple[float, ...]:
        loss, held_out = losses
        spent = run.table.seconds_before(mix.moves) + seconds
        return (mix.moves, epochs(mix), loss, loss, loss, held_out, float(by_hand), spent)

    # -- runs ---------------------------------------------------------------------------------

    @property
    def _present(self) -> Run:
        return self._runs[self._current]

    @property
    def runs(self) -> list[Run]:
        """All runs, oldest first."""
        return self._runs.all

    @property
    def runs_revision(self) -> int:
        """Grows whenever a run has begun, is another's turn, or has been named, kept, forgotten."""
        return self._runs_before + self._runs.revision

    def run(self, number: int) -> Run | None:
        """The run of that number; None where it has been forgotten."""
        return self._runs.get(number)

    def name_run(self, number: int, name: str) -> None:
        """Give a run a name; KeyError where there is none of that number."""
        self._runs[number].name = name
        self._runs.revision += 1

    def keep_run(self, number: int, kept: bool) -> None:
        """Keep a run beside the others, or no longer; KeyError where there is none."""
        self._runs[number].kept = kept
        self._runs.revision += 1

    def forget_run(self, number: int) -> None:
        """Let a run go; ValueError for the present one, KeyError where there is none."""
        if number == self._current:
            raise ValueError("the present run cannot be forgotten")
        self.forgotten += 1
        self._runs.drop(number)

    # -- reading ------------------------------------------------------------------------------

    @property
    def points(self) -> FloatArray:
        """The present run up to where the mix stands, (points, 8); a view, not to be kept."""
        return self._present.table.up_to(self._moves)

    @property
    def earlier(self) -> list[Curve]:
        """The runs before the present one, oldest first."""
        return [
            run.table.curve(run.number)
            for run in self.runs
            if run.number < self._current and len(run.points) > 1
        ]

    @property
    def curves(self) -> tuple[Curve, ...]:
        """All runs' curves, for a file; the present one up to where the mix stands."""
        return tuple(
            Curve(run.number, (self.points if run is self._present else run.points).copy())
            for run in self.runs
        )

    @property
    def best(self) -> float:
        """The lowest loss of the present run; inf where none was finite."""
        return best_of(self.points)

    @property
    def first(self) -> int:
        """The first move of the present run that there is a state of."""
        record = self._present.record
        return min(record.first, self._moves) if len(record) else self._moves

    @property
    def last(self) -> int:
        """The move where the present run stands."""
        return self._moves

    @property
    def moves_kept(self) -> IntArray:
        """The moves of the present run whose states are kept, up to where it stands, (n,)."""
        moves = self._present.record.moves
        return moves[: int(np.searchsorted(moves, self._moves, side="right"))]

    def nearest(self, move: int) -> tuple[int, TrainingState]:
        """The state that is kept nearest to `move` of the present run, and the move of that."""
        here = self._here
        assert here is not None
        found = self._present.record.nearest(min(move, self._moves))
        if found is None or found[0] > self._moves:
            return self._moves, here
        return (self._moves, here) if self._moves - move < abs(found[0] - move) else found

    def replay(self, move: int) -> Replay | None:
        """How to come to exactly `move` of the present run; None where no way is known to it."""
        found = self._present.record.way_to(move)
        if found is None:
            return None
        state, way, steps = found
        return Replay(state, way, steps)

    @property
    def states(self) -> list[TrainingState]:
        """The states kept of the present run up to where it stands, oldest first."""
        return [self.nearest(int(move))[1] for move in self.moves_kept]

    def trace(self, indices: Sequence[int], most: int = 2000) -> tuple[FloatArray, FloatArray]:
        """What parameters have been through in the present run, up to where the mix stands.

        Moves (n,) and values (n, indices), oldest first; at most `most` points, evenly spread over
        what is kept, and the last is always where the mix stands. A run begins with where it
        began; of one that came from a file only what has happened since is known. Cheap enough to
        ask for in every frame.
        """
        if self._here is None:
            return np.empty(0), np.empty((0, len(indices)))
        moves, values = self._present.record.trace(indices, most - 1, self._moves)
        here = self._here.parameters[list(indices)]
        return np.append(moves, self._moves), np.vstack([values, here])

    def saved(self) -> tuple[SavedRun, ...]:
        """All runs, for a file."""
        return tuple(saved for run in self.runs if (saved := run.saved) is not None)

    @property
    def pieced_curves(self) -> tuple[PiecedCurve, ...]:
        """All runs' curves as `curves` has them, in pieces that never change: cheap to ask for."""
        return tuple(
            PiecedCurve(run.number, run.table.pieces(self._moves if run.is_present else np.inf))
            for run in self.runs
        )


def epochs(mix: Mix) -> float:
    """Passes over the training rows, with the part of the present one."""
    return mix.state.epoch + mix.state.place / max(mix.problem.objective.rows, 1)
