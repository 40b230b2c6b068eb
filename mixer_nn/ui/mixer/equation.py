"""The mixer of one neuron: the equation, with a knob standing where each number would."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from mixer_nn.core.errors import MixError
from mixer_nn.core.network import Parameter
from mixer_nn.state.slow_motion import Stage
from mixer_nn.ui import network_builder, theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.flow import FlowLayout
from mixer_nn.ui.mixer import rings
from mixer_nn.ui.mixer.add_layer_slot import AddLayerSlot
from mixer_nn.ui.mixer.knob_term import KnobTerm
from mixer_nn.ui.mixer.symbols import input_symbol
from mixer_nn.ui.mixer.wording import around_sum, class_sentence
from mixer_nn.ui.writing import set_kind

SIZES = (
    (150, True, True),
    (72, True, True),
    (72, False, True),
    (40, False, True),
    (40, False, False),
)
"""Sizes to try, largest first: diameter, whether arrows stand beside the knob or below it, and
whether its name is written too."""


class Equation(QScrollArea):
    """``ŷ = (w) · x + (b)``, in knobs of the largest size that fits; smaller ones scroll.

    At its end is the place for a hidden layer; `refused` says why there can be none.
    """

    refused = Signal(str)

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
        self._remark: QLabel | None = None
        self._size = SIZES[0]
        self._low = self._stale = False
        self._make_add()
        bench.desk.changed.connect(self.read)
        bench.desk.rewired.connect(self.rebuild)
        rings.follow(bench, self.read)
        bench.selection.changed.connect(self._light)
        bench.slow_motion.changed.connect(self._light)
        bench.slow_motion.swept.connect(self._light)
        self.rebuild()

    def rebuild(self) -> None:
        """Lay the equation out for another network or other columns."""
        mix = self._bench.desk.mix
        columns = (mix.problem.seen.input_columns, mix.dataset.target_columns)
        made_for = (mix.network, columns, mix.dataset.classes, mix.problem.loss_name)
        if self._made_for == made_for:
            self.read()
            return  # the same knobs over other rows
        self._made_for = made_for
        for term in self.terms:
            term.let_go()
        sheet = self._new_sheet()
        self.terms, self._words, self._remark = [], [], None
        if mix.network.sizes[1:] == (1,):
            self._write_out()
        self.setWidget(sheet)
        self._order_focus()
        self._fit()

    def _new_sheet(self) -> QWidget:
        sheet = QWidget(self)
        outer = QVBoxLayout(sheet)
        outer.setContentsMargins(0, 0, 0, 0)
        self._line = QWidget(sheet)
        self._flow = FlowLayout(self._line, gap=theme.px(10), line_gap=theme.px(8))
        outer.addStretch()
        outer.addWidget(self._line)
        outer.addStretch()
        return sheet

    def _make_add(self) -> None:
        """The place for a layer, beside what scrolls, so that it is always in view."""
        self.add = AddLayerSlot(self)
        self.add.setObjectName("equation.addLayer")
        self.add.setToolTip(
            f"A hidden layer of {network_builder.FIRST_NEURONS} neurons before the output: what"
            " one neuron cannot bend, several can"
        )
        self.add.clicked.connect(self._on_add)

    def _place_add(self) -> None:
        wanted = self.add.sizeHint()
        beside = wanted.width() + theme.px(10)
        # Setting them lays the area out anew, and so asks for all of this again.
        if self.viewportMargins().right() != beside:
            self.setViewportMargins(0, 0, beside, 0)
        room = self.viewport().geometry()
        tall = min(wanted.height(), room.height())
        left, top = room.right() + 1 + theme.px(10), room.center().y() - tall // 2
        self.add.setGeometry(left, top, wanted.width(), tall)

    def _write_out(self) -> None:
        """The knobs, and the words between them."""
        mix = self._bench.desk.mix
        before, after = around_sum(mix.problem)
        self._say(before, mix.dataset.target_columns[0].title)
        for parameter in mix.network.parameters:
            self.terms.append(KnobTerm(self._bench, parameter, self._line))
            self._flow.addWidget(self.terms[-1])
            if parameter.source is not None:
                column = mix.problem.seen.input_columns[parameter.source - 1]
                text = f"· {input_symbol(mix.network, parameter.source)} +"
                self._say(text, column.title)
        if after:
            self._say(after, "")
        remark, explained = class_sentence(mix.problem)
        if remark:
            self._remark = QLabel(remark, self._line)
            self._remark.setObjectName("equation.class")
            self._remark.setProperty("kind", "dim")
            self._remark.setToolTip(explained)
            self._flow.addWidget(self._remark)

    def _say(self, text: str, column: str) -> None:
        word = QLabel(text, self._line)
        word.setToolTip(column)
        self._words.append(word)
        self._flow.addWidget(word)

    def _on_add(self) -> None:
        try:
            network_builder.add_layer(self._bench.desk)
        except MixError as error:
            self.refused.emit(str(error))

    def _order_focus(self) -> None:
        """Tab goes from knob to knob, and to the locks after them."""
        locks = [term.lock for term in self.terms]
        stops: list[QWidget] = [*(term.knob for term in self.terms), *locks, self.add]
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
        """Light the term that is pointed at, and what a step in slow motion has come to."""
        inputs, hovered = len(self.terms) - 1, self._bench.selection.hovered
        reached, left = self._reached_signs()
        for index, term in enumerate(self.terms):
            place = min(2 * index + 1, 2 * inputs)
            lit = place in reached
            term.light(lit or index == hovered, kind="accent" if lit else "dim" if left else "")
        for index, word in enumerate(self._words):
            lit = (2 * index - 2 if index else 2 * inputs + 1) in reached
            set_kind(word, "accent" if lit else "dim" if left else "")

    def _reached_signs(self) -> tuple[frozenset[int], bool]:
        """Which signs are lit, in the order x, w of each input, then b, ŷ; are others to come.

        Apart from slow motion it is what a formula points at.
        """
        slow, count = self._bench.slow_motion, 2 * len(self.terms)
        if slow.stage is Stage.FORWARD:
            return frozenset(range(slow.reached)), slow.reached < count
        pointed = self._bench.selection.pointed
        if slow.stage is Stage.LOSS or (pointed and pointed[0] > 0):
            return frozenset([count - 1]), False
        return frozenset([2 * pointed[1] - 2] if pointed else []), False

    def set_low(self, low: bool) -> None:
        """Ask for less height, in low windows."""
        self._low = low
        self.updateGeometry()

    # -- the size that fits -------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._place_add()
        self._try(SIZES[0])
        beside = self.viewportMargins().right()
        self._flow.invalidate()
        # No more room than the largest size takes: what follows it stands beside it.
        self.setMaximumWidth(self._flow.sizeHint().width() + beside + theme.px(8))
        room = self.viewport().size()
        for size in SIZES:
            self._try(size)
            if self._needed(room.width()) <= room.height():
                break

    def _needed(self, width: int) -> int:
        self._flow.invalidate()
        return self._flow.heightForWidth(width)

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
        if self._remark is not None:
            self._remark.setFont(theme.mono_font(14 if diameter >= 150 else 12))

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
