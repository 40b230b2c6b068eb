"""The offer of work that a killed window has left behind: a sentence, and what to do with it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from mixer_nn.session.recovery import Work
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench

LEAST_SENTENCE = 200
"""Width that the sentence keeps; its whole text is the tooltip too."""


class RecoveryLine(QWidget):
    """Stands where the messages stand, as long as there is an offer and nothing more urgent."""

    open_asked = Signal()

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recovery")
        self.setAccessibleName("Work that was not saved")
        self._recovery = bench.recovery
        self.label = QLabel(self)
        self.label.setObjectName("recoveryText")
        self.label.setWordWrap(True)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(10))
        row.addWidget(self.label, 1)
        for text, name, tip, slot in (
            ("Open", "recoveryOpen", "Open it as an unsaved mix beside the saved file", self._open),
            ("Discard", "recoveryDiscard", "Delete it for good", self._recovery.discard),
            ("Later", "recoveryLater", "Offer it again at the next start", self._recovery.later),
        ):
            button = QPushButton(text, self)
            button.setObjectName(name)
            button.setToolTip(tip)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(slot)
            row.addWidget(button)
        self.read()

    def read(self) -> None:
        """Show the present offer."""
        work = self._recovery.offer
        text = "" if work is None else sentence(work, datetime.now())
        self.label.setText(text)
        self.label.setToolTip(text)

    def _open(self) -> None:
        self.open_asked.emit()

    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        return QSize(size.width() + theme.px(LEAST_SENTENCE), size.height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "label"):
            self.label.setFont(theme.ui_font(13))


def sentence(work: Work, now: datetime) -> str:
    """What is offered: from when it is, which mix it was, and how large its network is."""
    note = work.note
    sizes = "-".join(str(size) for size in work.saved.mix.network.sizes)
    when, what = _when(note.time, now), f"{note.name}, {sizes}"
    return f"Work from {when} that was not saved is still here ({what})."


def _when(seconds: float, now: datetime) -> str:
    """``14:32`` today, ``22 November, 14:32`` before; with the year where that is another."""
    try:
        then = datetime.fromtimestamp(seconds)
    except (OverflowError, OSError, ValueError):  # no time that this system knows
        return "an earlier start"
    clock = f"{then:%H:%M}"
    if then.date() == now.date():
        return clock
    year = "" if then.year == now.year else f" {then.year}"
    return f"{then.day} {MONTHS[then.month - 1]}{year}, {clock}"


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
