"""Reading and writing `.mixnn` files: a save is all or nothing."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from mixer_nn.core.errors import MixError
from mixer_nn.session.codec import one_line, parse
from mixer_nn.session.pieces import NotFinite, pieces
from mixer_nn.session.saved import Saved
from mixer_nn.session.schema import from_json, tree_of

SUFFIX = ".mixnn"
MOST_BYTES = 400 * 1024 * 1024
"""A file larger than this is not read: it is no mix that this program wrote."""


def write(path: Path, saved: Saved) -> None:
    """Save to `path`, replacing what is there only once the new file is whole and on disk.

    No other thread waits longer than a millisecond or so for the interpreter while this goes on.
    Raises MixError with what is wrong with the place; the old file is then as it was.
    """
    try:
        _replace(_through_links(path), pieces(tree_of(saved)))
    except NotFinite as error:
        raise MixError(
            f"{_shown(path)} could not be saved, since a number in the mix is not finite; undo to"
            " before that and save again."
        ) from error
    except (OSError, RuntimeError, ValueError) as error:
        reason = one_line(getattr(error, "strerror", None) or str(error))
        folder = one_line(str(path.parent), 200)
        raise MixError(
            f"{_shown(path)} could not be saved in {folder} ({reason}); nothing there has changed,"
            " choose another place."
        ) from error


def _shown(path: Path) -> str:
    return f"“{one_line(path.name or str(path))}”"


def _through_links(path: Path) -> Path:
    """The file that a link points to, so that saving keeps the link; RuntimeError in a loop."""
    return path.resolve() if path.is_symlink() else path


def _replace(path: Path, content: Iterable[bytes]) -> None:
    if path.exists() and not os.access(path, os.W_OK):
        # Replacing needs no permission to write to what is replaced, but that is what was meant.
        raise PermissionError(errno.EACCES, "the file there is write-protected")
    # Not the whole name: with something added to it, it might be too long.
    handle, name = tempfile.mkstemp(prefix=".saving-", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        try:
            for piece in content:
                _write_all(handle, piece)
            os.fsync(handle)
        finally:
            os.close(handle)
        temporary.chmod(_mode_of(path))
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def _write_all(handle: int, piece: bytes) -> None:
    """Write past any buffer of Python's: whoever waits for the interpreter has a turn meanwhile."""
    rest = memoryview(piece)
    while len(rest):
        rest = rest[os.write(handle, rest) :]


def _mode_of(path: Path) -> int:
    """The permissions that the file has, or that any new file would get."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def sync_folder(folder: Path) -> None:
    """Make the new name itself durable, where the system can (Windows cannot open a folder)."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read(path: Path) -> Saved:
    """The mix that was saved to `path`. Raises MixError, one sentence, where it cannot be had."""
    try:
        return from_json(parse(_bytes(path)))
    except MixError as error:
        raise MixError(f"{_shown(path)} cannot be opened: {error}.") from error


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise MixError("it is a folder; choose a file in it")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise MixError(f"it is larger than {MOST_BYTES // 2**20} MB, more than any mix can be")
        if size == 0:
            raise MixError("it is empty")
        return path.read_bytes()
    except FileNotFoundError:
        raise MixError("there is no such file; check the name") from None
    except PermissionError:
        raise MixError("you have no permission to read it") from None
    except OSError as error:
        raise MixError(f"it cannot be read ({error.strerror or error})") from None
    except ValueError:
        raise MixError("no file can have such a name") from None
