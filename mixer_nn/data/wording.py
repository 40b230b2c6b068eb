"""How names, rows and lists are put into sentences."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 60


def shown(name: str) -> str:
    """`name` in quotation marks, on one line and no longer than 60 characters."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if len(flat) > LONGEST:
        flat = flat[: LONGEST - 1] + "…"
    return f"“{flat}”"


def listed(parts: Sequence[str]) -> str:
    """All of `parts`: ``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + f" and {parts[-1]}"


def either(parts: Sequence[str]) -> str:
    """One of `parts`: ``a``, ``a or b``, ``a, b or c``."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + f" or {parts[-1]}"


def counted(numbers: Sequence[int]) -> str:
    """The first of `numbers` and how many more: ``3``, ``3, 17 and 20``, ``3, 17 and 2 more``."""
    if len(numbers) <= 3:
        return listed([f"{number}" for number in numbers])
    return f"{numbers[0]}, {numbers[1]} and {len(numbers) - 2:,} more"
