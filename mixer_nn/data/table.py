"""A person's own table, from a file or the clipboard, to a data set.

`read_table` and `parse_table` read it, `propose` chooses columns, `build` makes the data set.
pandas is imported only when a table is read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mixer_nn.core.errors import MixError
from mixer_nn.data.choice import MAX_INPUTS, Choice, Prepared, build, propose
from mixer_nn.data.columns import Kind, Table, TableColumn
from mixer_nn.data.encoding import to_utf8
from mixer_nn.data.parsing import MAX_CELLS, parse_utf8
from mixer_nn.data.wording import shown

__all__ = [
    "MAX_BYTES",
    "MAX_CELLS",
    "MAX_INPUTS",
    "Cancelled",
    "Choice",
    "Kind",
    "Prepared",
    "Table",
    "TableColumn",
    "build",
    "parse_table",
    "propose",
    "read_table",
]

MAX_BYTES = 256 << 20
PIECE_BYTES = 4 << 20
PASTED = "pasted table"

Progress = Callable[[float], None]
Cancel = Callable[[], bool]


class Cancelled(Exception):  # noqa: N818 - it is no error
    """Reading was given up because `cancelled` said so."""


def read_table(
    source: Path, *, progress: Progress | None = None, cancelled: Cancel | None = None
) -> Table:
    """The table in the text file `source`.

    Encoding, separator, decimal mark and header are found out. `progress` gets the share done, 0
    to 1; `cancelled` is asked a few times a second, and Cancelled is raised when it says yes.
    Both are called in the calling thread. Raises MixError if the file cannot be read, is larger
    than 256 MiB, 10,000 columns or 10 million cells, or is not a table of two columns or more.
    """
    poll = _poll(cancelled)
    raw = _read_bytes(source, poll)
    return _parse(raw, source.name, progress, poll)


def parse_table(
    text: str,
    name: str = PASTED,
    *,
    progress: Progress | None = None,
    cancelled: Cancel | None = None,
) -> Table:
    """The table in `text`, as it comes from the clipboard; otherwise as `read_table`."""
    raw = text.removeprefix("\ufeff").encode("utf-8", errors="replace")
    if len(raw) > MAX_BYTES:
        raise _too_large(name)
    return _parse(raw, name, progress, _poll(cancelled))


def _parse(raw: bytes, name: str, progress: Progress | None, poll: Callable[[], None]) -> Table:
    if not raw.strip():
        raise MixError(f"{shown(name)} is empty; a table needs two columns or more.")
    text, note = to_utf8(raw, name, poll)
    del raw
    return parse_utf8(text, name, note, progress or _no_progress, poll)


def _no_progress(_share: float) -> None:
    """Nobody watches."""


def _poll(cancelled: Cancel | None) -> Callable[[], None]:
    def poll() -> None:
        if cancelled is not None and cancelled():
            raise Cancelled

    return poll


def _read_bytes(source: Path, poll: Callable[[], None]) -> bytes:
    """The content of a file, read in pieces so that a slow disk can be given up on."""
    name = shown(source.name or str(source))
    try:
        if source.is_dir():
            raise MixError(f"{name} is a folder; choose a table in it, such as a CSV file.")
        if not source.exists():
            raise MixError(f"{name} does not exist; check its name and folder.")
        if not source.is_file():
            raise MixError(f"{name} is not a regular file; choose a CSV file.")
        pieces: list[bytes] = []
        size = 0
        with source.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                poll()
                pieces.append(piece)
                size += len(piece)
                if size > MAX_BYTES:
                    raise _too_large(source.name)
    except PermissionError as error:
        raise MixError(f"You may not read {name}; change its permissions or copy it.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it has an impossible name"
        raise MixError(f"{name} cannot be read: {reason[0].lower()}{reason[1:]}.") from error
    return b"".join(pieces)


def _too_large(name: str) -> MixError:
    return MixError(
        f"{shown(name)} is larger than {MAX_BYTES >> 20} MiB, the most a table may have; "
        "keep fewer rows or columns."
    )
