"""A hot-cue pad: a square key with a letter that keeps something, or waits for it."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.controls.gestures import held
from mixer_nn.ui.controls.knob_face import faded
from mixer_nn.ui.theme import Theme

_SIDE, _LEAST, _INSET, _CORNER = 44, 26, 4, 6.0
_NONE, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OWN_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Select, *_ENTER, Qt.Key.Key_Menu)


class Pad(QAbstractButton):
    """A pad that is empty, full, or full and the one in force (`is_current`).

    A plain click is `chosen`, a click with Shift `store_asked`, of the mouse and of Space or Enter
    alike; a right click or the Menu key is `menu_asked` with a point of the screen. What a click
    does to an empty pad is the owner's to say. By Tab, not by a click, it takes the focus.
    """

    chosen = Signal()
    store_asked = Signal()
    menu_asked = Signal(QPoint)

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(letter)
        self._full = self._current = False
        self._name = self._detail = self._words = ""
        self._shift = False  # at the press that may become a click
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._on_clicked)
        self._describe()

    # -- what the program sets: all silent --

    @property
    def is_full(self) -> bool:
        """Whether it keeps something."""
        return self._full

    @property
    def is_current(self) -> bool:
        """Whether what it keeps is what is in force now."""
        return self._current

    def set_content(self, name: str, detail: str, words: str = "") -> None:
        """Fill it: a name, which may be empty, and a short detail, shown where there is room.

        `words` say in the tooltip, and to a screen reader, what the detail is, and may say more.
        """
        self._set((True, self._current, name, detail, words or detail))

    def set_empty(self) -> None:
        """Empty it."""
        self._set((False, False, "", "", ""))

    def set_current(self, current: bool) -> None:
        """Say whether what it keeps is what is in force now; an empty one never is."""
        self._set((self._full, current and self._full, self._name, self._detail, self._words))

    def _set(self, state: tuple[bool, bool, str, str, str]) -> None:
        if state != (self._full, self._current, self._name, self._detail, self._words):
            self._full, self._current, self._name, self._detail, self._words = state
            self._describe()
            self.update()

    def _describe(self) -> None:
        content = ", ".join(filter(None, (self._name, self._words))) or "full"
        state = f"{content}{', current' if self._current else ''}" if self._full else "empty"
        title = f"hot cue {self.text()}"
        self.setAccessibleName(f"{title}, {state}")
        use = "Click to go there, Shift+click to store anew" if self._full else "Click to store"
        self.setAccessibleDescription(f"snapshot of the parameters. {use}")
        self.setToolTip(
            f"Snapshot of the parameters, {title}: {state}\n{use}; right click for more"
        )

    # -- what the hand does --

    def _on_clicked(self) -> None:
        shift, self._shift = self._shift, False
        (self.store_asked if shift else self.chosen).emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._shift = held(event.modifiers()) == _SHIFT
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._shift = False  # also where it was let go beside the pad

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._shift = False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._is_own(event):
                event.accept()
                return True
        elif event.type() in (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.EnabledChange):
            self.update()
        return super().event(event)

    @staticmethod
    def _is_own(event: QKeyEvent) -> bool:
        modifiers = held(event.modifiers())
        if event.key() == Qt.Key.Key_F10:
            return modifiers == _SHIFT
        return event.key() in _OWN_KEYS and modifiers in (_NONE, _SHIFT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._is_own(event) or event.isAutoRepeat():
            super().keyPressEvent(event)
            return
        self._shift = held(event.modifiers()) == _SHIFT
        if event.key() in _ENTER:
            self.click()
        elif event.key() in (Qt.Key.Key_Menu, Qt.Key.Key_F10):
            self._shift = False
            self._ask_menu()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self.menu_asked.emit(event.globalPos())
        else:
            self._ask_menu()

    def _ask_menu(self) -> None:
        self.menu_asked.emit(self.mapToGlobal(self.rect().center()))

    # -- how it looks --

    def sizeHint(self) -> QSize:
        return QSize(theme.px(_SIDE), theme.px(_SIDE))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(_LEAST), theme.px(_LEAST))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if not self.isEnabled():
                painter.setOpacity(0.45)
            self._draw_key(painter, box, colours)
            if self._current:
                self._draw_current(painter, box, colours)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(colours.accent), 2.0))
                painter.drawRoundedRect(box, _CORNER, _CORNER)
            self._draw_words(painter, colours)

    def _draw_key(self, painter: QPainter, box: QRectF, colours: Theme) -> None:
        lit = self.isEnabled() and (self.underMouse() or self.isDown())
        if not self._full:
            # A hole: a broken line round it, and nothing that stands up.
            pen = QPen(QColor(colours.faint), 1.0)
            pen.setDashPattern([3.0, 3.0])
            painter.setPen(pen)
            painter.setBrush(QColor(colours.raised_hover if lit else colours.raised))
            painter.drawRoundedRect(box, _CORNER, _CORNER)
            return
        body = QLinearGradient(box.topLeft(), box.bottomLeft())
        high, low = QColor(colours.handle_high), QColor(colours.handle_low)
        high, low = (low, high) if self.isDown() else (high, low)
        body.setColorAt(0.0, high.lighter(112) if lit else high)
        body.setColorAt(1.0, low.lighter(108) if lit else low)
        painter.setPen(QPen(QColor(colours.face_edge), 1.0))
        painter.setBrush(body)
        painter.drawRoundedRect(box, _CORNER, _CORNER)
        painter.setPen(QPen(faded(colours.face_shine, 0.22), 1.0))
        painter.drawLine(
            box.topLeft() + QPointF(_CORNER, 1.0), box.topRight() + QPointF(-_CORNER, 1.0)
        )

    def _draw_current(self, painter: QPainter, box: QRectF, colours: Theme) -> None:
        """A frame, within that of the focus."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.text), 2.0))
        inner = box.adjusted(2.5, 2.5, -2.5, -2.5) if self.hasFocus() else box
        painter.drawRoundedRect(inner, _CORNER - 1.0, _CORNER - 1.0)

    def _draw_words(self, painter: QPainter, colours: Theme) -> None:
        painter.setPen(QColor(colours.text if self._full else colours.dim))
        lines = self._lines()
        heights = [QFontMetrics(font).height() for _, font in lines]
        top = (self.height() - sum(heights)) / 2.0
        for (text, font), height in zip(lines, heights, strict=True):
            painter.setFont(font)
            line = QRectF(0.0, top, self.width(), height)
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)
            top += height

    def _lines(self) -> list[tuple[str, QFont]]:
        """The letter, and under it whatever of name and detail there is room for."""
        lines = [(self.text(), theme.ui_font(15, QFont.Weight.Bold))]
        wide = self.width() - 2 * _INSET
        room = self.height() - 2 * _INSET - QFontMetrics(lines[0][1]).height()
        for text, font in ((self._detail, theme.mono_font(12)), (self._name, theme.ui_font(12))):
            metrics = QFontMetrics(font)
            if text and metrics.height() <= room and metrics.horizontalAdvance(text) <= wide:
                lines.append((text, font))
                room -= metrics.height()
        return lines
