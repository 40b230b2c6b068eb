"""Lifting long base64 out of JSON text before that is parsed, so that it is never copied.

Text in which one name is not Latin takes up to four bytes a character once it is decoded, and the
parser copies every string; with megabytes of numbers that is most of the time and of the memory.
"""

from __future__ import annotations

import re
from typing import Any

STRIDE = 4096
"""Base64 of twice as many characters is always lifted out; of fewer than these, never."""

MOST_TEXT = 16 * 1024 * 1024
"""Bytes that may be left when what is long is out. Values take up to thirty times as much."""

MOST_OBJECTS = 500_000
"""Objects that the text may hold; a second for the parser."""

_KEY = re.compile(rb'"(?:float64|int64)"[ \t\r\n]{0,8}:[ \t\r\n]{0,8}"\Z')
_REACH = 40
_TOKEN = re.compile("\x00([0-9]{1,9})")

KEYS = ("float64", "int64")
"""The entries that hold base64."""


class Lifted:
    """JSON text (bytes) without its long base64, and that; `resolve` puts it back once parsed."""

    def __init__(self, raw: bytes) -> None:
        self._long: list[memoryview] = []
        self._kept = self._divided(raw)

    @property
    def size(self) -> int:
        """Bytes of the text that is left."""
        return sum(map(len, self._kept))

    @property
    def text(self) -> bytes:
        """The text that is left."""
        return b"".join(self._kept)

    def _divided(self, raw: bytes) -> list[bytes | memoryview]:
        """What stays, with a short text for each of what goes to `_long`."""
        kept: list[bytes | memoryview] = []
        view, done, at = memoryview(raw), 0, 0
        while at + STRIDE <= len(raw):
            quote = raw.find(b'"', at, at + STRIDE)
            if quote >= 0:
                at += STRIDE
                continue
            start, end = raw.rfind(b'"', done, at) + 1, raw.find(b'"', at + STRIDE)
            if end < 0:
                break
            if start > done and _KEY.search(raw, max(done, start - _REACH), start):
                kept += [view[done:start], b"\\u0000%d" % len(self._long)]
                self._long.append(view[start:end])
                done = end
            at = end
        return [*kept, view[done:]]

    def resolve(self, entries: dict[str, Any]) -> dict[str, Any]:
        """An object as parsed, with its long base64 as it is in the file: for `object_hook`."""
        for key in KEYS:
            value = entries.get(key)
            token = _TOKEN.fullmatch(value) if isinstance(value, str) else None
            if token and int(token[1]) < len(self._long):
                entries[key] = self._long[int(token[1])]
        return entries
