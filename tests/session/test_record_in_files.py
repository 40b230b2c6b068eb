"""Runs, states along them and cues in files: back to the last bit, and written in small pieces."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer_nn.core.errors import MixError
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.rewire import with_hidden_sizes
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.synthetic import make
from mixer_nn.session import file
from mixer_nn.session.codec import parse
from mixer_nn.session.curve import COLUMNS, Curve
from mixer_nn.session.lifting import STRIDE
from mixer_nn.session.mix import NO_RUN, Cue, Mix, Setup, network_on, neuron_on
from mixer_nn.session.pieces import RAW, pieces
from mixer_nn.session.record import Block, Way
from mixer_nn.session.saved import Saved, SavedRun
from mixer_nn.session.schema import tree_of

SETUP = Setup(0.1 + 0.2, 7, "adam", schedule="cosine", clip=0.3)


def moons(hidden: tuple[int, ...] = (4, 3)) -> Mix:
    data = make("moons", seed=2, points=60).split(0.2, np.random.default_rng(0))
    return network_on(data, 4, hidden)


def way_of(mix: Mix, *locked: int, rate: float = 0.1) -> Way:
    free = np.ones(mix.parameters.size, dtype=np.bool_)
    free[list(locked)] = False
    return Way(mix.problem, replace(SETUP, learning_rate=rate).settings(mix.problem), free)


def block_of(
    mix: Mix, ways: tuple[Way | None, ...], first: int = 0, optimizer: str = "adam"
) -> Block:
    rng, count = np.random.default_rng(first), len(ways)
    counts = rng.integers(0, 2**53, size=(count, 5))
    counts[:, 3] = rng.integers(0, 48, size=count)
    moves = first + np.cumsum(rng.integers(1, 2**20, size=count))
    shape = (count, 1 + OPTIMIZERS[optimizer].slots, mix.parameters.size)
    return Block(optimizer, moves, counts, rng.normal(size=shape), ways)


def reopened(saved: Saved, tmp_path: Path) -> Saved:
    file.write(tmp_path / "a.mixnn", saved)
    return file.read(tmp_path / "a.mixnn")


def assert_same_block(one: Block, other: Block) -> None:
    assert one.optimizer == other.optimizer
    for a, b in ((one.moves, other.moves), (one.counts, other.counts), (one.values, other.values)):
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        assert a.tobytes() == b.tobytes()
    for way, back in zip(one.ways, other.ways, strict=True):
        assert (way is None) == (back is None)
        if way is not None and back is not None:
            assert way.settings == back.settings
            assert way.free.tolist() == back.free.tolist()


def assert_same_place(one: Mix, other: Mix) -> None:
    assert one.state.same(other.state)
    for name in ("initial", "locked", "scales"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()
    assert (one.run, one.moves, one.network) == (other.run, other.moves, other.network)
    for name in ("scaled", "loss_name", "features"):
        assert getattr(one.problem, name) == getattr(other.problem, name)


def test_runs_and_all_their_states_come_back_to_the_last_bit(tmp_path: Path) -> None:
    mix = replace(moons().with_optimizer("adam"), run=3, moves=12)
    wide = mix.rewired(
        replace(mix.problem, network=with_hidden_sizes(mix.network, (9,), "relu")), 1
    )
    wide = replace(wide, locked=np.arange(wide.locked.size) % 5 == 0)
    one, other = way_of(mix, 2, 5), way_of(mix, rate=0.3)
    blocks = (
        block_of(mix, (None, one, one, other, None, one)),
        block_of(mix, (one,) * 300, first=2**30),
        block_of(mix, (other, None), first=2**40, optimizer="momentum"),
    )
    runs = (
        SavedRun(0, "größe 🎧", True, SETUP, None, wide, (block_of(wide, (way_of(wide, 1),) * 9),)),
        SavedRun(3, "", False, None, (0, 2**40), mix, blocks),
    )
    points = np.column_stack([np.arange(30.0), np.random.default_rng(0).normal(size=(30, 7))])
    saved = Saved(mix, SETUP, (Curve(3, points),), runs, 11)

    back = reopened(saved, tmp_path)

    assert back.visit == 11
    for before, after in zip(runs, back.runs, strict=True):
        for name in ("number", "name", "kept", "setup", "parent"):
            assert getattr(before, name) == getattr(after, name)
        assert_same_place(before.head, after.head)
        for a, b in zip(before.blocks, after.blocks, strict=True):
            assert_same_block(a, b)
    head = back.runs[1].head
    assert head.problem is back.mix.problem
    first, second = back.runs[1].blocks[:2]
    assert first.ways[1] is second.ways[0], "what is the same is shared"
    assert first.ways[1] is not None
    assert first.ways[1].problem is back.mix.problem
    assert first.ways[3] is not first.ways[1]
    # Written again, it is the same file.
    file.write(tmp_path / "b.mixnn", back)
    assert (tmp_path / "a.mixnn").read_bytes() == (tmp_path / "b.mixnn").read_bytes()


def test_steps_on_other_data_cannot_be_taken_again(tmp_path: Path) -> None:
    mix = moons().with_optimizer("adam")
    then = replace(mix.problem, dataset=make("moons", seed=9, points=60))
    way = way_of(mix)
    ways = (None, way, replace(way, problem=then), replace(way, problem=None))
    run = SavedRun(0, "", False, None, None, mix, (block_of(mix, ways),))
    found = reopened(Saved(mix, SETUP, (), (run,)), tmp_path).runs[0]
    problems = [way and way.problem for way in found.blocks[0].ways]
    assert problems == [None, found.head.problem, None, None]


def test_a_run_on_other_data_opens_on_these_if_it_fits_and_else_is_left_out(
    tmp_path: Path,
) -> None:
    mix = moons().with_optimizer("adam")
    problem = replace(mix.problem, dataset=make("moons", seed=9, points=90))
    state = replace(mix.state, place=89)
    before = replace(mix, problem=problem, state=state)
    cars = neuron_on(load_shipped("cars"), 1)
    way = way_of(before)
    runs = (
        SavedRun(0, "", False, None, None, before, (block_of(mix, (way,)),)),
        SavedRun(1, "", False, None, None, cars, (block_of(cars, (None,)),)),
    )
    saved = Saved(replace(mix, run=2), SETUP, (), runs)
    back = reopened(saved, tmp_path)
    (found,) = back.runs
    assert found.number == 0
    assert found.head.problem is back.mix.problem
    assert found.head.state.same(replace(state, place=47))
    assert found.blocks[0].ways[0] is not None
    assert found.blocks[0].ways[0].problem is None


def test_cues_come_back_to_the_last_bit(tmp_path: Path) -> None:
    mix = replace(moons().with_optimizer("adam"), run=1, moves=7)
    wide = mix.rewired(
        replace(mix.problem, network=with_hidden_sizes(mix.network, (9,), "relu")), 0
    )
    wide = replace(wide, locked=np.arange(wide.locked.size) % 5 == 0, run=NO_RUN)
    elsewhere = neuron_on(load_shipped("cars"), 1)
    full = (
        mix.with_cue(0, Cue(mix, 0.1 + 0.2, np.nan, "low ½"))
        .with_cue(6, Cue(wide, np.inf, 1e-300))
        .with_cue(7, Cue(elsewhere, 1.0, 2.0))
    )
    back = reopened(Saved(full, SETUP), tmp_path).mix
    low, other = back.cues[0], back.cues[6]
    assert low is not None
    assert other is not None
    assert_same_place(low.mix, mix)
    assert_same_place(other.mix, wide)
    assert (low.loss, low.name, other.held_out) == (0.1 + 0.2, "low ½", 1e-300)
    assert np.isnan([low.held_out, other.loss]).all()
    assert low.mix.problem is back.problem
    assert [cue is None for cue in back.cues] == [False, *[True] * 5, False, True]


def test_a_state_whose_memory_is_unsaid_comes_back_so(tmp_path: Path) -> None:
    mix = moons().with_optimizer("adam")
    counts = np.zeros((2, 5), dtype=np.intp)
    block = Block("adam", np.arange(2), counts, np.ones((2, 1, mix.parameters.size)), (None, None))
    run = SavedRun(0, "", False, None, None, mix, (block,))
    (found,) = reopened(Saved(mix, SETUP, (), (run,)), tmp_path).runs
    assert found.blocks[0].state(1).same(block.state(1))
    assert found.blocks[0].state(1).slots.shape == (0, 0)


# -- pieces ---------------------------------------------------------------------------------------


def long(mix: Mix) -> Saved:
    """Something of everything that can be long."""
    way = way_of(mix)
    blocks = tuple(block_of(mix, (None, *[way] * 200), first=2**30 * n) for n in range(4))
    points = np.column_stack([np.arange(40_000.0), np.ones((40_000, len(COLUMNS) - 1))])
    run = SavedRun(0, "", False, SETUP, None, mix, blocks)
    return Saved(mix.with_cue(0, Cue(mix, 1.0, 1.0)), SETUP, (Curve(0, points),), (run,))


def test_a_file_is_written_in_small_pieces_and_past_the_buffers_of_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = long(network_on(make("moons", seed=1, points=5000), 1, (16, 16, 16)))
    sizes = [len(piece) for piece in pieces(tree_of(saved))]
    assert max(sizes) <= RAW // 3 * 4
    assert sum(sizes) > 20 * max(sizes)
    written: list[int] = []
    write = os.write

    def noted(handle: int, raw: memoryview) -> int:
        written.append(len(raw))
        # A disk may take less than it is given.
        return write(handle, raw[:50_000])

    monkeypatch.setattr(os, "write", noted)
    file.write(tmp_path / "a.mixnn", saved)
    assert max(written) == max(sizes)
    assert (tmp_path / "a.mixnn").stat().st_size == sum(sizes)
    found = file.read(tmp_path / "a.mixnn")
    for one, other in zip(saved.runs[0].blocks, found.runs[0].blocks, strict=True):
        assert_same_block(one, other)


def test_a_save_that_is_refused_on_the_way_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.mixnn"
    good = long(moons().with_optimizer("adam"))
    file.write(path, good)
    old = path.read_bytes()
    wrong = SavedRun(1, "", False, replace(SETUP, tempo=1.0), None, good.mix, ())
    assert wrong.setup is not None
    object.__setattr__(wrong.setup, "momentum", np.nan)
    with pytest.raises(MixError, match="not finite"):
        file.write(path, replace(good, runs=(*good.runs, wrong)))
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_not_finite_stops_a_save_in_a_cue_and_is_left_out_as_a_run(
    tmp_path: Path,
) -> None:
    path, mix = tmp_path / "a.mixnn", moons()
    far = replace(mix, initial=np.full(mix.parameters.size, np.inf))
    runs = tuple(
        SavedRun(number, "", False, None, None, head, (block_of(head, (None,)),))
        for number, head in enumerate((far, mix))
    )
    file.write(path, Saved(mix, SETUP, (), runs))
    assert [run.number for run in file.read(path).runs] == [1]
    with pytest.raises(MixError, match="not finite"):
        file.write(path, Saved(mix.with_cue(0, Cue(far, 1.0, 1.0)), SETUP))
    assert [run.number for run in file.read(path).runs] == [1]


def test_what_can_be_read_by_people_is(tmp_path: Path) -> None:
    file.write(tmp_path / "a.mixnn", Saved(neuron_on(load_shipped("cars"), 1), Setup()))
    lines = (tmp_path / "a.mixnn").read_text(encoding="utf-8").splitlines()
    assert ' "version": 3,' in lines
    assert any(line.startswith('  "layer1.neuron1.weight1": ') for line in lines)
    assert max(map(len, lines)) < 2500
    assert isinstance(json.loads("\n".join(lines)), dict)


# -- what is lifted out of the text before it is parsed -------------------------------------------


@given(
    st.integers(0, 3 * STRIDE),
    st.text(max_size=9),
    st.sampled_from(["float64", "int64", "name"]),
    st.sampled_from([None, 1]),
)
def test_lifting_changes_nothing_of_what_is_read(
    length: int, name: str, key: str, indent: int | None
) -> None:
    digits = ("AbC9+/" * STRIDE)[:length]
    values = {"a": [name, digits, {key: digits, name: 1}], "b": {key: digits}, "c": '\\"' * 9}
    text = json.dumps(values, ensure_ascii=False, indent=indent)
    found = parse(text)
    assert isinstance(found, dict)
    for holder in (found["a"][2], found["b"]):
        lifted = holder[key]
        if isinstance(lifted, memoryview):
            assert length >= STRIDE
            holder[key] = bytes(lifted).decode()
        else:
            assert key == "name" or length < 2 * STRIDE
    assert found == values


def test_a_text_that_looks_like_what_stands_for_lifted_numbers_is_left_alone() -> None:
    long = "A" * 3 * STRIDE
    found = parse(json.dumps({"a": {"float64": long}, "b": "\0000", "c": {"float64": "\0007"}}))
    assert isinstance(found, dict)
    assert (found["b"], found["c"]["float64"]) == ("\0000", "\0007")


def test_a_name_that_is_not_latin_does_not_make_megabytes_of_numbers_wider() -> None:
    raw = json.dumps({"name": "🎧", "x": {"float64": "A" * 2**20}}, ensure_ascii=False).encode()
    found = parse(raw)
    assert isinstance(found, dict)
    assert found["name"] == "🎧"
    assert isinstance(found["x"]["float64"], memoryview)
    assert found["x"]["float64"].obj is raw
