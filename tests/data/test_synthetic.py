"""Made-up data: seeded, centred, and as noisy as asked."""

import numpy as np
import pytest

from mixer_nn.core.errors import MixError
from mixer_nn.data.synthetic import HEIGHT, SLOPE, SYNTHETIC, make, remake

LINES = ["line", "noisy-line", "outliers"]


@pytest.mark.parametrize("key", SYNTHETIC)
def test_the_same_seed_gives_the_same_bits_and_another_seed_others(key: str) -> None:
    first, again, other = (make(key, seed=s, noise=0.5) for s in (7, 7, 8))
    assert first.inputs.tobytes() == again.inputs.tobytes()
    assert first.targets.tobytes() == again.targets.tobytes()
    assert not np.array_equal(first.targets, other.targets)


@pytest.mark.parametrize("key", SYNTHETIC)
def test_a_recipe_makes_the_set_again(key: str) -> None:
    first = make(key, seed=3, noise=0.2, points=17)
    again = remake(first.recipe)
    assert again.recipe == first.recipe
    assert again.targets.tobytes() == first.targets.tobytes()
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


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ({"key": "spiral"}, "spiral"),
        ({"noise": -0.1}, "-0.1"),
        ({"noise": float("nan")}, "nan"),
        ({"noise": float("inf")}, "inf"),
        ({"points": 1}, "between 2 and 10,000"),
        ({"points": 10_001}, "10,001"),
        ({"seed": -1}, "seed"),
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
    ],
)
def test_a_damaged_recipe_is_refused(recipe: tuple[tuple[str, str | int | float], ...]) -> None:
    with pytest.raises(MixError):
        remake(recipe)
