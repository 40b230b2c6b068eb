"""Names and figures in two aligned columns of fixed width, of which only the figures change."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.numbers import MINUS
from mixer_nn.ui.writing import hold

FIGURE = f"{MINUS}0.00000000"
"""The longest figure that room is kept for."""


@dataclass(frozen=True)
class Row:
    """A figure to be shown: its key, the standard term that names it, and what that means."""

    key: str
    term: str
    meaning: str


class FigureTable(QWidget):
    """Rows of a term and its figure. A figure's object name is ``inspector.`` and its key.

    Every figure is a label for screen readers and tooltips, but painted here, all in one pass:
    a label with a style sheet takes longer for its background than all of them for their words.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._texts: list[str] = []
        self._terms: list[QLabel] = []
        self._figures: list[QLabel] = []
        self._width = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(theme.px(3))
        self._grid.setColumnStretch(2, 1)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown, from top to bottom."""
        return self._rows

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these; nothing is done where they are the ones that are shown."""
        if rows == self._rows:
            return
        self._rows, self._texts = rows, [""] * len(rows)
        while len(self._terms) < len(rows):
            self._add_row()
        for place, (term, figure) in enumerate(zip(self._terms, self._figures, strict=True)):
            for label in (term, figure):
                label.setVisible(place < len(rows))
            row = rows[place] if place < len(rows) else Row("", "", "")
            term.setText(row.term)
            figure.setObjectName(f"inspector.{row.key}" if row.key else "")
            figure.clear()
            figure.setAccessibleName("")
            for label in (term, figure):
                label.setToolTip(row.meaning)
        self.dress()

    def _add_row(self) -> None:
        place = len(self._terms)
        term, figure = QLabel(self), QLabel(self)
        term.setProperty("kind", "dim")
        for label in (term, figure):
            label.setTextFormat(Qt.TextFormat.PlainText)
        term.setBuddy(figure)
        figure.setUpdatesEnabled(False)  # it has nothing to paint, and need not be asked to
        self._grid.addWidget(term, place, 0)
        self._grid.addWidget(figure, place, 1)
        self._terms.append(term)
        self._figures.append(figure)

    def write(self, texts: tuple[str, ...]) -> None:
        """The figures, one for each row; what has not changed is not touched."""
        changed = [
            place
            for place, (old, new) in enumerate(zip(self._texts, texts, strict=True))
            if old != new
        ]
        for place in changed:
            self._texts[place] = text = texts[place]
            figure, aligned = self._figures[place], _aligned(text)
            figure.setText(aligned)
            figure.setAccessibleName(f"{self._rows[place].term}: {text}")
            self._make_room(len(aligned))
        if changed:
            first, last = self._figures[changed[0]], self._figures[changed[-1]]
            self.update(first.geometry() | last.geometry())

    def _make_room(self, letters: int) -> None:
        """Let the column grow for a longer figure; it never shrinks while they change."""
        if letters > self._width:
            self._width = letters
            for figure in self._figures:
                hold(figure, "0" * letters)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), QColor(colours.panel))
            painter.setPen(QColor(colours.text))
            painter.setFont(theme.mono_font(12.5))
            down = painter.fontMetrics().ascent()
            for figure, text in zip(self._figures, self._texts, strict=False):
                box = figure.geometry()
                if box.intersects(event.rect()):
                    painter.drawText(box.x(), box.y() + down, _aligned(text))

    def dress(self) -> None:
        """Put on fonts, and keep the room that the columns need whatever they say."""
        self._grid.setHorizontalSpacing(theme.px(8))
        for term in self._terms:
            term.setFont(theme.ui_font(12.5))
        widths = [term.fontMetrics().horizontalAdvance(term.text()) for term in self._terms]
        longest = self._terms[widths.index(max(widths))].text() if widths else ""
        for term, figure in zip(self._terms, self._figures, strict=True):
            hold(term, longest)
            figure.setFont(theme.mono_font(12.5))
        self._width = 0
        self._make_room(max([len(FIGURE), *(len(figure.text()) for figure in self._figures)]))

    def width_wanted(self) -> int:
        """The width of both columns."""
        if not self._terms:
            return 0
        both = self._terms[0].maximumWidth() + self._figures[0].maximumWidth()
        return both + self._grid.horizontalSpacing()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_grid"):
            self.dress()


def _aligned(text: str) -> str:
    """A text that leaves the place of a minus free where it has none."""
    return text if text.startswith(MINUS) else f" {text}"
