"""The Loss monitor on screen: this run's loss, move by move, however long it is."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.objective import Objective
from mixer_nn.session.curve import Curve
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.loss_monitor import LossMonitor
from mixer_nn.ui.monitors.switch import Switch


def curve(monitor: LossMonitor) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    x, y = monitor.picture.train.getData()
    return x, y


def marker(monitor: LossMonitor) -> tuple[object, ...]:
    x, y = monitor.picture.marker.getData()
    return tuple(map(float, (x[0], y[0])))


def count_losses(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """A list that grows by one whenever anybody works out a loss."""
    calls: list[None] = []
    plain = Objective.value

    def counted(objective: Objective, vector: FloatArray) -> float:
        calls.append(None)
        return plain(objective, vector)

    monkeypatch.setattr(Objective, "value", counted)
    return calls


def test_a_turned_knob_is_one_hollow_mark_and_the_marker_is_fresh(rig: Any, show: Any) -> None:
    monitor = rig.loss()
    show(monitor)

    rig.desk.touch(0)
    for value in (1.0, 1.1, 1.2):
        rig.desk.turn(0, value)
        rig.desk.flush()
    rig.desk.release(0)
    rig.desk.flush()

    mix = rig.desk.mix
    loss = mix.problem.objective.value(mix.parameters)
    assert list(curve(monitor)[0]) == [0.0, 1.0]
    assert marker(monitor) == (1.0, pytest.approx(math.log10(loss), rel=1e-12))
    assert list(monitor.picture.hand.getData()[0]) == [1.0]
    assert len(monitor.picture.steps.getData()[0]) == 0
    assert "○ by hand" in monitor.read_out.full_text


def test_the_steps_of_auto_mix_are_solid_while_there_are_few(rig: Any, show: Any) -> None:
    monitor = rig.loss()
    show(monitor)

    rig.turn(0, 1.0)
    rig.play(5)

    assert list(monitor.picture.hand.getData()[0]) == [1.0]
    assert len(monitor.picture.steps.getData()[0]) == len(rig.desk.history.points) - 2
    assert monitor.read_out.full_text == "moves (○ by hand, ● auto-mix)"

    rig.play(80)

    assert len(monitor.picture.steps.getData()[0]) == 0
    assert list(monitor.picture.hand.getData()[0]) == [1.0]
    assert monitor.read_out.full_text == "moves (○ by hand)"


def test_undo_shows_the_curve_up_to_there(rig: Any, show: Any) -> None:
    monitor = rig.loss()
    show(monitor)
    for value in (1.0, 2.0, 3.0):
        rig.turn(0, value)
    before = curve(monitor)[1]

    rig.desk.undo()
    rig.desk.flush()

    assert list(curve(monitor)[0]) == [0.0, 1.0, 2.0]
    np.testing.assert_array_equal(curve(monitor)[1], before[:3])
    assert marker(monitor)[0] == 2.0

    rig.desk.redo()
    rig.desk.flush()
    np.testing.assert_array_equal(curve(monitor)[1], before)


def test_held_out_has_its_own_curve_only_where_rows_are_held_out(
    rig: Any, held_out_rig: Any, show: Any
) -> None:
    without, with_some = rig.loss(), held_out_rig.loss()
    show(without)
    show(with_some)
    for each in (rig, held_out_rig):
        each.turn(0, 1.0)

    _, y = with_some.picture.held_out.getData()
    assert 10.0 ** y[-1] == pytest.approx(held_out_rig.readings.held_out_loss)
    assert [entry.text for entry in with_some.legend.entries] == ["train", "held out"]
    assert len(without.picture.held_out.getData()[0]) == 0
    assert [entry.text for entry in without.legend.entries] == ["train"]


def test_always_guessing_the_average_is_a_dashed_line(rig: Any, show: Any) -> None:
    monitor = rig.loss()
    show(monitor)

    _, y = monitor.picture.average.getData()
    constant = rig.desk.mix.problem.objective.constant_loss
    np.testing.assert_allclose(10.0**y, constant)
    assert monitor.picture.average.opts["pen"].dashPattern()
    assert monitor.picture.caption.textItem.toPlainText() == "always guessing the average"


def test_a_new_run_leaves_the_one_before_behind_it_faintly(rig: Any, show: Any) -> None:
    monitor = rig.loss()
    show(monitor)
    rig.turn(0, 1.0)
    rig.turn(0, 2.0)
    assert len(monitor.picture.others.earlier.getData()[0]) == 0
    losses = rig.desk.history.points[:, 2].copy()

    rig.desk.new_start(8)
    rig.desk.flush()

    assert list(curve(monitor)[0]) == [0.0]
    _, y = monitor.picture.others.earlier.getData()
    np.testing.assert_allclose(10.0 ** y[np.isfinite(y)], losses)


def test_switches_show_epochs_and_a_linear_axis_and_touch_nothing(rig: Any, show: Any) -> None:
    monitor = rig.loss()
    show(monitor)
    rig.turn(0, 1.0)
    rig.play(10)
    history, revision = rig.desk.history.points.tobytes(), rig.desk.history.revision
    mix, steps = rig.desk.mix, rig.desk.undo_stack.count
    moves = curve(monitor)

    for name in ("lossAxis", "lossScale"):
        switch = monitor.findChild(Switch, name)
        assert switch is not None
        assert switch.toolTip()
        QTest.mouseClick(switch, Qt.MouseButton.LeftButton)

    x, y = curve(monitor)
    np.testing.assert_array_equal(x, rig.desk.history.points[:, 1])
    np.testing.assert_array_equal(y, rig.desk.history.points[:, 2])
    assert marker(monitor) == (x[-1], rig.readings.loss)
    assert monitor.read_out.full_text.startswith("epochs")

    switch = monitor.findChild(Switch, "lossScale")
    assert switch is not None
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    QTest.mouseClick(monitor.along, Qt.MouseButton.LeftButton, pos=QPoint(8, 10))

    np.testing.assert_array_equal(curve(monitor), moves)
    assert rig.desk.history.points.tobytes() == history
    assert rig.desk.history.revision == revision
    assert rig.desk.mix is mix
    assert rig.desk.undo_stack.count == steps


def test_a_switch_works_from_the_keyboard_and_leaves_the_focus_alone_when_clicked(
    rig: Any, show: Any, qtbot: Any
) -> None:
    monitor = rig.loss()
    show(monitor)
    monitor.activateWindow()
    switch = monitor.findChild(Switch, "lossAxis")
    assert switch is not None
    monitor.setFocus()

    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert not switch.hasFocus()
    assert switch.accessibleName() == "Loss along: epochs"
    QTest.keyClick(switch, Qt.Key.Key_Left)

    switch.setFocus(Qt.FocusReason.TabFocusReason)
    for key, word in (
        (Qt.Key.Key_Left, "moves"),
        (Qt.Key.Key_Left, "moves"),
        (Qt.Key.Key_Right, "epochs"),
        (Qt.Key.Key_Right, "time"),
        (Qt.Key.Key_Right, "time"),
        (Qt.Key.Key_Left, "epochs"),
        (Qt.Key.Key_Space, "time"),
        (Qt.Key.Key_Space, "moves"),
    ):
        QTest.keyClick(switch, key)
        assert switch.word == word


def test_a_hundred_thousand_moves_are_a_few_hundred_points_that_keep_every_peak(
    rig: Any, show: Any
) -> None:
    monitor = rig.loss()
    show(monitor)

    rig.live_through(100_000, hand_every=7_000)

    points = rig.desk.history.points
    x, y = curve(monitor)
    assert len(points) == 100_000
    assert 400 < len(x) <= 2 * (monitor.plot.columns() + 1)
    assert x[0] == 0.0
    assert x[-1] == 99_999.0
    assert y.max() == pytest.approx(math.log10(points[:, 2].max()))
    assert y.min() == pytest.approx(math.log10(points[:, 2].min()))
    assert (np.diff(x) >= 0.0).all()
    assert len(monitor.picture.hand.getData()[0]) == 14


def test_while_auto_mix_runs_a_long_line_may_lag_but_the_marker_never(rig: Any, show: Any) -> None:
    rig.live_through(30_000)
    monitor = rig.loss()
    show(monitor)
    rig.start(steps=1)
    drawn, before = 0, curve(monitor)[0]
    for _ in range(20):
        rig.clock.tick(16.0)
        drawn += curve(monitor)[0] is not before
        before = curve(monitor)[0]
        assert marker(monitor)[0] == rig.desk.mix.moves
        assert marker(monitor)[1] == pytest.approx(math.log10(rig.readings.loss), rel=1e-12)
    assert 5 <= drawn <= 7

    rig.automix.pause()
    rig.clock.tick(16.0)

    assert curve(monitor)[0][-1] == rig.desk.mix.moves


def test_ranges_change_in_steps_and_not_with_every_move(rig: Any, show: Any) -> None:
    monitor = rig.loss()
    show(monitor)
    seen = set()
    for step in range(100):
        rig.turn(0, 1.0 + 0.01 * step)
        seen.add(monitor.plot.ranges[0])
        left, right = monitor.plot.ranges[0]
        assert left <= marker(monitor)[0] <= right

    assert len(seen) <= 9


@pytest.mark.parametrize("log", [True, False])
def test_losses_that_are_no_numbers_are_left_out_and_zero_is_at_the_bottom(
    rig: Any, show: Any, log: bool
) -> None:
    monitor = rig.loss()
    monitor.measure.setChecked(not log)
    show(monitor)
    losses = np.array([3.0, math.nan, math.inf, 2.0, 0.0, 1e-3])
    moves = np.arange(6.0)
    none = losses * math.nan
    table = np.column_stack([moves, moves, losses, losses, losses, none, moves % 2, moves])
    mix = rig.desk.mix

    rig.desk.replace_all(
        type(mix)(mix.problem, mix.state, mix.initial, mix.locked, mix.scales, moves=5),
        rig.desk.setup,
        (Curve(0, table),),
    )
    rig.desk.flush()

    x, y = curve(monitor)
    assert list(x) == [0.0, 3.0, 4.0, 5.0]
    bottom = monitor.plot.ranges[1][0]
    assert np.isfinite(y).all()
    assert y[2] == (bottom if log else 0.0)
    monitor.grab()


def test_a_mix_whose_loss_is_not_a_number_does_not_break_the_view(rig: Any, show: Any) -> None:
    monitor = rig.loss()
    show(monitor)

    rig.turn(0, 1.7e308)
    assert len(monitor.picture.marker.getData()[0]) == 0
    monitor.grab()
    rig.turn(0, 1.0)

    assert marker(monitor)[1] == pytest.approx(math.log10(rig.readings.loss))


def test_out_of_sight_it_asks_for_nothing_and_comes_back_current(
    rig: Any, show: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    monitor = rig.loss()
    monitor.setParent(window)
    monitor.resize(400, 300)
    show(window)
    monitor.move(2000, 2000)
    QApplication.processEvents()
    before = rig.readings.evaluations
    calls = count_losses(monkeypatch)

    rig.desk.touch(0)
    rig.desk.turn(0, 2.0)
    calls.clear()
    rig.desk.turn(0, 3.0)
    rig.desk.flush()

    assert rig.readings.evaluations == before
    assert len(calls) == 1  # the desk's own record of the hand

    monitor.move(0, 0)
    QApplication.processEvents()

    assert marker(monitor) == (1.0, pytest.approx(math.log10(rig.readings.loss)))


def test_the_mouse_reads_the_nearest_point_with_a_hair_line(held_out_rig: Any, show: Any) -> None:
    rig = held_out_rig
    monitor = rig.loss()
    show(monitor)
    rig.turn(0, 1.0)
    rig.turn(1, 0.5)
    y = curve(monitor)[1]

    rig.at(monitor.plot, 1.2, y[1])

    point = rig.desk.history.points[1]
    assert monitor.read_out.full_text == (
        f"move 1, epoch 0, loss {point[2]:.3f}, held out {point[5]:.3f}, by hand"
    )
    assert list(monitor.picture.hair.getData()[0]) == [1.0, 1.0]

    rig.away(monitor.plot)

    assert monitor.read_out.full_text == "moves (○ by hand)"
    assert len(monitor.picture.hair.getData()[0]) == 0


def test_it_is_dressed_anew_with_the_theme_and_never_asks_for_more_than_it_has(
    rig: Any, show: Any, dressed: QApplication
) -> None:
    monitor = rig.loss()
    show(monitor, 300, 200)
    rig.turn(0, 1.0)

    theme.apply(dressed, "light")
    QApplication.processEvents()

    light = theme.load("light")
    assert (monitor.width(), monitor.height()) == (300, 200)
    assert monitor.picture.train.opts["pen"].color().name() == light.loss
    assert monitor.along.sizeHint().width() < monitor.along.full_width()
    assert monitor.plot.area().width() > 180
    assert monitor.plot.viewport().rect().contains(QPoint(100, 60))


def test_a_resized_view_reduces_the_line_to_its_new_width(rig: Any, show: Any) -> None:
    monitor = rig.loss()
    show(monitor, 400, 300)
    rig.live_through(50_000)
    narrow = len(curve(monitor)[0])

    monitor.resize(800, 300)
    QApplication.processEvents()

    assert len(curve(monitor)[0]) > 1.8 * narrow


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        ("mae", "always guessing the median"),
        ("huber", "always guessing one number"),
    ],
)
def test_the_dashed_line_says_what_is_guessed_under_each_loss(
    rig: Any, show: Any, loss: str, words: str
) -> None:
    monitor = rig.loss()
    show(monitor)

    mix = rig.desk.mix
    rig.desk.put(replace(mix, problem=replace(mix.problem, loss_name=loss)), "take a loss")
    rig.desk.flush()

    assert monitor.picture.caption.textItem.toPlainText() == words
    (height, _) = monitor.picture.average.getData()[1]
    assert 10.0**height == pytest.approx(rig.desk.mix.problem.objective.constant_loss)


@pytest.mark.parametrize("classes", [2, 4])
def test_of_classes_the_dashed_line_is_the_commonest_one(
    make_rig: Any, show: Any, clusters: Any, classes: int
) -> None:
    rig = make_rig(clusters(classes), 3)
    monitor = rig.loss()
    show(monitor)
    rig.play(frames=3)

    assert monitor.picture.caption.textItem.toPlainText() == "always guessing the commonest class"
    (height, _) = monitor.picture.average.getData()[1]
    assert 10.0**height == pytest.approx(np.log(classes))
    assert 10.0 ** monitor.picture.marker.getData()[1][0] == pytest.approx(rig.readings.loss)
