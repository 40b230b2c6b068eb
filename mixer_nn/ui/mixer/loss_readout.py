"""The loss in numbers: what it is, how far off that is, and what it compares with."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.state.slow_motion import Stage
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.ground import Figure, set_on_panel
from mixer_nn.ui.numbers import short
from mixer_nn.ui.writing import heading_font, hold, write

ANY_WIDTH = 16_777_215
"""Qt's QWIDGETSIZE_MAX: no bound."""


class LossReadout(QWidget):
    """The training loss large, and below it everything that gives the number a meaning."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lossReadout")
        self._bench = bench
        self._small = self._flat = False
        self._stale = True
        self._make()
        self._dress()
        bench.desk.changed.connect(self.read)
        bench.desk.rewired.connect(self._name)
        bench.slow_motion.changed.connect(self.update)
        self._name()

    def _make(self) -> None:
        self._box = box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        box.setContentsMargins(0, 0, 0, 0)
        self._words = words = QVBoxLayout()
        self.heading = QLabel("LOSS", self)
        self.heading.setProperty("kind", "heading")
        self.number = Figure(self)
        self.number.setObjectName("loss")
        self.number.setProperty("kind", "loss")
        self.formula = QLabel(self)
        self.formula.setProperty("kind", "dim")
        self.formula.setWordWrap(True)
        self.change = QLabel(self)
        self.change.setObjectName("sinceGrab")
        for widget in (self.heading, self.number, self.formula, self.change):
            words.addWidget(widget)
        box.addLayout(words)
        self._rows: dict[str, tuple[QLabel, QLabel]] = {}
        self._grid = grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(10))
        for key, text, tip in (
            ("accuracy", "accuracy", "Share of the training rows whose class is found"),
            ("miss", "typical miss", "Root of the mean squared miss, in the target's own unit"),
            ("held_out", "held out", "The loss over the rows that are kept from training"),
            ("best", "best so far", "The lowest loss of this run"),
            ("average", "always the average", "What always guessing the average would score"),
            ("r2", "R²", "Share of the target's variance that the fit explains: 1 at best"),
        ):
            self._add_row(grid, key, text, tip)
        grid.setColumnStretch(1, 1)
        box.addLayout(grid)
        box.addStretch()
        # Keeps words and rows at the top, side by side; one above the other they are there anyway.
        self._fillers = [QSpacerItem(0, 0) for _ in range(2)]
        words.addItem(self._fillers[0])
        grid.addItem(self._fillers[1], len(self._rows), 0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def _add_row(self, grid: QGridLayout, key: str, text: str, tip: str) -> None:
        name, value = QLabel(text, self), Figure(self)
        value.setObjectName(f"loss.{key}")
        for label in (name, value):
            label.setToolTip(tip)
            label.setProperty("kind", "held_out" if key == "held_out" else "dim")
        if key in ("miss", "accuracy"):
            value.setProperty("kind", "")
        row = len(self._rows)
        grid.addWidget(name, row, 0)
        grid.addWidget(value, row, 1)
        self._rows[key] = (name, value)

    def _dress(self) -> None:
        large = 26 if self._flat else 28 if self._small else 38
        text = 12 if self._flat else 13
        self.number.setFont(theme.mono_font(large, QFont.Weight.Bold))
        self.heading.setFont(heading_font())
        self.heading.setVisible(not self._flat)
        self.formula.setFont(theme.ui_font(text))
        self.change.setFont(theme.mono_font(text))
        for name, value in self._rows.values():
            name.setFont(theme.ui_font(text))
            value.setFont(theme.mono_font(text))
            hold(value, "−0.000000")
        hold(self.number, "−0.000000")
        hold(self.change, "▼ 0.000 since you grabbed")
        tight = self._small or self._flat
        for layout in (self._box, self._words):
            layout.setSpacing(theme.px(1 if tight else 3))
        self._grid.setVerticalSpacing(theme.px(1 if self._flat else 3))
        self._take_width()
        self._make_room()

    def _take_width(self) -> None:
        policy = QSizePolicy.Policy.Expanding if self._flat else QSizePolicy.Policy.Minimum
        for filler in self._fillers:
            filler.changeSize(0, 0, QSizePolicy.Policy.Minimum, policy)
        if self._flat:
            self._box.setDirection(QBoxLayout.Direction.LeftToRight)
            self._box.setSpacing(theme.px(14))
            self.setMinimumWidth(0)
            self.setMaximumWidth(ANY_WIDTH)
            self.formula.setFixedWidth(self.change.width())
        else:
            self._box.setDirection(QBoxLayout.Direction.TopToBottom)
            self.formula.setMinimumWidth(0)
            self.formula.setMaximumWidth(ANY_WIDTH)
            self.setFixedWidth(theme.px(222 if self._small else 240))

    def _make_room(self) -> None:
        # A splitter asks for no height at a width; so the lines it takes are said outright.
        self.formula.setMinimumHeight(0)
        width = self.formula.minimumWidth() if self._flat else self.minimumWidth()
        self.formula.setMinimumHeight(max(0, self.formula.heightForWidth(width)))

    def set_flat(self, flat: bool) -> None:
        """Lie across the top of a monitor rather than stand beside the knobs."""
        if flat != self._flat:
            self._flat = flat
            self._dress()

    def set_small(self, small: bool) -> None:
        """For narrow or low windows."""
        if small != self._small:
            self._small = small
            self._dress()

    def _name(self) -> None:
        problem = self._bench.desk.mix.problem
        loss = problem.objective.loss
        unit = problem.dataset.target_columns[0].unit
        if problem.scaled:
            where = ", in scaled units" if loss.power else ""
        else:
            power = {1: "", 2: "²"}.get(loss.power)
            where = f", in {unit}{power}" if unit and power is not None else ""
        self.formula.setText(f"{loss.title}{where}; lower is better")
        self._make_room()
        self.formula.setToolTip(f"{loss.formula} over all training rows")
        self._show("held_out", problem.held_out is not None)
        number = problem.dataset.kind == "number"
        for key in ("miss", "r2"):
            self._show(key, number)
        self._show("accuracy", not number)
        write(self._rows["average"][0], "always the average" if number else "guessing by share")
        self._rows["average"][0].setToolTip(
            "What always guessing the average would score"
            if number
            else "What giving each class the share that it has of the rows would score"
        )
        self._show_numbers()

    def _show(self, key: str, shown: bool) -> None:
        for label in self._rows[key]:
            label.setVisible(shown)

    def read(self) -> None:
        """Show the numbers as they are now, or when they next come into sight."""
        # Not by what can be seen of it: the figures paint their own ground, and may be all of that.
        self._stale = not self.isVisible()
        if not self._stale:
            self._show_numbers()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._stale:
            self._stale = False
            self._show_numbers()
        super().paintEvent(event)
        lit = self._bench.slow_motion.stage is Stage.LOSS
        set_on_panel(self.number, not lit)  # else what is painted here would not show under it
        if lit:
            self._paint_light()

    def _paint_light(self) -> None:
        """Mark the number, as with a marker pen, while a slow step forms the loss."""
        accent = QColor(theme.current().accent)
        box = QRectF(self.number.geometry())
        box.setWidth(self.number.fontMetrics().horizontalAdvance(self.number.text()) + 4)
        with QPainter(self) as painter:
            painter.fillRect(QRectF(box.left(), box.bottom(), box.width(), 3.0), accent)
            accent.setAlphaF(0.2)
            painter.fillRect(box, accent)

    def _show_numbers(self) -> None:
        readings, mix = self._bench.readings, self._bench.desk.mix
        write(self.number, short(readings.loss))
        self.number.setAccessibleName(f"loss {short(readings.loss)}")
        unit = mix.dataset.target_columns[0].unit
        accuracy, held_out = readings.accuracy, readings.held_out_accuracy
        if accuracy is not None:
            text = f"{100 * accuracy:.1f} %"
            if held_out is not None:
                text += f" ({100 * held_out:.1f} %)"
            write(self._rows["accuracy"][1], text)
        write(self._rows["miss"][1], f"{short(readings.typical_miss)} {unit}".rstrip())
        write(self._rows["held_out"][1], short(readings.held_out_loss))
        write(self._rows["best"][1], short(readings.best_loss))
        write(self._rows["average"][1], short(readings.constant_loss))
        write(self._rows["r2"][1], short(readings.r_squared, 3))
        self._read_change(readings.loss)

    def _read_change(self, loss: float) -> None:
        begin = self._bench.desk.gesture_start_loss
        if begin is None:
            write(self.change, " ")
            return
        change = loss - begin
        if abs(change) < 1e-6 * abs(begin):
            change = 0.0  # rounding is neither warmer nor colder
        arrow, kind = (
            ("▼", "hint") if change < 0 else ("▲", "danger") if change > 0 else ("–", "dim")
        )
        if self.change.property("kind") != kind:
            self.change.setProperty("kind", kind)
            self.change.style().unpolish(self.change)
            self.change.style().polish(self.change)
        write(self.change, f"{arrow} {short(abs(change), 2)} since you grabbed")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_rows"):
            self._dress()
