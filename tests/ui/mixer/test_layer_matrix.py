"""The knobs of a network: turned by hand, by keys, together; read from the desk; in one pass."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAccessible, QHelpEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.core.network import Network
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import MAX_TEMPO, Setup, network_on
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.board_knob import BoardKnob
from mixer_nn.ui.mixer.network_panel import NetworkPanel
from mixer_nn.ui.mixer.selected_knob import SelectedKnob
from mixer_nn.ui.network_builder import set_hidden

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


class Stage:
    """A network's panel and its chosen knob in a window, and a hand at them."""

    def __init__(self, hidden: tuple[int, ...], data: str, size: tuple[int, int]) -> None:
        self.bench = Bench(network_on(make(data, seed=7), 7, hidden), Preferences(None))
        self.desk = self.bench.desk
        self.window = QWidget()
        row = QHBoxLayout(self.window)
        self.panel = NetworkPanel(self.bench)
        self.chosen = SelectedKnob(self.bench)
        row.addWidget(self.panel, 1)
        row.addWidget(self.chosen)
        self.window.resize(*size)

    def knob(self, name: str) -> BoardKnob:
        found = self.window.findChild(BoardKnob, name)
        assert found is not None, name
        return found

    def frames(self, count: int = 1) -> None:
        for _ in range(count):
            self.bench.clock.tick(16.0)

    def settle(self) -> None:
        self.frames(8)
        QApplication.processEvents()

    def value(self, name: str) -> float:
        index = next(p.index for p in self.desk.mix.network.parameters if p.id == name)
        return float(self.desk.mix.parameters[index])

    def drag(self, widget: QWidget, dy: int, keys: Qt.KeyboardModifier = NONE) -> None:
        at = widget.rect().center()
        QTest.mousePress(widget, LEFT, keys, at)
        for step in range(1, 5):
            QTest.mouseMove(widget, at - QPoint(0, dy * step // 4))
            self.frames()
        QTest.mouseRelease(widget, LEFT, keys, at - QPoint(0, dy))
        self.frames()

    def click(self, widget: QWidget, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(widget, LEFT, keys, widget.rect().center())
        self.frames()

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, keys)
        self.frames()

    @property
    def focus(self) -> str:
        widget = QApplication.focusWidget()
        return "" if widget is None else widget.objectName()

    def play(self) -> None:
        self.desk.set_setup(Setup(tempo=120.0, learning_rate=0.05))
        self.bench.automix.play()

    def wheel(self, widget: QWidget, angle: int) -> bool:
        middle = QPointF(widget.rect().center())
        event = QWheelEvent(
            middle, QPointF(widget.mapToGlobal(middle)), QPoint(), QPoint(0, angle),
            Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        event.ignore()
        QApplication.sendEvent(widget, event)
        return event.isAccepted()


Open = Callable[..., Stage]


@pytest.fixture
def open_stage(
    qtbot: QtBot, dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Generator[Open]:
    """Open a window on a network, in which time passes only frame by frame."""
    monkeypatch.setattr(FrameClock, "wake", _sleep_on)
    stages: list[Stage] = []

    def open_it(
        hidden: tuple[int, ...] = (4, 3), data: str = "spiral", size: tuple[int, int] = (1100, 420)
    ) -> Stage:
        stage = Stage(hidden, data, size)
        qtbot.addWidget(stage.window)
        with qtbot.waitExposed(stage.window):
            stage.window.show()
        stage.window.activateWindow()
        qtbot.waitUntil(stage.window.isActiveWindow)
        stage.settle()
        stages.append(stage)
        return stage

    yield open_it
    for stage in stages:
        stage.bench.automix.pause()
        stage.desk.undo_stack.clear()
        vars(stage).clear()


def _sleep_on(_: FrameClock) -> None:
    """In the place of `FrameClock.wake`."""


# -- each a whole control ---------------------------------------------------------------------


def test_every_parameter_has_a_knob_that_a_screen_reader_can_read_and_set(
    open_stage: Open,
) -> None:
    stage = open_stage()
    for parameter in stage.desk.mix.network.parameters:
        face = QAccessible.queryAccessibleInterface(stage.knob(parameter.id))
        assert face.role() == QAccessible.Role.Dial
        assert face.text(QAccessible.Text.Name)
        assert face.text(QAccessible.Text.Description).startswith(("weight,", "bias,"))
        value = face.valueInterface()
        assert value.currentValue() == stage.desk.mix.parameters[parameter.index]
    value = QAccessible.queryAccessibleInterface(
        stage.knob("layer2.neuron1.weight3")
    ).valueInterface()
    value.setCurrentValue(1.375)
    assert stage.value("layer2.neuron1.weight3") == 1.375
    assert stage.desk.undo_stack.count == 1


def test_the_knobs_of_a_board_paint_nothing_themselves(open_stage: Open) -> None:
    own = [kind for kind in BoardKnob.__mro__ if kind.__module__.startswith("mixer_nn")]
    assert not any("paintEvent" in vars(kind) for kind in own)
    stage = open_stage()
    assert not any(k.updatesEnabled() for k in stage.window.findChildren(BoardKnob))


@pytest.mark.qt_log_ignore("plugin does not support raise", extend=True)
def test_a_tooltip_tells_name_place_value_and_slope(open_stage: Open) -> None:
    stage = open_stage()
    stage.bench.guidance.show_arrows(True)
    knob = stage.knob("layer2.neuron3.weight2")
    at = knob.rect().center()
    QApplication.sendEvent(knob, QHelpEvent(QEvent.Type.ToolTip, at, knob.mapToGlobal(at)))
    lines = knob.toolTip().splitlines()
    QToolTip.hideText()
    assert lines[0] == "weight w₂.₃.₂ · LAYER 2 · neuron 3 ← n2"
    assert lines[1].startswith("value ")
    assert lines[2].startswith("slope ")
    assert "for a lower loss" in lines[2]


# -- the hand ---------------------------------------------------------------------------------


def test_a_drag_turns_the_parameter_as_one_step_of_undo(open_stage: Open) -> None:
    stage = open_stage()
    name = "layer1.neuron3.weight2"
    before = stage.value(name)
    stage.drag(stage.knob(name), 25)
    assert stage.value(name) == pytest.approx(before + 8.0 * 25 / 250)
    assert stage.knob(name).value == stage.value(name)
    assert not stage.desk.touched
    assert stage.desk.undo_stack.count == 1
    stage.desk.undo()
    assert stage.knob(name).value == before


def test_shift_is_fine_and_a_click_moves_nothing(open_stage: Open) -> None:
    stage = open_stage()
    name = "layer1.neuron1.bias"
    before = stage.value(name)
    stage.click(stage.knob(name))
    assert stage.value(name) == before
    stage.knob(name).setFocus()
    stage.key(Qt.Key.Key_Up, SHIFT)
    assert stage.value(name) == pytest.approx(before + 8.0 * 0.001)


def test_a_held_knob_stays_to_the_last_bit_while_the_others_are_trained(open_stage: Open) -> None:
    stage = open_stage()
    knob = stage.knob("layer2.neuron1.weight1")
    stage.play()
    stage.frames(3)
    QTest.mousePress(knob, LEFT, NONE, knob.rect().center())
    held, others = stage.value(knob.objectName()), stage.desk.mix.parameters
    stage.frames(10)
    assert stage.value(knob.objectName()) == held == knob.value
    assert np.count_nonzero(stage.desk.mix.parameters != others) >= others.size - 2
    QTest.mouseRelease(knob, LEFT, NONE, knob.rect().center())
    stage.frames(3)
    assert stage.value(knob.objectName()) != held


def test_a_panel_that_is_let_go_has_nothing_moving_or_held(open_stage: Open) -> None:
    stage = open_stage()
    knob = stage.knob("layer1.neuron1.weight1")
    stage.desk.turn(5, 2.0)
    stage.frames()
    QTest.mousePress(knob, LEFT, NONE, knob.rect().center())
    stage.panel.let_go()
    assert not stage.desk.touched
    assert not any(
        thing is layer.board for layer in stage.panel.layers for thing in stage.bench.clock._moving
    )


def test_undo_under_the_hand_takes_the_knob_from_it(open_stage: Open) -> None:
    stage = open_stage()
    knob = stage.knob("layer1.neuron1.weight1")
    QTest.mousePress(knob, LEFT, NONE, knob.rect().center())
    QTest.mouseMove(knob, knob.rect().center() - QPoint(0, 30))
    stage.desk.undo()
    stage.frames()
    assert not knob.is_held
    assert not stage.desk.touched


def test_typing_reset_and_lock(open_stage: Open) -> None:
    stage = open_stage()
    knob = stage.knob("layer1.neuron2.weight1")
    initial = knob.value
    knob.setFocus(Qt.FocusReason.TabFocusReason)
    for letter in "7.3":
        QTest.keyClicks(QApplication.focusWidget() or stage.window, letter)
    stage.key(Qt.Key.Key_Return)
    assert stage.value(knob.objectName()) == 7.3
    assert knob.taper.high == 8.0
    assert stage.panel.layers[0].board._badges == {knob.index: "×2"}
    stage.key(Qt.Key.Key_L)
    assert stage.desk.mix.locked[knob.index]
    assert knob.locked
    stage.key(Qt.Key.Key_Delete)
    assert stage.value(knob.objectName()) == initial


def test_picked_knobs_turn_together_by_the_same_travel(open_stage: Open) -> None:
    stage = open_stage()
    names = ["layer1.neuron1.weight1", "layer1.neuron2.weight2", "layer2.neuron1.bias"]
    stage.desk.set_scale(stage.knob(names[2]).index, 8.0)
    steps = stage.desk.undo_stack.count
    before = [stage.value(name) for name in names]
    stage.click(stage.knob(names[0]))
    stage.click(stage.knob(names[1]), SHIFT)
    stage.click(stage.knob(names[2]), SHIFT)
    assert stage.desk.undo_stack.count == steps
    assert stage.panel.bank.picked == {stage.knob(name).index for name in names}
    stage.drag(stage.knob(names[1]), 25)
    turned = np.array([stage.value(name) for name in names]) - before
    np.testing.assert_allclose(turned, [0.8, 0.8, 1.6])
    assert stage.desk.undo_stack.count == steps + 1
    stage.desk.undo()
    assert [stage.value(name) for name in names] == before
    stage.click(stage.knob(names[1]), SHIFT)  # no longer one of them
    stage.click(stage.knob("layer2.neuron2.bias"))
    assert not stage.panel.bank.picked


def test_picking_works_from_the_keyboard(open_stage: Open) -> None:
    stage = open_stage()
    stage.knob("layer1.neuron1.weight1").setFocus(Qt.FocusReason.TabFocusReason)
    stage.key(Qt.Key.Key_Space, CONTROL)
    stage.key(Qt.Key.Key_Right, CONTROL)
    stage.key(Qt.Key.Key_Space, CONTROL)
    before = stage.desk.mix.parameters
    stage.key(Qt.Key.Key_Up)
    changed = np.flatnonzero(stage.desk.mix.parameters != before)
    assert changed.tolist() == [0, 3]
    stage.key(Qt.Key.Key_L)
    assert np.flatnonzero(stage.desk.mix.locked).tolist() == [0, 3]
    stage.key(Qt.Key.Key_Escape)
    assert not stage.panel.bank.picked


# -- focus and selection ----------------------------------------------------------------------


# -- picking with a frame ---------------------------------------------------------------------


def middle_of(stage: Stage, name: str) -> QPoint:
    """Where a knob is on the panel."""
    knob = stage.knob(name)
    return knob.mapTo(stage.panel, knob.rect().center())


def beside(stage: Stage) -> QPoint:
    """An empty place of the panel: left of the knobs of the first layer, above the first row."""
    board = stage.panel.layers[0].board
    return board.mapTo(stage.panel, QPoint(-6, -4))


def under(stage: Stage, at: QPoint) -> tuple[QWidget, QPoint]:
    """What the mouse would meet there, and where on it."""
    widget = stage.panel.childAt(at) or stage.panel
    return widget, widget.mapFrom(stage.panel, at)


def frame(stage: Stage, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    """Draw a frame, with the button left down."""
    widget, at = under(stage, start)
    QTest.mousePress(widget, LEFT, keys, at)
    for step in (1, 2, 3, 4):
        QTest.mouseMove(widget, at + (end - start) * step / 4)
        stage.frames()


def let_up(stage: Stage, start: QPoint, end: QPoint) -> None:
    widget, at = under(stage, start)
    QTest.mouseRelease(widget, LEFT, NONE, at + (end - start))
    stage.frames()


def indices(stage: Stage, *names: str) -> set[int]:
    return {stage.knob(name).index for name in names}


def test_a_frame_beside_the_knobs_picks_all_within_that_then_turn_together(
    open_stage: Open,
) -> None:
    stage = open_stage()
    mix, start = stage.desk.mix, beside(stage)
    end = middle_of(stage, "layer1.neuron2.weight2") + QPoint(4, 4)
    band = stage.window.findChild(QWidget, "pickBand")
    assert band is not None
    frame(stage, start, end)
    assert band.isVisible()
    assert band.geometry() == QRect(start, end).normalized()
    let_up(stage, start, end)
    assert not band.isVisible()
    wanted = indices(stage, *(f"layer1.neuron{n}.weight{w}" for n in (1, 2) for w in (1, 2)))
    assert stage.panel.bank.picked == wanted
    assert stage.desk.mix is mix, "picking is looking"
    assert stage.focus == "layer1.neuron1.weight1"
    stage.key(Qt.Key.Key_Up)
    assert set(np.flatnonzero(stage.desk.mix.parameters != mix.parameters).tolist()) == wanted
    stage.key(Qt.Key.Key_Escape)
    assert not stage.panel.bank.picked


def test_a_frame_reaches_over_layers_and_with_shift_adds(open_stage: Open) -> None:
    stage = open_stage()
    stage.click(stage.knob("layer1.neuron1.bias"))
    stage.click(stage.knob("layer1.neuron3.bias"), SHIFT)
    before = stage.panel.bank.picked
    assert len(before) == 2
    one, other = (middle_of(stage, f"{n}.weight1") for n in ("layer1.neuron4", "layer2.neuron1"))
    start = QPoint(one.x() - 8, beside(stage).y())
    end = QPoint(other.x() + 6, max(one.y(), other.y()) + 2)
    frame(stage, start, end, SHIFT)
    let_up(stage, start, end)
    added = stage.panel.bank.picked - before
    assert before < stage.panel.bank.picked
    assert indices(stage, "layer1.neuron4.weight1", "layer2.neuron1.weight1") <= added
    assert not added & indices(stage, "layer1.neuron3.weight1", "layer2.neuron2.weight1")


def test_a_press_beside_the_knobs_picks_none_and_takes_the_focus_off(open_stage: Open) -> None:
    stage = open_stage()
    stage.click(stage.knob("layer1.neuron1.bias"))
    stage.click(stage.knob("layer1.neuron3.bias"), SHIFT)
    start = beside(stage)
    widget, at = under(stage, start)
    QTest.mouseClick(widget, LEFT, NONE, at)
    assert not stage.panel.bank.picked
    assert not isinstance(QApplication.focusWidget(), BoardKnob)


def test_escape_gives_a_frame_up_and_so_does_another_network(open_stage: Open) -> None:
    stage = open_stage()
    stage.click(stage.knob("layer1.neuron1.bias"))
    stage.click(stage.knob("layer1.neuron3.bias"), SHIFT)
    before, start = stage.panel.bank.picked, beside(stage)
    end = middle_of(stage, "layer1.neuron2.weight1")
    frame(stage, start, end)
    assert stage.panel.bank.picked not in (before, frozenset())
    stage.key(Qt.Key.Key_Escape)
    assert stage.panel.bank.picked == before
    let_up(stage, start, end)
    assert stage.panel.bank.picked == before
    frame(stage, start, end)
    set_hidden(stage.desk, (2,), "smaller")
    stage.frames()
    stage.key(Qt.Key.Key_Escape)
    let_up(stage, start, end)
    assert not stage.panel.bank.picked


def test_tab_stops_once_in_each_layer_and_comes_back_to_the_last_knob(open_stage: Open) -> None:
    stage = open_stage()
    stage.knob("layer1.neuron3.weight2").setFocus()
    stage.knob("layer2.neuron2.bias").setFocus()
    stage.knob("layer1.neuron1.weight1").setFocus()
    seen = []
    for _ in range(40):
        stage.key(Qt.Key.Key_Tab)
        seen.append(stage.focus)
        if stage.focus == "layer1.neuron1.weight1":
            break
    knobs = [name for name in seen if ".neuron" in name and name[-4:] not in ("mute", "solo")]
    assert knobs == ["layer2.neuron2.bias", "layer3.neuron1.weight1", "layer1.neuron1.weight1"]


def test_arrows_with_control_walk_over_the_boards(open_stage: Open) -> None:
    stage = open_stage()
    stage.knob("layer1.neuron4.weight1").setFocus()
    way = (
        (Qt.Key.Key_Down, "layer1.neuron4.weight2"),
        (Qt.Key.Key_Down, "layer1.neuron4.bias"),
        (Qt.Key.Key_Down, "layer1.neuron4.bias"),
        (Qt.Key.Key_Right, "layer2.neuron1.weight3"),
        (Qt.Key.Key_Up, "layer2.neuron1.weight2"),
        (Qt.Key.Key_Left, "layer1.neuron4.weight2"),
        (Qt.Key.Key_Left, "layer1.neuron3.weight2"),
    )
    before = stage.desk.mix
    for key, name in way:
        stage.key(key, CONTROL)
        assert stage.focus == name
    assert stage.desk.mix is before


def test_a_click_chooses_and_the_large_copy_turns_the_same_parameter(open_stage: Open) -> None:
    stage = open_stage()
    knob = stage.knob("layer2.neuron3.weight2")
    stage.click(knob)
    title = stage.window.findChild(QLabel, "selectedKnob.title")
    assert title is not None
    assert title.text() == "LAYER 2 · neuron 3 ← n2"
    assert stage.chosen.knob.value == knob.value
    stage.drag(stage.chosen.knob, 50)
    assert knob.value == stage.chosen.knob.value == stage.value(knob.objectName())
    assert stage.desk.undo_stack.count == 1
    stage.drag(knob, -20)
    stage.settle()
    assert stage.chosen.knob.value == knob.value
    shown = stage.window.findChild(QLabel, "selectedKnob.value")
    assert shown is not None
    assert float(shown.text().replace("−", "-")) == pytest.approx(knob.value, abs=1e-3)


def test_the_large_copy_says_which_way(open_stage: Open) -> None:
    stage = open_stage()
    stage.bench.guidance.show_arrows(True)
    slope = stage.window.findChild(QLabel, "selectedKnob.slope")
    assert slope is not None
    gradient = stage.bench.readings.gradient
    for index in (int(gradient.argmax()), int(gradient.argmin())):
        stage.bench.selection.choose(index)
        stage.frames()
        assert slope.text().endswith("↺ lower" if gradient[index] > 0 else "↻ raise")
        assert stage.chosen.knob.look.slope == -np.sign(gradient[index])


def test_choosing_another_knob_ends_the_hold_of_the_large_copy(open_stage: Open) -> None:
    stage = open_stage()
    large = stage.chosen.knob
    QTest.mousePress(large, LEFT, NONE, large.rect().center())
    assert stage.desk.touched == {0}
    stage.bench.selection.choose(5)
    assert not stage.desk.touched


# -- the desk ---------------------------------------------------------------------------------


def picture(stage: Stage, layer: int) -> QImage:
    return stage.panel.layers[layer - 1].board.grab().toImage()


def cells_that_differ(stage: Stage, layer: int, before: QImage, after: QImage) -> set[str]:
    board = stage.panel.layers[layer - 1].board
    return {
        knob.objectName()
        for knob in board.knobs
        if before.copy(board.cell(knob.index)) != after.copy(board.cell(knob.index))
    }


def test_another_value_changes_the_picture_of_that_knob_alone(open_stage: Open) -> None:
    stage = open_stage()
    before = picture(stage, 2)
    name = "layer2.neuron2.weight4"
    stage.desk.turn(stage.knob(name).index, 2.5)
    stage.settle()
    after = picture(stage, 2)
    assert cells_that_differ(stage, 2, before, after) == {name}
    stage.desk.turn(stage.knob(name).index, -2.5)
    stage.settle()
    assert cells_that_differ(stage, 2, after, picture(stage, 2)) == {name}


def test_only_what_changed_is_painted_again(
    open_stage: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = open_stage()
    board = stage.panel.layers[0].board
    asked: list[object] = []
    monkeypatch.setattr(board, "update", asked.append)
    index = stage.knob("layer1.neuron2.weight1").index
    stage.desk.turn(index, 1e-9 + stage.desk.mix.parameters[index])
    stage.settle()
    assert asked == []
    stage.desk.turn(index, 3.0)
    stage.settle()
    assert {rect.getRect() for rect in asked if isinstance(rect, QRect)} == {
        board.cell(index).getRect()
    }


@pytest.mark.parametrize("value", [4.0, -4.0, 0.0, -1.0, 1e200])
def test_any_finite_value_has_a_place_on_the_dial(open_stage: Open, value: float) -> None:
    stage = open_stage()
    knob = stage.knob("layer1.neuron1.weight1")
    stage.desk.turn(knob.index, value)
    stage.settle()
    assert knob.value == value
    assert 0.0 <= knob.look.position <= 1.0
    assert not picture(stage, 1).isNull()


def test_arrows_ghosts_and_locks_are_painted(open_stage: Open) -> None:
    stage = open_stage()
    stage.desk.set_setup(Setup(learning_rate=5.0))
    plain = picture(stage, 1)
    stage.bench.guidance.show_arrows(True)
    stage.settle()
    guided = picture(stage, 1)
    assert len(cells_that_differ(stage, 1, plain, guided)) == 12
    index = stage.knob("layer1.neuron1.weight2").index
    assert stage.knob("layer1.neuron1.weight2").look.ghost is not None
    stage.desk.set_locked(index, True)
    stage.settle()
    assert stage.knob("layer1.neuron1.weight2").look.ghost is None
    locked = cells_that_differ(stage, 1, guided, picture(stage, 1))
    assert locked == {"layer1.neuron1.weight2"}


def test_hovering_lights_the_knob_in_both_places(open_stage: Open) -> None:
    stage = open_stage()
    stage.click(stage.knob("layer1.neuron1.weight1"))
    before = picture(stage, 1)
    stage.bench.selection.hover(stage.knob("layer1.neuron2.bias").index)
    assert cells_that_differ(stage, 1, before, picture(stage, 1)) == {"layer1.neuron2.bias"}
    QTest.mouseMove(stage.knob("layer1.neuron1.weight1"), QPoint(5, 5))
    QApplication.processEvents()


def test_out_of_sight_nothing_is_worked_out(open_stage: Open) -> None:
    stage = open_stage()
    stage.bench.guidance.show_arrows(True)
    stage.window.hide()
    count = stage.bench.readings.evaluations
    stage.desk.turn(3, 1.5)
    stage.settle()
    assert stage.bench.readings.evaluations == count
    assert stage.knob("layer1.neuron2.weight1").value == 1.5  # but the number is never stale
    stage.window.show()
    stage.settle()
    assert stage.panel.layers[0].board._shown.dials[3] > 64


def test_while_it_trains_every_knob_shows_the_desks_value(open_stage: Open) -> None:
    stage = open_stage()
    stage.play()
    stage.desk.set_setup(replace(stage.desk.setup, tempo=MAX_TEMPO))
    for _ in range(5):
        stage.frames()
        for layer in stage.panel.layers:
            board, mix = layer.board, stage.desk.mix
            part = slice(board.start, board.start + len(board.knobs))
            np.testing.assert_array_equal([k.value for k in board.knobs], mix.parameters[part])
            shown = (mix.parameters[part] / mix.scales[part] * 0.5 + 0.5) * (
                board._pieces().positions - 1
            )
            np.testing.assert_allclose(board._shown.dials, shown, atol=0.51)


# -- other networks ---------------------------------------------------------------------------


def rewire(stage: Stage, hidden: tuple[int, ...]) -> None:
    problem = stage.desk.mix.problem
    sizes = (problem.network.sizes[0], *hidden, problem.network.sizes[-1])
    network = Network(sizes, ("tanh",) * len(hidden) + ("linear",))
    stage.desk.rewire(replace(problem, network=network), "another network")
    stage.settle()


def test_a_neuron_more_keeps_the_knobs_there_are(open_stage: Open) -> None:
    stage = open_stage((4, 3))
    kept = {name: stage.knob(name) for name in ("layer1.neuron4.bias", "layer2.neuron1.weight4")}
    rewire(stage, (5, 3))
    for name, knob in kept.items():
        assert stage.knob(name) is knob
        assert knob.value == stage.value(name)
    rewire(stage, (2,))
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    names = sorted(knob.objectName() for knob in stage.window.findChildren(BoardKnob))
    assert names == sorted(p.id for p in stage.desk.mix.network.parameters)
    assert [layer.title(stage.panel.size_of_knobs) for layer in stage.panel.layers] == [
        "LAYER 1",
        "OUTPUT",
    ]
    stage.drag(stage.knob("layer2.neuron1.weight2"), 20)
    assert stage.knob("layer2.neuron1.weight2").value == stage.value("layer2.neuron1.weight2")


def test_the_chosen_parameter_stays_chosen_in_another_network(open_stage: Open) -> None:
    stage = open_stage((4, 3))
    stage.click(stage.knob("layer2.neuron2.weight1"))
    rewire(stage, (6, 3))
    chosen = stage.bench.selection.chosen
    assert chosen == stage.knob("layer2.neuron2.weight1").index == stage.chosen.index
    rewire(stage, (2,))
    assert stage.bench.selection.chosen is None


def test_between_another_network_and_its_frame_nothing_breaks(open_stage: Open) -> None:
    stage = open_stage((4, 3))
    problem = stage.desk.mix.problem
    network = Network((2, 1), ("linear",))
    stage.desk.rewire(replace(problem, network=network), "one neuron")
    stage.bench.guidance.show_arrows(True)
    stage.panel.grab()
    stage.chosen.grab()
    stage.settle()
    assert len(stage.window.findChildren(BoardKnob, "layer1.neuron1.bias")) == 1


def test_another_network_under_the_hand(open_stage: Open) -> None:
    stage = open_stage((4, 3))
    knob = stage.knob("layer2.neuron3.weight4")
    QTest.mousePress(knob, LEFT, NONE, knob.rect().center())
    rewire(stage, (2,))
    assert not stage.desk.touched
    stage.bench.selection.choose(8)
    stage.frames()


def test_the_activation_in_the_head_can_be_asked_for(open_stage: Open, qtbot: QtBot) -> None:
    stage = open_stage()
    button = stage.panel.layers[1].activation
    assert button.text() == "tanh"
    with qtbot.waitSignal(stage.panel.activation_asked, check_params_cb=lambda n: n == 2):
        stage.click(button)


# -- scrolling --------------------------------------------------------------------------------


def test_rows_scroll_with_heads_and_bias_pinned(open_stage: Open) -> None:
    stage = open_stage((16, 16), size=(1200, 330))
    matrix = stage.panel.layers[1]
    assert matrix.hidden_rows > 0
    bias, first, last = (
        stage.knob(f"layer2.neuron1.{part}") for part in ("bias", "weight1", "weight16")
    )
    where = bias.geometry()
    assert bias.isVisible()
    assert first.isVisible()
    assert not last.isVisible()
    for _ in range(16):
        stage.wheel(stage.panel, -120)
    assert last.isVisible()
    assert not first.isVisible()
    assert bias.geometry() == where
    bias.setFocus()
    stage.key(Qt.Key.Key_Up, CONTROL)
    assert stage.focus == "layer2.neuron1.weight16"
    for _ in range(15):
        stage.key(Qt.Key.Key_Up, CONTROL)
    assert stage.focus == "layer2.neuron1.weight1"
    assert first.isVisible()


def in_sight(stage: Stage, layer: int) -> bool:
    return stage.panel.layers[layer - 1].board.is_in_sight


def test_layers_scroll_sideways_to_the_focus_and_by_the_overview(open_stage: Open) -> None:
    stage = open_stage((8,) * 6, size=(900, 420))
    overview = stage.panel.overview
    assert overview.isVisible()
    assert (in_sight(stage, 1), in_sight(stage, 7)) == (True, False)
    QTest.mouseClick(overview, LEFT, NONE, QPoint(overview.width() - 2, 8))
    assert (in_sight(stage, 1), in_sight(stage, 7)) == (False, True)
    stage.knob("layer1.neuron1.weight1").setFocus()
    assert (in_sight(stage, 1), in_sight(stage, 7)) == (True, False)
    for _ in range(48):
        stage.key(Qt.Key.Key_Right, CONTROL)
    assert stage.focus.startswith("layer7")
    assert in_sight(stage, 7)


def test_what_comes_into_sight_is_up_to_date(open_stage: Open) -> None:
    stage = open_stage((8,) * 6, size=(900, 420))
    knob = stage.knob("layer7.neuron1.bias")
    stage.desk.turn(knob.index, 4.0)
    stage.settle()
    assert not in_sight(stage, 7)
    knob.setFocus()
    board = stage.panel.layers[6].board
    board.grab()
    assert board._shown.dials[-1] == board._pieces().positions - 1
