"""The cases by number: the same bytes for the same seed and number, on every machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.trust import bytes_wrong, json_wrong, starts, tables_wrong
from tests.trust.json_text import text_of

SEED = 0
COUNTS = {"mixes": 20_000, "tables": 5_000}
ENDINGS = {"mixes": ".mixnn", "tables": ".csv"}


@dataclass(frozen=True)
class Case:
    """A file's content, and what was done to make it."""

    content: bytes
    story: str


def _mix(rng: Random) -> tuple[bytes, str]:
    """Three of four are wrong by structure, some of them by bytes as well."""
    if rng.random() < 0.75:
        value, story = json_wrong.changed(rng)
        raw = text_of(value).encode("utf-8", errors="surrogatepass")
        if rng.random() < 0.9:
            return raw, story
    else:
        start = rng.randrange(len(starts.MAKERS))
        raw, story = starts.texts()[start].encode(), starts.MAKERS[start].__name__
    raw, more = bytes_wrong.changed(rng, raw)
    return raw, f"{story}; {more}"


_MAKERS: dict[str, Callable[[Random], tuple[bytes, str]]] = {
    "mixes": _mix,
    "tables": tables_wrong.table,
}


def make_case(kind: str, number: int, seed: int = SEED) -> Case:
    """The case of that number, of "mixes" or of "tables"."""
    return Case(*_MAKERS[kind](Random(f"{kind} {seed} {number}")))
