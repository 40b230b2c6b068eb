"""Typing a name over a control."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from mixer_nn.ui import theme

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ENDING = (*_ENTER, Qt.Key.Key_Escape)
_WIDE = 150


class NameEdit(QLineEdit):
    """A field for a name over a widget: Enter or leaving it takes the name, Esc does not.

    `committed` carries the name, if it is taken; then or otherwise the field goes by itself.
    """

    committed = Signal(str)

    def __init__(self, name: str, longest: int, over: QWidget) -> None:
        super().__init__(name, over.window())
        self._open = True
        self.setMaxLength(longest)
        self.setFont(theme.ui_font(theme.BASE_TEXT))
        self.selectAll()
        self._place(over)

    def _place(self, over: QWidget) -> None:
        window = over.window()
        box, room = self.rect(), window.rect()
        box.setSize(self.sizeHint())
        box.setWidth(theme.px(_WIDE))
        box.moveCenter(over.mapTo(window, over.rect().center()))
        box.moveLeft(max(min(box.left(), room.right() - box.width()), room.left()))
        self.setGeometry(box)

    def open(self) -> None:
        """Show it, ready to be typed into."""
        self.show()
        self.raise_()
        self.setFocus()

    def finish(self, *, take: bool) -> None:
        """Close the field, with `take` using what stands in it."""
        if self._open:
            self._open = False
            if take:
                self.committed.emit(self.text().strip())
            self.hide()
            self.deleteLater()

    def event(self, event: QEvent) -> bool:
        # Keys that end the typing are not shortcuts of the program meanwhile.
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() in _ENDING:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENDING:
            self.finish(take=event.key() in _ENTER)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # Looking something up in another window, or this field's own menu, is not leaving it.
        passing = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if event.reason() not in passing:
            self.finish(take=True)
