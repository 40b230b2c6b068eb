"""The F1 page: every key and what it does, from the table of keys."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QWidget

from mixer_nn.ui import keys, theme
from mixer_nn.ui.dialogs.frame import Buttons, Role, column, fit_to_screen

Row = tuple[str, str]
Section = tuple[str, list[Row]]


class KeyCap(QLabel):
    """A key as it looks on a keyboard."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setFont(theme.ui_font(12))
        self.setContentsMargins(theme.px(7), theme.px(2), theme.px(7), theme.px(3))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(colours.faint))
            painter.setBrush(QColor(colours.raised))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5.0, 5.0)
        super().paintEvent(event)


class ShortcutsDialog(QDialog):
    """All keys under their headings, in two columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsDialog")
        self.setWindowTitle("Keys and mouse")
        layout = column(self)
        area = QScrollArea(self)
        area.setObjectName("keys")
        area.setAccessibleName("Keys and mouse")
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        page = _page(2)
        scrollbar = theme.px(54)
        if page.sizeHint().width() + scrollbar > self.screen().availableGeometry().width():
            page = _page(1)
        area.setWidget(page)
        layout.addWidget(area, 1)
        buttons = Buttons(self)
        buttons.add("Close", Role.AcceptRole, "close")
        layout.addWidget(buttons)
        hint = page.sizeHint()
        fit_to_screen(
            self,
            hint.width() + scrollbar,
            min(hint.height() + theme.px(96), theme.px(860)),
        )


def _page(columns: int) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, theme.px(12), 0)
    row.setSpacing(theme.px(36))
    for sections in _halves(_sections()) if columns == 2 else [_sections()]:
        row.addLayout(_column(page, sections))
    return page


def _sections() -> list[Section]:
    """Headings with their rows: keys, then what the mouse does."""
    sections = [
        (topic, [(keys.label(each), each.text) for each in entries])
        for topic, entries in keys.topics().items()
    ]
    return [
        sections[0],
        (keys.CUES_TOPIC, list(keys.ALL_CUES)),
        *sections[1:],
        ("Mouse on a knob or fader", list(keys.GESTURES)),
        ("On the knobs of a network", list(keys.PICKING)),
    ]


def _halves(sections: list[Section]) -> list[list[Section]]:
    """The sections in their order, cut where the two columns are most alike in length."""
    lengths = [len(rows) + 2 for _topic, rows in sections]
    total = sum(lengths)
    cut = min(range(len(sections)), key=lambda i: abs(total - 2 * sum(lengths[:i])))
    return [sections[:cut], sections[cut:]]


def _column(page: QWidget, sections: list[Section]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(12))
    grid.setVerticalSpacing(theme.px(5))
    grid.setColumnStretch(1, 1)
    line = 0
    for topic, rows in sections:
        heading = QLabel(topic.upper(), page)
        heading.setProperty("kind", "heading")
        heading.setFont(theme.ui_font(12))
        heading.setContentsMargins(0, theme.px(10) if line else 0, 0, theme.px(2))
        grid.addWidget(heading, line, 0, 1, 2)
        line += 1
        for key, text in rows:
            grid.addWidget(KeyCap(key, page), line, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(QLabel(text, page), line, 1)
            line += 1
    grid.setRowStretch(line, 1)
    return grid
