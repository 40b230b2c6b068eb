"""The menu of a control; its first entry is a field that takes a value at once."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget, QWidgetAction

from mixer_nn.ui.controls.number_edit import NumberEdit
from mixer_nn.ui.controls.taper import LinearTaper

if TYPE_CHECKING:
    from mixer_nn.ui.controls.entry import EntryControl


class ControlMenu(QMenu):
    """Value, reset, copy, paste, zero, lock, scale: what a right click offers."""

    def __init__(self, control: "EntryControl") -> None:
        super().__init__(control)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._control = control
        self._field = self._add_field()
        self.addSeparator()
        self._add_entries()

    def focus_field(self) -> None:
        """Put the typing cursor into the value, selected; call it once the menu is shown."""
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _add_field(self) -> NumberEdit:
        holder = QWidget(self)
        field = NumberEdit(self._control.value, self._control.taper.high, "", holder)
        field.takes_on_leaving = False  # an unfinished number is not meant when "Copy" is clicked
        field.setAccessibleName(self._control.accessibleName())
        field.committed.connect(self._on_committed)
        field.left.connect(self.close)
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.addWidget(field)
        action = QWidgetAction(self)
        action.setDefaultWidget(holder)
        self.addAction(action)
        return field

    def _add_entries(self) -> None:
        control = self._control
        self._add(f"Reset to {control.initial:.5g}", "Del").triggered.connect(control.reset)
        self._add("Copy").triggered.connect(control.copy_value)
        paste = self._add("Paste")
        paste.setEnabled(control.pasted_value() is not None)
        paste.triggered.connect(control.paste_value)
        scale = control.taper
        if not control.bounded or scale.low <= 0.0 <= scale.high:
            self._add("Set to 0").triggered.connect(self._on_zero)
        if control.lockable:
            self.addSeparator()
            name = "Unlock" if control.locked else "Lock"
            self._add(name, "L").triggered.connect(control.toggle_lock)
        if isinstance(scale, LinearTaper) and not control.bounded:
            half = self._add("Halve the scale")
            half.setEnabled(abs(control.value) <= scale.high / 2.0)
            half.triggered.connect(control.ask_half_scale)

    def _add(self, name: str, key: str = "") -> QAction:
        # The key is only written beside the name: the control reads its keys itself.
        return self.addAction(f"{name}\t{key}" if key else name)

    def _on_committed(self, value: float) -> None:
        self.close()
        self._control.set_by_hand(value)

    def _on_zero(self) -> None:
        self._control.set_by_hand(0.0)
