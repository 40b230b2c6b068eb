"""Shipped tables against what is known about them."""

import csv

import numpy as np
import pytest

from mixer_nn import assets
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.data.shipped import SHIPPED, load_shipped

QUARTET = ["anscombe-1", "anscombe-2", "anscombe-3", "anscombe-4"]


def fit(data: Dataset) -> tuple[float, float]:
    """Slope and height of the least-squares line."""
    rows = np.column_stack([data.inputs, np.ones(data.rows)])
    slope, height = np.linalg.lstsq(rows, data.targets[:, 0], rcond=None)[0]
    return float(slope), float(height)


@pytest.mark.parametrize("key", QUARTET)
def test_anscombe_sets_share_their_line_means_and_variances(key: str) -> None:
    data = load_shipped(key)
    slope, height = fit(data)
    assert data.rows == 11
    assert height == pytest.approx(3.00, abs=0.005)
    assert slope == pytest.approx(0.500, abs=0.0005)
    assert data.inputs.mean() == 9.0
    assert data.targets.mean() == pytest.approx(7.50, abs=0.005)
    assert data.inputs.var(ddof=1) == pytest.approx(11.0)
    assert data.targets.var(ddof=1) == pytest.approx(4.125, abs=0.003)
    assert np.corrcoef(data.inputs[:, 0], data.targets[:, 0])[0, 1] == pytest.approx(
        0.816, abs=1e-3
    )


def test_anscombe_sets_differ() -> None:
    assert len({load_shipped(key).targets.tobytes() for key in QUARTET}) == 4


def test_cars_has_the_published_line() -> None:
    data = load_shipped("cars")
    slope, height = fit(data)
    assert data.rows == 50
    assert slope == pytest.approx(3.932409, abs=5e-7)
    assert height == pytest.approx(-17.579095, abs=5e-7)
    assert [c.title for c in (*data.input_columns, *data.target_columns)] == [
        "speed (mph)",
        "dist (ft)",
    ]


def test_iris_equals_scikit_learns_copy() -> None:
    theirs = pytest.importorskip("sklearn.datasets").load_iris()
    rows = list(csv.reader(assets.text("datasets/iris.csv").splitlines()))
    ours = np.array([[float(cell) for cell in row[:4]] for row in rows[1:]])
    np.testing.assert_array_equal(ours, theirs.data)
    assert [row[4] for row in rows[1:]] == [str(theirs.target_names[k]) for k in theirs.target]
    data = load_shipped("iris-petal-width")
    np.testing.assert_array_equal(np.hstack([data.inputs, data.targets]), theirs.data)
    assert {column.unit for column in data.input_columns} == {"cm"}


def test_iris_is_four_measures_and_three_species() -> None:
    data = load_shipped("iris")
    assert data.inputs.shape == (150, 4)
    assert data.classes == ("setosa", "versicolor", "virginica")
    assert data.kind == "classes"
    assert np.bincount(data.labels).tolist() == [50, 50, 50]
    np.testing.assert_array_equal(data.targets.sum(axis=1), 1.0)
    assert [column.title for column in data.input_columns][-1] == "petal width (cm)"
    assert data.inputs[data.labels == 0, 2].max() < 2.0 < data.inputs[data.labels > 0, 2].min()


@pytest.mark.parametrize("key", SHIPPED)
def test_every_shipped_table_says_where_it_is_from(key: str) -> None:
    data = load_shipped(key)
    assert data.source.endswith(".")
    assert any(year in data.source for year in ("1930", "1936", "1973"))
    assert data.name == SHIPPED[key].title
    assert not data.recipe


def test_an_unknown_key_lists_the_known_ones() -> None:
    with pytest.raises(MixError, match="cars"):
        load_shipped("boston")
