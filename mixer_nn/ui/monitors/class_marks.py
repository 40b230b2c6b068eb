"""How classes are told apart: a colour and a shape each, and a short name where room is scarce."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPolygonF

from mixer_nn.ui.theme import Theme

SYMBOLS = ("o", "s", "t1", "d", "+")
"""pyqtgraph's names of the shapes: circle, square, triangle, diamond, plus."""

_COLOURS = {
    True: ("#2fc7a8", "#ec7fc4", "#e6d566", "#a58bf5", "#c9ced8"),
    False: ("#00786a", "#b8217c", "#7a6500", "#5b3fc4", "#59606c"),
}
"""On dark and on light ground: teal, pink, yellow, violet, grey. Blue and orange mean sign."""

_SHAPES: dict[str, tuple[tuple[float, float], ...]] = {
    "s": ((-0.44, -0.44), (0.44, -0.44), (0.44, 0.44), (-0.44, 0.44)),
    "t1": ((0.0, -0.52), (0.52, 0.42), (-0.52, 0.42)),
    "d": ((0.0, -0.56), (0.46, 0.0), (0.0, 0.56), (-0.46, 0.0)),
    "+": (
        *((-0.17, -0.5), (0.17, -0.5), (0.17, -0.17), (0.5, -0.17), (0.5, 0.17), (0.17, 0.17)),
        *((0.17, 0.5), (-0.17, 0.5), (-0.17, 0.17), (-0.5, 0.17), (-0.5, -0.17), (-0.17, -0.17)),
    ),
}
_SHORT = 3


def class_colour(colours: Theme, index: int, count: int) -> QColor:
    """The colour of class `index` of `count`: orange and blue for two, others for more."""
    if count == 2:
        return QColor(colours.positive if index else colours.negative)
    table = _COLOURS[colours.dark]
    return QColor(table[index % len(table)])


def class_symbol(index: int) -> str:
    """The shape of a class; with more than five, no two have the same colour and shape."""
    return SYMBOLS[(index + index // len(SYMBOLS)) % len(SYMBOLS)]


def draw_symbol(painter: QPainter, symbol: str, centre: QPointF, size: float) -> None:
    """Paint a shape about as large as a circle of diameter `size`, with pen and brush as set."""
    if symbol == "o":
        half = size / 2.0
        painter.drawEllipse(QRectF(centre.x() - half, centre.y() - half, size, size))
        return
    corners = [centre + QPointF(x * size, y * size) for x, y in _SHAPES[symbol]]
    painter.drawPolygon(QPolygonF(corners))


def short_names(classes: tuple[str, ...]) -> tuple[str, ...]:
    """Names of a few letters; numbers where those would not tell the classes apart."""
    short = tuple(n if len(n) <= _SHORT + 1 else f"{n[:_SHORT]}." for n in classes)
    if len(set(short)) == len(classes):
        return short
    return tuple(str(number) for number in range(1, len(classes) + 1))
