"""What judges the cases does find fault, and tells a case that hangs or kills from the others."""

from __future__ import annotations

import pytest

from tests.trust.child import Child
from tests.trust.sentences import fault_in


def test_a_case_that_hangs_is_told_from_the_others() -> None:
    with Child("mixes", hangs_after=0.0) as child:
        verdict = child.judge(7)
        assert "hangs" in verdict.fault
        assert verdict.number == 7


def test_a_process_that_ends_is_told_from_a_verdict() -> None:
    with Child("nothing of the kind") as child:
        assert "the process ends with 2" in child.judge(0).fault
        assert "the process ends with 2" in child.judge(1).fault


@pytest.mark.parametrize(
    "sentence",
    [
        "“a” is broken",
        "“a” is broken..",
        "It is broken. Mend it.",
        "it is broken.",
        "Two\nlines.",
        "x" * 500 + ".",
        "“a” is damaged: cannot reshape array of size 3 into shape (2,).",
    ],
)
def test_what_is_no_sentence_is_found(sentence: str) -> None:
    assert fault_in(sentence)


def test_a_sentence_is_left_alone() -> None:
    assert not fault_in("“a. b” is compressed; unpack it first.")
