"""What each neuron adds to the curve, stacked from the bias up to the curve itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mixer_nn.data.synthetic import make
from mixer_nn.ui.monitors.fit_line import LinePicture
from mixer_nn.ui.monitors.fit_monitor import FitMonitor


def line(monitor: FitMonitor) -> LinePicture:
    assert isinstance(monitor.picture, LinePicture)
    return monitor.picture


@pytest.mark.parametrize("scaled", [False, True])
def test_the_parts_begin_at_the_bias_and_end_on_the_curve(
    make_rig: Any, show: Any, scaled: bool
) -> None:
    rig = make_rig(make("noisy-line", seed=7), 4, 3)
    rig.desk.set_scaled(scaled)
    monitor = rig.fit()
    show(monitor)
    monitor.parts.click()
    rig.turn(0, 1.5)

    parts, (x, y) = line(monitor).parts, line(monitor).curve.getData()
    mix = rig.desk.mix
    scaling = mix.problem.scaling
    bias = mix.parameters[-1] * scaling.target_scale[0] + scaling.target_mean[0]
    assert parts.stack.shape == (4, len(x))
    np.testing.assert_allclose(parts.stack[0], bias)
    np.testing.assert_allclose(parts.stack[-1], y, rtol=1e-4, atol=1e-4)


def test_each_step_of_the_stack_is_weight_times_activation(make_rig: Any, show: Any) -> None:
    rig = make_rig(make("noisy-line", seed=7), 3)
    monitor = rig.fit()
    show(monitor)
    monitor.parts.click()

    parts, mix = line(monitor).parts, rig.desk.mix
    _, (_, hidden, _) = mix.network.forward(mix.parameters, parts.across[:, np.newaxis])
    weights = mix.network.layers(mix.parameters)[-1][0, :-1]
    np.testing.assert_allclose(
        np.diff(parts.stack, axis=0).T, weights * hidden, rtol=1e-3, atol=1e-5
    )
    assert [entry.text for entry in monitor.legend.entries][:3] == [
        "model",
        "a neuron adds",
        "takes off",
    ]

    monitor.parts.click()
    assert not line(monitor).parts.stack.size


def test_the_mouse_says_what_each_neuron_adds(make_rig: Any, show: Any) -> None:
    rig = make_rig(make("noisy-line", seed=7), 2)
    monitor = rig.fit()
    show(monitor)
    monitor.parts.click()
    (_, right), (_, top) = monitor.plot.ranges

    rig.at(monitor.plot, 0.97 * right, top - 0.1)

    said = monitor.read_out.full_text
    assert ", n1 " in said
    assert ", n2 " in said


def test_one_neuron_has_no_parts_to_show(rig: Any, show: Any) -> None:
    monitor = rig.fit()
    show(monitor)

    assert not monitor.parts.isVisible()


def test_parts_beyond_all_numbers_are_left_out(make_rig: Any, show: Any) -> None:
    rig = make_rig(make("noisy-line", seed=7), 2)
    monitor = rig.fit()
    show(monitor)
    monitor.parts.click()

    rig.turn(rig.desk.mix.parameters.size - 2, 1.7e308)

    assert np.isfinite(line(monitor).parts.stack).all()
    monitor.grab()


def test_a_muted_neuron_adds_nothing_and_the_curve_is_what_is_left(
    make_rig: Any, show: Any
) -> None:
    rig = make_rig(make("noisy-line", seed=7), 3)
    monitor = rig.fit()
    show(monitor)
    monitor.parts.click()
    before = np.diff(line(monitor).parts.stack, axis=0)

    rig.listening.mute(1, 2, True)

    after = np.diff(line(monitor).parts.stack, axis=0)
    np.testing.assert_array_equal(after[1], 0.0)
    np.testing.assert_allclose(after[[0, 2]], before[[0, 2]], atol=1e-6)
    np.testing.assert_allclose(
        line(monitor).curve.getData()[1], line(monitor).parts.stack[-1], atol=1e-4
    )
    assert "muted" in monitor.note.text()

    rig.listening.hear_all()
    assert not monitor.note.isVisible()
