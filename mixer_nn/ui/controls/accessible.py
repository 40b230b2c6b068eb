"""What a screen reader is told of a control: its name, its exact value, and how to set it."""

import weakref
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleInterface,
    QAccessibleValueChangeEvent,
    QAccessibleValueInterface,
)
from PySide6.QtWidgets import QAccessibleWidget

if TYPE_CHECKING:
    from mixer_nn.ui.controls.control import Control

# Every interface is kept as long as its control: Qt holds only the bare pointer.
_interfaces: "weakref.WeakKeyDictionary[Control, ControlInterface]" = weakref.WeakKeyDictionary()


class ControlActions(QAccessibleActionInterface):
    """What an assistive tool can do to a control besides setting it: step it and focus it."""

    def __init__(self, control: "Control") -> None:
        super().__init__()
        self._control = weakref.ref(control)

    def actionNames(self) -> list[str]:
        return [self.setFocusAction(), *_steps()]

    def doAction(self, name: str) -> None:
        control = self._control()
        if control is None or not control.isEnabled():
            return
        if name == self.setFocusAction():
            control.setFocus(Qt.FocusReason.OtherFocusReason)
        elif name in _steps():
            control.step_by_hand(_steps()[name])

    def keyBindingsForAction(self, name: str) -> list[str]:
        return []


def _steps() -> dict[str, float]:
    """By the name of an action, its travel in scale lengths."""
    make = QAccessibleActionInterface
    return {make.increaseAction(): 0.01, make.decreaseAction(): -0.01}


class ControlInterface(QAccessibleWidget, QAccessibleValueInterface):
    """A control as a number that can be read and set, in its own unit."""

    def __init__(self, control: "Control", role: QAccessible.Role) -> None:
        QAccessibleWidget.__init__(self, control, role)
        QAccessibleValueInterface.__init__(self)
        self._control = weakref.ref(control)
        self._actions = ControlActions(control)

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        """The value and action interfaces, else a null pointer: None would crash Qt."""
        if kind == QAccessible.InterfaceType.ValueInterface:
            return shiboken6.VoidPtr(shiboken6.getCppPointer(self)[1])
        if kind == QAccessible.InterfaceType.ActionInterface:
            return shiboken6.VoidPtr(shiboken6.getCppPointer(self._actions)[0])
        return shiboken6.VoidPtr(0)

    def text(self, kind: QAccessible.Text) -> str:
        """The value in words for a value; the name, description and so on as Qt has them."""
        control = self._control()
        if kind == QAccessible.Text.Value and control is not None:
            return control.text()
        return super().text(kind)

    def currentValue(self) -> float:
        control = self._control()
        return 0.0 if control is None else control.value

    def setCurrentValue(self, value: object) -> None:
        control = self._control()
        if control is not None and isinstance(value, (int, float)):
            control.set_by_hand(float(value))

    def minimumValue(self) -> float:
        control = self._control()
        return 0.0 if control is None else control.taper.low

    def maximumValue(self) -> float:
        control = self._control()
        return 0.0 if control is None else control.taper.high

    def minimumStepSize(self) -> float:
        return 0.0


def install() -> None:
    """Have Qt ask here for the interfaces of our controls; again does nothing."""
    if not _Factory.installed:
        _Factory.installed = True
        QAccessible.installFactory(_make)


def announce_value(control: "Control") -> None:
    """Tell an assistive tool, if one listens, that the value is another now."""
    if QAccessible.isActive():
        event = QAccessibleValueChangeEvent(control, control.value)
        QAccessible.updateAccessibility(event)


class _Factory:
    installed = False


def _make(_class_name: str, item: QObject) -> QAccessibleInterface | None:
    from mixer_nn.ui.controls.control import Control

    if not isinstance(item, Control):
        return None
    interface = ControlInterface(item, item.accessible_role)
    _interfaces[item] = interface
    return interface
