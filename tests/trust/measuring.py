"""The memory that a case takes, and a bound to it, where the system can tell."""

from __future__ import annotations

import sys
from pathlib import Path

ROOM = 1 << 30
"""Bytes that a case may take at most."""

_STATUS, _REFERENCES = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def limit_memory() -> None:
    """Let whoever asks for more than that, besides what is there already, get a MemoryError."""
    if sys.platform == "linux":
        import resource

        most = _from_status("VmSize") + ROOM
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def forget_peak() -> None:
    """Let `peak_bytes` count from here."""
    if sys.platform == "linux":
        _REFERENCES.write_text("5")


def peak_bytes() -> int:
    """The most memory that this process has had since `forget_peak`; 0: unknown."""
    return _from_status("VmHWM") if sys.platform == "linux" else 0


def _from_status(key: str) -> int:
    for line in _STATUS.read_text().splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) << 10
    return 0
