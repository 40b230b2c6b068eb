"""Many inputs: the confusion matrix of classes, and slices through two of the inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mixer_nn.core.dataset import Dataset
from mixer_nn.core.metrics import confusion
from mixer_nn.ui.monitors.fit_against import AgainstPicture
from mixer_nn.ui.monitors.fit_classes import ClassFieldPicture
from mixer_nn.ui.monitors.fit_field import FieldPicture

Clusters = Callable[..., Dataset]


def test_the_matrix_counts_training_rows_by_class_and_prediction(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    dataset = clusters(3, inputs=4).split(0.25, np.random.default_rng(1))
    rig = make_rig(dataset)
    monitor = rig.fit()
    show(monitor)
    rig.turn(0, 1.5)

    train, mix = ~dataset.held_out, rig.desk.mix
    outputs = mix.problem.predict(mix.parameters, dataset.inputs[train])
    expected = confusion(outputs, dataset.targets[train], "classes")
    np.testing.assert_array_equal(monitor.matrix.counts, expected)
    assert expected.sum() == train.sum()
    assert monitor.matrix.isVisible()
    assert not monitor.plot.isVisible()
    assert monitor.matrix.accessibleName() == (
        f"Confusion matrix: {np.trace(expected)} of {train.sum()} rows right"
    )


def test_a_turned_knob_changes_the_matrix_in_the_same_frame(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(2, inputs=3))
    monitor = rig.fit()
    show(monitor)
    bias = rig.desk.mix.parameters.size - 1

    rig.turn(bias, 1e6)
    np.testing.assert_array_equal(monitor.matrix.counts, [[0, 30], [0, 30]])
    rig.turn(bias, -1e6)
    np.testing.assert_array_equal(monitor.matrix.counts, [[30, 0], [30, 0]])


def test_mouse_and_arrow_keys_say_what_a_cell_means(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(2, inputs=3))
    monitor = rig.fit()
    show(monitor)
    rig.turn(rig.desk.mix.parameters.size - 1, 1e6)
    matrix = monitor.matrix
    at_rest = "low taken for middling: 30 of 30 rows, 100 %"

    QTest.mouseMove(matrix, matrix.cell_rect(0, 1).center().toPoint())
    QApplication.processEvents()
    assert monitor.read_out.full_text == at_rest
    assert matrix.accessibleDescription() == at_rest

    matrix.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(matrix, Qt.Key.Key_Down)
    assert monitor.read_out.full_text == "middling taken for low: 0 of 30 rows, 0 %"
    QTest.keyClick(matrix, Qt.Key.Key_Right)
    QTest.keyClick(matrix, Qt.Key.Key_Right)
    assert monitor.read_out.full_text == "middling recognised: 30 of 30 rows, 100 %"


def test_the_cells_fit_in_small_and_large_panels(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(5, inputs=3))
    monitor = rig.fit()
    show(monitor, 300, 220)

    for size in ((300, 220), (900, 500)):
        monitor.resize(*size)
        QApplication.processEvents()
        matrix = monitor.matrix
        for index in range(5):
            rect = matrix.cell_rect(index, index)
            assert matrix.rect().contains(rect.toAlignedRect())
            assert min(rect.width(), rect.height()) >= 15.0
        monitor.grab()


def test_a_slice_runs_through_two_inputs_and_says_where_the_others_are_held(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    dataset = clusters(3, inputs=4)
    rig = make_rig(dataset, 4)
    monitor = rig.fit()
    show(monitor, 600, 440)

    monitor.slice.click()

    picture = monitor.picture
    assert isinstance(picture, ClassFieldPicture)
    medians = np.median(dataset.inputs, axis=0)
    points = picture.grid.inputs
    assert set(points[:, 2]) == {medians[2]}
    assert set(points[:, 3]) == {medians[3]}
    mix = rig.desk.mix
    np.testing.assert_allclose(
        picture.values.reshape(3, -1).T,
        mix.problem.predict(mix.parameters, points),
        rtol=1e-3,
        atol=1e-4,
    )
    assert monitor.note.isVisible()
    assert monitor.note.text().startswith("held at the median: in3 ")
    assert ", in4 " in monitor.note.text()
    assert not monitor.matrix.isVisible()


def test_the_inputs_of_a_slice_are_chosen_and_cannot_be_the_same(
    make_rig: Any, show: Any, plane: Callable[..., Dataset]
) -> None:
    rig = make_rig(plane(4))
    monitor = rig.fit()
    show(monitor, 600, 440)
    assert isinstance(monitor.picture, AgainstPicture)
    monitor.slice.click()
    across, up = monitor.slice_tools.boxes

    _choose(up, 3)
    assert isinstance(monitor.picture, FieldPicture)
    assert monitor.picture.grid.axes == (0, 3)
    assert monitor.read_out.full_text == "in1 (m)"
    assert monitor.plot.axes["left"].labelText == "in4 (m)"
    np.testing.assert_array_equal(
        monitor.picture.train.getData()[1], rig.desk.mix.dataset.inputs[:, 3]
    )

    _choose(across, 3)
    assert monitor.picture.grid.axes == (3, 0)
    assert (across.currentIndex(), up.currentIndex()) == (3, 0)

    monitor.slice.click()
    assert isinstance(monitor.picture, AgainstPicture)
    assert not monitor.note.isVisible()


def _choose(box: Any, index: int) -> None:
    """Choose an entry of a box with the mouse's and keyboard's own signal."""
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_two_inputs_need_no_slice(make_rig: Any, show: Any, clusters: Clusters) -> None:
    monitor = make_rig(clusters(2)).fit()
    show(monitor)

    assert not monitor.slice.isVisible()
    assert monitor.discretised.isVisible()


def test_a_slice_chosen_while_it_trains_is_there_at_once(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(3, inputs=4), 4)
    monitor = rig.fit()
    show(monitor, 600, 440)
    rig.start(steps=1)
    for _ in range(3):
        rig.clock.tick(16.0)
        monitor.slice.click()
        if monitor.slice.isChecked():
            assert isinstance(monitor.picture, ClassFieldPicture)
            assert monitor.picture.values.shape == (3, *monitor.picture.grid.counts)
    rig.automix.pause()
    rig.clock.tick(16.0)
