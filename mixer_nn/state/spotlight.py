"""The spotlight: one row of the data whose own pull on every knob is shown."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from mixer_nn.core.arrays import IntArray
from mixer_nn.core.dataset import Dataset
from mixer_nn.state.desk import Desk


class Spotlight(QObject):
    """Which row is lit. A view state: it never changes the mix, and training takes no notice.

    A lit row that is moved stays lit. Where rows come or go in front of it, or other data come, it
    is gone: then none is lit, rather than another one that has got its number.
    """

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._row: int | None = None
        self._dataset = desk.mix.dataset
        self.revision = 0
        desk.rewired.connect(self._look_for_it)

    @property
    def row(self) -> int | None:
        """The lit row's index in the data; None: none is lit."""
        if self._row is None or not _is_still_there(self._row, self._dataset, self._data):
            return None
        return self._row

    @property
    def is_held_out(self) -> bool:
        """Whether the lit row is one that does not train."""
        row = self.row
        return row is not None and bool(self._data.held_out[row])

    @property
    def _data(self) -> Dataset:
        return self._desk.mix.dataset

    def light(self, row: int | None) -> None:
        """Light a row of the data, or none; raises IndexError for a row that there is not."""
        if row is not None and not 0 <= row < self._data.rows:
            raise IndexError(f"there is no row {row}")
        before = self.row
        self._row, self._dataset = row, self._data
        if row != before:
            self._announce()

    def light_or_put_out(self, row: int | None) -> None:
        """Light a row; put it out if it is the one that is lit."""
        self.light(None if row == self.row else row)

    def go_on(self, by: int, rows: IntArray) -> None:
        """Light the row `by` places on among `rows`, in their order and round the end.

        With none lit it begins with the first of them, or going back with the last.
        """
        if self.row is None:
            place = by - 1 if by > 0 else by
        else:
            place = int(np.searchsorted(rows, self.row)) + by
        self.light(int(rows[place % len(rows)]))

    def _look_for_it(self) -> None:
        if self._row is None:
            return
        self._row, self._dataset = self.row, self._data
        if self._row is None:
            self._announce()

    def _announce(self) -> None:
        self.revision += 1
        self.changed.emit()


def _is_still_there(row: int, before: Dataset, now: Dataset) -> bool:
    """Whether a row is the one that it was: in edited data, the same number with the same past."""
    if now is before:
        return True
    # An edited set has the very columns of the one it was made from; other data have their own.
    if now.input_columns is not before.input_columns or row >= now.rows:
        return False
    pairs = ((now.inputs, before.inputs), (now.targets, before.targets))
    return now.rows == before.rows or all(np.array_equal(a[row], b[row]) for a, b in pairs)
