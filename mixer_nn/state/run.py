"""One run: its loss curve, the states kept along it, and how it was trained."""

from __future__ import annotations

from dataclasses import dataclass, field

from mixer_nn.core.arrays import FloatArray
from mixer_nn.session.mix import Mix, Setup
from mixer_nn.session.saved import SavedRun
from mixer_nn.state.loss_table import MOVE, LossTable, best_of
from mixer_nn.state.record import Record

Trunk = tuple[int, int]
"""Where a run branched off: the number of another run, and the move in that."""


@dataclass(eq=False)
class Run:
    """Everything since a start, a new start or a branch; `head` is the last mix in it.

    `setup` is how it was trained last, None where only hands were at work. `kept` is True where
    somebody wants it beside the others. `parent` is where it branched off another run. Of a run
    in an older file only the curve is known: it has no `head`. `turn` is the greater the later it
    has become the present one; 0: not since it was opened.
    """

    number: int
    head: Mix | None
    record: Record
    table: LossTable = field(default_factory=LossTable)
    setup: Setup | None = None
    name: str = ""
    kept: bool = False
    parent: Trunk | None = None
    is_present: bool = False
    turn: int = 0

    @property
    def points(self) -> FloatArray:
        """Its loss curve, (points, 8); a view, not to be kept."""
        return self.table.points

    @property
    def best(self) -> float:
        """The lowest training loss; inf where none was finite."""
        return best_of(self.points)

    @property
    def steps(self) -> int:
        """Steps of the optimizer that its parameters have been through."""
        return 0 if self.head is None else self.head.state.step

    @property
    def seconds(self) -> float:
        """Seconds spent in steps of the optimizer; NaN where a file did not say."""
        return self.table.seconds_before(float("inf"))

    @property
    def is_bare(self) -> bool:
        """Whether it has nothing that its trunk has not, and nobody has asked to keep it."""
        if self.parent is None or self.kept or self.name:
            return False
        points = self.points
        return not len(points) or bool(points[-1, MOVE] <= self.parent[1])

    @property
    def saved(self) -> SavedRun | None:
        """What a file keeps of it besides its curve; None where there is nothing else."""
        if self.head is None:
            return None
        return SavedRun(
            self.number,
            self.name,
            self.kept,
            self.setup,
            self.parent,
            self.head,
            self.record.blocks,
        )
