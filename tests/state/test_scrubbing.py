"""A hand on the record: how far a turn goes, and what happens where it lets go."""

from __future__ import annotations

import pytest

from mixer_nn.core.training import TrainingState
from mixer_nn.state.scrubbing import LEAST_A_TURN, LEAST_STRIDE
from mixer_nn.ui.bench import Bench
from tests.state.conftest import MakeBench


def states_of(bench: Bench, count: int) -> list[TrainingState]:
    """Every state of a run of single steps, from its beginning on."""
    states = [bench.desk.mix.state]
    for _ in range(count):
        bench.automix.step(1)
        bench.clock.tick(16.0)
        states.append(bench.desk.mix.state)
    return states


def plays(bench: Bench) -> bool:
    return bench.automix.playing


def frames(bench: Bench, count: int = 1) -> None:
    for _ in range(count):
        bench.clock.tick(16.0)


# -- how far ----------------------------------------------------------------------------------


def test_a_turn_of_a_short_record_goes_through_as_many_moves_as_a_hand_can_tell_apart(
    bench: Bench,
) -> None:
    states = states_of(bench, 20)
    scrubbing = bench.scrubbing
    scrubbing.press()
    scrubbing.turn(-0.5)
    frames(bench)
    assert bench.desk.place == 20 - LEAST_A_TURN // 2
    assert bench.desk.mix.state.same(states[12])
    scrubbing.turn(0.25)
    assert bench.desk.place == 16
    scrubbing.release()


def test_small_turns_add_up_and_come_back_to_the_same_place(bench: Bench) -> None:
    states_of(bench, 20)
    scrubbing = bench.scrubbing
    scrubbing.press()
    for _ in range(100):
        scrubbing.turn(-0.0025)
    assert bench.desk.place == 16
    for _ in range(50):
        scrubbing.turn(0.0025)
    assert bench.desk.place == 18


def test_a_long_record_is_gone_through_in_ten_turns_and_single_moves_are_still_found(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(tolerance=0.0)
    bench.automix.step(3000)
    scrubbing = bench.scrubbing
    assert bench.desk.history.last == 3000
    scrubbing.press()
    assert scrubbing.turn_length == 300.0
    scrubbing.turn(-5.0)
    assert bench.desk.place == 1500
    scrubbing.turn(-0.01)
    assert bench.desk.place == 1497
    scrubbing.step(-1)
    assert bench.desk.place == 1496
    bench.desk.refine()
    assert bench.desk.mix.moves == 1496
    scrubbing.stride(1)
    assert bench.desk.place == 1526


def test_strides_of_a_short_record_are_ten_moves(bench: Bench) -> None:
    states_of(bench, 30)
    bench.scrubbing.stride(-1)
    assert bench.desk.place == 30 - LEAST_STRIDE


def test_the_record_ends_at_its_ends_and_nothing_has_to_be_paid_back(bench: Bench) -> None:
    states_of(bench, 20)
    scrubbing = bench.scrubbing
    scrubbing.press()
    scrubbing.turn(-40.0)
    assert bench.desk.place == scrubbing.place == 0
    scrubbing.turn(1.0 / LEAST_A_TURN)
    assert bench.desk.place == 1
    scrubbing.turn(40.0)
    assert bench.desk.place == 20
    assert not bench.desk.is_visiting


@pytest.mark.parametrize(("share", "move"), [(0.0, 0), (0.5, 10), (0.26, 5), (1.0, 20)])
def test_the_arm_is_put_down_at_a_share_of_the_way(bench: Bench, share: float, move: int) -> None:
    states_of(bench, 20)
    bench.scrubbing.put(share)
    assert bench.desk.place == move


def test_an_empty_record_has_nowhere_to_go(bench: Bench) -> None:
    before = bench.desk.mix
    bench.scrubbing.press()
    bench.scrubbing.turn(-1.0)
    bench.scrubbing.put(0.3)
    bench.scrubbing.step(-5)
    bench.scrubbing.release()
    assert bench.desk.mix is before
    assert not bench.desk.is_visiting


# -- letting go -------------------------------------------------------------------------------


def test_looking_back_is_no_step_of_undo_and_makes_no_run(bench: Bench) -> None:
    states_of(bench, 20)
    head, undos = bench.desk.mix, bench.desk.undo_stack.count
    scrubbing = bench.scrubbing
    scrubbing.press()
    scrubbing.turn(-1.0)
    scrubbing.release()
    frames(bench, 30)
    assert bench.desk.is_visiting
    assert bench.desk.head is head
    assert bench.desk.undo_stack.count == undos
    assert len(bench.desk.history.runs) == 1
    scrubbing.back_to_now()
    assert bench.desk.mix is head


def test_a_hand_stops_auto_mix_and_lets_it_go_on_in_a_branch_where_it_let_go(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(tempo=60.0)
    bench.automix.play()
    frames(bench, 40)
    head = bench.desk.mix
    scrubbing = bench.scrubbing
    scrubbing.press()
    assert not plays(bench)
    scrubbing.turn(-1.0)
    frames(bench, 10)
    place = bench.desk.place
    assert place == head.moves - LEAST_A_TURN
    assert bench.desk.mix.moves == place
    scrubbing.release()
    assert plays(bench)
    frames(bench, 5)
    assert bench.desk.mix.run != head.run
    assert place < bench.desk.mix.moves < head.moves
    old = bench.desk.history.run(head.run)
    assert old is not None
    assert old.head is not None
    assert old.head.moves == head.moves
    bench.automix.pause()
    branch = bench.desk.mix
    while bench.desk.mix.run != head.run:
        bench.desk.undo()
    assert bench.desk.mix.state.same(head.state)
    while bench.desk.undo_stack.can_redo:
        bench.desk.redo()
    assert bench.desk.mix.state.same(branch.state)


def test_where_the_hand_comes_back_to_the_end_nothing_has_happened(make_bench: MakeBench) -> None:
    bench = make_bench(tempo=60.0)
    bench.automix.play()
    frames(bench, 40)
    run, step = bench.desk.mix.run, bench.desk.mix.state.step
    scrubbing = bench.scrubbing
    scrubbing.press()
    scrubbing.turn(-0.5)
    scrubbing.turn(3.0)
    scrubbing.release()
    frames(bench, 10)
    assert plays(bench)
    assert bench.desk.mix.run == run
    assert bench.desk.mix.state.step > step
    assert len(bench.desk.history.runs) == 1


def test_a_paused_auto_mix_stays_paused(bench: Bench) -> None:
    states_of(bench, 20)
    bench.scrubbing.press()
    bench.scrubbing.turn(-0.5)
    bench.scrubbing.release()
    assert not plays(bench)


def test_what_is_put_on_the_desk_meanwhile_is_not_trained_by_letting_go(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(tempo=60.0)
    bench.automix.play()
    frames(bench, 20)
    bench.scrubbing.press()
    bench.scrubbing.turn(-0.5)
    bench.desk.back_to_start()
    start = bench.desk.mix
    bench.scrubbing.release()
    frames(bench, 5)
    assert not plays(bench)
    assert bench.desk.mix is start


# -- keys -------------------------------------------------------------------------------------


def test_a_step_back_while_it_plays_stops_it(make_bench: MakeBench) -> None:
    bench = make_bench(tempo=60.0)
    bench.automix.play()
    frames(bench, 20)
    last = bench.desk.mix.moves
    bench.scrubbing.step_back()
    assert not plays(bench)
    assert bench.desk.place == last - 1
    bench.scrubbing.step_forward()
    assert not bench.desk.is_visiting


def test_only_at_the_end_of_the_record_a_step_on_says_so(bench: Bench) -> None:
    said: list[int] = []
    bench.scrubbing.at_end.connect(Count(said))
    states_of(bench, 3)
    bench.scrubbing.step_back()
    bench.scrubbing.step_forward()
    assert said == []
    bench.scrubbing.step_forward()
    assert said == [1]
    assert bench.desk.mix.moves == 3


class Count:
    def __init__(self, into: list[int]) -> None:
        self.into = into

    def __call__(self) -> None:
        self.into.append(1)
