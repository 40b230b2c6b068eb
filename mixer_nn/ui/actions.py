"""The menus: every action by its name in the table of keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from mixer_nn.session.cue import CUES
from mixer_nn.ui import keys

Slot = Callable[[], object]

TITLES = {
    "autoMix": "Auto-mix or pause",
    "step": "Step",
    "tenSteps": "10 steps",
    "hundredSteps": "100 steps",
    "stepBack": "One move back",
    "stepForward": "One move on",
    "backToStart": "Back to the start",
    "newStart": "New start",
    "whichWay": "Which way?",
    "whichMatter": "Which knobs matter: next measure",
    "showAnswer": "Show the answer",
    "slowMotion": "Step in slow motion, or its next phase",
    "slowMotionBack": "Slow motion: phase before",
    "nextPoint": "Light the next point",
    "previousPoint": "Light the point before",
    "leaveShowing": "Leave the past or slow motion, or put the point out",
    "undo": "Undo",
    "redo": "Redo",
    "new": "New",
    "open": "Open…",
    "pasteTable": "Paste a table",
    "save": "Save",
    "saveAs": "Save as…",
    "quit": "Quit",
    "shortcuts": "Shortcuts",
    "fullScreen": "Full screen",
    "zoomIn": "Larger",
    "zoomOut": "Smaller",
    "zoomReset": "Usual size",
    **{f"cue{letter}": f"Cue {letter}" for letter in CUES},
    **{f"storeCue{letter}": f"Store cue {letter}" for letter in CUES},
}


class Actions:
    """Makes actions for a window and keeps them by name; slots are bound methods."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._made: dict[str, QAction] = {}

    def add(self, name: str, slot: Slot) -> QAction:
        """An action of the table of keys, with its keys, wherever the focus is in the window."""
        action = QAction(TITLES[name], self._window)
        action.setObjectName(f"action.{name}")
        action.setShortcuts(keys.sequences(name))
        action.setToolTip(keys.entry(name).text)
        action.triggered.connect(slot)
        self._window.addAction(action)
        self._made[name] = action
        return action

    def plain(self, menu: QMenu, title: str, slot: Slot, name: str) -> QAction:
        """An action without a key, in a menu."""
        action = QAction(title, self._window)
        action.setObjectName(f"action.{name}")
        action.triggered.connect(slot)
        menu.addAction(action)
        return action

    def choice(self, menu: QMenu, rows: tuple[tuple[str, str], ...], chosen: str) -> QActionGroup:
        """Actions of which one is checked; each carries its value as data."""
        group = QActionGroup(self._window)
        for title, value in rows:
            action = QAction(title, self._window)
            action.setCheckable(True)
            action.setData(value)
            action.setChecked(value == chosen)
            action.setObjectName(f"action.{value}")
            group.addAction(action)
            menu.addAction(action)
        return group

    def __getitem__(self, name: str) -> QAction:
        return self._made[name]

    def menu(self, bar: QMenuBar, title: str, names: str) -> QMenu:
        """A menu with actions by name; ``-`` sets a line."""
        menu = bar.addMenu(title)
        for name in names.split():
            if name == "-":
                menu.addSeparator()
            else:
                menu.addAction(self._made[name])
        return menu
