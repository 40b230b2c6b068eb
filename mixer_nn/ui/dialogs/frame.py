"""What the dialogs have in common: labels that wrap, rows of buttons, text to read and copy."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.ui import theme

Role = QDialogButtonBox.ButtonRole


def column(dialog: QDialog) -> QVBoxLayout:
    """The layout of a dialog, one thing under the other."""
    layout = QVBoxLayout(dialog)
    edge = theme.px(18)
    layout.setContentsMargins(edge, edge, edge, theme.px(14))
    layout.setSpacing(theme.px(12))
    return layout


def sentence(text: str, parent: QWidget, size: float = 14, name: str = "sentence") -> QLabel:
    """A label that wraps, can be selected, and takes no markup from a file's name."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setFont(theme.ui_font(size))
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def reading(text: str, parent: QWidget, name: str) -> QPlainTextEdit:
    """Text in a fixed-width font to read, scroll and copy; Tab goes on to the next control."""
    view = QPlainTextEdit(parent)
    view.setObjectName(name)
    view.setFont(theme.mono_font(12))
    view.setPlainText(text)
    view.setReadOnly(True)
    view.setTabChangesFocus(True)
    view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    # A read-only text has no caret unless it is asked for, and then no keyboard selection.
    view.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return view


class Buttons(QWidget):
    """The last row of a dialog: what else can be done at the left, what closes it at the right.

    The buttons at the right stand in this system's order.
    """

    clicked = Signal(QAbstractButton)

    def __init__(self, dialog: QDialog) -> None:
        super().__init__(dialog)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.px(8))
        self._row.addStretch()
        self._box = QDialogButtonBox(self)
        self._row.addWidget(self._box)
        self._box.clicked.connect(self.clicked)
        self._box.accepted.connect(dialog.accept)
        self._box.rejected.connect(dialog.reject)
        self._asides = 0

    def add_aside(self, text: str, name: str) -> QPushButton:
        """Add a button that does not close the dialog."""
        button = self._make(text, name)
        button.setAutoDefault(False)
        self._row.insertWidget(self._asides, button)
        self._asides += 1
        return button

    def add_note(self, note: QWidget) -> None:
        """Let text stand at the left, with all the room there is."""
        self._row.insertWidget(self._asides, note, 1)

    def add(self, text: str, role: QDialogButtonBox.ButtonRole, name: str) -> QPushButton:
        """Add a button that closes the dialog; the one that accepts is the default."""
        button = self._make(text, name)
        accepts = role == Role.AcceptRole
        if accepts:
            # Before it gets into the row, where the style reads it once and for all.
            button.setProperty("kind", "primary")
        self._box.addButton(button, role)
        button.setAutoDefault(accepts or role == Role.RejectRole)
        button.setDefault(accepts)
        if accepts:
            button.setFocus()
        return button

    def _make(self, text: str, name: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setIcon(QIcon())
        # By Tab, not by the mouse: after a click Enter still means the default button.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button


def room(dialog: QDialog) -> QSize:
    """The largest size that a dialog may have on its screen, with its title bar."""
    return dialog.screen().availableGeometry().size() - QSize(24, 60)


def fit_to_screen(dialog: QDialog, width: int, height: int) -> None:
    """Give a dialog this size, or what its screen has room for."""
    dialog.resize(QSize(width, height).boundedTo(room(dialog)))
