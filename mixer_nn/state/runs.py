"""All runs of a mix, and which branched off which."""

from __future__ import annotations

from collections.abc import Iterable

from mixer_nn.session.curve import Curve
from mixer_nn.session.mix import Mix
from mixer_nn.session.saved import SavedRun
from mixer_nn.state.loss_table import LossTable
from mixer_nn.state.record import Record, Room
from mixer_nn.state.run import Run, Trunk

MOST_RUNS = 50
"""Runs that are kept unasked; beyond, those that nobody has named or kept are forgotten, the one
that has not been the present one for longest first."""


class Runs:
    """Runs by number. One that branched off another can be grown anew when it has been dropped."""

    def __init__(
        self, room: Room, curves: tuple[Curve, ...] = (), runs: tuple[SavedRun, ...] = ()
    ) -> None:
        self.revision = 0
        self._turns = 0
        self._room = room
        tables = {curve.run: LossTable(curve.points) for curve in curves}
        known = {saved.number: self._reopened(saved, tables) for saved in runs}
        bare = {number: Run(number, None, Record(room), table) for number, table in tables.items()}
        self._runs = bare | known
        self._trunks: dict[int, Trunk] = {
            number: run.parent for number, run in known.items() if run.parent is not None
        }
        self.next = 1 + max(self._runs, default=-1)

    def _reopened(self, saved: SavedRun, tables: dict[int, LossTable]) -> Run:
        return Run(
            saved.number,
            saved.head,
            Record.of(saved.blocks, self._room),
            tables.get(saved.number) or LossTable(),
            saved.setup,
            saved.name,
            saved.kept,
            saved.parent,
        )

    def __getitem__(self, number: int) -> Run:
        """The run of that number; KeyError where it has been forgotten, or never was."""
        return self._runs[number]

    def get(self, number: int) -> Run | None:
        """The run of that number, if there is one."""
        return self._runs.get(number)

    @property
    def all(self) -> list[Run]:
        """All runs, oldest first."""
        return [run for _, run in sorted(self._runs.items())]

    def pass_over(self, numbers: Iterable[int]) -> None:
        """Give none of these numbers to a new run: something is left of those that had them."""
        self.next = max(self.next, 1 + max(numbers, default=-1))

    def branch(self, number: int, move: int) -> int:
        """The number of a new run that will begin with what run `number` has up to `move`."""
        new = self.next
        self.next += 1
        # What a branch has of its trunk is the trunk's own.
        while number in self._trunks and move <= self._trunks[number][1]:
            number = self._trunks[number][0]
        if number in self._runs:
            self._trunks[new] = number, move
        return new

    def grow(self, mix: Mix) -> Run:
        """The run of a mix that is not there, or not any more: from its trunk, if it had one."""
        number = mix.run
        run = self._runs[number] = Run(number, mix, Record(self._room))
        trunk = self._trunks.get(number)
        parent = None if trunk is None else self._runs.get(trunk[0])
        if parent is not None and trunk is not None:
            run.record = parent.record.branch(trunk[1])
            run.table = LossTable(parent.table.up_to(trunk[1]))
            run.parent, run.setup = trunk, parent.setup
        self.next = max(self.next, number + 1)
        self.revision += 1
        return run

    def take_turns(self, left: int, run: Run) -> None:
        """Make `run` the present one in the place of run number `left`."""
        before = self._runs.get(left)
        if before is not None:
            before.is_present = False
            if before.is_bare:
                self.drop(left)
            else:
                before.table.rest()
        run.is_present = True
        self._turns += 1
        run.turn = self._turns
        self._forget_the_oldest()
        self.revision += 1

    def _forget_the_oldest(self) -> None:
        unasked = [run for run in self._runs.values() if not (run.kept or run.name)]
        unasked.sort(key=_turn_and_number)
        for run in unasked[: max(0, len(unasked) - MOST_RUNS)]:
            if not run.is_present:
                self.drop(run.number)

    def drop(self, number: int) -> None:
        """Forget a run, and give its room back."""
        self._runs.pop(number).record.clear()
        self.revision += 1


def _turn_and_number(run: Run) -> tuple[int, int]:
    return run.turn, run.number
