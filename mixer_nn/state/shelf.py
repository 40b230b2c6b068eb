"""What one window keeps in the recovery folder, and what windows that have died left there."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from mixer_nn.core.errors import MixError
from mixer_nn.session import recovery
from mixer_nn.session.parts import Breathe, go_on
from mixer_nn.session.recovery import Keeper, Work
from mixer_nn.state.claim import Claim


@dataclass(frozen=True, eq=False)
class Found:
    """Work of a window that has died; nobody else is offered it while this claim is held."""

    claim: Claim
    work: Work

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.claim.folder


class Shelf:
    """The recovery folder as one window sees it. Used by one thread only, which may wait for it.

    Methods raise OSError with what is wrong with the place.
    """

    def __init__(self, root: Path, breathe: Breathe = go_on) -> None:
        self._root, self._breathe = root, breathe
        self._own: tuple[Claim, Keeper] | None = None

    # -- the work of this window ----------------------------------------------------------------

    def keep(self, work: Work) -> None:
        """Put `work` in the place of what was kept; NotFinite for numbers no file may hold."""
        try:
            self._keeper().keep(work)
        except FileNotFoundError:
            self._own = None  # somebody has deleted the folder, so begin again in another
            self._keeper().keep(work)

    def _keeper(self) -> Keeper:
        if self._own is None or not self._own[0].is_there:
            self.clear()
            folder = recovery.new_folder(self._root)
            folder.mkdir(parents=True)
            self._own = _claimed(folder), Keeper(folder, self._breathe)
        return self._own[1]

    def clear(self) -> None:
        """Delete what is kept of this window."""
        own, self._own = self._own, None
        if own is not None:
            _delete(own[0])

    def adopt(self, found: Found) -> None:
        """Go on in the folder of work that has been taken up, so that it is never without."""
        before, self._own = self._own, (found.claim, Keeper(found.folder, self._breathe))
        if before is not None:
            _delete(before[0])

    # -- the work of others -----------------------------------------------------------------------

    def find(self, passed: Collection[Path]) -> Found | None:
        """The latest work that no living window has, but for folders that were `passed`."""
        for folder in recovery.sessions(self._root):
            if folder in passed or (self._own is not None and folder == self._own[0].folder):
                continue
            claim = Claim.make(folder)
            if claim is None:
                continue
            try:
                return Found(claim, recovery.read(folder, self._breathe))
            except (MixError, OSError):
                claim.release()  # damaged: not offered, and deleted only when it is old
        return None

    def discard(self, found: Found) -> None:
        """Delete work that nobody wants."""
        _delete(found.claim)

    def tidy(self) -> None:
        """Delete what nothing can be had from."""
        for folder in recovery.leftovers(self._root):
            claim = Claim.make(folder)
            if claim is not None:
                with contextlib.suppress(OSError):  # then it stays, and costs nothing but room
                    _delete(claim)


def _claimed(folder: Path) -> Claim:
    claim = Claim.make(folder)
    if claim is not None:
        return claim
    probe = folder / "probe"
    try:
        probe.write_bytes(b"?")  # the lock does not say why not; an ordinary file does
        raise OSError(errno.ENOLCK, "files cannot be locked there")
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()
        recovery.remove(folder)


def _delete(claim: Claim) -> None:
    try:
        recovery.clear(claim.folder)
    finally:
        claim.release()
    recovery.remove(claim.folder)
