"""The panel in the middle: the equation with its knobs, the same in data units, the loss."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.equation import Equation
from mixer_nn.ui.mixer.in_data_units import DataUnits, DataUnitsArea
from mixer_nn.ui.mixer.loss_readout import LossReadout
from mixer_nn.ui.mixer.message_strip import MessageStrip
from mixer_nn.ui.writing import heading_font


class MixerPanel(QFrame):
    """Equation on the left, data units and switches beside it, the loss on the right."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "true")
        self._bench = bench
        self._make()
        self._place()
        bench.desk.changed.connect(self.read)
        bench.desk.rewired.connect(self.read)
        bench.guidance.changed.connect(self.read)
        self.read()

    def _make(self) -> None:
        self.equation = Equation(self._bench, self)
        self.data_units = DataUnits(self._bench, self)
        self._units_area = DataUnitsArea(self.data_units, self)
        self.readout = LossReadout(self._bench, self)
        self.message = MessageStrip(self._bench, self)
        self.scaled = QCheckBox("scale the columns", self)
        self.scaled.setObjectName("scaled")
        self.scaled.setToolTip(
            "Train on columns with mean 0 and spread 1. The line stays where it is; the knobs then"
            " show the scaled model's parameters"
        )
        self.which_way = self._button("Which way?", "whichWay", "Show on each knob which way (W)")
        self.answer = self._button("Show the answer", "showAnswer", "The least-squares fit (A)")
        self.scaled.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.scaled.toggled.connect(self._bench.desk.set_scaled)
        self.which_way.toggled.connect(self._bench.guidance.show_arrows)
        self.answer.toggled.connect(self._bench.guidance.show_answer)

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setCheckable(True)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _place(self) -> None:
        self._heading = heading = QLabel("IN DATA UNITS", self)
        heading.setProperty("kind", "heading")
        aside = QVBoxLayout()
        aside.setSpacing(theme.px(6))
        aside.addStretch()
        aside.addWidget(heading)
        aside.addWidget(self._units_area)
        aside.addWidget(self.scaled)
        aside.addSpacing(theme.px(6))
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(6))
        buttons.addWidget(self.which_way)
        buttons.addWidget(self.answer)
        buttons.addStretch()
        aside.addLayout(buttons)
        aside.addStretch()
        rule = QFrame(self)
        rule.setProperty("rule", "true")
        self._top = top = QHBoxLayout()
        top.setSpacing(theme.px(16))
        top.addWidget(self.equation, 1)
        top.addLayout(aside)
        top.addStretch()
        top.addWidget(rule)
        top.addWidget(self.readout)
        self._box = box = QVBoxLayout(self)
        box.setContentsMargins(theme.px(18), theme.px(12), theme.px(18), theme.px(10))
        box.setSpacing(theme.px(8))
        box.addLayout(top, 1)
        box.addWidget(self.message)
        self._units_area.setFixedWidth(theme.px(250))

    def set_small(self, small: bool) -> None:
        """Leave more room for the knobs, in narrow or low windows."""
        self._heading.setFont(heading_font())
        self.readout.set_small(small)
        self.equation.set_low(small)
        self._units_area.setFixedWidth(theme.px(232 if small else 250))
        self.answer.setText("Answer" if small else "Show the answer")
        self._top.setSpacing(theme.px(10 if small else 16))
        edge = theme.px(12 if small else 18)
        self._box.setContentsMargins(edge, theme.px(6 if small else 12), edge, theme.px(6))
        self._box.setSpacing(theme.px(2 if small else 8))

    def minimumSizeHint(self) -> QSize:
        # A splitter knows nothing of text that takes more lines where it is narrower.
        size = super().minimumSizeHint()
        border = size.height() - self._box.minimumSize().height()
        needed = self._box.minimumHeightForWidth(self.width()) + border
        return QSize(size.width(), max(size.height(), needed))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def read(self) -> None:
        """Set the switches as they stand."""
        bench = self._bench
        for box, state in (
            (self.scaled, bench.desk.mix.problem.scaled),
            (self.which_way, bench.guidance.arrows),
            (self.answer, bench.guidance.answer),
        ):
            if box.isChecked() != state:
                box.blockSignals(True)
                box.setChecked(state)
                box.blockSignals(False)
        self.answer.setVisible(bench.readings.answer is not None)
