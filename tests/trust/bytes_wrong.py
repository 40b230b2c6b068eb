"""What happens to files on the way: bytes lost, doubled, flipped, and put into other coats."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Callable
from random import Random

Change = Callable[[Random, bytes], bytes]


def _place(rng: Random, raw: bytes) -> int:
    return rng.randrange(len(raw) + 1)


def _some(rng: Random) -> int:
    """A length: most often a few, at times thousands."""
    return int(2 ** rng.uniform(0, 4 if rng.random() < 0.7 else 13))


def flip(rng: Random, raw: bytes) -> bytes:
    changed = bytearray(raw)
    for _ in range(min(len(raw), _some(rng))):
        changed[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def truncate(rng: Random, raw: bytes) -> bytes:
    return raw[: _place(rng, raw)] if rng.random() < 0.7 else raw[_place(rng, raw) :]


def remove(rng: Random, raw: bytes) -> bytes:
    at = _place(rng, raw)
    return raw[:at] + raw[at + _some(rng) :]


def insert(rng: Random, raw: bytes) -> bytes:
    at = _place(rng, raw)
    return raw[:at] + rng.randbytes(_some(rng)) + raw[at:]


def overwrite_with_nul(rng: Random, raw: bytes) -> bytes:
    """As a file system leaves what it had no time to write."""
    at, size = _place(rng, raw), _some(rng)
    return raw[:at] + b"\0" * size + raw[at + size :]


def duplicate(rng: Random, raw: bytes) -> bytes:
    at, size = _place(rng, raw), _some(rng)
    return raw[:at] + raw[at : at + size] * rng.randint(2, 5) + raw[at + size :]


def exchange(rng: Random, raw: bytes) -> bytes:
    first, second, third = sorted(_place(rng, raw) for _ in range(3))
    return raw[:first] + raw[second:third] + raw[first:second] + raw[third:]


def mark(rng: Random, raw: bytes) -> bytes:
    marks = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE)
    return rng.choice(marks) * rng.randint(1, 2) + raw


def other_encoding(rng: Random, raw: bytes) -> bytes:
    names = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp1252", "cp037", "utf-8-sig")
    return raw.decode("utf-8", errors="replace").encode(rng.choice(names), errors="replace")


def compress(rng: Random, raw: bytes) -> bytes:
    packed = gzip.compress(raw, 1, mtime=0) if rng.random() < 0.5 else zlib.compress(raw, 1)
    return packed if rng.random() < 0.5 else packed[:10] + raw


def signature(rng: Random, raw: bytes) -> bytes:
    zipped, packed, picture = b"PK\x03\x04", b"\x1f\x8b\x08", b"\x89PNG\r\n\x1a\n"
    return rng.choice((zipped, b"\xd0\xcf\x11\xe0", b"%PDF-1.7\n", packed, picture)) + raw


def line_ends(rng: Random, raw: bytes) -> bytes:
    return raw.replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b"\x0b", b"\x85", b"\n\r")))


def odd_character(rng: Random, raw: bytes) -> bytes:
    odd = ("\x00", "\x1a", "\x7f", "\u2028", "\ufeff", "\u202e", "\U0001f39a", "\u0301", '"', "\\")
    at = _place(rng, raw)
    return raw[:at] + rng.choice(odd).encode() + raw[at:]


def noise(rng: Random, _raw: bytes) -> bytes:
    return rng.randbytes(_some(rng))


CHANGES: tuple[Change, ...] = (
    *(flip, flip, truncate, truncate, remove, insert, overwrite_with_nul, duplicate, exchange),
    *(mark, other_encoding, compress, signature, line_ends, odd_character, odd_character, noise),
)


def changed(rng: Random, raw: bytes) -> tuple[bytes, str]:
    """The bytes after one change, or a few, and what was done."""
    done = []
    for _ in range(1 if rng.random() < 0.7 else rng.randint(2, 4)):
        change = rng.choice(CHANGES)
        raw = change(rng, raw)
        done.append(change.__name__)
    return raw, ", ".join(done)
