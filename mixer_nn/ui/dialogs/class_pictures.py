"""Pictures of classes: where their rows lie by two inputs, or how many rows each has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from mixer_nn.core.arrays import BoolArray, FloatArray, IntArray
from mixer_nn.core.dataset import Dataset
from mixer_nn.ui import theme
from mixer_nn.ui.dialogs.picture import placed, sample
from mixer_nn.ui.monitors.class_marks import class_colour, class_symbol, draw_symbol

GAP = 8.0
HOLLOW = "hollow: held out"
FEW = 200
"""Rows up to which a point is drawn large."""


@dataclass(frozen=True, eq=False)
class ClassPoints:
    """Points `x`, `y`, (rows,), with the class of each in `labels` and which are held out."""

    x: FloatArray
    y: FloatArray
    labels: IntArray
    held_out: BoolArray
    classes: tuple[str, ...]
    x_title: str
    y_title: str

    @classmethod
    def of(cls, dataset: Dataset) -> ClassPoints:
        """An even sample of at most 2,000 rows of two inputs."""
        rows = sample(dataset)
        x, y = dataset.inputs[rows].T
        titles = (column.title for column in dataset.input_columns)
        return cls(x, y, dataset.labels[rows], dataset.held_out[rows], dataset.classes, *titles)

    @property
    def heading(self) -> str:
        """What stands above it."""
        return "Classes"

    @property
    def caption(self) -> str:
        """What the picture shows, in words."""
        return HOLLOW if self.held_out.any() else "by colour and shape"

    def paint(self, painter: QPainter, plot: QRectF) -> None:
        """Paint the points, with the names of the classes at the right."""
        legend = _legend_width(painter.fontMetrics(), self.classes, plot.width())
        area = plot.adjusted(0.0, 0.0, -legend, 0.0)
        xs = placed(self.x, area.left(), area.right())
        ys = placed(self.y, area.bottom(), area.top())
        size = 7.0 if len(xs) <= FEW else 4.5
        painter.setClipRect(plot)
        for index in range(len(self.classes)):
            for held_out in (False, True):
                _set_pens(painter, index, len(self.classes), hollow=held_out)
                chosen = (self.labels == index) & (self.held_out == held_out)
                for place in np.flatnonzero(chosen & np.isfinite(xs) & np.isfinite(ys)):
                    draw_symbol(painter, class_symbol(index), QPointF(xs[place], ys[place]), size)
        _paint_legend(painter, self.classes, area.right(), plot)


@dataclass(frozen=True, eq=False)
class ClassCounts:
    """How many rows each class has, to train on and held out, (classes,)."""

    trained: IntArray
    held_out: IntArray
    classes: tuple[str, ...]
    y_title: str = ""

    @classmethod
    def of(cls, dataset: Dataset) -> ClassCounts:
        """The counts over all rows."""
        count = len(dataset.classes)
        labels, away = dataset.labels, dataset.held_out
        return cls(
            np.bincount(labels[~away], minlength=count),
            np.bincount(labels[away], minlength=count),
            dataset.classes,
        )

    @property
    def heading(self) -> str:
        """What stands above it."""
        return "Classes"

    @property
    def caption(self) -> str:
        """What the picture shows, in words."""
        return HOLLOW if self.held_out.any() else "rows of each"

    @property
    def x_title(self) -> str:
        """What a network has to be better than."""
        rows = self.trained + self.held_out
        share = 100.0 * rows.max() / rows.sum()
        return f"always guessing the commonest: {share:.3g} % right"

    def paint(self, painter: QPainter, plot: QRectF) -> None:
        """Paint a bar for each class with its name and its count, as many as there is room for."""
        metrics = painter.fontMetrics()
        fitting = max(1, int((plot.height() - GAP) // (metrics.height() + 1)))
        shown = min(len(self.classes), fitting)
        hidden = len(self.classes) - shown
        if hidden:
            shown, hidden = shown - 1, hidden + 1  # the last line says how many more there are
        height = (plot.height() - GAP) / max(1, shown + bool(hidden))
        painter.setClipRect(plot)
        for index in range(shown):
            top = plot.top() + GAP / 2.0 + index * height
            self._paint_bar(painter, index, QRectF(plot.left(), top, plot.width(), height))
        if hidden:
            last = QRectF(plot.left() + GAP, plot.bottom() - GAP / 2.0 - height, 200.0, height)
            painter.setPen(QColor(theme.current().dim))
            painter.drawText(last, Qt.AlignmentFlag.AlignVCenter, f"and {hidden} more")

    def _paint_bar(self, painter: QPainter, index: int, line: QRectF) -> None:
        metrics, colours = painter.fontMetrics(), theme.current()
        rows = self.trained + self.held_out
        names = min(line.width() / 3.0, max(map(metrics.horizontalAdvance, self.classes)) + 2.0)
        numbers = metrics.horizontalAdvance(f"{rows.max():,}") + 2.0
        painter.setPen(QColor(colours.text))
        name = metrics.elidedText(self.classes[index], Qt.TextElideMode.ElideRight, int(names))
        beside = line.adjusted(GAP, 0.0, 0.0, 0.0)
        painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, name)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(line.adjusted(0.0, 0.0, -GAP, 0.0), middle, f"{rows[index]:,}")
        left, room = line.left() + names + 2.0 * GAP, line.width() - names - numbers - 4.0 * GAP
        thick = min(14.0, line.height() - 4.0)
        full, all_of_it = (room * part[index] / rows.max() for part in (self.trained, rows))
        top = line.center().y() - thick / 2.0
        _set_pens(painter, index, len(self.classes), hollow=True)
        painter.drawRect(QRectF(left, top, all_of_it, thick))
        _set_pens(painter, index, len(self.classes), hollow=False)
        painter.drawRect(QRectF(left, top, full, thick))


def _set_pens(painter: QPainter, index: int, count: int, *, hollow: bool) -> None:
    colour = class_colour(theme.current(), index, count)
    painter.setPen(QPen(colour, 1.5) if hollow else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else colour)


def _legend_width(metrics: QFontMetrics, classes: tuple[str, ...], room: float) -> float:
    return min(room / 3.0, max(map(metrics.horizontalAdvance, classes)) + 3.0 * GAP + 4.0)


def _paint_legend(painter: QPainter, classes: tuple[str, ...], left: float, plot: QRectF) -> None:
    """A line for each class at the right of `left`, as many as there is room for."""
    metrics = painter.fontMetrics()
    height = min(metrics.height() + 4.0, (plot.height() - GAP) / len(classes))
    painter.save()
    for index, name in enumerate(classes):
        middle = plot.top() + GAP / 2.0 + (index + 0.5) * height
        _set_pens(painter, index, len(classes), hollow=False)
        draw_symbol(painter, class_symbol(index), QPointF(left + GAP, middle), 8.0)
        line = QRectF(left + 2.0 * GAP, middle - metrics.height() / 2.0, 0.0, metrics.height())
        line.setRight(plot.right() - 2.0)
        painter.setPen(QColor(theme.current().text))
        text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(line.width()))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()
