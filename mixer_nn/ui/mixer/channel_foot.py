"""What stands under a column of knobs."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mixer_nn.ui.controls.meter import Meter


class ChannelFoot(QWidget):
    """What stands under a column: the neuron's meter, and room for its buttons."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 2, 1, 0)
        box.setSpacing(2)
        self.meter = Meter(self)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(2)
        box.addWidget(self.meter)
        box.addLayout(self.buttons)
        box.addStretch()
