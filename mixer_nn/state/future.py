"""What lies beyond where a mix stands in its run, held while a hand may record over it."""

from __future__ import annotations

from dataclasses import dataclass

from mixer_nn.core.arrays import FloatArray
from mixer_nn.state.record import Record
from mixer_nn.state.run import Run


@dataclass(eq=False)
class Future:
    """Points (points, 8) to which redo leads, and the record of the run up to its end.

    `record` is None where nothing lies beyond. It takes room until `put_back` or `let_go`.
    """

    points: FloatArray
    record: Record | None

    @staticmethod
    def of(run: Run, move: int) -> Future:
        """What `run` has beyond `move`."""
        points = run.points[len(run.table.up_to(move)) :].copy()
        record = run.record.branch(run.record.last) if len(points) and len(run.record) else None
        return Future(points, record)

    def put_back(self, run: Run, move: int) -> None:
        """Let `run` have beyond `move` what it had, whatever has been recorded there since."""
        run.table.cut(move + 1)
        for point in self.points:
            run.table.append(tuple(point))
        if self.record is None:
            run.record.cut(move + 1)
        else:
            run.record.clear()
            run.record = self.record

    def let_go(self) -> None:
        """Give the room back."""
        if self.record is not None:
            self.record.clear()
