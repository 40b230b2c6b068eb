"""The loss curve of one run as a table that stays within bounds however long the run."""

from __future__ import annotations

import math

import numpy as np

from mixer_nn.core.arrays import FloatArray, frozen
from mixer_nn.session.curve import COLUMNS, Curve

MOST_POINTS = 200_000
"""Points kept of a run; beyond, neighbours made by the machine are joined two by two."""

MOST_WHEN_LEFT = 20_000
"""Points kept of a run that another has taken the place of: more than any screen can show."""

PIECE = 4096
"""Points in a piece that is handed out for good."""

MOVE, EPOCH, LOSS, LOW, HIGH, HELD_OUT, HAND, SECONDS = range(len(COLUMNS))


class LossTable:
    """Points of a run in the columns of `mixer_nn.session.curve`, moves increasing."""

    def __init__(self, points: FloatArray | None = None) -> None:
        self._table = np.empty((256, len(COLUMNS))) if points is None else np.array(points)
        self._count = 0 if points is None else len(points)
        self._limit = 0
        self._pieces: list[FloatArray] = []
        self._rest: tuple[int, FloatArray] | None = None

    @property
    def points(self) -> FloatArray:
        """All points, (points, 8); a view, not to be kept."""
        return self._table[: self._count]

    def up_to(self, move: float) -> FloatArray:
        """The points up to `move` and at it; a view, not to be kept."""
        count = int(np.searchsorted(self.points[:, MOVE], move, side="right"))
        return self._table[:count]

    def curve(self, run: int) -> Curve:
        """All points as the curve of run number `run`; a view, not to be kept."""
        return Curve(run, self.points)

    def before(self, move: float) -> int:
        """How many points lie before `move`."""
        return int(np.searchsorted(self.points[:, MOVE], move))

    def cut(self, move: float) -> None:
        """Forget the points at `move` and after it: they belong to a future that was left."""
        count = self.before(move)
        if count < self._count:
            self._count = count
            self._changed_from(count)

    def _changed_from(self, place: int) -> None:
        del self._pieces[place // PIECE :]
        self._rest = None

    def pieces(self, move: float) -> tuple[FloatArray, ...]:
        """The points up to `move`, in pieces that never change; most are those of the last time."""
        points = self.up_to(move)
        whole = len(points) // PIECE
        for number in range(len(self._pieces), whole):
            self._pieces.append(frozen(points[number * PIECE : (number + 1) * PIECE]))
        if self._rest is None or self._rest[0] != len(points):
            self._rest = len(points), frozen(points[whole * PIECE :])
        return (*self._pieces[:whole], self._rest[1])

    def seconds_before(self, move: float) -> float:
        """The time spent training up to the last point before `move`; 0 where there is none."""
        place = self.before(move)
        return float(self._table[place - 1, SECONDS]) if place else 0.0

    def append(self, row: tuple[float, ...]) -> None:
        """Add a point beyond all others."""
        if self._count >= max(self._limit, MOST_POINTS):
            self._thin()
            # Marks of a hand are never joined: where most are, thinning soon again gains nothing.
            self._limit = 2 * self._count if self._count > 0.75 * MOST_POINTS else 0
        if self._count == len(self._table):
            room = np.empty((max(256, self._count // 2), len(COLUMNS)))
            self._table = np.vstack([self._table, room])
        self._table[self._count] = row
        self._count += 1

    def put_in(self, row: tuple[float, ...]) -> None:
        """Add a point at its place, unless there is one; what lies beyond stays."""
        place = self.before(row[MOVE])
        if place == self._count or self.points[place, MOVE] != row[MOVE]:
            self._table = np.insert(self.points, place, row, axis=0)
            self._count += 1
            self._changed_from(place)

    def rest(self) -> None:
        """Keep no more than a picture needs, as when another run begins."""
        while self._count > MOST_WHEN_LEFT:
            before = self._count
            self._thin()
            if self._count > 0.75 * before:
                break  # marks of a hand, which are never joined
        self._table = self.points.copy()

    def _thin(self) -> None:
        """Join pairs of machine-made neighbours; the pair keeps its lowest and highest loss."""
        points = self.points
        first, second = points[:-1:2], points[1::2]
        joined = second.copy()
        joined[:, LOW] = np.fmin(first[:, LOW], second[:, LOW])
        joined[:, HIGH] = np.fmax(first[:, HIGH], second[:, HIGH])
        apart = (first[:, HAND] + second[:, HAND]) > 0
        # The very first point stays too: it is where the run began.
        apart[0] = True
        kept = np.vstack([first[apart], joined[~apart], second[apart], points[len(first) * 2 :]])
        kept = kept[np.argsort(kept[:, MOVE], kind="stable")]
        self._count = len(kept)
        self._table[: self._count] = kept
        self._changed_from(0)


def best_of(points: FloatArray) -> float:
    """The lowest loss of these points; inf where none was finite."""
    return float(np.fmin.reduce(points[:, LOW], initial=math.inf))
