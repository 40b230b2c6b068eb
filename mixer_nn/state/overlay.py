"""Which of the other runs are drawn beside the present one, and which of them by name."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from mixer_nn.state.desk import Desk
from mixer_nn.state.run import Run

MOST_LINES = 6
"""Kept runs that are drawn with a line of their own at a time; of more, the latest."""
MOST_FAINT = 12
"""Runs that nobody has kept that are drawn faintly, the latest."""


class Overlay(QObject):
    """View state: runs that are hidden, and which sort of line each kept run has.

    A run that is kept has the same line, `line_of`, for as long as it is drawn, whatever becomes
    of the others. What is shown changes nothing in the history.
    """

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._hidden: set[int] = set()
        self._lines: dict[int, int] = {}
        self._found: tuple[list[Run], list[Run]] = [], []
        self._read_at = (-1, -1)
        self._shows = 0
        desk.runs_changed.connect(self.changed)

    @property
    def revision(self) -> tuple[int, int]:
        """Something that differs whenever other runs are to be drawn than before."""
        return self._desk.history.runs_revision, self._shows

    def is_shown(self, number: int) -> bool:
        """Whether a run is drawn, as far as it is up to a person."""
        return number not in self._hidden

    def show(self, number: int, shown: bool) -> None:
        """Draw a run, or leave it out."""
        if shown != self.is_shown(number):
            (self._hidden.discard if shown else self._hidden.add)(number)
            self._shows += 1
            self.changed.emit()

    @property
    def lines(self) -> list[Run]:
        """Kept runs beside the present one, each drawn with a line of its own, oldest first."""
        self._read()
        return self._found[0]

    @property
    def faint(self) -> list[Run]:
        """The other runs that are drawn, oldest first."""
        self._read()
        return self._found[1]

    @property
    def framed(self) -> list[Run]:
        """Runs that the axes make room for: those with a line of their own, and the old future of
        the run that the present one has branched off.
        """
        runs = self._desk.history.runs
        trunks = {run.parent[0] for run in runs if run.is_present and run.parent is not None}
        return [*self.lines, *(run for run in self.faint if run.number in trunks)]

    def line_of(self, number: int) -> int | None:
        """Which sort of line a run is drawn with, from 0; None: with none of its own."""
        self._read()
        return self._lines.get(number)

    def _read(self) -> None:
        revision = self.revision
        if revision == self._read_at:
            return
        self._read_at = revision
        runs = self._desk.history.runs
        self._hidden &= {run.number for run in runs}
        drawn = [
            run
            for run in runs
            if not run.is_present and len(run.points) > 1 and run.number not in self._hidden
        ]
        kept = [run for run in drawn if run.kept][-MOST_LINES:]
        self._found = kept, [run for run in drawn if run not in kept][-MOST_FAINT:]
        self._give_lines({run.number for run in kept})

    def _give_lines(self, numbers: set[int]) -> None:
        self._lines = {number: line for number, line in self._lines.items() if number in numbers}
        free = [line for line in range(MOST_LINES) if line not in self._lines.values()]
        self._lines |= dict(zip(sorted(numbers - self._lines.keys()), free, strict=False))
