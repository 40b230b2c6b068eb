"""The inspector says what the chosen knob is and was, and what its next step is made of."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Setup, network_on, neuron_on
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.selected_knob import SelectedKnob
from mixer_nn.ui.monitors.inspector_view import InspectorView

PARTS = ("fromSlope", "fromL2", "fromL1", "carried", "decayed")


class Look:
    """A mix with its inspector in a window, and what stands in it."""

    def __init__(self, hidden: tuple[int, ...], size: tuple[int, int], setup: Setup) -> None:
        data = make("spiral" if hidden else "noisy-line", seed=7)
        mix = network_on(data, 7, hidden) if hidden else neuron_on(data, 7)
        self.bench = Bench(mix, Preferences(None), setup)
        self.desk = self.bench.desk
        self.window = QWidget()
        box = QVBoxLayout(self.window)
        box.setContentsMargins(0, 0, 0, 0)
        self.view = InspectorView(self.bench, self.window)
        box.addWidget(self.view)
        self.window.resize(*size)

    def frame(self) -> None:
        self.bench.clock.tick(16.0)

    def steps(self, count: int) -> None:
        for _ in range(count):
            self.bench.automix.step()
            self.frame()

    def find(self, key: str) -> QLabel | None:
        return self.view.findChild(QLabel, f"inspector.{key}")

    def says(self, key: str) -> str:
        label = self.find(key)
        assert label is not None, key
        assert label.isVisible(), key
        return label.text().strip()

    def number(self, key: str) -> float:
        return float(self.says(key).replace("−", "-"))


Open = Callable[..., Look]


@pytest.fixture
def open_look(
    qtbot: QtBot, dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Generator[Open]:
    monkeypatch.setattr(FrameClock, "wake", _sleep_on)
    looks: list[Look] = []

    def open_it(
        hidden: tuple[int, ...] = (4,), size: tuple[int, int] = (480, 300), **setup: object
    ) -> Look:
        look = Look(hidden, size, Setup(**setup))  # type: ignore[arg-type]
        qtbot.addWidget(look.window)
        with qtbot.waitExposed(look.window):
            look.window.show()
        look.window.activateWindow()
        qtbot.waitUntil(look.window.isActiveWindow)
        looks.append(look)
        return look

    yield open_it
    for look in looks:
        look.bench.automix.pause()
        look.desk.undo_stack.clear()
        vars(look).clear()


def _sleep_on(_: FrameClock) -> None:
    """In the place of `FrameClock.wake`."""


# -- figures ----------------------------------------------------------------------------------


def test_of_one_neuron_every_figure_is_that_of_a_fresh_evaluation(open_look: Open) -> None:
    look = open_look(())
    look.steps(6)
    mix, index = look.desk.mix, 0
    x, y = mix.dataset.inputs[:, 0], mix.dataset.targets[:, 0]
    w, b = mix.parameters
    slope, curvature = 2 * np.mean((w * x + b - y) * x), 2 * np.mean(x * x)
    assert look.says("name") == "weight w"
    assert look.number("value") == pytest.approx(w, abs=1e-3)
    assert look.number("initial") == pytest.approx(mix.initial[index], abs=1e-3)
    assert look.number("gradient") == pytest.approx(slope, rel=1e-3)
    assert look.number("curvature") == pytest.approx(curvature, rel=1e-3)
    assert look.number("floor") == pytest.approx(w - slope / curvature, rel=1e-3)
    assert look.says("mover") == "step 6"
    assert look.says("lock") == "free"
    rate = look.desk.learning_rate
    assert look.number("rate") == pytest.approx(rate, rel=1e-2)
    assert look.number("next") == pytest.approx(-rate * slope, rel=1e-3)
    assert look.says("sentence").startswith("No memory")
    assert look.view.past.past.values.tolist()[-1] == w


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_parts_add_up_to_the_step_that_comes(open_look: Open, optimizer: str) -> None:
    look = open_look(
        optimizer=optimizer,
        learning_rate=0.05,
        batch_size=16,
        l1=0.02,
        l2=0.03,
        decay=0.2,
        clip=0.05,
    )
    look.bench.selection.choose(4)
    look.steps(5)
    said = look.number("next")
    parts = [look.number(part) for part in PARTS if look.find(part)]
    assert sum(parts) == pytest.approx(said, rel=2e-3, abs=1e-6)
    before = look.desk.mix.parameters[4]
    look.steps(1)
    assert look.desk.mix.parameters[4] - before == pytest.approx(said, rel=1e-3)
    assert look.number("change") == pytest.approx(said, rel=1e-3)
    assert OPTIMIZERS[optimizer].title in look.says("optimizer")
    divided = optimizer in ("adagrad", "rmsprop", "adam", "adamw")
    assert (look.find("divisor") is not None) == divided
    assert (look.find("velocity") is not None) == (optimizer in ("momentum", "nesterov"))
    assert (look.find("unbiased") is not None) == optimizer.startswith("adam")
    assert (look.find("decayed") is not None) == (optimizer == "adamw")


def test_memory_is_what_the_optimizer_remembers(open_look: Open) -> None:
    look = open_look(optimizer="adam", learning_rate=0.05)
    look.bench.selection.choose(4)
    look.steps(5)
    mean, square = look.desk.mix.state.slots[:, 4]
    assert look.number("mean") == pytest.approx(mean, rel=1e-3)
    assert look.number("square") == pytest.approx(square, rel=1e-2)
    look.desk.set_setup(replace(look.desk.setup, optimizer="momentum"))
    look.steps(3)
    assert look.number("velocity") == pytest.approx(look.desk.mix.state.slots[0, 4], rel=1e-3)


def test_before_the_first_step_nothing_has_moved_it(open_look: Open) -> None:
    look = open_look()
    assert (look.says("change"), look.says("mover")) == ("–", "–")
    assert look.number("value") == look.number("initial")


def test_a_locked_knob_moves_by_nothing_and_says_why(open_look: Open) -> None:
    look = open_look(optimizer="momentum")
    look.bench.selection.choose(4)
    look.steps(3)
    look.desk.set_locked(4, True)
    look.steps(1)
    assert look.says("lock") == "locked"
    assert (look.says("change"), look.says("next"), look.says("carried")) == ("0", "0", "0")
    assert "leaves it" in look.says("sentence")


def test_a_hand_is_followed_in_every_frame_and_said_to_be_one(open_look: Open) -> None:
    look = open_look()
    look.steps(2)
    look.desk.touch(0)
    start = float(look.desk.mix.parameters[0])
    for value in (start + 0.25, start + 0.5):
        look.desk.turn(0, value)
        look.frame()
        assert look.number("value") == pytest.approx(value, abs=1e-3)
        assert look.number("change") == pytest.approx(value - start, rel=1e-3)
    assert (look.says("mover"), look.says("lock")) == ("a hand", "in a hand")
    look.desk.release(0)
    look.frame()
    assert look.says("lock") == "free"


def test_numbers_that_have_run_away_are_named_so(open_look: Open) -> None:
    look = open_look((), learning_rate=1e6)
    vector = np.array([np.nan, 1.0])
    look.desk.restore(look.desk.mix.with_parameters(vector))
    look.frame()
    look.window.grab()
    assert look.says("value") == "not a number"
    assert look.says("floor") == "none"
    assert "not a number" in look.view.past.describe() or "nothing" in look.view.past.describe()
    look.bench.selection.choose(1)
    look.window.grab()


def test_it_follows_the_choice_and_the_network(open_look: Open) -> None:
    look = open_look((4, 3))
    look.bench.selection.choose(13)
    parameter = look.desk.mix.network.parameters[13]
    assert parameter.id == "layer2.neuron1.weight2"
    assert look.says("name") == "weight w₂.₁.₂"
    assert "neuron 1 ← n2" in look.view.place.full_text
    problem = look.desk.mix.problem
    look.desk.rewire(replace(problem, network=replace(problem.network, sizes=(2, 1, 3, 1))), "x")
    look.frame()
    assert look.says("name") == "weight w₁.₁.₁"


# -- its parts, its room ----------------------------------------------------------------------


def test_every_figure_has_its_meaning_and_its_name_for_a_screen_reader(open_look: Open) -> None:
    look = open_look(optimizer="adamw", learning_rate=0.05, batch_size=16, l1=0.1, clip=1.0)
    look.steps(2)
    for table in (look.view.figures, look.view.step):
        for row in table.rows:
            figure = look.find(row.key)
            assert figure is not None
            assert figure.toolTip() == row.meaning != ""
            assert figure.accessibleName() == f"{row.term}: {figure.text().strip()}"
    assert look.view.past.accessibleName() == look.view.past.describe()


def test_numbers_that_change_move_nothing(open_look: Open) -> None:
    look = open_look(optimizer="adam", learning_rate=0.3, batch_size=16)

    def places() -> list[tuple[int, int, int, int]]:
        labels = look.view.findChildren(QLabel)
        boxes = [label.geometry() for label in labels if label.isVisible()]
        return [(box.x(), box.y(), box.width(), box.height()) for box in boxes]

    look.steps(1)
    QApplication.processEvents()
    before = places()
    look.steps(12)
    QApplication.processEvents()
    assert places() == before


@pytest.mark.parametrize("width", [300, 330, 400, 480, 640])
def test_at_any_width_no_figure_is_cut_off_at_the_side(open_look: Open, width: int) -> None:
    look = open_look(optimizer="adamw", size=(width, 280), batch_size=16, l1=0.1, clip=1.0)
    look.steps(2)
    QApplication.processEvents()
    room = look.view.area.viewport().rect()
    for table in (look.view.figures, look.view.step):
        for row in table.rows:
            figure = look.find(row.key)
            assert figure is not None
            corner = figure.mapTo(look.view.area.viewport(), QPoint(0, 0))
            assert corner.x() >= 0
            assert corner.x() + figure.width() <= room.width()
            assert figure.width() >= figure.fontMetrics().horizontalAdvance(figure.text())
    bar = look.view.area.verticalScrollBar()
    assert bar.isVisible() == (look.view._sheet.height() > room.height())


def test_the_keyboard_reaches_what_has_to_be_scrolled_to(open_look: Open) -> None:
    look = open_look(optimizer="adam", size=(300, 220))
    QTest.keyClick(look.window, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is look.view.area
    for _ in range(30):
        QTest.keyClick(look.view.area, Qt.Key.Key_Down)
    bar = look.view.area.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0


@pytest.mark.parametrize(("size", "beside"), [((480, 300), True), ((330, 300), False)])
def test_the_large_dial_has_a_place_and_nothing_is_said_twice(
    open_look: Open, size: tuple[int, int], beside: bool
) -> None:
    look = open_look(size=size)
    dial = SelectedKnob(look.bench)
    look.view.take_knob(dial)
    QApplication.processEvents()
    assert look.view.has_knob
    assert dial.isVisible()
    figures = look.view.figures
    right = dial.mapTo(look.view, QPoint(dial.width(), 0)).x()
    assert (right <= figures.mapTo(look.view, QPoint(0, 0)).x()) == beside
    keys = {row.key for row in figures.rows}
    assert not keys & {"value", "initial", "lock", "scale"}
    assert "gradient" in keys
    look.bench.guidance.show_arrows(True)
    assert "gradient" not in {row.key for row in figures.rows}, "the dial says its slope now"
    assert look.view.give_knob_back() is dial
    assert dial.parent() is None
    assert {"value", "gradient"} <= {row.key for row in figures.rows}
    assert look.view.give_knob_back() is None
    dial.deleteLater()


def test_a_dial_that_somebody_else_has_taken_is_missed_by_nobody(open_look: Open) -> None:
    look = open_look()
    dial = SelectedKnob(look.bench)
    look.view.take_knob(dial)
    box = look.window.layout()
    assert box is not None
    box.addWidget(dial)
    look.steps(1)
    assert not look.view.has_knob
    assert look.says("value")
    assert look.view.give_knob_back() is None
    assert dial.parent() is look.window


def test_while_it_runs_the_past_lags_four_frames_at_most_and_is_exact_when_paused(
    open_look: Open,
) -> None:
    look = open_look(learning_rate=0.01, tempo=62.5)
    look.bench.automix.play()
    behind = []
    for _ in range(12):
        look.frame()
        behind.append(look.desk.mix.moves - int(look.view.past.past.moves[-1]))
        assert look.number("value") == pytest.approx(look.desk.mix.parameters[0], abs=1e-3)
    assert 0 < max(behind) <= 4
    look.bench.automix.pause()
    assert look.view.past.past.moves[-1] == look.desk.mix.moves


# -- looking ----------------------------------------------------------------------------------


def test_looking_changes_nothing(open_look: Open) -> None:
    seen, unseen = (
        open_look(optimizer="adam", batch_size=16, learning_rate=0.05) for _ in range(2)
    )
    unseen.view.hide()
    for index in (0, 4, 9):
        seen.bench.selection.choose(index)
        for look in (seen, unseen):
            look.steps(4)
    assert seen.desk.mix.state.same(unseen.desk.mix.state)
    points, others = (look.desk.history.points[:, :-1] for look in (seen, unseen))  # no seconds
    assert np.array_equal(points, others, equal_nan=True)


def test_out_of_sight_it_asks_for_nothing_and_catches_up_when_seen(open_look: Open) -> None:
    look = open_look(optimizer="adam", learning_rate=0.05)
    look.view.hide()
    asked = look.bench.inspection.evaluations
    look.steps(5)
    look.bench.selection.choose(3)
    assert look.bench.inspection.evaluations == asked
    look.view.show()
    assert look.number("value") == pytest.approx(look.desk.mix.parameters[3], abs=1e-3)
    assert look.says("mover") == "step 5"
