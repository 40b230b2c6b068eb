"""The strip under layers that scroll: the whole network in small, and which part is in view."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollBar, QSizePolicy, QWidget

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.network import Network
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench


class Overview(QWidget):
    """One small spot per knob, blue and orange for its sign; a frame round what is in view.

    A click or a drag brings another part into view; the wheel goes on sideways.
    """

    def __init__(self, bench: Bench, bar: QScrollBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench, self._bar = bench, bar
        self._layers: list[tuple[QRect, int, int]] = []
        self._network: Network | None = None
        self.setObjectName("networkOverview")
        self.setAccessibleName("Overview of the network")
        self.setToolTip("The whole network; the frame is what you see. Click to see another part")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        bar.valueChanged.connect(self.update)
        bar.rangeChanged.connect(self.update)

    def set_layers(self, network: Network, layers: list[tuple[QRect, int, int]]) -> None:
        """Where the layers of a network are on the sheet, each with first parameter and rows."""
        self._layers, self._network = layers, network
        self.update()

    def read(self) -> None:
        """Show the knobs as they stand."""
        if self.isVisible():
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(200), theme.px(26))

    # -- by hand ------------------------------------------------------------------------------

    @property
    def _whole(self) -> int:
        return max(self._bar.maximum() + self._bar.pageStep(), 1)

    def _show(self, x: float) -> None:
        self._bar.setValue(round(x / self.width() * self._whole - self._bar.pageStep() / 2))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._show(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._show(event.position().x())

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._network != self._bench.desk.mix.network:
            return  # about to be rebuilt
        colours, share = theme.current(), self.width() / self._whole
        parameters = self._bench.desk.mix.parameters
        scales = self._bench.desk.mix.scales
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(colours.panel))
            ends = [start for _, start, _ in self._layers[1:]] + [parameters.size]
            for (rect, start, rows), end in zip(self._layers, ends, strict=True):
                values = (parameters[start:end] / scales[start:end]).reshape(-1, rows).T
                wide, tall = rect.width() * share - 2, self.height() - 6
                box = QRectF(rect.left() * share + 1, 3, wide, tall)
                painter.drawImage(box, spots(values))
            left = self._bar.value() * share
            frame = QRectF(left + 1, 1, self._bar.pageStep() * share - 2, self.height() - 2)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colours.text), 2.0))
            painter.drawRoundedRect(frame, 4.0, 4.0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()


def spots(values: FloatArray) -> QImage:
    """A pixel per value of −1..1: the sign's colour, the stronger the further from 0."""
    colours = theme.current()
    ground, above, below = (
        np.array([colour.red(), colour.green(), colour.blue()], dtype=np.float64)
        for colour in map(QColor, (colours.panel, colours.positive, colours.negative))
    )
    size = np.sqrt(np.clip(np.abs(np.nan_to_num(values)), 0.0, 1.0))[..., np.newaxis]
    signed = np.where(values[..., np.newaxis] >= 0.0, above, below)
    pixels = np.full((*values.shape, 4), 255, dtype=np.uint8)
    pixels[..., :3] = ground + (signed - ground) * size
    tall, wide = values.shape
    return QImage(pixels.tobytes(), wide, tall, 4 * wide, QImage.Format.Format_RGBX8888).copy()
