"""The Maths view: which formula, live numbers, what lights what, copies, the check."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mixer_nn.core.dataset import Dataset
from mixer_nn.core.formula import Place
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import network_on
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.monitors.maths_box import Hand, figure
from mixer_nn.ui.monitors.maths_view import MathsView

Open = Callable[..., tuple[Bench, MathsView]]


@pytest.fixture
def opened(dressed: QApplication, show: Any) -> Generator[Open]:
    """A shown view on any data, with hidden layers of so many neurons."""
    benches: list[Bench] = []

    def open_it(
        dataset: Dataset | None = None,
        *hidden: int,
        size: tuple[int, int] = (440, 360),
        **kind: Any,
    ) -> tuple[Bench, MathsView]:
        data = make("noisy-line", seed=7) if dataset is None else dataset
        kind.setdefault("scaled", False)
        bench = Bench(network_on(data, 7, hidden, **kind), Preferences(None))
        benches.append(bench)
        view = MathsView(bench)
        show(view, *size)
        return bench, view

    yield open_it
    for bench in benches:
        bench.clock.stop()
        bench.desk.undo_stack.clear()


def text(view: MathsView) -> str:
    """What is copied: all that is shown."""
    view.copy_text.click()
    return QGuiApplication.clipboard().text()


def painted(view: MathsView) -> list[str]:
    return [ink.text.strip() for ink in view.sheet.page.inks]


def lit_row(bench: Bench) -> int | None:
    return bench.spotlight.row


def lit_knob(bench: Bench) -> int | None:
    return bench.selection.hovered


def lit_neuron(bench: Bench) -> tuple[int, int] | None:
    return bench.selection.pointed


def turn(bench: Bench, index: int, value: float) -> None:
    bench.desk.turn(index, value)
    bench.desk.flush()


def point(view: MathsView, place: Place) -> None:
    """Put the pointer on the smallest thing that stands for a place."""
    spots = [spot for spot in view.sheet.page.spots if spot.place == place]
    rect = min(spots, key=lambda spot: spot.rect.width()).rect
    at = rect.center().toPoint() if rect.width() < 60 else rect.topRight().toPoint()
    QTest.mouseMove(view.sheet, QPoint(min(at.x(), view.sheet.width() - 2), at.y() + 1))


# -- which formula ------------------------------------------------------------------------------


def test_one_neuron_shows_the_school_formula_with_its_numbers(opened: Open) -> None:
    bench, view = opened()
    x, y = (
        float(values[0, 0])
        for values in (bench.desk.mix.dataset.inputs, bench.desk.mix.dataset.targets)
    )
    w, b = bench.desk.mix.parameters
    miss = w * x + b - y

    shown = painted(view)

    assert figure(2.0 * miss * x) in shown
    assert figure(miss * miss) in shown
    assert figure(float(bench.readings.gradient[0])) in shown
    assert "∂L₁/∂ŷ = 2(ŷ − y)" in text(view)


def test_another_knob_has_another_formula(opened: Open) -> None:
    bench, view = opened()
    assert "∂ŷ/∂w = x" in text(view)

    bench.selection.choose(1)

    assert "∂ŷ/∂b = 1" in text(view)
    assert figure(float(bench.readings.gradient[1])) in painted(view)


def test_turning_a_knob_by_hand_is_followed_in_the_same_frame(opened: Open) -> None:
    bench, view = opened()

    turn(bench, 0, 3.25)

    assert "3.250" in painted(view)
    assert figure(bench.derivations.of(0, 0).pull) in painted(view)


def test_while_auto_mix_plays_it_lags_four_frames_at_most_and_is_exact_after(opened: Open) -> None:
    bench, view = opened()
    setup = replace(bench.desk.setup, tempo=62.5, learning_rate=0.001)
    bench.desk.set_setup(setup)
    bench.automix.play()
    seen = set()
    for _ in range(12):
        bench.clock.tick(16.0)
        seen.add(figure_of_gradient(view))
    assert len(seen) >= 3
    bench.automix.pause()
    bench.clock.tick(16.0)
    assert figure(float(bench.readings.gradient[0])) in painted(view)


def figure_of_gradient(view: MathsView) -> str:
    bold = [ink.text for ink in view.sheet.page.inks if ink.hand is Hand.BOLD]
    return bold[-1]


def test_live_numbers_move_nothing_else(opened: Open) -> None:
    bench, view = opened(make("spiral", seed=1), 4)
    bench.selection.choose(3)

    def still() -> list[tuple[float, float, str]]:
        page = view.sheet.page
        return [(ink.x, ink.y, ink.text) for ink in page.inks if ink.path is None]

    values = [-0.75, -0.31, 1.5, -0.01, -0.86]
    bench.desk.touch(3)
    for value in values:
        turn(bench, 3, value)  # slots get as wide as they need to be, and stay so
    before, slots = still(), [ink.right for ink in view.sheet.page.inks if ink.path]
    for value in values:
        turn(bench, 3, value)
        assert still() == before
        assert [ink.right for ink in view.sheet.page.inks if ink.path] == slots

    bench.desk.release(3)
    bench.desk.flush()
    assert [ink.right for ink in view.sheet.page.inks if ink.path] != slots  # set for rest


def test_a_sign_that_flips_is_written(opened: Open) -> None:
    bench, view = opened()
    turn(bench, 1, 2.5)
    assert "+ 2.500" in painted(view)
    turn(bench, 1, -2.5)
    assert "− 2.500" in painted(view)


def test_classes_losses_and_features_have_formulas_too(opened: Open, clusters: Any) -> None:
    _, two = opened(make("spiral", seed=1), 4, features=("x1^2",))
    assert "p − y" in text(two)
    bench, three = opened(clusters(3), 4)
    bench.selection.choose(bench.desk.mix.parameters.size - 1)
    assert "p₃ − y₃" in text(three)


def test_scaled_data_are_said_to_be_in_training_units(opened: Open) -> None:
    _, view = opened(scaled=True)
    assert "Forward: row 1, in training units" in painted(view)


def test_penalties_and_batches_are_set_apart(opened: Open) -> None:
    bench, view = opened()
    assert not view.note.isVisible()
    bench.desk.set_setup(replace(bench.desk.setup, l2=0.1, batch_size=10))
    assert "L2 penalty" in view.note.text()
    assert "batch of 10 rows" in view.note.text()
    bench.selection.choose(1)  # a bias is not pulled
    assert "L2" not in view.note.text()


def test_numbers_beyond_all_bounds_are_shown_as_such(opened: Open) -> None:
    bench, view = opened(make("noisy-line", seed=7), 3)
    turn(bench, 0, 1e300)
    turn(bench, bench.desk.mix.parameters.size - 2, 1e308)
    view.grab()
    turn(bench, bench.desk.mix.parameters.size - 1, 1e308)
    assert view.sheet.page.inks


# -- layers -------------------------------------------------------------------------------------


def test_layers_of_a_deep_network_unfold_by_mouse_and_keyboard(opened: Open) -> None:
    bench, view = opened(make("spiral", seed=1), 3, 4, 2)
    bench.selection.choose(0)
    assert "δ₁.₁·∂z₁.₁/∂w₁.₁.₁" in text(view)
    assert "δ₂.₁·w₂.₁.₁" not in text(view)

    QTest.mouseClick(view.sheet._folds[1], Qt.MouseButton.LeftButton)
    assert "δ₂.₁·w₂.₁.₁" in text(view)
    assert "δ" in painted(view)

    view.activateWindow()
    view.sheet._folds[2].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view.sheet._folds[2], Qt.Key.Key_Space)
    assert "Layer 2" in painted(view)
    QTest.keyClick(view.sheet._folds[2], Qt.Key.Key_Space)
    assert "Layer 2" not in painted(view)


# -- rows ---------------------------------------------------------------------------------------


def test_rows_are_stepped_typed_and_wrap_round(opened: Open) -> None:
    bench, view = opened()
    view.rows.after.click()
    assert "Forward: row 2" in text(view)
    view.rows.before.click()
    view.rows.before.click()
    assert f"Forward: row {bench.desk.mix.dataset.rows}" in text(view)
    view.rows.box.setFocus()
    view.rows.box.selectAll()
    QTest.keyClicks(view.rows.box, "17")
    QTest.keyClick(view.rows.box, Qt.Key.Key_Return)
    assert "Forward: row 17" in text(view)
    QTest.keyClick(view.rows.box, Qt.Key.Key_Up)
    assert "Forward: row 18" in text(view)


def test_a_lit_point_is_followed_and_goes_along(opened: Open) -> None:
    bench, view = opened()
    bench.spotlight.light(5)
    assert "Forward: row 6" in painted(view)
    assert view.rows.row == 5
    view.rows.after.click()
    assert lit_row(bench) == 6
    bench.spotlight.light(None)
    view.rows.after.click()
    assert lit_row(bench) is None
    assert "Forward: row 8" in painted(view)


def test_a_held_out_row_is_shown_but_said_not_to_count(opened: Open) -> None:
    dataset = make("noisy-line", seed=7).split(0.25, np.random.default_rng(0))
    bench, view = opened(dataset)
    out = int(np.flatnonzero(dataset.held_out)[0])
    bench.spotlight.light(out)
    assert f"Row {out + 1} is held out" in view.note.text()
    assert "it does not count" in text(view)
    assert f"over all {int((~dataset.held_out).sum())} training rows" in text(view)
    bench.spotlight.light(int(np.flatnonzero(~dataset.held_out)[0]))
    assert not view.note.isVisible()


def test_other_data_with_fewer_rows_have_a_row_to_show(opened: Open, plane: Any) -> None:
    bench, view = opened()
    view.rows.box.setValue(40)
    mix = network_on(plane(2, rows=7), 1, ())
    bench.desk.replace_all(mix, bench.desk.setup)
    bench.desk.flush()
    assert view.rows.box.maximum() == 7
    assert "Forward: row 7" in text(view)


# -- pointing -----------------------------------------------------------------------------------


def test_a_factor_under_the_pointer_lights_its_place_in_the_mixer(opened: Open) -> None:
    bench, view = opened(make("spiral", seed=1), 4, size=(440, 800))
    weight = next(p for p in bench.desk.mix.network.parameters if p.id == "layer2.neuron1.weight1")

    point(view, Place(parameter=weight.index))
    assert lit_knob(bench) == weight.index
    assert lit_neuron(bench) is None

    point(view, Place(neuron=(1, 1)))
    assert lit_knob(bench) is None
    assert lit_neuron(bench) == (1, 1)

    point(view, Place(neuron=(0, 1)))
    assert lit_neuron(bench) == (0, 1)

    QApplication.sendEvent(view.sheet, QEvent(QEvent.Type.Leave))
    assert (lit_knob(bench), lit_neuron(bench)) == (None, None)


def test_a_hidden_view_points_at_nothing(opened: Open) -> None:
    bench, view = opened(make("spiral", seed=1), 4, size=(440, 800))
    point(view, Place(neuron=(1, 1)))
    assert lit_neuron(bench) == (1, 1)
    view.hide()
    assert lit_neuron(bench) is None


def test_the_loss_points_at_the_output(opened: Open) -> None:
    bench, view = opened(make("spiral", seed=1), 4, size=(440, 800))
    point(view, Place())
    assert lit_neuron(bench) == (2, 1)


def test_what_the_mixer_points_at_lights_its_factors(opened: Open) -> None:
    bench, view = opened(make("spiral", seed=1), 4)
    assert not view.sheet.lit
    bench.selection.hover(0)
    assert {spot.place.parameter for spot in view.sheet.lit} == {0}
    bench.selection.hover(None)
    bench.selection.point_at((1, 1))
    assert {spot.place.neuron for spot in view.sheet.lit} == {(1, 1)}
    view.grab()


def test_the_keys_go_from_place_to_place_and_choose_a_knob(opened: Open) -> None:
    bench, view = opened(make("spiral", seed=1), 4)
    view.activateWindow()
    view.sheet.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.sheet.lit  # so the focus is seen
    places = []
    for _ in range(len(view.sheet.page.spots)):
        QTest.keyClick(view.sheet, Qt.Key.Key_Down)
        places.append(view.sheet.lit[0].place)
    assert set(places) == {spot.place for spot in view.sheet.page.spots}
    while lit_knob(bench) in (None, 0):
        QTest.keyClick(view.sheet, Qt.Key.Key_Up)
    wanted = lit_knob(bench)
    QTest.keyClick(view.sheet, Qt.Key.Key_Return)
    assert bench.selection.chosen == wanted
    QTest.keyClick(view.sheet, Qt.Key.Key_Escape)
    assert lit_knob(bench) is None
    assert "∂L/∂" in view.sheet.accessibleDescription()


def test_a_click_on_a_weight_chooses_its_knob(opened: Open) -> None:
    bench, view = opened(make("spiral", seed=1), 4, size=(440, 800))
    weight = next(p for p in bench.desk.mix.network.parameters if p.id == "layer2.neuron1.weight1")
    point(view, Place(parameter=weight.index))
    spot = view.sheet.lit[0].rect.center().toPoint()
    QTest.mouseClick(view.sheet, Qt.MouseButton.LeftButton, pos=spot)
    assert bench.selection.chosen == weight.index
    assert "∂L/∂w₂.₁.₁" in text(view)


def test_of_another_knob_the_chain_rule_is_in_sight(opened: Open) -> None:
    bench, view = opened(make("spiral", seed=1), 4, size=(440, 260))
    for index in (4, 9):
        bench.selection.choose(index)
        QApplication.processEvents()
        assert view.area.verticalScrollBar().value() == round(view.sheet.page.tops[1])
        view.area.verticalScrollBar().setValue(0)
        turn(bench, index, 0.5)
        QApplication.processEvents()
        assert view.area.verticalScrollBar().value() == 0


def test_words_without_room_are_told_under_the_pointer(opened: Open) -> None:
    _, view = opened(size=(345, 360))
    rect = next(rect for rect, words in view.sheet.page.tips if words == "mean squared error")
    assert "mean squared error" not in painted(view)
    assert view.sheet.words_at(QPointF(rect.center()).toPoint()) == "mean squared error"


# -- copies and the check -----------------------------------------------------------------------


def test_latex_goes_to_the_clipboard(opened: Open) -> None:
    bench, view = opened()
    view.copy_latex.click()
    copied = QGuiApplication.clipboard().text()
    assert r"\frac{\partial L}{\partial w}" in copied
    gradient = figure(float(bench.readings.gradient[0])).replace("−", "-")
    assert gradient in copied


def test_the_check_shows_both_derivatives_and_stays_true(opened: Open) -> None:
    bench, view = opened()
    view.checking.click()
    found = bench.derivations.check(0)
    shown = painted(view)
    for value in (found.analytic, found.numeric):
        assert f"{value:.10g}".replace("-", "−") in shown
    assert f"They agree to {found.digits} digits." in " ".join(shown)
    QApplication.processEvents()
    bar = view.area.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    turn(bench, 0, 2.0)
    again = bench.derivations.check(0)
    assert f"{again.analytic:.10g}".replace("-", "−") in painted(view)
    view.checking.click()
    assert "Check: a finite difference" not in painted(view)


# -- looks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [330, 480])
@pytest.mark.parametrize("hidden", [(), (4,), (8, 8, 8)], ids=len)
def test_nothing_is_cut_off_at_the_sides(opened: Open, width: int, hidden: tuple[int, ...]) -> None:
    bench, view = opened(make("spiral", seed=1) if hidden else None, *hidden, size=(width, 300))
    assert view.width() == width
    view.checking.click()
    for index in (0, bench.desk.mix.parameters.size - 1):
        bench.selection.choose(index)
        for ink in view.sheet.page.inks:
            right = ink.x + view.sheet._setter.width(ink.text, ink.hand)
            assert ink.x >= 0.0
            assert right <= view.sheet.width() + 1.0, ink.text


def test_other_themes_and_zoom_are_taken_over(opened: Open, dressed: QApplication) -> None:
    _, view = opened()
    before = view.sheet.page.height
    theme.apply(dressed, "light", zoom=1.5)
    QApplication.processEvents()
    assert view.sheet.page.height > 1.3 * before
    assert all(font.pixelSize() >= 12 for font in view.sheet._setter.fonts.values())
    theme.apply(dressed, "dark", zoom=1.0)


# -- what looking costs and changes -------------------------------------------------------------


def test_looking_changes_nothing(opened: Open) -> None:
    bench, view = opened(make("spiral", seed=1), 4, 3)
    before, mix, points = bench.desk.revision, bench.desk.mix, bench.desk.history.points.copy()
    view.rows.after.click()
    for switch in view.sheet._folds.values():
        switch.click()
    view.checking.click()
    text(view)
    point(view, Place(neuron=(1, 1)))
    bench.selection.choose(7)
    assert bench.desk.mix is mix
    assert bench.desk.revision == before
    np.testing.assert_array_equal(bench.desk.history.points, points)


def test_hidden_it_costs_nothing(opened: Open) -> None:
    bench, view = opened()
    view.hide()
    before = bench.derivations.evaluations, bench.readings.evaluations
    turn(bench, 0, 3.0)
    bench.selection.choose(1)
    bench.spotlight.light(3)
    bench.desk.set_setup(replace(bench.desk.setup, l2=0.1))
    assert (bench.derivations.evaluations, bench.readings.evaluations) == before
    view.show()
    QApplication.processEvents()
    assert "Forward: row 4" in painted(view)
    assert "∂ŷ/∂b" in text(view)
