"""What all monitors share: a panel that follows the desk while it is seen, and rests otherwise."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mixer_nn.core.problem import Problem
from mixer_nn.state.automix import AutoMix
from mixer_nn.state.desk import Desk
from mixer_nn.state.readings import Readings
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.legend import Legend
from mixer_nn.ui.writing import heading_font

MOST_FRAMES_BEHIND = 4
"""Frames that a costly drawing may lag while the mix moves on: by Auto-mix, or by a hand on the
record."""

_DRESSING = (
    QEvent.Type.PaletteChange,
    QEvent.Type.StyleChange,
    QEvent.Type.FontChange,
    QEvent.Type.DevicePixelRatioChange,
)


class Lag:
    """Lets a costly drawing be redrawn every few frames while the mix moves on, else every time.

    Drawings of different `turn`, from 0, do not fall into the same frames.
    """

    def __init__(self, desk: Desk, automix: AutoMix, turn: int = 0) -> None:
        self._desk, self._automix, self._turn = desk, automix, turn
        self._changes = self._drawn_at = self._asked_at = 0
        self.behind = False

    def expect(self) -> None:
        """Something other than a step has changed: the next drawing must not wait."""
        self._changes = MOST_FRAMES_BEHIND

    def is_due(self) -> bool:
        """Whether to draw what has changed in this frame; asked at every change.

        At a slow tempo, with frames between the steps, every step is drawn.
        """
        automix = self._automix
        if not automix.playing or automix.frames != self._asked_at:
            self._changes, self._asked_at = self._changes + 1, automix.frames
        behind = max(self._changes, automix.frames - self._drawn_at)
        by_itself = automix.moving and not self._desk.touched
        due = not by_itself or behind >= MOST_FRAMES_BEHIND
        self.behind = not due
        if due:
            late = (automix.frames - self._turn) % MOST_FRAMES_BEHIND
            self._changes, self._drawn_at = 0, automix.frames - late
        return due


class LiveView(QFrame):
    """A titled panel. A subclass builds its parts in `__init__`, and ends that with `refresh`.

    `_rewire` sets up for another problem, `_read` sets everything else from the desk, `_dress`
    puts on colours. Out of sight nothing is read: the view notes that it is stale, and catches
    up when it is about to be seen.
    """

    def __init__(
        self, title: str, desk: Desk, readings: Readings, parent: QWidget | None = None
    ) -> None:
        self._is_made = False
        super().__init__(parent)
        self._desk, self._readings = desk, readings
        self._stale = self._rewired = True
        self._wired_for: Problem | None = None
        self._dressed_as: tuple[object, ...] | None = None
        self.setProperty("panel", True)
        self.title = QLabel(title.upper(), self)
        self.title.setProperty("kind", "heading")
        self.legend = Legend(self)
        self.note = QLabel(self)
        self.read_out = FootLine(self)
        self._lay_out()
        desk.rewired.connect(self._note_rewired)
        desk.changed.connect(self.look_again)

    def _lay_out(self) -> None:
        self.note.setProperty("kind", "dim")
        self.note.hide()
        self.note.setWordWrap(True)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(self.title)
        self.head.addWidget(self.legend, 1)
        self.body = QHBoxLayout()
        self.body.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 10, 8)
        column.setSpacing(2)
        column.addLayout(self.head)
        column.addWidget(self.note)
        column.addLayout(self.body, 1)
        column.addWidget(self.read_out)

    # -- what a subclass does -----------------------------------------------------------------

    def _rewire(self) -> None:
        """Set up for the desk's problem."""

    def _read(self) -> None:
        """Set everything from the desk."""

    def _dress(self) -> None:
        """Put on the theme's colours and fonts."""

    # -- when ---------------------------------------------------------------------------------

    @property
    def is_in_sight(self) -> bool:
        """Whether any of it can be seen."""
        return (
            self.isVisible()
            and not self.visibleRegion().isEmpty()
            and not self.window().isMinimized()
        )

    def look_again(self) -> None:
        """Something has changed: read it now if anyone can see it, else later."""
        self._stale = True
        if self.is_in_sight:
            self.refresh()

    def _note_rewired(self) -> None:
        self._rewired = self._stale = True

    @property
    def _is_for_another(self) -> bool:
        """Whether what is set up is for another problem than the desk has now.

        The desk says so once a frame; whoever looks before that must not be shown a mixture.
        """
        return self._rewired or self._wired_for is not self._desk.mix.problem

    def refresh(self) -> None:
        """Show the desk as it is."""
        self._is_made = True
        self._change_dress()
        self._stale = False
        if self._is_for_another:
            self._rewired, self._wired_for = False, self._desk.mix.problem
            self._rewire()
        self._read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale and self.is_in_sight:
            self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        # Scrolled into sight, uncovered, or drawn into a picture: the parts are painted after this.
        if self._stale:
            self.refresh()
        super().paintEvent(event)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() in _DRESSING and self._is_made:
            self._change_dress()
            self._set_fonts()
        return handled

    def _change_dress(self) -> None:
        wanted = (theme.current().name, theme.zoom(), self.devicePixelRatioF())
        if self._dressed_as != wanted:
            self._dressed_as = wanted
            self._set_fonts()
            self._dress()

    def _set_fonts(self) -> None:
        # Again at every change of style: another style sheet takes fonts back.
        self.title.setFont(heading_font())
        self.note.setFont(theme.ui_font(12))
        self.read_out.setFont(theme.ui_font(12.5))


class FootLine(QLabel):
    """The line under a plot. It never asks for more room than there is.

    At rest it says what the axis counts (`set_title`), dimmed; `tell` puts something in its place
    until `rest`.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._titles: tuple[str, ...] = ("",)
        self._told: str | None = None
        self._margins = (0, 0)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("kind", "dim")

    @property
    def full_text(self) -> str:
        """What it says, or would say if there were room."""
        return self._titles[0] if self._told is None else self._told

    def set_title(self, *texts: str) -> None:
        """What it says at rest: the first of `texts` that there is room for."""
        if texts != self._titles:
            self._titles = texts
            self._write()

    def set_place(self, left: float, right: float) -> None:
        """At rest, stand under what begins and ends so far from the sides."""
        self._margins = round(left), round(right)
        self._write()

    def tell(self, text: str) -> None:
        """Say something for now."""
        if text != self._told:
            self._told = text
            self._write()

    def rest(self) -> None:
        """Say what it says at rest."""
        self._told = None
        self._write()

    def _write(self) -> None:
        left, right = self._margins if self._told is None else (0, 0)
        self.setContentsMargins(left, 0, right, 0)
        kind = "dim" if self._told is None else "told"
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
        metrics, room = self.fontMetrics(), max(self.contentsRect().width() - 2, 0)
        texts = self._titles if self._told is None else (self._told,)
        fitting = (text for text in texts if metrics.horizontalAdvance(text) <= room)
        text = next(fitting, texts[-1])
        self.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
        self.setAccessibleName(self.full_text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()
