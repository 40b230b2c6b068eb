"""A text to read and copy: the doctor's report, and what this program is."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.dialogs.frame import Buttons, Role, column, fit_to_screen, reading


class TextDialog(QDialog):
    """A report that can be scrolled, selected and copied whole."""

    def __init__(self, parent: QWidget | None, title: str, text: str) -> None:
        super().__init__(parent)
        self.setObjectName("textDialog")
        self.setWindowTitle(title)
        layout = column(self)
        self._view = reading(text, self, "text")
        self._view.setAccessibleName(title)
        layout.addWidget(self._view, 1)
        buttons = Buttons(self)
        self._copy = buttons.add_aside("Copy", "copy")
        self._copy.clicked.connect(self.copy)
        buttons.add("Close", Role.AcceptRole, "close")
        layout.addWidget(buttons)
        self._fit(text)

    @property
    def text(self) -> str:
        """What it shows."""
        return self._view.toPlainText()

    def set_text(self, text: str) -> None:
        """Show another text, such as a report that took a while."""
        self._view.setPlainText(text)
        self._copy.setText("Copy")
        self._fit(text)

    def copy(self) -> None:
        """Put the whole text on the clipboard."""
        QGuiApplication.clipboard().setText(self.text)
        self._copy.setText("Copied")

    def _fit(self, text: str) -> None:
        """Be as large as the text needs, within reason."""
        metrics = self._view.fontMetrics()
        lines = text.splitlines() or [""]
        wide = max(map(metrics.horizontalAdvance, lines)) + theme.px(90)
        tall = (len(lines) + 2) * metrics.lineSpacing() + theme.px(110)
        fit_to_screen(
            self,
            min(max(wide, theme.px(420)), theme.px(900)),
            min(max(tall, theme.px(220)), theme.px(620)),
        )
