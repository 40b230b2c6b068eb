"""Which knobs matter now: the measure, what the tint means, and the first twelve knobs."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.state.ranking import MEASURES, Measure
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.places import place
from mixer_nn.ui.mixer.tint import LEVELS, paint_tint
from mixer_nn.ui.numbers import fixed, short
from mixer_nn.ui.popups import place_by
from mixer_nn.ui.writing import heading_font, hold, write

ROWS = 12
OFF = "off"


class Scale(QWidget):
    """The levels of the tint side by side, from the faintest to the strongest."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("tint from faint to strong")

    def sizeHint(self) -> QSize:
        return QSize(theme.px(14) * LEVELS, theme.px(14))

    def paintEvent(self, event: QPaintEvent) -> None:
        wide = self.width() / LEVELS
        with QPainter(self) as painter:
            for level in range(1, LEVELS + 1):
                box = QRectF((level - 1) * wide + 1.0, 1.0, wide - 2.0, self.height() - 2.0)
                paint_tint(painter, box, level)


class Cells(QHBoxLayout):
    """A name and two numbers, at the same places in every line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setContentsMargins(theme.px(8), 0, theme.px(8), 0)
        self.setSpacing(theme.px(10))
        self.name, self.value, self.measure = self.labels = [QLabel(parent) for _ in range(3)]
        self.addWidget(self.name, 1)
        for label in (self.value, self.measure):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.addWidget(label)

    def dress(self) -> None:
        """Put on fonts, and hold the widths that numbers need."""
        self.name.setFont(theme.ui_font(12.5))
        for label in (self.value, self.measure):
            label.setFont(theme.mono_font(12.5))
            hold(label, "−0.00000000")


class Columns(QWidget):
    """What stands over the numbers."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._cells = Cells(self)
        self.measure = self._cells.measure
        self._cells.value.setText("value")
        for label in self._cells.labels:
            label.setProperty("kind", "dim")

    def dress(self) -> None:
        """Put on fonts."""
        self._cells.dress()


class Row(QPushButton):
    """A knob in the list; pressed, it is chosen."""

    chosen = Signal(int)

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.index = 0
        self._number = number
        self.setObjectName(f"ranked{number}")
        self.setFlat(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._cells = Cells(self)
        for label in self._cells.labels:
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.clicked.connect(self._on_clicked)

    def dress(self) -> None:
        """Put on fonts."""
        self._cells.dress()
        self.setFixedHeight(theme.px(24))

    def show_knob(self, index: int, name: str, value: str, measure: str) -> None:
        """Show a knob: where it is, where it stands, and its measure."""
        self.index = index
        self._cells.name.setText(f"{self._number}  {name}")
        write(self._cells.value, value)
        write(self._cells.measure, measure)
        self.setAccessibleName(f"{self._number}: {name}, value {value}, {measure}")

    def _on_clicked(self) -> None:
        self.chosen.emit(self.index)


class RankingPanel(QFrame):
    """A small panel beside the button that asked. `chosen` tells which knob was picked from it."""

    chosen = Signal(int)

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("ranking")
        self.setProperty("panel", "true")
        self._bench = bench
        self._make()
        self._place()
        bench.ranking.changed.connect(self._on_changed)
        bench.desk.changed.connect(self._on_changed)

    def _make(self) -> None:
        self.heading = QLabel("WHICH KNOBS MATTER NOW", self)
        self.heading.setProperty("kind", "heading")
        self._group = QButtonGroup(self)
        self.choices: dict[str, QPushButton] = {}
        rows = {OFF: "Off"} | {key: each.title.capitalize() for key, each in MEASURES.items()}
        for key, title in rows.items():
            button = QPushButton(title, self)
            button.setObjectName(f"ranking.{key}")
            button.setCheckable(True)
            tip = MEASURES[key].sentence.capitalize() if key in MEASURES else "No tint, no order"
            button.setToolTip(tip)
            button.setAccessibleName(f"tell the knobs apart by: {title}")
            self._group.addButton(button)
            button.clicked.connect(self._on_measure)
            self.choices[key] = button
        self.sentence = QLabel(self)
        self.sentence.setObjectName("rankingSentence")
        self.sentence.setWordWrap(True)
        self.faint, self.strong = QLabel(self), QLabel(self)
        self.scale = Scale(self)
        self.columns = Columns(self)
        self.rows = [Row(number, self) for number in range(1, ROWS + 1)]
        for row in self.rows:
            row.chosen.connect(self._on_chosen)
        for label in (self.sentence, self.faint, self.strong):
            label.setProperty("kind", "dim")

    def _place(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(*[theme.px(14)] * 4)
        box.setSpacing(theme.px(8))
        box.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        choices = QHBoxLayout()
        choices.setSpacing(theme.px(6))
        for button in self.choices.values():
            choices.addWidget(button)
        choices.addStretch()
        legend = QHBoxLayout()
        legend.setSpacing(theme.px(8))
        for part in (self.faint, self.scale, self.strong):
            legend.addWidget(part)
        legend.addStretch()
        lines = QGridLayout()
        lines.setVerticalSpacing(0)
        for number, row in enumerate(self.rows):
            lines.addWidget(row, number, 0)
        box.addWidget(self.heading)
        box.addLayout(choices)
        box.addWidget(self.sentence)
        box.addLayout(legend)
        box.addWidget(self.columns)
        box.addLayout(lines)

    def open(self, anchor: QWidget) -> None:
        """Show it by the button that asked."""
        if self._bench.ranking.measure is None:
            self._bench.ranking.choose(next(iter(MEASURES)))
        self._dress()
        self.read()
        self.adjustSize()
        place_by(self, anchor)
        self.show()
        self.choices[self._key].setFocus(Qt.FocusReason.PopupFocusReason)

    def _dress(self) -> None:
        self.heading.setFont(heading_font())
        for label in (self.sentence, self.faint, self.strong):
            label.setFont(theme.ui_font(12))
        self.sentence.setFixedWidth(theme.px(400))
        self.columns.dress()
        for row in self.rows:
            row.dress()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.read()

    # -- what it shows ------------------------------------------------------------------------

    @property
    def _key(self) -> str:
        measure = self._bench.ranking.measure
        return OFF if measure is None else measure.key

    def _on_changed(self) -> None:
        if self.isVisible():
            self.read()

    def read(self) -> None:
        """Show the order as it is now."""
        ranking = self._bench.ranking
        self.choices[self._key].setChecked(True)
        measure = ranking.measure
        for part in (self.faint, self.scale, self.strong, self.columns):
            part.setVisible(measure is not None)
        if measure is None:
            self.sentence.setText("The knobs are not told apart.")
        else:
            self._read_words(measure)
        self._read_rows(measure)

    def _read_words(self, measure: Measure) -> None:
        sampled = measure.key == "curvature" and self._bench.ranking.is_sampled
        rows = self._bench.readings.shown_objective.rows
        where = f", over a sample of {rows:,} rows" if sampled else ""
        self.sentence.setText(f"{measure.sign}: {measure.sentence}{where}.")
        faint, strong = ends(self._bench)
        self.faint.setText(faint)
        self.strong.setText(strong)
        self.columns.measure.setText(measure.sign)

    def _read_rows(self, measure: Measure | None) -> None:
        ranking, mix = self._bench.ranking, self._bench.desk.mix
        values, found = ranking.values, ranking.strongest(ROWS).tolist()
        for number, row in enumerate(self.rows):
            row.setVisible(measure is not None and number < mix.parameters.size)
            row.setEnabled(number < len(found))
            if values is None or number >= len(found):
                row.show_knob(0, "–", "", "")
                continue
            index = found[number]
            row.show_knob(
                index,
                place(mix.problem, mix.network.parameters[index]),
                fixed(float(mix.parameters[index]), float(mix.scales[index])),
                short(abs(float(values[index])), 3),
            )

    # -- the hand -----------------------------------------------------------------------------

    def _on_measure(self) -> None:
        key = next(key for key, button in self.choices.items() if button.isChecked())
        self._bench.ranking.choose(None if key == OFF else key)

    def _on_chosen(self, index: int) -> None:
        self.hide()
        self._bench.selection.choose(index)
        self.chosen.emit(index)


def ends(bench: Bench) -> tuple[str, str]:
    """What the faintest tint and the strongest stand for."""
    faint, strong = (short(bench.ranking.at(strength), 2) for strength in (0.0, 1.0))
    return f"faint {faint}", f"strong {strong} or more"


def legend(bench: Bench) -> str:
    """What the tint says, in a line; "" where there is none."""
    measure = bench.ranking.measure
    if measure is None:
        return ""
    return f"{measure.sign}: {measure.sentence}; {', '.join(ends(bench))} (K: the next measure)"
