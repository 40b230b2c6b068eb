"""The chosen parameter goes on being chosen, and marks on neurons go where the neurons go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from mixer_nn.core.rewire import with_hidden_sizes
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import network_on
from mixer_nn.ui.bench import Bench


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench(network_on(make("sine", seed=2, points=40), 2, (4,)))


def rewire(bench: Bench, *hidden: int) -> None:
    problem = bench.desk.mix.problem
    network = with_hidden_sizes(problem.network, hidden, "tanh")
    bench.desk.rewire(replace(problem, network=network), "another network")
    bench.desk.flush()


def chosen_id(bench: Bench) -> str:
    return bench.desk.mix.network.parameters[bench.selection.shown].id


@pytest.mark.parametrize(
    ("name", "hidden", "expected"),
    [
        ("layer1.neuron2.bias", (6,), "layer1.neuron2.bias"),
        ("layer2.neuron1.weight3", (6,), "layer2.neuron1.weight3"),
        ("layer2.neuron1.weight3", (4, 3), "layer3.neuron1.weight3"),
        ("layer2.neuron1.weight3", (4, 2), "layer1.neuron1.weight1"),
        ("layer1.neuron4.weight1", (2,), "layer1.neuron1.weight1"),
    ],
)
def test_the_chosen_parameter_stays_chosen_while_there_is_one(
    bench: Bench, name: str, hidden: tuple[int, ...], expected: str
) -> None:
    index = next(p.index for p in bench.desk.mix.network.parameters if p.id == name)
    value = float(bench.desk.mix.parameters[index])
    bench.selection.choose(index)
    rewire(bench, *hidden)
    assert chosen_id(bench) == expected
    if bench.selection.chosen is not None:
        assert bench.desk.mix.parameters[bench.selection.chosen] == value


def test_nothing_is_pointed_at_or_picked_in_another_network(bench: Bench) -> None:
    bench.selection.hover(11)
    bench.selection.pick(frozenset({1, 11}))
    rewire(bench, 2)
    assert bench.selection.hovered is None
    assert bench.selection.picked == frozenset()


def test_between_another_network_and_its_frame_no_place_outside_is_shown(bench: Bench) -> None:
    bench.selection.choose(12)
    problem = bench.desk.mix.problem
    bench.desk.rewire(
        replace(problem, network=with_hidden_sizes(problem.network, (1,), "tanh")), "smaller"
    )
    assert bench.selection.shown == 0


def test_other_rows_change_nothing_about_it(bench: Bench) -> None:
    bench.selection.choose(7)
    dataset = bench.desk.mix.dataset
    bench.desk.edit_data(replace(dataset, targets=dataset.targets + 1.0), "higher")
    bench.desk.flush()
    assert bench.selection.chosen == 7


# -- marks go with the neurons ----------------------------------------------------------------


def test_mute_and_solo_go_with_swapped_neurons_also_in_undo_and_redo(bench: Bench) -> None:
    desk, listening = bench.desk, bench.listening
    listening.mute(1, 2, True)
    listening.solo(1, 3, True)
    heard = bench.readings.predictions.copy()

    def marks() -> tuple[list[int], list[int]]:
        return (
            [n for n in range(1, 5) if listening.is_muted(1, n)],
            [n for n in range(1, 5) if listening.is_soloed(1, n)],
        )

    desk.swap(1, 2)
    assert marks() == ([3], [2])
    assert bench.readings.predictions == pytest.approx(heard)
    desk.swap(1, 3)
    assert marks() == ([4], [2])
    desk.undo()
    assert marks() == ([3], [2])
    desk.undo()
    assert marks() == ([2], [3])
    assert bench.readings.predictions == pytest.approx(heard)
    desk.redo()
    assert marks() == ([3], [2])


def test_other_steps_of_undo_move_no_mark(bench: Bench) -> None:
    bench.desk.swap(1, 1)
    bench.listening.mute(1, 1, True)
    bench.desk.turn(0, 0.5)
    bench.desk.undo()
    assert bench.listening.is_muted(1, 1)
    bench.desk.undo()
    assert bench.listening.is_muted(1, 2)


def test_both_marked_alike_is_no_change_to_tell_of(bench: Bench) -> None:
    for neuron in (1, 2):
        bench.listening.mute(1, neuron, True)
    told: list[int] = []
    bench.listening.changed.connect(lambda: told.append(1))
    bench.desk.swap(1, 1)
    assert not told
    assert bench.listening.is_muted(1, 1)
    assert bench.listening.is_muted(1, 2)
