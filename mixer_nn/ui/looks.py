"""How the window looks: theme, zoom, motion, full screen. View states, remembered, never undone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from mixer_nn.state.preferences import Preferences
from mixer_nn.ui import theme
from mixer_nn.ui.actions import Actions

ZOOM_STEP = 0.1


class Looks(QObject):
    """The rows of the View menu that change how a window looks. `dressed` tells that it did."""

    dressed = Signal()

    def __init__(self, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._preferences, self._window = preferences, window

    def fill(self, menu: QMenu, actions: Actions) -> None:
        """Add the choice of a theme, and the switch for motion."""
        rows = (("Follow the system", "system"), ("Dark", "dark"), ("Light", "light"))
        self._themes = actions.choice(menu.addMenu("Theme"), rows, self._preferences.theme)
        self._themes.triggered.connect(self._on_theme)
        self.motion = actions.plain(menu, "Reduce motion", self._on_motion, "reduceMotion")
        self.motion.setCheckable(True)
        self.motion.setChecked(self._preferences.reduced_motion)

    def _on_theme(self, action: QAction) -> None:
        self._preferences.theme = str(action.data())
        self.dress()

    def _on_motion(self) -> None:
        self._preferences.reduced_motion = self.motion.isChecked()

    def zoom(self, factor: float) -> None:
        """Make text and controls `factor` times their first size, within the range of zooms."""
        low, high = theme.ZOOM_RANGE
        self._preferences.zoom = min(max(round(factor, 2), low), high)
        self.dress()

    def zoom_in(self) -> None:
        """Larger by a tenth."""
        self.zoom(theme.zoom() + ZOOM_STEP)

    def zoom_out(self) -> None:
        """Smaller by a tenth."""
        self.zoom(theme.zoom() - ZOOM_STEP)

    def zoom_reset(self) -> None:
        """Back to the first size."""
        self.zoom(1.0)

    def dress(self) -> None:
        """Dress the program as the preferences say."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            # A style sheet that takes another's place gives the widgets back the fonts they had
            # under that one, and text would stay as large as it was.
            app.setStyleSheet("")
            theme.apply(app, self._preferences.theme, self._preferences.zoom)
            for part in self._window.findChildren(QWidget):
                QApplication.sendEvent(part, QEvent(QEvent.Type.StyleChange))
        self.dressed.emit()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or leave it."""
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()
