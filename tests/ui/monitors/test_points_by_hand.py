"""Data made by hand on the Fit: a click adds, a drag moves, a right click or Delete removes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.data.synthetic import make
from mixer_nn.ui.monitors.fit_monitor import FitMonitor
from mixer_nn.ui.monitors.plot import Plot

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
Clusters = Callable[..., Dataset]


class Hand:
    """A hand with a mouse over a monitor's plot, at places in the data's units."""

    def __init__(self, monitor: FitMonitor) -> None:
        self.plot: Plot = monitor.plot
        self.asked: list[tuple[Any, ...]] = []
        monitor.point_added.connect(self._added)
        monitor.point_moved.connect(self._moved)
        monitor.point_removed.connect(self._removed)
        monitor.point_grabbed.connect(self._grabbed)
        monitor.point_let_go.connect(self._let_go)

    def _added(self, inputs: tuple[float, ...], target: float) -> None:
        self.asked.append(("add", inputs, target))

    def _moved(self, row: int, inputs: tuple[float, ...], target: float) -> None:
        self.asked.append(("move", row, inputs, target))

    def _removed(self, row: int) -> None:
        self.asked.append(("remove", row))

    def _grabbed(self, row: int) -> None:
        self.asked.append(("grab", row))

    def _let_go(self) -> None:
        self.asked.append(("let go",))

    def pixel(self, x: float, y: float) -> QPoint:
        place: QPoint = self.plot.mapFromScene(self.plot.box.mapViewToScene(QPointF(x, y)))
        return place

    def click(self, x: float, y: float, button: Qt.MouseButton = LEFT) -> None:
        QTest.mouseClick(self.plot.viewport(), button, pos=self.pixel(x, y))

    def press(self, x: float, y: float) -> None:
        QTest.mousePress(self.plot.viewport(), LEFT, pos=self.pixel(x, y))

    def move(self, x: float, y: float) -> None:
        viewport, place = self.plot.viewport(), QPointF(self.pixel(x, y))
        where = QPointF(viewport.mapToGlobal(place))
        kind, none = QEvent.Type.MouseMove, Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(kind, place, where, Qt.MouseButton.NoButton, LEFT, none)
        QApplication.sendEvent(viewport, event)

    def release(self, x: float, y: float) -> None:
        QTest.mouseRelease(self.plot.viewport(), LEFT, pos=self.pixel(x, y))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.press(*start)
        for share in (0.5, 1.0):
            self.move(*(np.add(start, share * np.subtract(end, start))))
        self.release(*end)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.plot, key)


def editing(rig: Any, show: Any) -> tuple[FitMonitor, Hand]:
    monitor = rig.fit()
    show(monitor, 520, 420)
    monitor.edit.click()
    return monitor, Hand(monitor)


def free_place(rig: Any) -> tuple[float, float]:
    """Somewhere in the plot that no row of two inputs is near."""
    inputs = rig.desk.mix.dataset.inputs
    places = np.random.default_rng(0).uniform(inputs.min(0), inputs.max(0), (200, 2))
    gaps = np.linalg.norm(places[:, np.newaxis] - inputs, axis=2).min(axis=1)
    x, y = places[gaps.argmax()]
    return float(x), float(y)


def test_without_the_switch_nothing_is_asked_for(rig: Any, show: Any) -> None:
    monitor = rig.fit()
    show(monitor)
    hand = Hand(monitor)

    hand.click(0.5, 0.0)
    hand.key(Qt.Key.Key_Delete)

    assert hand.asked == []
    assert not monitor.point_tools.isVisible()


def test_a_click_adds_a_number_at_the_height_where_it_was(rig: Any, show: Any) -> None:
    _, hand = editing(rig, show)

    hand.click(-1.0, 2.0)

    ((what, inputs, target),) = hand.asked
    assert what == "add"
    np.testing.assert_allclose((*inputs, target), (-1.0, 2.0), atol=0.03)


def test_a_click_adds_a_point_of_the_chosen_class(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(3))
    monitor, hand = editing(rig, show)
    place = free_place(rig)

    hand.click(*place)
    QTest.mouseClick(_class_button(monitor, 3), LEFT)
    hand.click(*place)

    assert [target for _, _, target in hand.asked] == [0, 2]
    np.testing.assert_allclose(hand.asked[1][1], place, atol=0.05)


def _class_button(monitor: FitMonitor, number: int) -> Any:
    buttons = [b for b in monitor.point_tools.children() if b.objectName() == f"fitClass{number}"]
    assert len(buttons) == 1
    return buttons[0]


def test_over_two_inputs_a_number_is_what_the_field_says(
    make_rig: Any, show: Any, plane: Callable[..., Dataset]
) -> None:
    rig = make_rig(plane(2))
    monitor, hand = editing(rig, show)
    value = monitor.findChild(QLineEdit, "fitPointValue")
    assert value is not None
    assert value.isVisible()
    value.selectAll()
    QTest.keyClicks(value, "2,5")

    hand.click(*free_place(rig))

    assert hand.asked[0][2] == 2.5
    QTest.keyClicks(value, "x")
    assert value.property("invalid")
    hand.click(*free_place(rig))
    assert hand.asked[1][2] == 2.5


def test_a_drag_moves_the_point_and_not_its_class(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(2))
    monitor, hand = editing(rig, show)
    rig.obey(monitor)
    start, end = rig.desk.mix.dataset.inputs[7], free_place(rig)
    label = rig.desk.mix.dataset.labels[7]

    hand.drag(tuple(start), end)

    assert hand.asked[0] == ("grab", 7)
    assert hand.asked[-1] == ("let go",)
    assert all(asked[:2] == ("move", 7) for asked in hand.asked[1:-1])
    dataset = rig.desk.mix.dataset
    np.testing.assert_allclose(dataset.inputs[7], end, atol=0.06)
    assert dataset.labels[7] == label
    assert dataset.rows == 60


def test_dragged_past_the_edge_a_point_stays_in_and_the_ranges_stay(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(2))
    monitor, hand = editing(rig, show)
    rig.obey(monitor)
    ranges = monitor.plot.ranges

    hand.drag(tuple(rig.desk.mix.dataset.inputs[7]), (ranges[0][1] + 50.0, ranges[1][0]))

    np.testing.assert_allclose(
        rig.desk.mix.dataset.inputs[7], (ranges[0][1], ranges[1][0]), atol=0.06
    )
    assert monitor.plot.ranges == ranges


def test_a_press_that_wavers_moves_nothing(make_rig: Any, show: Any, clusters: Clusters) -> None:
    rig = make_rig(clusters(2))
    monitor, hand = editing(rig, show)
    x, y = rig.desk.mix.dataset.inputs[7]
    wide, tall = monitor.plot.pixel_size()

    hand.press(x, y)
    hand.move(x + wide, y + tall)
    hand.release(x, y)

    assert hand.asked == [("grab", 7), ("let go",)]


def test_a_right_click_on_a_point_removes_it_and_elsewhere_nothing(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(3))
    _, hand = editing(rig, show)

    x, y = free_place(rig)
    hand.click(x, y, RIGHT)
    assert hand.asked == []

    x, y = rig.desk.mix.dataset.inputs[11]
    hand.click(x, y, RIGHT)
    assert hand.asked == [("remove", 11)]


def test_delete_removes_the_point_under_the_mouse(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(2))
    monitor, hand = editing(rig, show)
    rig.at(monitor.plot, *rig.desk.mix.dataset.inputs[20])

    hand.key(Qt.Key.Key_Delete)

    assert hand.asked == [("remove", 20)]


def test_all_of_it_can_be_done_from_the_keyboard(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(2))
    monitor, hand = editing(rig, show)
    rig.obey(monitor)
    first = rig.desk.mix.dataset.inputs[0]
    assert monitor.plot.focusPolicy() & Qt.FocusPolicy.TabFocus

    hand.key(Qt.Key.Key_PageDown)
    assert monitor.picture is not None
    assert list(monitor.picture.halo.getData()[0]) == [first[0]]
    hand.key(Qt.Key.Key_Right)
    moved = rig.desk.mix.dataset.inputs[0]
    assert moved[0] > first[0]
    assert moved[1] == first[1]
    hand.key(Qt.Key.Key_Insert)
    assert rig.desk.mix.dataset.rows == 61
    hand.key(Qt.Key.Key_Delete)

    assert rig.desk.mix.dataset.rows == 60
    assert not (rig.desk.mix.dataset.inputs == moved).all(axis=1).any()


def test_its_keys_are_the_plots_own_only_while_points_are_made(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    monitor, _ = editing(make_rig(clusters(2)), show)

    assert _keeps(monitor.plot, Qt.Key.Key_Delete)
    assert _keeps(monitor.plot, Qt.Key.Key_Left)
    assert not _keeps(monitor.plot, Qt.Key.Key_Space)

    monitor.edit.click()
    assert not _keeps(monitor.plot, Qt.Key.Key_Delete)
    assert monitor.plot.focusPolicy() == Qt.FocusPolicy.NoFocus


def _keeps(plot: Plot, key: Qt.Key) -> bool:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(plot, event)
    return event.isAccepted()


def test_points_are_made_while_it_trains(make_rig: Any, show: Any) -> None:
    rig = make_rig(make("noisy-line", seed=7))
    monitor, hand = editing(rig, show)
    rig.obey(monitor)
    rig.start(steps=1)
    rig.clock.tick(16.0)
    step = rig.desk.mix.state.step

    hand.click(0.0, -1.0)
    rig.clock.tick(16.0)
    rig.clock.tick(16.0)

    assert rig.automix.playing
    assert rig.desk.mix.state.step > step
    assert rig.desk.mix.dataset.rows == 41
    np.testing.assert_allclose(rig.desk.mix.dataset.inputs[-1], [0.0], atol=0.03)
    rig.automix.pause()
    rig.clock.tick(16.0)


def test_of_a_long_table_the_right_row_is_moved(
    make_rig: Any, show: Any, plane: Callable[..., Dataset]
) -> None:
    rig = make_rig(plane(1, rows=5000))
    _, hand = editing(rig, show)
    lowest = int(np.argmin(rig.desk.mix.dataset.targets[rig.readings.shown_rows, 0]))
    index = int(rig.readings.shown_rows[lowest])
    dataset = rig.desk.mix.dataset

    hand.click(dataset.inputs[index, 0], dataset.targets[index, 0], button=RIGHT)

    assert hand.asked == [("remove", index)]


@pytest.mark.parametrize("inputs", [3, 5])
def test_with_more_inputs_no_points_are_made_by_hand(
    make_rig: Any, show: Any, clusters: Clusters, inputs: int
) -> None:
    monitor = make_rig(clusters(2, inputs=inputs)).fit()
    show(monitor)

    assert not monitor.edit.isVisible()


def test_other_data_have_ranges_of_their_own_though_points_are_made(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(2))
    monitor, _ = editing(rig, show)
    wide = rig.desk.mix.dataset
    columns = tuple(Column(column.name) for column in wide.input_columns)
    narrow = replace(wide, inputs=0.3 * wide.inputs, input_columns=columns)
    other = make_rig(narrow).desk.mix

    rig.desk.put(other, "take other data")
    rig.desk.flush()

    fresh = make_rig(other.dataset).fit()
    show(fresh)
    assert monitor.plot.ranges == fresh.plot.ranges
