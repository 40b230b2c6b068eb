"""The large button: Auto-mix, or pause, with what it does written under it."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from mixer_nn.ui import theme


class AutoMixButton(QPushButton):
    """A button of two lines: the action, and who does it with which key."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("autoMix")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._title = self._line = ""
        self._slim = False
        self.set_state(playing=False, who="gradient descent")

    def set_state(self, *, playing: bool, who: str, past: bool = False) -> None:
        """Say what a press does now; `who` is the optimizer's name, `past` that we look back."""
        self._title = "PAUSE" if playing else "AUTO-MIX"
        self._line = "go on from here · Space" if past else f"{who} · Space"
        self.setAccessibleName(f"{'Pause' if playing else 'Auto-mix'}: {who}")
        self.setToolTip(
            "Stop turning; nothing moves by that (Space)"
            if playing
            else f"Let {who} turn every knob that is neither locked nor in your hand (Space)"
        )
        kind = "running" if playing else "primary"
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
        self.update()

    def set_slim(self, slim: bool) -> None:
        """One line only, for low windows."""
        self._slim = slim
        grows = QSizePolicy.Policy.Fixed if slim else QSizePolicy.Policy.Expanding
        self.setSizePolicy(grows, QSizePolicy.Policy.Fixed)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(112 if self._slim else 176), theme.px(32 if self._slim else 68))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with QPainter(self) as painter:
            colour = QColor(theme.current().on_accent)
            painter.setPen(colour)
            painter.setFont(theme.ui_font(15 if self._slim else 18, QFont.Weight.Bold))
            if self._slim:
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._title)
                return
            middle = self.height() // 2
            upper = QRect(0, theme.px(10), self.width(), middle - theme.px(6))
            painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, self._title)
            painter.setFont(theme.ui_font(12))
            lower = QRect(0, middle + theme.px(4), self.width(), theme.px(18))
            painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, self._line)
