"""Cues of a mix: carried along, converted with it, and trained on from as if never left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.errors import MixError
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.rewire import with_activation, with_hidden_sizes
from mixer_nn.core.segment import Segment
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import CUES, NO_RUN, Cue, Mix, Setup, network_on, neuron_on

SLOT = 2


def gone_on(mix: Mix, steps: int, setup: Setup) -> Mix:
    settings = setup.settings(mix.problem)
    segment = Segment(mix.problem.objective, settings, mix.state, ~mix.locked)
    segment.advance(steps=steps)
    return replace(mix.with_state(segment.state), moves=mix.moves + steps)


def cue_of(mix: Mix, name: str = "") -> Cue:
    held_out = mix.problem.held_out
    other = np.nan if held_out is None else held_out.value(mix.parameters)
    return Cue(mix, mix.problem.objective.value(mix.parameters), other, name)


def cued(mix: Mix) -> Mix:
    return mix.with_cue(SLOT, cue_of(mix, "here"))


def moons(hidden: tuple[int, ...] = (5, 3)) -> Mix:
    data = make("moons", seed=2, points=60).split(0.2, np.random.default_rng(0))
    return network_on(data, 4, hidden)


def test_a_cue_holds_no_cues_itself() -> None:
    mix = cued(cued(moons()))
    cue = mix.cues[SLOT]
    assert cue is not None
    assert cue.mix.cues == (None,) * len(CUES)
    with pytest.raises(ValueError, match="pads"):
        replace(mix, cues=())


def test_cues_are_carried_through_whatever_becomes_of_the_mix() -> None:
    mix = cued(moons())
    wider = with_hidden_sizes(mix.network, (7, 3), "tanh")
    for other in (
        mix.back_at_start(1),
        mix.newly_started(5, 1),
        mix.rewired(replace(mix.problem, network=wider), 1),
        mix.with_optimizer("adam"),
        mix.with_parameters(mix.parameters * 2),
        mix.with_state(mix.origin),
        moons().with_cues_of(mix),
    ):
        assert other.cues is mix.cues


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_training_on_from_a_cue_equals_the_original_continuation(optimizer: str) -> None:
    setup = Setup(0.01, 7, optimizer=optimizer, schedule="cosine", horizon=12.0)
    mix = gone_on(moons().with_optimizer(optimizer), 23, setup)
    assert mix.state.place == 14, "in the middle of an epoch"
    mix = cued(mix)
    here = gone_on(mix, 40, setup)
    back = gone_on(here, 11, setup).at_cue(SLOT, 6)
    assert (back.run, back.moves) == (6, 23)
    assert back.cues is mix.cues
    assert back.problem is mix.problem
    there = gone_on(back, 40, setup)
    assert there.state.same(here.state)
    assert not there.state.same(back.state)


def test_locks_and_scales_stay_as_they_are_now_where_the_network_does() -> None:
    mix = cued(moons())
    locked = np.arange(mix.locked.size) % 3 == 0
    now = replace(mix, locked=locked, scales=mix.scales * 8).with_parameters(mix.parameters + 1)
    back = now.at_cue(SLOT, 1)
    assert back.locked.tolist() == locked.tolist()
    assert back.scales.tolist() == now.scales.tolist()
    assert back.state is mix.state


def test_a_cue_of_another_network_brings_it_back_with_its_own_locks() -> None:
    mix = cued(replace(moons(), locked=np.arange(moons().locked.size) == 1))
    wider = mix.rewired(
        replace(mix.problem, network=with_hidden_sizes(mix.network, (7, 3), "tanh")), 1
    )
    bent = replace(
        wider, problem=replace(wider.problem, network=with_activation(wider.network, 1, "relu"))
    )
    back = bent.at_cue(SLOT, 2)
    assert back.network == mix.network
    assert back.locked.tolist() == mix.locked.tolist()
    assert back.state.same(mix.state)


def test_a_cue_is_taken_up_on_the_present_rows() -> None:
    setup = Setup(0.1, 7)
    mix = cued(gone_on(moons(), 5, setup))
    fewer = make("moons", seed=8, points=20)
    now = replace(
        mix, problem=replace(mix.problem, dataset=fewer), state=replace(mix.state, place=0)
    )
    back = now.at_cue(SLOT, 1)
    assert back.dataset is fewer
    assert back.problem is now.problem
    assert (mix.state.place, back.state.place) == (35, 19)
    assert back.parameters is mix.parameters


def test_what_cannot_be_taken_up_gets_one_sentence() -> None:
    mix = cued(moons())
    with pytest.raises(MixError, match=r"^Cue A is empty; .*\.$"):
        mix.at_cue(0, 1)
    other = neuron_on(load_shipped("cars"), 1).with_cues_of(mix)
    with pytest.raises(MixError, match=r"^Cue C .* does not fit .*\.$"):
        other.at_cue(SLOT, 1)


# -- scaling --------------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", [(), (4,)])
@pytest.mark.parametrize("scaled", [False, True])
def test_scaling_converts_cues_so_that_they_predict_the_same(
    hidden: tuple[int, ...], scaled: bool
) -> None:
    data = load_shipped("cars").split(0.2, np.random.default_rng(3))
    first = network_on(data, 1, hidden, scaled=scaled)
    mix = cued(gone_on(first, 9, Setup(1e-4, 7)))
    wanted = mix.problem.predict(mix.parameters, data.inputs)
    began = mix.problem.predict(mix.initial, data.inputs)
    now = gone_on(mix, 20, Setup(1e-4, 7)).rescaled(not scaled, 4)

    cue = now.cues[SLOT]
    assert cue is not None
    assert (cue.mix.run, cue.name) == (NO_RUN, "here")
    back = now.at_cue(SLOT, 5)
    assert back.problem is now.problem
    np.testing.assert_allclose(back.problem.predict(back.parameters, data.inputs), wanted)
    np.testing.assert_allclose(back.problem.predict(back.initial, data.inputs), began)
    assert cue.loss == now.problem.objective.value(back.parameters)
    assert now.problem.held_out is not None
    assert cue.held_out == now.problem.held_out.value(back.parameters)

    again = now.rescaled(scaled, 6).at_cue(SLOT, 7)
    np.testing.assert_allclose(again.parameters, mix.parameters, rtol=1e-9)


def test_scaling_converts_a_cue_of_another_network_by_its_own_layers() -> None:
    small = cued(network_on(load_shipped("cars"), 1, (3,)))
    inputs = small.dataset.inputs
    wanted = small.problem.predict(small.parameters, inputs)
    wider = with_hidden_sizes(small.network, (6, 2), "tanh")
    large = small.rewired(replace(small.problem, network=wider), 1)
    back = large.rescaled(not large.problem.scaled, 2).at_cue(SLOT, 3)
    assert back.network == small.network
    np.testing.assert_allclose(back.problem.predict(back.parameters, inputs), wanted)


def test_a_cue_of_other_columns_is_converted_in_the_units_of_its_own_data() -> None:
    flowers = load_shipped("iris-petal-width")
    iris = cued(neuron_on(flowers, 1, scaled=True))
    wanted = iris.problem.predict(iris.parameters, iris.dataset.inputs)
    cars = neuron_on(load_shipped("cars"), 1, scaled=True).with_cues_of(iris).rescaled(False, 2)
    # Back on the flowers it still predicts what it did.
    back = neuron_on(flowers, 1, scaled=False).with_cues_of(cars).at_cue(SLOT, 3)
    assert not back.problem.scaled
    np.testing.assert_allclose(back.problem.predict(back.parameters, flowers.inputs), wanted)


def test_a_cue_that_has_the_scaling_already_stays_as_it_is() -> None:
    cars = load_shipped("cars")
    scaled = cued(neuron_on(cars, 1, scaled=True))
    plain = neuron_on(cars, 1, scaled=False).with_cues_of(scaled)
    assert plain.rescaled(True, 1).cues == scaled.cues


def test_a_cue_too_far_out_to_be_converted_is_named() -> None:
    mix = neuron_on(load_shipped("cars"), 1, scaled=True)
    far = mix.with_parameters(np.array([1.7e308, 1.0]))
    with pytest.raises(MixError, match=r"^Scaling cannot be switched, since cue C .*\.$"):
        mix.with_cue(SLOT, cue_of(far)).rescaled(False, 1)
