"""The panel in the middle: the equation or the network with its knobs, and the loss."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.activation_menu import ActivationMenu
from mixer_nn.ui.mixer.equation import Equation
from mixer_nn.ui.mixer.in_data_units import DataUnits, DataUnitsArea
from mixer_nn.ui.mixer.listening_badge import ListeningBadge
from mixer_nn.ui.mixer.message_strip import MessageStrip
from mixer_nn.ui.mixer.network_panel import NetworkPanel
from mixer_nn.ui.mixer.ranking_panel import RankingPanel, legend
from mixer_nn.ui.mixer.side_panel import SidePanel
from mixer_nn.ui.writing import heading_font

CROWDED = 120
"""Knobs from which a network gets the whole width, and the loss goes up to the monitors."""


MANY_LAYERS = 4
"""Layers from which even a network of few knobs is given the whole width."""

MATTERS_TIP = "Which knobs matter now: a tint and a list (K: the next measure)"


class MixerPanel(QFrame):
    """One neuron as an equation, more of them as a matrix of knobs; beside it the loss.

    `side_moved` tells that the parts of the side panel have to find a place among the monitors
    (True), or come back.
    """

    side_moved = Signal(bool)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "true")
        self._bench = bench
        self._network: NetworkPanel | None = None
        self._small = self._crowded = False
        self._make()
        self._place()
        self._show_what_fits()
        bench.desk.changed.connect(self.read)
        bench.desk.rewired.connect(self._on_rewired)
        bench.guidance.changed.connect(self.read)
        bench.slow_motion.changed.connect(self._make_room_for_a_caption)
        self.read()

    def _make(self) -> None:
        self.equation = Equation(self._bench, self)
        self.data_units = DataUnits(self._bench, self)
        self._units_area = DataUnitsArea(self.data_units, self)
        self.side = SidePanel(self._bench, self)
        self.readout, self.selected = self.side.readout, self.side.selected
        self.message = MessageStrip(self._bench, self)
        self.equation.refused.connect(self.message.notify)
        self.heard = ListeningBadge(self._bench, self.message, self)
        self.activations = ActivationMenu(self._bench, self)
        self.scaled = QCheckBox("scale the columns", self)
        self.scaled.setObjectName("scaled")
        self.scaled.setToolTip(
            "Train on columns with mean 0 and spread 1. The line stays where it is; the knobs then"
            " show the scaled model's parameters"
        )
        self.which_way = self._button("Which way?", "whichWay", "Show on each knob which way (W)")
        self.matters = self._button("Which matter?", "whichMatter", MATTERS_TIP)
        self.matters.setCheckable(False)
        self.ranking = RankingPanel(self._bench, self)
        self.matters.clicked.connect(self._on_ranking_asked)
        self._bench.ranking.changed.connect(self._read_matters)
        self.ranking.chosen.connect(self._on_ranked_chosen)
        self.answer = self._button("Show the answer", "showAnswer", "The least-squares fit (A)")
        self.scaled.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.scaled.toggled.connect(self._bench.desk.set_scaled)
        self.which_way.toggled.connect(self._bench.guidance.show_arrows)
        self.answer.toggled.connect(self._bench.guidance.show_answer)

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setCheckable(True)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _place(self) -> None:
        self._heading = heading = QLabel("IN DATA UNITS", self)
        heading.setProperty("kind", "heading")
        self._switches = QWidget(self)
        self._switch_line = line = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._switches)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        line.addWidget(self.scaled)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(6))
        buttons.addWidget(self.which_way)
        buttons.addWidget(self.matters)
        buttons.addStretch()
        line.addLayout(buttons)
        line.addWidget(self.answer, 0, Qt.AlignmentFlag.AlignLeft)
        self._aside = aside = QVBoxLayout()
        aside.setSpacing(theme.px(6))
        aside.addStretch()
        aside.addWidget(heading)
        aside.addWidget(self._units_area)
        aside.addWidget(self._switches)
        aside.addStretch()
        self._top = top = QHBoxLayout()
        top.setSpacing(theme.px(16))
        top.addWidget(self.equation, 1)
        top.addLayout(aside)
        top.addStretch()
        top.addWidget(self.side)
        self._foot = foot = QHBoxLayout()
        foot.setSpacing(theme.px(12))
        foot.addWidget(self.message, 1)
        foot.addWidget(self.heard, 1)
        self._box = box = QVBoxLayout(self)
        box.setContentsMargins(theme.px(18), theme.px(12), theme.px(18), theme.px(10))
        box.setSpacing(theme.px(8))
        box.addLayout(top, 1)
        box.addLayout(foot)
        self._units_area.setFixedWidth(theme.px(250))

    # -- one neuron, or a network -------------------------------------------------------------

    @property
    def is_neuron(self) -> bool:
        """Whether the equation is shown rather than matrices."""
        return self._bench.desk.mix.network.sizes[1:] == (1,)

    @property
    def is_crowded(self) -> bool:
        """Whether the parts of the side panel stand among the monitors."""
        return self._crowded

    @property
    def network(self) -> NetworkPanel:
        """The matrices; made when the first network comes."""
        if self._network is None:
            self._network = NetworkPanel(self._bench, self)
            self._network.activation_asked.connect(self._on_activation_asked)
            self._network.refused.connect(self.message.notify)
            self._top.insertWidget(0, self._network, 1)
        return self._network

    def _on_activation_asked(self, layer: int) -> None:
        self.activations.open(layer, self.network.layers[layer - 1].activation)

    def _read_matters(self) -> None:
        """What the tint stands for, on the button."""
        measure = self._bench.ranking.measure
        text = "Which matter?" if measure is None else f"Tint: {measure.title}"
        if text != self.matters.text():
            self.matters.setText(text)
            self.matters.setToolTip(MATTERS_TIP if measure is None else legend(self._bench))

    def _on_ranking_asked(self) -> None:
        self.ranking.open(self.matters)

    def _on_ranked_chosen(self, index: int) -> None:
        knob = self.equation.terms[index].knob if self.is_neuron else self.network.knob(index)
        knob.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_rewired(self) -> None:
        self._show_what_fits()
        self.read()

    def _show_what_fits(self) -> None:
        neuron = self.is_neuron
        for widget in (self.equation, self._heading, self._units_area):
            widget.setVisible(neuron)
        if not neuron or self._network is not None:
            self.network.setVisible(not neuron)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._switch_line.setDirection(down if neuron else across)
        if neuron:
            self._aside.insertWidget(self._aside.count() - 1, self._switches)
        else:
            self._foot.addWidget(self._switches)
        self._move_side()
        self.selected.setVisible(not neuron)
        self.updateGeometry()

    def _move_side(self) -> None:
        """Give a large network the whole width."""
        network = self._bench.desk.mix.network
        many = network.parameter_count > CROWDED or len(network.sizes) - 1 > MANY_LAYERS
        crowded = not self.is_neuron and (many or self._small)
        if crowded != self._crowded:
            self._crowded = crowded
            self.side_moved.emit(crowded)
            self.side.setVisible(not crowded)
            self._leave_edges()

    def _make_room_for_a_caption(self) -> None:
        """While a step is shown in slow motion its caption has the whole foot of a network."""
        self._switches.setVisible(self.is_neuron or not self._bench.slow_motion.is_on)

    def sizeHint(self) -> QSize:
        # As high as it is in the width there is; Qt asks how high it were if it were narrow.
        hint, tall = super().sizeHint(), self._box.heightForWidth(max(self.width(), 1))
        return QSize(hint.width(), tall) if tall > 0 and self.isVisible() else hint

    def set_small(self, small: bool) -> None:
        """Leave more room for the knobs, in narrow or low windows."""
        self._small = small
        self._move_side()
        self._heading.setFont(heading_font())
        self.readout.set_small(small)
        self.equation.set_low(small)
        self._units_area.setFixedWidth(theme.px(232 if small else 250))
        self.answer.setText("Answer" if small else "Show the answer")
        self._top.setSpacing(theme.px(10 if small else 16))
        self._leave_edges()

    def _leave_edges(self) -> None:
        """Margins; a large network has its own frame, and needs the width to the last pixel."""
        small, crowded = self._small, self._crowded
        edge = theme.px(0 if crowded else 12 if small else 18)
        above = theme.px(0 if crowded else 6 if small else 12)
        self._box.setContentsMargins(edge, above, edge, theme.px(6))
        self._foot.setContentsMargins(*[theme.px(12 if crowded else 0), 0] * 2)
        self._box.setSpacing(theme.px(2 if small else 8))
        if (self.property("panel") == "true") == crowded:
            self.setProperty("panel", "false" if crowded else "true")
            self.style().unpolish(self)
            self.style().polish(self)

    def minimumSizeHint(self) -> QSize:
        # A splitter knows nothing of text that takes more lines where it is narrower.
        size = super().minimumSizeHint()
        border = size.height() - self._box.minimumSize().height()
        needed = self._box.minimumHeightForWidth(self.width()) + border
        return QSize(size.width(), max(size.height(), needed))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def read(self) -> None:
        """Set the switches as they stand."""
        bench = self._bench
        for box, state in (
            (self.scaled, bench.desk.mix.problem.scaled),
            (self.which_way, bench.guidance.arrows),
            (self.answer, bench.guidance.answer),
        ):
            if box.isChecked() != state:
                box.blockSignals(True)
                box.setChecked(state)
                box.blockSignals(False)
        self.answer.setVisible(self.is_neuron and bench.readings.answer is not None)
