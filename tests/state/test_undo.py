"""Undo: what it keeps, what it forgets, and that nothing of it outlives its desk."""

import gc
import itertools
from dataclasses import replace

from mixer_nn.session.mix import Mix, neuron_on
from mixer_nn.state.desk import Desk
from mixer_nn.state.undo import UndoStack


def mixes(count: int) -> list[Mix]:
    from mixer_nn.data.synthetic import make

    first = neuron_on(make("noisy-line", seed=1), 1)
    return [first.with_parameters(first.parameters + number) for number in range(count)]


def test_steps_go_back_and_forth(qapp: object) -> None:
    stack, (one, two, three) = UndoStack(), mixes(3)
    stack.push(one, two, "turn w")
    stack.push(two, three, "turn b")
    assert (stack.undo_text, stack.redo_text) == ("turn b", "")
    assert stack.undo() is two
    assert stack.undo() is one
    assert stack.undo() is None
    assert stack.redo() is two
    assert (stack.undo_text, stack.redo_text) == ("turn w", "turn b")


def test_a_new_step_replaces_what_was_undone(qapp: object) -> None:
    stack, (one, two, three) = UndoStack(), mixes(3)
    stack.push(one, two, "turn w")
    stack.undo()
    stack.push(one, three, "turn b")
    assert (stack.count, stack.can_redo, stack.undo_text) == (1, False, "turn b")
    assert stack.undo() is one
    assert stack.redo() is three


def test_the_oldest_steps_are_forgotten_and_it_says_so(qapp: object) -> None:
    stack, steps = UndoStack(most_steps=3), mixes(6)
    for before, after in itertools.pairwise(steps):
        stack.push(before, after, "turn w")
    assert stack.has_forgotten
    assert stack.count == stack.index == 3
    taken_back = [stack.undo() for _ in range(4)]
    assert taken_back == [steps[4], steps[3], steps[2], None]


def test_large_data_are_forgotten_first_by_what_they_take(qapp: object) -> None:
    first = mixes(1)[0]
    tables = [
        replace(first, problem=replace(first.problem, dataset=replace(first.dataset)))
        for _ in range(5)
    ]
    room = 3 * (first.dataset.nbytes + first.nbytes)
    stack = UndoStack(most_bytes=room)
    for before, after in itertools.pairwise(tables):
        stack.push(before, after, "change the data")
    assert stack.has_forgotten
    assert 1 <= stack.count < 4
    assert stack.undo() is tables[3]


def test_what_neighbours_share_is_counted_once(qapp: object) -> None:
    steps = mixes(50)
    stack = UndoStack(most_bytes=steps[0].dataset.nbytes + 51 * steps[0].nbytes)
    for before, after in itertools.pairwise(steps):
        stack.push(before, after, "turn w")
    assert stack.count == 49
    assert not stack.has_forgotten


def test_even_a_step_that_is_too_large_is_kept(qapp: object) -> None:
    stack, (one, two, three) = UndoStack(most_bytes=1), mixes(3)
    stack.push(one, two, "turn w")
    stack.push(two, three, "turn b")
    assert stack.count == 1
    assert stack.undo() is two


def test_a_desk_with_undo_steps_can_be_collected(qapp: object) -> None:
    for _ in range(20):
        desk = Desk(mixes(1)[0])
        desk.turn(0, 1.0)
        desk.turn(1, 2.0)
        desk.undo()
        desk.itself = desk  # type: ignore[attr-defined]  # a cycle, which only the collector ends
        del desk
        gc.collect()
