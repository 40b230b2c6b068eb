"""The rows of classes as dots: a colour and a shape for each class, hollow where held out."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.core.metrics import chosen_classes
from mixer_nn.ui.monitors.beliefs import belief_word, beliefs
from mixer_nn.ui.monitors.class_marks import class_colour, class_symbol, short_names
from mixer_nn.ui.monitors.emphasis import Look
from mixer_nn.ui.monitors.fit_picture import FitPicture, written
from mixer_nn.ui.monitors.legend import Entry, Sample
from mixer_nn.ui.monitors.plot import ground
from mixer_nn.ui.theme import Theme

HELD_OUT = Entry("held out", "text", Sample.RING)
"""Hollow, in the class's colour: the colour of held-out rows elsewhere might be a class's here."""


class ClassPicture(FitPicture):
    """A picture whose rows are of classes."""

    marks: tuple[tuple[pg.ScatterPlotItem, pg.ScatterPlotItem], ...] = ()
    """Of each class the dots of training rows, and of those held out."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self._dataset.classes

    @property
    def labels(self) -> IntArray:
        """The class of each shown row, (rows,)."""
        return np.asarray(self._dataset.labels[self._rows])

    def place_rows(self, x: FloatArray, y: FloatArray) -> None:
        self.places = np.column_stack([x, y])
        self._make_marks()
        away, labels = self.held_out_rows, self.labels
        for index, (train, held_out) in enumerate(self.marks):
            for dots, rows in ((train, ~away), (held_out, away)):
                chosen = rows & (labels == index)
                dots.setData(x[chosen], y[chosen])
        self._show_standouts()

    @property
    def dots(self) -> list[pg.ScatterPlotItem]:
        return [dots for pair in self.marks for dots in pair]

    def look_of(self, place: int) -> Look:
        label = int(self.labels[place])
        dots = self.marks[label][int(self.held_out_rows[place])]
        return Look(class_symbol(label), dots.opts["pen"], dots.opts["brush"])

    def _make_marks(self) -> None:
        if len(self.marks) == len(self.classes):
            return
        for dots in self.dots:
            self.plot.removeItem(dots)
            self._added.remove(dots)
        self.marks = tuple(
            (pg.ScatterPlotItem(symbol=symbol), pg.ScatterPlotItem(symbol=symbol))
            for symbol in map(class_symbol, range(len(self.classes)))
        )
        for train, held_out in self.marks:
            self._add(train, 3)
            self._add(held_out, 4)

    def class_colour(self, colours: Theme, index: int) -> QColor:
        """The colour of a class."""
        return class_colour(colours, index, len(self.classes))

    def dress(self, colours: Theme) -> None:
        super().dress(colours)
        size = self._dot_size() + 1.0
        around = self.plot.pen(colours.background if colours.dark else colours.text, 1.3)
        for index, (train, held_out) in enumerate(self.marks):
            colour = self.class_colour(colours, index)
            for dots, pen, brush in (
                (train, around, colour),
                (held_out, self.plot.pen(colour, 2.2), ground(colours)),
            ):
                dots.setSize(size)
                dots.setPen(pen)
                dots.setBrush(brush)
        self._show_standouts()

    def class_entries(self) -> tuple[Entry, ...]:
        """The classes in the legend."""
        count = len(self.classes)
        shown = [
            Entry(name, f"class {index} of {count}", Sample.MARK, short)
            for index, (name, short) in enumerate(
                zip(self.classes, short_names(self.classes), strict=True)
            )
        ]
        return (*shown, HELD_OUT) if self.held_out_rows.any() else tuple(shown)

    # -- asked --------------------------------------------------------------------------------

    def verdict(self, logits: FloatArray) -> str:
        """What a place or row is taken for, from its logits (outputs,)."""
        dataset = self._dataset
        if not np.isfinite(logits).all():
            return "nothing predicted"
        index = int(chosen_classes(logits[np.newaxis], dataset.kind)[0])
        problem = self._desk.mix.problem
        share = float(beliefs(problem, logits[:, np.newaxis])[index, 0])
        if belief_word(problem) == "score":
            return f"predicted {self.classes[index]}, score {written(share)}"
        return f"predicted {self.classes[index]} at {percent(share)}"

    def judged(self, row: int) -> list[str]:
        verdict = self.verdict(self._readings.predictions[row])
        return [self.classes[self.labels[row]], verdict]


def percent(share: float) -> str:
    """A share in per cent; only what is all of it is 100."""
    text = f"{100.0 * share:.1f}"
    if text == "100.0" and share < 1.0:
        return "over 99.9 %"
    return f"{text.removesuffix('.0')} %"
