"""The frame clock: when frames come, when they stop, and what happens in one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from mixer_nn.session.mix import MAX_TEMPO
from mixer_nn.state.clock import FRAME_MS, LEAST_BUDGET_MS, SPARE_MS
from mixer_nn.ui.bench import Bench


class Glide:
    """Moves for so many frames."""

    def __init__(self, frames: int) -> None:
        self.frames = frames
        self.seen: list[float] = []

    def advance(self, milliseconds: float) -> bool:
        self.seen.append(milliseconds)
        return len(self.seen) < self.frames


def test_nothing_runs_until_something_happens(bench: Bench) -> None:
    assert not bench.clock.is_running


def test_a_change_starts_the_frames_and_they_stop_once_it_is_shown(bench: Bench) -> None:
    bench.desk.turn(0, 1.0)
    running = [bench.clock.is_running]
    bench.clock.tick(16.0)
    running.append(bench.clock.is_running)
    assert running == [True, False]
    assert not bench.desk.is_dirty


def test_the_real_loop_shows_a_change_and_comes_to_rest(bench: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.desk.changed, timeout=5000):
        bench.desk.turn(0, 1.0)
    qtbot.waitUntil(lambda: not bench.clock.is_running, timeout=5000)


def test_the_real_loop_runs_while_auto_mix_plays_and_rests_when_it_pauses(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.automix.play()
    qtbot.waitUntil(lambda: bench.desk.mix.state.step >= 3, timeout=10000)
    assert bench.clock.is_running
    bench.automix.pause()
    qtbot.waitUntil(lambda: not bench.clock.is_running, timeout=5000)


def test_playing_keeps_the_frames_coming_with_nothing_to_show(bench: Bench) -> None:
    bench.automix.play()
    for _ in range(3):
        bench.clock.tick(1.0)
    assert bench.clock.is_running
    bench.automix.pause()
    bench.clock.tick(1.0)
    assert not bench.clock.is_running


def test_what_glides_is_moved_each_frame_until_it_has_arrived(bench: Bench) -> None:
    short, long = Glide(2), Glide(4)
    bench.clock.move(short)
    bench.clock.move(long)
    bench.clock.move(long)
    for _ in range(6):
        if bench.clock.is_running:
            bench.clock.tick(10.0)
    assert short.seen == [10.0] * 2
    assert long.seen == [10.0] * 4
    assert not bench.clock.is_running


def test_a_machine_that_slept_catches_nothing_up(bench: Bench) -> None:
    glide = Glide(9)
    bench.clock.move(glide)
    bench.automix.play()
    bench.clock.tick(3_600_000.0)
    assert glide.seen == [100.0]
    assert bench.desk.mix.state.step <= 2


def test_a_change_made_while_one_is_shown_is_shown_in_the_next_frame(bench: Bench) -> None:
    shown: list[float] = []

    def look() -> None:
        shown.append(float(bench.desk.mix.parameters[0]))
        if len(shown) == 1:
            bench.desk.turn(0, 2.0)

    bench.desk.changed.connect(look)
    bench.desk.turn(0, 1.0)
    bench.clock.tick(16.0)
    assert bench.clock.is_running
    bench.clock.tick(16.0)
    assert shown == [1.0, 2.0]
    assert not bench.clock.is_running


def test_every_frame_is_told_after_the_views_have_read(bench: Bench) -> None:
    order: list[str] = []
    bench.desk.changed.connect(lambda: order.append("changed"))
    bench.clock.ticked.connect(lambda: order.append("ticked"))
    bench.desk.turn(0, 1.0)
    bench.clock.tick(16.0)
    bench.clock.tick(16.0)
    assert order == ["changed", "ticked", "ticked"]


@pytest.mark.parametrize("painting_ms", [3.0, 5.0])
def test_training_gets_what_painting_leaves_of_a_frame(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, painting_ms: float
) -> None:
    budgets: list[float] = []

    def note(milliseconds: float, budget: float) -> None:
        budgets.append(1000.0 * budget)

    monkeypatch.setattr(bench.automix, "slice", note)
    bench.desk.set_setup(replace(bench.desk.setup, tempo=MAX_TEMPO))
    for _ in range(200):
        bench.clock.tick(16.0)
        bench.clock.note_painting(painting_ms / 1000.0)
    assert budgets[0] <= FRAME_MS
    assert budgets[-1] == pytest.approx(FRAME_MS - SPARE_MS - painting_ms, abs=1.0)


def test_training_gets_something_however_slow_the_painting(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    budgets: list[float] = []
    monkeypatch.setattr(bench.automix, "slice", lambda _, budget: budgets.append(1000.0 * budget))
    for _ in range(50):
        bench.clock.tick(16.0)
        bench.clock.note_painting(0.1)
    assert budgets[-1] == LEAST_BUDGET_MS


class Failing:
    """Fails at its first frame, and counts them."""

    def __init__(self) -> None:
        self.frames = 0

    def advance(self, _milliseconds: float) -> bool:
        self.frames += 1
        raise ValueError("lost")


def test_what_fails_at_gliding_does_so_once_and_the_others_glide_on(bench: Bench) -> None:
    failing, glide = Failing(), Glide(2)
    bench.clock.move(failing)
    bench.clock.move(glide)
    with pytest.raises(ValueError, match="lost"):
        bench.clock.tick(16.0)
    for _ in range(3):
        bench.clock.tick(16.0)
    assert (failing.frames, len(glide.seen)) == (1, 2)
    assert not bench.clock.is_running


def test_what_is_dropped_while_others_glide_takes_none_of_them_along(bench: Bench) -> None:
    glide = Glide(3)

    class Leaving(Glide):
        def advance(self, milliseconds: float) -> bool:
            bench.clock.drop(self)
            return super().advance(milliseconds)

    leaving = Leaving(3)
    bench.clock.move(leaving)
    bench.clock.move(glide)
    for _ in range(4):
        bench.clock.tick(16.0)
    assert (len(leaving.seen), len(glide.seen)) == (1, 3)


def test_auto_mix_that_fails_pauses_and_what_it_did_is_shown(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    train = bench.automix.slice

    def train_and_fail(milliseconds: float, budget: float) -> None:
        train(milliseconds, budget)
        raise MemoryError

    monkeypatch.setattr(bench.automix, "slice", train_and_fail)
    bench.automix.play()
    with pytest.raises(MemoryError):
        bench.clock.tick(125.0)
    assert not bench.automix.playing
    assert not bench.desk.is_dirty
    assert not bench.clock.is_running
    assert bench.desk.undo_stack.texts == ["auto-mix"]
