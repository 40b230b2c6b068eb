"""The loss history: one curve per run, kept in bounded memory however long the run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.training import TrainingState
from mixer_nn.session.curve import COLUMNS, Curve
from mixer_nn.session.mix import Mix
from mixer_nn.state.trail import Kept, Trail

MOST_POINTS = 200_000
"""Points kept of a run; beyond, neighbours made by the machine are joined two by two."""

STATE_BYTES = 64 * 1024 * 1024
"""Memory for the training states along the runs."""

MOST_TRAILS = 8
"""Choices of parameters whose trails are kept at a time."""

Losses = tuple[float, float]
"""Training and held-out loss; NaN where nothing is held out."""

_MOVE, _EPOCH, _LOSS, _LOW, _HIGH, _HELD_OUT, _HAND = range(len(COLUMNS))


@dataclass
class _Run:
    number: int
    table: FloatArray = field(default_factory=lambda: np.empty((256, len(COLUMNS))))
    count: int = 0
    limit: int = 0
    states: list[Kept] = field(default_factory=list)

    @classmethod
    def of(cls, curve: Curve) -> _Run:
        return cls(curve.run, np.array(curve.points), len(curve.points))

    @property
    def points(self) -> FloatArray:
        return self.table[: self.count]

    def before(self, move: float) -> int:
        """How many points lie before `move`."""
        return int(np.searchsorted(self.points[:, _MOVE], move))

    def cut(self, move: float) -> None:
        """Forget the points at `move` and after it: they belong to a future that was left."""
        self.count = self.before(move)

    def append(self, row: tuple[float, ...]) -> None:
        if self.count >= max(self.limit, MOST_POINTS):
            self._thin()
            # Marks of a hand are never joined: where most are, thinning soon again gains nothing.
            self.limit = 2 * self.count if self.count > 0.75 * MOST_POINTS else 0
        if self.count == len(self.table):
            room = np.empty((max(256, self.count // 2), len(COLUMNS)))
            self.table = np.vstack([self.table, room])
        self.table[self.count] = row
        self.count += 1

    def put_in(self, row: tuple[float, ...]) -> None:
        """Add a point at its place, unless there is one; what lies beyond stays."""
        place = self.before(row[_MOVE])
        if place == self.count or self.points[place, _MOVE] != row[_MOVE]:
            self.table = np.insert(self.points, place, row, axis=0)
            self.count += 1

    def _thin(self) -> None:
        """Join pairs of machine-made neighbours; the pair keeps its lowest and highest loss."""
        points = self.points
        first, second = points[:-1:2], points[1::2]
        joined = second.copy()
        joined[:, _LOW] = np.fmin(first[:, _LOW], second[:, _LOW])
        joined[:, _HIGH] = np.fmax(first[:, _HIGH], second[:, _HIGH])
        apart = (first[:, _HAND] + second[:, _HAND]) > 0
        # The very first point stays too: it is where the run began.
        apart[0] = True
        kept = np.vstack([first[apart], joined[~apart], second[apart], points[len(first) * 2 :]])
        kept = kept[np.argsort(kept[:, _MOVE], kind="stable")]
        self.count = len(kept)
        self.table[: self.count] = kept


class History:
    """What the runs have been through: loss curves, and states to come back to.

    A point is (move, epoch, loss, …), see `mixer_nn.session.curve`. A mix knows its run and its
    place in it, so going back in undo shows the curve up to there, and going on from there
    replaces what lay beyond.
    """

    def __init__(self) -> None:
        self.revision = 0
        self.clear()

    # -- writing ------------------------------------------------------------------------------

    def clear(self, curves: tuple[Curve, ...] = ()) -> None:
        """Forget everything, and take up the curves of a saved mix."""
        self._runs = {curve.run: _Run.of(curve) for curve in curves}
        self._state_bytes, self._stride, self._skipped = 0, 1, 0
        self._current = self._moves = self._serial = 0
        self._here: TrainingState | None = None
        self._trails: dict[tuple[tuple[int, ...], int], Trail] = {}
        self.revision += 1

    def new_run(self) -> int:
        """A number for a run that is about to begin."""
        return max(self._runs, default=-1) + 1

    def begin(self, mix: Mix, losses: Losses) -> None:
        """Make the run of `mix` the present one, with a first point if it has none."""
        is_new = mix.run not in self._runs
        self._runs.setdefault(mix.run, _Run(mix.run))
        self._stand(mix)
        self.revision += 1
        if is_new:
            self.record(mix, losses, by_hand=False)
        else:
            # Thinning, or a slice of many steps, may have left no point just here.
            self._runs[mix.run].put_in(_row(mix, losses, by_hand=False))

    def _stand(self, mix: Mix) -> None:
        if mix.run != self._current:
            # Trails are of one run; another may have other parameters.
            self._trails.clear()
        states = self._runs[mix.run].states
        if states and states[-1].state.parameters.size != mix.state.parameters.size:
            # Another network under the number of this run: its states lead nowhere from here.
            self._state_bytes -= sum(kept.state.nbytes for kept in states)
            states.clear()
            self._trails.clear()
        self._current, self._moves, self._here = mix.run, mix.moves, mix.state

    def branch(self, mix: Mix) -> int:
        """The number of a new run that has been through what `mix` has, and no more."""
        number, trunk = self.new_run(), self._runs[mix.run]
        points = trunk.points
        past = points[: int(np.searchsorted(points[:, _MOVE], mix.moves, side="right"))]
        run = self._runs[number] = _Run.of(Curve(number, past))
        run.states = [kept for kept in trunk.states if kept.move <= mix.moves]
        self._state_bytes += sum(kept.state.nbytes for kept in run.states)
        return number

    @property
    def future(self) -> FloatArray:
        """A copy of the points beyond where the mix stands, to which redo leads."""
        return self._runs[self._current].points[len(self.points) :].copy()

    def take_back(self, mix: Mix, future: FloatArray) -> None:
        """Put back the `future` of `mix` that has been recorded over since."""
        run = self._runs[mix.run]
        run.cut(mix.moves + 1)
        for point in future:
            run.append(tuple(point))
        self.revision += 1

    def record(self, mix: Mix, losses: Losses, *, by_hand: bool) -> None:
        """Add a point where the mix stands; one that is there, and what lies beyond, gives way.

        A hand records its one mark again and again while it turns; training records once a frame.
        """
        run = self._runs[mix.run]
        # A slice takes many steps at once: also what lay between there and here is another past.
        first = min(mix.moves, self._moves + 1) if mix.run == self._current else mix.moves
        run.cut(first)
        run.append(_row(mix, losses, by_hand=by_hand))
        self._stand(mix)
        self._keep(run, mix, first)
        self.revision += 1

    def _keep(self, run: _Run, mix: Mix, first: int) -> None:
        replaced = False
        while run.states and run.states[-1].move >= first:
            dropped = run.states.pop()
            self._state_bytes -= dropped.state.nbytes
            replaced = dropped.move == mix.moves
        self._skipped += not replaced
        if self._skipped < self._stride and not replaced:
            return
        self._skipped = 0
        self._serial += 1
        run.states.append(Kept(self._serial, mix.moves, mix.state))
        self._state_bytes += mix.state.nbytes
        if self._state_bytes > STATE_BYTES:
            self._thin_states()

    def _thin_states(self) -> None:
        """Drop every second state, but not the first and the last of a run."""
        self._state_bytes, self._stride = 0, 2 * self._stride
        for run in self._runs.values():
            run.states = run.states[:-1:2] + run.states[-1:]
            self._state_bytes += sum(kept.state.nbytes for kept in run.states)

    # -- reading ------------------------------------------------------------------------------

    @property
    def points(self) -> FloatArray:
        """The present run up to where the mix stands, (points, 7); a view, not to be kept."""
        run = self._runs[self._current]
        points = run.points
        return points[: int(np.searchsorted(points[:, _MOVE], self._moves, side="right"))]

    @property
    def earlier(self) -> list[Curve]:
        """The runs before the present one, oldest first."""
        return [
            Curve(number, run.points)
            for number, run in sorted(self._runs.items())
            if number < self._current and run.count > 1
        ]

    @property
    def curves(self) -> tuple[Curve, ...]:
        """All runs, for a file; the present one up to where the mix stands."""
        return tuple(
            Curve(number, self.points.copy() if number == self._current else run.points.copy())
            for number, run in sorted(self._runs.items())
        )

    @property
    def best(self) -> float:
        """The lowest loss of the present run; inf where none was finite."""
        low = self.points[:, _LOW]
        return float(np.fmin.reduce(low, initial=math.inf))

    @property
    def states(self) -> list[TrainingState]:
        """The states kept of the present run, oldest first."""
        kept = self._runs[self._current].states
        return [entry.state for entry in kept if entry.move <= self._moves]

    def trace(self, indices: Sequence[int], most: int = 2000) -> tuple[FloatArray, FloatArray]:
        """What parameters have been through in the present run, up to where the mix stands.

        Moves (n,) and values (n, indices), oldest first; at most `most` points, evenly spread over
        what is kept, and the last is always where the mix stands. A run begins with where it
        began; of one that came from a file only what has happened since is known. Cheap enough to
        ask for in every frame.
        """
        if self._here is None:
            return np.empty(0), np.empty((0, len(indices)))
        key = (tuple(indices), most)
        if key not in self._trails and len(self._trails) >= MOST_TRAILS:
            del self._trails[next(iter(self._trails))]
        trail = self._trails.setdefault(key, Trail(indices, most - 1))
        moves, values = trail.read(self._runs[self._current].states, self._moves)
        here = self._here.parameters[list(indices)]
        return np.append(moves, self._moves), np.vstack([values, here])


def _row(mix: Mix, losses: Losses, *, by_hand: bool) -> tuple[float, ...]:
    loss, held_out = losses
    epoch = mix.state.epoch + mix.state.place / max(mix.problem.objective.rows, 1)
    return (mix.moves, epoch, loss, loss, loss, held_out, float(by_hand))
