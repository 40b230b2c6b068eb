"""The frame that a drag draws beside the knobs: all of them within it are picked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from mixer_nn.state.selection import Selection
from mixer_nn.ui import theme
from mixer_nn.ui.controls.knob_face import faded

Finder = Callable[[QRect], frozenset[int]]


class PickBand(QWidget):
    """A rectangle over its parent, which tells it of the mouse; hidden while there is no drag.

    `within` finds the parameters whose knobs lie in a rectangle of the parent. A press alone picks
    none. With `more` those picked before stay so.
    """

    def __init__(self, selection: Selection, within: Finder, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("pickBand")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._panel, self._selection, self._within = parent, selection, within
        self._from: QPoint | None = None
        self._before: frozenset[int] = frozenset()
        self._kept: frozenset[int] = frozenset()
        self.hide()

    @property
    def is_drawn(self) -> bool:
        """Whether the button that draws it is down."""
        return self._from is not None

    def begin(self, at: QPoint, *, more: bool) -> None:
        """The button goes down."""
        self._from, self._before = at, self._selection.picked
        self._kept = self._before if more else frozenset()
        self._selection.pick(self._kept)

    def stretch(self, to: QPoint) -> None:
        """The mouse moves on."""
        if self._from is None:
            return
        far = (to - self._from).manhattanLength() >= QApplication.startDragDistance()
        if far or self.isVisible():
            frame = QRect(self._from, to).normalized()
            self.setGeometry(frame & self._panel.rect())
            self.raise_()
            self.show()
            self._selection.pick(self._kept | self._within(frame))

    def end(self) -> None:
        """The button comes up: what is picked stays so."""
        self._from = None
        self.hide()

    def give_up(self) -> None:
        """End it, with those picked that were before."""
        self.end()
        self._selection.pick(self._before)

    def paintEvent(self, event: QPaintEvent) -> None:
        accent = theme.current().accent
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(faded(accent, 1.0), 1.5))
            painter.setBrush(faded(accent, 0.10))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 3.0, 3.0)
