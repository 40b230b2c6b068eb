"""Whatever is done to a network, in whatever order: every number is true and undo is exact.

``pytest tests/trust --full -n 0`` runs the whole counts; the ordinary run takes a sample.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtWidgets import QApplication

from tests.trust.historian import ACTIONS, Historian
from tests.trust.truth import alike, same

NUMBER = st.integers(0, 10**9)


class _Bench(RuleBasedStateMachine):
    """A bench with a small network, and somebody at it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.person = Historian(Path(self.folder.name))

    @invariant()
    def every_number_is_true(self) -> None:
        self.person.check()

    def teardown(self) -> None:
        # Another optimizer begins without memory of its own, and is no step of undo.
        self.person.undo_all_and_redo_all(alike)
        self.folder.cleanup()


def _rule_of(name: str) -> object:
    def do(self: _Bench, number: int) -> None:
        getattr(self.person, name)(number)

    do.__name__ = name
    return rule(number=NUMBER)(do)


# A rule for each action, so that Hypothesis leaves whole kinds of them out now and then.
AnyOrder = type("AnyOrder", (_Bench,), {name: _rule_of(name) for name in ACTIONS})


def test_any_order_of_things_done_to_a_network_keeps_every_number_true(
    qapp: QApplication, full: bool
) -> None:
    examples, steps = (1500, 80) if full else (50, 40)
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(max_examples=examples, stateful_step_count=steps, database=None),
    )


def test_a_thousand_undos_and_redos_return_bit_equal_states(
    qapp: QApplication, tmp_path: Path, full: bool
) -> None:
    """One long session, undone to its beginning and redone to its end, again and again."""
    person, chance = Historian(tmp_path), random.Random(20)
    person.train_with(optimizer="adam", batch_size=7)
    kept_out = ("undo", "redo", "undo_and_redo", "set_up", "compare", "save_and_read")
    changes = [name for name in ACTIONS if name not in kept_out]
    wanted, done = 10_000 if full else 1000, 0
    while person.desk.undo_stack.count < 500:
        getattr(person, chance.choice(changes))(chance.randrange(10**9))
    while done < wanted:
        done += person.undo_all_and_redo_all(same)
    person.check()
