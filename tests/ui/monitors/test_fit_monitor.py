"""The Fit monitor on screen: it shows what the knobs say, in the data's units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.field import CELLS
from mixer_nn.core.objective import Objective
from mixer_nn.data.shipped import load_shipped
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.field_item import FieldItem
from mixer_nn.ui.monitors.fit_against import AgainstPicture
from mixer_nn.ui.monitors.fit_field import FieldPicture
from mixer_nn.ui.monitors.fit_line import LinePicture
from mixer_nn.ui.monitors.fit_monitor import FitMonitor


def line(monitor: FitMonitor) -> LinePicture:
    assert isinstance(monitor.picture, LinePicture)
    return monitor.picture


def words(monitor: FitMonitor) -> list[str]:
    return [entry.text for entry in monitor.legend.entries]


def count_losses(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """A list that grows by one whenever anybody works out a loss."""
    calls: list[None] = []
    plain = Objective.value

    def counted(objective: Objective, vector: FloatArray) -> float:
        calls.append(None)
        return plain(objective, vector)

    monkeypatch.setattr(Objective, "value", counted)
    return calls


def test_a_turned_knob_moves_the_line_in_the_same_frame(rig: Any, show: Any) -> None:
    monitor = rig.fit()
    show(monitor)

    rig.turn(0, 2.5)
    rig.turn(1, -0.5)

    x, y = line(monitor).curve.getData()
    assert len(x) == 2
    np.testing.assert_allclose(y, 2.5 * x - 0.5, rtol=1e-12)


def test_misses_end_on_the_line_and_begin_at_the_rows(rig: Any, show: Any) -> None:
    monitor = rig.fit()
    show(monitor)

    rig.turn(0, 1.25)

    x, y = line(monitor).miss.getData()
    dataset, (w, b) = rig.desk.mix.dataset, rig.desk.mix.parameters
    np.testing.assert_array_equal(x[::2], dataset.inputs[:, 0])
    np.testing.assert_array_equal(y[::2], dataset.targets[:, 0])
    np.testing.assert_allclose(y[1::2], w * x[1::2] + b, rtol=1e-12)
    assert line(monitor).miss.opts["connect"] == "pairs"


def test_with_scaled_data_the_line_is_still_in_data_units(make_rig: Any, show: Any) -> None:
    rig = make_rig(load_shipped("cars"))
    rig.desk.set_scaled(True)
    monitor = rig.fit()
    show(monitor)

    rig.turn(0, 0.5)

    x, y = line(monitor).curve.getData()
    w, b = rig.readings.in_data_units
    np.testing.assert_allclose(y, w * x + b, rtol=1e-9)
    assert monitor.read_out.full_text == "speed (mph)"
    assert monitor.plot.axes["left"].labelText == "dist (ft)"


def test_the_ranges_hold_all_rows_and_do_not_follow_the_line(rig: Any, show: Any) -> None:
    monitor = rig.fit()
    show(monitor)
    before = monitor.plot.ranges
    dataset = rig.desk.mix.dataset

    rig.turn(0, 40.0)

    assert monitor.plot.ranges == before
    for (low, high), column in zip(before, (dataset.inputs, dataset.targets), strict=True):
        assert low < column.min()
        assert column.max() < high


@pytest.mark.parametrize("slope", [1e9, -1e300, -40.0])
def test_a_line_however_steep_is_cut_and_not_bent(rig: Any, show: Any, slope: float) -> None:
    monitor = rig.fit()
    show(monitor)

    rig.turn(0, slope)

    x, y = line(monitor).curve.getData()
    b = rig.desk.mix.parameters[1]
    np.testing.assert_allclose(y - b, slope * x, rtol=1e-3, atol=1e-9 * abs(slope))
    assert np.abs(y).max() < 1e4
    monitor.grab()


def test_predictions_that_are_not_numbers_leave_the_rows_and_no_line(rig: Any, show: Any) -> None:
    monitor = rig.fit()
    show(monitor)

    rig.turn(0, 1.7e308)

    assert len(line(monitor).curve.getData()[0]) == 0
    assert len(line(monitor).train.getData()[0]) == rig.desk.mix.dataset.rows
    monitor.grab()


def test_held_out_rows_are_rings_and_named_only_where_there_are_any(
    rig: Any, held_out_rig: Any, show: Any
) -> None:
    without, with_some = rig.fit(), held_out_rig.fit()
    show(without)
    show(with_some)

    mask = held_out_rig.desk.mix.dataset.held_out
    assert len(line(with_some).held_out.getData()[0]) == mask.sum() > 0
    assert len(line(with_some).train.getData()[0]) == (~mask).sum()
    assert words(with_some) == ["model", "miss", "held out"]
    assert words(without) == ["model", "miss"]


def test_the_answer_comes_and_goes_with_guidance(rig: Any, show: Any) -> None:
    monitor = rig.fit()
    show(monitor)
    assert len(line(monitor).answer.getData()[0]) == 0

    rig.guidance.show_answer(True)

    x, y = line(monitor).answer.getData()
    w, b = rig.readings.answer
    np.testing.assert_allclose(y, w * x + b)
    assert line(monitor).answer.opts["pen"].dashPattern()
    assert "least squares" in words(monitor)

    rig.guidance.show_answer(False)

    assert len(line(monitor).answer.getData()[0]) == 0
    assert "least squares" not in words(monitor)


def test_out_of_sight_it_asks_for_nothing_and_comes_back_current(
    rig: Any, show: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor = rig.fit()
    tabs = QStackedWidget()
    tabs.addWidget(monitor)
    tabs.addWidget(QWidget())
    show(tabs)
    tabs.setCurrentIndex(1)
    rig.desk.flush()
    before = rig.readings.evaluations
    calls = count_losses(monkeypatch)

    rig.desk.touch(0)
    rig.desk.turn(0, 2.0)
    calls.clear()
    rig.desk.turn(0, 3.0)
    rig.desk.flush()

    assert rig.readings.evaluations == before
    # The desk itself records where the hand has got to; no view asks for more.
    assert len(calls) == 1

    tabs.setCurrentIndex(0)
    QApplication.processEvents()

    x, y = line(monitor).curve.getData()
    np.testing.assert_allclose(y, 3.0 * x + rig.desk.mix.parameters[1])


def test_a_picture_of_a_window_that_is_not_shown_is_current_too(rig: Any, qtbot: Any) -> None:
    monitor = rig.fit()
    qtbot.addWidget(monitor)
    rig.turn(0, 3.0)

    monitor.grab()

    x, y = line(monitor).curve.getData()
    np.testing.assert_allclose(y, 3.0 * x + rig.desk.mix.parameters[1])


def test_the_mouse_on_a_row_says_what_it_is(make_rig: Any, show: Any) -> None:
    rig = make_rig(load_shipped("cars"))
    monitor = rig.fit()
    show(monitor, 600, 400)
    rig.turn(0, 2.0)
    rig.turn(1, 5.0)
    evaluations = rig.readings.evaluations

    rig.at(monitor.plot, 12.2, 20.0)

    assert monitor.read_out.full_text == ("speed 12 mph, dist 20 ft, predicted 29 ft, miss 9 ft")
    assert monitor.read_out.text() == monitor.read_out.full_text
    assert list(line(monitor).halo.getData()[0]) == [12.0]
    assert rig.readings.evaluations == evaluations

    rig.turn(1, 6.0)
    assert "predicted 30 ft, miss 10 ft" in monitor.read_out.full_text

    rig.away(monitor.plot)
    assert monitor.read_out.full_text == "speed (mph)"
    assert len(line(monitor).halo.getData()[0]) == 0


def test_the_mouse_between_rows_reads_the_line(make_rig: Any, show: Any) -> None:
    rig = make_rig(load_shipped("cars"))
    monitor = rig.fit()
    show(monitor)
    rig.turn(0, 2.0)
    rig.turn(1, 5.0)

    rig.at(monitor.plot, 5.0, 110.0)

    name, predicted = monitor.read_out.full_text.split(", ")
    x, y = float(name.split()[1]), float(predicted.split()[1])
    assert x == pytest.approx(5.0, abs=0.1)
    assert y == pytest.approx(2.0 * x + 5.0, abs=0.02)


@pytest.mark.qt_log_ignore("event")
def test_mouse_and_wheel_cannot_move_the_plot_or_open_a_menu(rig: Any, show: Any) -> None:
    monitor = rig.fit()
    show(monitor)
    before, viewport = monitor.plot.ranges, monitor.plot.viewport()

    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    QTest.mouseMove(viewport, QPoint(260, 190))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(260, 190))
    QTest.mouseClick(viewport, Qt.MouseButton.RightButton, pos=QPoint(200, 150))
    menu = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(200, 150), QPoint(200, 150))
    QApplication.sendEvent(viewport, menu)
    middle = QPointF(200, 150)
    wheel = QWheelEvent(
        middle, QPointF(viewport.mapToGlobal(middle)), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, wheel)
    QApplication.processEvents()

    assert monitor.plot.ranges == before
    assert not wheel.isAccepted()
    assert QApplication.activePopupWidget() is None


def test_two_inputs_are_a_field_of_predictions_with_a_scale(
    make_rig: Any, show: Any, plane: Callable[..., Dataset]
) -> None:
    rig = make_rig(plane(2))
    monitor = rig.fit()
    show(monitor)

    rig.turn(0, 1.5)

    picture = monitor.picture
    assert isinstance(picture, FieldPicture)
    (image,) = picture.values
    assert image.shape == (CELLS, CELLS)
    (left, right), (bottom, top) = monitor.plot.ranges
    halves = (np.arange(CELLS) + 0.5) / CELLS
    w1, w2, b = rig.desk.mix.parameters
    expected = (
        w1 * (left + halves * (right - left))[:, np.newaxis]
        + w2 * (bottom + halves * (top - bottom))
        + b
    )
    np.testing.assert_allclose(image, expected, rtol=1e-5, atol=1e-5)
    assert monitor.scale.isVisible()
    assert "out (kg)" in monitor.scale.accessibleName()


def test_the_field_lags_a_few_frames_at_most_and_is_exact_when_paused(
    make_rig: Any, show: Any, plane: Callable[..., Dataset]
) -> None:
    rig = make_rig(plane(2))
    monitor = rig.fit()
    show(monitor)
    picture = monitor.picture
    assert isinstance(picture, FieldPicture)
    shown = picture.values
    drawn = 0
    rig.start(steps=1)
    for _ in range(20):
        rig.clock.tick(16.0)
        drawn += picture.values is not shown
        shown = picture.values
    assert 5 <= drawn <= 7

    rig.automix.pause()
    rig.clock.tick(16.0)

    np.testing.assert_allclose(
        picture.values.ravel(),
        rig.desk.mix.problem.predict(rig.desk.mix.parameters, picture.grid.inputs)[:, 0],
        rtol=1e-5,
        atol=1e-5,
    )


def test_the_mouse_on_the_field_reads_it(
    make_rig: Any, show: Any, plane: Callable[..., Dataset]
) -> None:
    rig = make_rig(plane(2, rows=1))
    monitor = rig.fit()
    show(monitor)
    (left, right), (bottom, top) = monitor.plot.ranges

    rig.at(monitor.plot, left + 0.1 * (right - left), top - 0.1 * (top - bottom))

    assert monitor.read_out.full_text.startswith("in1 ")
    assert "predicted" in monitor.read_out.full_text
    assert monitor.read_out.full_text.endswith("kg")


def test_targets_of_one_sign_are_shades_of_one_colour(make_rig: Any, show: Any) -> None:
    x = np.random.default_rng(1).normal(size=(30, 2))
    columns = (Column("a"), Column("b"))
    rig = make_rig(Dataset("up", x, np.abs(x[:, :1]), columns, (Column("y"),)))
    monitor = rig.fit()
    show(monitor)

    assert isinstance(monitor.picture, FieldPicture)
    assert monitor.picture.palette.levels[0] == 0.0


def test_many_inputs_are_predicted_against_actual(
    make_rig: Any, show: Any, plane: Callable[..., Dataset]
) -> None:
    rig = make_rig(plane(4))
    monitor = rig.fit()
    show(monitor)

    rig.turn(2, 1.5)

    picture = monitor.picture
    assert isinstance(picture, AgainstPicture)
    mix = rig.desk.mix
    x, y = picture.train.getData()
    np.testing.assert_array_equal(x, mix.dataset.targets[:, 0])
    np.testing.assert_allclose(y, mix.problem.predict(mix.parameters, mix.dataset.inputs)[:, 0])
    np.testing.assert_array_equal(*picture.diagonal.getData())
    assert monitor.read_out.full_text == "actual out (kg)"


def test_predictions_far_off_stretch_the_plot_in_steps_and_it_closes_in_again(
    make_rig: Any, show: Any, plane: Callable[..., Dataset]
) -> None:
    rig = make_rig(plane(3))
    monitor = rig.fit()
    show(monitor)
    at_first = monitor.plot.ranges
    b = rig.desk.mix.parameters.size - 1

    rig.turn(b, 20.0)
    stretched = monitor.plot.ranges
    assert monitor.picture is not None
    assert monitor.picture.train.getData()[1].max() < stretched[1][1]
    rig.turn(b, 19.9)
    assert monitor.plot.ranges == stretched

    rig.turn(b, 1e12)
    assert monitor.plot.ranges[1][1] < 1e3

    rig.turn(b, 0.0)
    assert monitor.plot.ranges == at_first


def test_other_data_bring_the_picture_that_suits_them(
    rig: Any, make_rig: Any, show: Any, plane: Callable[..., Dataset]
) -> None:
    monitor = rig.fit()
    show(monitor)
    other = make_rig(plane(2)).desk.mix

    rig.desk.put(other, "take other data")
    rig.desk.flush()
    assert isinstance(monitor.picture, FieldPicture)
    assert monitor.read_out.full_text == "in1 (m)"

    rig.desk.undo()
    rig.desk.flush()
    assert isinstance(monitor.picture, LinePicture)
    assert not monitor.scale.isVisible()
    items = monitor.plot.box.addedItems
    assert not any(isinstance(item, FieldItem) for item in items)


def test_of_a_long_table_a_sample_is_drawn_and_that_is_said(
    make_rig: Any, show: Any, plane: Callable[..., Dataset]
) -> None:
    rig = make_rig(plane(1, rows=5000))
    monitor = rig.fit()
    show(monitor)

    assert monitor.note.isVisible()
    assert monitor.note.text() == "2,000 of 5,000 rows drawn; the loss uses all"
    assert len(line(monitor).train.getData()[0]) == 2000


@pytest.mark.parametrize("value", [0.0, 3.0, -1e12, 1e-12])
def test_columns_that_never_change_have_a_range_all_the_same(
    make_rig: Any, show: Any, value: float
) -> None:
    columns = (Column("x"),), (Column("y"),)
    rig = make_rig(Dataset("flat", np.full((3, 1), value), np.full((3, 1), value), *columns))
    monitor = rig.fit()
    show(monitor)

    for low, high in monitor.plot.ranges:
        assert low < value < high
    monitor.grab()


@pytest.mark.parametrize("size", [(300, 200), (1600, 900)])
def test_it_can_be_small_and_large_and_light(
    rig: Any, show: Any, dressed: QApplication, size: tuple[int, int]
) -> None:
    monitor = rig.fit()
    show(monitor, *size)

    theme.apply(dressed, "light")
    QApplication.processEvents()

    light = theme.load("light")
    assert (monitor.width(), monitor.height()) == size
    assert line(monitor).curve.opts["pen"].color().name() == light.accent
    area = monitor.plot.area()
    assert area.width() > 0.55 * size[0]
    assert area.height() > 0.3 * size[1]
    image = monitor.plot.grab().toImage()
    assert image.pixelColor(2, 2).name() == light.panel
