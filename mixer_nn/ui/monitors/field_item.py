"""A field of colours on a plot, smooth between the points at which it was worked out."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

Shades = NDArray[np.uint32]
"""Colours as 0xffRRGGBB."""


def shades(colours: list[QColor]) -> Shades:
    """Colours as numbers to make images of."""
    return np.array([colour.rgb() for colour in colours], dtype=np.uint32)


class FieldItem(pg.GraphicsObject):
    """Paints one colour a cell, blended between their centres."""

    def __init__(self) -> None:
        super().__init__()
        self.rect = QRectF(0.0, 0.0, 1.0, 1.0)
        self.colours: Shades = np.zeros((1, 1), dtype=np.uint32)
        self._image = QImage()

    def place(self, rect: QRectF) -> None:
        """Lie there, in the plot's coordinates."""
        self.prepareGeometryChange()
        self.rect = rect

    def show_colours(self, colours: Shades) -> None:
        """Show these, (across, up)."""
        # The plot's y goes up, so that an image's first row comes to lie at the bottom.
        self.colours = np.ascontiguousarray(colours.T)
        height, width = self.colours.shape
        self._image = QImage(
            self.colours.data, width, height, 4 * width, QImage.Format.Format_RGB32
        )
        self.update()

    def boundingRect(self) -> QRectF:
        return self.rect

    def paint(self, painter: QPainter, *_: object) -> None:
        if not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.rect, self._image)
