"""The Landscape on screen: what the hand does there, what it shows, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.network import Network
from mixer_nn.core.problem import Problem
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on, new_mix
from mixer_nn.state.preferences import Preferences
from mixer_nn.state.surveying import Surveying
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.monitors.landscape_axes import ParameterMenu
from mixer_nn.ui.monitors.landscape_item import band_colours
from mixer_nn.ui.monitors.landscape_levels import bounds, filled_in, levels
from mixer_nn.ui.monitors.landscape_view import LandscapeView
from mixer_nn.ui.monitors.switch import Toggle

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing|propagate)")

LEFT = Qt.MouseButton.LeftButton
Show = Callable[..., None]


class Viewer:
    """A person at a Landscape in a window of its own, in which frames come when they say."""

    def __init__(self, mix: Mix, show: Show, size: tuple[int, int] = (420, 380)) -> None:
        self.bench = Bench(mix, Preferences())
        self.desk, self.surveying = self.bench.desk, self.bench.surveying
        self.view = LandscapeView(self.bench)
        show(self.view, *size)
        self.plot = self.view.plot
        self.wait()

    def wait(self, frames: int = 400) -> None:
        """Until nothing moves any more."""
        for _ in range(frames):
            self.frame()
            if not self.bench.clock.is_running:
                return

    def frame(self, milliseconds: float = 16.0) -> None:
        self.bench.clock.tick(milliseconds)

    def spot(self, x: float, y: float) -> QPoint:
        place: QPoint = self.plot.mapFromScene(self.plot.box.mapViewToScene(QPointF(x, y)))
        return place

    def click(self, x: float, y: float) -> None:
        QTest.mouseClick(self.plot.viewport(), LEFT, pos=self.spot(x, y))
        self.frame()

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.plot, key)
        self.frame()

    @property
    def marker(self) -> list[float]:
        x, y = self.view.run.here.getData()
        return [float(x[0]), float(y[0])]

    @property
    def knobs(self) -> list[float]:
        return [float(self.desk.mix.parameters[index]) for index in self.surveying.axes]


def net(*hidden: int, name: str = "blobs") -> Mix:
    return network_on(make(name, seed=1), 7, hidden)


@pytest.fixture
def at(dressed: QApplication, show: Show) -> Generator[Callable[..., Viewer]]:
    """A person at the landscape of a mix."""
    made: list[Viewer] = []

    def open_it(mix: Mix, size: tuple[int, int] = (420, 380)) -> Viewer:
        made.append(Viewer(mix, show, size))
        return made[-1]

    yield open_it
    for viewer in made:
        viewer.bench.clock.stop()
        viewer.desk.undo_stack.clear()


At = Callable[..., Viewer]


# -- the hand ---------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", [(), (4,)])
def test_a_click_puts_both_knobs_there_as_one_step_of_undo(at: At, hidden: tuple[int, ...]) -> None:
    viewer = at(net(*hidden, name="noisy-line"))
    before = viewer.desk.mix
    viewer.click(2.0, -1.5)
    wide, tall = viewer.plot.pixel_size()
    assert viewer.knobs == [pytest.approx(2.0, abs=wide), pytest.approx(-1.5, abs=tall)]
    assert viewer.marker == viewer.knobs
    assert not viewer.desk.touched
    assert viewer.desk.undo_stack.count == 1
    assert viewer.desk.history.points[-1, 6] == 1.0
    viewer.desk.undo()
    viewer.frame()
    assert viewer.desk.mix is before
    assert viewer.marker == viewer.knobs


def test_a_drag_carries_the_knobs_within_the_picture_and_is_one_step(at: At) -> None:
    viewer = at(net(name="noisy-line"))
    port, ranges = viewer.plot.viewport(), viewer.plot.ranges
    QTest.mousePress(port, LEFT, pos=viewer.spot(0.0, 0.0))
    for x in (1.0, 2.0, 3.0):
        QTest.mouseMove(port, viewer.spot(x, x))
        viewer.frame()
        assert viewer.marker == viewer.knobs == [pytest.approx(x, abs=0.05)] * 2
        assert viewer.desk.touched == {0, 1}
    QTest.mouseMove(port, viewer.spot(2.0, 1.0) + QPoint(0, -2000))
    viewer.frame()
    assert viewer.knobs[1] == ranges[1][1]
    assert viewer.plot.ranges == ranges
    QTest.mouseRelease(port, LEFT, pos=viewer.spot(2.0, 1.0))
    viewer.frame()
    assert viewer.desk.undo_stack.count == 1
    assert not viewer.desk.touched
    # Let go at its edge, it reaches further.
    assert viewer.plot.ranges[1][1] > ranges[1][1]


def test_the_arrows_turn_the_knob_along_their_axis(at: At) -> None:
    viewer = at(net(name="noisy-line"))
    w, b = viewer.knobs
    wide = viewer.plot.ranges[0][1] - viewer.plot.ranges[0][0]
    viewer.plot.setFocus()
    for _ in range(3):
        viewer.key(Qt.Key.Key_Right)
    assert viewer.knobs == [pytest.approx(w + 0.03 * wide), b]
    assert viewer.marker == viewer.knobs
    assert viewer.desk.touched == {0}
    for _ in range(4):
        viewer.frame(100.0)
    assert not viewer.desk.touched
    assert viewer.desk.undo_stack.count == 1
    viewer.key(Qt.Key.Key_Down)
    assert viewer.knobs == [pytest.approx(w + 0.03 * wide), pytest.approx(b - 0.01 * wide)]


def test_undo_names_the_knob_that_was_turned(at: At) -> None:
    viewer = at(net(name="noisy-line"))
    port = viewer.plot.viewport()
    ids = [parameter.id for parameter in viewer.desk.mix.network.parameters]
    for index in (0, 1):
        spot = viewer.knobs
        QTest.mousePress(port, LEFT, pos=viewer.spot(*spot))
        # Where the press was, exactly, is between two pixels: one of the two is put back.
        viewer.desk.turn(1 - index, spot[1 - index])
        viewer.desk.turn(index, 1.0)
        QTest.mouseRelease(port, LEFT, pos=viewer.spot(*spot))
        assert viewer.desk.undo_stack.undo_text == f"turn {ids[index]}"


def test_hiding_it_takes_the_hand_off_the_knobs(at: At) -> None:
    viewer = at(net(name="noisy-line"))
    QTest.mousePress(viewer.plot.viewport(), LEFT, pos=viewer.spot(1.0, 1.0))
    assert viewer.desk.touched == {0, 1}
    viewer.view.hide()
    assert not viewer.desk.touched


def test_undo_in_the_middle_of_a_drag_ends_it(at: At) -> None:
    viewer = at(net(name="noisy-line"))
    first = viewer.desk.mix
    port = viewer.plot.viewport()
    QTest.mousePress(port, LEFT, pos=viewer.spot(1.0, 1.0))
    viewer.desk.undo()
    QTest.mouseMove(port, viewer.spot(2.0, 2.0))
    QTest.mouseRelease(port, LEFT, pos=viewer.spot(2.0, 2.0))
    viewer.frame()
    assert viewer.desk.mix is first


# -- what it shows ----------------------------------------------------------------------------


def test_a_knob_turned_elsewhere_moves_the_marker_and_draws_nothing_anew(at: At) -> None:
    viewer = at(net(4))
    land = viewer.view.land.field.colours
    viewer.desk.turn(0, 1.5)
    viewer.frame()
    assert viewer.marker[0] == 1.5
    assert viewer.view.land.field.colours is land
    x, _ = viewer.view.run.path.getData()
    assert list(x) == [viewer.desk.mix.initial[0], 1.5]


def test_the_path_of_the_run_is_drawn_from_its_start(at: At) -> None:
    viewer = at(net(name="noisy-line"))
    for _ in range(10):
        viewer.bench.automix.step(1)
        viewer.frame()
    x, y = viewer.view.run.path.getData()
    states = viewer.desk.history.states
    assert np.array_equal(np.column_stack([x, y]), [state.parameters for state in states])
    (start,) = zip(*viewer.view.run.start.getData(), strict=True)
    assert start == tuple(viewer.desk.mix.initial)


def test_under_the_pointer_it_says_knobs_and_the_exact_loss(at: At) -> None:
    viewer = at(net(name="noisy-line"))
    assert viewer.view.read_out.text() == "w"
    QTest.mouseMove(viewer.plot.viewport(), viewer.spot(1.0, 2.0))
    QApplication.processEvents()
    assert viewer.plot.pointer is not None
    loss = viewer.desk.mix.problem.objective.value(np.array(viewer.plot.pointer))
    text = viewer.view.read_out.full_text
    assert text.startswith("w ")
    assert float(text.rpartition(" ")[2]) == pytest.approx(loss, rel=1e-3)


def test_the_next_step_has_an_arrow_where_it_is_long_enough(at: At) -> None:
    viewer = at(net(name="noisy-line"))
    viewer.desk.set_setup(replace(viewer.desk.setup, learning_rate=0.3))
    viewer.frame()
    ends = np.column_stack(viewer.view.run.shaft.getData())
    expected = [viewer.desk.mix.parameters, viewer.bench.readings.next_parameters]
    assert np.array_equal(ends, expected)
    viewer.desk.set_setup(replace(viewer.desk.setup, learning_rate=1e-6))
    viewer.frame()
    assert not viewer.view.run.head.isVisible()
    assert viewer.view.run.shaft.getData()[0] is None or not len(viewer.view.run.shaft.getData()[0])


def test_out_of_sight_it_costs_nothing(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    viewer = at(net(8, 8))
    viewer.view.hide()
    asked: list[None] = []
    plain = Surveying.look

    def counted(surveying: Surveying) -> object:
        asked.append(None)
        return plain(surveying)

    monkeypatch.setattr(Surveying, "look", counted)
    before = viewer.surveying.evaluations
    for index in range(5):
        viewer.desk.turn(index, 0.5)
        viewer.bench.selection.choose(index)
        viewer.frame()
    assert not asked
    assert viewer.surveying.evaluations == before
    viewer.view.show()
    viewer.wait()
    assert asked
    assert viewer.marker == viewer.knobs


def test_looking_changes_nothing(at: At) -> None:
    viewer = at(net(4))
    viewer.bench.automix.step(5)
    viewer.wait()
    mix, count = viewer.desk.mix, viewer.desk.undo_stack.count
    points = viewer.desk.history.points.copy()
    for x, y in ((0.0, 0.0), (1.0, -1.0)):
        QTest.mouseMove(viewer.plot.viewport(), viewer.spot(x, y))
        QApplication.processEvents()
    viewer.view.hide()
    viewer.view.show()
    viewer.view.resize(500, 300)
    viewer.wait()
    assert viewer.desk.mix is mix
    assert viewer.desk.undo_stack.count == count
    assert np.array_equal(viewer.desk.history.points, points, equal_nan=True)


# -- which knobs ------------------------------------------------------------------------------


def find_action(menu: QMenu, index: int) -> QAction | None:
    """The action of a parameter, whichever list it is in; lists are opened to look."""
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            inner.aboutToShow.emit()
            found = find_action(inner, index)
            if found is not None:
                return found
        elif action.data() == index:
            return action
    return None


def test_an_axis_is_chosen_from_its_menu_and_selects_the_knob(at: At) -> None:
    viewer = at(net(4, 3))
    index = 20
    QTest.mouseClick(viewer.view.across, LEFT)
    menu = viewer.view.findChild(QMenu, "parameterMenu")
    assert menu is not None
    assert [action.text() for action in menu.actions()] == ["LAYER 1", "LAYER 2", "OUTPUT"]
    action = find_action(menu, index)
    assert action is not None
    action.trigger()
    menu.close()
    viewer.wait()
    assert viewer.surveying.axes[0] == index
    assert viewer.bench.selection.chosen == index
    assert viewer.marker == viewer.knobs
    parameter = viewer.desk.mix.network.parameters[index]
    assert f"neuron {parameter.neuron}" in viewer.view.across.accessibleName()


def test_two_thousand_knobs_are_never_in_one_list(dressed: QApplication, show: Show) -> None:
    network = Network((2, 40, 40, 5, 1), ("tanh", "tanh", "tanh", "linear"))
    problem = Problem(network, make("plane", seed=1))
    assert network.parameter_count > 1900
    holder = QWidget()
    show(holder, 50, 50)
    menu = ParameterMenu(problem, 0, holder)
    assert len(menu.actions()) == 4
    assert menu.actions()[0].isChecked()
    lists: list[QMenu] = [menu]
    for branch in lists:
        assert len(branch.actions()) <= 41
        for action in branch.actions():
            inner = action.menu()
            if isinstance(inner, QMenu):
                inner.aboutToShow.emit()
                lists.append(inner)
    leaves = [a.data() for one in lists for a in one.actions() if a.data() is not None]
    assert sorted(leaves) == list(range(network.parameter_count))


def test_the_runs_plane_says_that_it_is_a_projection(at: At) -> None:
    viewer = at(net(4))
    toggle = viewer.view.findChild(Toggle, "landscapeOfRun")
    assert toggle is not None
    assert not toggle.isEnabled()
    for _ in range(12):
        viewer.bench.automix.step(1)
        viewer.frame()
    assert toggle.isEnabled()
    QTest.mouseClick(toggle, LEFT)
    viewer.wait()
    assert viewer.view.note.isVisible()
    assert viewer.view.note.text().startswith("A projection: ")
    assert "% of the path's variance" in viewer.view.note.text()
    mix = viewer.desk.mix
    viewer.click(*viewer.marker)
    assert viewer.desk.mix is mix
    # Choosing a knob is looking at knobs again.
    viewer.surveying.choose(1, 3)
    viewer.wait()
    assert not toggle.isChecked()
    assert not viewer.view.note.isVisible()


def test_one_neuron_with_one_input_has_no_other_plane(at: At) -> None:
    toggle = at(net(name="noisy-line")).view.findChild(Toggle, "landscapeOfRun")
    assert toggle is not None
    assert not toggle.isVisible()


# -- what it cannot show ----------------------------------------------------------------------


def test_a_constant_column_is_a_valley_and_dead_knobs_are_said_to_be_flat(at: At) -> None:
    columns = (Column("c"),), (Column("y"),)
    table = Dataset("constant", np.ones((20, 1)), np.arange(20.0).reshape(-1, 1), *columns)
    viewer = at(network_on(table, 1, (), scaled=False))
    assert len(viewer.view.land.levels) > 3
    assert not viewer.view.note.isVisible()
    network = Network((1, 1, 1), ("relu", "linear"))
    dead = new_mix(Problem(network, table), 1).with_parameters(np.array([0.0, -50.0, 1.0, 0.0]))
    viewer.desk.replace_all(dead, viewer.desk.setup)
    viewer.surveying.choose(0, 0)
    viewer.surveying.choose(1, 2)
    viewer.wait()
    assert viewer.view.note.text().startswith("Flat: ")
    assert not viewer.view.land.field.isVisible()


def test_knobs_that_have_run_away_are_said_to_have(at: At) -> None:
    viewer = at(net(name="noisy-line"))
    state = replace(viewer.desk.mix.state, parameters=np.array([np.nan, 0.0]))
    viewer.desk.put(replace(viewer.desk.mix, state=state, run=9), "nowhere")
    viewer.frame()
    assert "run away" in viewer.view.note.text()
    viewer.desk.undo()
    viewer.frame()
    assert not viewer.view.note.isVisible()
    assert viewer.view.land.field.isVisible()


# -- lines and colours ------------------------------------------------------------------------


@pytest.mark.parametrize(("low", "high"), [(45.7, 1e4), (1e-9, 1.0), (0.6, 0.9), (3.0, 3.01)])
def test_there_are_some_ten_lines_at_round_losses(low: float, high: float) -> None:
    found = bounds(np.array([low, high]))
    assert found is not None
    lines = levels(*found)
    assert 5 <= len(lines) <= 24
    assert (np.diff(lines) > 0.0).all()
    assert found[0] < lines[0]
    assert lines[-1] < found[1]


def test_what_is_flat_or_no_number_has_no_lines() -> None:
    assert bounds(np.full((3, 3), 2.0)) is None
    assert bounds(np.zeros((3, 3))) is None
    assert bounds(np.full((3, 3), np.inf)) is None


@pytest.mark.parametrize("side", [13, 25, 49])
def test_between_the_points_of_a_bowl_it_is_filled_in_exactly(side: int) -> None:
    def bowl(x: FloatArray) -> FloatArray:
        return np.asarray((x - 0.3)[:, np.newaxis] ** 2 + 2.0 * (x[:, np.newaxis] - x) ** 2)

    made = filled_in(bowl(np.linspace(-1.0, 1.0, side)))
    expected = bowl(np.linspace(-1.0, 1.0, len(made)))
    # Never below the lowest point that was worked out, though.
    floor = bowl(np.linspace(-1.0, 1.0, side)).min()
    np.testing.assert_allclose(made, np.maximum(expected, floor), atol=1e-12)


def test_around_a_place_without_a_loss_there_is_none() -> None:
    losses = np.ones((13, 13)) + np.arange(13.0)
    losses[0, 0] = np.inf
    made = filled_in(losses)
    assert np.isnan(made[0, 0])
    assert np.isfinite(made[-1, -1])


def luminance(colour: QColor) -> float:
    parts = [colour.redF(), colour.greenF(), colour.blueF()]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(one: QColor, other: QColor) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_path_and_numbers_stand_out_from_every_band_and_lower_is_greener(name: str) -> None:
    colours = theme.load(name)
    bands = band_colours(colours, 12)
    for band in bands:
        assert contrast(QColor(colours.accent), band) >= 3.0
        assert contrast(QColor(colours.text), band) >= 4.5
        # Blue and orange mean a sign.
        assert 130.0 < band.hue() < 190.0
    greenness = [band.green() - band.red() for band in bands]
    assert greenness == sorted(greenness, reverse=True)


def test_in_a_look_back_the_point_stands_where_the_mix_stood(at: At) -> None:
    viewer = at(net())
    for _ in range(6):
        viewer.desk.turn(0, float(viewer.desk.mix.parameters[0]) + 0.1)
        viewer.frame()
    present, path = viewer.marker, viewer.view.run.path.getData()[0]
    viewer.desk.visit(2)
    viewer.frame()
    assert viewer.marker == viewer.knobs
    assert viewer.marker != present
    assert np.array_equal(viewer.view.run.path.getData()[0], path)
    viewer.desk.leave_visit()
    viewer.frame()
    assert viewer.marker == present
