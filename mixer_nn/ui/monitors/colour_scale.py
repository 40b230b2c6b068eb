"""The scale beside a field: which colour stands for which value."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.monitors.palette import Palette
from mixer_nn.ui.monitors.plot import MOST_TICKS
from mixer_nn.ui.monitors.ticks import multiples, nice_step, tick_text

_BAR, _GAP, _PIXELS_PER_TICK = 10, 6, 42


class ColourScale(QWidget):
    """A bar of a palette's colours with ticks, and the target's title along it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette: Palette | None = None
        self._title = ""
        self._margins = (9.0, 20.0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)

    def show_palette(self, palette: Palette, title: str) -> None:
        """Show which colour stands for which value of `title`."""
        self._palette, self._title = palette, title
        low, high = palette.levels
        step = nice_step(high - low, 4)
        name = f"Colours: {title} from {tick_text(low, step)} to {tick_text(high, step)}"
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    def set_margins(self, top: float, bottom: float) -> None:
        """Leave as much room above and below the bar as the plot beside it leaves."""
        if (top, bottom) != self._margins:
            self._margins = (top, bottom)
            self.update()

    def _ticks(self, height: float) -> list[tuple[float, str]]:
        if self._palette is None:
            return []
        low, high = self._palette.levels
        step = nice_step(
            high - low, min(max(2, int(height / theme.px(_PIXELS_PER_TICK))), MOST_TICKS)
        )
        return [(value, tick_text(value, step)) for value in multiples(low, high, step)]

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(theme.mono_font(12))
        widest = max(
            (metrics.horizontalAdvance(text) for _, text in self._ticks(200.0)), default=20.0
        )
        title = QFontMetricsF(theme.ui_font(12.5)).height()
        return QSize(round(theme.px(_BAR + 2 * _GAP) + widest + title), 60)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._palette
        if palette is None:
            return
        top, bottom = self._margins
        bar = QRectF(0.0, top, theme.px(_BAR), max(self.height() - top - bottom, 1.0))
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colours.line), 1.0))
            painter.setBrush(palette.gradient(bar.bottom(), bar.top()))
            painter.drawRoundedRect(bar, 3.0, 3.0)
            painter.setPen(QColor(colours.dim))
            self._draw_ticks(painter, bar, palette)
            self._draw_title(painter, bar)

    def _draw_ticks(self, painter: QPainter, bar: QRectF, palette: Palette) -> None:
        painter.setFont(theme.mono_font(12))
        metrics = QFontMetricsF(painter.font())
        low, high = palette.levels
        for value, text in self._ticks(bar.height()):
            middle = bar.bottom() - (value - low) / (high - low) * bar.height()
            baseline = middle + (metrics.ascent() - metrics.descent()) / 2.0
            painter.drawText(QPointF(bar.right() + theme.px(_GAP), baseline), text)

    def _draw_title(self, painter: QPainter, bar: QRectF) -> None:
        painter.setFont(theme.ui_font(12.5))
        metrics = QFontMetricsF(painter.font())
        painter.translate(self.width() - metrics.height() / 2.0, bar.center().y())
        painter.rotate(-90.0)
        room = QRectF(-bar.height() / 2.0, -metrics.height() / 2.0, bar.height(), metrics.height())
        text = metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
