"""The transport: Auto-mix and its steps, learning rate, batch size, tempo, seed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.training import FULL_BATCH
from mixer_nn.session.mix import MAX_TEMPO
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.choice_box import ChoiceBox
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.controls.taper import LogTaper
from mixer_nn.ui.count_box import CountBox
from mixer_nn.ui.mixer.auto_mix_button import AutoMixButton
from mixer_nn.ui.mixer.optimizer_group import OptimizerGroup
from mixer_nn.ui.mixer.rate_group import RateGroup
from mixer_nn.ui.numbers import count
from mixer_nn.ui.writing import group, heading_font

TEMPOS = (1.0, 1000.0)
TOP_OF_DIAL = 990.0
"""Tempo from which on the dial says ``max``: as many steps as fit into a frame."""
DEFAULT_TEMPO = 8.0
BATCHES = (1, 2, 5, 7, 10, 16, 20, 32, 50, 64, 100, 128, 256, 512, 1024)
MOST_SEED = 2**31 - 1


def tempo_text(tempo: float) -> str:
    """``8 steps/s``, or ``max``."""
    if tempo >= TOP_OF_DIAL:
        return "max"
    return f"{round(tempo, 1):g} steps/s" if tempo < 10 else f"{tempo:.0f} steps/s"


class Transport(QFrame):
    """Everything that sets or starts Auto-mix."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "true")
        self._bench = bench
        self._headings: list[QLabel] = []
        self._make_buttons()
        self.rate = RateGroup(bench, self)
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
        self.seed = CountBox(self)
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
        self._row.addWidget(self.rate, 3)
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
        self.rate.set_slim(slim)
        sideways, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._tempo_box.setDirection(sideways if slim else down)
        self.tempo.set_diameter(theme.px(32 if slim else 52))
        edge = theme.px(3 if slim else 10)
        self._row.setContentsMargins(theme.px(14), edge, theme.px(14), edge)
        self._row.setSpacing(theme.px(8 if slim else 14))

    def _dress(self) -> None:
        self.optimizer.dress()
        self.rate.dress()
        self.tempo_label.setFont(theme.mono_font(13))
        for heading in self._headings:
            heading.setFont(heading_font())
        self.tempo_label.setMinimumWidth(
            self.tempo_label.fontMetrics().horizontalAdvance("1000 steps/s")
        )
        steps = (self.start, self.step, self.slow, self.ten, self.hundred)
        for button in (*steps, self.new):
            text = button.fontMetrics().horizontalAdvance(button.text())
            button.setMinimumWidth(text + theme.px(26))
        self.seed.setMinimumWidth(self.seed.fontMetrics().horizontalAdvance("seed 00000000"))
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
        self.batch.activated.connect(self._on_batch)
        self.tempo.turned.connect(self._on_tempo)
        bench.desk.setup_changed.connect(self.read_setup)
        bench.desk.rewired.connect(self.read_setup)
        bench.desk.changed.connect(self.read)
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
        """Show what follows from the mix: the seed."""
        bench = self._bench
        seed = min(bench.desk.mix.state.seed, MOST_SEED)
        if seed != self.seed.value() and not self.seed.hasFocus():
            self.seed.blockSignals(True)
            self.seed.setValue(seed)
            self.seed.blockSignals(False)

    def read_playing(self) -> None:
        """Show whether Auto-mix plays."""
        name = OPTIMIZERS[self._bench.desk.setup.optimizer].title
        self.auto_mix.set_state(playing=self._bench.automix.playing, who=name)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "tempo_label"):
            self._dress()
