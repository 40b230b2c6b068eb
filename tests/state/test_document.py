"""The document: what counts as unsaved, and that a file brings everything back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from mixer_nn.core.dataset import Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.core.seeds import Stream, stream
from mixer_nn.core.unit_statistics import UnitStatistics
from mixer_nn.data.shipped import load_shipped
from mixer_nn.session.mix import MAX_TEMPO, neuron_on
from mixer_nn.state.readings import Readings
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]


def turn(bench: Bench) -> None:
    bench.desk.turn(0, 2.0)


def hold(bench: Bench) -> None:
    bench.desk.touch(0)
    bench.desk.turn(0, 2.0)


def play(bench: Bench) -> None:
    bench.automix.play()
    bench.clock.tick(100.0)


def step(bench: Bench) -> None:
    bench.automix.step()


def lock(bench: Bench) -> None:
    bench.desk.set_locked(1, True)


def scale(bench: Bench) -> None:
    bench.desk.set_scale(0, 64.0)


def scaling(bench: Bench) -> None:
    bench.desk.set_scaled(True)


def start(bench: Bench) -> None:
    bench.desk.new_start(3)


def rewind(bench: Bench) -> None:
    bench.desk.back_to_start()


def set_rate(bench: Bench) -> None:
    bench.desk.set_setup(replace(bench.desk.setup, learning_rate=0.25))


CHANGES = [turn, hold, play, step, lock, scale, scaling, start, rewind, set_rate]


@pytest.mark.parametrize("change", CHANGES)
def test_each_kind_of_change_is_unsaved_work_and_a_save_settles_it(
    bench: Bench, tmp_path: Path, change: Callable[[Bench], None]
) -> None:
    document, told = bench.document, []
    document.changed.connect(lambda: told.append(document.modified))
    found = [document.modified]
    change(bench)
    found += [document.modified, *told[-1:]]
    document.save(tmp_path / "a.mixnn")
    found += [document.modified, *told[-1:]]
    assert found == [False, True, True, False, False]
    assert document.path == tmp_path / "a.mixnn"
    assert document.name == "a"


def test_undo_back_to_what_was_saved_is_saved(bench: Bench, tmp_path: Path) -> None:
    document = bench.document
    turn(bench)
    document.save(tmp_path / "a.mixnn")
    lock(bench)
    step(bench)
    for expected in (True, False, True):
        bench.desk.undo()
        assert document.modified is expected
    bench.desk.redo()
    assert not document.modified


def test_undoing_a_run_that_was_saved_half_way_is_not_what_is_on_disk(
    bench: Bench, tmp_path: Path
) -> None:
    play(bench)
    bench.document.save(tmp_path / "a.mixnn")
    assert not bench.document.modified
    assert bench.automix.playing
    bench.desk.undo()
    assert bench.document.modified


def test_pausing_where_it_was_saved_is_still_saved(bench: Bench, tmp_path: Path) -> None:
    play(bench)
    bench.document.save(tmp_path / "a.mixnn")
    bench.automix.pause()
    assert not bench.document.modified


def test_a_setting_put_back_is_no_change(bench: Bench) -> None:
    before = bench.desk.setup
    set_rate(bench)
    bench.desk.set_setup(before)
    assert not bench.document.modified


def test_looking_is_no_change(bench: Bench) -> None:
    bench.guidance.show_arrows(True)
    bench.selection.choose(1)
    bench.clock.tick(16.0)
    assert not bench.document.modified


def test_a_new_mix_has_no_file_and_keeps_how_auto_mix_is_set(bench: Bench, tmp_path: Path) -> None:
    set_rate(bench)
    bench.document.save(tmp_path / "a.mixnn")
    fresh = neuron_on(load_shipped("cars"), 1)
    bench.document.new(fresh)
    assert bench.desk.mix is fresh
    assert bench.document.path is None
    assert bench.document.name == "untitled mix"
    assert not bench.document.modified
    assert bench.desk.setup.learning_rate == 0.25


# -- what fails -------------------------------------------------------------------------------


def test_a_file_that_cannot_be_opened_leaves_everything(bench: Bench, tmp_path: Path) -> None:
    turn(bench)
    bench.document.save(tmp_path / "good.mixnn")
    step(bench)
    play(bench)
    mix, setup, count = bench.desk.mix, bench.desk.setup, bench.desk.undo_stack.count
    whole = (tmp_path / "good.mixnn").read_text(encoding="utf-8")
    (tmp_path / "half.mixnn").write_text(whole[: len(whole) // 2], encoding="utf-8")
    for bad in (tmp_path / "half.mixnn", tmp_path / "none.mixnn", tmp_path):
        with pytest.raises(MixError) as caught:
            bench.document.open(bad)
        assert "\n" not in str(caught.value)
        assert bench.desk.mix is mix
        assert bench.desk.setup is setup
        assert bench.desk.undo_stack.count == count
        assert bench.document.path == tmp_path / "good.mixnn"
        assert bench.document.modified
        assert bench.automix.playing


def test_a_save_that_fails_leaves_everything(bench: Bench, tmp_path: Path) -> None:
    good = tmp_path / "good.mixnn"
    turn(bench)
    bench.document.save(good)
    before = good.read_bytes()
    step(bench)
    mix = bench.desk.mix
    for bad in (tmp_path / "no such folder" / "a.mixnn", tmp_path):
        with pytest.raises(MixError):
            bench.document.save(bad)
        assert bench.document.path == good
        assert bench.document.modified
        assert bench.desk.mix is mix
    assert good.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [good]


def test_a_mix_that_has_diverged_can_be_saved(bench: Bench, tmp_path: Path) -> None:
    bench.desk.turn(0, 1.7e308)
    bench.document.save(tmp_path / "far.mixnn")
    mix = bench.desk.mix
    bench.document.open(tmp_path / "far.mixnn")
    assert bench.desk.mix.state.same(mix.state)
    assert np.array_equal(bench.desk.mix.scales, mix.scales)


# -- there and back ---------------------------------------------------------------------------


def to_the_bit(value: object) -> object:
    """A reading that can be compared to the last bit: arrays as bytes, wherever they are."""
    if isinstance(value, np.ndarray):
        return (value.shape, value.tobytes())
    if isinstance(value, list):
        return [to_the_bit(part) for part in value]
    if isinstance(value, UnitStatistics):
        return [to_the_bit(getattr(value, part.name)) for part in fields(value)]
    return value


def everything(bench: Bench) -> dict[str, object]:
    """All readings, with arrays as bytes."""
    seen: dict[str, object] = {}
    for name in dir(Readings):
        part_of_the_mix = ("_mix", "state", "shown_objective")
        if isinstance(getattr(Readings, name), property) and name not in part_of_the_mix:
            seen[name] = to_the_bit(getattr(bench.readings, name))
    seen["curve"] = bench.desk.history.points[:, :-1].tobytes()  # but for seconds
    seen["earlier"] = [curve.points.tobytes() for curve in bench.desk.history.earlier]
    return seen


def mixed_up(make_bench: MakeBench, seed: int) -> Bench:
    """A mix in the middle of everything, drawn from the seed."""
    rng = np.random.default_rng(seed)
    dataset: Dataset = load_shipped("cars").split(0.2, stream(seed, Stream.SPLIT))
    bench = make_bench(neuron_on(dataset, seed), batch_size=7, tempo=200.0)
    for _ in range(int(rng.integers(1, 4))):
        bench.automix.step(int(rng.integers(1, 60)))
        bench.desk.turn(int(rng.integers(2)), float(rng.normal()))
        if rng.random() < 0.3:
            bench.desk.set_scaled(not bench.desk.mix.problem.scaled)
    bench.desk.set_locked(int(rng.integers(2)), True)
    return bench


@pytest.mark.parametrize("seed", range(6))
def test_a_gesture_in_the_middle_of_a_run_reopens_with_the_same_readings(
    make_bench: MakeBench, tmp_path: Path, seed: int
) -> None:
    bench, rng = mixed_up(make_bench, seed), np.random.default_rng(seed)
    bench.automix.play()
    for _ in range(5):
        bench.clock.tick(16.0)
    bench.desk.touch(0)
    for value in rng.normal(size=4):
        bench.desk.turn(0, float(value))
        bench.clock.tick(16.0)
    if seed % 2:
        bench.desk.release(0)
        bench.clock.tick(16.0)
    bench.document.save(tmp_path / "a.mixnn")
    assert bench.automix.playing
    saved, mix = everything(bench), bench.desk.mix
    other = make_bench()
    other.document.open(tmp_path / "a.mixnn")
    assert other.desk.mix.state.same(mix.state)
    for name in ("initial", "locked", "scales", "run", "moves"):
        assert np.array_equal(getattr(other.desk.mix, name), getattr(mix, name)), name
    assert other.desk.setup == bench.desk.setup
    assert everything(other) == saved
    assert not other.automix.playing
    assert not other.document.modified


@pytest.mark.parametrize("seed", range(3))
def test_a_reopened_mix_trains_on_as_if_it_had_never_been_closed(
    make_bench: MakeBench, tmp_path: Path, seed: int
) -> None:
    bench = mixed_up(make_bench, seed)
    bench.document.save(tmp_path / "a.mixnn")
    bench.automix.step(100)
    other = make_bench()
    other.document.open(tmp_path / "a.mixnn")
    other.automix.step(100)
    assert other.desk.mix.state.same(bench.desk.mix.state)
    other.desk.back_to_start()
    bench.desk.back_to_start()
    assert other.desk.mix.state.same(bench.desk.mix.state)


ELSEWHERE = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from mixer_nn.session.mix import neuron_on
from mixer_nn.data.synthetic import make
from mixer_nn.state.automix import AutoMix
from mixer_nn.state.desk import Desk
from mixer_nn.state.document import Document

app = QCoreApplication([])
desk = Desk(neuron_on(make("line", seed=1), 1))
automix, document = AutoMix(desk), Document(desk)
document.open(Path(sys.argv[1]))
automix.step(173)
document.save(Path(sys.argv[2]))
"""


def test_another_process_trains_on_to_the_same_bit(make_bench: MakeBench, tmp_path: Path) -> None:
    bench = mixed_up(make_bench, 11)
    assert bench.desk.mix.state.place % 40 != 0, "in the middle of an epoch"
    bench.document.save(tmp_path / "a.mixnn")
    subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(tmp_path / "a.mixnn"), str(tmp_path / "b.mixnn")],
        check=True,
        timeout=60,
    )
    bench.automix.step(173)
    there = make_bench()
    there.document.open(tmp_path / "b.mixnn")
    assert there.desk.mix.state.same(bench.desk.mix.state)
    assert everything(there) == everything(bench)


def test_saving_while_it_plays_changes_no_step(make_bench: MakeBench, tmp_path: Path) -> None:
    quiet, saving = make_bench(tempo=50.0), make_bench(tempo=50.0)
    for bench in (quiet, saving):
        bench.automix.play()
        for frame in range(50):
            bench.clock.tick(16.0)
            if bench is saving and frame % 10 == 0:
                bench.document.save(tmp_path / "a.mixnn")
    assert saving.desk.mix.state.same(quiet.desk.mix.state)
    assert saving.document.modified
    saving.automix.pause()
    assert saving.desk.undo_stack.count == 1


def test_a_setup_comes_back_whole(bench: Bench, tmp_path: Path) -> None:
    setup = replace(
        bench.desk.setup, learning_rate=0.1 + 0.2, batch_size=7, tempo=MAX_TEMPO, tolerance=3e-9
    )
    bench.desk.set_setup(setup)
    bench.document.save(tmp_path / "a.mixnn")
    bench.document.new(neuron_on(load_shipped("cars"), 1), replace(setup, tempo=1.0))
    bench.document.open(tmp_path / "a.mixnn")
    assert bench.desk.setup == setup


@pytest.mark.parametrize(
    "wrong",
    [
        {"learning_rate": 0.0},
        {"learning_rate": -1.0},
        {"learning_rate": float("nan")},
        {"learning_rate": float("inf")},
        {"batch_size": -1},
        {"tempo": 0.0},
        {"tempo": float("nan")},
        {"tolerance": -1.0},
        {"tolerance": float("nan")},
    ],
)
def test_a_setting_that_no_file_could_hold_is_refused(
    bench: Bench, wrong: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="must"):
        replace(bench.desk.setup, **wrong)  # type: ignore[arg-type]


# -- runs -------------------------------------------------------------------------------------


def test_a_name_or_a_wish_to_keep_a_run_is_unsaved_work(bench: Bench, tmp_path: Path) -> None:
    document, history = bench.document, bench.desk.history
    step(bench)
    document.save(tmp_path / "a.mixnn")
    told: list[bool] = []
    document.changed.connect(lambda: told.append(document.modified))
    history.name_run(0, "first")
    found = [document.modified]
    bench.clock.tick(16.0)
    assert told == [True]
    document.save(tmp_path / "a.mixnn")
    found.append(document.modified)
    for kept in (True, False):
        history.keep_run(0, kept)
        found.append(document.modified)
    assert found == [True, False, True, False]


def test_all_runs_and_their_states_come_back(make_bench: MakeBench, tmp_path: Path) -> None:
    bench = mixed_up(make_bench, 3)
    desk = bench.desk
    desk.history.name_run(desk.mix.run, "the one")
    desk.new_start(8)
    bench.automix.step(40)
    desk.history.keep_run(desk.mix.run, True)
    desk.back_to_start()
    bench.automix.step(20)
    bench.document.save(tmp_path / "a.mixnn")
    other = make_bench()
    other.document.open(tmp_path / "a.mixnn")
    runs, found = desk.history.runs, other.desk.history.runs
    assert len(runs) >= 3
    for one, back in zip(runs, found, strict=True):
        for name in ("number", "name", "kept", "setup", "parent", "steps", "best"):
            assert getattr(one, name) == getattr(back, name), name
        assert one.points.tobytes() == back.points.tobytes()
        assert one.record.moves.tolist() == back.record.moves.tolist()
    for number in (runs[0].number, runs[-2].number):
        for each in (bench, other):
            each.desk.take_up(number)
        assert other.desk.mix.state.same(desk.mix.state)
    # Looked back at step by step, they are the same too.
    for move in range(desk.history.first, desk.history.last, 3):
        for each in (bench, other):
            each.desk.visit(move)
            each.desk.refine()
        assert other.desk.mix.state.same(desk.mix.state)


def test_a_look_back_is_saved_as_one_and_is_no_change(
    make_bench: MakeBench, tmp_path: Path
) -> None:
    bench = make_bench()
    bench.automix.step(50)
    head = bench.desk.mix
    bench.document.save(tmp_path / "a.mixnn")
    bench.desk.visit(20)
    assert not bench.document.modified
    bench.document.save(tmp_path / "a.mixnn")
    other = make_bench()
    other.document.open(tmp_path / "a.mixnn")
    assert other.desk.is_visiting
    assert other.desk.place == 20
    assert other.desk.head.state.same(head.state)
    assert not other.document.modified
    bench.desk.refine()
    other.desk.refine()
    assert other.desk.mix.state.same(bench.desk.mix.state)


def test_to_forget_a_run_is_a_change_that_a_save_keeps(bench: Bench, tmp_path: Path) -> None:
    document = bench.document
    bench.automix.step(3)
    bench.desk.new_start(3)
    document.save(tmp_path / "a.mixnn")
    modified = [document.modified]
    bench.desk.forget_run(0)
    modified.append(document.modified)
    document.save(tmp_path / "a.mixnn")
    assert [*modified, document.modified] == [False, True, False]
