"""Made-up data: seeded, centred, as noisy as asked, and of as many classes."""

from collections.abc import Callable

import numpy as np
import pytest

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.core.metrics import accuracy, r_squared
from mixer_nn.core.scaling import worth_scaling
from mixer_nn.core.segment import Limits, Segment
from mixer_nn.data.synthetic import HEIGHT, SLOPE, SYNTHETIC, make, remake
from mixer_nn.session.mix import Mix, Setup, network_on

LINES = ["line", "noisy-line", "outliers"]


@pytest.mark.parametrize("key", SYNTHETIC)
def test_the_same_seed_gives_the_same_bits_and_another_seed_others(key: str) -> None:
    first, again, other = (make(key, seed=s, noise=0.5) for s in (7, 7, 8))
    assert first.inputs.tobytes() == again.inputs.tobytes()
    assert first.targets.tobytes() == again.targets.tobytes()
    assert first.recipe != other.recipe
    varies = first.inputs if first.classes else first.targets
    assert not np.array_equal(varies, other.inputs if other.classes else other.targets)


@pytest.mark.parametrize("key", SYNTHETIC)
def test_a_recipe_makes_the_set_again(key: str) -> None:
    first = make(key, seed=3, noise=0.2, points=17)
    again = remake(first.recipe)
    assert again.recipe == first.recipe
    assert again.inputs.tobytes() == first.inputs.tobytes()
    assert again.targets.tobytes() == first.targets.tobytes()
    assert again.classes == first.classes
    assert first.rows == 17


@pytest.mark.parametrize("key", LINES)
@pytest.mark.parametrize("points", [2, 3, 10, 40, 41, 10_000])
def test_the_learning_rate_limit_of_a_line_is_exactly_one(key: str, points: int) -> None:
    x = make(key, seed=1, points=points).inputs[:, 0]
    np.testing.assert_array_equal(x, -x[::-1])
    assert x.var() <= 0.95 + 1e-12
    rows = np.column_stack([x, np.ones_like(x)])
    hessian = 2 * rows.T @ rows / points
    assert np.linalg.eigvalsh(hessian)[-1] == pytest.approx(2.0, abs=1e-12)


def test_the_exact_line_lies_on_the_line_and_its_answer_is_outside_the_start_weights() -> None:
    data = make("line", seed=1)
    np.testing.assert_allclose(data.targets, SLOPE * data.inputs + HEIGHT)
    assert SLOPE > 1.5
    assert data.rows == 40


def test_noise_has_the_asked_level_and_only_scales_with_it() -> None:
    loud = make("noisy-line", seed=5, noise=2.0, points=10_000)
    soft = make("noisy-line", seed=5, noise=1.0, points=10_000)
    misses = soft.targets - SLOPE * soft.inputs - HEIGHT
    assert misses.std() == pytest.approx(1.0, rel=0.03)
    np.testing.assert_allclose(loud.targets - soft.targets, misses, atol=1e-12)


def test_a_few_outliers_lie_far_off_and_the_rest_do_not() -> None:
    data = make("outliers", seed=2)
    far = np.abs(data.targets - SLOPE * data.inputs - HEIGHT) > 3
    assert far.sum() == 4


def test_the_plane_has_two_inputs_that_do_not_follow_each_other() -> None:
    data = make("plane", seed=2, points=2000, noise=0.0)
    assert data.inputs.shape == (2000, 2)
    first, second = data.inputs.T
    assert abs(np.mean(first * second)) < 0.1
    rows = np.column_stack([data.inputs, np.ones(2000)])
    assert np.linalg.lstsq(rows, data.targets, rcond=None)[1] == pytest.approx(0, abs=1e-20)


CURVES: dict[str, Callable[[FloatArray], FloatArray]] = {
    "sine": lambda x: np.sin(2 * x),
    "absolute": np.abs,
    "step": lambda x: np.sign(x) + (x == 0),
    "cubic": lambda x: x**3 - 2 * x,
    "x-sine": lambda x: x * np.sin(x),
}


@pytest.mark.parametrize("key", CURVES)
def test_a_curve_without_noise_is_its_formula_on_even_steps(key: str) -> None:
    data = make(key, seed=1, noise=0.0)
    x = data.inputs[:, 0]
    np.testing.assert_array_equal(x, -x[::-1])
    np.testing.assert_allclose(np.diff(x), x[1] - x[0])
    np.testing.assert_allclose(data.targets[:, 0], CURVES[key](x), atol=1e-12)


def test_the_hills_are_two_with_a_valley_between() -> None:
    data = make("hills", seed=1, noise=0.0, points=10_000)
    left, right = data.inputs[:, 0] < 0.0, data.inputs[:, 0] > 0.0
    tops = [data.inputs[side][data.targets[side, 0].argmax()] for side in (left, right)]
    middle = np.abs(data.inputs - np.mean(tops, axis=0)).max(axis=1) < 0.1
    assert np.linalg.norm(tops[0] - tops[1]) > 2.0
    heights = [data.targets[side, 0].max() for side in (left, right)]
    assert data.targets[middle, 0].max() < 0.6 * min(heights)


CLASSES = [key for key, kind in SYNTHETIC.items() if kind.class_counts]


@pytest.mark.parametrize("key", CLASSES)
def test_classes_are_named_and_as_many_as_each_other(key: str) -> None:
    data = make(key, seed=4)
    assert data.rows == 250
    assert data.classes == ("A", "B", "C", "D")[: len(data.classes)]
    assert np.ptp(np.bincount(data.labels)) <= 1
    assert len(np.unique(make(key, seed=4, points=4).labels)) == len(data.classes)


@pytest.mark.parametrize("key", CLASSES)
def test_points_of_classes_lie_around_0_where_a_network_needs_no_scaling(key: str) -> None:
    data = make(key, seed=4, points=2000)
    assert np.abs(data.inputs.mean(axis=0)).max() < 0.2
    assert np.abs(data.inputs).max() < 4.0
    assert not worth_scaling(data)


@pytest.mark.parametrize("key", CLASSES)
def test_noise_moves_the_points_of_classes_and_only_scales(key: str) -> None:
    still, soft, loud = (make(key, seed=5, noise=noise, points=4000) for noise in (0, 0.1, 0.3))
    moved = soft.inputs - still.inputs
    assert moved.std() == pytest.approx(0.1, rel=0.05)
    np.testing.assert_allclose(loud.inputs - still.inputs, 3 * moved, atol=1e-12)
    np.testing.assert_array_equal(loud.targets, still.targets)


@pytest.mark.parametrize("count", [3, 4, 5])
def test_blobs_have_as_many_classes_as_asked_and_their_recipe_says_so(count: int) -> None:
    data = make("blobs", seed=2, classes=count)
    assert len(data.classes) == data.targets.shape[1] == len(data.target_columns) == count
    assert dict(data.recipe)["classes"] == count
    again = remake(data.recipe)
    assert again.inputs.tobytes() == data.inputs.tobytes()
    middles = np.array([data.inputs[data.labels == label].mean(axis=0) for label in range(count)])
    apart = np.linalg.norm(middles[:, np.newaxis] - middles, axis=2) + 9 * np.eye(count)
    assert apart.min() > 1.4


def test_a_straight_line_tells_gaussians_apart_and_fails_at_the_others() -> None:
    shares = {}
    for key in ("gaussians", "circle", "xor", "spiral"):
        data = make(key, seed=1, points=2000)
        rows = np.column_stack([data.inputs, np.ones(data.rows)])
        best = np.linalg.lstsq(rows, data.targets[:, 0], rcond=None)[0]
        shares[key] = np.mean((rows @ best > 0.5) == (data.labels == 1))
    assert shares.pop("gaussians") > 0.95
    assert max(shares.values()) < 0.75


def trained(data: Dataset, hidden: tuple[int, ...], epochs: int) -> Mix:
    """A tanh network after Adam on batches of ten."""
    mix = network_on(data, 3, hidden).with_optimizer("adam")
    settings = Setup(batch_size=10, optimizer="adam").settings(mix.problem)
    segment = Segment(mix.problem.objective, settings, mix.state, limits=Limits(epochs=epochs))
    segment.advance()
    return mix.with_state(segment.best)


@pytest.mark.parametrize("key", [key for key in SYNTHETIC if key != "outliers"])
def test_a_network_of_two_layers_learns_every_one_without_scaling(key: str) -> None:
    data = make(key, seed=3)
    mix = trained(data, (8, 8), 200)
    assert not mix.problem.scaled
    outputs = mix.problem.predict(mix.parameters, data.inputs)
    found = accuracy(outputs, data.targets, data.kind) or r_squared(outputs, data.targets)
    assert found is not None
    assert found > 0.9


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ({"key": "swirl"}, "spiral, moons, blobs"),
        ({"noise": -0.1}, "-0.1"),
        ({"noise": float("nan")}, "nan"),
        ({"noise": float("inf")}, "inf"),
        ({"points": 1}, "between 2 and 10,000"),
        ({"points": 10_001}, "10,001"),
        ({"seed": -1}, "seed"),
        ({"classes": 2}, "has no classes"),
        ({"key": "xor", "classes": 3}, "always has 2 classes"),
        ({"key": "blobs", "classes": 6}, "3 to 5 classes"),
        ({"key": "blobs", "classes": 2}, "3 to 5 classes"),
    ],
)
def test_impossible_settings_get_one_sentence(settings: dict[str, object], part: str) -> None:
    given = {"key": "line", "seed": 1, **settings}
    with pytest.raises(MixError) as caught:
        make(**given)  # type: ignore[arg-type]
    message = str(caught.value)
    assert part in message
    assert message.endswith(".")
    assert "\n" not in message


@pytest.mark.parametrize(
    "recipe",
    [
        (),
        (("name", "line"),),
        (("name", "line"), ("seed", "x"), ("noise", 0.0), ("points", 9)),
        (("name", "line"), ("seed", 1), ("noise", 0.0), ("points", 9.5)),
        (("name", "gone"), ("seed", 1), ("noise", 0.0), ("points", 9)),
        (("name", "blobs"), ("seed", 1), ("noise", 0.0), ("points", 9), ("classes", 3.5)),
        (("name", "line"), ("seed", 1), ("noise", 0.0), ("points", 9), ("classes", 3)),
    ],
)
def test_a_damaged_recipe_is_refused(recipe: tuple[tuple[str, str | int | float], ...]) -> None:
    with pytest.raises(MixError):
        remake(recipe)
