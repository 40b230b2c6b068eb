"""Which runs are drawn beside the present one, and with which line."""

from __future__ import annotations

import pytest

from mixer_nn.state.overlay import MOST_FAINT, MOST_LINES
from mixer_nn.state.run import Run
from mixer_nn.ui.bench import Bench


def numbers(runs: list[Run]) -> list[int]:
    return [run.number for run in runs]


def begin_runs(bench: Bench, count: int) -> None:
    """So many runs of three steps each, and a present one that has only begun."""
    for _ in range(count):
        bench.automix.step(3)
        bench.desk.back_to_start()
    bench.desk.flush()


def test_a_kept_run_has_a_line_of_its_own_and_the_others_are_faint(bench: Bench) -> None:
    begin_runs(bench, 3)
    assert (numbers(bench.overlay.lines), numbers(bench.overlay.faint)) == ([], [0, 1, 2])

    bench.desk.keep_run(1, True)

    assert (numbers(bench.overlay.lines), numbers(bench.overlay.faint)) == ([1], [0, 2])
    assert bench.overlay.line_of(1) == 0
    assert bench.overlay.line_of(0) is None


def test_the_present_run_is_neither(bench: Bench) -> None:
    begin_runs(bench, 1)
    bench.automix.step(4)
    bench.desk.keep_run(1, True)
    assert (numbers(bench.overlay.lines), numbers(bench.overlay.faint)) == ([], [0])

    bench.desk.take_up(0)

    assert (numbers(bench.overlay.lines), numbers(bench.overlay.faint)) == ([1], [])


def test_a_hidden_run_is_not_drawn_until_it_is_shown_again(bench: Bench) -> None:
    begin_runs(bench, 3)
    bench.desk.keep_run(0, True)
    history = bench.desk.history.revision

    bench.overlay.show(0, False)
    bench.overlay.show(2, False)
    assert (numbers(bench.overlay.lines), numbers(bench.overlay.faint)) == ([], [1])
    bench.overlay.show(0, True)

    assert numbers(bench.overlay.lines) == [0]
    assert bench.desk.history.revision == history


def test_a_run_keeps_its_line_whatever_becomes_of_the_others(bench: Bench) -> None:
    begin_runs(bench, 4)
    for number in (0, 1, 2):
        bench.desk.keep_run(number, True)
    assert [bench.overlay.line_of(number) for number in (0, 1, 2)] == [0, 1, 2]

    bench.desk.forget_run(0)
    assert [bench.overlay.line_of(number) for number in (1, 2)] == [1, 2]
    bench.desk.keep_run(3, True)

    assert [bench.overlay.line_of(number) for number in (1, 2, 3)] == [1, 2, 0]


def test_of_many_only_the_latest_are_drawn(bench: Bench) -> None:
    begin_runs(bench, MOST_FAINT + 3)
    assert numbers(bench.overlay.faint) == list(range(3, MOST_FAINT + 3))
    for number in range(MOST_LINES + 1):
        bench.desk.keep_run(number, True)

    assert numbers(bench.overlay.lines) == list(range(1, MOST_LINES + 1))
    lines = [bench.overlay.line_of(number) for number in range(1, MOST_LINES + 1)]
    assert sorted(line for line in lines if line is not None) == list(range(MOST_LINES))


@pytest.mark.parametrize("change", ["keep", "name", "show", "forget"])
def test_whoever_draws_hears_of_each_change(bench: Bench, change: str) -> None:
    begin_runs(bench, 2)
    heard: list[None] = []
    before = bench.overlay.revision
    bench.overlay.changed.connect(lambda: heard.append(None))

    if change == "keep":
        bench.desk.keep_run(0, True)
    elif change == "name":
        bench.desk.name_run(0, "first")
    elif change == "forget":
        bench.desk.forget_run(0)
    else:
        bench.overlay.show(0, False)
    bench.desk.flush()

    assert heard
    assert bench.overlay.revision != before


def test_the_axes_make_room_for_the_old_future_of_a_branch(bench: Bench) -> None:
    desk = bench.desk
    bench.automix.step(40)
    desk.new_start(3)
    bench.automix.step(30)
    trunk = desk.mix.run
    assert bench.overlay.framed == []
    desk.visit(10)
    bench.automix.step(5)
    assert [run.number for run in bench.overlay.framed] == [trunk]
    bench.overlay.show(trunk, False)
    assert bench.overlay.framed == []
