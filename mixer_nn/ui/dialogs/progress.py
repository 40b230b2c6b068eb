"""How far a job is: shown only if it takes more than half a second, and it can be cancelled."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.dialogs.frame import Buttons, Role, column, sentence
from mixer_nn.ui.work import Work

PATIENCE_MS = 500


class WorkProgress(QDialog):
    """Follows one `Work`: appears when it takes long, leaves and deletes itself when it ends.

    It blocks nothing: the window behind it goes on. Its button, Esc and closing it cancel the
    job. Make it before the job is started.
    """

    def __init__(
        self, work: Work, text: str, parent: QWidget | None = None, patience: int = PATIENCE_MS
    ) -> None:
        super().__init__(parent)
        self.setObjectName("workProgress")
        self.setWindowTitle("Mixer NN")
        self.setAccessibleName(text)
        self._work = work
        layout = column(self)
        layout.addWidget(sentence(text, self))
        self._bar = QProgressBar(self)
        self._bar.setObjectName("progress")
        self._bar.setAccessibleName(text)
        self._bar.setRange(0, 100)
        self._bar.setValue(0)
        self._bar.setTextVisible(False)
        self._share = QLabel("0 %", self)
        self._share.setMinimumWidth(self._share.fontMetrics().horizontalAdvance("100 %"))
        self._share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout()
        row.addWidget(self._bar, 1)
        row.addWidget(self._share)
        layout.addLayout(row)
        buttons = Buttons(self)
        self._cancel = buttons.add("Cancel", Role.RejectRole, "cancel")
        layout.addWidget(buttons)
        self.setMinimumWidth(theme.px(380))
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(patience)
        self._patience.timeout.connect(self.show)
        self._patience.start()
        work.progressed.connect(self._on_progressed)
        work.ended.connect(self._on_ended)

    def reject(self) -> None:
        """Give the job up; the dialog stays until the job has noticed."""
        self._work.cancel()
        self._cancel.setEnabled(False)
        self._cancel.setText("Cancelling…")

    def _on_progressed(self, share: float) -> None:
        percent = round(100.0 * min(max(share, 0.0), 1.0))
        self._bar.setValue(percent)
        self._share.setText(f"{percent} %")

    def _on_ended(self) -> None:
        self._patience.stop()
        self.hide()
        self.deleteLater()
