"""Typing a number over a control."""

import math
import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.controls.typed_field import TypedField

_NUMBER = re.compile(r"([+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?)\s*(%?)", re.ASCII)


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


class NumberEdit(TypedField):
    """A field for one number: Enter takes it, Esc leaves things as they were.

    `committed` carries the number, `left` says that the field was given up or held none. Exactly
    one of the two is sent, once. Leaving the field for another takes the number too, unless
    `takes_on_leaving` is false.
    """

    committed = Signal(float)
    left = Signal()

    def __init__(self, value: float, full: float, typed: str, parent: QWidget) -> None:
        super().__init__(typed or repr(value), parent)
        self._full = full
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFont(theme.mono_font(theme.BASE_TEXT))
        if not typed:
            self.selectAll()
        self.textEdited.connect(self._on_text_edited)

    def close_field(self, take: bool) -> None:
        """The typing has ended; with `take` what stands in it is used if that is a number."""
        value = parse_number(self.text(), self._full) if take else None
        if value is None:
            self.left.emit()
        else:
            self.committed.emit(value)

    def _on_text_edited(self, text: str) -> None:
        self.setProperty("invalid", parse_number(text, self._full) is None)
        self.style().unpolish(self)
        self.style().polish(self)
