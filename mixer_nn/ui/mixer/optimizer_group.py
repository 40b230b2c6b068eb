"""Which optimizer turns the knobs, its momentum, and how much the limiter takes off."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.choice_box import ChoiceBox
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.controls.taper import LinearTaper
from mixer_nn.ui.mixer.training_options import TrainingOptions
from mixer_nn.ui.writing import heading_font, hold, write

MOST_MOMENTUM = 0.99
_MOMENTUM = 24
_ALL = 1000  # of the room there is, up to the most that is needed


class OptimizerGroup(QWidget):
    """The box of optimizers; momentum only while the optimizer has one; the rest behind “…”."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._tight = False
        self._make()
        self._place()
        self.choice.activated.connect(self._on_chosen)
        self.momentum.turned.connect(self._on_momentum)
        self.more.clicked.connect(self._open_options)
        bench.desk.setup_changed.connect(self.read_setup)
        bench.desk.changed.connect(self.read)
        self.dress()
        self.read_setup()

    def _make(self) -> None:
        self.heading = QLabel("OPTIMIZER", self)
        self.heading.setProperty("kind", "heading")
        self.choice = ChoiceBox(self)
        self.choice.setObjectName("optimizer")
        self.choice.setAccessibleName("optimizer")
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for optimizer in OPTIMIZERS.values():
            self.choice.addItem(optimizer.title, optimizer.key)
        self.more = QToolButton(self)
        self.more.setObjectName("trainingOptions")
        self.more.setText("…")
        self.more.setAccessibleName("training options")
        self.more.setToolTip("Schedule, limiter, L1 and L2")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.options = TrainingOptions(self._bench, self)
        self.momentum = Knob(
            self, diameter=theme.px(_MOMENTUM), taper=LinearTaper(0.0, MOST_MOMENTUM), signed=False
        )
        self.momentum.setObjectName("momentum")
        self.momentum.set_name("momentum")
        self.momentum.set_formatter(_two_decimals)
        self.momentum.set_end_labels("", "")
        self.momentum.set_initial(0.9)
        self.momentum.lockable = False
        self.momentum.setToolTip(
            "Momentum: the share of the last step that goes on in this one, an echo of past slopes"
        )
        self.momentum_label = QLabel(self)
        self.limiter = QLabel(self)
        self.limiter.setObjectName("limiter")
        self.limiter.setToolTip("How much of the gradient's norm the limiter took off just now")

    def _place(self) -> None:
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(6))
        grid.setVerticalSpacing(theme.px(4))
        self._head, first, self._below = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        self._head.setSpacing(theme.px(8))
        self._head.addWidget(self.heading)
        self._head.addStretch()
        first.setSpacing(theme.px(4))
        first.addWidget(self.choice, _ALL)
        first.addWidget(self.more)
        first.addStretch(1)
        self._below.setSpacing(theme.px(4))
        self._echo = QVBoxLayout()
        self._echo.setSpacing(0)
        self._echo.addWidget(self.momentum_label, 0, Qt.AlignmentFlag.AlignHCenter)
        self._echo.addWidget(self.momentum, 0, Qt.AlignmentFlag.AlignHCenter)
        grid.addLayout(self._head, 0, 0)
        grid.addLayout(first, 1, 0)
        grid.addLayout(self._below, 2, 0)
        grid.addLayout(self._echo, 0, 1, 3, 1)
        grid.setColumnStretch(0, 1)

    def dress(self) -> None:
        """Put on fonts, and keep room for the longest texts."""
        self.heading.setFont(heading_font())
        self.momentum_label.setFont(theme.mono_font(12))
        self.limiter.setFont(theme.mono_font(12))
        hold(self.momentum_label, "μ 0.00")
        hold(self.limiter, self._limiter_text(1.0))
        self.momentum.set_diameter(theme.px(_MOMENTUM))
        self._hold_choice()

    def _hold_choice(self) -> None:
        self.choice.setMinimumWidth(theme.px(80 if self._tight else 146))
        self.choice.setMaximumWidth(theme.px(240))
        self.setMaximumWidth(theme.px(500))

    def take_below(self, widget: QWidget) -> None:
        """Put another setting in a line under it, where one storey has to hold everything."""
        self._below.insertWidget(0, widget, 1)

    def set_slim(self, slim: bool, tight: bool = False) -> None:
        """Without the heading, for low windows; `tight` for narrow ones: the limiter in short."""
        self._tight = tight
        self._hold_choice()
        self.heading.setVisible(not slim)
        (self._below if slim else self._head).insertWidget(1, self.limiter)
        hold(self.limiter, self._limiter_text(1.0))
        self.read()

    # -- read ---------------------------------------------------------------------------------

    def read_setup(self) -> None:
        """Show how Auto-mix is set."""
        setup = self._bench.desk.setup
        self.choice.setCurrentIndex(list(OPTIMIZERS).index(setup.optimizer))
        optimizer = OPTIMIZERS[setup.optimizer]
        self.choice.setToolTip(f"{optimizer.title}: {optimizer.formula}")
        for widget in (self.momentum, self.momentum_label):
            widget.setVisible(optimizer.has_momentum)
        self.momentum.set_value(setup.momentum)
        write(self.momentum_label, f"μ {setup.momentum:.2f}")
        self.limiter.setVisible(setup.clip is not None)
        self.read()

    def read(self) -> None:
        """Show what the limiter takes off."""
        if not self.limiter.isHidden():
            taken = self._bench.automix.clipped
            kind = "danger" if taken > 0.0 else "dim"
            if self.limiter.property("kind") != kind:
                self.limiter.setProperty("kind", kind)
                self.limiter.style().unpolish(self.limiter)
                self.limiter.style().polish(self.limiter)
            write(self.limiter, self._limiter_text(taken))

    def _limiter_text(self, taken: float) -> str:
        text = f"−{100.0 * taken:.0f} %" if taken else "idle"
        return text if self._tight else f"limit {text}"

    # -- the hand -----------------------------------------------------------------------------

    def _on_chosen(self, index: int) -> None:
        desk = self._bench.desk
        desk.set_setup(replace(desk.setup, optimizer=str(self.choice.itemData(index))))

    def _on_momentum(self, value: float) -> None:
        desk = self._bench.desk
        write(self.momentum_label, f"μ {value:.2f}")
        desk.set_setup(replace(desk.setup, momentum=min(max(value, 0.0), MOST_MOMENTUM)))

    def _open_options(self) -> None:
        self.options.read()
        corner = self.more.mapToGlobal(self.more.rect().topRight())
        self.options.adjustSize()
        self.options.move(
            corner.x() - self.options.width(), corner.y() - self.options.height() - theme.px(4)
        )
        self.options.show()


def _two_decimals(value: float) -> str:
    return f"{value:.2f}"
