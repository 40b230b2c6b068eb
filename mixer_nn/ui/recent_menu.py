"""The files opened or saved lately, as a menu."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from mixer_nn.state.preferences import Preferences
from mixer_nn.ui.files import Files


class RecentMenu(QMenu):
    """Is filled when it opens, since other windows open and save files too."""

    def __init__(self, preferences: Preferences, files: Files, parent: QWidget) -> None:
        super().__init__("Open recent", parent)
        self._preferences, self._files = preferences, files
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        paths = self._preferences.recent
        for path in paths:
            action = self.addAction(f"{path.name}   {path.parent}")
            action.setData(str(path))
            action.triggered.connect(self._on_chosen)
        if not paths:
            self.addAction("Nothing yet").setEnabled(False)

    def _on_chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._files.open(Path(str(action.data())))
