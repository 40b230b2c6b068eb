"""The head of the Fit monitor: its switches and its legend, and how they share the width."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mixer_nn.ui.monitors.legend import Entry, Legend
from mixer_nn.ui.monitors.switch import Toggle

_SLICE = "Show a slice of the model along two of the inputs, the others held at their median"
_PARTS = (
    "Show what each neuron of the last hidden layer adds to the curve: weight × activation,"
    " stacked from the bias up to the curve itself"
)
_DISCRETISED = "Show only which class each place is given, or numbers in a few steps"
_EDIT = (
    "Make data by hand: a click adds a point, a drag moves one, a right click or Delete removes"
    " it. On the focused plot: Page Up and Down choose a point, arrows move it, Insert adds one"
)


class FitHead:
    """Switches between the title and the legend. `key` is a second legend, on a line of its own.

    That line is taken where the head has no room for the marks of all classes.
    """

    def __init__(self, row: QHBoxLayout, title: QLabel, legend: Legend, parent: QWidget) -> None:
        self._row, self._title, self._legend, self._parent = row, title, legend, parent
        self._entries: tuple[Entry, ...] = ()
        self.key = Legend(parent)
        self.slice = Toggle("slice", "Slice through two inputs", parent)
        self.parts = Toggle("parts", "What each neuron adds", parent)
        self.discretised = Toggle("discretised", "Discretised field", parent, "steps")
        self.edit = Toggle("edit", "Edit points by hand", parent)
        for toggle, name, tip in (
            (self.slice, "fitSlice", _SLICE),
            (self.parts, "fitParts", _PARTS),
            (self.discretised, "fitDiscretised", _DISCRETISED),
            (self.edit, "fitEdit", _EDIT),
        ):
            toggle.setObjectName(name)
            toggle.setToolTip(tip)
            row.insertWidget(row.count() - 1, toggle)

    @property
    def toggles(self) -> tuple[Toggle, ...]:
        """All of the switches."""
        return self.slice, self.parts, self.discretised, self.edit

    def explain(self, entries: tuple[Entry, ...]) -> None:
        """Explain these in the legend."""
        if entries != self._entries:
            self._entries = entries
            self.share()

    def share(self) -> None:
        """Share the width: where it is narrow, the switches give way to the legend."""
        shown = [toggle for toggle in self.toggles if toggle.isVisibleTo(self._parent)]
        width, gap = self._row.geometry().width(), self._row.spacing()
        self._legend.set_entries(self._entries)
        title = self._title.sizeHint().width()
        needed = title + self._legend.sizeHint().width()
        needed += sum(toggle.full_width() + gap for toggle in shown)
        for toggle in shown:
            toggle.set_compact(needed > width)
        taken = title + gap + sum(toggle.sizeHint().width() + gap for toggle in shown)
        marks = [entry for entry in self._entries if entry.class_of is not None]
        apart = len(marks) > len(self._legend.fitting_in(width - taken))
        self.key.setVisible(apart)
        self.key.set_entries(self._entries if apart else ())
        self._legend.set_entries(() if apart else self._entries)
