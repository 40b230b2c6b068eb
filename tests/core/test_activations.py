"""Activations: values and slopes that are right everywhere, and planned forms equal to them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mixer_nn.core.activation_plans import ACTIVATION_PLANS
from mixer_nn.core.activations import ACTIVATIONS, LEAK, Activation
from mixer_nn.core.network import Network

Array = NDArray[np.float64]


HARD = np.array([[-1000.0, -40.0, -20.0, -1.0, -1e-9], [0.0, 1e-9, 1.0, 36.0, 1000.0]])
"""Where exponentials overflow, where differences cancel, and the kink."""


def sums() -> Array:
    return np.concatenate([np.random.default_rng(0).normal(scale=3.0, size=(2, 40)), HARD], axis=1)


def planned(activation: Activation, z: Array) -> tuple[Array, Array]:
    """What the planned calls write; the sums are overwritten where the activation allows it."""
    kept = z.copy()
    made = np.full(z.shape, np.nan) if activation.keeps_sums else kept
    slope = np.ones(z.shape)
    for call in ACTIVATION_PLANS[activation.key].value(kept, made):
        call()
    for call in ACTIVATION_PLANS[activation.key].slope(kept, made, slope):
        call()
    return made, slope


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_planned_values_and_slopes_are_the_readable_ones(key: str) -> None:
    activation, z = ACTIVATIONS[key], sums()
    made, slope = planned(activation, z)
    value = activation.value(z)
    np.testing.assert_allclose(made, value, rtol=4e-16, atol=4e-16)
    np.testing.assert_allclose(slope, activation.slope(z, value), rtol=4e-16, atol=4e-16)


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_planned_sums_apart_from_the_values_stay_as_they_are(key: str) -> None:
    activation, z = ACTIVATIONS[key], sums()
    kept, made, slope = z.copy(), np.full(z.shape, np.nan), np.ones(z.shape)
    for _ in range(2):  # a second time: nothing of the first may be left over
        for call in (
            *ACTIVATION_PLANS[activation.key].value(kept, made),
            *ACTIVATION_PLANS[activation.key].slope(kept, made, slope),
        ):
            call()
    assert kept.tobytes() == z.tobytes()
    np.testing.assert_allclose(made, activation.value(z), rtol=4e-16, atol=4e-16)
    np.testing.assert_allclose(slope, activation.slope(z, made), rtol=4e-16, atol=4e-16)


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_the_slope_is_the_slope_of_the_value(key: str) -> None:
    activation = ACTIVATIONS[key]
    z = np.linspace(-6.0, 6.0, 400)  # no point on a kink: 400 is even
    step = 1e-6
    rise = activation.value(z + step) - activation.value(z - step)
    np.testing.assert_allclose(
        activation.slope(z, activation.value(z)), rise / (2 * step), atol=1e-9
    )


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_no_sum_is_too_large(key: str) -> None:
    # A warning of NumPy's fails a test by itself.
    activation, z = ACTIVATIONS[key], np.array([-1e6, -1000.0, 1000.0, 1e6])
    value = activation.value(z)
    assert np.isfinite(value).all()
    assert np.isfinite(activation.slope(z, value)).all()
    assert np.isfinite(planned(activation, z[np.newaxis])).all()


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_a_number_that_is_none_stays_so(key: str) -> None:
    activation, z = ACTIVATIONS[key], np.array([[np.nan, 1.0]])
    with np.errstate(invalid="ignore"):  # as wherever parameters may have run away
        assert np.isnan(activation.value(z)).tolist() == [[True, False]]
        assert np.isnan(planned(activation, z)[0]).tolist() == [[True, False]]


def test_the_kinks_have_the_slope_of_below() -> None:
    zero = np.zeros((1, 1))
    for key, slope in (("relu", 0.0), ("leaky-relu", LEAK), ("elu", 1.0)):
        activation = ACTIVATIONS[key]
        assert activation.value(zero).tolist() == [[0.0]]
        assert activation.slope(zero, zero).tolist() == [[slope]]
        assert planned(activation, zero)[1].tolist() == [[slope]]


def test_values_are_those_of_the_textbook() -> None:
    z = np.array([-2.0, 0.0, 3.0])
    expected = {
        "linear": z,
        "relu": [0, 0, 3],
        "leaky-relu": [-0.02, 0, 3],
        "elu": [np.exp(-2) - 1, 0, 3],
        "gelu": [-2 * 0.022750131948179195, 0, 3 * 0.9986501019683699],
        "tanh": [-0.9640275800758169, 0, 0.9950547536867305],
        "sigmoid": [1 / (1 + np.exp(2)), 0.5, 1 / (1 + np.exp(-3))],
        "softplus": np.log(1 + np.exp(z)),
        "sine": np.sin(z),
    }
    assert expected.keys() == ACTIVATIONS.keys()
    for key, values in expected.items():
        np.testing.assert_allclose(ACTIVATIONS[key].value(z), values, rtol=1e-14, err_msg=key)


def pytorchs(torch: Any, key: str) -> Any:
    functional = torch.nn.functional
    table = {"linear": torch.nn.Identity(), "leaky-relu": functional.leaky_relu, "sine": torch.sin}
    return table.get(key) or getattr(functional, key, None) or getattr(torch, key)


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_values_and_slopes_are_pytorchs(key: str) -> None:
    torch = pytest.importorskip("torch")
    z = np.append(np.random.default_rng(1).normal(scale=4.0, size=200), [0.0, -19.0, 19.0])
    leaf = torch.tensor(z, requires_grad=True)
    value = pytorchs(torch, key)(leaf)
    value.sum().backward()
    activation = ACTIVATIONS[key]
    made = activation.value(z)
    np.testing.assert_allclose(made, value.detach().numpy(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(activation.slope(z, made), leaf.grad.numpy(), rtol=1e-10, atol=1e-15)


def test_above_20_pytorchs_softplus_is_the_straight_line_that_ours_comes_close_to() -> None:
    z = np.array([20.5, 30.0])
    np.testing.assert_allclose(ACTIVATIONS["softplus"].value(z), z, rtol=1e-9)


@pytest.mark.parametrize(
    ("key", "flat", "steep"),
    [
        ("tanh", [-4.0, 4.0], [-1.0, 0.0, 1.0]),
        ("sigmoid", [-6.0, 6.0], [-2.0, 0.0, 2.0]),
        ("relu", [-1.0, 0.0], [0.1, 5.0]),
        ("leaky-relu", [-1.0], [1.0]),
        ("elu", [-5.0], [-1.0, 1.0]),
        ("softplus", [-5.0], [0.0, 5.0]),
        ("linear", [], [-100.0, 100.0]),
    ],
)
def test_it_tells_where_it_is_flat(key: str, flat: list[float], steep: list[float]) -> None:
    activation = ACTIVATIONS[key]
    for z, expected in ((np.array(flat), True), (np.array(steep), False)):
        assert (activation.flat(z, activation.value(z)) == expected).all()


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_what_is_called_bounded_is_and_what_can_die_has_no_slope_below(key: str) -> None:
    activation, far = ACTIVATIONS[key], np.array([-500.0, 500.0])
    value = activation.value(far)
    assert activation.bounded == (key in ("tanh", "sigmoid"))
    if activation.bounded:
        assert np.abs(value).max() <= 1.0
        assert activation.flat(far, value).all()
    if activation.can_die:
        assert activation.slope(far, value)[0] == 0.0


def test_every_activation_has_a_title_and_a_formula_of_its_own() -> None:
    for names in ("key", "title", "formula"):
        assert len({getattr(a, names) for a in ACTIVATIONS.values()}) == len(ACTIVATIONS)
    assert len(ACTIVATIONS) == 9


@pytest.mark.parametrize("output", ACTIVATIONS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_a_network_uses_the_one_of_each_layer(hidden: str, output: str) -> None:
    network = Network((2, 3, 2), (hidden, output))
    rng = np.random.default_rng(2)
    vector, inputs = network.initial(rng), rng.normal(size=(4, 2))
    first, last = network.layers(vector)
    made = ACTIVATIONS[hidden].value(inputs @ first[:, :-1].T + first[:, -1])
    made = ACTIVATIONS[output].value(made @ last[:, :-1].T + last[:, -1])
    np.testing.assert_allclose(network.predict(vector, inputs), made, rtol=1e-13, atol=1e-15)
