"""What else there is to set about training: schedule, limiter, penalties, in a small panel."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QFrame, QLabel, QWidget

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.schedule import SCHEDULES
from mixer_nn.session.mix import Setup
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench

NO_LIMIT = 0.0


class TrainingOptions(QFrame):
    """Each value takes effect with the next step, without a reset."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("trainingOptionsPanel")
        self.setProperty("panel", "true")
        self._bench = bench
        form = QFormLayout(self)
        form.setContentsMargins(*[theme.px(14)] * 4)
        self.formula = QLabel(self)
        self.formula.setProperty("kind", "dim")
        form.addRow(self.formula)
        self.schedule = QComboBox(self)
        self.schedule.setObjectName("schedule")
        self.schedule.setAccessibleName("schedule of the learning rate")
        for schedule in SCHEDULES.values():
            self.schedule.addItem(f"{schedule.title}   {schedule.formula}", schedule.key)
        self.schedule.activated.connect(self._on_changed)
        form.addRow("Schedule", self.schedule)
        self.warm_up = self._number("warmUp", "Warm-up", " epochs", 0.0, 1e6, 1.0, 1)
        self.horizon = self._number(
            "horizon", "Horizon of the schedule", " epochs", 1.0, 1e7, 10, 0
        )
        self.clip = self._number(
            "clip", "Limiter: largest norm of the gradient", "", 0, 1e6, 0.1, 3
        )
        self.clip.setSpecialValueText("off")
        self.l1 = self._number(
            "l1", "L1: pull of the weights to 0, same for all", "", 0, 10, 1e-3, 5
        )
        self.l2 = self._number("l2", "L2: pull of the weights to 0, by size", "", 0, 10, 1e-3, 5)
        self.decay = self._number("decay", "Weight decay of AdamW", "", 0, 10, 0.01, 4)
        self._boxes = (self.warm_up, self.horizon, self.clip, self.l1, self.l2, self.decay)
        for box in self._boxes:
            form.addRow(box.accessibleName(), box)
        self._form = form
        bench.desk.setup_changed.connect(self.read)
        self.read()

    def _number(
        self, name: str, title: str, unit: str, low: float, high: float, step: float, decimals: int
    ) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setObjectName(name)
        box.setAccessibleName(title)
        box.setSuffix(unit)
        box.setDecimals(decimals)
        box.setRange(low, high)
        box.setSingleStep(step)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(self._on_changed)
        return box

    def read(self) -> None:
        """Show how Auto-mix is set."""
        setup = self._bench.desk.setup
        optimizer = OPTIMIZERS[setup.optimizer]
        self.formula.setText(f"{optimizer.title}:  {optimizer.formula}")
        values = (setup.warm_up, setup.horizon, setup.clip or NO_LIMIT, setup.l1, setup.l2)
        for box, value in zip(self._boxes, (*values, setup.decay), strict=True):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)
        self.schedule.setCurrentIndex(list(SCHEDULES).index(setup.schedule))
        self._form.setRowVisible(self.decay, optimizer.decays)
        self._form.setRowVisible(self.horizon, setup.schedule != "constant")
        self.adjustSize()

    def chosen(self, setup: Setup) -> Setup:
        """The setup with what the panel shows."""
        return replace(
            setup,
            schedule=str(self.schedule.currentData()),
            warm_up=self.warm_up.value(),
            horizon=self.horizon.value(),
            clip=self.clip.value() or None,
            l1=self.l1.value(),
            l2=self.l2.value(),
            decay=self.decay.value(),
        )

    def _on_changed(self) -> None:
        desk = self._bench.desk
        desk.set_setup(self.chosen(desk.setup))
