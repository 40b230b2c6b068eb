"""A look at the whole window: does everything on it say what a fresh evaluation says?"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget

from mixer_nn.core.arrays import FloatArray
from mixer_nn.session.mix import Mix
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.main_window import MainWindow
from mixer_nn.ui.mixer.knob_board import KnobBoard
from mixer_nn.ui.monitors.fit_field import GridPicture
from mixer_nn.ui.monitors.fit_line import LinePicture
from mixer_nn.ui.numbers import fixed, short
from tests.trust.truth import alike, fresh_loss, same

T = TypeVar("T")

SAMPLE = 6
"""Knobs that are looked at after each event; all of them now and then."""
MOST_UNDOS = 40


def look(window: MainWindow, chance: random.Random | None = None) -> None:
    """Check the window: a sample of the knobs by chance, or without it all."""
    bench, mix = window.bench, window.bench.desk.mix
    assert bench.desk.is_refining or not bench.desk.is_dirty, "a frame has passed"
    assert np.isfinite(mix.parameters).all()
    fresh = pytest.approx(fresh_loss(mix), rel=1e-9, abs=1e-20, nan_ok=True)
    assert bench.desk.losses[0] == fresh
    assert bench.readings.loss == fresh
    _look_at_numbers(window)
    _look_at_knobs(window, chance)
    if chance is None:
        _look_at_fit(window)


def _in_sight(widget: QWidget) -> bool:
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


def _look_at_numbers(window: MainWindow) -> None:
    readings = window.bench.readings
    for name, number in (
        ("loss", readings.loss),
        ("loss.best", readings.best_loss),
        ("loss.miss", readings.typical_miss),
    ):
        label = window.findChild(QLabel, name)
        assert label is not None
        if _in_sight(label) and number is not None:
            assert label.text().split(" ")[0] == short(number).split(" ")[0], name
    stack = window.bench.desk.undo_stack
    assert window.actions_["redo"].isEnabled() == stack.can_redo
    can_undo = stack.can_undo or window.bench.automix.playing
    assert window.actions_["undo"].isEnabled() == can_undo


def _look_at_knobs(window: MainWindow, chance: random.Random | None) -> None:
    mix, equation = window.bench.desk.mix, window.mixer.equation
    if equation.terms and equation.isVisible():
        assert len(equation.terms) == mix.network.parameter_count
        terms = list(zip(equation.terms, mix.network.parameters, strict=True))
        for term, parameter in _some(terms, chance):
            if not _in_sight(term):
                continue
            value, scale = (
                float(mix.parameters[parameter.index]),
                float(mix.scales[parameter.index]),
            )
            assert term.knob.value == value, parameter.id
            assert term.knob.locked == mix.locked[parameter.index]
            assert term.value.text() == fixed(value, scale), parameter.id
    boards = [board for board in window.findChildren(KnobBoard) if _in_sight(board)]
    positions = mix.parameters / mix.scales * 0.5 + 0.5
    for board in boards:
        if board._stale:
            continue  # it has just come into sight, and reads before it paints
        shown = slice(board.start, board.start + len(board.knobs))
        # Where the pointers are, or glide to: the boards paint what no widget holds.
        np.testing.assert_array_equal(board._target, positions[shown])
        np.testing.assert_array_equal(board._shown.locked, mix.locked[shown])
        for knob in _some(list(board.knobs), chance):
            assert knob.value == mix.parameters[knob.index]
    for large in window.mixer.findChildren(Knob, "selectedKnob"):
        chosen = window.bench.selection.chosen
        if _in_sight(large) and chosen is not None:
            assert large.value == mix.parameters[chosen]


def _some(things: list[T], chance: random.Random | None) -> list[T]:
    return things if chance is None else chance.sample(things, min(SAMPLE, len(things)))


def _heard(bench: Bench, inputs: FloatArray) -> FloatArray:
    """Predictions worked out afresh: muted parts left out; of two networks at once, mixed."""
    problem, listening = replace(bench.desk.mix.problem), bench.listening
    blend = listening.blend
    if blend is None:
        return problem.predict(bench.readings.heard, inputs)
    of_a, of_b = (problem.predict(listening.heard(end), inputs) for end in (blend.a, blend.b))
    return np.asarray((1.0 - blend.share) * of_a + blend.share * of_b)


def _look_at_fit(window: MainWindow) -> None:
    """What the fit draws, and what all views read, is what the network that is heard says."""
    bench, mix = window.bench, window.bench.desk.mix
    rows = bench.readings.shown_rows
    predicted = _heard(bench, mix.dataset.inputs[rows])
    np.testing.assert_array_equal(bench.readings.predictions, predicted)
    picture = window.fit.picture
    if bench.automix.playing or not _in_sight(window.fit):
        return
    if isinstance(picture, LinePicture):
        across, heights = picture.curve.getData()
        if across is not None and len(across):
            wanted = _heard(bench, across.reshape(-1, 1))[:, 0]
            low, high = picture.plot.ranges[1]
            # A line is not drawn on to where nobody can see it.
            seen = (wanted > low) & (wanted < high)
            np.testing.assert_allclose(heights[seen], wanted[seen], rtol=1e-9, atol=1e-12)
            assert not ((heights > low) & (heights < high) & ~seen).any()
    elif isinstance(picture, GridPicture):
        wanted = _heard(bench, picture.grid.inputs).T
        drawn = picture.values.reshape(wanted.shape)
        size = 1.0 + float(np.abs(wanted).max())
        if size < 1e100:  # beyond, sums in another order may or may not overflow
            # Pictures are worked out in single precision.
            np.testing.assert_allclose(drawn, wanted, rtol=1e-4, atol=1e-4 * size)


def look_at_undo(window: MainWindow) -> None:
    """Undo as far as it goes, or forty steps, and redo: everything is as it was."""
    bench = window.bench
    desk = bench.desk
    desk.let_go()
    bench.automix.pause()
    desk.leave_visit()
    bench.clock.tick(16.0)
    last = desk.mix
    passed: list[Mix] = []
    while desk.undo_stack.can_undo and len(passed) < MOST_UNDOS:
        desk.undo()
        passed.append(desk.mix)
    bench.clock.tick(16.0)
    look(window, random.Random(0))
    for mix in passed[-2::-1]:
        desk.redo()
        assert alike(desk.mix, mix)
    if passed:
        desk.redo()
        assert alike(desk.mix, last)
        again = desk.mix
        desk.undo()
        desk.redo()
        assert same(desk.mix, again)
    QApplication.processEvents()
    bench.clock.tick(16.0)


def strays(window: MainWindow) -> list[QWidget]:
    """Hidden windows: dialogs that were closed and live on, and what has lost its parent."""
    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget is not window
        and not widget.isVisible()
        and widget.objectName() not in ("workProgress", "channelView")  # they come again
        and (widget.parent() is None or isinstance(widget, QDialog))
    ]
