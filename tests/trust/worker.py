"""Judges cases in a process of its own, one after another.

By hand: ``python -m tests.trust.worker mixes 1234`` makes that case again, keeps its file and shows
what becomes of it; ``mixes 0-999`` judges so many; ``--seed 7`` takes other cases.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import mixer_nn  # noqa: F401  # isort: skip  (linear algebra on one thread, set before NumPy)

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from tests.trust import measuring
from tests.trust.cases import COUNTS, ENDINGS, SEED, make_case
from tests.trust.judging import judge_mix, judge_table

MOST_SECONDS = 2.0

_JUDGES: dict[str, Callable[[Path], str]] = {"mixes": judge_mix, "tables": judge_table}


@dataclass(frozen=True)
class Verdict:
    """What became of a case: `fault` is "" if all is well, `said` "opened" or the sentence."""

    kind: str
    seed: int
    number: int
    story: str
    said: str
    fault: str
    seconds: float
    megabytes: float


_qt_said: list[str] = []


def _hear(_type: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    _qt_said.append(text)


def judge(kind: str, number: int, seed: int, folder: Path) -> Verdict:
    """Make a case, judge its file, and measure that."""
    case = make_case(kind, number, seed)
    path = folder / f"case{ENDINGS[kind]}"
    path.write_bytes(case.content)
    _qt_said.clear()
    said = fault = ""
    measuring.forget_peak()
    begin = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            said = _JUDGES[kind](path)
    except Exception:
        fault = traceback.format_exc()
    seconds, peak = time.process_time() - begin, measuring.peak_bytes()
    if _qt_said:
        fault = fault or f"Qt says: {'; '.join(_qt_said)}"
    if seconds > MOST_SECONDS:
        fault = fault or f"it takes {seconds:.1f} s"
    if peak > measuring.ROOM:
        fault = fault or f"it takes {peak >> 20} MB"
    return Verdict(kind, seed, number, case.story, said, fault, seconds, peak / 2**20)


def _serve(kind: str, seed: int, folder: Path) -> None:
    for line in sys.stdin:
        print(json.dumps(asdict(judge(kind, int(line), seed, folder))), flush=True)


def _by_hand(kind: str, numbers: range, seed: int, folder: Path) -> int:
    opened, verdicts = 0, []
    for number in numbers:
        verdict = judge(kind, number, seed, folder)
        verdicts.append(verdict)
        opened += verdict.said == "opened"
        if verdict.fault or len(numbers) == 1:
            print(f"{kind} {number} ({verdict.story})\n{verdict.fault or verdict.said}\n")
    slowest = max(verdicts, key=lambda verdict: verdict.seconds)
    largest = max(verdicts, key=lambda verdict: verdict.megabytes)
    faults = sum(bool(verdict.fault) for verdict in verdicts)
    print(
        f"{len(numbers)} {kind} of seed {seed}: {opened} opened, {faults} with a fault; slowest "
        f"{slowest.number} with {slowest.seconds:.2f} s, largest {largest.number} with "
        f"{largest.megabytes:.0f} MB"
    )
    if len(numbers) == 1:
        print(f"its file: {folder / f'case{ENDINGS[kind]}'}")
    return min(1, faults)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=COUNTS)
    parser.add_argument("numbers", nargs="?", help="a number, or first-last; none: from stdin")
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args()
    qInstallMessageHandler(_hear)
    make_case(chosen.kind, 0)  # what is imported late, or made once, is nobody's memory
    measuring.limit_memory()
    if chosen.numbers is None:
        with tempfile.TemporaryDirectory() as name:
            _serve(chosen.kind, chosen.seed, Path(name))
        return 0
    first, _, last = chosen.numbers.partition("-")
    numbers = range(int(first), int(last or first) + 1)
    return _by_hand(chosen.kind, numbers, chosen.seed, Path(tempfile.mkdtemp()))


if __name__ == "__main__":
    sys.exit(main())
