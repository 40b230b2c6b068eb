"""Choosing one row of the data: ``row 17 of 272``, typed or stepped through."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mixer_nn.ui import theme
from mixer_nn.ui.count_box import CountBox
from mixer_nn.ui.numbers import count


class RowChooser(QWidget):
    """Rows are counted from 1 on screen and from 0 in code. `chosen` tells of a person's choice."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word, self._of = QLabel("row", self), QLabel(self)
        self.before = self._button("‹", "maths.rowBefore", "The row before")
        self.after = self._button("›", "maths.rowAfter", "The next row")
        self.box = CountBox(self)
        self.box.setObjectName("maths.row")
        self.box.setAccessibleName("row of the data")
        self.box.setToolTip("Which row of the data the formulas are about; a lit point is followed")
        # The buttons stand beside it. With Qt's `NoButtons` a styled box has no room for figures.
        self.box.setStyleSheet(
            "QSpinBox::up-button, QSpinBox::down-button { width: 0px; }"
            "QSpinBox::up-arrow, QSpinBox::down-arrow { image: none; }"
        )
        self.box.setKeyboardTracking(False)
        self.box.setRange(1, 1)
        self.box.setWrapping(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(5))
        for part in (self._word, self.before, self.box, self.after, self._of):
            row.addWidget(part)
        for label in (self._word, self._of):
            label.setProperty("kind", "dim")
        self.box.valueChanged.connect(self._on_changed)
        self.before.clicked.connect(self.box.stepDown)
        self.after.clicked.connect(self.box.stepUp)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._dress()

    def _button(self, sign: str, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(sign)
        button.setObjectName(name)
        button.setAutoRaise(True)
        button.setAutoRepeat(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button

    @property
    def row(self) -> int:
        """The row, from 0."""
        return self.box.value() - 1

    def set_rows(self, rows: int) -> None:
        """How many there are; the one shown is kept where it can be."""
        if rows != self.box.maximum():
            row = min(self.row, rows - 1)
            self.box.blockSignals(True)
            self.box.setMaximum(rows)
            self.box.setValue(row + 1)  # a box that wraps would begin again at 1
            self.box.blockSignals(False)
            self._of.setText(f"of {count(rows)}")
            self._fit()

    def set_row(self, row: int) -> None:
        """Show another row, without telling anyone."""
        self.box.blockSignals(True)
        self.box.setValue(row + 1)
        self.box.blockSignals(False)

    def _on_changed(self, number: int) -> None:
        self.chosen.emit(number - 1)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "box"):
            self._dress()

    def _dress(self) -> None:
        for label in (self._word, self._of):
            label.setFont(theme.ui_font(12))
        self._fit()

    def _fit(self) -> None:
        widest = self.box.fontMetrics().horizontalAdvance("0" * len(str(self.box.maximum())))
        self.box.setFixedWidth(widest + theme.px(26))
