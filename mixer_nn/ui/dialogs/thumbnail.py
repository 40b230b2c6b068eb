"""A small picture of a data set: what a linear neuron can make of it, or where its classes are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mixer_nn.core import least_squares
from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.dataset import Dataset
from mixer_nn.ui import theme
from mixer_nn.ui.dialogs.class_pictures import ClassCounts, ClassPoints
from mixer_nn.ui.dialogs.picture import Picture, placed, sample


@dataclass(frozen=True, eq=False)
class Fit:
    """Points `x`, `y` of shape (rows,), which of them are held out, and the two `ends` of the line.

    With one input the line is the least-squares line; with more, x is what it predicts for each
    row and the line is the diagonal, on which a prediction is right.
    """

    x: FloatArray
    y: FloatArray
    held_out: BoolArray
    ends: tuple[tuple[float, float], tuple[float, float]]
    x_title: str
    y_title: str
    many: bool

    @property
    def heading(self) -> str:
        """What stands above it."""
        return "Fit"

    @property
    def caption(self) -> str:
        """What the picture shows, in words."""
        held_out = "; hollow: held out" if self.held_out.any() else ""
        if self.many:
            return f"right on the diagonal{held_out}"
        return f"with the best line{held_out}"

    def paint(self, painter: QPainter, plot: QRectF) -> None:
        """Paint it within `plot`."""
        _paint_fit(painter, self, plot)


def picture(dataset: Dataset) -> Picture:
    """Of numbers the best fit; of classes where they lie or, unless by two inputs, how many."""
    if not dataset.classes:
        return fit(dataset)
    of_classes = ClassPoints if dataset.inputs.shape[1] == 2 else ClassCounts
    return of_classes.of(dataset)


def fit(dataset: Dataset) -> Fit:
    """The least-squares fit of an even sample of at most 2,000 rows."""
    rows = sample(dataset)
    inputs, actual, held = dataset.inputs[rows], dataset.targets[rows, 0], dataset.held_out[rows]
    train = ~held if (~held).any() else held
    with np.errstate(all="ignore"):
        best = least_squares.optimum(inputs[train], actual[train, np.newaxis])
        if inputs.shape[1] == 1:
            x = inputs[:, 0]
            left, right = float(x.min()), float(x.max())
            ends = tuple((end, float(best[0] * end + best[1])) for end in (left, right))
            titles = (dataset.input_columns[0].title, dataset.target_columns[0].title)
        else:
            x = np.asarray(inputs @ best[:-1] + best[-1])
            ends = tuple((end, end) for end in (float(actual.min()), float(actual.max())))
            titles = ("predicted", f"actual {dataset.target_columns[0].title}")
    return Fit(x, actual, held, (ends[0], ends[1]), *titles, inputs.shape[1] > 1)


class FitThumbnail(QWidget):
    """Draws a picture, or nothing but its frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fit: Picture | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def fit(self) -> Picture | None:
        """What is drawn."""
        return self._fit

    def show_fit(self, fit: Picture | None) -> None:
        """Draw this from now on."""
        self._fit = fit
        self.setAccessibleDescription(_said(fit) if fit else "Nothing to show")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(380), theme.px(190))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(220), theme.px(110))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.ui_font(12))
            line = painter.fontMetrics().height()
            plot = QRectF(self.rect()).adjusted(line + 8.0, 1.0, -1.0, -line - 6.0)
            colours = theme.current()
            painter.setPen(QColor(colours.line))
            painter.setBrush(QColor(colours.background))
            painter.drawRoundedRect(plot.adjusted(-0.5, -0.5, 0.5, 0.5), 6.0, 6.0)
            if self._fit is not None:
                self._paint_titles(painter, self._fit, plot)
                self._fit.paint(painter, plot)

    def _paint_titles(self, painter: QPainter, fit: Picture, plot: QRectF) -> None:
        painter.setPen(QColor(theme.current().dim))
        metrics, elide = painter.fontMetrics(), Qt.TextElideMode.ElideRight
        below = QRectF(plot.left(), plot.bottom() + 3.0, plot.width(), metrics.height() + 2.0)
        text = metrics.elidedText(fit.x_title, elide, int(plot.width()))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)
        painter.save()
        painter.translate(0.0, plot.bottom())
        painter.rotate(-90.0)
        beside = QRectF(0.0, 0.0, plot.height(), metrics.height() + 2.0)
        text = metrics.elidedText(fit.y_title, elide, int(plot.height()))
        painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


def _said(picture: Picture) -> str:
    titles = [title for title in (picture.y_title, picture.x_title) if title]
    return f"{' against '.join(titles)}, {picture.caption}"


def _paint_fit(painter: QPainter, fit: Fit, plot: QRectF) -> None:
    ends = np.array(fit.ends)
    xs = placed(np.append(fit.x, ends[:, 0]), plot.left(), plot.right())
    ys = placed(np.append(fit.y, ends[:, 1]), plot.bottom(), plot.top())
    shown = np.isfinite(xs) & np.isfinite(ys)
    radius = 3.0 if len(fit.x) <= 200 else 1.6
    colours = theme.current()
    painter.setClipRect(plot)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.point))
    for place in np.flatnonzero(shown[:-2] & ~fit.held_out):
        painter.drawEllipse(QPointF(xs[place], ys[place]), radius, radius)
    painter.setPen(QPen(QColor(colours.held_out), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for place in np.flatnonzero(shown[:-2] & fit.held_out):
        painter.drawEllipse(QPointF(xs[place], ys[place]), radius, radius)
    if shown[-2:].all():
        painter.setPen(QPen(QColor(colours.accent), 2.5))
        painter.drawLine(QPointF(xs[-2], ys[-2]), QPointF(xs[-1], ys[-1]))
