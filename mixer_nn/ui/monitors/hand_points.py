"""Points made by hand on the Fit: what mouse and keys ask for, in the data's units."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal

from mixer_nn.state.desk import Desk
from mixer_nn.state.readings import Readings
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.fit_picture import FitPicture
from mixer_nn.ui.monitors.plot import Plot

GRASP = 10.0
"""Pixels from the pointer within which a point is taken hold of, and no other one added."""
STEP = 4.0
"""Pixels that an arrow key moves a point."""
STILL = 3.0
"""Pixels up to which a press that wavers has not moved a point."""

_ARROWS = {
    Qt.Key.Key_Left: (-STEP, 0.0),
    Qt.Key.Key_Right: (STEP, 0.0),
    Qt.Key.Key_Up: (0.0, STEP),
    Qt.Key.Key_Down: (0.0, -STEP),
}
_OTHER = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_REMOVE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
KEYS = frozenset({*_ARROWS, *_OTHER, *_REMOVE, Qt.Key.Key_Insert})


class HandPoints(QObject):
    """Turns what is done on the plot into requests; whoever hears them changes the data.

    `added` carries the inputs (a tuple) and the target of a new row, `moved` a row's index with
    both, `removed` its index. A target is a number, or the index of a class. `grabbed` and
    `let_go` enclose the moves of one drag. The plot's keys: arrows move the chosen point, Page Up
    and Page Down choose another one, Insert adds one, Delete removes it.
    """

    added = Signal(object, object)
    moved = Signal(int, object, object)
    removed = Signal(int)
    grabbed = Signal(int)
    let_go = Signal()

    def __init__(
        self,
        plot: Plot,
        desk: Desk,
        readings: Readings,
        target_to_add: Callable[[], float | int],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._plot, self._desk, self._readings = plot, desk, readings
        self._target_to_add = target_to_add
        self._picture: FitPicture | None = None
        self._grabbed: int | None = None
        self._pressed_at = (0.0, 0.0)
        self._offset = (0.0, 0.0)
        self._is_moving = False
        self.chosen: int | None = None
        plot.pressed.connect(self._press)
        plot.dragged.connect(self._drag)
        plot.released.connect(self._release)
        plot.keyed.connect(self._key)

    def work_on(self, picture: FitPicture | None) -> None:
        """Take the points of this picture; None: take none."""
        self._picture = picture
        if picture is None:
            self._release()
            self.chosen = None
        self._plot.take_points(picture is not None, KEYS)

    # -- the mouse ----------------------------------------------------------------------------

    def _press(self, x: float, y: float, button: Qt.MouseButton) -> None:
        if self._picture is None:
            return
        row = self._picture.nearest(x, y, GRASP)
        if button == Qt.MouseButton.RightButton:
            self._remove(row)
        elif button == Qt.MouseButton.LeftButton and row is None:
            self._add(x, y)
        elif button == Qt.MouseButton.LeftButton and row is not None:
            self._grab(row, x, y)

    def _grab(self, row: int, x: float, y: float) -> None:
        if self._picture is None:
            return
        self._grabbed = self.chosen = row
        self._pressed_at, self._is_moving = (x, y), False
        at = self._picture.places[row]
        self._offset = float(at[0]) - x, float(at[1]) - y
        self.grabbed.emit(self._index(row))

    def _drag(self, x: float, y: float) -> None:
        if self._grabbed is None or self._picture is None:
            return
        if self._grabbed >= len(self._picture.places):
            self._release()
            return
        if not self._is_moving and self._is_still(x, y):
            return
        self._is_moving = True
        self._move(self._grabbed, x + self._offset[0], y + self._offset[1])

    def _is_still(self, x: float, y: float) -> bool:
        wide, tall = self._plot.pixel_size()
        across, up = (x - self._pressed_at[0]) / wide, (y - self._pressed_at[1]) / tall
        return across**2 + up**2 < (STILL * theme.zoom()) ** 2

    def _release(self) -> None:
        if self._grabbed is not None:
            self._grabbed = None
            self.let_go.emit()

    # -- the keys -----------------------------------------------------------------------------

    def _key(self, key: Qt.Key) -> None:
        if self._picture is None:
            return
        rows = len(self._picture.places)
        chosen = self.chosen if self.chosen is not None and self.chosen < rows else None
        if key in _OTHER and rows:
            self.choose((-1 if chosen is None else chosen) + _OTHER[key])
        elif key in _REMOVE:
            hovered = self._plot.pointer and self._picture.nearest(*self._plot.pointer)
            self._remove(chosen if hovered is None else hovered)
        elif key == Qt.Key.Key_Insert:
            (left, right), (bottom, top) = self._plot.ranges
            self._add(*(self._plot.pointer or ((left + right) / 2.0, (bottom + top) / 2.0)))
        elif key in _ARROWS and chosen is not None:
            wide, tall = self._plot.pixel_size()
            across, up = _ARROWS[key]
            x, y = self._picture.places[chosen]
            self._move(chosen, float(x) + across * wide, float(y) + up * tall)

    def choose(self, row: int) -> None:
        """Choose a shown row for the keys, round the end to the beginning."""
        if self._picture is not None and len(self._picture.places):
            self.chosen = row % len(self._picture.places)
            self._picture.point_out(self.chosen)

    # -- what is asked for --------------------------------------------------------------------

    def _index(self, row: int) -> int:
        """The data's index of a shown row."""
        return int(self._readings.shown_rows[row])

    def _inside(self, x: float, y: float) -> tuple[float, float]:
        (left, right), (bottom, top) = self._plot.ranges
        return min(max(x, left), right), min(max(y, bottom), top)

    def _row_at(self, x: float, y: float, target: float | int) -> tuple[tuple[float, ...], object]:
        """Inputs and target of a row at a place, `target` where the place does not say it."""
        x, y = self._inside(x, y)
        dataset = self._desk.mix.dataset
        if dataset.inputs.shape[1] == 2:
            return (x, y), target
        return (x,), target if dataset.classes else y

    def _add(self, x: float, y: float) -> None:
        self.added.emit(*self._row_at(x, y, self._target_to_add()))

    def _move(self, row: int, x: float, y: float) -> None:
        dataset, index = self._desk.mix.dataset, self._index(row)
        kept: float | int = (
            int(dataset.labels[index]) if dataset.classes else float(dataset.targets[index, 0])
        )
        inputs, target = self._row_at(x, y, kept)
        if not np.array_equal(inputs, dataset.inputs[index]) or target != kept:
            self.moved.emit(index, inputs, target)

    def _remove(self, row: int | None) -> None:
        if row is not None:
            self.chosen = None
            self.removed.emit(self._index(row))
