"""Typing a number over a control."""

import math
import re

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from mixer_nn.ui import theme

_NUMBER = re.compile(r"([+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?)\s*(%?)", re.ASCII)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ENDING = (*_ENTER, Qt.Key.Key_Escape)


def parse_number(text: str, full: float = 1.0) -> float | None:
    """The finite number a person typed, None where it is none.

    Takes both decimal marks (``0.5`` and ``0,5``), exponents, and ``50%``, which is that share of
    `full`, the high end of the scale.
    """
    match = _NUMBER.fullmatch(text.strip().replace("\N{MINUS SIGN}", "-"))
    if match is None:
        return None
    value = float(match.group(1).replace(",", "."))
    if match.group(2):
        value = value / 100.0 * full
    return value if math.isfinite(value) else None


class NumberEdit(QLineEdit):
    """A field for one number: Enter takes it, Esc leaves things as they were.

    `committed` carries the number, `left` says that the field was given up or held none. Exactly
    one of the two is sent, once. Leaving the field for another takes the number too, unless
    `takes_on_leaving` is false.
    """

    committed = Signal(float)
    left = Signal()

    def __init__(self, value: float, full: float, typed: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.takes_on_leaving = True
        self._full = full
        self._open = True
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFont(theme.mono_font(theme.BASE_TEXT))
        self.setText(typed or repr(value))
        if not typed:
            self.selectAll()
        self.textEdited.connect(self._on_text_edited)

    def finish(self, *, take: bool) -> None:
        """Close the field, with `take` using what stands in it if that is a new number."""
        if not self._open:
            return
        self._open = False
        value = parse_number(self.text(), self._full) if take else None
        if value is None:
            self.left.emit()
        else:
            self.committed.emit(value)

    def _on_text_edited(self, text: str) -> None:
        self.setProperty("invalid", parse_number(text, self._full) is None)
        self.style().unpolish(self)
        self.style().polish(self)

    def event(self, event: QEvent) -> bool:
        # Keys that end the typing are not shortcuts of the program meanwhile.
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() in _ENDING:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _ENTER:
            self.finish(take=True)
        elif key == Qt.Key.Key_Escape:
            self.finish(take=False)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # Looking something up in another window, or this field's own menu, is not leaving it.
        passing = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if event.reason() not in passing:
            self.finish(take=self.takes_on_leaving)
