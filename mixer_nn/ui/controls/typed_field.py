"""What fields for typing over a control have in common: how the typing ends."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ENDING = (*_ENTER, Qt.Key.Key_Escape)


class TypedField(QLineEdit):
    """A field that Enter ends by taking what was typed, and Esc without.

    Leaving it for another takes it too, unless `takes_on_leaving` is false. A subclass says what
    taking means in `close_field`, which is called once.
    """

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.takes_on_leaving = True
        self._open = True

    def finish(self, *, take: bool) -> None:
        """Close the field, with `take` using what stands in it."""
        if self._open:
            self._open = False
            self.close_field(take)

    def close_field(self, take: bool) -> None:
        """The typing has ended."""
        raise NotImplementedError

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
            self.finish(take=self.takes_on_leaving)
