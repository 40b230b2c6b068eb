"""The fit of classes over two inputs: whose each place is, how surely, and where that changes."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg

from mixer_nn.core.arrays import FloatArray
from mixer_nn.ui.monitors.beliefs import belief_word, beliefs, leads, margin
from mixer_nn.ui.monitors.class_dots import ClassPicture
from mixer_nn.ui.monitors.contour import zero_line
from mixer_nn.ui.monitors.field_item import Shades, shades
from mixer_nn.ui.monitors.fit_field import GridPicture
from mixer_nn.ui.monitors.legend import Entry
from mixer_nn.ui.monitors.palette import Palette
from mixer_nn.ui.monitors.plot import blend
from mixer_nn.ui.theme import Theme

STRENGTH = {True: 0.72, False: 0.5}
"""How much of its class's colour a place takes that surely belongs to it, on dark and light ground.

The dots on it take all of it."""
LEVELS = 64
"""Shades from undecided to sure."""

DECISION = Entry("decision line", "text")


class ClassFieldPicture(GridPicture, ClassPicture):
    """Two classes shade into each other; of more, each place has the colour of the likeliest."""

    def _make(self) -> None:
        super()._make()
        self.decision = pg.PlotCurveItem(connect="pairs", antialias=True, skipFiniteCheck=True)
        self._add(self.decision, 1)
        self.palette = Palette(0.0, 1.0, middle=0.5)
        self._table: Shades = np.zeros((0, 0), dtype=np.uint32)

    @property
    def of_two(self) -> bool:
        """Whether there are two classes, and so one number says it all."""
        return self._dataset.kind == "two classes"

    @property
    def scale_title(self) -> str:
        """What the colours stand for, with two classes."""
        return f"{belief_word(self._desk.mix.problem)} of {self.classes[1]}"

    def dress(self, colours: Theme) -> None:
        super().dress(colours)
        self.decision.setPen(self.plot.pen(colours.text, 2.0))
        self.palette.strength = STRENGTH[colours.dark]
        self.palette.bands = 2 if self._view.discretised else None
        self.palette.dress(colours)
        self._table = np.stack([self._ramp(colours, index) for index in range(len(self.classes))])

    def _ramp(self, colours: Theme, index: int) -> Shades:
        """From undecided to sure, (LEVELS,)."""
        colour = self.class_colour(colours, index).name()
        most = STRENGTH[colours.dark] / (LEVELS - 1)
        return shades([blend(colours.raised, colour, most * level) for level in range(LEVELS)])

    def colour(self) -> None:
        logits = self.values.reshape(len(self.values), -1)
        believed = beliefs(self._desk.mix.problem, logits)
        known = np.isfinite(logits).all(axis=0)
        if self.of_two:
            share = (logits[0] > 0.0).astype(np.float64) if self._view.discretised else believed[1]
            image = self.palette.shades_of(np.where(known, share, 0.5))
        else:
            image = self._of_more(np.where(known, believed, 0.0))
        self.field.show_colours(image.reshape(self.grid.counts))
        self._draw_decision(logits)

    def _of_more(self, believed: FloatArray) -> Shades:
        """Colours (points,): of the class that leads, the stronger the further it is ahead."""
        points = believed.shape[1]
        ahead = np.ones(points) if self._view.discretised else margin(believed)
        level = (ahead * (LEVELS - 1)).astype(np.intp)
        return np.asarray(self._table[believed.argmax(axis=0), level])

    def _draw_decision(self, logits: FloatArray) -> None:
        counts, places = self.grid.counts, self.grid.places
        lines = [zero_line(ahead.reshape(counts), *places) for ahead in leads(logits)]
        self.decision.setData(*(np.concatenate(along) for along in zip(*lines, strict=True)))

    def entries(self) -> tuple[Entry, ...]:
        return (*self.class_entries(), DECISION)

    def model_at(self, x: float, y: float) -> str:
        return ", ".join([*self.place_text(x, y), self.verdict(self.at(x, y))])
