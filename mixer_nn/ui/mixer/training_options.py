"""What else there is to set about training: schedule, limiter, penalties, in a small panel."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QFrame, QLabel, QWidget

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.schedule import SCHEDULES, factor
from mixer_nn.core.training import FULL_BATCH
from mixer_nn.session.mix import Setup
from mixer_nn.state.desk import Desk
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.numbers import count, short

NO_LIMIT = 0.0


def is_scheduled(setup: Setup) -> bool:
    """Whether the learning rate changes by itself as training goes on."""
    return setup.schedule != "constant" or setup.warm_up > 0.0


def effective_rate(desk: Desk) -> float:
    """The learning rate that the next step really takes, the schedule included."""
    setup, state, rows = desk.setup, desk.mix.state, desk.mix.problem.objective.rows
    full = setup.batch_size == FULL_BATCH or setup.batch_size >= rows
    # A full batch is an epoch of its own, wherever the one before was left.
    epochs = state.epoch + (0.0 if full else state.place / rows)
    step = 1.0 if full else setup.batch_size / rows
    share = factor(setup.schedule, epochs, setup.warm_up, setup.horizon, step)
    return desk.learning_rate * share


def schedule_text(desk: Desk) -> str:
    """``epoch 37 of 100, learning rate 0.0042``: where the schedule is."""
    setup, epoch = desk.setup, desk.mix.state.epoch
    end = setup.warm_up if setup.schedule == "constant" else setup.horizon
    rate = short(effective_rate(desk), 3)
    return f"epoch {count(epoch)} of {end:g}, learning rate {rate}"


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
        self.where = QLabel(self)
        self.where.setObjectName("scheduleNow")
        self.where.setProperty("kind", "hint")
        self.where.setToolTip("Where the schedule is, and the learning rate of the next step")
        form.addRow("", self.where)
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
        self._shown: dict[QDoubleSpinBox, float] = {}
        bench.desk.setup_changed.connect(self.read)
        bench.desk.changed.connect(self._read_where)
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
            self._shown[box] = box.value()
            box.blockSignals(False)
        self.schedule.setCurrentIndex(list(SCHEDULES).index(setup.schedule))
        self._form.setRowVisible(self.decay, optimizer.decays)
        self._form.setRowVisible(self.horizon, setup.schedule != "constant")
        self._form.setRowVisible(self.where, is_scheduled(setup))
        self._read_where(always=True)
        self.adjustSize()

    def _read_where(self, *, always: bool = False) -> None:
        if always or self.isVisible():
            self.where.setText(schedule_text(self._bench.desk))

    def chosen(self, setup: Setup) -> Setup:
        """The setup with what was changed in the panel.

        A box that still says what it said has not been touched: its value stays as fine as it is.
        """
        return replace(
            setup,
            schedule=str(self.schedule.currentData()),
            warm_up=self._chosen(self.warm_up, setup.warm_up),
            horizon=self._chosen(self.horizon, setup.horizon),
            clip=self._chosen(self.clip, setup.clip or NO_LIMIT) or None,
            l1=self._chosen(self.l1, setup.l1),
            l2=self._chosen(self.l2, setup.l2),
            decay=self._chosen(self.decay, setup.decay),
        )

    def _chosen(self, box: QDoubleSpinBox, present: float) -> float:
        return present if box.value() == self._shown[box] else box.value()

    def _on_changed(self) -> None:
        desk = self._bench.desk
        desk.set_setup(self.chosen(desk.setup))
