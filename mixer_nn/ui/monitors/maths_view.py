"""The maths: for one knob and one row, the chain rule with its numbers, and where they stand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.core.derivation_latex import latex
from mixer_nn.core.derivation_text import plain
from mixer_nn.core.formula import LOSS, Block, Place
from mixer_nn.core.problem import Problem
from mixer_nn.state.readings import SHOWN_ROWS
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.monitors.live_view import Lag, LiveView
from mixer_nn.ui.monitors.maths_box import figure
from mixer_nn.ui.monitors.maths_sheet import MathsSheet
from mixer_nn.ui.monitors.maths_words import remarks
from mixer_nn.ui.monitors.row_chooser import RowChooser
from mixer_nn.ui.monitors.switch import Toggle, keeps_space


class CopyButton(QPushButton):
    """A small button; while it has the focus the space bar is its own."""

    def __init__(self, text: str, name: str, tip: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setObjectName(name)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("flat", True)

    def event(self, event: QEvent) -> bool:
        return keeps_space(event) or super().event(event)


class MathsView(LiveView):
    """The chain rule for the chosen knob and a row of the data, live.

    What the pointer rests on is lit in the mixer (`Selection.hover`, `Selection.point_at`), and
    the other way round. A click on a weight chooses that knob. The row is the one in the
    spotlight while one is lit.
    """

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("Maths", bench.desk, bench.readings, parent)
        self.setObjectName("maths")
        self._bench = bench
        self._lag = Lag(bench.desk, bench.automix, turn=1)
        self._problem: Problem | None = None
        self._opened: frozenset[int] = frozenset()
        self._shown: tuple[object, ...] = ()
        self._scrolling: int | None = None
        self.title.hide()  # the tab says it
        self.read_out.hide()
        self._make()
        self._connect()
        self.refresh()

    def _make(self) -> None:
        self.rows = RowChooser(self)
        self.checking = Toggle("Check", "Check by a finite difference", self)
        self.checking.setObjectName("maths.check")
        self.checking.setToolTip(
            "Turn the knob a little either way and see how the loss answers: the finite difference"
            " must agree with the chain rule"
        )
        self.copy_text = CopyButton(
            "Copy", "maths.copy", "Copy the derivation as text, with what is unfolded", self
        )
        self.copy_latex = CopyButton(
            "LaTeX", "maths.copyLatex", "Copy as LaTeX (needs the package amsmath)", self
        )
        self.copy_latex.setAccessibleName("Copy as LaTeX")
        self.sheet = MathsSheet(self)
        self.area = QScrollArea(self)
        self.area.setObjectName("maths.scroll")
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always: a bar that comes and goes would set all lines anew each time.
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.area.setWidget(self.sheet)
        self.body.addWidget(self.area)
        self.head.insertWidget(0, self.rows)
        self._tools = (self.checking, self.copy_text, self.copy_latex)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(theme.px(4))
        self._foot.addStretch(1)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.addLayout(self._foot)
        # Tools in the head must not keep the view from getting too narrow for them.
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._share_head()

    def _share_head(self) -> None:
        """Where the head has no room for the tools they stand at the foot."""
        needed = sum(part.sizeHint().width() for part in (self.rows, *self._tools))
        room = self.width() - theme.px(64)
        place = self.head if needed <= room else self._foot
        for layout in (self.head, self._foot):
            for tool in self._tools:
                layout.removeWidget(tool)
        for tool in self._tools:
            place.addWidget(tool)

    def minimumSizeHint(self) -> QSize:
        column = self.layout()
        assert column is not None
        margins = column.contentsMargins()
        width = self.rows.sizeHint().width() + margins.left() + margins.right()
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_head()

    def _connect(self) -> None:
        bench = self._bench
        self.rows.chosen.connect(self._on_row)
        self.checking.toggled.connect(self._on_checking)
        self.copy_text.clicked.connect(self._copy_text)
        self.copy_latex.clicked.connect(self._copy_latex)
        self.sheet.pointed_out.connect(self._on_pointed)
        self.sheet.taken.connect(self._on_taken)
        self.sheet.fold_asked.connect(self._on_fold)
        self.sheet.shown_at.connect(self._show_rect)
        self.sheet.focused.connect(self._describe)
        self.area.verticalScrollBar().rangeChanged.connect(self._scroll_on)
        bench.selection.changed.connect(self._follow)
        bench.spotlight.changed.connect(self._follow_light)
        bench.automix.changed.connect(self._catch_up)
        bench.desk.setup_changed.connect(self._at_once)

    # -- reading ------------------------------------------------------------------------------

    def _rewire(self) -> None:
        self._lag.expect()

    def _set_up(self, problem: Problem) -> None:
        """Take over another problem. The desk may have it before it says that it is rewired."""
        self._problem = problem
        self.rows.set_rows(problem.dataset.rows)
        depth = len(problem.network.activations)
        self._opened = frozenset(layer for layer in self._opened if layer <= depth)

    def _read(self) -> None:
        if self._lag.is_due():
            self._draw()

    def _draw(self) -> None:
        mix = self._desk.mix
        if mix.problem is not self._problem:
            self._set_up(mix.problem)
        index, row = self._bench.selection.shown, self._row
        self.rows.set_row(row)
        shown, before = (mix.problem, index, row, self._opened), self._shown
        if shown != before:
            self._shown = shown
            self.sheet.begin_anew()
        blocks = self._blocks()
        is_live = self._bench.automix.playing or bool(self._desk.touched)
        self.sheet.show_blocks(blocks, is_live)
        if shown[:2] != before[:2]:
            # Of another knob, where there is no room for all, the chain rule is what is asked for.
            self._scroll_to(round(self.sheet.page.tops[1]))
        self._light()
        self._remark(remarks(mix, self._desk.setup, index, row))
        if self.sheet.hasFocus():
            self._describe()

    def _describe(self) -> None:
        """Tell a screen reader, which asks for it when the sheet gets the focus."""
        self.sheet.setAccessibleDescription(plain(self._blocks(), figure))

    @property
    def _row(self) -> int:
        """The row in the spotlight, or else the one last chosen."""
        lit = self._bench.spotlight.row
        return self.rows.row if lit is None else lit

    def _blocks(self) -> tuple[Block, ...]:
        index, derivations = self._bench.selection.shown, self._bench.derivations
        blocks = derivations.steps(index, self._row, self._opened)
        if not self.checking.isChecked() or self._is_too_much:
            return blocks
        return (*blocks, derivations.written_check(index))

    @property
    def _is_too_much(self) -> bool:
        """Whether a check would take too long for a frame of Auto-mix."""
        return self._bench.automix.playing and self._desk.mix.problem.objective.rows > SHOWN_ROWS

    def _remark(self, text: str) -> None:
        if text != self.note.text():
            self.note.setText(text)
            self.note.setVisible(bool(text))

    def _dress(self) -> None:
        self.sheet.begin_anew()
        for button in (self.copy_text, self.copy_latex):
            button.setFont(theme.ui_font(12))
        self._shown = ()
        self._at_once()

    def _at_once(self) -> None:
        """Something other than a step has changed."""
        self._lag.expect()
        self.look_again()

    def _catch_up(self) -> None:
        """Auto-mix has started or stopped: what lagged is exact again, and set for rest."""
        self._at_once()

    # -- which knob, which row ----------------------------------------------------------------

    def _follow(self) -> None:
        if self._shown[1:2] != (self._bench.selection.shown,):
            self._at_once()
        else:
            self._light()

    def _follow_light(self) -> None:
        self._at_once()

    def _on_row(self, row: int) -> None:
        if self._bench.spotlight.row is not None:
            self._bench.spotlight.light(row)
        self._at_once()

    def _on_fold(self, layer: int, is_open: bool) -> None:
        self._opened = self._opened | {layer} if is_open else self._opened - {layer}
        self._at_once()

    def _on_checking(self, is_on: bool) -> None:
        self._at_once()
        if is_on:
            self._scroll_to(self.sheet.minimumHeight())

    def _scroll_to(self, y: int) -> None:
        """Scroll so that what stands at `y` is at the top, or as near to it as may be."""
        bar = self.area.verticalScrollBar()
        bar.setValue(y)
        # The bar learns of a new height later, and in more than one go.
        all_known = bar.maximum() >= self.sheet.minimumHeight() - self.area.viewport().height()
        self._scrolling = None if all_known else y

    def _scroll_on(self) -> None:
        if self._scrolling is not None:
            self._scroll_to(self._scrolling)

    def _show_rect(self, rect: QRectF) -> None:
        middle = rect.center().toPoint()
        self.area.ensureVisible(0, middle.y(), 0, round(rect.height()))

    # -- pointing -----------------------------------------------------------------------------

    def _on_pointed(self, place: Place | None) -> None:
        selection = self._bench.selection
        if place is LOSS:
            output = len(self._desk.mix.network.activations)
            place = Place(neuron=(output, 1))
        selection.hover(None if place is None else place.parameter)
        selection.point_at(None if place is None else place.neuron)

    def _on_taken(self, place: Place) -> None:
        if place.parameter is not None:
            self._bench.selection.choose(place.parameter)

    def _light(self) -> None:
        selection = self._bench.selection
        places = []
        if selection.hovered is not None:
            places.append(Place(parameter=selection.hovered))
        if selection.pointed is not None:
            places.append(Place(neuron=selection.pointed))
        self.sheet.light(*places)

    # -- copying ------------------------------------------------------------------------------

    def _copy_text(self) -> None:
        QGuiApplication.clipboard().setText(plain(self._blocks(), figure))

    def _copy_latex(self) -> None:
        QGuiApplication.clipboard().setText(latex(self._blocks(), figure))
