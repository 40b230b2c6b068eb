"""How the crossfader mixes: parameters or outputs, and with hidden units in order or not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QVBoxLayout, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.crossfader_words import ALIGN_TIP, NEEDS_HIDDEN_UNITS, OUTPUTS_TIP

_WIDE = 300


class CrossfaderOptions(QFrame):
    """A small panel with a switch for each, and what it means."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("crossfaderOptionsPanel")
        self.setProperty("panel", "true")
        self._fading = bench.fading
        box = QVBoxLayout(self)
        box.setContentsMargins(*[theme.px(14)] * 4)
        box.setSpacing(theme.px(6))
        self.outputs = self._add(box, "Mix the outputs", "crossfaderOutputs", OUTPUTS_TIP)
        box.addSpacing(theme.px(8))
        self.align = self._add(box, "Align hidden units first", "crossfaderAlign", ALIGN_TIP)
        self.outputs.toggled.connect(self._fading.set_outputs)
        self.align.toggled.connect(self._fading.set_align)
        bench.fading.changed.connect(self.read)

    def _add(self, box: QVBoxLayout, title: str, name: str, tip: str) -> QCheckBox:
        switch = QCheckBox(title, self)
        switch.setObjectName(name)
        switch.setAccessibleDescription(tip)
        words = QLabel(tip, self)
        words.setWordWrap(True)
        words.setProperty("kind", "dim")
        words.setFixedWidth(theme.px(_WIDE))
        box.addWidget(switch)
        box.addWidget(words)
        return switch

    def read(self) -> None:
        """Show how it is set."""
        for switch, on in ((self.outputs, self._fading.outputs), (self.align, self._fading.align)):
            switch.blockSignals(True)
            switch.setChecked(on)
            switch.blockSignals(False)
        can_align = self._fading.can_align
        self.align.setEnabled(can_align)
        self.align.setToolTip("" if can_align else NEEDS_HIDDEN_UNITS)
