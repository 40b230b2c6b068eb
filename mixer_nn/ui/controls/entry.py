"""Values that arrive whole: typed, pasted, reset, chosen from the menu."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from mixer_nn.ui.controls.control import Control, Gesture
from mixer_nn.ui.controls.menu import ControlMenu
from mixer_nn.ui.controls.number_edit import NumberEdit, parse_number
from mixer_nn.ui.controls.taper import Taper


class EntryControl(Control):
    """A control with a field to type into and a menu; each entry is a gesture of its own."""

    def __init__(self, taper: Taper, parent: QWidget | None = None) -> None:
        super().__init__(taper, parent)
        self._anchor: QWidget | None = None
        self._editor: NumberEdit | None = None
        self._menu: ControlMenu | None = None

    def set_editor_anchor(self, label: QWidget | None) -> None:
        """The widget that shows the value: the field for typing opens over it."""
        self._anchor = label

    def finish_gesture(self) -> None:
        if self._editor is not None:
            self._editor.finish(take=True)
        else:
            super().finish_gesture()

    # -- requests that are a whole gesture --

    def reset(self) -> None:
        """Go back to the initial value, by hand."""
        self.set_by_hand(self._initial)
        self.reset_asked.emit()

    def toggle_lock(self) -> None:
        """Lock or unlock, by hand."""
        if self.lockable:
            self.set_locked(not self._locked)
            self.lock_toggled.emit(self._locked)

    def ask_half_scale(self) -> None:
        """Ask the owner for a scale half as long."""
        self.scale_asked.emit(self._taper.high / 2.0)

    def copy_value(self) -> None:
        """Put the exact value on the clipboard."""
        QGuiApplication.clipboard().setText(repr(self._value))

    def pasted_value(self) -> float | None:
        """The number on the clipboard, None where there is none that the scale could hold."""
        value = parse_number(QGuiApplication.clipboard().text(), self._taper.high)
        return value if value is not None and self._taper.has_place_for(value) else None

    def paste_value(self) -> None:
        """Take the number on the clipboard."""
        value = self.pasted_value()
        if value is not None:
            self.set_by_hand(value)

    def open_menu(self, where: QPoint | None = None) -> None:
        """Show the menu at a point of the screen, by default in the middle of the control."""
        if self._menu is not None:
            return
        self.finish_gesture()
        self._menu = ControlMenu(self)
        self._menu.aboutToHide.connect(self._on_menu_hidden)
        self._menu.popup(where or self.mapToGlobal(self.rect().center()))
        self._menu.focus_field()

    def _on_menu_hidden(self) -> None:
        self._menu = None

    # -- typing --

    def open_editor(self, typed: str = "") -> None:
        """Open the field for typing a value, with `typed` in it or the present value selected."""
        self._begin(Gesture.EDIT)
        if self._editor is not None:
            return
        editor = NumberEdit(self._value, self._taper.high, typed, self.window())
        editor.setObjectName(f"{self.objectName()}.edit")
        editor.setAccessibleName(self.accessibleName())
        editor.committed.connect(self._on_committed)
        editor.left.connect(self._close_editor)
        self.destroyed.connect(editor.deleteLater)
        self._editor = editor
        self._place_editor(editor)
        editor.show()
        editor.raise_()
        editor.setFocus()

    def _place_editor(self, editor: NumberEdit) -> None:
        over = self._anchor if self._anchor is not None and self._anchor.isVisible() else self
        middle = over.mapTo(self.window(), over.rect().center())
        width = max(over.width() if over is not self else 0, editor.fontMetrics().height() * 7)
        box = editor.rect()
        box.setSize(editor.sizeHint())
        box.setWidth(width)
        box.moveCenter(middle)
        room = self.window().rect()
        box.moveLeft(max(min(box.left(), room.right() - box.width()), room.left()))
        box.moveTop(max(min(box.top(), room.bottom() - box.height()), room.top()))
        editor.setGeometry(box)

    def _on_committed(self, value: float) -> None:
        if self._taper.has_place_for(value):  # 0 steps a second, say, are no tempo
            self._turn(value)
        self._close_editor()

    def _close_editor(self) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            if editor.hasFocus():
                self.setFocus()
            editor.hide()
            editor.deleteLater()
        self._end()
