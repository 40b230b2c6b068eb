"""The keys of the hot cues, and their menu."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from mixer_nn.session.cue import CUES
from mixer_nn.ui.actions import Actions
from mixer_nn.ui.mixer.cue_bank import CueBank


class CueKeys(QObject):
    """Two actions for each cue, wherever the focus is in the window; pads do the same."""

    def __init__(self, actions: Actions, window: QWidget) -> None:
        super().__init__(window)
        self._bank: CueBank | None = None
        self._use = [actions.add(f"cue{letter}", self._on_use) for letter in CUES]
        self._store = [actions.add(f"storeCue{letter}", self._on_store) for letter in CUES]
        for slot, made in enumerate(zip(self._use, self._store, strict=True)):
            for action in made:
                action.setData(slot)

    def menu(self, parent: QMenu) -> QMenu:
        """All of them, as a menu in another."""
        menu = parent.addMenu("Cues")
        menu.addActions(self._use)
        menu.addSeparator()
        menu.addActions(self._store)
        menu.aboutToShow.connect(self._name)
        return menu

    def serve(self, bank: CueBank) -> None:
        """Let these pads do what the keys ask for."""
        self._bank = bank

    def _name(self) -> None:
        """Say in the menu what a click will do, and what the cues are called."""
        if self._bank is not None:
            for action, text in zip(self._use, self._bank.titles, strict=True):
                action.setText(text)

    def _on_use(self) -> None:
        if self._bank is not None:
            self._bank.use(self._slot())

    def _on_store(self) -> None:
        if self._bank is not None:
            self._bank.store(self._slot())

    def _slot(self) -> int:
        action = self.sender()
        assert isinstance(action, QAction)
        return int(action.data())
