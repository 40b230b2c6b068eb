"""One line that meets a person where they are: a hint, or how the last run ended and what next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from mixer_nn.core.segment import Stop
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.wording import ANSWER_HINT, ARROWS_HINT, hint, outcome_text


class MessageStrip(QWidget):
    """Shows the latest outcome, or a hint; its button does the one thing that follows from it."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self._bench = bench
        self._make()
        bench.automix.changed.connect(self.read)
        bench.guidance.changed.connect(self.read)
        bench.desk.rewired.connect(self.read)
        bench.desk.undo_changed.connect(self.read)
        self._notice = ""
        self.read()

    def _make(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(10))
        self.label = QLabel(self)
        self.label.setObjectName("messageText")
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.again = QPushButton("Try by hand from the same start", self)
        self.again.setObjectName("tryByHand")
        self.again.setToolTip("Put the knobs where Auto-mix began, and beat it by ear")
        self.back = QPushButton("Bring back the last good mix", self)
        self.back.setObjectName("bringBack")
        self.back.setToolTip("The mix with the lowest loss before it diverged")
        for button in (self.again, self.back):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.again.clicked.connect(self._on_again)
        self.back.clicked.connect(self._bench.automix.bring_back_best)
        row.addWidget(self.label, 1)
        row.addWidget(self.again)
        row.addWidget(self.back)

    def notify(self, text: str) -> None:
        """Show a sentence until something else happens."""
        self._notice = text
        self._show(text, "hint")

    def read(self) -> None:
        """Show what fits the moment."""
        self._notice = ""
        bench = self._bench
        outcome = bench.automix.outcome
        stop = None if outcome is None else outcome.stop
        self.again.setVisible(stop in (Stop.SETTLED, Stop.PLATEAU))
        self.back.setVisible(stop is Stop.DIVERGED)
        if outcome is not None:
            text = outcome_text(outcome, self._is_still_steep())
            kind = "danger" if stop is Stop.DIVERGED else "hint"
        elif bench.guidance.answer:
            text, kind = ANSWER_HINT, "dim"
        elif bench.guidance.arrows:
            text, kind = ARROWS_HINT, "dim"
        else:
            text, kind = hint(bench.desk.mix), ""
        self._show(text, kind)

    def _is_still_steep(self) -> bool:
        bench = self._bench
        free = ~bench.desk.mix.locked
        return bool((bench.readings.strength[free] > 0.0).any())

    def _show(self, text: str, kind: str) -> None:
        self.label.setText(text)
        if self.label.property("kind") != kind:
            self.label.setProperty("kind", kind)
            self.label.style().unpolish(self.label)
            self.label.style().polish(self.label)

    def _on_again(self) -> None:
        self._bench.guidance.show_answer(False)
        self._bench.automix.try_by_hand()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "label"):
            self.label.setFont(theme.ui_font(13))
