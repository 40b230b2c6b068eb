"""The transport: Auto-mix and its steps, learning rate, batch size, tempo, seed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.training import FULL_BATCH
from mixer_nn.session.mix import MAX_TEMPO
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.choice_box import ChoiceBox
from mixer_nn.ui.controls.fader import Fader
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.controls.taper import LogTaper
from mixer_nn.ui.mixer.auto_mix_button import AutoMixButton
from mixer_nn.ui.mixer.optimizer_group import OptimizerGroup
from mixer_nn.ui.mixer.training_options import effective_rate, is_scheduled, schedule_text
from mixer_nn.ui.numbers import count, short
from mixer_nn.ui.writing import heading_font

RATES = (1e-5, 10.0)
TEMPOS = (1.0, 1000.0)
TOP_OF_DIAL = 990.0
"""Tempo from which on the dial says ``max``: as many steps as fit into a frame."""
DEFAULT_TEMPO = 8.0
BATCHES = (1, 2, 5, 7, 10, 16, 20, 32, 50, 64, 100, 128, 256, 512, 1024)
MOST_SEED = 2**31 - 1

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


def tempo_text(tempo: float) -> str:
    """``8 steps/s``, or ``max``."""
    if tempo >= TOP_OF_DIAL:
        return "max"
    return f"{round(tempo, 1):g} steps/s" if tempo < 10 else f"{tempo:.0f} steps/s"


def group(heading: str, parent: QWidget) -> tuple[QVBoxLayout, QLabel]:
    """A column under a small heading."""
    box = QVBoxLayout()
    box.setSpacing(theme.px(4))
    label = QLabel(heading, parent)
    label.setProperty("kind", "heading")
    label.setFont(heading_font())
    box.addWidget(label)
    return box, label


class SeedBox(QSpinBox):
    """A field for a seed. It needs figures: letters, space bar, undo stay the program's."""

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (
                event.key() == Qt.Key.Key_Space
                or event.text().isalpha()
                or event.matches(QKeySequence.StandardKey.Undo)
                or event.matches(QKeySequence.StandardKey.Redo)
            )
        ):
            event.ignore()
            return False
        return super().event(event)


class Transport(QFrame):
    """Everything that sets or starts Auto-mix."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "true")
        self._bench = bench
        self._headings: list[QLabel] = []
        self._make_buttons()
        self._make_rate()
        self._make_batch_and_tempo()
        self._place()
        self._connect()
        self.read_setup()
        self.read_playing()

    # -- made ---------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.auto_mix = AutoMixButton(self)
        self.start = self._button("Start", "backToStart", "Back to the very same start (B)")
        self.step = self._button("Step", "step", "One step of the optimizer (S)")
        self.ten = self._button("10", "tenSteps", "Ten steps (Shift+S)")
        self.hundred = self._button("100", "hundredSteps", "A hundred steps")
        self.slow = self._button(
            "Slow", "slowStep", "One step in slow motion: forward, loss, backward, update (M)"
        )
        self.new = self._button("New", "newStart", "A new start from the next seed (N)")
        self.seed = SeedBox(self)
        self.seed.setObjectName("seed")
        self.seed.setRange(0, MOST_SEED)
        self.seed.setPrefix("seed ")
        self.seed.setKeyboardTracking(False)
        self.seed.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.seed.setAccessibleName("seed")
        self.seed.setToolTip(
            "Initial knobs and batch order follow from the seed: same seed, same mix"
        )

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _make_rate(self) -> None:
        self.rate = Fader(LogTaper(*RATES), self)
        self.rate.setObjectName("learningRate")
        self.rate.set_name("learning rate")
        self.rate.set_formatter(self._rate_text)
        self.auto = self._button(
            "auto", "learningRateAuto", "Follow the data: a twentieth of where it would diverge"
        )
        self.auto.setCheckable(True)
        self.auto.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @staticmethod
    def _rate_text(rate: float) -> str:
        return short(rate, 3)

    def _make_batch_and_tempo(self) -> None:
        self.batch = ChoiceBox(self)
        self.batch.setObjectName("batchSize")
        self.batch.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.batch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.batch.setAccessibleName("batch size")
        self.batch.setToolTip("Rows that each step looks at; fewer are faster and noisier")
        self.optimizer = OptimizerGroup(self._bench, self)
        self.tempo = Knob(self, diameter=theme.px(52), taper=LogTaper(*TEMPOS), signed=False)
        self.tempo.setObjectName("tempo")
        self.tempo.set_name("tempo")
        self.tempo.set_end_labels("", "")
        self.tempo.set_formatter(tempo_text)
        self.tempo.set_initial(DEFAULT_TEMPO)
        self.tempo.lockable = False
        self.tempo.setToolTip("Tempo: steps per second. It changes nothing about the result")
        self.tempo_label = QLabel(self)
        self.tempo_label.setAlignment(Qt.AlignmentFlag.AlignCenter)

    # -- placed -------------------------------------------------------------------------------

    def _place(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.px(18), theme.px(10), theme.px(18), theme.px(10))
        self._row.setSpacing(theme.px(30))
        self._row.addLayout(self._place_buttons())
        self._row.addLayout(self._place_rate(), 3)
        self._row.addWidget(self.optimizer)
        self._row.addLayout(self._place_batch())
        self._row.addLayout(self._place_tempo())
        self._row.addStretch()
        self._dress()

    def _place_buttons(self) -> QBoxLayout:
        steps = QHBoxLayout()
        steps.setSpacing(theme.px(6))
        for button in (self.start, self.step, self.ten, self.hundred):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            steps.addWidget(button)
        start = QHBoxLayout()
        start.setSpacing(theme.px(6))
        start.addWidget(self.new)
        start.addWidget(self.seed, 1)
        start.addWidget(self.slow)
        lines = QVBoxLayout()
        lines.setSpacing(theme.px(6))
        lines.addStretch()
        lines.addLayout(steps)
        lines.addLayout(start)
        lines.addStretch()
        box = QHBoxLayout()
        box.setSpacing(theme.px(14))
        box.addWidget(self.auto_mix)
        box.addLayout(lines)
        return box

    def _place_rate(self) -> QBoxLayout:
        box, heading = group("LEARNING RATE", self)
        self._headings.append(heading)
        line = QHBoxLayout()
        line.setSpacing(theme.px(10))
        line.addWidget(self.rate, 1)
        line.addWidget(self.auto)
        box.addLayout(line)
        box.addStretch()
        return box

    def _place_batch(self) -> QBoxLayout:
        box, heading = group("BATCH", self)
        self._headings.append(heading)
        box.addSpacing(theme.px(6))
        box.addWidget(self.batch)
        box.addStretch(1)
        self._batch_box = box
        return box

    def _place_tempo(self) -> QBoxLayout:
        box, heading = group("TEMPO", self)
        self._headings.append(heading)
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.addWidget(self.tempo, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(self.tempo_label)
        box.addStretch()
        self._tempo_box = box
        return box

    def set_slim(self, slim: bool) -> None:
        """One slim row, for low windows."""
        for heading in self._headings:
            heading.setVisible(not slim)
        if slim:
            self.optimizer.take_below(self.batch)
        else:
            self._batch_box.insertWidget(2, self.batch)
        self.auto_mix.set_slim(slim)
        self.optimizer.set_slim(slim)
        sideways, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._tempo_box.setDirection(sideways if slim else down)
        self.tempo.set_diameter(theme.px(32 if slim else 52))
        edge = theme.px(3 if slim else 10)
        self._row.setContentsMargins(theme.px(14), edge, theme.px(14), edge)
        self._row.setSpacing(theme.px(8 if slim else 14))
        self.rate.setMinimumWidth(theme.px(160 if slim else 180))

    def _dress(self) -> None:
        self.optimizer.dress()
        self.tempo_label.setFont(theme.mono_font(13))
        for heading in self._headings:
            heading.setFont(heading_font())
        self.tempo_label.setMinimumWidth(
            self.tempo_label.fontMetrics().horizontalAdvance("1000 steps/s")
        )
        steps = (self.start, self.step, self.slow, self.ten, self.hundred)
        for button in (*steps, self.new, self.auto):
            text = button.fontMetrics().horizontalAdvance(button.text())
            button.setMinimumWidth(text + theme.px(26))
        self.seed.setMinimumWidth(self.seed.fontMetrics().horizontalAdvance("seed 00000000"))
        self.rate.setMinimumWidth(theme.px(180))
        self.rate.setMaximumWidth(theme.px(820))
        widest = self.batch.fontMetrics().horizontalAdvance("full (10,000)")
        self.batch.setMinimumWidth(widest + theme.px(36))

    # -- connected ----------------------------------------------------------------------------

    def _connect(self) -> None:
        bench = self._bench
        self.auto_mix.clicked.connect(bench.automix.toggle)
        self.start.clicked.connect(bench.desk.back_to_start)
        self.step.clicked.connect(self._on_step)
        self.slow.clicked.connect(bench.slow_motion.begin_or_go_on)
        self.ten.clicked.connect(self._on_ten)
        self.hundred.clicked.connect(self._on_hundred)
        self.new.clicked.connect(self.new_start)
        self.seed.valueChanged.connect(bench.desk.new_start)
        self.rate.turned.connect(self._on_rate)
        self.auto.toggled.connect(self._on_auto)
        self.batch.activated.connect(self._on_batch)
        self.tempo.turned.connect(self._on_tempo)
        bench.desk.setup_changed.connect(self.read_setup)
        bench.desk.rewired.connect(self.read_setup)
        bench.desk.changed.connect(self.read)
        bench.sharpness.changed.connect(self._read_zone)
        bench.automix.changed.connect(self.read_playing)
        bench.desk.setup_changed.connect(self.read_playing)

    def _on_step(self) -> None:
        self._bench.automix.step(1)

    def _on_ten(self) -> None:
        self._bench.automix.step(10)

    def _on_hundred(self) -> None:
        self._bench.automix.step(100)

    def new_start(self) -> None:
        """A new start from the next seed."""
        seed = self._bench.desk.mix.state.seed
        self._bench.desk.new_start(seed + 1 if seed < MOST_SEED else 0)

    def _on_rate(self, rate: float) -> None:
        desk = self._bench.desk
        desk.set_setup(replace(desk.setup, learning_rate=rate))

    def _on_auto(self, on: bool) -> None:
        desk = self._bench.desk
        rate = None if on else desk.learning_rate
        desk.set_setup(replace(desk.setup, learning_rate=rate))

    def _on_batch(self, index: int) -> None:
        desk = self._bench.desk
        desk.set_setup(replace(desk.setup, batch_size=int(self.batch.itemData(index))))

    def _on_tempo(self, tempo: float) -> None:
        desk = self._bench.desk
        wanted = MAX_TEMPO if tempo >= TOP_OF_DIAL else tempo
        self.tempo_label.setText(tempo_text(wanted))
        desk.set_setup(replace(desk.setup, tempo=wanted))

    # -- read ---------------------------------------------------------------------------------

    def read_setup(self) -> None:
        """Show how Auto-mix is set."""
        desk, setup = self._bench.desk, self._bench.desk.setup
        self.auto.blockSignals(True)
        self.auto.setChecked(setup.learning_rate is None)
        self.auto.blockSignals(False)
        self.rate.set_initial(replace(setup, learning_rate=None).rate(desk.mix.problem))
        self.rate.set_value(desk.learning_rate)
        tempo = min(setup.tempo, TEMPOS[1])
        self.tempo.set_value(tempo)
        self.tempo_label.setText(tempo_text(tempo))
        self._read_batches(setup.batch_size, desk.mix.problem.objective.rows)
        self.read()

    def _read_batches(self, chosen: int, rows: int) -> None:
        sizes = sorted({size for size in (*BATCHES, chosen) if 0 < size < rows})
        wanted = [FULL_BATCH, *sizes]
        if chosen >= rows:
            chosen = FULL_BATCH
        if [self.batch.itemData(index) for index in range(self.batch.count())] != wanted or (
            self.batch.itemText(0) != f"full ({count(rows)})"
        ):
            self.batch.clear()
            self.batch.addItem(f"full ({count(rows)})", FULL_BATCH)
            for size in sizes:
                self.batch.addItem(count(size), size)
        self.batch.setCurrentIndex(wanted.index(chosen))

    def read(self) -> None:
        """Show what follows from the mix: the red zone, the seed."""
        bench = self._bench
        self._read_zone()
        self._read_rate_now()
        seed = min(bench.desk.mix.state.seed, MOST_SEED)
        if seed != self.seed.value() and not self.seed.hasFocus():
            self.seed.blockSignals(True)
            self.seed.setValue(seed)
            self.seed.blockSignals(False)

    def _read_zone(self) -> None:
        bench = self._bench
        exact = bench.readings.learning_rate_limit
        if exact is not None or bench.desk.setup.optimizer != "gradient-descent":
            self.rate.set_zone(exact, "diverges")
            self.rate.setToolTip(RATE_TIP)
            return
        if self.rate.isVisible() and not self.rate.visibleRegion().isEmpty():
            bench.sharpness.follow()
        self.rate.set_zone(bench.sharpness.learning_rate_limit, "est.")
        self.rate.setToolTip(ESTIMATE_TIP)

    def _read_rate_now(self) -> None:
        """Mark where the schedule or the warm-up has the rate of the next step."""
        desk = self._bench.desk
        if is_scheduled(desk.setup):
            self.rate.set_now(effective_rate(desk), f"In force now: {schedule_text(desk)}")
        else:
            self.rate.set_now(None)

    def read_playing(self) -> None:
        """Show whether Auto-mix plays."""
        name = OPTIMIZERS[self._bench.desk.setup.optimizer].title
        self.auto_mix.set_state(playing=self._bench.automix.playing, who=name)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read_zone()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "tempo_label"):
            self._dress()
