"""Files of any kind open, and all that follows works, or get one sentence: never anything else.

``pytest --full tests/trust`` judges all 20,000 mixes and 5,000 tables, an ordinary run a sample.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.trust.child import Child
from tests.trust.worker import Verdict


def told(verdict: Verdict) -> str:
    again = f"python -m tests.trust.worker {verdict.kind} {verdict.number} --seed {verdict.seed}"
    return f"{again}\n  {verdict.story}\n{verdict.fault}"


def judge_all(kind: str, numbers: Sequence[int]) -> None:
    with Child(kind) as child:
        verdicts = [child.judge(number) for number in numbers]
        errors = child.errors
    slowest = max(verdicts, key=lambda verdict: verdict.seconds)
    largest = max(verdicts, key=lambda verdict: verdict.megabytes)
    opened = sum(verdict.said == "opened" for verdict in verdicts)
    print(
        f"{len(verdicts)} {kind}, {opened} opened; slowest {slowest.number}: "
        f"{slowest.seconds:.2f} s; largest {largest.number}: {largest.megabytes:.0f} MB"
    )
    faulty = [verdict for verdict in verdicts if verdict.fault]
    assert not faulty, f"{len(faulty)} cases, made again by:\n" + "\n".join(map(told, faulty[:5]))
    assert not errors, f"on stderr: {errors}"
    # If none opened, or all did, nothing would have been tried.
    assert 0 < opened < len(verdicts)


def test_any_mix_opens_or_gets_one_sentence(mixes: Sequence[int]) -> None:
    judge_all("mixes", mixes)


def test_any_table_opens_or_gets_one_sentence(tables: Sequence[int]) -> None:
    judge_all("tables", tables)
