from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QSpinBox,
    QStyle,
    QStyleOptionButton,
    QTableView,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mixer_nn import assets
from mixer_nn.core import least_squares
from mixer_nn.core.errors import MixError
from mixer_nn.data.choice import Choice, build
from mixer_nn.data.columns import Table
from mixer_nn.data.table import parse_table
from mixer_nn.ui.dialogs import table_preview
from mixer_nn.ui.dialogs.input_list import InputList
from mixer_nn.ui.dialogs.table_preview import TablePreview
from mixer_nn.ui.dialogs.thumbnail import Fit, FitThumbnail

Faults = Callable[[QWidget], list[str]]
W = TypeVar("W", bound=QWidget)


def _part(dialog: QWidget, kind: type[W], name: str) -> W:
    part = dialog.findChild(kind, name)
    assert isinstance(part, kind)
    return part


def _cars() -> Table:
    return parse_table(assets.text("datasets/cars.csv"), "cars.csv")


def _wide(inputs: int = 9) -> Table:
    """`inputs` columns of numbers, a text, an empty one, a constant, and the target last."""
    rng = np.random.default_rng(3)
    names = [f"x{n} (cm)" for n in range(inputs)]
    lines = [";".join(["who", *names, "blank", "same", "y (kg)"])]
    for row in range(60):
        values = [f"{value:.4f}" for value in rng.normal(size=inputs + 1)]
        if row == 4:
            values[0] = ""
        lines.append(";".join([f"person {row}", *values[:-1], "", "7", values[-1]]))
    return parse_table("\n".join(lines), "wide.csv")


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[[Table], TablePreview]:
    def show(table: Table) -> TablePreview:
        dialog = TablePreview(table)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return show


Shown = Callable[[Table], TablePreview]


def test_enter_is_enough(qtbot: QtBot, shown: Shown) -> None:
    dialog = shown(_cars())
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    mix = dialog.result_mix(7)
    assert mix.dataset.input_columns[0].name == "speed"
    assert mix.dataset.target_columns[0].name == "dist"
    assert mix.dataset.rows == 50
    assert mix.problem.scaled
    assert mix.state.seed == 7


@pytest.mark.parametrize("name", ["target", "inputs", "scaleSwitch", "heldOut", "leftOut", "rows"])
def test_enter_accepts_wherever_the_focus_is(qtbot: QtBot, shown: Shown, name: str) -> None:
    dialog = shown(_cars())
    part = _part(dialog, QWidget, name)
    part.setFocus()
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(part, Qt.Key.Key_Return)


def test_escape_gives_up(qtbot: QtBot, shown: Shown) -> None:
    dialog = shown(_cars())
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_it_has_chosen_the_last_numeric_column_and_sixteen_inputs_that_vary(shown: Shown) -> None:
    dialog = shown(_wide(17))
    assert _part(dialog, QComboBox, "target").currentText() == "y (kg)"
    inputs = _part(dialog, InputList, "inputs")
    assert inputs.chosen == tuple(f"x{n}" for n in range(16))
    assert inputs.count() == 18  # seventeen of them and the constant one; the target is no input


def test_it_names_every_column_and_row_left_out_and_why(shown: Shown) -> None:
    dialog = shown(_wide(17))
    left_out = _part(dialog, QTextEdit, "leftOut").toPlainText()
    assert "“who” is text" in left_out
    assert "“blank” is empty" in left_out
    assert "“same” never changes" in left_out
    assert "“x16” is beyond 16 inputs" in left_out
    assert "Row 6 has no number in “x0”." in left_out


def test_ticking_by_keyboard_changes_the_fit(shown: Shown) -> None:
    dialog = shown(_wide(2))
    thumbnail, inputs = (
        _part(dialog, FitThumbnail, "fitThumbnail"),
        _part(dialog, InputList, "inputs"),
    )
    assert isinstance(thumbnail.fit, Fit)
    assert thumbnail.fit.many
    inputs.setFocus()
    QTest.keyClick(inputs, Qt.Key.Key_Down)
    QTest.keyClick(inputs, Qt.Key.Key_Space)
    assert inputs.chosen == ("x0",)
    after = thumbnail.fit
    assert isinstance(after, Fit)
    assert not after.many
    assert after.x_title == "x0 (cm)"


def test_ticking_by_mouse_changes_the_fit(shown: Shown) -> None:
    dialog = shown(_wide(2))
    inputs = _part(dialog, InputList, "inputs")
    box = inputs.visualItemRect(inputs.item(0))
    QTest.mouseClick(
        inputs.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(box.left() + 12, box.center().y())
    )
    assert inputs.chosen == ("x1",)


def test_the_thumbnail_draws_the_least_squares_line(shown: Shown) -> None:
    table = _cars()
    dialog = shown(table)
    fit = _part(dialog, FitThumbnail, "fitThumbnail").fit
    assert isinstance(fit, Fit)
    speed, dist = (column.values for column in table.columns)
    slope, start = least_squares.optimum(speed[:, np.newaxis], dist[:, np.newaxis])
    np.testing.assert_allclose([slope, start], [3.932409, -17.579095], rtol=1e-6)
    for x, y in fit.ends:
        assert y == pytest.approx(slope * x + start)


def test_the_thumbnail_is_painted(shown: Shown, dressed: str) -> None:
    dialog = shown(_cars())
    thumbnail = _part(dialog, FitThumbnail, "fitThumbnail")
    full = thumbnail.grab().toImage()
    _part(dialog, InputList, "inputs").tick("speed", on=False)
    assert thumbnail.grab().toImage() != full


def test_a_choice_that_cannot_be_says_why_and_cannot_be_accepted(
    shown: Shown, dressed: str, faults: Faults
) -> None:
    dialog = shown(_cars())
    inputs, accept = _part(dialog, InputList, "inputs"), _part(dialog, QPushButton, "accept")
    inputs.setFocus()
    QTest.keyClick(inputs, Qt.Key.Key_Space)
    problem = _part(dialog, QLabel, "problem")
    assert problem.text() == "No input column of “cars.csv” is chosen; choose at least one."
    assert not accept.isEnabled()
    assert faults(dialog) == []
    QTest.keyClick(inputs, Qt.Key.Key_Return)
    assert dialog.isVisible()
    with pytest.raises(MixError, match="No input column"):
        dialog.result_mix(1)
    QTest.keyClick(inputs, Qt.Key.Key_Space)
    assert problem.text() == ""
    assert accept.isEnabled()


def test_enter_does_not_cancel_when_the_first_choice_cannot_be_used(shown: Shown) -> None:
    dialog = shown(parse_table("a,b\n1,\n,2\n3,\n,4\n5,6\n", "gaps.csv"))
    assert "usable row" in _part(dialog, QLabel, "problem").text()
    assert dialog.focusWidget() is not _part(dialog, QPushButton, "cancel")
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_a_seventeenth_input_is_refused_with_the_sentence(shown: Shown) -> None:
    dialog = shown(_wide(17))
    _part(dialog, InputList, "inputs").tick("x16")
    assert "at most 16" in _part(dialog, QLabel, "problem").text()
    assert not _part(dialog, QPushButton, "accept").isEnabled()


def test_another_target_swaps_places_with_an_input(shown: Shown) -> None:
    dialog = shown(_cars())
    target = _part(dialog, QComboBox, "target")
    target.setFocus()
    QTest.keyClick(target, Qt.Key.Key_Up)
    assert target.currentText() == "speed"
    assert _part(dialog, InputList, "inputs").chosen == ("dist",)
    assert dialog.result_mix(0).dataset.target_columns[0].name == "speed"


def test_a_target_that_was_no_input_leaves_the_inputs(shown: Shown) -> None:
    dialog = shown(_wide(17))
    target = _part(dialog, QComboBox, "target")
    target.setCurrentIndex(target.findText("x16 (cm)"))
    assert _part(dialog, InputList, "inputs").chosen == tuple(f"x{n}" for n in range(16))
    assert "“y" in _part(dialog, QTextEdit, "leftOut").toPlainText()


def test_scaling_is_on_by_itself_where_it_helps_and_says_why(shown: Shown) -> None:
    dialog = shown(_cars())
    switch, why = _part(dialog, QCheckBox, "scaleSwitch"), _part(dialog, QLabel, "why")
    assert switch.isChecked()
    assert why.text().startswith("On by itself: without it gradient descent would crawl")
    assert "2,572" in why.text()


def test_scaling_is_off_by_itself_where_it_is_not_needed(shown: Shown) -> None:
    dialog = shown(parse_table("x,y\n-1,3\n0,4\n1,6\n", "even.csv"))
    assert not _part(dialog, QCheckBox, "scaleSwitch").isChecked()
    assert _part(dialog, QLabel, "why").text().startswith("Off by itself: ")
    assert not dialog.result_mix(0).problem.scaled


def test_the_scaling_switch_stays_as_the_hand_put_it(shown: Shown) -> None:
    dialog = shown(_cars())
    switch = _part(dialog, QCheckBox, "scaleSwitch")
    option = QStyleOptionButton()
    switch.initStyleOption(option)
    box = switch.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, switch)
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton, pos=box.center())
    assert not switch.isChecked()
    assert _part(dialog, QLabel, "why").text().startswith("Your choice: without it")
    target = _part(dialog, QComboBox, "target")
    target.setCurrentIndex(0)
    assert not switch.isChecked()
    assert not dialog.result_mix(0).problem.scaled


def test_held_out_rows_are_those_that_the_seed_draws(shown: Shown) -> None:
    table = _cars()
    dialog = shown(table)
    share = _part(dialog, QSpinBox, "heldOut")
    assert share.value() == 0
    share.setFocus()
    for _ in range(4):
        QTest.keyClick(share, Qt.Key.Key_Up)
    assert share.value() == 20
    wanted = build(table, Choice("dist", ("speed",)), held_out=0.2, seed=11).dataset
    for _ in range(2):  # the second time from what is there already
        got = dialog.result_mix(11).dataset
        assert (got.held_out == wanted.held_out).all()
        assert got.held_out.sum() == 10
    assert (dialog.result_mix(12).dataset.held_out != wanted.held_out).any()
    thumbnail = _part(dialog, FitThumbnail, "fitThumbnail")
    assert "held out" in thumbnail.accessibleDescription()


def test_the_first_rows_stand_under_names_units_and_uses(shown: Shown) -> None:
    dialog = shown(_wide(2))
    model = _part(dialog, QTableView, "rows").model()
    heads = [
        model.headerData(place, Qt.Orientation.Horizontal) for place in range(model.columnCount())
    ]
    assert heads == [
        "who\ntext",
        "x0 (cm)\ninput",
        "x1 (cm)\ninput",
        "blank\nempty",
        "same\nnot used",
        "y (kg)\ntarget",
    ]
    assert model.headerData(0, Qt.Orientation.Vertical) == "2"  # the header is row 1
    assert model.index(4, 1).data() == "–"
    tints = [
        model.index(0, place).data(Qt.ItemDataRole.BackgroundRole) is not None
        for place in range(model.columnCount())
    ]
    assert tints == [False, True, True, False, False, True]


def test_a_table_without_two_columns_of_numbers_is_refused() -> None:
    with pytest.raises(MixError, match="only one column of numbers"):
        TablePreview(parse_table("a,b\nx,1\ny,2\n", "t.csv"))


def test_a_long_table_is_looked_through_beside_the_window(
    qtbot: QtBot, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_preview, "AT_ONCE", 10)
    gate, threads = threading.Event(), []
    original: Callable[..., object] = vars(table_preview)["examine"]

    def examine(*args: object, **options: object) -> object:
        threads.append(threading.current_thread())
        assert gate.wait(10)
        return original(*args, **options)

    monkeypatch.setattr(table_preview, "examine", examine)
    dialog = shown(_cars())
    assert dialog.prepared is None
    QTest.keyClick(dialog, Qt.Key.Key_Return)  # at once: it waits, and is accepted when it can be
    assert dialog.isVisible()
    with qtbot.waitSignal(dialog.accepted):
        gate.set()
    assert threads[0] is not threading.main_thread()
    assert dialog.result_mix(0).dataset.rows == 50


def test_only_the_last_choice_on_a_long_table_is_shown(
    qtbot: QtBot, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_preview, "AT_ONCE", 10)
    dialog = shown(_wide(4))
    inputs = _part(dialog, InputList, "inputs")
    for name in ("x0", "x1", "x2", "x3"):
        inputs.tick(name, on=False)
    inputs.tick("x2")
    qtbot.waitUntil(lambda: dialog.prepared is not None)
    assert dialog.prepared is not None
    assert [column.name for column in dialog.prepared.dataset.input_columns] == ["x2"]


def test_a_problem_in_a_long_table_is_shown_too(
    qtbot: QtBot, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_preview, "AT_ONCE", 1)
    dialog = shown(parse_table("a,b\n1,\n,2\n3,\n,4\n5,6\n", "gaps.csv"))
    accept = _part(dialog, QPushButton, "accept")
    qtbot.waitUntil(lambda: not accept.isEnabled())
    assert "usable row" in _part(dialog, QLabel, "problem").text()


def test_closing_while_a_long_table_is_looked_through_leaves_nothing_running(
    qtbot: QtBot, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_preview, "AT_ONCE", 10)
    dialog = shown(_cars())
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: all(thread.name != "mixer-nn work" for thread in threading.enumerate()))
    assert dialog.prepared is None


@pytest.mark.parametrize("size", [(800, 560), (1280, 900), (600, 420)])
@pytest.mark.parametrize("table", [_cars(), _wide(18)], ids=["narrow", "wide"])
def test_nothing_is_cut_off_or_covered(
    shown: Shown, dressed: str, faults: Faults, size: tuple[int, int], table: Table
) -> None:
    dialog = shown(table)
    dialog.resize(*size)
    assert faults(dialog) == []


def test_every_control_has_a_name_for_a_screen_reader(shown: Shown) -> None:
    dialog = shown(_cars())
    named = {
        name: _part(dialog, QWidget, name).accessibleName()
        for name in ("target", "inputs", "heldOut", "fitThumbnail", "rows", "leftOut")
    }
    assert all(named.values()), named
    assert _part(dialog, QCheckBox, "scaleSwitch").text()


def test_tab_reaches_every_control(shown: Shown) -> None:
    dialog = shown(_cars())
    reached = set()
    for _ in range(20):
        focus = dialog.focusWidget()
        assert focus is not None
        reached.add(focus.objectName())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert {"target", "inputs", "scaleSwitch", "heldOut", "leftOut", "rows", "accept"} <= reached


def test_huge_and_hopeless_numbers_draw_without_a_warning(shown: Shown) -> None:
    dialog = shown(parse_table("a,b,c\n1e99,-9e99,1\n-1e99,9e99,2\n5e98,0,-9e99\n", "huge.csv"))
    dialog.grab()
    assert _part(dialog, FitThumbnail, "fitThumbnail").fit is not None
