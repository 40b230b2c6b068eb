"""The record of a run: within its memory, even, whole where a hand was, shared by branches."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from mixer_nn.core.training import Settings, TrainingState
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import neuron_on
from mixer_nn.session.record import Way
from mixer_nn.state.record import Record, Room

PROBLEM = neuron_on(make("noisy-line", seed=7), 7).problem


Plain = list[tuple[int, Way | None, TrainingState]]
"""Every move of a run: where, how it was made from the one before, and the state there."""


def way(rate: float = 0.1, size: int = 2) -> Way:
    return Way(PROBLEM, Settings(rate), np.ones(size, dtype=np.bool_))


def state(move: int, size: int = 2, slots: int = 0, steps: int | None = None) -> TrainingState:
    """The state at a move, told by its first parameter; taken there by so many steps."""
    count = move if steps is None else steps
    optimizer = {0: "gradient-descent", 1: "momentum", 2: "adam"}[slots]
    values = np.full(size, float(move))
    return TrainingState(values, 1, count, count, 0, np.zeros((slots, size)), count, optimizer)


def filled(moves: list[int], room: Room | None = None, led: Way | None = None) -> Record:
    record, led = Record(room), led or way()
    for move in moves:
        record.append(move, state(move), led)
    return record


def is_whole(record: Record) -> bool:
    """Whether every state stands at its own move, in order, and the blocks hold them all."""
    moves = [int(move) for block in record.blocks for move in block.moves]
    states = [block.state(row) for block in record.blocks for row in range(len(block))]
    return (
        moves == record.moves.tolist() == sorted(set(moves))
        and len(record) == len(moves)
        and [one.parameters[0] for one in states] == moves
    )


def was_gone_that_way(record: Record, made: dict[int, Way], move: int) -> bool:
    """Whether the steps that would lead to a move are those that did."""
    found = record.way_to(move)
    if found is None:
        return True
    one, led, steps = found
    ways = [made[step] for step in range(one.step + 1, move + 1)]
    return one.step + steps == move and all(way.same(led) for way in ways)


def gaps(record: Record) -> float:
    """The largest gap, as a multiple of the mean."""
    found = np.diff(record.moves)
    return float(found.max() / found.mean())


def all_used(*records: Record) -> int:
    """Memory of what the records hold, counting what they share once."""
    blocks = {id(block): block for record in records for block in record.sealed}
    growing = [record.growing for record in records if record.growing is not None]
    return sum(block.nbytes for block in blocks.values()) + sum(end.nbytes for end in growing)


# -- reading ----------------------------------------------------------------------------------


def test_nothing_is_kept_at_first() -> None:
    record = Record()
    assert len(record) == len(record.moves) == len(record.blocks) == 0
    assert record.nearest(3) is None
    assert record.before(3) is None
    assert record.way_to(3) is None
    assert record.trace((0,), 10, 9)[1].shape == (0, 1)
    with pytest.raises(IndexError):
        _ = record.first


def test_the_nearest_and_the_one_before() -> None:
    record = filled([0, 10, 20])
    for move, nearest, before in [(0, 0, 0), (4, 0, 0), (5, 0, 0), (6, 10, 0), (99, 20, 20)]:
        found, earlier = record.nearest(move), record.before(move)
        assert found is not None
        assert earlier is not None
        assert (found[0], earlier[0]) == (nearest, before)
        assert found[1].same(state(nearest))
        assert earlier[1].same(state(before))
    assert (record.first, record.last) == (0, 20)


def test_the_way_to_a_move_between() -> None:
    record, led = filled([0, 10]), way()
    record.append(12, state(12, steps=10), None)
    record.append(20, state(20, steps=18), led)
    found = record.way_to(7)
    assert found is not None
    assert found[0].same(state(0))
    assert found[1].same(led)
    assert found[2] == 7
    assert record.way_to(10) is record.way_to(11) is record.way_to(21) is None
    assert record.way_to(19) is not None


def test_a_way_that_does_not_add_up_is_not_believed() -> None:
    record = filled([0, 10])
    record.append(20, state(20, steps=19), way())
    assert record.way_to(15) is None


def test_what_is_refused() -> None:
    record = filled([0, 5])
    with pytest.raises(ValueError, match="beyond"):
        record.append(5, state(5), None)
    with pytest.raises(ValueError, match="network"):
        record.append(6, state(6, size=3), None)
    record.fit(2)
    assert len(record) == 2
    record.fit(3)
    assert len(record) == record.room.used == 0
    one, other = filled([0, 5]).blocks[0], filled([3, 9]).blocks[0]
    with pytest.raises(ValueError, match="order"):
        Record.of([one, other])


# -- memory -----------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [1, 7, 1000])
def test_a_long_run_stays_even_and_within_its_memory(jump: int) -> None:
    room = Room(300_000)
    record, led = Record(room), way()
    for move in range(0, 20_000 * jump, jump):
        record.append(move, state(move), led)
        assert room.used <= room.limit
    assert is_whole(record)
    assert all_used(record) <= room.used
    assert len(record) > 400
    assert gaps(record) < 3.0
    assert (record.first, record.last) == (0, 19_999 * jump)
    # The end is as far apart as the rest from the first, and what is left of blocks is joined.
    apart = np.diff(record.moves)
    assert apart[-30:-1].min() > apart.mean() / 2.5
    full = room.most_rows(record.blocks[0].key)
    assert len(record.blocks) < 4 + 2 * len(record) / full


def test_a_million_states_of_a_neuron() -> None:
    room = Room(16 * 1024**2)
    record, led = Record(room), way()
    values, memory, top = state(0).parameters, state(0).slots, 0
    for move in range(1_000_000):
        record.append(move, TrainingState(values, 1, move, move, 0, memory), led)
        top = max(top, room.used)
    assert top <= room.limit
    assert all_used(record) <= room.used
    assert 20_000 < len(record) < 70_000
    assert gaps(record) < 3.0
    assert (record.first, record.last) == (0, 999_999)
    found = record.nearest(500_000)
    assert found is not None
    assert found[1].step == found[0]


def test_thousands_of_states_of_a_large_network() -> None:
    room = Room(8 * 1024**2)
    record, led = Record(room), way(size=393)
    for move in range(5000):
        record.append(move, state(move, 393, 2), led)
        assert room.used <= room.limit
    assert is_whole(record)
    assert all_used(record) <= room.used
    assert len(record) > 400
    assert gaps(record) < 3.0


def test_a_network_of_which_hardly_a_state_fits() -> None:
    room = Room(1_000_000)
    record, led = Record(room), way(size=9000)
    for move in range(100):
        record.append(move, state(move, 9000, 1), led)
        assert room.used <= room.limit
    assert is_whole(record)
    assert len(record) >= 3
    assert (record.first, record.last) == (0, 99)


@pytest.mark.parametrize("led", [None, way(size=300)], ids=["by hand", "by steps"])
def test_where_not_even_two_fit_the_first_and_the_last_stay(led: Way | None) -> None:
    room = Room(1)
    record = Record(room)
    for move in range(200):
        record.append(move, state(move, 300, steps=0 if led is None else None), led)
    assert record.moves.tolist() == [0, 199]
    assert is_whole(record)


def test_paces_that_change() -> None:
    """Slowly at first, then at full speed: even along the moves, as far as there are states."""
    room = Room(300_000)
    moves = [*range(3000), *range(3000, 3_000_000, 1000)]
    record = filled(moves, room)
    assert is_whole(record)
    assert room.used <= room.limit
    assert gaps(record) < 4.0


def test_hands_and_changes_of_way_stay_while_there_is_room() -> None:
    room = Room(300_000)
    record = Record(room)
    led, steps, wanted = way(), 0, {0}
    for move in range(20_000):
        by_hand = move % 500 == 250
        if move % 700 == 0 and not by_hand:
            wanted.add(max(0, move - 1))
            led = way(0.1 + move)
        steps += not by_hand
        record.append(move, state(move, steps=steps), None if by_hand else led)
        if by_hand:
            wanted |= {move - 1, move}
    assert room.used <= room.limit
    assert is_whole(record)
    assert wanted <= set(record.moves.tolist())
    lost = sum(record.way_to(move) is None for move in range(20_000)) - len(record)
    assert lost == 0


def test_where_only_hands_are_left_they_are_thinned_as_well() -> None:
    room = Room(300_000)
    record = Record(room)
    for move in range(20_000):
        record.append(move, state(move, steps=0), None)
        assert room.used <= room.limit
    assert is_whole(record)
    assert len(record) > 200
    assert gaps(record) < 4.0
    assert all(record.way_to(move) is None for move in range(0, 20_000, 7))


def test_a_stretch_joined_of_several_ways_cannot_be_gone_again() -> None:
    """Every way of its own for two moves only: far too many to keep all their ends."""
    room = Room(100_000)
    record, made = Record(room), {}
    for move in range(20_000):
        made[move] = way(1.0 + move // 2)
        record.append(move, state(move), made[move])
        assert was_gone_that_way(record, made, move - 1)
    assert room.used <= room.limit
    assert is_whole(record)
    assert all(was_gone_that_way(record, made, move) for move in range(record.last))


def test_runs_side_by_side_end_up_alike() -> None:
    room, led = Room(300_000), way()
    small = filled(list(range(50)), room)
    records = [filled(list(range(4000)), room, led) for _ in range(4)]
    assert room.used <= room.limit
    assert len(small) == 50
    sizes = [len(record) for record in records]
    assert max(sizes) < 5 * min(sizes)
    for record in records[1:]:
        record.clear()
    records[0].clear()
    small.clear()
    assert room.used == 0


# -- cutting, branching, reopening ------------------------------------------------------------


@pytest.mark.parametrize("move", [0, 1, 500, 3000, 3999, 4000])
def test_cutting(move: int) -> None:
    room = Room(1_000_000)
    record = filled(list(range(4000)), room)
    before = record.moves.copy()
    record.cut(move)
    assert record.moves.tolist() == before[before < move].tolist()
    assert is_whole(record)
    assert room.used >= all_used(record)
    record.append(5000, state(5000), way())
    assert record.last == 5000
    record.clear()
    assert room.used == 0


def test_after_going_far_back_everything_is_kept_again() -> None:
    room = Room(100_000)
    record = filled(list(range(9000)), room)
    assert record.moves[1] > 10
    branch = record.branch(0)
    record.cut(1)
    for one in (record, branch):
        for move in range(1, 30):
            one.append(move, state(move), way())
        assert one.moves.tolist() == list(range(30))


def test_a_hand_records_its_one_mark_again_and_again() -> None:
    record = filled(list(range(3000)))
    for turn in range(100):
        record.cut(3000)
        record.append(3000, state(3000 + turn, steps=2999), None)
    assert len(record) == 3001
    found = record.nearest(3000)
    assert found is not None
    assert found[1].parameters[0] == 3099.0


def test_a_branch_shares_what_both_have_been_through() -> None:
    room = Room(4 * 1024**2)
    record = filled(list(range(9000)), room)
    used = room.used
    branch = record.branch(8000)
    assert branch.moves.tolist() == record.moves[:8001].tolist()
    assert any(one is other for one, other in zip(record.sealed, branch.sealed, strict=False))
    assert room.used - used < used / 5
    record.append(9000, state(9000), way())
    branch.append(8001, state(8001), way(0.5))
    assert is_whole(record)
    assert is_whole(branch)
    assert (record.last, branch.last) == (9000, 8001)
    record.clear()
    assert is_whole(branch)
    assert all_used(branch) <= room.used <= used
    assert len(record.branch(5)) == 0


def test_branches_are_thinned_together() -> None:
    room = Room(200_000)
    record = filled(list(range(600)), room)
    others = [record.branch(move) for move in (100, 300, 500)]
    for move in range(600, 8000):
        record.append(move, state(move), way())
    assert room.used <= room.limit
    assert all_used(record, *others) <= room.used
    for one, last in zip((record, *others), (7999, 100, 300, 500), strict=True):
        assert is_whole(one)
        assert (one.first, one.last) == (0, last)
        assert gaps(one) < 4.0
    for one in (record, *others):
        one.clear()
    assert room.used == 0


def test_a_branch_where_no_state_is_kept_goes_on_in_its_own_way() -> None:
    record, other = filled([0, 10, 20]), way(0.7)
    torn, mended = record.branch(15), record.branch(15)
    mended.put_in(15, state(15))
    for branch in (torn, mended):
        branch.append(30, state(30), other)
    assert torn.way_to(12) is torn.way_to(25) is None
    assert [mended.way_to(move) is not None for move in (12, 15, 25)] == [True, False, True]


def test_a_state_put_in_between() -> None:
    record = filled(list(range(0, 30_000, 10)))
    sealed = len(record.sealed)
    assert sealed > 1
    for move in (5, 29_985, 5, 10):
        record.put_in(move, state(move))
    record.put_in(15, state(15, steps=14))
    assert is_whole(record)
    assert len(record) == 3002
    found = record.way_to(7)
    assert found is not None
    assert (found[0].step, found[2]) == (5, 2)


def test_reopened_from_its_blocks() -> None:
    room = Room(300_000)
    record = filled(list(range(9000)), room)
    blocks = record.blocks
    apart = [
        one.led_by(tuple(None if led is None else way() for led in one.ways)) for one in blocks
    ]
    for found in (Record.of(blocks), Record.of(apart)):
        assert found.moves.tolist() == record.moves.tolist()
        assert is_whole(found)
        assert len({id(led) for block in found.blocks for led in block.ways if led}) == 1
    small = Record.of(blocks, Room(50_000))
    assert small.room.used <= small.room.limit
    assert is_whole(small)
    assert (small.first, small.last) == (0, 8999)
    assert len(Record.of(())) == 0


def test_blocks_do_not_change_as_the_record_goes_on() -> None:
    record = filled(list(range(5)))
    blocks = record.blocks
    record.cut(3)
    record.append(4, state(99, steps=4), way())
    assert blocks[0].values[:, 0, 0].tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_blocks_are_the_very_same_until_something_changes() -> None:
    record = filled(list(range(5)))
    blocks = record.blocks
    assert record.blocks[-1] is blocks[-1]
    record.append(5, state(5, steps=5), way())
    assert record.blocks[-1].moves.tolist() == [0, 1, 2, 3, 4, 5]
    record.cut(2)
    assert record.blocks[-1].moves.tolist() == [0, 1]
    record.put_in(7, state(7, steps=7))
    assert record.blocks[-1].moves.tolist() == [0, 1, 7]


def test_another_optimizer_begins_another_block() -> None:
    record = filled(list(range(5)))
    record.append(5, state(5, slots=2), way(0.3))
    record.append(6, state(6, slots=2), way(0.3))
    assert [block.key for block in record.blocks] == [("gradient-descent", 0, 2), ("adam", 2, 2)]
    found = record.before(6)
    assert found is not None
    assert found[1].same(state(6, slots=2))


# -- the past of some parameters --------------------------------------------------------------


def test_a_trace_is_what_the_states_say() -> None:
    record = filled(list(range(0, 3000, 3)))
    moves, values = record.trace((1, 0), 5000, 2997)
    assert moves.tolist() == list(range(0, 2997, 3))
    assert values.tolist() == [[move, move] for move in moves]
    moves, values = record.trace((0,), 100, 1500)
    assert len(moves) <= 100
    assert moves[0] == 0
    assert moves[-1] < 1500
    assert values[:, 0].tolist() == moves.tolist()
    assert len(set(np.diff(moves))) == 1


def test_a_trace_follows_all_that_happens() -> None:
    room = Room(200_000)
    record, led = Record(room), way()
    rng = np.random.default_rng(5)
    move = 0
    for turn in range(6000):
        record.append(move, state(move), led)
        move += int(rng.integers(1, 4))
        if turn % 500 == 499:
            move = int(rng.integers(move // 2, move))
            record.cut(move)
        if turn % 5 == 0:
            moves, values = record.trace((0,), 64, move)
            assert values[:, 0].tolist() == moves.tolist()
            assert set(moves) <= set(record.moves.tolist())
            assert min(32, len(record)) <= len(moves) <= 64


# -- against a plain list ---------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_it_tells_what_a_plain_list_tells(seed: int) -> None:
    """Whatever is kept is as it was; what is between is reached the way that was gone."""
    rng = np.random.default_rng(seed)
    room = Room(int(rng.choice([60_000, 200_000, 10_000_000])))
    sizes = (2, 40)
    ways = [way(0.1 * number, sizes[seed % 2]) for number in (1, 2, 3)]
    start: Plain = [(0, None, state(0, sizes[seed % 2]))]
    runs = [(Record(room), start)]
    runs[0][0].append(0, runs[0][1][0][2], None)
    for _ in range(2500):
        record, plain = runs[int(rng.integers(len(runs)))]
        act = rng.random()
        if act < 0.93:
            _gone_on(rng, record, plain, ways)
        elif act < 0.96:
            here = int(rng.integers(1, plain[-1][0] + 2))
            del plain[here:]
            found = plain[-1]
            record.put_in(found[0], found[2])
            record.cut(here)
        elif len(runs) < 6:
            here = int(rng.integers(0, plain[-1][0] + 1))
            branch = record.branch(here)
            branch.put_in(here, plain[here][2])
            runs.append((branch, plain[: here + 1]))
    for record, plain in runs:
        assert room.used <= room.limit
        _tells_the_same(record, plain)


def _gone_on(
    rng: np.random.Generator,
    record: Record,
    plain: Plain,
    ways: list[Way],
) -> None:
    """Several steps that are recorded as one stretch, or a move by hand; all of them in `plain`."""
    last = plain[-1][2]
    led = None if rng.random() < 0.1 else ways[int(rng.choice(3, p=[0.9, 0.05, 0.05]))]
    for _ in range(1 if led is None else int(rng.integers(1, 6))):
        move, steps = plain[-1][0] + 1, plain[-1][2].step + (led is not None)
        plain.append((move, led, state(move, last.parameters.size, steps=steps)))
    move, _, here = plain[-1]
    record.append(move, here, led)


def _tells_the_same(record: Record, plain: Plain) -> None:
    kept = record.moves.tolist()
    assert (kept[0], kept[-1]) == (0, plain[-1][0])
    for block in record.blocks:
        for row, move in enumerate(block.moves.tolist()):
            assert block.state(row).same(plain[move][2])
    for one, following in pairwise(kept):
        for move in range(one + 1, following):
            found = record.way_to(move)
            if found is not None:
                assert found[0].same(plain[one][2])
                assert found[2] == move - one
                assert all(plain[k][1] is found[1] for k in range(one + 1, following + 1))
            elif record.room.limit > 1_000_000:
                assert plain[move][1] is None
