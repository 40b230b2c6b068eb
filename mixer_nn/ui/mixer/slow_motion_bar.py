"""The caption of a step in slow motion, and the buttons that go through its phases."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFont, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from mixer_nn.ui import keys, theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.player_button import PlayerButton
from mixer_nn.ui.mixer.slow_words import caption

LEAST_CAPTION = 240
"""Width that the caption keeps."""


class SlowMotionBar(QWidget):
    """Stands where the messages stand, while a step is under way in slow motion.

    Its height is that of the longest caption, so that nothing moves from phase to phase.
    """

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("slowMotion")
        self.setAccessibleName("One step in slow motion")
        self._bench, self._slow = bench, bench.slow_motion
        self._make()
        self._lay_out()
        self._fonts()
        self._slow.changed.connect(self.read)
        self.read()

    def _make(self) -> None:
        slow = self._slow
        self.first = self._button("first", "slowFirst", "Back to the first phase")
        self.back = self._button("back", "slowBack", "The phase before", "slowMotionBack")
        self.play = self._button("pause", "slowPlay", "Stay in this phase")
        self.next = self._button("next", "slowNext", "The next phase", "slowMotion")
        self.leave = self._button("leave", "slowLeave", "Leave slow motion", "leaveShowing")
        self.slower = self._button("slower", "slowSlower", "Slower: each phase lasts longer")
        self.faster = self._button("faster", "slowFaster", "Faster: each phase is shorter")
        for button, slot in (
            (self.first, slow.back_to_first),
            (self.back, slow.back),
            (self.play, slow.toggle),
            (self.next, slow.next),
            (self.leave, slow.cancel),
            (self.slower, slow.slower),
            (self.faster, slow.faster),
        ):
            button.clicked.connect(slot)
        self.phase, self.caption, self.pace = QLabel(self), QLabel(self), QLabel(self)
        self.phase.setObjectName("slowPhase")
        self.phase.setProperty("kind", "accent")
        self.caption.setObjectName("slowCaption")
        self.caption.setWordWrap(True)
        self.caption.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.pace.setObjectName("slowPace")
        self.pace.setProperty("kind", "dim")
        self.pace.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pace.setToolTip("Seconds for each phase while it plays")

    def _button(self, sign: str, name: str, tip: str, action: str = "") -> PlayerButton:
        button = PlayerButton(sign, self)
        button.setObjectName(name)
        button.setAccessibleName(tip)
        button.setToolTip(f"{tip} ({keys.label(keys.entry(action))})" if action else tip)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(4))
        for button in (self.first, self.back, self.play, self.next):
            row.addWidget(button)
        row.addSpacing(theme.px(8))
        row.addWidget(self.phase)
        row.addSpacing(theme.px(8))
        row.addWidget(self.caption, 1)
        row.addSpacing(theme.px(8))
        for widget in (self.slower, self.pace, self.faster):
            row.addWidget(widget)
        row.addSpacing(theme.px(8))
        row.addWidget(self.leave)

    def _fonts(self) -> None:
        self.phase.setFont(theme.ui_font(13, QFont.Weight.DemiBold))
        self.caption.setFont(theme.ui_font(13))
        self.pace.setFont(theme.mono_font(12))
        self.pace.setFixedWidth(self.pace.fontMetrics().horizontalAdvance("0.0 s") + 2)
        self._hold()

    def read(self) -> None:
        """Show the present phase; costs nothing while slow motion is off."""
        slow, phase, step = self._slow, self._slow.phase, self._slow.step
        if phase is None or step is None:
            return
        self.pace.setText(f"{slow.pace / 1000.0:.1f} s")
        self.play.set_sign("pause" if slow.playing else "play")
        tip = "Stay in this phase" if slow.playing else "Go on by itself"
        self.play.setAccessibleName(tip)
        self.play.setToolTip(tip)
        for button in (self.first, self.back):
            button.setEnabled(slow.place > 0)
        self.slower.setEnabled(not slow.is_slowest)
        self.faster.setEnabled(not slow.is_fastest)
        self._hold()
        self.phase.setText(self._title)
        self._say(caption(phase, step, self._bench.readings.loss))

    @property
    def _title(self) -> str:
        """``Forward 2/7``: the phase, and which of how many it is."""
        slow = self._slow
        name = "" if slow.stage is None else slow.stage.value.capitalize()
        return f"{name} {slow.place + 1}/{len(slow.phases)}"

    def _say(self, text: str) -> None:
        if text != self.caption.text():
            self.caption.setText(text)
            self.caption.setAccessibleName(f"{self._title}: {text}")
            event = QAccessibleEvent(self.caption, QAccessible.Event.NameChanged)
            QAccessible.updateAccessibility(event)

    # -- its size -----------------------------------------------------------------------------

    def _hold(self) -> None:
        """Keep room for the longest of this step's titles and captions."""
        slow, step = self._slow, self._slow.step
        if step is None:
            return
        longest = f"Backward {len(slow.phases)}/{len(slow.phases)}"
        self.phase.setFixedWidth(self.phase.fontMetrics().horizontalAdvance(longest) + 4)
        metrics, width = self.caption.fontMetrics(), self.caption.width()
        if width < theme.px(LEAST_CAPTION):
            return  # not laid out yet: a resize will follow
        wraps = Qt.TextFlag.TextWordWrap
        tallest = max(
            metrics.boundingRect(
                0, 0, width, 1000, wraps, caption(phase, step, step.whole_loss)
            ).height()
            for phase in slow.phases
        )
        self.caption.setFixedHeight(max(tallest, theme.px(26)) + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._hold()

    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        return QSize(size.width() + theme.px(LEAST_CAPTION), size.height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "caption"):
            self._fonts()
