"""What stands under a column of knobs: meter, mute and solo; and the neuron's thumbnail."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFont,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from mixer_nn.state.listening import Listening
from mixer_nn.ui import theme
from mixer_nn.ui.controls.ground import set_on_panel
from mixer_nn.ui.controls.meter import Meter
from mixer_nn.ui.mixer.thumbnails import Thumbnail

GAP = 2
WIDEST_BUTTON = 28
ROOM_FOR_BOTH = 40
"""Width of a column from which solo has a button too; below that it is in the channel's menu."""


class ChannelButton(QAbstractButton):
    """A letter that is pressed in or not, quick to paint; by Tab, not by a click, it has focus."""

    def __init__(self, letter: str, fill: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._fill = fill
        self.setText(letter)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(WIDEST_BUTTON), theme.px(18))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, on = theme.current(), self.isChecked()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        lit = self.underMouse() or self.isDown()
        fill = getattr(colours, self._fill) if on else colours.raised_hover if lit else ""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            focus = self.hasFocus()
            edge = colours.accent if focus else fill if on else colours.line
            painter.setPen(QPen(QColor(edge), 2.0 if focus else 1.0))
            painter.setBrush(QColor(fill or colours.raised))
            painter.drawRoundedRect(box, 4.0, 4.0)
            weight = QFont.Weight.Bold if on else QFont.Weight.DemiBold
            painter.setFont(theme.ui_font(12, weight))
            painter.setPen(QColor(colours.on_accent if on else colours.dim))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class ChannelFoot(QWidget):
    """The foot of one neuron's column. `menu_asked` carries its layer, number and the place.

    Its `thumbnail` stands wherever the matrix, whose child it is, has room for it.
    """

    menu_asked = Signal(int, int, QPoint)

    def __init__(self, listening: Listening, parent: QWidget) -> None:
        super().__init__(parent)
        self._listening = listening
        self.layer = self.neuron = 1
        self._hidden = False
        self.thumbnail = Thumbnail(parent)
        self.meter = Meter(self)
        set_on_panel(self.meter)
        self.mute = ChannelButton("M", "danger", self)
        self.solo = ChannelButton("S", "accent_fill", self)
        self.mute.toggled.connect(self._on_muted)
        self.solo.toggled.connect(self._on_soloed)

    def rewire(self, layer: int, neuron: int, *, hidden: bool) -> None:
        """Stand under a neuron, both counted from 1; only hidden ones can be muted."""
        self.layer, self.neuron, self._hidden = layer, neuron, hidden
        name = f"layer{layer}.neuron{neuron}"
        self.setObjectName(f"{name}.foot")
        for part, widget in self.parts.items():
            widget.setObjectName(f"{name}.{part}")
        self.meter.setAccessibleName(f"activity of neuron {neuron}")
        where = f"neuron {neuron} of layer {layer}"
        self.mute.setAccessibleName(f"mute {where}")
        self.mute.setToolTip("Mute: hear the network without this neuron; training goes on with it")
        self.solo.setAccessibleName(f"solo {where}")
        self.solo.setToolTip(
            "Solo: hear only this neuron of its layer; training goes on with all of them"
        )
        self.read()
        self._place()

    @property
    def parts(self) -> dict[str, QWidget]:
        """What it is made of, by the last part of the object name."""
        return {
            "thumbnail": self.thumbnail,
            "meter": self.meter,
            "mute": self.mute,
            "solo": self.solo,
        }

    def read(self) -> None:
        """Show whether the neuron is muted or soloed."""
        for button, on in (
            (self.mute, self._listening.is_muted(self.layer, self.neuron)),
            (self.solo, self._listening.is_soloed(self.layer, self.neuron)),
        ):
            if button.isChecked() != on:
                button.blockSignals(True)
                button.setChecked(on)
                button.blockSignals(False)

    def _on_muted(self, muted: bool) -> None:
        self._listening.mute(self.layer, self.neuron, muted)

    def _on_soloed(self, soloed: bool) -> None:
        self._listening.solo(self.layer, self.neuron, soloed)

    def set_tab_stop(self, stop: bool) -> None:
        """Let Tab come to its buttons, or not."""
        policy = Qt.FocusPolicy.TabFocus if stop else Qt.FocusPolicy.NoFocus
        self.mute.setFocusPolicy(policy)
        self.solo.setFocusPolicy(policy)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # The buttons leave it to what they stand on; so the Menu key on one of them comes here.
        self.menu_asked.emit(self.layer, self.neuron, event.globalPos())

    # -- its size -----------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        wide, meter = self.width() - 2, self.meter.sizeHint().height()
        self.meter.setGeometry(1, GAP, wide, meter)
        self._place_buttons(QRect(1, 2 * GAP + meter, wide, theme.px(18)))

    def _place_buttons(self, line: QRect) -> None:
        both = self._hidden and line.width() + 2 >= theme.px(ROOM_FOR_BOTH)
        self.mute.setVisible(self._hidden)
        self.solo.setVisible(both)
        count = 2 if both else 1
        each = min((line.width() - GAP * (count - 1)) // count, theme.px(WIDEST_BUTTON))
        left = line.left() + (line.width() - count * each - GAP * (count - 1)) // 2
        self.mute.setGeometry(left, line.top(), each, line.height())
        if both:
            self.solo.setGeometry(left + each + GAP, line.top(), each, line.height())
