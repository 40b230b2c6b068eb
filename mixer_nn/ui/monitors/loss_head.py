"""The head of the Loss monitor: its switches and buttons, and how they share the width."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mixer_nn.ui.mixer.head_button import HeadButton
from mixer_nn.ui.monitors.legend import Legend
from mixer_nn.ui.monitors.switch import Choice, Switch

ALONG = (
    "Count along the axis: moves (turns by hand and steps of Auto-mix), epochs (passes over the"
    " training rows), or time (seconds spent in the optimizer's steps; a run from an older file"
    " does not know its own, and is left out then)"
)
MEASURE = (
    "Logarithmic axis: equal distances are equal ratios. Linear axis: equal distances are equal"
    " differences, from 0"
)


class Tool(HeadButton):
    """A button that says a word, or its short form where that has no room."""

    def __init__(self, name: str, words: tuple[str, str], tip: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = words
        self.setObjectName(name)
        self.setText(words[0])
        self.setToolTip(tip)
        self.setAccessibleName(words[0])

    def widths(self) -> tuple[int, int]:
        """The widths that the word and its short form take."""
        long, short = (self.width_of(word) for word in self._words)
        return long, short

    def set_short(self, short: bool) -> None:
        """Say the word, or its short form."""
        if self.text() != self._words[short]:
            self.setText(self._words[short])
            self.updateGeometry()


class LossHead:
    """Buttons and switches between the legend and the right edge."""

    def __init__(self, row: QHBoxLayout, title: QLabel, legend: Legend, parent: QWidget) -> None:
        self._row, self._title, self._legend, self._parent = row, title, legend, parent
        self.along = Choice(("moves", "epochs", "time"), "Loss along", parent)
        self.measure = Switch(("log", "linear"), "Loss axis", parent)
        self._tools: tuple[Tool, ...] = ()
        for switch, name, tip in (
            (self.along, "lossAxis", ALONG),
            (self.measure, "lossScale", MEASURE),
        ):
            switch.setObjectName(name)
            switch.setToolTip(tip)
            row.insertWidget(row.count() - 1, switch)

    def take_tools(self, tools: tuple[Tool, ...]) -> None:
        """Take buttons in, the one first that stays where there is little room."""
        self._tools = tools
        for tool in tools:
            self._row.insertWidget(self._row.indexOf(self.along), tool)
        self.share()

    def share(self) -> None:
        """Share the width: where it is narrow, switches and then buttons give way to the legend."""
        gap, switches = self._row.spacing(), (self.along, self.measure)
        title = self._title.sizeHint().width() if self._title.isVisibleTo(self._parent) else 0
        room = self._row.geometry().width() - title - gap
        words = [tool.widths() for tool in self._tools]
        long = sum(full + gap for full, _ in words)
        full = sum(switch.full_width() + gap for switch in switches)
        least = sum(switch.least_width() + gap for switch in switches)
        compact = long + full + self._legend.sizeHint().width() > room
        for switch in switches:
            switch.set_compact(compact)
        room -= self._legend.least_width() + (least if compact else full)
        short = long > room
        for number, (tool, widths) in enumerate(zip(self._tools, words, strict=True)):
            tool.set_short(short)
            room -= widths[short] + gap
            tool.setVisible(number == 0 or room >= 0)
