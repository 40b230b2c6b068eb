"""Unsaved work outlives its window, is offered once, and never stands in anybody's way."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mixer_nn.data.synthetic import make
from mixer_nn.session import parts
from mixer_nn.session import recovery as on_disk
from mixer_nn.session.mix import Mix, network_on, neuron_on
from mixer_nn.session.parts import TOP
from mixer_nn.session.recovery import Keeper, Work
from mixer_nn.state import recovery as recovery_module
from mixer_nn.state.claim import LOCK
from mixer_nn.state.preferences import Preferences
from mixer_nn.state.recovery import WORKS_AGAIN, Recovery
from mixer_nn.ui.bench import Bench

Open = Callable[..., Bench]
LONG = 10.0
"""Seconds that nothing here takes."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


@pytest.fixture
def open_bench(qapp: QApplication, root: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Open]:
    """Benches that keep their work as soon as the event loop turns; closed at the end."""
    monkeypatch.setattr(recovery_module, "EVERY_MS", 0)
    monkeypatch.setattr(recovery_module, "AGAIN_MS", 0)
    made: list[Bench] = []

    def build(mix: Mix | None = None, folder: Path | None = root) -> Bench:
        first = neuron_on(make("noisy-line", seed=7), 7) if mix is None else mix
        made.append(Bench(first, Preferences(), recovery=folder))
        return made[-1]

    yield build
    for bench in made:
        bench.recovery.close()


def settle(bench: Bench) -> None:
    """Let timers, the other thread and its news have their turns until nothing is left to do."""
    for _ in range(4):
        bench.clock.tick(16.0)
        QCoreApplication.processEvents()
        assert bench.recovery.wait(LONG)
    QCoreApplication.processEvents()


def work_in(root: Path) -> list[Work]:
    return [on_disk.read(folder) for folder in on_disk.sessions(root)]


def only(root: Path) -> Work:
    (work,) = work_in(root)
    return work


def left_by_a_kill(root: Path, name: str) -> Path:
    """What a window leaves whose process has been killed just now: all it has kept."""
    (folder, *_) = on_disk.sessions(root)
    left = root / name
    shutil.copytree(folder, left, ignore=shutil.ignore_patterns(LOCK))
    return left


def assert_is_on_the_desk(work: Work, bench: Bench) -> None:
    mix, kept = bench.desk.head, work.saved.mix
    assert kept.state.same(mix.state)
    for name in ("initial", "locked", "scales", "run", "moves"):
        assert np.array_equal(getattr(kept, name), getattr(mix, name)), name
    assert work.saved.setup == bench.desk.setup
    for ours, theirs in zip(bench.desk.history.curves, work.saved.curves, strict=True):
        assert ours.points.tobytes() == theirs.points.tobytes()
    for run, kept_run in zip(bench.desk.history.saved(), work.saved.runs, strict=True):
        assert run.number == kept_run.number
        states = [b.state(i) for b in run.blocks for i in range(len(b))]
        others = [b.state(i) for b in kept_run.blocks for i in range(len(b))]
        assert all(one.same(two) for one, two in zip(states, others, strict=True))


# -- keeping ------------------------------------------------------------------------------------


def test_an_untouched_start_writes_nothing(open_bench: Open, root: Path) -> None:
    bench = open_bench()
    bench.guidance.show_arrows(True)
    settle(bench)
    bench.recovery.keep()
    bench.recovery.close()
    assert not root.exists()


def test_without_a_folder_there_is_no_thread_and_nothing_is_written(
    open_bench: Open, root: Path
) -> None:
    before = threading.active_count()
    bench = open_bench(folder=None)
    bench.recovery.look()
    bench.desk.turn(0, 2.0)
    settle(bench)
    assert threading.active_count() == before
    assert not root.exists()
    assert bench.recovery.offer is None


def turn(bench: Bench) -> None:
    bench.desk.turn(0, 2.5)


def train(bench: Bench) -> None:
    bench.automix.step(30)


def lock(bench: Bench) -> None:
    bench.desk.set_locked(1, True)


def start_anew(bench: Bench) -> None:
    bench.automix.step(5)
    bench.desk.new_start(11)
    bench.automix.step(5)


def look_back(bench: Bench) -> None:
    bench.automix.step(9)
    bench.desk.turn(1, -1.0)
    bench.clock.tick(16.0)
    bench.desk.visit(3)


@pytest.mark.parametrize("change", [turn, train, lock, start_anew, look_back])
def test_whatever_is_unsaved_is_on_disk_soon_after(
    open_bench: Open, root: Path, change: Callable[[Bench], None]
) -> None:
    bench = open_bench()
    change(bench)
    settle(bench)
    assert_is_on_the_desk(only(root), bench)
    turn(bench)
    settle(bench)
    assert_is_on_the_desk(only(root), bench)


def test_while_it_plays_and_a_hand_turns_it_is_never_far_behind(
    open_bench: Open, root: Path
) -> None:
    bench = open_bench(network_on(make("sine", seed=2), 2, (4,)))
    bench.automix.play()
    for _ in range(6):
        bench.desk.touch(0)
        before = bench.desk.mix.moves
        for value in (0.1, 0.2, 0.3):
            bench.desk.turn(0, value)
            settle(bench)
        assert only(root).saved.mix.moves >= before
        bench.desk.release(0)
    assert bench.automix.playing


def test_handing_over_copies_nothing_that_has_not_changed(open_bench: Open, root: Path) -> None:
    bench = open_bench(network_on(make("sine", seed=2), 2, (24, 24)))
    taken: list[Work] = []
    for _ in range(2):
        for _ in range(120):
            bench.automix.step(1)
            bench.clock.tick(16.0)
        settle(bench)
        own = bench.recovery
        taken.append(own.work)
    before, after = taken
    (first,), (second,) = before.saved.runs, after.saved.runs
    whole = len(first.blocks) - 1
    assert whole >= 1
    assert all(a is b for a, b in zip(first.blocks[:whole], second.blocks, strict=False))
    assert after.saved.mix is bench.desk.mix


def test_a_change_that_comes_between_two_frames_waits_for_its_frame(
    open_bench: Open, root: Path
) -> None:
    bench = open_bench()
    bench.clock.stop()
    bench.desk.touch(0)
    bench.desk.turn(0, 2.5)
    bench.clock.stop()
    QCoreApplication.processEvents()
    assert bench.recovery.wait(LONG)
    assert not root.exists()
    settle(bench)
    assert_is_on_the_desk(only(root), bench)


def test_a_save_settles_it_and_save_as_is_followed(
    open_bench: Open, root: Path, tmp_path: Path
) -> None:
    bench = open_bench()
    turn(bench)
    settle(bench)
    assert only(root).note.path is None
    for name in ("one", "two"):
        path = tmp_path / f"{name}.mixnn"
        bench.document.save(path)
        settle(bench)
        assert work_in(root) == []
        train(bench)
        settle(bench)
        assert (only(root).note.path, only(root).note.name) == (path, name)


def test_undoing_to_what_is_saved_leaves_nothing_to_recover(open_bench: Open, root: Path) -> None:
    bench = open_bench()
    turn(bench)
    settle(bench)
    bench.desk.undo()
    settle(bench)
    assert work_in(root) == []
    bench.desk.redo()
    settle(bench)
    assert_is_on_the_desk(only(root), bench)


def test_closing_leaves_nothing_behind_and_no_thread(open_bench: Open, root: Path) -> None:
    before = threading.active_count()
    bench = open_bench()
    turn(bench)
    settle(bench)
    turn(bench)  # and something that is still on its way
    bench.recovery.keep()
    bench.recovery.close()
    assert list(root.iterdir()) == []
    assert threading.active_count() == before
    bench.recovery.close()
    turn(bench)
    settle(bench)
    assert list(root.iterdir()) == []


# -- offering -----------------------------------------------------------------------------------


def test_work_of_a_killed_window_is_offered_and_taken_up_beside_its_file(
    open_bench: Open, root: Path, tmp_path: Path
) -> None:
    path = tmp_path / "spiral set.mixnn"
    bench = open_bench(network_on(make("sine", seed=2), 2, (4,)))
    bench.document.save(path)
    saved = path.read_bytes()
    start_anew(bench)
    settle(bench)
    left_by_a_kill(root, "left")
    other = open_bench()
    other.recovery.look()
    settle(other)
    work = other.recovery.offer
    assert work is not None
    assert (work.note.name, work.note.path) == ("spiral set", path)
    other.recovery.take_up()
    assert_is_on_the_desk(work, other)
    document = other.document
    assert (document.path, document.beside) == (None, path)
    assert document.name == "spiral set (recovered)"
    assert document.modified
    assert other.recovery.offer is None
    assert path.read_bytes() == saved


def test_work_that_was_taken_up_is_never_without_a_copy_until_it_is_saved(
    open_bench: Open, root: Path, tmp_path: Path
) -> None:
    bench = open_bench()
    train(bench)
    settle(bench)
    left = left_by_a_kill(root, "left")
    bench.recovery.close()
    other = open_bench()
    turn(other)
    settle(other)
    other.recovery.look()
    settle(other)
    other.recovery.take_up()
    assert other.recovery.wait(LONG)
    assert on_disk.sessions(root) == [left]  # and what the window had before is gone
    settle(other)
    assert_is_on_the_desk(only(root), other)
    again = left_by_a_kill(root, "again")
    third = open_bench()
    third.recovery.look()
    settle(third)
    assert third.recovery.offer is not None
    third.recovery.take_up()
    assert third.document.name == "untitled mix (recovered)"
    settle(third)
    assert again.exists()
    third.document.save(tmp_path / "kept.mixnn")
    settle(third)
    assert (third.document.name, third.document.modified) == ("kept", False)
    assert on_disk.sessions(root) == [left]


def test_the_work_of_a_window_that_lives_is_not_offered(open_bench: Open, root: Path) -> None:
    bench, other = open_bench(), open_bench()
    turn(bench)
    settle(bench)
    other.recovery.look()
    settle(other)
    assert other.recovery.offer is None


def test_what_one_window_is_offered_no_other_is(open_bench: Open, root: Path) -> None:
    bench = open_bench()
    turn(bench)
    settle(bench)
    left_by_a_kill(root, "left")
    first, second = open_bench(), open_bench()
    for each in (first, second):
        each.recovery.look()
        settle(each)
    assert first.recovery.offer is not None
    assert second.recovery.offer is None
    first.recovery.close()  # unanswered
    second.recovery.look()
    settle(second)
    assert second.recovery.offer is not None


def several(open_bench: Open, root: Path) -> tuple[list[Path], Bench]:
    """Three sessions, the latest first, and a window that has been offered it."""
    bench = open_bench()
    folders = []
    for age, value in enumerate((1.0, 2.0, 3.0)):
        bench.desk.turn(0, value)
        settle(bench)
        folders.append(left_by_a_kill(root, f"left {value:g}"))
        os.utime(folders[-1] / TOP, (1e9 - age, 1e9 - age))
    bench.recovery.close()
    other = open_bench()
    other.recovery.look()
    settle(other)
    return folders, other


def offered(bench: Bench) -> float | None:
    offer = bench.recovery.offer
    return None if offer is None else float(offer.saved.mix.parameters[0])


def test_several_are_offered_one_after_the_other_the_latest_first(
    open_bench: Open, root: Path
) -> None:
    folders, bench = several(open_bench, root)
    assert offered(bench) == 1.0
    bench.recovery.later()
    settle(bench)
    assert offered(bench) == 2.0
    bench.recovery.discard()
    settle(bench)
    assert offered(bench) == 3.0
    bench.recovery.take_up()
    settle(bench)
    assert offered(bench) is None
    assert [folder.exists() for folder in folders] == [True, False, True]
    bench.recovery.close()
    nobody = open_bench()
    nobody.recovery.look()
    settle(nobody)
    assert offered(nobody) == 1.0  # later is at the next start


def test_damaged_work_is_passed_over_and_stays(open_bench: Open, root: Path) -> None:
    folders, bench = several(open_bench, root)
    bench.recovery.close()
    whole = (folders[0] / TOP).read_bytes()
    (folders[0] / TOP).write_bytes(whole[: len(whole) // 2])
    other = open_bench()
    other.recovery.look()
    settle(other)
    assert offered(other) == 2.0
    assert folders[0].exists()


def test_answers_without_an_offer_do_nothing(open_bench: Open) -> None:
    bench = open_bench()
    mix = bench.desk.mix
    for answer in (bench.recovery.take_up, bench.recovery.discard, bench.recovery.later):
        answer()
    assert bench.desk.mix is mix


# -- what goes wrong ----------------------------------------------------------------------------


class Heard:
    def __init__(self, recovery: Recovery) -> None:
        self.sentences: list[str] = []
        recovery.said.connect(self.sentences.append)


def test_a_place_that_fails_is_told_once_and_once_more_when_it_works(
    open_bench: Open, root: Path
) -> None:
    root.write_text("in the way")
    bench = open_bench()
    heard = Heard(bench.recovery)
    for value in (1.0, 2.0, 3.0):
        bench.desk.turn(0, value)
        settle(bench)
    (sentence,) = heard.sentences
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert bench.desk.mix.parameters[0] == 3.0
    assert bench.document.modified
    root.unlink()
    settle(bench)
    assert heard.sentences[1:] == [WORKS_AGAIN]
    assert_is_on_the_desk(only(root), bench)


def test_another_failure_is_told_too(
    open_bench: Open, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = open_bench()
    heard = Heard(bench.recovery)
    for code in (errno.ENOSPC, errno.ENOSPC, errno.EIO, errno.EROFS):

        def keep(_: Keeper, __: Work, code: int = code) -> None:
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr(Keeper, "keep", keep)
        bench.desk.turn(0, float(code) + bench.desk.mix.parameters[0])
        settle(bench)
    assert [os.strerror(code) in said for code, said in zip(
        (errno.ENOSPC, errno.EIO, errno.EROFS), heard.sentences, strict=True
    )] == [True] * 3  # fmt: skip


def test_work_that_cannot_be_deleted_is_told_and_keeping_goes_on(
    open_bench: Open, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bench = several(open_bench, root)
    heard = Heard(bench.recovery)

    def refused(_: Path) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(on_disk, "clear", refused)
    bench.recovery.discard()
    settle(bench)
    turn(bench)
    settle(bench)
    (sentence,) = heard.sentences
    assert "could not be deleted" in sentence
    assert os.strerror(errno.EROFS) in sentence


def test_a_folder_that_somebody_deletes_is_made_again(open_bench: Open, root: Path) -> None:
    bench = open_bench()
    heard = Heard(bench.recovery)
    for value in (1.0, 2.0):
        bench.desk.turn(0, value)
        settle(bench)
        assert_is_on_the_desk(only(root), bench)
        shutil.rmtree(root)
    bench.desk.turn(0, 3.0)
    settle(bench)
    assert_is_on_the_desk(only(root), bench)
    assert heard.sentences == []


def test_a_disk_that_does_not_answer_holds_nobody_up(
    open_bench: Open, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, asked = threading.Event(), threading.Event()
    fsync = os.fsync

    def slow(handle: int) -> None:
        asked.set()
        assert answer.wait(LONG)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", slow)
    monkeypatch.setattr(recovery_module, "CLOSING_SECONDS", 0.01)
    bench = open_bench()
    turn(bench)
    bench.recovery.keep()
    assert asked.wait(LONG)
    for _ in range(5):
        bench.automix.step(3)
        bench.clock.tick(16.0)
        QCoreApplication.processEvents()
    bench.recovery.close()
    answer.set()
    assert bench.recovery.wait(LONG)


def test_closing_in_the_middle_of_a_long_write_gives_it_up_and_leaves_nothing(
    open_bench: Open, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = open_bench()
    writing, begun = parts.Parts.put, threading.Event()

    def endless(self: parts.Parts, thing: object, value: Callable[[], object]) -> object:
        while True:
            writing(self, object(), value)
            begun.set()

    monkeypatch.setattr(parts.Parts, "put", endless)
    turn(bench)
    bench.clock.tick(16.0)
    bench.recovery.keep()
    assert begun.wait(LONG)
    bench.recovery.close()
    assert list(root.iterdir()) == []


def test_a_defect_in_keeping_reaches_the_error_dialog_once(
    qtbot: QtBot, open_bench: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Keeper, __: Work) -> None:
        raise KeyError("a defect")

    monkeypatch.setattr(Keeper, "keep", broken)
    bench = open_bench()
    with qtbot.captureExceptions() as caught:
        for value in (1.0, 2.0):
            bench.desk.turn(0, value)
            settle(bench)
    assert [error[0] for error in caught] == [KeyError]
