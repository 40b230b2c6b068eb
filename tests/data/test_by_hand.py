"""Points set, moved and taken away by hand."""

import numpy as np
import pytest

from mixer_nn.core.dataset import Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.data.by_hand import moved_point, with_point, without_point
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.synthetic import make


def held(dataset: Dataset) -> Dataset:
    return dataset.split(0.25, np.random.default_rng(0))


def test_a_point_more_is_the_last_row_and_trained_on() -> None:
    before = held(make("sine", seed=1))
    after = with_point(before, [0.5], -2.0)
    assert after.inputs[-1].tolist() == [0.5]
    assert after.targets[-1].tolist() == [-2.0]
    assert after.rows == before.rows + 1 == 81
    np.testing.assert_array_equal(after.inputs[:-1], before.inputs)
    np.testing.assert_array_equal(after.held_out, [*before.held_out, False])


def test_a_point_of_a_class_gets_the_target_of_that_class() -> None:
    two, four = make("xor", seed=1), make("blobs", seed=1)
    assert with_point(two, [1.0, 1.0], 1).targets[-1].tolist() == [1.0]
    assert with_point(two, [1.0, 1.0], 0).labels[-1] == 0
    assert with_point(four, [0.0, 0.0], 2).targets[-1].tolist() == [0.0, 0.0, 1.0, 0.0]


def test_moving_a_point_moves_that_row_alone_and_may_change_its_class() -> None:
    before = held(make("moons", seed=1))
    after = moved_point(before, 4, [0.25, -0.5], 1)
    assert after.inputs[4].tolist() == [0.25, -0.5]
    assert (before.labels[4], after.labels[4]) == (0, 1)
    others = np.arange(before.rows) != 4
    np.testing.assert_array_equal(after.inputs[others], before.inputs[others])
    np.testing.assert_array_equal(after.targets[others], before.targets[others])
    np.testing.assert_array_equal(after.held_out, before.held_out)


def test_a_point_less_leaves_all_others_in_their_order() -> None:
    before = held(make("circle", seed=1))
    after = without_point(before, 7)
    others = np.arange(before.rows) != 7
    np.testing.assert_array_equal(after.inputs, before.inputs[others])
    np.testing.assert_array_equal(after.labels, before.labels[others])
    np.testing.assert_array_equal(after.held_out, before.held_out[others])


def test_what_was_edited_says_so_once_and_cannot_be_made_again() -> None:
    made = make("circle", seed=1)
    once = with_point(made, [0.0, 0.0], 0)
    again = without_point(moved_point(once, 3, [1.0, 1.0], 1), 0)
    for edited in (once, again):
        assert edited.name == "Circle (edited)"
        assert edited.source == f"{made.source} Edited by hand."
        assert edited.recipe == ()
        assert edited.classes == ("A", "B")
        assert edited.input_columns == made.input_columns


def test_editing_leaves_the_old_data_as_they_were() -> None:
    made = make("circle", seed=1)
    before = made.inputs.tobytes(), made.targets.tobytes(), made.name, made.recipe
    with_point(made, [0.0, 0.0], 0)
    moved_point(made, 0, [0.0, 0.0], 1)
    without_point(made, 0)
    assert (made.inputs.tobytes(), made.targets.tobytes(), made.name, made.recipe) == before


def test_back_and_forth_is_the_same_to_the_bit() -> None:
    made = held(load_shipped("iris"))
    back = without_point(with_point(made, [1.0, 2.0, 3.0, 4.0], 2), made.rows)
    assert back.inputs.tobytes() == made.inputs.tobytes()
    assert back.targets.tobytes() == made.targets.tobytes()
    np.testing.assert_array_equal(back.held_out, made.held_out)


def test_the_last_point_to_train_on_stays() -> None:
    rest = make("line", seed=1, points=3)
    rest = without_point(without_point(rest, 0), 0)
    assert rest.rows == 1
    with pytest.raises(MixError, match="last point to train on"):
        without_point(rest, 0)
    judged = make("line", seed=1, points=2).split(0.5, np.random.default_rng(0))
    trained_on = int(np.flatnonzero(~judged.held_out)[0])
    with pytest.raises(MixError, match="last point to train on"):
        without_point(judged, trained_on)
    assert without_point(judged, 1 - trained_on).rows == 1


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1e101])
def test_a_point_beyond_all_numbers_is_refused_with_a_sentence(value: float) -> None:
    made = make("line", seed=1)
    for inputs, target in (([value], 0.0), ([0.0], value)):
        with pytest.raises(MixError, match="choose others") as caught:
            with_point(made, inputs, target)
        assert str(caught.value).endswith(".")
        with pytest.raises(MixError):
            moved_point(made, 0, inputs, target)


def test_what_does_not_fit_the_data_is_a_mistake_of_the_caller() -> None:
    made = make("xor", seed=1)
    for inputs, target in (([0.0], 0), ([0.0, 0.0], 2), ([0.0, 0.0], -1), ([0.0, 0.0], 0.5)):
        with pytest.raises(ValueError, match=r"needed|no class"):
            with_point(made, inputs, target)
    for row in (-1, made.rows):
        with pytest.raises(ValueError, match="no row"):
            moved_point(made, row, [0.0, 0.0], 0)
        with pytest.raises(ValueError, match="no row"):
            without_point(made, row)
