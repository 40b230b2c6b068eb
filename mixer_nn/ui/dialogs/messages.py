"""One clear sentence to a person, and the one question whether to save.

`tell` returns at once and its dialog closes itself; a test finds the dialog as the window's child
(or takes what `tell` returns) and presses its buttons. `ask_to_save` has to wait for the answer,
because a closing window needs it before it may go on; a test puts a call in the queue first
(``QTimer.singleShot(0, press)``) whose ``press`` works on `QApplication.activeModalWidget()`, or
makes a `SaveQuestion`, shows it, and reads its `answer`.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QDialog, QPlainTextEdit, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.dialogs.frame import Buttons, Role, column, reading, room, sentence

Answer = Literal["save", "discard", "cancel"]

_WIDTH = 460
_WIDE = 640
_ANSWERS: dict[str, Answer] = {"save": "save", "discard": "discard", "cancel": "cancel"}


class Message(QDialog):
    """A sentence, details that can be opened and copied, and a button that closes it."""

    def __init__(self, parent: QWidget | None, text: str, details: str = "") -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.setWindowTitle("Mixer NN")
        self.setAccessibleName(text)
        layout = column(self)
        self._sentence = sentence(text, self)
        layout.addWidget(self._sentence)
        self._details = reading(details, self, "details")
        self._details.setAccessibleName("Details")
        self._details.setMinimumHeight(theme.px(150))
        self._details.hide()
        layout.addWidget(self._details, 1)
        layout.addStretch()
        self.buttons = Buttons(self)
        layout.addWidget(self.buttons)
        if details:
            more = self.buttons.add_aside("Details", "showDetails")
            more.setCheckable(True)
            more.toggled.connect(self._show_details)
            copy = self.buttons.add_aside("Copy details", "copyDetails")
            copy.clicked.connect(self.copy_details)
        self.add_closing_buttons()

    def add_closing_buttons(self) -> None:
        """Put the buttons that close it in the row; a subclass may offer more than OK."""
        self.buttons.add("OK", Role.AcceptRole, "ok")

    @property
    def text(self) -> str:
        """The sentence."""
        return self._sentence.text()

    @property
    def details(self) -> QPlainTextEdit:
        """The field with the details."""
        return self._details

    def copy_details(self) -> None:
        """Put the sentence and the details on the clipboard."""
        text = f"{self.text}\n\n{self._details.toPlainText()}"
        QGuiApplication.clipboard().setText(text)

    def _show_details(self, shown: bool) -> None:
        self._details.setVisible(shown)
        self._fit()

    def _fit(self) -> None:
        """Be as wide as is good to read, and as tall as that makes it."""
        wanted = theme.px(_WIDE if self._details.isVisible() else _WIDTH)
        width = max(min(wanted, room(self).width()), self.minimumSizeHint().width())
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(width, min(layout.totalHeightForWidth(width), room(self).height()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()


def tell(parent: QWidget | None, text: str, details: str = "") -> Message:
    """Show a sentence over `parent` and return at once; the dialog deletes itself when closed."""
    message = Message(parent, text, details)
    message.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    message.open()
    return message


class SaveQuestion(QDialog):
    """Whether to save, discard or go back; `answer` is "cancel" until a button says otherwise."""

    def __init__(self, parent: QWidget | None, name: str) -> None:
        super().__init__(parent)
        self.setObjectName("saveQuestion")
        self.setWindowTitle("Mixer NN")
        self.answer: Answer = "cancel"
        layout = column(self)
        shown = name if len(name) <= 60 else f"{name[:59]}…"
        heading = sentence(f"Save the changes to “{shown}”?", self, 15)
        self.setAccessibleName(heading.text())
        layout.addWidget(heading)
        layout.addWidget(sentence("Without saving they are lost.", self, 13, "consequence"))
        layout.addStretch()
        buttons = Buttons(self)
        buttons.add("Save", Role.AcceptRole, "save")
        buttons.add("Don’t save", Role.DestructiveRole, "discard")
        buttons.add("Cancel", Role.RejectRole, "cancel")
        buttons.clicked.connect(self._on_clicked)
        layout.addWidget(buttons)
        self.setMinimumWidth(theme.px(_WIDTH))

    def _on_clicked(self, button: QAbstractButton) -> None:
        # Comes before the row's own `accepted` and `rejected`, which close the dialog.
        self.answer = _ANSWERS[button.objectName()]
        if self.answer == "discard":
            self.accept()


def ask_to_save(parent: QWidget | None, name: str) -> Answer:
    """Ask whether to save the mix called `name`, and wait; Esc and closing mean "cancel"."""
    question = SaveQuestion(parent, name)
    question.exec()
    answer = question.answer
    question.deleteLater()
    return answer
