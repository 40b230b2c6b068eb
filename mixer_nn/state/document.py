"""The file behind the desk: where it is, whether it is up to date, opening and saving."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from mixer_nn.session import file
from mixer_nn.session.mix import Mix, Setup
from mixer_nn.session.schema import Saved
from mixer_nn.state.desk import Desk


class Document(QObject):
    """The mix as a file. A failed open or save raises MixError and leaves everything as it was."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._saved_mix, self._saved_setup = desk.mix, desk.setup
        self.path: Path | None = None
        desk.undo_changed.connect(self._announce)
        desk.setup_changed.connect(self._announce)
        desk.dirtied.connect(self._notice)
        self._shown: tuple[Path | None, bool] = (None, False)

    @property
    def name(self) -> str:
        """The file's name without its ending, or ``untitled mix``."""
        return self.path.stem if self.path else "untitled mix"

    @property
    def modified(self) -> bool:
        """Whether there is anything that a save would keep and a close would lose.

        Mixes are immutable, and undo brings back the very one: to be it is to be as saved.
        """
        return self._desk.mix is not self._saved_mix or self._desk.setup != self._saved_setup

    def new(self, mix: Mix, setup: Setup | None = None) -> None:
        """Begin a mix that has no file yet; how Auto-mix is set is kept unless given."""
        self._become(None, Saved(mix, self._desk.setup if setup is None else setup))

    def open(self, path: Path) -> None:
        """Put the mix in the file at `path` on the desk."""
        self.take_up(path, file.read(path))

    def take_up(self, path: Path, saved: Saved) -> None:
        """Put on the desk what has been read from the file at `path`."""
        self._become(path, saved)

    def _become(self, path: Path | None, saved: Saved) -> None:
        self._desk.replace_all(saved.mix, saved.setup, saved.curves)
        self.path = path
        self._settle()

    def save(self, path: Path) -> None:
        """Save to `path`, which becomes the mix's file. A run in progress goes on."""
        desk = self._desk
        desk.flush()
        file.write(path, Saved(desk.mix, desk.setup, desk.history.curves))
        self.path = path
        self._settle()

    def _settle(self) -> None:
        self._saved_mix, self._saved_setup = self._desk.mix, self._desk.setup
        self._announce()

    def _notice(self) -> None:
        # While training, "modified" turns true without a step of undo yet; say so once.
        if self._shown != (self.path, self.modified):
            self._announce()

    def _announce(self) -> None:
        self._shown = (self.path, self.modified)
        self.changed.emit()
