"""Killing the process while it saves or keeps unsaved work, in a process that forks cheaply.

``pytest tests/trust/test_kill.py --full`` kills 300 times; the ordinary run takes a sample.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLS, SAMPLE = 300, 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked")
def test_a_kill_at_any_moment_leaves_the_old_mix_or_the_new_one(full: bool) -> None:
    run = subprocess.run(
        [
            sys.executable, "-m", "tests.trust.kill_saving",
            "--kills", str(KILLS if full else SAMPLE),
        ],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        encoding="utf-8",
        timeout=600 if full else 60,
        check=False,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    assert "save" in run.stdout
