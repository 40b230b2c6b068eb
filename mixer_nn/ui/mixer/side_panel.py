"""What stands beside the knobs: the selected one of them, large, and the loss in numbers."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.loss_readout import LossReadout
from mixer_nn.ui.mixer.selected_knob import SelectedKnob


class SidePanel(QFrame):
    """Beside the knobs of one neuron or a small network; a large one needs the room itself.

    Then its two parts are given a place elsewhere, until `take_back`.
    """

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.readout = LossReadout(bench, self)
        self.selected = SelectedKnob(bench, self)
        rule = QFrame(self)
        rule.setProperty("rule", "true")
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        row.addWidget(self.selected)
        row.addWidget(rule)
        row.addWidget(self.readout)

    def take_back(self) -> None:
        """Take both parts in again, wherever they are."""
        self._row.insertWidget(0, self.selected)
        self._row.addWidget(self.readout)
        self.readout.set_flat(False)
        self.readout.show()
