"""The Fit monitor on classes: whose each place is, where that changes, and the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from mixer_nn.core.dataset import Dataset
from mixer_nn.core.losses import probability, softmax
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.class_marks import class_colour, class_symbol, short_names
from mixer_nn.ui.monitors.fit_class_line import ClassLinePicture
from mixer_nn.ui.monitors.fit_classes import ClassFieldPicture
from mixer_nn.ui.monitors.fit_monitor import FitMonitor

Clusters = Callable[..., Dataset]


def field(monitor: FitMonitor) -> ClassFieldPicture:
    assert isinstance(monitor.picture, ClassFieldPicture)
    return monitor.picture


def logits(rig: Any, monitor: FitMonitor) -> np.ndarray:
    """What the network itself says at each cell, (cells, outputs)."""
    mix = rig.desk.mix
    return np.asarray(mix.problem.predict(mix.parameters, field(monitor).grid.inputs))


def hue(number: int) -> QColor:
    return QColor(int(number) & 0xFFFFFF)


def hand_on(rig: Any) -> None:
    """Turn every knob a little, so that the field is not all of one class."""
    for index, value in enumerate(rig.desk.mix.parameters):
        rig.desk.turn(index, 3.0 * float(value))
    rig.desk.flush()


def test_two_classes_are_blue_and_orange_on_their_sides_of_the_line(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(2), 4)
    monitor = rig.fit()
    show(monitor)
    hand_on(rig)

    expected = logits(rig, monitor)[:, 0]
    np.testing.assert_allclose(field(monitor).values[0].ravel(), expected, rtol=1e-3, atol=1e-4)
    colours = field(monitor).field.colours.T.ravel()
    sure = [int(np.argmax(expected)), int(np.argmin(expected))]
    assert expected[sure[0]] > 0.5 > -0.5 > expected[sure[1]]
    assert hue(colours[sure[0]]).blue() > hue(colours[sure[0]]).red()
    assert hue(colours[sure[1]]).red() > hue(colours[sure[1]]).blue()


def test_the_decision_line_is_where_both_classes_are_as_probable(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(2), 4)
    monitor = rig.fit()
    show(monitor)
    hand_on(rig)

    x, y = field(monitor).decision.getData()

    mix = rig.desk.mix
    at_line = mix.problem.predict(mix.parameters, np.column_stack([x, y]))
    assert len(x) > 20
    np.testing.assert_allclose(probability(at_line), 0.5, atol=0.02)


def test_discretised_there_are_two_colours_and_the_line_stays(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(2), 4)
    monitor = rig.fit()
    show(monitor)
    hand_on(rig)
    shades = len(np.unique(field(monitor).field.colours))
    line = field(monitor).decision.getData()[0]

    monitor.discretised.click()

    assert shades > 20
    colours = field(monitor).field.colours.T.ravel()
    assert len(np.unique(colours)) == 2
    positive = logits(rig, monitor)[:, 0] > 0.0
    assert len(np.unique(colours[positive])) == len(np.unique(colours[~positive])) == 1
    np.testing.assert_array_equal(field(monitor).decision.getData()[0], line)

    monitor.discretised.click()
    assert len(np.unique(field(monitor).field.colours)) == shades


@pytest.mark.parametrize("classes", [3, 5])
def test_of_more_classes_each_place_has_the_colour_of_the_likeliest(
    make_rig: Any, show: Any, clusters: Clusters, classes: int
) -> None:
    rig = make_rig(clusters(classes), 6)
    monitor = rig.fit()
    show(monitor)
    hand_on(rig)
    monitor.discretised.click()

    winners = logits(rig, monitor).argmax(axis=1)
    colours = field(monitor).field.colours.T.ravel()

    seen = {winner: set(colours[winners == winner]) for winner in np.unique(winners)}
    assert len(seen) > 1
    assert all(len(found) == 1 for found in seen.values())
    assert len(set.union(*seen.values())) == len(seen)
    assert not monitor.scale.isVisible()


def test_lines_between_more_classes_are_where_the_two_likeliest_change_places(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(4), 6)
    monitor = rig.fit()
    show(monitor)
    hand_on(rig)

    x, y = field(monitor).decision.getData()

    mix = rig.desk.mix
    outputs = mix.problem.predict(mix.parameters, np.column_stack([x, y]))
    ranked = np.sort(softmax(outputs), axis=1)
    assert len(x) > 20
    np.testing.assert_allclose(ranked[:, -1], ranked[:, -2], atol=0.03)


@pytest.mark.parametrize("classes", [2, 4])
def test_rows_are_told_apart_by_shape_as_well_as_by_colour(
    make_rig: Any, show: Any, clusters: Clusters, classes: int
) -> None:
    dataset = clusters(classes).split(0.25, np.random.default_rng(0))
    rig = make_rig(dataset)
    monitor = rig.fit()
    show(monitor)

    marks = field(monitor).marks
    symbols = [train.opts["symbol"] for train, _ in marks]
    colours = [train.opts["brush"].color().name() for train, _ in marks]
    assert len(set(symbols)) == len(set(colours)) == classes
    for index, (train, held_out) in enumerate(marks):
        mine = dataset.labels == index
        np.testing.assert_array_equal(
            train.getData()[0], dataset.inputs[mine & ~dataset.held_out, 0]
        )
        np.testing.assert_array_equal(
            held_out.getData()[1], dataset.inputs[mine & dataset.held_out, 1]
        )
    assert [entry.text for entry in monitor.legend.entries] == [
        *dataset.classes,
        "held out",
        "decision line",
    ]


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("count", [2, 3, 5])
def test_class_colours_stand_out_from_the_ground_and_from_each_other(name: str, count: int) -> None:
    colours = theme.load(name)
    classes = [class_colour(colours, index, count) for index in range(count)]

    for colour in classes:
        assert _contrast(colour, QColor(colours.panel)) >= 3.0
    taken = [colours.positive, colours.negative] if count > 2 else []
    everything = [*classes, *map(QColor, taken)]
    for index, one in enumerate(everything):
        for other in everything[:index]:
            assert np.abs(_channels(one) - _channels(other)).sum() > 0.24


def _contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.1, contrast ratio."""
    low, high = sorted(_luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    channels = _channels(colour)
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _channels(colour: QColor) -> np.ndarray:
    return np.array([colour.redF(), colour.greenF(), colour.blueF()])


def test_ten_classes_share_colours_but_no_mark() -> None:
    colours = theme.load("dark")
    marks = {(class_colour(colours, i, 10).name(), class_symbol(i)) for i in range(10)}

    assert len(marks) == 10


def test_short_names_still_tell_the_classes_apart() -> None:
    assert short_names(("setosa", "versicolor", "B")) == ("set.", "ver.", "B")
    assert short_names(("class one", "class two")) == ("1", "2")


def test_in_a_narrow_panel_all_classes_are_still_in_the_legend(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(4))
    monitor = rig.fit()
    show(monitor, 300, 220)

    names = list(rig.desk.mix.dataset.classes)
    assert [e.text for e in monitor.key.fitting()][:4] in (names, list(short_names(tuple(names))))
    assert monitor.key.isVisible()
    assert not monitor.legend.entries

    monitor.resize(900, 400)
    QApplication.processEvents()
    assert [entry.text for entry in monitor.legend.fitting()][:4] == names
    assert not monitor.key.isVisible()


def test_the_mouse_says_the_class_of_a_row_and_how_surely_it_is_predicted(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    dataset = clusters(2)
    rig = make_rig(dataset)
    monitor = rig.fit()
    show(monitor)
    logit = float(rig.readings.predictions[0, 0])
    guess = int(logit > 0.0)
    share = 1.0 / (1.0 + np.exp(-abs(logit)))

    rig.at(monitor.plot, *dataset.inputs[0])

    said = monitor.read_out.full_text
    assert f", low, predicted {dataset.classes[guess]} at " in said
    assert float(said.split(" at ")[1].split()[0]) == pytest.approx(100.0 * share, abs=0.06)


def test_the_hinge_has_scores_and_no_probabilities(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(2))
    problem = replace(rig.desk.mix.problem, loss_name="hinge")
    rig.desk.put(replace(rig.desk.mix, problem=problem), "take the hinge loss")
    monitor = rig.fit()
    show(monitor)

    assert monitor.scale.accessibleName() == "Colours: score of middling from 0 to 1.00"
    rig.at(monitor.plot, *rig.desk.mix.dataset.inputs[5])
    assert "score" in monitor.read_out.full_text


def test_the_field_of_classes_lags_at_most_four_frames_and_is_exact_when_paused(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(3), 4)
    monitor = rig.fit()
    show(monitor)
    shown, drawn = field(monitor).values, 0
    rig.start(steps=1)
    for _ in range(20):
        rig.clock.tick(16.0)
        drawn += field(monitor).values is not shown
        shown = field(monitor).values
    assert 5 <= drawn <= 7

    rig.automix.pause()
    rig.clock.tick(16.0)

    np.testing.assert_allclose(
        field(monitor).values.reshape(3, -1).T, logits(rig, monitor), rtol=1e-3, atol=1e-4
    )


def test_a_field_nobody_sees_is_not_worked_out(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(2), 4)
    monitor = rig.fit()
    show(monitor)
    monitor.hide()
    before = rig.readings.evaluations

    rig.turn(0, 2.0)
    assert rig.readings.evaluations == before

    monitor.show()
    QApplication.processEvents()
    np.testing.assert_allclose(
        field(monitor).values[0].ravel(), logits(rig, monitor)[:, 0], rtol=1e-3, atol=1e-4
    )


def test_knobs_beyond_all_numbers_leave_the_rows_and_no_line(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    for classes in (2, 3):
        rig = make_rig(clusters(classes), 3)
        monitor = rig.fit()
        show(monitor)

        for index in range(rig.desk.mix.parameters.size):
            rig.desk.turn(index, -1.7e308 if index % 2 else 1.7e308)
        rig.desk.flush()

        assert len(field(monitor).decision.getData()[0]) == 0
        assert sum(len(train.getData()[0]) for train, _ in field(monitor).marks) == 60
        monitor.grab()


def test_the_light_theme_has_colours_of_its_own(
    make_rig: Any, show: Any, clusters: Clusters, dressed: QApplication
) -> None:
    rig = make_rig(clusters(3), 4)
    monitor = rig.fit()
    show(monitor)
    dark = field(monitor).field.colours.copy()

    theme.apply(dressed, "light")
    QApplication.processEvents()

    assert not np.array_equal(field(monitor).field.colours, dark)
    light = class_colour(theme.load("light"), 0, 3)
    assert field(monitor).marks[0][0].opts["brush"].color() == light


def test_along_one_input_the_curve_is_the_probability_and_rows_lie_at_0_and_1(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    dataset = clusters(2, inputs=1)
    rig = make_rig(dataset, 3)
    monitor = rig.fit()
    show(monitor)
    rig.turn(0, 2.0)

    picture = monitor.picture
    assert isinstance(picture, ClassLinePicture)
    (curve,) = picture.curves
    x, y = curve.getData()
    mix = rig.desk.mix
    expected = probability(mix.problem.predict(mix.parameters, x[:, np.newaxis]))[:, 0]
    np.testing.assert_allclose(y, expected, rtol=1e-9)
    for index, (train, _) in enumerate(picture.marks):
        assert set(train.getData()[1]) == {float(index)}
    places = picture.decision.getData()[0]
    outputs = mix.problem.predict(mix.parameters, places[:, np.newaxis])
    np.testing.assert_allclose(outputs, 0.0, atol=1e-3)


def test_along_one_input_more_classes_have_a_curve_each(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(3, inputs=1), 3)
    monitor = rig.fit()
    show(monitor)

    picture = monitor.picture
    assert isinstance(picture, ClassLinePicture)
    total = sum(curve.getData()[1] for curve in picture.curves)
    assert len(picture.curves) == 3
    np.testing.assert_allclose(total, 1.0)
    ticks = [float(text) for text in monitor.plot.axes["left"]._texts.values()]
    assert max(ticks) == 1.0


def test_other_data_bring_as_many_classes_as_they_have(
    make_rig: Any, show: Any, clusters: Clusters
) -> None:
    rig = make_rig(clusters(2))
    monitor = rig.fit()
    show(monitor)
    other = make_rig(clusters(5)).desk.mix

    rig.desk.put(other, "take other data")
    rig.desk.flush()
    assert len(field(monitor).marks) == 5

    rig.desk.undo()
    rig.desk.flush()
    assert len(field(monitor).marks) == 2
    assert monitor.scale.isVisible()
