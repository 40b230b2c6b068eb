"""Work that was not saved: what is kept comes back whole or not at all, and costs what is new."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from mixer_nn.core.errors import MixError
from mixer_nn.core.training import Settings
from mixer_nn.data.synthetic import make
from mixer_nn.session import recovery
from mixer_nn.session.curve import COLUMNS
from mixer_nn.session.mix import Mix, Setup, network_on
from mixer_nn.session.parts import ENDING, TOP
from mixer_nn.session.record import Block, Way
from mixer_nn.session.recovery import Keeper, Note, PiecedCurve, Work
from mixer_nn.session.saved import Saved, SavedRun

NOTE = Note(Path("/somewhere/spiral set.mixnn"), "spiral set", 1e9)


def a_mix() -> Mix:
    mix = network_on(make("sine", seed=3), 3, (4,))
    return replace(mix, moves=40).with_cue(2, None)


def a_block(mix: Mix, first: int, states: int = 5) -> Block:
    rng = np.random.default_rng(first)
    way = Way(mix.problem, Settings(0.1), ~mix.locked)
    counts = np.column_stack([np.full(states, 3), np.arange(states), *np.zeros((3, states))])
    values = rng.normal(size=(states, 1, mix.parameters.size))
    return Block(
        "gradient-descent",
        np.arange(first, first + states),
        counts.astype(np.intp),
        values,
        (None, *[way] * (states - 1)),
    )


def a_piece(first: int, points: int) -> np.ndarray:
    rng = np.random.default_rng(first)
    moves = np.arange(first, first + points)
    piece = np.column_stack([moves, rng.normal(size=(points, len(COLUMNS) - 1))])
    piece.flags.writeable = False
    return piece


def a_work(mix: Mix | None = None, blocks: tuple[Block, ...] | None = None) -> Work:
    mix = mix or a_mix()
    kept = (a_block(mix, 0), a_block(mix, 5)) if blocks is None else blocks
    run = SavedRun(0, "", False, Setup(), None, mix, kept)
    saved = Saved(mix, Setup(learning_rate=0.25), runs=(run,))
    return Work(saved, (PiecedCurve(0, (a_piece(0, 90), a_piece(90, 3))),), NOTE)


def assert_same(one: Work, other: Work) -> None:
    """`other` was read back, so its curves are joined."""
    assert one.note == other.note
    assert other.saved.mix.state.same(one.saved.mix.state)
    assert other.saved.setup == one.saved.setup
    for name in ("initial", "locked", "scales", "run", "moves"):
        assert np.array_equal(getattr(one.saved.mix, name), getattr(other.saved.mix, name)), name
    for before, after in zip(one.curves, other.saved.curves, strict=True):
        assert np.vstack(before.pieces).tobytes() == after.points.tobytes()
    for old, new in zip(one.saved.runs, other.saved.runs, strict=True):
        assert (old.number, old.name, old.kept, old.setup) == (
            new.number, new.name, new.kept, new.setup,
        )  # fmt: skip
        assert old.head.state.same(new.head.state)
        for ours, theirs in zip(old.blocks, new.blocks, strict=True):
            assert ours.moves.tolist() == theirs.moves.tolist()
            assert all(ours.state(i).same(theirs.state(i)) for i in range(len(ours)))


def parts(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name.endswith(ENDING)}


def test_what_is_kept_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    work = a_work()
    Keeper(tmp_path).keep(work)
    assert_same(work, recovery.read(tmp_path))


def test_a_mix_without_a_file_and_without_a_record_comes_back(tmp_path: Path) -> None:
    work = Work(Saved(a_mix(), Setup()), (), Note(None, "untitled mix", 12.5))
    Keeper(tmp_path).keep(work)
    assert_same(work, recovery.read(tmp_path))


def test_keeping_again_writes_only_what_is_new(tmp_path: Path) -> None:
    keeper, work = Keeper(tmp_path), a_work()
    keeper.keep(work)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in parts(tmp_path)}
    mix = work.saved.mix.with_parameters(work.saved.mix.parameters + 1.0)
    (run,) = work.saved.runs
    more = replace(run, head=mix, blocks=(*run.blocks, a_block(mix, 10)))
    curve = PiecedCurve(0, (*work.curves[0].pieces, a_piece(93, 4)))
    after = Work(replace(work.saved, mix=mix, runs=(more,)), (curve,), NOTE)
    keeper.keep(after)
    assert_same(after, recovery.read(tmp_path))
    for name, written in before.items():
        assert (tmp_path / name).stat().st_mtime_ns == written
    assert len(parts(tmp_path) - set(before)) == 2  # the block and the piece of the curve


def test_what_is_not_named_any_more_is_deleted_only_after_the_new_state_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, work = Keeper(tmp_path), a_work()
    keeper.keep(work)
    old = parts(tmp_path)
    new = a_work(blocks=(a_block(work.saved.mix, 7),))
    unlink, seen = Path.unlink, []

    def watched(self: Path, missing_ok: bool = False) -> None:
        seen.append(self.name)
        assert_same(new, recovery.read(tmp_path))
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", watched)
    keeper.keep(new)
    assert set(seen) == old
    assert not old & parts(tmp_path)


def test_a_folder_taken_over_is_written_anew_and_left_without_litter(tmp_path: Path) -> None:
    Keeper(tmp_path).keep(a_work())
    before, work = parts(tmp_path), a_work()
    Keeper(tmp_path).keep(work)
    assert not before & parts(tmp_path)
    assert_same(work, recovery.read(tmp_path))


def test_a_part_that_somebody_deleted_is_written_again(tmp_path: Path) -> None:
    keeper, work = Keeper(tmp_path), a_work()
    keeper.keep(work)
    for name in sorted(parts(tmp_path))[:2]:
        (tmp_path / name).unlink()
    with pytest.raises(MixError, match="missing"):
        recovery.read(tmp_path)
    keeper.keep(work)
    assert_same(work, recovery.read(tmp_path))


# -- damage -------------------------------------------------------------------------------------


def cut(raw: bytes, place: int) -> bytes:
    return raw[:place]


def flip(raw: bytes, place: int) -> bytes:
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


def blank(raw: bytes, place: int) -> bytes:
    return raw[:place] + bytes(len(raw) - place)


@pytest.mark.parametrize("harm", [cut, flip, blank])
def test_what_is_damaged_anywhere_is_never_taken_for_whole(
    tmp_path: Path, harm: Callable[[bytes, int], bytes]
) -> None:
    Keeper(tmp_path).keep(a_work())
    rng = np.random.default_rng(5)
    for path in sorted(tmp_path.iterdir()):
        whole = path.read_bytes()
        # The line end at the very end may be missing: nothing else is.
        for place in {0, 1, len(whole) - 2, *rng.integers(len(whole) - 1, size=12).tolist()}:
            path.write_bytes(harm(whole, place))
            with pytest.raises(MixError):
                recovery.read(tmp_path)
        path.write_bytes(whole)
    recovery.read(tmp_path)


def test_a_part_from_elsewhere_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "session"
    folder.mkdir()
    Keeper(folder).keep(a_work())
    name = min(parts(folder))
    raw = (folder / TOP).read_bytes().rpartition(b"\n")[0].rpartition(b"\n")[0]
    raw = raw.replace(f'"{name}"'.encode(), f'"../{name}"'.encode())
    (folder / name).rename(tmp_path / name)
    (folder / TOP).write_bytes(raw + f"\n{crc32(raw)}\n".encode())
    with pytest.raises(MixError, match="elsewhere"):
        recovery.read(folder)


# -- places where nothing can be written --------------------------------------------------------


class Failing:
    """Stands for a call of the system's and fails at the n-th time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, place: object, name: str) -> None:
        self._real, self._left = getattr(place, name), 0
        self.calls = 0
        self.code = errno.ENOSPC
        monkeypatch.setattr(place, name, self._call())

    def _call(self) -> Callable[..., object]:
        def call(*arguments: object, **names: object) -> object:
            self.calls += 1
            self._left -= 1
            if self._left == 0:
                raise OSError(self.code, os.strerror(self.code))
            return self._real(*arguments, **names)

        return call

    def at(self, turn: int) -> None:
        self._left = turn


@pytest.mark.parametrize("what", ["fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES])
def test_what_was_kept_before_survives_a_failure_at_any_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, code: int
) -> None:
    keeper, work = Keeper(tmp_path), a_work()
    keeper.keep(work)
    failing = Failing(monkeypatch, os, what)
    failing.code = code
    turns = 4 if what == "fsync" else 1
    for turn in range(1, turns + 1):
        new = a_work(blocks=(a_block(work.saved.mix, turn),))
        failing.at(turn)
        with pytest.raises(OSError, match=os.strerror(code)):
            keeper.keep(new)
        assert_same(work, recovery.read(tmp_path))
        keeper.keep(new)
        assert_same(new, recovery.read(tmp_path))
        work = new


def test_a_full_disk_leaves_what_was_kept_before(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")  # only where a process can be kept from writing
    keeper, work = Keeper(tmp_path), a_work()
    keeper.keep(work)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    large = a_work(blocks=(a_block(work.saved.mix, 0, 400),))
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, hard))
        with pytest.raises(OSError, match="File too large"):
            keeper.keep(large)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert_same(work, recovery.read(tmp_path))
    keeper.keep(large)
    assert_same(large, recovery.read(tmp_path))


def test_everything_is_on_disk_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    fsync, put = os.fsync, os.replace

    def synced(handle: int) -> None:
        order.append("sync")
        fsync(handle)

    def replaced(source: Path, target: Path) -> None:
        order.append("replace")
        put(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    Keeper(tmp_path).keep(a_work())
    files = len(parts(tmp_path)) + 1
    assert order[: files + 1] == ["sync"] * files + ["replace"]


# -- which there are ----------------------------------------------------------------------------


def kept_in(root: Path, age: float = 0.0) -> Path:
    folder = recovery.new_folder(root)
    folder.mkdir(parents=True)
    Keeper(folder).keep(a_work())
    then = time.time() - age
    os.utime(folder / TOP, (then, then))
    return folder


def test_sessions_come_latest_first_and_none_from_where_there_is_nothing(tmp_path: Path) -> None:
    assert recovery.sessions(tmp_path / "nowhere") == []
    folders = [kept_in(tmp_path, age) for age in (300.0, 10.0, 7000.0)]
    recovery.new_folder(tmp_path).mkdir()
    (tmp_path / "a file").write_text("?")
    assert recovery.sessions(tmp_path) == [folders[1], folders[0], folders[2]]


def test_clearing_leaves_nothing_of_ours_and_all_of_others(tmp_path: Path) -> None:
    folder = kept_in(tmp_path)
    (folder / "letter.txt").write_text("not ours")
    recovery.clear(folder)
    recovery.remove(folder)
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]
    (folder / "letter.txt").unlink()
    recovery.clear(folder)
    recovery.remove(folder)
    assert not folder.exists()
    recovery.clear(folder)  # that is gone already


def test_only_what_has_been_damaged_or_empty_for_long_may_go(tmp_path: Path) -> None:
    day = 86400.0
    whole = kept_in(tmp_path, 100 * day)
    lately = kept_in(tmp_path, 3 * day)
    long_ago = kept_in(tmp_path, 31 * day)
    for folder, age in ((lately, 3 * day), (long_ago, 31 * day)):
        raw = (folder / TOP).read_bytes()
        (folder / TOP).write_bytes(raw[: len(raw) // 2])
        os.utime(folder / TOP, (time.time() - age,) * 2)
    begun, empty = recovery.new_folder(tmp_path), recovery.new_folder(tmp_path)
    for folder in (begun, empty):
        folder.mkdir()
    os.utime(empty, (time.time() - day,) * 2)
    assert sorted(recovery.leftovers(tmp_path)) == sorted([long_ago, empty])
    assert recovery.is_whole(whole)
    assert recovery.leftovers(tmp_path / "nowhere") == []
