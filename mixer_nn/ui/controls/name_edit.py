"""Typing a name over a control."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.controls.typed_field import TypedField

_WIDE = 150


class NameEdit(TypedField):
    """A field for a name over a widget: Enter or leaving it takes the name, Esc does not.

    `committed` carries the name, if it is taken; then or otherwise the field goes by itself.
    """

    committed = Signal(str)

    def __init__(self, name: str, longest: int, over: QWidget) -> None:
        super().__init__(name, over.window())
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

    def close_field(self, take: bool) -> None:
        """The typing has ended."""
        if take:
            self.committed.emit(self.text().strip())
        self.hide()
        self.deleteLater()
