"""The tint behind knobs that matter: from nothing to the accent, a level every half decade."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.ui import theme

LEVELS = 6

FRAME = 4.0
"""Width of the frame round a large knob."""
OPEN_BELOW = 18.0
"""Pixels at the foot of that frame which are left to the ends of the scale."""

_SHARES = {True: (0.14, 0.80), False: (0.26, 0.70)}
"""Share of the accent at the first level and at the last, on dark grounds and on light ones.

Even the first is more than the ground of the bias row has of it.
"""


def level_of(strength: FloatArray) -> IntArray:
    """Which level each strength, 0 to 1, is drawn at: 0 is none, `LEVELS` the strongest."""
    return np.ceil(strength * LEVELS - 1e-9).astype(np.intp)


def ground(share: float) -> QColor:
    """The panel with so much of the accent in it, 0 to 1."""
    colours = theme.current()
    panel, accent = QColor(colours.panel), QColor(colours.accent)
    return QColor.fromRgbF(
        panel.redF() + (accent.redF() - panel.redF()) * share,
        panel.greenF() + (accent.greenF() - panel.greenF()) * share,
        panel.blueF() + (accent.blueF() - panel.blueF()) * share,
    )


def tint(level: int) -> QColor:
    """The colour of a level from 1. It lets nothing through: so it is copied faster."""
    faintest, strongest = _SHARES[theme.current().dark]
    share = ((level - 1) / (LEVELS - 1)) ** 1.2  # even steps to the eye
    return ground(faintest + share * (strongest - faintest))


def paint_frame(painter: QPainter, box: QRectF, level: int) -> None:
    """Set a level from 1 round a large knob, whose marks and scale have to stay legible."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(tint(level), FRAME)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = FRAME / 2.0
    painter.setClipRect(box.adjusted(0.0, 0.0, 0.0, -OPEN_BELOW))
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), 8.0, 8.0)


def paint_tint(painter: QPainter, box: QRectF, level: int) -> None:
    """Lay a level from 1 on a box behind a knob."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint(level))
    painter.drawRoundedRect(box, 4.0, 4.0)
