"""Who may write in a folder: one living window at a time, whatever became of those before it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLockFile

LOCK = "lock"
"""The file in a claimed folder that holds the claim."""


class Claim:
    """The sole right to a folder, from `make` until `release` or the end of the process."""

    def __init__(self, folder: Path, lock: QLockFile) -> None:
        self.folder, self._lock = folder, lock

    @classmethod
    def make(cls, folder: Path) -> Claim | None:
        """Claim a folder that exists; None where somebody alive has it, or nobody may write there.

        The file names its owner's process and start of the machine. That alone could be mistaken,
        as numbers of processes come again, so any file counts as left behind at once, and what
        decides is the system's own lock on it, which ends with the process that holds it.
        """
        lock = QLockFile(str(folder / LOCK))
        lock.setStaleLockTime(1)
        return cls(folder, lock) if lock.tryLock(0) else None

    def release(self) -> None:
        """Give the folder back."""
        self._lock.unlock()

    @property
    def is_there(self) -> bool:
        """Whether the folder still shows to others that it is claimed."""
        return (self.folder / LOCK).exists()
