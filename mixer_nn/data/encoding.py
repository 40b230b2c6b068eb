"""From the bytes of a file to UTF-8 text: byte-order marks, Windows text, and what is no text."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from mixer_nn.core.errors import MixError
from mixer_nn.data.wording import shown

PIECE = 4 << 20

_SIGNATURES = {
    b"PK\x03\x04": "a spreadsheet workbook or an archive; save the sheet as CSV and open that",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet workbook; save the sheet as CSV and open that",
    b"%PDF": "a PDF document; copy its table into a spreadsheet and save that as CSV",
    b"\x1f\x8b": "compressed; unpack it first",
    b"\x89PNG": "a picture; a table must be text, such as CSV",
    b"\xff\xd8\xff": "a picture; a table must be text, such as CSV",
    b"SQLite format": "a database; export the table as CSV and open that",
    b"PAR1": "a Parquet file; save the table as CSV and open that",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)


def to_utf8(raw: bytes, name: str, poll: Callable[[], None]) -> tuple[bytes, str]:
    """The text in `raw` as UTF-8 without a byte-order mark, and a sentence if that was a guess.

    Without a mark it is UTF-8 or else Windows-1252. Raises MixError for binary files and for text
    that fits none of these. `poll` is called between pieces of 4 MiB.
    """
    raw = raw.rstrip(b"\x1a")  # the end-of-file mark of old DOS programs
    for signature, what in _SIGNATURES.items():
        if raw.startswith(signature):
            raise MixError(f"{shown(name)} is {what}.")
    for mark, codec, title in _MARKS:
        if raw.startswith(mark):
            return _marked(raw[len(mark) :], codec, title, name, poll), ""
    if b"\0" in raw:
        raise MixError(f"{shown(name)} is a binary file, not text; save the table as CSV in UTF-8.")
    if _is_utf8(raw, poll):
        return _without_controls(raw, name), ""
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as error:
        raise MixError(
            f"{shown(name)} is neither UTF-8 nor Windows-1252 text "
            f"(see byte {error.start + 1:,}); save it as CSV in UTF-8."
        ) from error
    note = "The text is not UTF-8 and is read as Windows-1252, so names may look wrong."
    return _without_controls(text.encode("utf-8"), name), note


def _marked(raw: bytes, codec: str, title: str, name: str, poll: Callable[[], None]) -> bytes:
    if codec == "utf-8" and _is_utf8(raw, poll):
        return _without_controls(raw, name)
    try:
        return _without_controls(raw.decode(codec).encode("utf-8"), name)
    except UnicodeError as error:
        raise MixError(
            f"{shown(name)} begins as {title} text but is not; it may be cut short or damaged: "
            "save it again as CSV in UTF-8."
        ) from error


def _is_utf8(raw: bytes, poll: Callable[[], None]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(raw), PIECE):
            poll()
            decoder.decode(raw[start : start + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _without_controls(text: bytes, name: str) -> bytes:
    """`text`, unless so much of its beginning is control characters that it is no text."""
    head = text[:PIECE]
    kept = head.translate(None, bytes(c for c in range(32) if c not in b"\t\n\r\f\v\x1a\x1b"))
    if b"\0" in text or len(head) - len(kept) > len(head) // 100:
        raise MixError(f"{shown(name)} is a binary file, not text; save the table as CSV in UTF-8.")
    return text
