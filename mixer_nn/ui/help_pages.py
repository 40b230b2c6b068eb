"""What the Help menu opens: the keys, the doctor's report, what this program is."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from mixer_nn import __version__
from mixer_nn.doctor import doctor_report
from mixer_nn.ui.dialogs.shortcuts import ShortcutsDialog
from mixer_nn.ui.dialogs.text_dialog import TextDialog

ABOUT = (
    f"Mixer NN {__version__}\n\nA knob for every weight and every bias of a small"
    "\nneural network. Turn them by hand, or let gradient descent."
)


class HelpPages(QObject):
    """Each opens over its window, and is gone when it is closed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def shortcuts(self) -> None:
        """All keys."""
        self._open(ShortcutsDialog(self._window))

    def doctor(self) -> None:
        """Versions, graphics, what is missing."""
        self._open(TextDialog(self._window, "Doctor", doctor_report()))

    def about(self) -> None:
        """Name and version."""
        self._open(TextDialog(self._window, "About Mixer NN", ABOUT))

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
