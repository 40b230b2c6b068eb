"""Opening, saving, dropping, pasting: from a path or a clipboard to a mix on the desk, and back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from mixer_nn.core.errors import MixError
from mixer_nn.data.table import Table, parse_table, read_table
from mixer_nn.session.file import SUFFIX
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.dialogs.messages import ask_to_save, tell
from mixer_nn.ui.dialogs.progress import WorkProgress
from mixer_nn.ui.dialogs.table_preview import TablePreview
from mixer_nn.ui.first_mix import first_mix
from mixer_nn.ui.work import Work

OPEN_FILTER = (
    f"Mixes and tables (*{SUFFIX} *.csv *.tsv *.txt *.dat);;Mixes (*{SUFFIX});;All files (*)"
)
SAVE_FILTER = f"Mixes (*{SUFFIX})"


class Files(QObject):
    """What the File menu does. Every failure is one sentence, and leaves the mix as it was."""

    table_ready = Signal()

    def __init__(self, bench: Bench, window: QWidget) -> None:
        super().__init__(window)
        self._bench, self._window = bench, window
        self._work: Work | None = None
        self.preview: TablePreview | None = None

    # -- leaving what is there ----------------------------------------------------------------

    def may_leave(self) -> bool:
        """Ask about unsaved work; False where the person wants to stay."""
        document = self._bench.document
        if not document.modified:
            return True
        answer = ask_to_save(self._window, document.name)
        return answer == "discard" or (answer == "save" and self.save())

    # -- the menu -----------------------------------------------------------------------------

    def new(self) -> None:
        """Start over with the first mix."""
        if self.may_leave():
            self._bench.document.new(first_mix())

    def choose(self) -> None:
        """Ask for a file and open it."""
        folder = str(self._bench.preferences.folder)
        name, _ = QFileDialog.getOpenFileName(self._window, "Open", folder, OPEN_FILTER)
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Open a mix, or a table with a look at it first."""
        if path.suffix.lower() != SUFFIX:
            self._read_table(partial(read_table, path), path)
            return
        if not self.may_leave():
            return
        try:
            self._bench.document.open(path)
        except MixError as error:
            self._bench.preferences.forget(path)
            tell(self._window, str(error))
        else:
            self._remember(path)

    def save(self) -> bool:
        """Save to the mix's file; asks for one where there is none. False: not saved."""
        path = self._bench.document.path
        return self.save_as() if path is None else self._save_to(path)

    def save_as(self) -> bool:
        """Ask where to save, and save."""
        document, preferences = self._bench.document, self._bench.preferences
        folder = preferences.folder if document.beside is None else document.beside.parent
        at = document.path or folder / f"{document.name}{SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the mix", str(at), SAVE_FILTER)
        if not name:
            return False
        path = Path(name)
        return self._save_to(path if path.suffix else path.with_suffix(SUFFIX))

    def _save_to(self, path: Path) -> bool:
        try:
            self._bench.document.save(path)
        except MixError as error:
            tell(self._window, str(error))
            return False
        self._remember(path)
        return True

    def _remember(self, path: Path) -> None:
        self._bench.preferences.remember(path)
        self._bench.preferences.folder = path.parent

    def recover(self) -> None:
        """Take up the work that is offered, as an unsaved mix."""
        if self.may_leave():
            self._bench.recovery.take_up()

    # -- tables -------------------------------------------------------------------------------

    def paste(self) -> None:
        """Read the clipboard as a table, as a spreadsheet leaves it there."""
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            tell(self._window, "The clipboard holds no table: copy cells in a spreadsheet first.")
            return
        self._read_table(partial(parse_table, text), None)

    def can_take(self, data: QMimeData) -> bool:
        """Whether what is dragged over the window can be opened."""
        return any(url.isLocalFile() for url in data.urls())

    def take(self, data: QMimeData) -> None:
        """Open what was dropped on the window."""
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if paths:
            self.open(paths[0])

    def _read_table(self, job: partial[Table], path: Path | None) -> None:
        if self._work is not None:
            self._work.cancel()
        self._work = Work(job, self)
        name = path.name if path else "the clipboard"
        WorkProgress(self._work, f"Reading {name} …", self._window)
        self._work.finished.connect(self._on_table)
        self._work.failed.connect(self._on_failed)
        if path is not None:
            self._bench.preferences.folder = path.parent
        self._work.start()

    def _on_failed(self, sentence: str) -> None:
        self._work = None
        tell(self._window, sentence)

    def _on_table(self, table: object) -> None:
        self._work = None
        assert isinstance(table, Table)
        try:
            self.preview = TablePreview(table, self._window)
        except MixError as error:
            tell(self._window, str(error))
            return
        self.preview.accepted.connect(self._on_accepted)
        self.preview.finished.connect(self._on_preview_closed)
        self.preview.open()
        self.table_ready.emit()

    def _on_accepted(self) -> None:
        if self.preview is None:
            return  # a double click on its button accepts it twice
        mix = self.preview.result_mix(self._bench.desk.mix.state.seed)
        if self.may_leave():
            self._bench.document.new(mix)

    def _on_preview_closed(self) -> None:
        if self.preview is not None:
            self.preview.deleteLater()
            self.preview = None

    def close(self) -> None:
        """The window closes: give up what is being read."""
        if self._work is not None:
            self._work.cancel()
            self._work = None
