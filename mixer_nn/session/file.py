"""Reading and writing `.mixnn` files: a save is all or nothing."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import tempfile
from pathlib import Path

from mixer_nn.core.errors import MixError
from mixer_nn.session.codec import parse
from mixer_nn.session.schema import Saved, from_json, to_json

SUFFIX = ".mixnn"
MOST_BYTES = 512 * 1024 * 1024
"""A file larger than this is not read: it is no mix that this program wrote."""


def write(path: Path, saved: Saved) -> None:
    """Save to `path`, replacing what is there only once the new file is whole and on disk.

    Raises MixError with what is wrong with the place; the old file is then as it was.
    """
    text = json.dumps(to_json(saved), ensure_ascii=False, allow_nan=False, indent=1)
    target = _through_links(path)
    try:
        _replace(target, text.encode("utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise MixError(
            f"“{path.name}” could not be saved in {target.parent} ({reason}); the mix is still"
            " here, save it somewhere else."
        ) from error


def _through_links(path: Path) -> Path:
    """The file that a link points to, so that saving keeps the link."""
    return path.resolve() if path.is_symlink() else path


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
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
        raise MixError(f"“{path.name}” cannot be opened: {error}.") from error


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
