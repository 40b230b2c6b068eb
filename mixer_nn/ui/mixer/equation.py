"""The mixer of one neuron: the equation, with a knob standing where each number would."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget

from mixer_nn.core.network import Parameter
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.flow import FlowLayout
from mixer_nn.ui.mixer.knob_term import KnobTerm
from mixer_nn.ui.mixer.symbols import input_symbol

SIZES = (
    (150, True, True),
    (72, True, True),
    (72, False, True),
    (40, False, True),
    (40, False, False),
)
"""Sizes to try, largest first: diameter, whether arrows stand beside the knob or below it, and
whether its name is written too."""

LONGEST_NAME = 14


class Equation(QScrollArea):
    """``ŷ = (w) · x + (b)``, in knobs of the largest size that fits; smaller ones scroll."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._made_for: object = None
        self.terms: list[KnobTerm] = []
        self._words: list[QLabel] = []
        self._size = SIZES[0]
        self._low = self._stale = False
        bench.desk.changed.connect(self.read)
        bench.desk.rewired.connect(self.rebuild)
        bench.guidance.changed.connect(self.read)
        bench.selection.changed.connect(self._light)
        self.rebuild()

    def rebuild(self) -> None:
        """Lay the equation out for another network or other columns."""
        mix = self._bench.desk.mix
        columns = (mix.problem.seen.input_columns, mix.dataset.target_columns)
        if self._made_for == (mix.network, columns):
            self.read()
            return  # the same knobs over other rows
        self._made_for = (mix.network, columns)
        for term in self.terms:
            term.let_go()
        sheet = QWidget(self)
        outer = QVBoxLayout(sheet)
        outer.setContentsMargins(0, 0, 0, 0)
        self._line = QWidget(sheet)
        flow = FlowLayout(self._line, gap=theme.px(10), line_gap=theme.px(8))
        outer.addStretch()
        outer.addWidget(self._line)
        outer.addStretch()
        self.terms, self._words = [], []
        one = mix.network.sizes[1:] == (1,)
        if one:
            self._say(flow, "ŷ =", mix.dataset.target_columns[0].title)
        for parameter in mix.network.parameters if one else ():
            self.terms.append(KnobTerm(self._bench, parameter, self._line))
            flow.addWidget(self.terms[-1])
            if parameter.source is not None:
                column = mix.problem.seen.input_columns[parameter.source - 1]
                text = f"· {input_symbol(mix.network, parameter.source)} +"
                self._say(flow, text, column.title)
        self.setWidget(sheet)
        self._order_focus()
        self._fit()

    def _say(self, flow: FlowLayout, text: str, column: str) -> None:
        word = QLabel(text, self._line)
        word.setToolTip(column)
        self._words.append(word)
        flow.addWidget(word)

    def _order_focus(self) -> None:
        """Tab goes from knob to knob, and to the locks after them."""
        stops: list[QWidget] = [*(t.knob for t in self.terms), *(t.lock for t in self.terms)]
        for one, other in itertools.pairwise(stops):
            QWidget.setTabOrder(one, other)

    def read(self) -> None:
        """Show the knobs as the desk has them, or when they next come into sight."""
        self._stale = self.visibleRegion().isEmpty()
        if not self._stale:
            self._read_terms()

    def _read_terms(self) -> None:
        if len(self.terms) == self._bench.desk.mix.network.parameter_count:
            for term in self.terms:
                term.read()
        # else: about to be rebuilt

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._stale:
            self._stale = False
            self._read_terms()
        super().paintEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        self._read_terms()

    def _light(self) -> None:
        for index, term in enumerate(self.terms):
            term.light(index == self._bench.selection.hovered)

    def set_low(self, low: bool) -> None:
        """Ask for less height, in low windows."""
        self._low = low
        self.updateGeometry()

    # -- the size that fits -------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._try(SIZES[0])
        # No more room than the largest size takes: what follows it stands beside it.
        self.setMaximumWidth(self._line_layout().sizeHint().width() + theme.px(8))
        room = self.viewport().size()
        for size in SIZES:
            self._try(size)
            if self._needed(room.width()) <= room.height():
                break

    def _needed(self, width: int) -> int:
        layout = self._line_layout()
        layout.invalidate()
        return layout.heightForWidth(width)

    def _line_layout(self) -> QLayout:
        layout = self._line.layout()
        assert layout is not None
        return layout

    def _try(self, size: tuple[int, bool, bool]) -> None:
        self._size = size
        diameter, beside, named = size
        for term in self.terms:
            term.set_size(theme.px(diameter), beside=beside, named=named)
            layout = term.layout()
            if layout is not None:
                layout.activate()
        for word in self._words:
            word.setFont(theme.mono_font(26 if diameter >= 150 else 17))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(700), theme.px(190 if self._low else 240))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(300), theme.px(140))

    def term(self, parameter: Parameter) -> KnobTerm:
        """The term of a parameter."""
        return self.terms[parameter.index]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and getattr(self, "terms", None):
            self._fit()
