"""One quiet line while somebody looks back: where we are, and the way back to now."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.numbers import count
from mixer_nn.ui.writing import set_kind

_GAP, _LEAST = 10, 120

END = "This is the end of the record. S takes a step."


def sentences(place: int, last: int) -> tuple[str, ...]:
    """What to say at a move of the past, the shortest last."""
    where = f"Move {count(place)} of {count(last)}"
    return (
        f"{where}, in the past: turn a knob or press Auto-mix to go on from here",
        f"{where}, in the past",
        where,
    )


class VisitLine(QWidget):
    """The longest sentence that there is room for, and the button.

    They are placed by hand: a sentence that changes in every frame is not to lay out the window
    anew each time.
    """

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.label = QLabel(self)
        self.label.setObjectName("visitText")
        self.back = QPushButton("Back to now", self)
        self.back.setObjectName("backToNow")
        self.back.setProperty("kind", "line")
        tip = "Leave the past as it was and go back to where the run stands (Esc)"
        self.back.setToolTip(tip)
        self.back.setAccessibleName(f"Back to now: {tip}")
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.back.clicked.connect(bench.scrubbing.back_to_now)
        self._dress()

    def read(self) -> None:
        """Say where we are."""
        desk, metrics = self._bench.desk, self.label.fontMetrics()
        said = sentences(desk.place, desk.history.last)
        fitting = (text for text in said if metrics.horizontalAdvance(text) <= self._room)
        text = next(fitting, said[-1])
        if text != self.label.text():
            self.label.setText(text)

    @property
    def _room(self) -> int:
        return self.width() - self.back.width() - theme.px(_GAP)

    def _dress(self) -> None:
        self.label.setFont(theme.ui_font(13))
        set_kind(self.label, "accent")
        # No higher than a line of text, or the mixer would be laid out anew.
        self.back.setFont(theme.ui_font(12))
        hint = self.back.sizeHint()
        self.back.resize(hint.width(), max(hint.height(), self.label.fontMetrics().height()))
        self.updateGeometry()
        self._place()

    def _place(self) -> None:
        self.label.setGeometry(0, 0, max(self._room, 0), self.height())
        across = self.width() - self.back.width()
        self.back.move(across, (self.height() - self.back.height()) // 2)

    def sizeHint(self) -> QSize:
        return QSize(self.back.width() + theme.px(4 * _LEAST), self.back.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.back.width() + theme.px(_GAP + _LEAST), self.back.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        self.read()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "back"):
            self._dress()
