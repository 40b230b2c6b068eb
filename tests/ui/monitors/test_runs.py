"""Runs beside each other: their lines in the Loss monitor, their table, and a comparison."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from mixer_nn.data.synthetic import make
from mixer_nn.session.curve import Curve
from mixer_nn.session.mix import MAX_TEMPO, network_on
from mixer_nn.state.overlay import MOST_LINES
from mixer_nn.state.run import Run
from mixer_nn.ui.dialogs.run_fields import COLUMN, FIELDS
from mixer_nn.ui.dialogs.runs_panel import RunsPanel
from mixer_nn.ui.monitors.curve import EPOCH, LOSS, MOVE, SECONDS
from mixer_nn.ui.monitors.run_lines import DASHES
from mixer_nn.ui.numbers import short
from tests.ui.conftest import User

LEFT = Qt.MouseButton.LeftButton

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")


def train(user: User, frames: int = 12, tempo: float = 250.0) -> None:
    """Let Auto-mix play for so many frames, and pause it."""
    user.desk.set_setup(replace(user.desk.setup, tempo=tempo))
    user.bench.automix.play()
    user.frames(frames)
    user.bench.automix.pause()
    user.frames()


def begin_runs(user: User, count: int) -> None:
    """So many trained runs, and the present one, which has only begun."""
    for _ in range(count):
        train(user)
        user.desk.back_to_start()
        user.frames()


def panel(user: User) -> RunsPanel:
    """The table of runs, opened by its button."""
    user.click("runs")
    found = user.window.monitors.run_tools.panel
    assert found is not None
    assert found.isVisible()
    QApplication.processEvents()
    return found


def cell(table: RunsPanel, row: int, key: str) -> QModelIndex:
    return table.table.model().index(row, COLUMN[key])


def text(table: RunsPanel, row: int, key: str) -> str:
    return str(cell(table, row, key).data())


def is_naming(table: RunsPanel) -> bool:
    return table.table.is_naming


def click_cell(table: RunsPanel, row: int, key: str) -> None:
    """Click at the left end of a cell, where a check is."""
    view = table.table
    view.scrollTo(cell(table, row, key))
    rect = view.visualRect(cell(table, row, key))
    spot = rect.center() if key not in ("shown", "kept") else QPoint(0, 0)
    if spot.isNull():
        spot = QPoint(rect.left() + 12, rect.center().y())
    QTest.mouseClick(view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, spot)


def press(table: RunsPanel, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or table.table, key)
    QApplication.processEvents()  # a typed name is taken after its key


def type_text(words: str) -> None:
    """Type, wherever the focus is."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, words)


def click_button(user: User, table: RunsPanel, name: str) -> None:
    button = table.findChild(QWidget, name)
    assert button is not None
    assert button.isEnabled()
    QTest.mouseClick(button, LEFT)
    user.frames()


def drawn(user: User, run: Run) -> tuple[list[float], list[float]]:
    """The line of a kept run in the plot."""
    line = user.bench.overlay.line_of(run.number)
    assert line is not None
    x, y = user.window.loss.picture.others.lines[line].getData()
    return list(x), list(y)


# -- the lines --------------------------------------------------------------------------------


def test_every_line_can_be_told_from_the_others_without_colour() -> None:
    assert len(set(DASHES)) == MOST_LINES
    for dashes in DASHES:
        assert len(dashes) % 2 == 0
        assert min(dashes) > 1.0


def test_a_kept_run_has_a_dashed_line_and_its_name(user: User) -> None:
    begin_runs(user, 2)
    picture = user.window.loss.picture
    assert picture.others.names.texts == []

    user.desk.keep_run(0, True)
    user.frames()

    run = user.desk.history.runs[0]
    x, y = drawn(user, run)
    np.testing.assert_allclose(x, run.points[:, MOVE])
    np.testing.assert_allclose(10.0 ** np.array(y), run.points[:, LOSS])
    assert picture.others.lines[0].opts["pen"].dashPattern() == list(DASHES[0])
    assert picture.others.names.texts == ["run 3", "1 gradient descent"]
    left, right = user.window.loss.plot.ranges[0]
    assert left <= x[0] < x[-1] <= right

    user.desk.name_run(0, "slow one")
    user.frames()
    assert picture.others.names.texts == ["run 3", "1 slow one"]
    user.desk.keep_run(0, False)
    user.frames()
    assert picture.others.names.texts == []
    assert not picture.others.lines[0].isVisible()


def test_names_of_lines_that_end_in_one_place_do_not_cover_each_other(user: User) -> None:
    begin_runs(user, 4)
    for number in range(4):
        user.desk.keep_run(number, True)
    user.frames()

    names = user.window.loss.picture.others.names
    boxes = [names._box_of(item) for item in names.items if item.isVisible()]
    assert len(boxes) == 5
    for index, box in enumerate(boxes):
        inside = box.adjusted(0.01, 0.01, -0.01, -0.01)  # they may touch, but for rounding
        assert not any(inside.intersects(other) for other in boxes[:index])


def test_a_name_says_where_the_loss_is_another_one(user: User) -> None:
    begin_runs(user, 1)
    user.desk.keep_run(0, True)
    mix = user.desk.mix
    user.desk.set_problem(replace(mix.problem, loss_name="mae"), "another loss")
    user.frames(2)

    names = user.window.loss.picture.others.names.texts
    assert names[1] == "1 gradient descent (mean squared error)"


def test_a_long_name_begins_within_the_plot(user: User) -> None:
    begin_runs(user, 1)
    user.desk.keep_run(0, True)
    user.desk.name_run(0, "what a long name this run was given")
    plot = user.window.loss.plot
    plot.setFixedWidth(240)
    QApplication.processEvents()
    user.frames(2)

    names = user.window.loss.picture.others.names
    boxes = [names._box_of(item) for item in names.items if item.isVisible()]
    assert max(box.width() for box in boxes) > 0.5 * plot.area().width()
    assert min(box.left() for box in boxes) >= 0.0


def test_a_run_that_has_only_begun_is_called_by_its_number(user: User) -> None:
    begin_runs(user, 1)
    user.desk.keep_run(0, True)
    user.frames()
    assert user.window.loss.picture.others.names.texts == ["run 2", "1 gradient descent"]


def test_a_title_stands_on_the_side_that_its_column_stands_on(user: User) -> None:
    begin_runs(user, 1)
    model = panel(user).model
    role = Qt.ItemDataRole.TextAlignmentRole
    for column, field in enumerate(FIELDS):
        title = model.headerData(column, Qt.Orientation.Horizontal, role)
        assert title == model.data(model.index(0, column), role)
        if field.checks:
            assert title & Qt.AlignmentFlag.AlignLeft  # beside its boxes


def test_where_names_have_no_room_some_are_left_out(user: User) -> None:
    begin_runs(user, MOST_LINES)
    for number in range(MOST_LINES):
        user.desk.keep_run(number, True)
    user.window.loss.plot.setFixedHeight(130)
    QApplication.processEvents()
    user.frames()

    names = user.window.loss.picture.others.names
    assert 1 < len(names.texts) < MOST_LINES
    boxes = [names._box_of(item) for item in names.items if item.isVisible()]
    for index, box in enumerate(boxes):
        assert not any(box.intersects(other) for other in boxes[:index])


@pytest.mark.parametrize(("word", "column"), [("epochs", EPOCH), ("time", SECONDS)])
def test_runs_are_laid_over_each_other_by_epoch_and_by_time(
    user: User, word: str, column: int
) -> None:
    begin_runs(user, 1)
    train(user)
    user.desk.keep_run(0, True)
    switch = user.window.loss.along

    while switch.word != word:
        user.click("lossAxis")
    user.frames()

    for run, (x, _) in zip(
        user.desk.history.runs,
        (drawn(user, user.desk.history.runs[0]), user.window.loss.picture.train.getData()),
        strict=True,
    ):
        np.testing.assert_allclose(x, run.points[:, column])
        assert x[-1] > 0.0
    (at, _) = user.window.loss.picture.marker.getData()
    assert at[0] == user.desk.history.points[-1, column]
    assert word in user.window.loss.read_out.full_text or word == "time"


def test_a_run_that_does_not_know_its_time_is_left_out_by_time_and_said_so(user: User) -> None:
    train(user)
    mix, points = user.desk.mix, user.desk.history.points.copy()
    points[:, SECONDS] = math.nan
    old = points.copy()
    user.desk.replace_all(replace(mix, run=1), user.desk.setup, (Curve(0, old), Curve(1, points)))
    user.desk.keep_run(0, True)
    user.frames(2)
    picture = user.window.loss.picture
    assert len(picture.train.getData()[0]) > 1
    assert picture.others.names.texts

    user.window.loss.along.choose(2)
    user.frames()

    assert len(picture.train.getData()[0]) == 0
    assert not picture.others.lines[0].isVisible()
    assert "not known" in user.window.loss.read_out.full_text
    assert "older file" in user.window.loss.along.toolTip()
    user.window.loss.grab()


def test_while_auto_mix_plays_nothing_is_drawn_anew_of_the_others(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_runs(user, 3)
    for number in (0, 1):
        user.desk.keep_run(number, True)
    user.frames(2)
    others = user.window.loss.picture.others
    calls: list[None] = []
    for item in others.items:
        plain = item.setData
        monkeypatch.setattr(item, "setData", Counted(plain, calls))
    ranges = user.window.loss.plot.ranges
    user.bench.automix.play()
    for _ in range(8):
        user.frames()
    assert user.window.loss.plot.ranges == ranges
    assert not calls

    user.bench.automix.pause()
    user.desk.keep_run(2, True)
    user.frames()
    assert calls


class Counted:
    def __init__(self, plain: object, calls: list[None]) -> None:
        self._plain, self._calls = plain, calls

    def __call__(self, *parts: object, **settings: object) -> object:
        self._calls.append(None)
        return self._plain(*parts, **settings)  # type: ignore[operator]


def test_a_look_back_moves_the_marker_and_leaves_the_curve(user: User) -> None:
    train(user, 30)
    picture = user.window.loss.picture
    before = picture.train.getData()[0]
    head = user.desk.history.last

    user.desk.visit(head // 2)
    user.frames(3)

    assert picture.train.getData()[0] is before
    (x, y) = picture.marker.getData()
    assert x[0] == user.desk.mix.moves == head // 2
    assert 10.0 ** y[0] == pytest.approx(user.bench.readings.loss)
    user.window.loss.along.choose(1)
    user.frames()
    points = user.desk.history.points
    wanted = np.interp(head // 2, points[:, MOVE], points[:, EPOCH])
    assert picture.marker.getData()[0][0] == pytest.approx(wanted)
    user.desk.leave_visit()
    user.frames()
    assert picture.marker.getData()[0][0] == points[-1, EPOCH]


# -- the table --------------------------------------------------------------------------------


def test_the_button_opens_the_table_beside_the_work(user: User) -> None:
    table = panel(user)

    assert not table.isModal()
    assert user.window.isEnabled()
    assert len(table.model.runs) == 1
    assert table.note.isVisible()
    assert "No other run yet" in table.note.text()
    assert text(table, 0, "run") == "1"
    assert text(table, 0, "optimizer") == "–"
    assert not table.restore_button.isEnabled()
    assert not table.forget.isEnabled()
    for button in (table.restore_button, table.keep, table.rename, table.copy, table.compare):
        assert button.toolTip()
    train(user)
    table.close()
    user.desk.back_to_start()
    user.frames()
    assert len(panel(user).model.runs) == 2
    assert not table.note.isVisible()


def test_a_row_says_how_the_run_was_trained_and_what_came_of_it(user: User) -> None:
    split = make("spiral", seed=7, points=80).split(0.25, np.random.default_rng(0))
    setup = replace(
        user.desk.setup,
        optimizer="adamw",
        learning_rate=0.02,
        batch_size=10,
        tempo=MAX_TEMPO,
        schedule="cosine",
        clip=1.0,
        l2=0.001,
    )
    user.desk.replace_all(network_on(split, 7, (4,)), setup)
    user.bench.automix.step(30)
    user.frames()
    table = panel(user)

    wanted = {
        "network": "2-4-1 tanh",
        "loss": "binary cross-entropy",
        "optimizer": "AdamW",
        "rate": "0.0200",
        "batch": "10",
        "other": "cosine over 100 epochs, limiter 1.00, L2 0.00100",
        "steps": "30",
        "epochs": "5",
        "best": short(user.desk.history.best),
        "heldOut": short(user.desk.losses[1]),
    }
    assert {key: text(table, 0, key) for key in wanted} == wanted
    for key in wanted:
        assert not table.table.isColumnHidden(COLUMN[key])
        spoken = cell(table, 0, key).data(Qt.ItemDataRole.AccessibleTextRole)
        assert spoken == f"{FIELDS[COLUMN[key]].title.lower()}: {wanted[key]}"


def test_columns_that_say_nothing_of_any_run_are_left_out(user: User) -> None:
    table = panel(user)
    for key in ("heldOut", "bestHeldOut", "other"):
        assert table.table.isColumnHidden(COLUMN[key])


def test_it_follows_the_training_and_is_exact_when_that_stops(user: User) -> None:
    table = panel(user)
    user.desk.set_setup(replace(user.desk.setup, tempo=62.5))
    user.bench.automix.play()
    seen = []
    for _ in range(20):
        user.frames()
        seen.append(int(text(table, 0, "steps")))
    assert seen[-1] >= user.desk.mix.state.step - 4
    assert len(set(seen)) > 4

    user.bench.automix.pause()
    user.frames()

    assert int(text(table, 0, "steps")) == user.desk.mix.state.step
    assert text(table, 0, "best") == short(user.desk.history.best)


def test_rows_of_the_view_are_painted_anew_at_most_every_few_frames(user: User) -> None:
    table = panel(user)
    told: list[None] = []
    table.model.dataChanged.connect(Counted(_nothing, told))
    user.desk.set_setup(replace(user.desk.setup, tempo=62.5))
    user.bench.automix.play()
    told.clear()
    user.frames(20)
    assert 4 <= len(told) / 2 <= 7


def _nothing(*_: object) -> None:
    """In the place of something that does something."""


def test_a_check_keeps_a_run_and_another_hides_it(user: User) -> None:
    begin_runs(user, 2)
    table = panel(user)
    names = user.window.loss.picture.others.names

    click_cell(table, 0, "kept")
    user.frames()
    assert user.desk.history.runs[0].kept
    assert names.texts == ["run 3", "1 gradient descent"]

    click_cell(table, 0, "shown")
    user.frames()
    assert not user.bench.overlay.is_shown(0)
    assert names.texts == []
    assert user.desk.history.runs[0].kept

    click_cell(table, 0, "shown")
    click_cell(table, 0, "kept")
    user.frames()
    assert user.bench.overlay.is_shown(0)
    assert not user.desk.history.runs[0].kept


def test_looking_at_runs_changes_nothing(user: User) -> None:
    begin_runs(user, 2)
    mix, undo = user.desk.mix, user.desk.undo_stack.count
    revision = user.desk.history.revision
    table = panel(user)
    click_cell(table, 0, "shown")
    click_cell(table, 1, "network")
    user.frames(2)
    table.close()

    assert user.desk.mix is mix
    assert user.desk.undo_stack.count == undo
    assert user.desk.history.revision == revision


def test_the_table_works_from_the_keyboard(user: User) -> None:
    begin_runs(user, 2)
    table = panel(user)
    table.activateWindow()
    table.table.setFocus(Qt.FocusReason.TabFocusReason)
    assert [run.number for run in table.table.chosen] == [2]  # the present run
    press(table, Qt.Key.Key_Up)
    assert [run.number for run in table.table.chosen] == [1]

    press(table, Qt.Key.Key_Space)
    user.frames()
    assert not user.bench.overlay.is_shown(1)
    assert not user.bench.automix.playing
    press(table, Qt.Key.Key_Space)
    assert user.bench.overlay.is_shown(1)

    press(table, Qt.Key.Key_Return)
    assert is_naming(table)
    type_text("fast")
    press(table, Qt.Key.Key_Return)
    user.frames()
    assert user.desk.history.runs[1].name == "fast"
    assert not is_naming(table)

    press(table, Qt.Key.Key_Delete)
    user.frames()
    assert [run.number for run in user.desk.history.runs] == [0, 2]
    press(table, Qt.Key.Key_Escape)
    assert not table.isVisible()


def test_the_programs_keys_hold_in_the_table_but_a_button_keeps_the_space_bar(user: User) -> None:
    begin_runs(user, 1)
    table = panel(user)
    step = user.desk.mix.state.step
    press(table, Qt.Key.Key_S)
    assert user.desk.mix.state.step == step + 1

    table.keep.setFocus(Qt.FocusReason.TabFocusReason)
    press(table, Qt.Key.Key_Space)
    user.frames()
    assert user.desk.history.runs[1].kept
    assert not user.bench.automix.playing

    table.rename.setFocus(Qt.FocusReason.TabFocusReason)
    press(table, Qt.Key.Key_Space)
    assert is_naming(table)
    type_text("s b")
    assert user.desk.mix.state.step == step + 1
    press(table, Qt.Key.Key_Escape)
    user.frames()
    assert table.isVisible()
    assert not is_naming(table)
    assert user.desk.history.runs[1].name == ""


def test_a_name_is_typed_after_a_double_click(user: User) -> None:
    begin_runs(user, 1)
    table = panel(user)
    view = table.table
    spot = view.visualRect(cell(table, 0, "name")).center()
    for action in (QTest.mouseClick, QTest.mouseDClick):
        action(view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, spot)
    type_text("  the  first ")
    press(table, Qt.Key.Key_Return)
    user.frames()

    assert user.desk.history.runs[0].name == "the first"


def test_while_a_name_is_typed_the_training_does_not_disturb_it(user: User) -> None:
    table = panel(user)
    user.desk.set_setup(replace(user.desk.setup, tempo=62.5))
    user.bench.automix.play()
    user.frames(3)
    click_button(user, table, "nameRun")
    for letter in "live":
        type_text(letter)
        user.frames(5)
    press(table, Qt.Key.Key_Return)
    user.frames()

    assert user.desk.history.runs[0].name == "live"
    assert user.bench.automix.playing


def test_rows_are_sorted_by_a_click_on_a_heading(user: User) -> None:
    for steps in (5, 40, 20):
        user.bench.automix.step(steps)
        user.desk.back_to_start()
        user.frames()
    table = panel(user)
    header = table.table.horizontalHeader()
    table.table.scrollTo(cell(table, 0, "best"))
    x = header.sectionViewportPosition(COLUMN["best"]) + 20
    for wanted in ([2, 3, 1, 4], [4, 1, 3, 2]):
        QTest.mouseClick(header.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, QPoint(x, 10))
        assert [int(text(table, row, "run")) for row in range(4)] == wanted


def test_restore_brings_mix_and_settings_back_as_one_step_of_undo(user: User) -> None:
    user.desk.set_setup(replace(user.desk.setup, optimizer="adam", learning_rate=0.3))
    user.bench.automix.step(9)
    kept, setup = user.desk.mix, user.desk.setup
    user.desk.back_to_start()
    user.desk.set_setup(replace(setup, optimizer="momentum", learning_rate=None, tempo=3.0))
    user.bench.automix.step(4)
    user.frames()
    left, count = user.desk.mix, user.desk.undo_stack.count
    table = panel(user)
    click_cell(table, 0, "run")

    click_button(user, table, "restoreRun")

    assert user.desk.mix.state.same(kept.state)
    assert user.desk.mix.run == kept.run
    assert user.desk.setup == replace(setup, tempo=3.0)
    assert user.desk.undo_stack.count == count + 1
    assert user.desk.history.runs[0].is_present
    assert not table.restore_button.isEnabled()
    user.bench.automix.step(3)
    assert user.desk.mix.run == kept.run
    user.desk.undo()
    user.desk.undo()
    user.frames()
    assert user.desk.mix.state.same(left.state)


def test_the_present_run_is_never_forgotten(user: User) -> None:
    begin_runs(user, 2)
    table = panel(user)
    click_cell(table, 2, "run")
    assert not table.forget.isEnabled()
    press(table, Qt.Key.Key_Delete)
    user.frames()
    assert len(user.desk.history.runs) == 3

    table.table.selectAll()
    click_button(user, table, "forgetRun")

    assert [run.number for run in user.desk.history.runs] == [2]
    assert [run.number for run in table.table.chosen] == [2]
    assert table.note.isVisible()


def test_a_copy_can_be_read_by_a_spreadsheet(user: User) -> None:
    begin_runs(user, 1)
    user.desk.name_run(0, "minus − and more")
    user.frames()
    table = panel(user)

    click_button(user, table, "copyRuns")

    lines = QApplication.clipboard().text().splitlines()
    header, first, _ = (line.split("\t") for line in lines)
    assert header[:4] == ["Run", "Shown", "Kept", "Name"]
    row = dict(zip(header, first, strict=True))
    run = user.desk.history.runs[0]
    assert float(row["Best loss"]) == pytest.approx(run.best, rel=1e-9)
    assert (row["Run"], row["Steps"], row["Kept"]) == ("1", str(run.steps), "no")
    assert row["Name"] == "minus - and more"
    assert "Copied" in table.copy.text()


# -- a comparison -----------------------------------------------------------------------------


def choose_in_menu(user: User, key: str) -> None:
    """The second click: on an optimizer in the menu that is open."""
    menu = user.window.monitors.run_tools.menu
    assert menu.isVisible()
    action = next(action for action in menu.actions() if action.data() == key)
    assert action.isEnabled()
    QTest.mouseClick(
        menu, LEFT, Qt.KeyboardModifier.NoModifier, menu.actionGeometry(action).center()
    )
    user.frames()


def test_two_clicks_compare_two_optimizers(user: User) -> None:
    train(user, 20)
    steps = user.desk.mix.state.step

    user.click("compare")
    choose_in_menu(user, "adam")

    assert user.bench.comparing.is_on
    assert user.text("messageText") == (
        f"Adam takes {steps} steps from the same start, as gradient descent did."
    )
    user.until_it_ends()
    user.frames()
    first, second = user.desk.history.runs
    assert first.steps == second.steps == steps
    assert user.text("messageText") == (
        f"Adam: loss {short(second.points[-1, LOSS])} after {steps} steps; gradient descent:"
        f" {short(first.points[-1, LOSS])}, from the same start."
    )
    names = user.window.loss.picture.others.names
    assert names.texts == ["2 Adam", "1 gradient descent"]
    user.key(Qt.Key.Key_S)
    assert "from the same start" not in user.text("messageText")


def test_untrained_both_are_trained(user: User) -> None:
    user.desk.set_setup(replace(user.desk.setup, tempo=1000.0))
    user.click("compare")
    choose_in_menu(user, "momentum")

    assert user.text("messageText") == (
        "Comparing: first 100 steps of gradient descent, then as many of momentum from the same"
        " start."
    )
    user.until_it_ends()
    assert user.text("messageText").startswith("Momentum: loss ")


def test_the_present_optimizer_is_not_offered(user: User) -> None:
    train(user)
    user.click("compare")
    menu = user.window.monitors.run_tools.menu
    off = [action.data() for action in menu.actions() if not action.isEnabled()]
    assert off == ["gradient-descent"]
    menu.close()


def test_a_narrow_head_leaves_the_menu(user: User) -> None:
    tools = user.window.monitors.run_tools
    assert tools.compare.text() == "Compare"
    user.window.monitors.setSizes([800, 210, 400])
    user.frames()
    QApplication.processEvents()

    assert tools.runs.isVisible()
    assert tools.compare.text() == "vs" or not tools.compare.isVisible()
    bars = [action.text() for action in user.window.menus.actions()]
    mix = user.window.menus.actions()[bars.index("&Mix")].menu()
    assert isinstance(mix, QMenu)
    titles = [action.text() for action in mix.actions()]
    assert titles[-2:] == ["Runs", "Compare with"]
    mix.actions()[-2].trigger()
    assert tools.panel is not None
    assert tools.panel.isVisible()
