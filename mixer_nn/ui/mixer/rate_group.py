"""The learning rate: its fader, whether it follows the data, and where it begins to diverge."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.fader import Fader
from mixer_nn.ui.controls.taper import LogTaper
from mixer_nn.ui.mixer.training_options import effective_rate, is_scheduled, schedule_text
from mixer_nn.ui.numbers import short
from mixer_nn.ui.writing import group, heading_font

RATES = (1e-5, 10.0)

RATE_TIP = (
    "Learning rate: how far each step follows the slope. Beyond 2/λmax, where the red begins,"
    " gradient descent must diverge on these data"
)
ESTIMATE_TIP = (
    "Learning rate: how far each step follows the slope. The red begins at 2/λmax of the Hessian"
    " here, by power iteration: an estimate for the place we stand on; beyond it a step of gradient"
    " descent overshoots the steepest bend. Mini-batches and curvature that changes on the way"
    " shift it"
)


class RateGroup(QWidget):
    """The fader with its red zone and the mark of a schedule, and the button that says ``auto``."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._slim = False
        self._make()
        self._place()
        self.fader.turned.connect(self._on_turned)
        self.auto.toggled.connect(self._on_auto)
        bench.desk.setup_changed.connect(self.read_setup)
        bench.desk.rewired.connect(self.read_setup)
        bench.desk.changed.connect(self.read)
        bench.sharpness.changed.connect(self._read_zone)
        self.dress()
        self.read_setup()

    def _make(self) -> None:
        self.fader = Fader(LogTaper(*RATES), self)
        self.fader.setObjectName("learningRate")
        self.fader.set_name("learning rate")
        self.fader.set_formatter(_three_figures)
        self.auto = QPushButton("auto", self)
        self.auto.setObjectName("learningRateAuto")
        tip = "Follow the data: a twentieth of where it would diverge"
        self.auto.setToolTip(tip)
        self.auto.setAccessibleName(tip)
        self.auto.setProperty("kind", "chip")
        self.auto.setCheckable(True)
        self.auto.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.auto.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _place(self) -> None:
        box, self.heading = group("LEARNING RATE", self)
        box.removeWidget(self.heading)
        self._head, self._line = QHBoxLayout(), QHBoxLayout()
        self._head.addWidget(self.heading)
        self._head.addStretch()
        self._head.addWidget(self.auto)
        box.insertLayout(0, self._head)
        self._line.setSpacing(theme.px(6))
        self._line.addWidget(self.fader, 1)
        box.addLayout(self._line)
        box.addStretch()
        box.setSpacing(0)
        box.setContentsMargins(0, 0, 0, 0)
        self.setLayout(box)

    def set_slim(self, slim: bool) -> None:
        """One slim row, for low windows."""
        self._slim = slim
        self.heading.setVisible(not slim)
        (self._line if slim else self._head).addWidget(self.auto)
        self._hold_fader()

    def _hold_fader(self) -> None:
        self.fader.setMinimumWidth(theme.px(150 if self._slim else 180))
        # A longer one would be no finer to the hand, and far from what belongs to it.
        self.setMaximumWidth(theme.px(640))

    def dress(self) -> None:
        """Put on fonts, and the widths that follow from them."""
        self.heading.setFont(heading_font())
        text = self.auto.fontMetrics().horizontalAdvance(self.auto.text())
        self.auto.setMinimumWidth(text + theme.px(18))
        self._hold_fader()

    def _on_turned(self, rate: float) -> None:
        desk = self._bench.desk
        desk.set_setup(replace(desk.setup, learning_rate=rate))

    def _on_auto(self, on: bool) -> None:
        desk = self._bench.desk
        rate = None if on else desk.learning_rate
        desk.set_setup(replace(desk.setup, learning_rate=rate))

    def read_setup(self) -> None:
        """Show the rate as it is set."""
        desk, setup = self._bench.desk, self._bench.desk.setup
        self.auto.blockSignals(True)
        self.auto.setChecked(setup.learning_rate is None)
        self.auto.blockSignals(False)
        self.fader.set_initial(replace(setup, learning_rate=None).rate(desk.mix.problem))
        self.fader.set_value(desk.learning_rate)
        self.read()

    def read(self) -> None:
        """Show what follows from the mix: the red zone, and where a schedule has the rate."""
        self._read_zone()
        desk = self._bench.desk
        if is_scheduled(desk.setup):
            self.fader.set_now(effective_rate(desk), f"In force now: {schedule_text(desk)}")
        else:
            self.fader.set_now(None)

    def _read_zone(self) -> None:
        bench = self._bench
        exact = bench.readings.learning_rate_limit
        if exact is not None or bench.desk.setup.optimizer != "gradient-descent":
            self.fader.set_zone(exact, "diverges")
            self.fader.setToolTip(RATE_TIP)
            return
        if self.fader.isVisible() and not self.fader.visibleRegion().isEmpty():
            bench.sharpness.follow()
        self.fader.set_zone(bench.sharpness.learning_rate_limit, "est.")
        self.fader.setToolTip(ESTIMATE_TIP)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read_zone()


def _three_figures(rate: float) -> str:
    return short(rate, 3)
