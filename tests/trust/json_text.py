"""JSON as text, with what `json.dumps` would not write: names twice, and any text for a value."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Raw:
    """A value that stands in the file as this text, JSON or not."""

    text: str


@dataclass(frozen=True)
class Pairs:
    """An object by its names and values in order, where a name may come twice."""

    entries: tuple[tuple[str, Any], ...]


def text_of(value: Any) -> str:
    """The value as it stands in the file."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict | Pairs):
        entries = value.items() if isinstance(value, dict) else value.entries
        inside = ",".join(f"{json.dumps(name)}:{text_of(entry)}" for name, entry in entries)
        return "{" + inside + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(text_of, value)) + "]"
    return json.dumps(value)
