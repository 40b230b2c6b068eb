"""The sheet that a derivation is painted on: its places light up, and light the mixer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from mixer_nn.core.formula import Block, Place
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.maths_box import Setter, Spot
from mixer_nn.ui.monitors.maths_figures import rewrite, shape
from mixer_nn.ui.monitors.maths_page import LEFT, Page, Typesetter
from mixer_nn.ui.monitors.switch import Toggle

_WAYS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Left: -1,
}
_OWN_KEYS = {*_WAYS, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}


_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_INKS = ("text", "dim", "hint", "loss")

LEAD = 20
"""How far a text may reach above and below its baseline."""


class LayerSwitch(Toggle):
    """Unfolds a layer, or folds it."""

    def __init__(self, layer: int, title: str, parent: QWidget) -> None:
        super().__init__(title, f"{title}, neuron by neuron", parent)
        self.layer = layer
        self.setObjectName(f"maths.layer{layer}")
        self.setToolTip(
            f"{title}, neuron by neuron: the weighted sum z, the activation a, and δ = ∂L/∂z, which"
            " is made from the layer after it (backpropagation)"
        )


class MathsSheet(QWidget):
    """Paints blocks. Up and down go from place to place, Enter takes the parameter there.

    `pointed_out` carries the place under the pointer or the keys, or None. `taken` carries a place
    that was clicked, `fold_asked` a layer and whether to show it, `shown_at` where the keys are.
    """

    pointed_out = Signal(object)
    taken = Signal(object)
    fold_asked = Signal(int, bool)
    shown_at = Signal(QRectF)
    focused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mathsSheet")
        self.setAccessibleName("The chain rule, step by step")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self._blocks: tuple[Block, ...] = ()
        self._setter = Setter()
        self._shape: tuple[object, ...] = ()
        self._folds: dict[int, LayerSwitch] = {}
        self._lit: tuple[Place, ...] = ()
        self._pointed: Spot | None = None
        self.page = Page()

    # -- what is shown ------------------------------------------------------------------------

    def show_blocks(self, blocks: tuple[Block, ...], is_live: bool) -> None:
        """Show other numbers, or another derivation.

        Live, nothing but numbers moves for as long as there is room for them.
        """
        self._blocks = blocks
        before, self._shape = self._shape, shape(blocks)
        self._setter.is_live = is_live
        if not is_live:
            self._setter.slots.clear()
        if is_live and before == self._shape and rewrite(self.page, self._setter, blocks):
            self.update()
        else:
            self._typeset()

    def begin_anew(self) -> None:
        """Forget how wide numbers have been: another derivation or other fonts come."""
        self._setter, self._shape = Setter(), ()
        self._point_at(None)

    def light(self, *places: Place) -> None:
        """Light what stands for these places, because the mixer points at them."""
        if places != self._lit:
            self._lit = places
            self.update()

    @property
    def lit(self) -> tuple[Spot, ...]:
        """What is lit just now: under the pointer, or because the mixer points at it."""
        mine = () if self._pointed is None else (self._pointed,)
        return mine + tuple(spot for spot in self.page.spots if spot.place in self._lit)

    def _typeset(self) -> None:
        self._make_switches()
        self.page = Typesetter(self._setter, self.width(), self._flow_switches(0)).page(
            self._blocks
        )
        self._pointed = self._same_spot(self._pointed)
        height = round(self.page.height)
        if height != self.minimumHeight():
            self.setFixedHeight(height)
        if self.page.folds_at is not None:
            self._flow_switches(round(self.page.folds_at))
        self.update()

    def _same_spot(self, before: Spot | None) -> Spot | None:
        """The spot that stands now where one stood; numbers may have moved it a little."""
        if before is None:
            return None
        return self._spot_at(before.rect.center().x(), before.rect.center().y())

    def _make_switches(self) -> None:
        layers = {block.layer: block for block in self._blocks if block.layer is not None}
        if [*layers] != [*self._folds]:
            for switch in self._folds.values():
                switch.deleteLater()
            self._folds = {layer: LayerSwitch(layer, b.title, self) for layer, b in layers.items()}
            for switch in self._folds.values():
                switch.clicked.connect(self._on_fold)
                switch.show()
        for layer, block in layers.items():
            self._folds[layer].setChecked(not block.folded)

    def _flow_switches(self, top: int) -> int:
        """Put the switches for layers in lines from `top` on; returns how high that is."""
        x, y, height = theme.px(LEFT), top, 0
        for switch in self._folds.values():
            size = switch.sizeHint()
            if x + size.width() > self.width() and x > theme.px(LEFT):
                x, y = theme.px(LEFT), y + size.height() + 2
            switch.setGeometry(x, y, size.width(), size.height())
            x += size.width() + theme.px(5)
            height = y + size.height() - top
        return height

    def _on_fold(self, is_open: bool) -> None:
        switch = self.sender()
        if isinstance(switch, LayerSwitch):
            self.fold_asked.emit(switch.layer, is_open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._typeset()

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, seen = theme.current(), QRectF(event.rect())
        pens = {name: QPen(QColor(getattr(colours, name))) for name in _INKS}
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_lit(painter, colours)
            for rule in self.page.rules:
                painter.fillRect(rule, QColor(colours.faint))
            for ink in self.page.inks:
                if seen.top() - LEAD < ink.y < seen.bottom() + LEAD:
                    painter.setFont(self._setter.fonts[ink.hand])
                    painter.setPen(pens[ink.colour])
                    painter.drawText(QPointF(ink.x, ink.y), ink.text)

    def _paint_lit(self, painter: QPainter, colours: theme.Theme) -> None:
        painter.setPen(QPen(QColor(colours.accent), 1.5))
        painter.setBrush(QColor(colours.raised))
        # The wide ones first, so that a symbol shows in a row that is lit too.
        for spot in sorted(self.lit, key=lambda lit: -lit.rect.width()):
            painter.drawRoundedRect(spot.rect.adjusted(-1, 0, 1, 0), 4.0, 4.0)

    # -- pointing -----------------------------------------------------------------------------

    def _spot_at(self, x: float, y: float) -> Spot | None:
        """The smallest spot there."""
        found = [spot for spot in self.page.spots if spot.rect.contains(x, y)]
        return min(found, key=lambda spot: spot.rect.width(), default=None)

    def _point_at(self, spot: Spot | None) -> None:
        before, self._pointed = self._pointed, spot
        if (before and before.place) != (spot and spot.place):
            self.pointed_out.emit(None if spot is None else spot.place)
        if before != spot:
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self._point_at(self._spot_at(at.x(), at.y()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._pointed is not None:
            self.taken.emit(self._pointed.place)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._point_at(None)

    # -- keys ---------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            bare = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if bare and event.key() in _OWN_KEYS:
                event.accept()
                return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(event.pos()), self)
            return True
        return super().event(event)

    def words_at(self, at: QPoint) -> str:
        """What stands there, in words."""
        return next((words for rect, words in self.page.tips if rect.contains(at)), "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _WAYS:
            self._go(_WAYS[key])
        elif key == Qt.Key.Key_Escape:
            self._point_at(None)
        elif key in _OWN_KEYS and self._pointed is not None:
            self.taken.emit(self._pointed.place)
        else:
            super().keyPressEvent(event)

    def _in_order(self) -> list[Spot]:
        return sorted(self.page.spots, key=lambda spot: (spot.rect.top(), spot.rect.left()))

    def _go(self, way: int) -> None:
        spots = self._in_order()
        if not spots:
            return
        if self._pointed in spots:
            self._point_at(spots[(spots.index(self._pointed) + way) % len(spots)])
        else:
            self._point_at(spots[0 if way > 0 else -1])
        if self._pointed is not None:
            self.shown_at.emit(self._pointed.rect)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()
        if event.reason() in _BY_TAB:
            # What has the focus is seen by what is lit.
            seen = QRectF(self.visibleRegion().boundingRect())
            self._point_at(next((s for s in self._in_order() if seen.contains(s.rect)), None))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point_at(None)
