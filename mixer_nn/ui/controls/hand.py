"""What mouse, wheel and keys do to a control, the same for every one of them."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from mixer_nn.ui.controls.control import Gesture
from mixer_nn.ui.controls.entry import EntryControl
from mixer_nn.ui.controls.gestures import Drag, Key, held, read_key, wheel_travel
from mixer_nn.ui.controls.taper import Taper


class HandControl(EntryControl):
    """A control that can be taken hold of.

    A subclass paints (`_refresh` says when) and says how a drag travels (`_travel_from`).
    """

    def __init__(self, taper: Taper, parent: QWidget | None = None) -> None:
        super().__init__(taper, parent)
        self._drag: Drag | None = None
        self._dragged = False  # whether the last press moved the value
        self._hover = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    # -- what a subclass fills in --

    def _travel_from(self, point: QPointF) -> Callable[[QPointF, QPointF], float]:
        raise NotImplementedError

    def _magnet_from(self, point: QPointF) -> float | None:
        """The position that attracts a drag begun at `point`."""
        return None

    def _end(self) -> None:
        self._drag = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        super()._end()

    # -- mouse and wheel --

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        alone = held(event.modifiers()) == Qt.KeyboardModifier.ControlModifier
        if event.button() == Qt.MouseButton.MiddleButton or (left and alone):
            self.reset()
        elif left:
            self._begin_drag(event)
        else:
            super().mousePressEvent(event)

    def _begin_drag(self, event: QMouseEvent) -> None:
        self.finish_gesture()
        self._begin(Gesture.DRAG)
        point = event.position()
        self._drag = Drag(event, self._travel_from(point), self._magnet_from(point))
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._turn_to(*self._drag.move(event, self._raw, self._shown))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._dragged = self._drag.moved
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.revert()
        else:
            self._end()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # A second press right after a drag is the next drag, not a double click.
        plain = held(event.modifiers()) == Qt.KeyboardModifier.NoModifier
        if event.button() == Qt.MouseButton.LeftButton and plain and not self._dragged:
            self.open_editor()
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        travel = wheel_travel(event)
        if not self.hasFocus() or travel == 0.0:
            event.ignore()  # so that a scroll area around it scrolls
            return
        event.accept()
        if self._drag is None:
            self.step_by_hand(travel)

    # -- keys --

    def _read_key(self, event: QKeyEvent) -> Key | None:
        if self._drag is not None and event.key() == Qt.Key.Key_Escape:
            return Key("revert")
        key = read_key(event)
        return None if key == Key("lock") and not self.lockable else key

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = self._read_key(event)
        if key is None:
            event.ignore()
            return
        once = not event.isAutoRepeat() or key.request == "travel"
        if once and (self._drag is None or key.request == "revert"):
            _REQUESTS[key.request](self, key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        self.open_menu(event.globalPos() if by_mouse else None)

    # -- coming and going --

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._gesture is not Gesture.EDIT:
            self.finish_gesture()
        self._refresh()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._set_hover(True)

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hover(False)

    def _set_hover(self, hover: bool) -> None:
        if hover != self._hover:
            self._hover = hover
            self._refresh()
            self.hovered.emit(hover)


_REQUESTS: dict[str, Callable[[HandControl, Key], None]] = {
    "travel": lambda control, key: control.step_by_hand(key.travel),
    "low": lambda control, key: control._go_to(control.taper.low),
    "high": lambda control, key: control._go_to(control.taper.high),
    "reset": lambda control, key: control.reset(),
    "edit": lambda control, key: control.open_editor(key.text),
    "lock": lambda control, key: control.toggle_lock(),
    "menu": lambda control, key: control.open_menu(),
    "revert": lambda control, key: control.revert(),
}
