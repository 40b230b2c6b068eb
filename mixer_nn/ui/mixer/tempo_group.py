"""The tempo: how many steps a second Auto-mix takes."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from mixer_nn.session.mix import MAX_TEMPO
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.controls.taper import LogTaper
from mixer_nn.ui.writing import group, heading_font

TEMPOS = (1.0, 1000.0)
TOP_OF_DIAL = 990.0
"""Tempo from which on the dial says ``max``: as many steps as fit into a frame."""
DEFAULT_TEMPO = 8.0
_WIDE, _SLIM = 54, 34


def tempo_text(tempo: float) -> str:
    """``8 steps/s``, or ``max``."""
    if tempo >= TOP_OF_DIAL:
        return "max"
    return f"{round(tempo, 1):g} steps/s" if tempo < 10 else f"{tempo:.0f} steps/s"


class TempoGroup(QWidget):
    """A dial with its value under it."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._slim = False
        self.knob = Knob(self, diameter=theme.px(_WIDE), taper=LogTaper(*TEMPOS), signed=False)
        self.knob.setObjectName("tempo")
        self.knob.set_name("tempo")
        self.knob.set_end_labels("", "")
        self.knob.set_formatter(tempo_text)
        self.knob.set_initial(DEFAULT_TEMPO)
        self.knob.lockable = False
        self.knob.setToolTip("Tempo: steps per second. It changes nothing about the result")
        self.label = QLabel(self)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._place()
        self.knob.turned.connect(self._on_turned)
        bench.desk.setup_changed.connect(self.read)
        self.dress()
        self.read()

    def _place(self) -> None:
        box, self.heading = group("TEMPO", self)
        self.heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.setContentsMargins(0, 0, 0, 0)
        box.addStretch(1)
        box.addWidget(self.knob, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(self.label)
        box.addStretch(2)
        self.setLayout(box)

    def set_slim(self, slim: bool) -> None:
        """Small and without its heading, for low windows."""
        self._slim = slim
        self.heading.setVisible(not slim)
        self.knob.set_diameter(theme.px(_SLIM if slim else _WIDE))

    def dress(self) -> None:
        """Put on fonts, and the widths that follow from them."""
        self.heading.setFont(heading_font())
        self.label.setFont(theme.mono_font(12))
        self.label.setMinimumWidth(self.label.fontMetrics().horizontalAdvance("999 steps/s"))
        self.knob.set_diameter(theme.px(_SLIM if self._slim else _WIDE))

    def _on_turned(self, tempo: float) -> None:
        desk = self._bench.desk
        wanted = MAX_TEMPO if tempo >= TOP_OF_DIAL else tempo
        self.label.setText(tempo_text(wanted))
        desk.set_setup(replace(desk.setup, tempo=wanted))

    def read(self) -> None:
        """Show the tempo as it is set."""
        tempo = min(self._bench.desk.setup.tempo, TEMPOS[1])
        self.knob.set_value(tempo)
        self.label.setText(tempo_text(tempo))
