"""The preview of a table with classes to predict and texts to predict from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableView,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mixer_nn import assets
from mixer_nn.data.columns import Table
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.table import parse_table
from mixer_nn.ui import theme
from mixer_nn.ui.dialogs.class_pictures import ClassCounts, ClassPoints
from mixer_nn.ui.dialogs.input_list import InputList
from mixer_nn.ui.dialogs.table_preview import TablePreview
from mixer_nn.ui.dialogs.thumbnail import Fit, FitThumbnail
from mixer_nn.ui.monitors.class_marks import class_colour

Faults = Callable[[QWidget], list[str]]
Shown = Callable[[Table], TablePreview]
W = TypeVar("W", bound=QWidget)


def _part(dialog: QWidget, kind: type[W], name: str) -> W:
    part = dialog.findChild(kind, name)
    assert isinstance(part, kind)
    return part


def _iris() -> Table:
    return parse_table(assets.text("datasets/iris.csv"), "iris.csv")


def _pets(classes: int = 3) -> Table:
    """Two measures, a colour of three, legs in whole numbers, and a kind of so many classes."""
    rng = np.random.default_rng(3)
    lines = ["height (cm),weight (kg),colour,legs,kind"]
    for row in range(90):
        height, weight = rng.normal(30 + 10 * (row % classes), 3), rng.normal(5, 1)
        colour = ("black", "brown", "white")[row % 7 % 3]
        lines.append(f"{height:.2f},{weight:.2f},{colour},{2 + row % 2 * 2},kind {row % classes}")
    return parse_table("\n".join(lines), "pets.csv")


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    def show(table: Table) -> TablePreview:
        dialog = TablePreview(table)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return show


def predict(dialog: TablePreview, title: str) -> None:
    """Choose a target by its line in the box, with the keyboard."""
    box = _part(dialog, QComboBox, "target")
    box.setFocus()
    for _ in range(box.count()):
        QTest.keyClick(box, Qt.Key.Key_Up)
    while box.currentText() != title:
        before = box.currentIndex()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() == before + 1, f"no {title}"


def test_targets_of_both_kinds_are_offered_and_the_last_numbers_chosen(shown: Shown) -> None:
    dialog = shown(_pets())
    box = _part(dialog, QComboBox, "target")
    assert [box.itemText(place) for place in range(box.count())] == [
        *("height (cm)", "weight (kg)", "colour (3 classes)", "legs", "legs (2 classes)"),
        "kind (3 classes)",
    ]
    assert box.currentText() == "legs"


def test_a_text_becomes_the_target_and_gives_classes(shown: Shown) -> None:
    dialog = shown(_iris())
    predict(dialog, "species (3 classes)")
    wanted = load_shipped("iris")
    mix = dialog.result_mix(1)
    assert mix.dataset.classes == wanted.classes
    np.testing.assert_array_equal(mix.dataset.targets, wanted.targets)
    assert mix.problem.loss_name == "cross-entropy"
    np.testing.assert_array_equal(mix.dataset.inputs, wanted.inputs)


def test_inputs_chosen_by_hand_stay_with_another_target(shown: Shown) -> None:
    dialog = shown(_iris())
    inputs = _part(dialog, InputList, "inputs")
    inputs.tick("sepal width", on=False)
    box = _part(dialog, QComboBox, "target")
    box.setCurrentIndex(box.findText("species (3 classes)"))
    assert inputs.chosen == ("sepal length", "petal length")
    box.setCurrentIndex(box.findText("petal length"))  # species takes its place
    assert inputs.chosen == ("sepal length", "species")


def test_whole_numbers_are_numbers_or_classes_as_chosen(shown: Shown) -> None:
    dialog = shown(_pets())
    assert dialog.result_mix(0).dataset.classes == ()
    predict(dialog, "legs (2 classes)")
    assert dialog.result_mix(0).dataset.classes == ("2", "4")
    assert _part(dialog, InputList, "inputs").chosen == ("height", "weight")
    predict(dialog, "legs")
    assert dialog.result_mix(0).dataset.classes == ()


def test_texts_can_be_ticked_as_inputs_and_say_how_many_categories(shown: Shown) -> None:
    dialog = shown(_pets())
    inputs = _part(dialog, InputList, "inputs")
    assert [inputs.item(row).text() for row in range(inputs.count())] == [
        *("height (cm)", "weight (kg)", "colour (3 categories)", "kind (3 categories)")
    ]
    inputs.setFocus()
    for _ in range(2):
        QTest.keyClick(inputs, Qt.Key.Key_Down)
    QTest.keyClick(inputs, Qt.Key.Key_Space)
    chosen: tuple[str, ...] = inputs.chosen
    assert chosen == ("height", "weight", "colour")
    columns = dialog.result_mix(0).dataset.input_columns
    assert [column.name for column in columns] == [
        *("height", "weight", "colour=black", "colour=brown", "colour=white")
    ]


def test_a_text_that_becomes_the_target_is_no_input_any_more(shown: Shown) -> None:
    dialog = shown(_pets())
    inputs = _part(dialog, InputList, "inputs")
    inputs.tick("kind")
    predict(dialog, "kind (3 classes)")
    # On the way the box went over colour, legs and legs as classes: each was swapped back.
    assert "kind" not in inputs.chosen
    assert dialog.prepared is not None
    assert dialog.prepared.dataset.classes == ("kind 0", "kind 1", "kind 2")


def test_redundant_categories_turn_scaling_on_and_say_why(shown: Shown) -> None:
    dialog = shown(_pets())
    _part(dialog, InputList, "inputs").tick("colour")
    assert _part(dialog, QCheckBox, "scaleSwitch").isChecked()
    assert "some inputs follow from others" in _part(dialog, QLabel, "why").text()


def test_two_inputs_show_the_classes_as_coloured_points(shown: Shown, dressed: str) -> None:
    dialog = shown(_pets())
    predict(dialog, "kind (3 classes)")
    _part(dialog, InputList, "inputs").tick("legs", on=False)
    thumbnail = _part(dialog, FitThumbnail, "fitThumbnail")
    assert isinstance(thumbnail.fit, ClassPoints)
    assert (thumbnail.fit.x_title, thumbnail.fit.y_title) == ("height (cm)", "weight (kg)")
    seen = _colours(thumbnail)
    for index in range(3):
        assert class_colour(theme.current(), index, 3).name() in seen


def test_other_classes_show_how_many_rows_each_has(shown: Shown, dressed: str) -> None:
    dialog = shown(_iris())
    assert isinstance(_part(dialog, FitThumbnail, "fitThumbnail").fit, Fit)
    predict(dialog, "species (3 classes)")
    thumbnail = _part(dialog, FitThumbnail, "fitThumbnail")
    counts = thumbnail.fit
    assert isinstance(counts, ClassCounts)
    assert counts.trained.tolist() == [50, 50, 50]
    assert "33.3 %" in thumbnail.accessibleDescription()
    assert class_colour(theme.current(), 2, 3).name() in _colours(thumbnail)


def _colours(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


def test_held_out_rows_are_hollow_in_both_pictures(shown: Shown) -> None:
    dialog = shown(_pets())
    predict(dialog, "kind (3 classes)")
    _part(dialog, InputList, "inputs").tick("legs", on=False)
    thumbnail = _part(dialog, FitThumbnail, "fitThumbnail")
    before = thumbnail.grab().toImage()
    _part(dialog, QSpinBox, "heldOut").setValue(30)
    points = thumbnail.fit
    assert isinstance(points, ClassPoints)
    assert points.held_out.sum() == 27
    assert "hollow: held out" in points.caption
    assert thumbnail.grab().toImage() != before
    _part(dialog, InputList, "inputs").tick("legs")
    counts = thumbnail.fit
    assert isinstance(counts, ClassCounts)
    assert counts.held_out.sum() == 27
    assert "hollow: held out" in counts.caption


def test_too_many_categories_are_refused_with_the_sentence(shown: Shown) -> None:
    rows = (f"{i},a{i % 9},b{i % 8},{i * 1.5}" for i in range(60))
    dialog = shown(parse_table("\n".join(["x,one,two,y", *rows]), "many.csv"))
    inputs = _part(dialog, InputList, "inputs")
    inputs.tick("one")
    inputs.tick("two")
    assert "make 18 inputs" in _part(dialog, QLabel, "problem").text()
    assert not _part(dialog, QPushButton, "accept").isEnabled()
    inputs.tick("x", on=False)
    inputs.tick("two", on=False)
    assert dialog.result_mix(0).network.sizes == (9, 1)


def test_the_first_rows_show_the_categories_and_what_they_are_used_for(shown: Shown) -> None:
    dialog = shown(_pets())
    predict(dialog, "kind (3 classes)")
    model = _part(dialog, QTableView, "rows").model()
    assert model.index(1, 4).data() == "kind 1"
    assert model.headerData(4, Qt.Orientation.Horizontal) == "kind\ntarget"
    assert model.headerData(2, Qt.Orientation.Horizontal) == "colour\ntext"
    assert "“colour” is text and is not chosen" in _part(dialog, QTextEdit, "leftOut").toPlainText()


def test_a_table_of_texts_alone_can_be_mixed(qtbot: QtBot, shown: Shown) -> None:
    rows = (f"{('sun', 'rain')[i % 2]},{('out', 'in')[i % 3 % 2]}" for i in range(12))
    dialog = shown(parse_table("\n".join(["weather,where", *rows]), "day.csv"))
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    mix = dialog.result_mix(0)
    assert [column.name for column in mix.dataset.input_columns] == ["weather=rain", "weather=sun"]
    assert mix.dataset.classes == ("in", "out")


@pytest.mark.parametrize("size", [(800, 560), (1280, 900), (600, 420)])
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_nothing_is_cut_off_or_covered(
    shown: Shown, dressed: str, faults: Faults, size: tuple[int, int], classes: int
) -> None:
    dialog = shown(_pets(classes))
    predict(dialog, f"kind ({classes} classes)")
    _part(dialog, InputList, "inputs").tick("legs", on=False)
    dialog.resize(*size)
    assert faults(dialog) == []
    _part(dialog, InputList, "inputs").tick("colour")
    _part(dialog, QSpinBox, "heldOut").setValue(20)
    dialog.grab()
    assert faults(dialog) == []
