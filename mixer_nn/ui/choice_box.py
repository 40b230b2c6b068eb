"""A box of choices that changes nothing by accident."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox

from mixer_nn.ui import theme

_OPENING = (
    Qt.Key.Key_Space,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
)


class ChoiceBox(QComboBox):
    """A box whose list is opened to choose from it.

    Qt's own chooses at once at a turn of the wheel over it, at an arrow key and at a letter; here
    every choice is a step of undo and may take a while.
    """

    def paintEvent(self, event: QPaintEvent) -> None:
        # Like Qt's own, but what there is no room for ends in an ellipsis, not in half a letter.
        style, option = self.style(), QStyleOptionComboBox()
        self.initStyleOption(option)
        whole = QStyle.ComplexControl.CC_ComboBox
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = style.subControlRect(whole, option, field, self).width()
        cut = Qt.TextElideMode.ElideRight
        option.currentText = self.fontMetrics().elidedText(self.currentText(), cut, room)
        with QPainter(self) as painter:
            style.drawComplexControl(whole, option, painter, self)
            style.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option, painter, self)

    def showPopup(self) -> None:
        # The list may be wider than the box.
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + theme.px(12))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPENING:
            self.showPopup()
        else:
            event.ignore()
