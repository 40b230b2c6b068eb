"""All runs beside the work: what they were trained with, what came of it, and the way back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.compare_menu import TIP, CompareMenu
from mixer_nn.ui.dialogs.frame import fit_to_screen, sentence
from mixer_nn.ui.dialogs.run_fields import FIELDS
from mixer_nn.ui.dialogs.runs_model import PLAIN_ROLE, RunsModel
from mixer_nn.ui.dialogs.runs_table import RunsTable
from mixer_nn.ui.monitors.live_view import Lag
from mixer_nn.ui.monitors.switch import keeps_space
from mixer_nn.ui.numbers import counted

ALONE = (
    "No other run yet. A new start, a way back to the start and Compare each begin one; a run"
    " that is kept is drawn in the Loss monitor with its name."
)
LEAST_WIDTH, HEIGHT, ROOM_BESIDE = 520, 320, 80
"""Its size; the last is the height of all but the table."""
TURN = 3
"""Its share of the frames that costly drawings take turns in."""


class RunsPanel(QDialog):
    """Stays open beside the window, and follows the training. Nothing it shows is changed by it."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setObjectName("runsPanel")
        self.setWindowTitle("Runs")
        self._bench = bench
        self._lag = Lag(bench.desk, bench.automix, turn=TURN)
        self._stale = False
        self.model = RunsModel(bench, self)
        self.table = RunsTable(self.model, self)
        self.note = sentence(ALONE, self, 12.5, "runsNote")
        self.note.setProperty("kind", "dim")
        self._make_buttons()
        self._place()
        self.table.unwanted.connect(self._on_forget)
        self.table.selectionModel().selectionChanged.connect(self._read_buttons)
        bench.desk.changed.connect(self._on_changed)
        bench.overlay.changed.connect(self._on_runs)
        bench.automix.changed.connect(self._on_changed)
        self.read()

    def _make_buttons(self) -> None:
        self.restore_button = self._button("Restore", "restoreRun", self._on_restore)
        self.restore_button.setToolTip("Put this run's last mix back on the desk, set as it was")
        self.keep = self._button("Keep", "keepRun", self._on_keep)
        self.rename = self._button("Name", "nameRun", self._on_name)
        self.rename.setToolTip("Give this run a name (Enter)")
        self.forget = self._button("Forget", "forgetRun", self._on_forget)
        self.forget.setToolTip("Let these runs go, but not the present one (Delete)")
        self.compare = self._button("Compare", "compareRun", None)
        self.compare.setToolTip(TIP)
        self.compare.setMenu(CompareMenu(self._bench, self))
        self.copy = self._button("Copy as text", "copyRuns", self._on_copy)
        self.copy.setToolTip("Copy the table for a spreadsheet, as it is sorted now")

    def _button(self, text: str, name: str, slot: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        # By Tab, not by the mouse: a click leaves the focus where it was.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if slot is not None:
            button.clicked.connect(slot)
        return button

    def _place(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(*[theme.px(10)] * 4)
        box.setSpacing(theme.px(8))
        row = QHBoxLayout()
        row.setSpacing(theme.px(6))
        for button in (self.restore_button, self.keep, self.rename, self.forget):
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self.compare)
        row.addWidget(self.copy)
        box.addWidget(self.table, 1)
        box.addWidget(self.note)
        box.addLayout(row)

    def open_below(self, anchor: QWidget) -> None:
        """Show it under a monitor, or bring it to the front."""
        if not self.isVisible():
            self.table.dress()
            self.read()
            wide = max(self.table.width_wanted + 2 * theme.px(10), theme.px(LEAST_WIDTH))
            tall = theme.px(ROOM_BESIDE) + self.table.height_of(len(self.model.runs) + 1)
            fit_to_screen(self, min(wide, anchor.window().width()), min(tall, theme.px(HEIGHT)))
            self._put_below(anchor)
        self.show()
        self.raise_()
        self.activateWindow()
        self.table.setFocus(Qt.FocusReason.PopupFocusReason)

    def _put_below(self, anchor: QWidget) -> None:
        """Under the monitor, within its window's width; higher where the screen ends before."""
        corner = anchor.mapToGlobal(QPoint(0, anchor.height() + theme.px(6)))
        window = anchor.window()
        left = window.mapToGlobal(QPoint((window.width() - self.width()) // 2, 0)).x()
        screen = anchor.screen().availableGeometry()
        size = self.size() + QSize(0, theme.px(30))  # with a title bar
        top = min(corner.y(), screen.bottom() - size.height())
        left = min(max(left, screen.left()), screen.right() - size.width())
        self.move(left, max(top, screen.top()))

    # -- what it shows ------------------------------------------------------------------------

    def read(self) -> None:
        """Show all runs as they are now."""
        chosen = self.table.chosen
        self.model.read()
        self.note.setVisible(len(self.model.runs) == 1)
        if not self.table.is_naming:
            self.table.fit()
        if not chosen or not self.table.chosen:
            self.table.choose(next(run for run in self.model.runs if run.is_present))
        self._stale = False
        self._read_buttons()

    def _on_runs(self) -> None:
        if self.isVisible():
            self.read()
        else:
            self._stale = True

    def _on_changed(self) -> None:
        if not self.isVisible():
            self._stale = True
        elif self._lag.is_due():
            self.model.read_present()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.read()

    def event(self, event: QEvent) -> bool:
        # The program's keys hold here too; but a button reached by Tab is pressed by the space bar.
        focus = QApplication.focusWidget()
        if isinstance(focus, QAbstractButton) and keeps_space(event):
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "table"):
            self.table.dress()
            self.note.setFont(theme.ui_font(12.5))

    def _read_buttons(self) -> None:
        chosen = self.table.chosen
        others = [run for run in chosen if not run.is_present]
        # Of a run from an older file only the curve is known.
        known = len(chosen) == 1 and bool(others) and others[0].head is not None
        self.restore_button.setEnabled(known)
        self.rename.setEnabled(len(chosen) == 1)
        self.forget.setEnabled(bool(others))
        self.keep.setEnabled(bool(chosen))
        kept = bool(chosen) and all(run.kept for run in chosen)
        self.keep.setText("Keep no longer" if kept else "Keep")
        tip = "Let them be forgotten when there are many" if kept else "Draw them with their names"
        self.keep.setToolTip(tip)
        self.copy.setText("Copy as text")

    # -- the hand -----------------------------------------------------------------------------

    def _on_restore(self) -> None:
        desk, (run,) = self._bench.desk, self.table.chosen
        desk.take_up(run.number)
        if run.setup is not None:
            # How it was trained comes back with it; the tempo is the person's, not the run's.
            desk.set_setup(replace(run.setup, tempo=desk.setup.tempo))

    def _on_keep(self) -> None:
        chosen = self.table.chosen
        kept = not all(run.kept for run in chosen)
        for run in chosen:
            self._bench.desk.keep_run(run.number, kept)

    def _on_name(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.edit_name()

    def _on_forget(self) -> None:
        for run in self.table.chosen:
            if not run.is_present:
                self._bench.desk.forget_run(run.number)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
        self.copy.setText(f"Copied {counted(len(self.model.runs), 'run')}")

    @property
    def text(self) -> str:
        """The table as it is sorted, cells set apart by tabs, for a spreadsheet."""
        table, model = self.table, self.table.model()
        columns = [column for column in range(len(FIELDS)) if not table.isColumnHidden(column)]
        lines = ["\t".join(FIELDS[column].title for column in columns)]
        for row in range(model.rowCount()):
            cells = (str(model.index(row, column).data(PLAIN_ROLE)) for column in columns)
            lines.append("\t".join(cells))
        return "\n".join(lines) + "\n"
