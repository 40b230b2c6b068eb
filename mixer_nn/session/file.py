"""Reading and writing `.mixnn` files: a save is all or nothing."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
import tempfile
from pathlib import Path

from mixer_nn.core.errors import MixError
from mixer_nn.session.codec import one_line, parse
from mixer_nn.session.schema import Saved, from_json, to_json

SUFFIX = ".mixnn"
MOST_BYTES = 512 * 1024 * 1024
"""A file larger than this is not read: it is no mix that this program wrote."""


def write(path: Path, saved: Saved) -> None:
    """Save to `path`, replacing what is there only once the new file is whole and on disk.

    Raises MixError with what is wrong with the place; the old file is then as it was.
    """
    try:
        text = json.dumps(to_json(saved), ensure_ascii=False, allow_nan=False, indent=1)
    except ValueError as error:
        raise MixError(
            f"{_shown(path)} could not be saved, since a number in the mix is not finite; undo to"
            " before that and save again."
        ) from error
    try:
        # A file's name that is no text may have become a table's name; that must not stop a save.
        _replace(_through_links(path), text.encode("utf-8", errors="replace"))
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


def _replace(path: Path, content: bytes) -> None:
    if path.exists() and not os.access(path, os.W_OK):
        # Replacing needs no permission to write to what is replaced, but that is what was meant.
        raise PermissionError(errno.EACCES, "the file there is write-protected")
    # Not the whole name: with something added to it, it might be too long.
    handle, name = tempfile.mkstemp(prefix=".saving-", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_mode_of(path))
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(path.parent)


def _mode_of(path: Path) -> int:
    """The permissions that the file has, or that any new file would get."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
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
        return from_json(parse(_text(path)))
    except MixError as error:
        raise MixError(f"{_shown(path)} cannot be opened: {error}.") from error


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise MixError("it is a folder; choose a file in it")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise MixError(f"it is larger than {MOST_BYTES // 2**20} MB, more than any mix can be")
        if size == 0:
            raise MixError("it is empty")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise MixError("there is no such file; check the name") from None
    except PermissionError:
        raise MixError("you have no permission to read it") from None
    except UnicodeDecodeError:
        raise MixError("it is not text, so it is no mix of this program") from None
    except OSError as error:
        raise MixError(f"it cannot be read ({error.strerror or error})") from None
    except ValueError:
        raise MixError("no file can have such a name") from None
