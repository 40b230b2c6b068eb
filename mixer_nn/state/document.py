"""The file behind the desk: where it is, whether it is up to date, opening and saving."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from mixer_nn.session import file
from mixer_nn.session.mix import Mix, Setup
from mixer_nn.session.saved import Saved
from mixer_nn.state.desk import Desk

RECOVERED = " (recovered)"
"""What the name of a mix ends in whose window was killed, until it is saved."""


class Document(QObject):
    """The mix as a file. A failed open or save raises MixError and leaves everything as it was."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._saved_mix: Mix | None = desk.mix
        self._saved_setup = desk.setup
        self._saved_names = self._names
        self.path: Path | None = None
        self.beside: Path | None = None
        self._recovered = ""
        desk.undo_changed.connect(self._announce)
        desk.setup_changed.connect(self._announce)
        desk.runs_changed.connect(self._notice)
        desk.dirtied.connect(self._notice)
        self._shown: tuple[Path | None, bool] = (None, False)

    @property
    def name(self) -> str:
        """The file's name without its ending, or ``untitled mix``; marked where recovered."""
        if self._recovered:
            return f"{self._recovered}{RECOVERED}"
        return self.path.stem if self.path else "untitled mix"

    @property
    def modified(self) -> bool:
        """Whether there is anything that a save would keep and a close would lose.

        Mixes are immutable, and undo brings back the very one: to be it is to be as saved. Looking
        back is no change.
        """
        desk = self._desk
        return (
            desk.head is not self._saved_mix
            or desk.setup != self._saved_setup
            or self._names != self._saved_names
        )

    @property
    def _names(self) -> tuple[object, ...]:
        """What people have said of the runs, and how many they have had forgotten."""
        history = self._desk.history
        named = [(run.number, run.name, run.kept) for run in history.runs if run.name or run.kept]
        return *named, history.forgotten

    @property
    def content(self) -> Saved:
        """What a save keeps, but for the loss curves: values that do not change any more."""
        desk = self._desk
        visit = desk.place if desk.is_visiting else None
        return Saved(desk.head, desk.setup, runs=desk.history.saved(), visit=visit)

    def new(self, mix: Mix, setup: Setup | None = None) -> None:
        """Begin a mix that has no file yet; how Auto-mix is set is kept unless given."""
        self._become(None, Saved(mix, self._desk.setup if setup is None else setup))

    def open(self, path: Path) -> None:
        """Put the mix in the file at `path` on the desk."""
        self.take_up(path, file.read(path))

    def take_up(self, path: Path, saved: Saved) -> None:
        """Put on the desk what has been read from the file at `path`."""
        self._become(path, saved)

    def recover(self, saved: Saved, name: str, beside: Path | None) -> None:
        """Put on the desk what was never saved: a mix of its own, beside the file it began as."""
        self._become(None, saved)
        self._recovered, self.beside = name.removesuffix(RECOVERED), beside
        self._saved_mix = None
        self._announce()

    def _become(self, path: Path | None, saved: Saved) -> None:
        self._desk.replace_all(saved.mix, saved.setup, saved.curves, saved.runs)
        if saved.visit is not None:
            self._desk.visit(saved.visit)
        self.path = path
        self._settle()

    def save(self, path: Path) -> None:
        """Save to `path`, which becomes the mix's file. A run in progress goes on."""
        desk = self._desk
        desk.flush()
        file.write(path, replace(self.content, curves=desk.history.curves))
        self.path = path
        self._settle()

    def _settle(self) -> None:
        self._saved_mix, self._saved_setup = self._desk.head, self._desk.setup
        self._saved_names = self._names
        self._recovered, self.beside = "", None
        self._announce()

    def _notice(self) -> None:
        # While training, "modified" turns true without a step of undo yet; say so once.
        if self._shown != (self.path, self.modified):
            self._announce()

    def _announce(self) -> None:
        self._shown = (self.path, self.modified)
        self.changed.emit()
