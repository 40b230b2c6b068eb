"""The inspector: one knob in numbers, what its next step is made of, and where it has been."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer import rings
from mixer_nn.ui.mixer.places import place
from mixer_nn.ui.mixer.symbols import standard_name
from mixer_nn.ui.monitors import inspector_words as words
from mixer_nn.ui.monitors.inspector_past import PastPicture
from mixer_nn.ui.monitors.inspector_table import FigureTable
from mixer_nn.ui.monitors.live_view import FootLine, Lag, LiveView
from mixer_nn.ui.writing import heading_font

BESIDE_DIAL = 205
"""Room that the figures need for the large dial to stand at their left, not above them."""

QWIDGETSIZE_MAX = 16777215
"""Qt's word for no limit, which PySide6 does not hand on."""

FEW = 6
"""Rows of the next step that leave room for the past below both columns."""

EDGES = 56
"""What frame, margins and a scroll bar take of the width."""


class InspectorView(LiveView):
    """Follows the knob that is chosen. The large copy of it can be given a place here."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("Knob", bench.desk, bench.readings, parent)
        self.setObjectName("inspector")
        self._bench = bench
        self._dial: QWidget | None = None
        self._is_beside: bool | None = None
        self._past_below = False
        self._lag = Lag(bench.desk, bench.automix, turn=1)
        self._make()
        self._lay_out_sheet()
        self._arrange()
        bench.selection.changed.connect(self._on_chosen)
        bench.automix.changed.connect(self._catch_up)
        bench.desk.setup_changed.connect(self.look_again)
        rings.follow(bench, self.look_again)
        self.refresh()

    def _make(self) -> None:
        self.read_out.hide()
        self.title.hide()
        self.legend.hide()
        self.name, self.place = QLabel(self), FootLine(self)
        self.name.setObjectName("inspector.name")
        self.place.setObjectName("inspector.place")
        self.place.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.head.addWidget(self.name)
        self.head.addWidget(self.place, 1)
        self._sheet = QWidget()
        self.figures = FigureTable(self._sheet)
        self.figures.setAccessibleName("the knob in numbers")
        self.step = FigureTable(self._sheet)
        self.step.setAccessibleName("the next step in parts")
        self.step_title = QLabel(self._sheet)
        self.step_title.setProperty("kind", "heading")
        self.step_title.setObjectName("inspector.optimizer")
        self.sentence = QLabel(self._sheet)
        self.sentence.setObjectName("inspector.sentence")
        self.sentence.setWordWrap(True)
        # A long name of an optimizer takes two lines rather than the room of the other column.
        self.step_title.setWordWrap(True)
        self.step_title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.sentence.setProperty("kind", "dim")
        # It must not ask for the width of its words in one line.
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.past = PastPicture(self._sheet)

    def _lay_out_sheet(self) -> None:
        """What the knob is and was in one column, its next step in another, beside or below."""
        self._sheet_box = box = QVBoxLayout(self._sheet)
        box.setContentsMargins(*[theme.px(4)] * 4)
        self._columns = columns = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        columns.setSpacing(theme.px(14))
        box.addLayout(columns)
        box.addStretch(1)
        own: tuple[QWidget, ...] = (self.figures, self.past)
        step: tuple[QWidget, ...] = (self.step_title, self.step, self.sentence)
        self._own, beside = QVBoxLayout(), QVBoxLayout()
        for column, parts in ((self._own, own), (beside, step)):
            column.setSpacing(theme.px(5))
            for part in parts:
                column.addWidget(part)
            column.addStretch(1)
            columns.addLayout(column)
        self.area = QScrollArea(self)
        self.area.setObjectName("inspector.scroll")
        self.area.setAccessibleName("the chosen knob in numbers")
        self.area.setProperty("scrolls", True)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # What does not fit must be in reach of the arrow keys too.
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setWidget(self._sheet)
        self.body.addWidget(self.area, 1)

    # -- the large dial -----------------------------------------------------------------------

    def take_knob(self, widget: QWidget) -> None:
        """Give the large copy of the knob a place: at the left, or on top in a narrow view."""
        self.give_knob_back()
        self._dial, self._is_beside = widget, None
        self._frame(widget, framed=False)
        self._arrange()
        widget.show()
        self.look_again()

    def give_knob_back(self) -> QWidget | None:
        """The large copy of the knob, taken out again; None where it is not here."""
        dial = self._dial if self.has_knob else None
        self._dial = None
        if dial is not None:
            dial.setParent(None)
            dial.setMaximumHeight(QWIDGETSIZE_MAX)
            self._frame(dial, framed=True)
        self._arrange()
        self.look_again()
        return dial

    @staticmethod
    def _frame(widget: QWidget, framed: bool) -> None:
        widget.setProperty("panel", framed)
        widget.style().unpolish(widget)
        widget.style().polish(widget)

    @property
    def has_knob(self) -> bool:
        """Whether the large copy of the knob stands here."""
        # Whoever puts a widget elsewhere need not ask where it was.
        return self._dial is not None and self.isAncestorOf(self._dial)

    # -- its parts side by side, or one under the other ---------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        room = self.contentsRect().width() - theme.px(EDGES)
        dial = self._dial if self.has_knob or self._is_beside is None else None
        if dial is not None:
            wanted = dial.minimumSizeHint().width()
            self._place_dial(dial, beside=room >= wanted + theme.px(BESIDE_DIAL))
            room -= wanted if self._is_beside else 0
        both = self.figures.width_wanted() + self.step.width_wanted() + self._columns.spacing()
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        two = room >= both
        self._columns.setDirection(across if two else down)
        self._place_past(below=two and len(self.step.rows) <= FEW)

    def _place_past(self, *, below: bool) -> None:
        """Under both columns where the one of the step is short, else under the other."""
        if below != self._past_below:
            self._past_below = below
            if below:
                self._sheet_box.insertWidget(self._sheet_box.indexOf(self._columns) + 1, self.past)
            else:
                self._own.insertWidget(1, self.past)

    def _place_dial(self, dial: QWidget, *, beside: bool) -> None:
        if beside != self._is_beside:
            self._is_beside = beside
            if beside:
                dial.setMaximumHeight(QWIDGETSIZE_MAX)
                self.body.insertWidget(0, dial)
            else:
                dial.setMaximumHeight(dial.minimumSizeHint().height())
                self._sheet_box.insertWidget(0, dial)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(260), theme.px(140))

    # -- what it shows ------------------------------------------------------------------------

    def _read(self) -> None:
        bench, index = self._bench, self._bench.selection.shown
        mix, setup = bench.desk.mix, bench.desk.setup
        beside_dial = self.has_knob
        self.name.setVisible(not beside_dial)
        self.place.setVisible(not beside_dial)
        if not beside_dial:
            parameter = mix.network.parameters[index]
            _say(self.name, standard_name(mix.network, parameter))
            self.place.set_title(place(mix.problem, parameter))
        self._tell(self.figures, tuple(words.figures(bench, index, beside_dial=beside_dial)))
        self._tell(self.step, tuple(words.step_figures(bench, index)))
        _say(self.step_title, f"NEXT STEP · {OPTIMIZERS[setup.optimizer].title}")
        account = bench.inspection.next_step(index)
        _say(self.sentence, words.step_sentence(setup, account))
        self.step_title.setToolTip(OPTIMIZERS[setup.optimizer].formula)
        if self._lag.is_due():
            self.past.show_past(bench.inspection.past(index), float(mix.initial[index]))

    def _on_chosen(self) -> None:
        self._lag.expect()
        self.look_again()

    def _catch_up(self) -> None:
        """Auto-mix has started or stopped: what lagged behind is drawn as it is."""
        if self._lag.behind:
            self.look_again()

    def _tell(self, table: FigureTable, told: tuple[words.Told, ...]) -> None:
        rows = tuple(row for row, _ in told)
        if rows != table.rows:
            table.set_rows(rows)
            self._arrange()
        table.write(tuple(text for _, text in told))

    def _dress(self) -> None:
        self.name.setFont(theme.ui_font(13, QFont.Weight.DemiBold))
        self.place.setFont(theme.ui_font(12))
        self.step_title.setFont(heading_font())
        self.sentence.setFont(theme.ui_font(12))
        self.figures.dress()
        self.step.dress()
        self._arrange()


def _say(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
