"""The equation in the units of the data, as words that light up their knobs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPaintEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.flow import FlowLayout
from mixer_nn.ui.mixer.wording import sum_name
from mixer_nn.ui.numbers import MINUS, short
from mixer_nn.ui.writing import hold


class Coefficient(QLabel):
    """A number of the equation; pointing at it lights its knob, and the other way round."""

    def __init__(self, bench: Bench, index: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench, self._index = bench, index
        self.setObjectName(f"dataUnits.{bench.desk.mix.network.parameters[index].id}")
        bench.selection.changed.connect(self._light)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._bench.selection.hover(self._index)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._bench.selection.hover(None)

    def _light(self) -> None:
        lit = self._bench.selection.hovered == self._index
        if (self.property("kind") == "accent") != lit:
            self.setProperty("kind", "accent" if lit else "")
            self.style().unpolish(self)
            self.style().polish(self)


class DataUnits(QWidget):
    """``dist = 3.93·speed − 17.6``, whatever the scaling. `reflowed`: it takes another room."""

    reflowed = Signal()

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataUnits")
        self._bench = bench
        self._flow = FlowLayout(self, gap=0, line_gap=theme.px(2))
        self._made_for: object = None
        self._numbers: list[Coefficient] = []
        self._words: list[QLabel] = []
        self._stale = True
        bench.desk.changed.connect(self.read)
        bench.desk.rewired.connect(self.rebuild)
        self.rebuild()

    def rebuild(self) -> None:
        """Other columns."""
        problem = self._bench.desk.mix.problem
        columns = (problem.seen.input_columns, problem.dataset.target_columns)
        made_for = (problem.network, columns, problem.dataset.classes, problem.loss_name)
        if self._made_for == made_for:
            self.read()
            return
        self._made_for = made_for
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        self._numbers, self._words = [], []
        mix = self._bench.desk.mix
        if not mix.network.is_linear_neuron:
            return  # a network has no equation that anyone could read
        classes = mix.dataset.classes
        target = mix.dataset.target_columns[0].name
        if classes:
            kind = "log-odds" if sum_name(problem) == "logit" else sum_name(problem)
            target = f"{kind} of {classes[1]}"
        self._say(f"{target} = ")
        for parameter in mix.network.parameters:
            number = Coefficient(self._bench, parameter.index, self)
            self._numbers.append(number)
            self._flow.addWidget(number)
            if parameter.source is not None:
                self._say(f"·{mix.problem.seen.input_columns[parameter.source - 1].name}")
        self._dress()
        self._show_numbers()

    def _say(self, text: str) -> None:
        word = QLabel(text, self)
        word.setProperty("kind", "dim")
        self._words.append(word)
        self._flow.addWidget(word)

    def _dress(self) -> None:
        for label in (*self._words, *self._numbers):
            label.setFont(theme.mono_font(14))
        for number in self._numbers:
            hold(number, number.text())

    def read(self) -> None:
        """Show the parameters in data units, or when they next come into sight."""
        self._stale = self.visibleRegion().isEmpty()
        if not self._stale:
            self._show_numbers()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._stale:
            self._stale = False
            self._show_numbers()
        super().paintEvent(event)

    def _show_numbers(self) -> None:
        values = self._bench.readings.in_data_units
        if len(values) != len(self._numbers):
            return  # about to be rebuilt
        moved = False
        for index, (number, value) in enumerate(zip(self._numbers, values, strict=True)):
            number.setText(self._signed(float(value), first=index == 0))
            before = number.width()
            hold(number, number.text())
            moved |= number.width() != before
        if moved:  # seldom: figures are of one width
            self.reflowed.emit()

    @staticmethod
    def _signed(value: float, *, first: bool) -> str:
        if first:
            return short(value)
        return f" {MINUS if value < 0 else '+'} {short(abs(value))}"

    def text(self) -> str:
        """The whole equation in one line, as it reads."""
        parts = []
        for index in range(self._flow.count()):
            item = self._flow.itemAt(index)
            label = item.widget() if item is not None else None
            if isinstance(label, QLabel):
                parts.append(label.text())
        return "".join(parts)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.reflowed.emit()  # new words count only once they are shown
        return handled

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_words"):
            self._dress()


class DataUnitsArea(QScrollArea):
    """Holds the equation in data units, as tall as it is, or less where there is less room."""

    def __init__(self, data_units: DataUnits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data_units = data_units
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setWidget(data_units)
        data_units.reflowed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(self.width(), self._data_units.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.width(), min(self.sizeHint().height(), theme.px(40)))
