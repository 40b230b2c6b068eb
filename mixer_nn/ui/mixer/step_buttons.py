"""Auto-mix and its steps: the large button, single steps, new starts and the seed."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.count_box import CountBox
from mixer_nn.ui.mixer.auto_mix_button import AutoMixButton

MOST_SEED = 2**31 - 1
_PADDING = 14  # what the style sheet puts round the text of a small button, its border included


class StepButtons(QWidget):
    """Three lines under each other; slim: two; folded: what is used less stands behind “⋯”."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._form: tuple[bool, bool] | None = None
        self._past = self._tight = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._make_steps()
        self._make_starts()
        self._make_page()
        self._place()
        self._connect()
        self.set_slim(False)
        self.dress()
        self.read()
        self.read_playing()

    # -- made ---------------------------------------------------------------------------------

    def _make_steps(self) -> None:
        self.auto_mix = AutoMixButton(self)
        self.start = self._button("Start", "backToStart", "Back to the very same start (B)")
        self.step = self._button("Step", "step", "One step of the optimizer (S)")
        self.ten = self._button("10", "tenSteps", "Ten steps (Shift+S)")
        self.hundred = self._button("100", "hundredSteps", "A hundred steps")
        self.slow = self._button(
            "Slow", "slowStep", "One step in slow motion: forward, loss, backward, update (M)"
        )

    def _make_starts(self) -> None:
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

    def _make_page(self) -> None:
        self.more = QToolButton(self)
        self.more.setObjectName("moreSteps")
        self.more.setText("⋯")
        self.more.setAccessibleName("more steps and starts")
        self.more.setToolTip("Ten or a hundred steps, slow motion, new start, seed")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.page = QFrame(self, Qt.WindowType.Popup)
        self.page.setObjectName("moreStepsPanel")
        self.page.setProperty("panel", "true")
        self._page_line = QHBoxLayout(self.page)
        self._page_line.setContentsMargins(*[theme.px(10)] * 4)

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setProperty("kind", "small")
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return button

    # -- placed -------------------------------------------------------------------------------

    def _place(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(6))
        box.addStretch()
        self._lines = [QHBoxLayout() for _ in range(3)]
        for line in self._lines:
            line.setSpacing(theme.px(6))
            box.addLayout(line)
        box.addStretch()

    def set_slim(self, slim: bool, folded: bool = False) -> None:
        """Two lines instead of three, for low windows; `folded` for narrow ones as well."""
        if self._form == (slim, folded):
            return
        self._form = slim, folded
        first, second, third = self._lines
        steps, starts = (self.start, self.step), (self.new, self.seed)
        further = (self.ten, self.hundred)
        self.page.hide()
        if not slim:
            _fill(first, (self.auto_mix,))
            _fill(second, (*steps, *further))
            _fill(third, (*starts, self.slow))
        elif folded:
            _fill(first, (self.auto_mix,))
            _fill(second, (*steps, self.more))
            _fill(self._page_line, (*further, self.slow, *starts))
        else:
            _fill(first, (self.auto_mix, *starts))
            _fill(second, (*steps, *further, self.slow))
        self.more.setVisible(folded)
        self.auto_mix.set_slim(slim)
        _in_order(self.auto_mix, *steps, *further, self.slow, *starts, self.more)

    def set_tight(self, tight: bool) -> None:
        """Narrower, where there is not room for everything."""
        self._tight = tight
        self.dress()

    def dress(self) -> None:
        """Put on the widths that follow from fonts."""
        for button in (self.start, self.step, self.slow, self.ten, self.hundred, self.new):
            text = button.fontMetrics().horizontalAdvance(button.text())
            button.setMinimumWidth(text + theme.px(_PADDING))
        # Its own hint has room for the largest of seeds.
        usual = "seed 00" if self._tight else "seed 0000"
        number = self.seed.fontMetrics().horizontalAdvance(usual)
        self.seed.setFixedWidth(number + theme.px(36))

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
        self.more.clicked.connect(self._open_page)
        bench.desk.changed.connect(self.read)
        bench.desk.rewired.connect(self.read)
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

    def _open_page(self) -> None:
        self.page.adjustSize()
        corner = self.more.mapToGlobal(QPoint(0, 0))
        self.page.move(corner - QPoint(0, self.page.height() + theme.px(4)))
        self.page.show()

    # -- read ---------------------------------------------------------------------------------

    def read(self) -> None:
        """Show what follows from the mix: the seed, and from where Auto-mix would go on."""
        if self._past != self._bench.desk.is_visiting:
            self.read_playing()
        seed = min(self._bench.desk.mix.state.seed, MOST_SEED)
        if seed != self.seed.value() and not self.seed.hasFocus():
            self.seed.blockSignals(True)
            self.seed.setValue(seed)
            self.seed.blockSignals(False)

    def read_playing(self) -> None:
        """Show whether Auto-mix plays."""
        name = OPTIMIZERS[self._bench.desk.setup.optimizer].title
        playing, self._past = self._bench.automix.playing, self._bench.desk.is_visiting
        self.auto_mix.set_state(playing=playing, who=name, past=self._past)


def _fill(line: QHBoxLayout, widgets: tuple[QWidget, ...]) -> None:
    """Put widgets into a line, out of whichever they stood in."""
    for widget in widgets:
        line.addWidget(widget)


def _in_order(*widgets: QWidget) -> None:
    """Let Tab go through them as they stand."""
    shown = [widget for widget in widgets if not widget.isHidden()]
    for one, other in pairwise(shown):
        if one.window() is other.window():
            QWidget.setTabOrder(one, other)
