"""How many cases there are: a sample in an ordinary run, all of them with ``--full``."""

from __future__ import annotations

from random import Random

import pytest

from tests.trust.cases import COUNTS, SEED

CHUNKS = {"mixes": 1000, "tables": 250}
"""Cases judged by one process, in one test: a minute's work at most."""

SAMPLES = {"mixes": 240, "tables": 80}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `mixes` or `tables` gets numbers of cases, a chunk at a time."""
    for kind in COUNTS.keys() & set(metafunc.fixturenames):
        if metafunc.config.getoption("--full"):
            starts = range(0, COUNTS[kind], CHUNKS[kind])
            chunks = [range(start, min(start + CHUNKS[kind], COUNTS[kind])) for start in starts]
            metafunc.parametrize(kind, chunks, ids=[f"from {chunk.start}" for chunk in chunks])
        else:
            sample = Random(SEED).sample(range(COUNTS[kind]), SAMPLES[kind])
            metafunc.parametrize(kind, [sample], ids=["sample"])
