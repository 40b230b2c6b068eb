"""The slice follows the mix and the mix follows the slice; out of sight it costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.core.dataset import Dataset
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, Setup, network_on, neuron_on
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.board_knob import BoardKnob
from mixer_nn.ui.mixer.knob_term import KnobTerm
from mixer_nn.ui.mixer.network_panel import NetworkPanel
from mixer_nn.ui.mixer.selected_knob import SelectedKnob
from mixer_nn.ui.monitors.slice_view import SliceView

# QTest remarks on events that the viewport of a pyqtgraph plot leaves unaccepted.
pytestmark = pytest.mark.qt_log_ignore("^Mouse event .* not accepted")

LEFT = Qt.MouseButton.LeftButton


class Seen:
    """A slice on screen beside the selected knob; frames come when a test asks for one."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.desk = bench, bench.desk
        self.window = QWidget()
        row = QHBoxLayout(self.window)
        self.view = SliceView(bench)
        self.knob = SelectedKnob(bench)
        row.addWidget(self.view, 1)
        row.addWidget(self.knob)
        self._at = QPoint()

    @property
    def value(self) -> float:
        return float(self.desk.mix.parameters[self.bench.selection.shown])

    @property
    def curve(self) -> tuple[np.ndarray, np.ndarray]:
        curve = self.view.picture.curve
        return curve.x, curve.y

    @property
    def groove(self) -> tuple[float, ...]:
        return self.knob.knob.look.groove

    @property
    def present(self) -> tuple[float, float]:
        present = self.view.picture.present.at
        assert present is not None
        return present

    def frames(self, count: int = 1) -> None:
        for _ in range(count):
            self.bench.clock.tick(16.0)
            QApplication.processEvents()

    def spot(self, x: float) -> QPoint:
        plot = self.view.plot
        middle = plot.box.viewRect().center().y()
        spot: QPoint = plot.mapFromScene(plot.box.mapViewToScene(QPointF(x, middle)))
        return spot

    def press(self, x: float) -> None:
        self._at = self.spot(x)
        QTest.mousePress(self.view.plot.viewport(), LEFT, pos=self._at)
        self.frames()

    def move(self, x: float) -> None:
        self._at = self.spot(x)
        port = self.view.plot.viewport()
        event = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(self._at), QPointF(port.mapToGlobal(self._at)),
            Qt.MouseButton.NoButton, LEFT, Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(port, event)
        self.frames()

    def release(self) -> None:
        QTest.mouseRelease(self.view.plot.viewport(), LEFT, pos=self._at)
        self.frames()


See = Callable[..., Seen]


@pytest.fixture
def see(qtbot: QtBot, dressed: QApplication, clock_stopped: None) -> Generator[See]:
    """Put a slice of a mix on screen."""
    made: list[Seen] = []

    def build(
        mix: Mix | None = None, setup: Setup = Setup(), size: tuple[int, int] = (760, 360)
    ) -> Seen:
        mix = neuron_on(make("noisy-line", seed=7), 7) if mix is None else mix
        seen = Seen(Bench(mix, Preferences(), setup))
        made.append(seen)
        qtbot.addWidget(seen.window)
        seen.window.resize(*size)
        with qtbot.waitExposed(seen.window):
            seen.window.show()
        seen.frames(3)
        return seen

    yield build
    for seen in made:
        seen.knob.let_go()
        seen.bench.clock.stop()
        seen.desk.undo_stack.clear()
        vars(seen).clear()


def deep(*hidden: int) -> Mix:
    return network_on(make("spiral", seed=1), 1, hidden or (4, 3))


def loss_at(mix: Mix, index: int, value: float) -> float:
    vector = np.array(mix.parameters)
    vector[index] = value
    return mix.problem.objective.value(vector)


# -- what is seen -------------------------------------------------------------------------------


def test_it_draws_the_loss_along_the_chosen_knob(see: See) -> None:
    seen = see(deep())
    for index in (0, 7, 26):
        seen.bench.selection.choose(index)
        seen.frames(3)
        mix = seen.desk.mix
        assert seen.present == (seen.value, seen.bench.readings.loss)
        x, y = seen.curve
        assert len(x) == 101
        top = seen.view.plot.ranges[1][1]
        for place, height in zip(x[::10], y[::10], strict=True):
            expected = loss_at(mix, index, place)
            assert height == pytest.approx(expected, rel=1e-5) or expected > top


def test_turning_another_knob_moves_the_curve_within_the_frame(see: See) -> None:
    seen = see()
    before = seen.curve[1].copy()

    seen.desk.turn(1, 0.7)
    seen.desk.flush()

    assert not np.allclose(before, seen.curve[1])
    mix = seen.desk.mix
    assert seen.present == (mix.parameters[0], mix.problem.objective.value(mix.parameters))
    assert np.interp(seen.value, *seen.curve) == pytest.approx(seen.present[1], rel=1e-3)


def test_its_words_are_the_readings(see: See) -> None:
    seen = see(deep(), Setup(optimizer="adam", batch_size=10))
    readings = seen.bench.readings
    step = readings.next_parameters[0] - seen.value

    assert seen.view.slope.text() == f"slope {readings.gradient[0]:.3g}".replace("-", "−")
    assert seen.view.step.text().startswith("· next step ")
    assert "(Adam)" in seen.view.step.text()
    assert f"{abs(step):.2g}"[:4] in seen.view.step.text()
    assert seen.view.read_out.full_text.startswith("layer 1 · neuron 1 ← x₁")
    spoken = seen.view.plot.accessibleName()
    assert "loss after the whole step" in spoken
    assert "slope" in spoken
    seen.desk.set_locked(0, True)
    seen.frames()
    assert "locked" in seen.view.step.text()
    assert seen.view.picture.landing.at is None


def test_the_mark_on_the_axis_is_where_the_next_step_lands(see: See) -> None:
    seen = see()
    landing, after = seen.view.picture.landing.at, seen.view.picture.after.y[0]
    assert landing is not None

    seen.bench.automix.step(1)
    seen.frames()

    assert landing[0] == seen.value
    assert after == pytest.approx(seen.bench.readings.loss)


def test_the_range_holds_still_while_the_loss_falls_a_little(see: See) -> None:
    seen = see(deep(), Setup(optimizer="adam", batch_size=10, learning_rate=0.01))
    changes, before = 0, seen.view.plot.ranges
    for _ in range(40):
        seen.bench.automix.step(1)
        seen.frames()
        changes += seen.view.plot.ranges != before
        before = seen.view.plot.ranges
        low, high = before[1]
        assert low <= seen.present[1] <= high
    # The loss falls from the top of the plot to far below the bottom it began with.
    assert 1 <= changes <= 8


def test_it_may_lag_four_frames_while_auto_mix_runs_and_is_exact_when_paused(see: See) -> None:
    seen = see(setup=Setup(learning_rate=0.001, tempo=62.5))
    seen.bench.automix.play()
    values = [seen.value]
    for _ in range(40):
        seen.frames()
        values.append(seen.value)
        assert seen.present[0] in values[-5:]
    seen.bench.automix.pause()
    seen.frames()
    assert seen.present == (seen.value, seen.bench.readings.loss)


def test_what_takes_long_is_finer_in_the_next_frames(
    see: See, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = see(deep())
    monkeypatch.setattr("mixer_nn.state.slicing.BUDGET", 0.0)
    monkeypatch.setattr("mixer_nn.core.stacked.CACHE_BYTES", 250 * 5 * 8 * 4)
    seen.desk.turn(3, 0.4)
    seen.frames()
    assert 26 <= len(seen.curve[0]) < 101
    assert seen.view.picture.lowest.at is None
    seen.frames(60)
    assert len(seen.curve[0]) == 101
    assert seen.view.picture.parabola.x.size


# -- the hand -----------------------------------------------------------------------------------


def test_dragging_on_the_plot_turns_the_knob_as_one_gesture(see: See) -> None:
    seen = see()
    start, steps = seen.value, seen.desk.undo_stack
    pixel = seen.view.plot.pixel_size()[0]

    seen.press(1.0)
    assert seen.value == pytest.approx(1.0, abs=pixel)
    assert seen.knob.knob.value == seen.value
    for x in (0.5, -0.5, -1.5):
        seen.move(x)
        assert seen.value == pytest.approx(x, abs=pixel)
        assert seen.present[0] == seen.value
    assert seen.desk.touched == {0}
    seen.release()

    assert not seen.desk.touched
    assert seen.desk.gestures == 1
    assert steps.can_undo is True
    seen.desk.undo()
    seen.frames()
    assert seen.value == start
    assert seen.desk.undo_stack.can_undo is False
    assert seen.present[0] == start


def test_a_drag_beyond_the_end_stops_at_it(see: See) -> None:
    seen = see()
    scale = float(seen.desk.mix.scales[0])
    seen.press(0.0)
    seen.move(3.0 * scale)
    seen.release()
    assert seen.value == scale == float(seen.desk.mix.scales[0])


def test_an_undo_takes_the_knob_from_the_hand(see: See) -> None:
    seen = see()
    start = seen.value
    seen.press(1.0)
    seen.desk.undo()
    seen.move(2.0)
    assert seen.value == start
    seen.release()
    assert not seen.desk.touched


def test_keys_turn_it_as_they_turn_a_knob(see: See) -> None:
    seen = see()
    plot, scale, start = seen.view.plot, float(seen.desk.mix.scales[0]), seen.value
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(3):
        QTest.keyClick(plot, Qt.Key.Key_Right)
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert seen.value == pytest.approx(start + 2 * 0.01 * 2.0 * scale)
    assert seen.desk.touched == {0}
    QTest.keyClick(plot, Qt.Key.Key_End)
    assert seen.value == scale
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert seen.value == -scale
    seen.view.hand.let_go()
    assert not seen.desk.touched


def test_picked_knobs_turn_together(see: See) -> None:
    seen = see(deep())
    seen.bench.selection.pick(frozenset({0, 3}))
    other, start = float(seen.desk.mix.parameters[3]), seen.value
    seen.press(1.5)
    seen.release()
    travel = seen.value - start
    assert seen.desk.mix.parameters[3] == pytest.approx(other + travel)


# -- nothing to draw ----------------------------------------------------------------------------


def test_a_mix_that_has_run_away_gets_a_sentence(see: See) -> None:
    seen = see()
    mix = seen.desk.mix
    seen.desk.put(
        replace(mix, state=replace(mix.state, parameters=np.array([np.nan, 1.0]))), "break"
    )
    seen.frames()
    assert "no number" in seen.view.note.text()
    assert seen.view.note.isVisible()
    assert not seen.view.plot.isVisible()
    seen.desk.undo()
    seen.frames()
    assert not seen.view.note.isVisible()
    assert seen.view.plot.isVisible()


def test_a_knob_that_changes_nothing_says_so(see: See) -> None:
    rows = np.arange(20.0)
    data = make("noisy-line", seed=7)
    constant = Dataset(
        "made", np.zeros((20, 1)), rows[:, np.newaxis], data.input_columns, data.target_columns
    )
    seen = see(neuron_on(constant, 1))
    assert seen.view.note.text().startswith("Level")
    assert seen.view.plot.isVisible()


def test_ranges_of_any_size_are_drawn(see: See) -> None:
    data = make("noisy-line", seed=7)
    for size in (1e-12, 1e12, 1e100):
        huge = replace(data, inputs=data.inputs * size, targets=data.targets * size)
        seen = see(neuron_on(huge, 1))
        (left, right), (low, high) = seen.view.plot.ranges
        assert left <= seen.present[0] <= right
        assert low <= seen.present[1] <= high


# -- looking ------------------------------------------------------------------------------------


def test_looking_changes_nothing(see: See) -> None:
    seen = see(deep(), Setup(optimizer="adam", batch_size=10))
    seen.bench.automix.step(5)
    seen.bench.guidance.show_arrows(True)
    state, points = seen.desk.mix.state, seen.desk.history.points.copy()

    for index in range(0, 20, 3):
        seen.bench.selection.choose(index)
        seen.bench.selection.hover(index)
        QTest.mouseMove(seen.view.plot.viewport(), seen.spot(0.5))
        seen.frames(2)
    seen.window.resize(500, 300)
    theme.apply(QApplication.instance(), "light")  # type: ignore[arg-type]
    seen.frames()
    seen.window.hide()
    seen.frames()

    assert seen.desk.mix.state is state
    assert seen.desk.history.points.tobytes() == points.tobytes()
    other = Bench(deep(), Preferences(), Setup(optimizer="adam", batch_size=10))
    other.automix.step(5)
    seen.bench.automix.step(30)
    other.automix.step(30)
    assert seen.desk.mix.state.same(other.desk.mix.state)


def test_out_of_sight_it_costs_nothing(see: See) -> None:
    seen = see()
    seen.window.hide()
    seen.frames()
    before = seen.bench.slicing.evaluations
    for number in range(5):
        seen.desk.turn(0, 0.1 * number)
        seen.bench.selection.choose(number % 2)
        seen.frames()
    assert seen.bench.slicing.evaluations == before
    seen.window.show()
    QApplication.processEvents()
    assert seen.present[0] == seen.value


# -- the groove on the knob ---------------------------------------------------------------------


def test_the_knob_under_the_pointer_shows_the_groove(see: See) -> None:
    seen = see()
    seen.bench.guidance.show_arrows(True)
    seen.frames()
    assert not seen.groove

    QTest.mouseMove(seen.knob.knob, seen.knob.knob.rect().center())
    seen.bench.selection.hover(0)
    before = seen.groove
    seen.desk.turn(1, 0.9)
    seen.frames()

    found, scale = seen.bench.slicing.of(0), float(seen.desk.mix.scales[0])
    assert found.shares(scale, len(before)) == seen.groove != before
    assert len(before) > 30
    seen.bench.selection.hover(None)
    assert len(seen.groove) == 0


def test_the_groove_comes_no_earlier_than_the_arrows(see: See) -> None:
    seen = see()
    seen.bench.selection.hover(0)
    assert not seen.bench.guidance.arrows
    assert not seen.groove


def test_no_groove_is_worked_out_where_no_pointer_is(see: See) -> None:
    seen = see()
    seen.bench.guidance.show_arrows(True)
    seen.view.hide()
    seen.frames()
    seen.bench.selection.hover(None)  # what grew may have come under the pointer
    before = seen.bench.slicing.evaluations
    for value in (0.1, 0.2):
        seen.desk.turn(0, value)
        seen.frames()
    assert seen.bench.slicing.evaluations == before
    seen.bench.selection.hover(0)
    assert seen.bench.slicing.evaluations == before + 1


def test_the_pointer_brings_the_groove_to_a_knob_of_the_equation(see: See, qtbot: QtBot) -> None:
    seen = see()
    seen.bench.guidance.show_arrows(True)
    term = KnobTerm(seen.bench, seen.desk.mix.network.parameters[1])
    qtbot.addWidget(term)
    with qtbot.waitExposed(term):
        term.show()
    # The pointer may happen to rest where the window came up.
    QApplication.sendEvent(term.knob, QEvent(QEvent.Type.Leave))
    assert not term.knob.look.groove
    plain = term.knob.grab().toImage()

    middle = QPointF(term.knob.rect().center())
    QApplication.sendEvent(term.knob, QEnterEvent(middle, middle, middle))
    assert seen.bench.selection.hovered == 1
    assert term.knob.look.groove
    assert term.knob.grab().toImage() != plain
    QApplication.sendEvent(term.knob, QEvent(QEvent.Type.Leave))
    assert not term.knob.look.groove
    term.let_go()


def test_a_small_knob_of_a_layer_shows_the_groove_too(see: See, qtbot: QtBot) -> None:
    seen = see(deep())
    seen.bench.guidance.show_arrows(True)
    panel = NetworkPanel(seen.bench)
    qtbot.addWidget(panel)
    panel.resize(900, 420)
    with qtbot.waitExposed(panel):
        panel.show()
    seen.frames(3)
    (knob,) = (each for each in panel.findChildren(BoardKnob) if each.index == 5)
    board = knob.parentWidget()
    assert board is not None
    reds = []
    for arrows in (False, True):
        seen.bench.guidance.show_arrows(arrows)
        seen.bench.selection.hover(5)
        seen.frames(20)
        picture = board.grab(knob.geometry()).toImage()
        pixels = [
            picture.pixelColor(x, y)
            for x in range(picture.width())
            for y in range(picture.height())
        ]
        reds.append(sum(c.red() > c.green() + 30 and c.red() > c.blue() + 20 for c in pixels))
        seen.bench.selection.hover(None)
    assert reds[1] > reds[0] + 20


def test_a_slice_of_a_network_that_has_gone_is_not_put_into_words(see: See) -> None:
    seen = see(network_on(make("circle", seed=3, points=60), 3, (4,)))
    seen.bench.selection.choose(16)
    seen.desk.flush()
    seen.view.hide()
    seen.desk.put(neuron_on(make("noisy-line", seed=7), 7), "one neuron")
    seen.view.resize(seen.view.width() - 40, seen.view.height())
    seen.desk.flush()
    seen.view.show()
    assert seen.view.step.text().startswith("· next step")
