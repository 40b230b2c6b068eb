"""Opening, saving, dropping, pasting, closing, as someone at the window does it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mixer_nn.ui import files as files_module
from mixer_nn.ui.dialogs.messages import Message
from mixer_nn.ui.dialogs.table_preview import TablePreview

if TYPE_CHECKING:
    from tests.ui.conftest import User

CONTROL = Qt.KeyboardModifier.ControlModifier
TABLE = "speed,dist\n1,2.5\n2,4.4\n3,6.6\n4,8.3\n5,10.2\n"

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path | None], None]:
    """Answer every file dialog with this path; None: the person cancels."""

    def answer_with(path: Path | None) -> None:
        for name in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(QFileDialog, name, Chosen(path))

    return answer_with


class Chosen:
    def __init__(self, path: Path | None) -> None:
        self.path = "" if path is None else str(path)

    def __call__(self, *_: object) -> tuple[str, str]:
        return self.path, ""


class Asked:
    """Stands for the question whether to save, and counts how often it came."""

    def __init__(self, answer: str) -> None:
        self.answer, self.times = answer, 0

    def __call__(self, *_: object) -> str:
        self.times += 1
        return self.answer


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Asked]:
    def answer_with(answer: str) -> Asked:
        asked = Asked(answer)
        monkeypatch.setattr(files_module, "ask_to_save", asked)
        return asked

    return answer_with


def told(user: User) -> str:
    """The sentence of the one dialog that is open, which is closed by its button."""
    (message,) = user.window.findChildren(Message)
    text = message.text
    ok = message.findChild(QPushButton, "ok")
    assert ok is not None
    ok.click()
    message.deleteLater()
    return text


def open_table(qtbot: QtBot, user: User, start: Callable[[], object]) -> TablePreview:
    with qtbot.waitSignal(user.window.files.table_ready):
        start()
    preview = user.window.files.preview
    assert preview is not None
    return preview


# -- saving and opening -----------------------------------------------------------------------


def test_a_saved_mix_reopens_bit_equal_and_goes_on_as_if_never_closed(
    user: User, open_window: Callable[[tuple[int, int]], User], tmp_path: Path,
    choose: Callable[[Path | None], None],
) -> None:  # fmt: skip
    path = tmp_path / "my mix.mixnn"
    choose(path)
    user.choose(user.window.transport.batch, "7")
    user.drag(user.w, 30.0)
    for _ in range(9):
        user.key(Qt.Key.Key_S)  # into an epoch, of which the last batch is short
    user.b.setFocus()
    user.key(Qt.Key.Key_L)
    assert user.window.isWindowModified()
    user.key(Qt.Key.Key_S, CONTROL)
    assert not user.window.isWindowModified()
    assert user.window.windowTitle().startswith("my mix")
    other = open_window((1440, 900))
    other.window.files.open(path)
    other.frames()
    assert other.desk.mix.state.same(user.desk.mix.state)
    assert other.desk.setup == user.desk.setup
    assert not other.window.isWindowModified()
    for name in ("loss", "loss.miss", "loss.best", "loss.average", "loss.r2"):
        assert other.text(name) == user.text(name)
    other.assert_all_agree()
    np.testing.assert_array_equal(other.desk.history.points, user.desk.history.points)
    for each in (user, other):
        for _ in range(25):
            each.bench.automix.step()
    assert other.desk.mix.parameters.tobytes() == user.desk.mix.parameters.tobytes()


def test_a_name_without_an_ending_gets_one(
    user: User, tmp_path: Path, choose: Callable[[Path | None], None]
) -> None:
    choose(tmp_path / "plain")
    assert user.window.files.save()
    assert (tmp_path / "plain.mixnn").exists()


def test_the_mark_of_a_change_goes_with_undo_and_comes_with_redo(
    user: User, tmp_path: Path, choose: Callable[[Path | None], None]
) -> None:
    choose(tmp_path / "a.mixnn")
    user.window.files.save()
    user.drag(user.w, 30.0)
    assert user.window.isWindowModified()
    assert user.text("fileName") == "a •"
    user.undo()
    assert not user.window.isWindowModified()
    assert user.text("fileName") == "a"
    user.redo()
    assert user.window.isWindowModified()


def test_closing_asks_about_unsaved_work_and_cancel_stays(
    user: User, ask: Callable[[str], Asked]
) -> None:
    asked = ask("cancel")
    user.drag(user.w, 30.0)
    user.window.close()
    assert asked.times == 1
    assert user.window.isVisible()
    asked.answer = "discard"
    user.window.close()
    assert not user.window.isVisible()


def test_closing_without_changes_asks_nothing(user: User, ask: Callable[[str], Asked]) -> None:
    asked = ask("cancel")
    user.window.close()
    assert asked.times == 0
    assert not user.window.isVisible()


def test_closing_while_it_plays_saves_what_it_has_got_to(
    user: User, ask: Callable[[str], Asked], tmp_path: Path,
    choose: Callable[[Path | None], None],
) -> None:  # fmt: skip
    choose(tmp_path / "late.mixnn")
    ask("save")
    user.key(Qt.Key.Key_Space)
    user.frames(30)
    user.window.close()
    assert not user.window.isVisible()
    assert not user.bench.automix.playing
    assert (tmp_path / "late.mixnn").exists()


def test_the_real_question_is_answered_with_its_buttons(user: User) -> None:
    user.drag(user.w, 30.0)
    QTimer.singleShot(0, press_cancel)
    user.window.close()
    assert user.window.isVisible()


def press_cancel() -> None:
    question = QApplication.activeModalWidget()
    assert isinstance(question, QDialog)
    cancel = question.findChild(QPushButton, "cancel")
    assert cancel is not None
    cancel.click()


def test_cancelling_the_file_dialog_changes_nothing(
    user: User, choose: Callable[[Path | None], None]
) -> None:
    choose(None)
    before = user.desk.mix
    user.key(Qt.Key.Key_O, CONTROL)
    user.key(Qt.Key.Key_S, CONTROL)
    assert user.desk.mix is before
    assert user.bench.document.path is None


def test_recent_files_are_offered_and_open(
    user: User, tmp_path: Path, choose: Callable[[Path | None], None]
) -> None:
    choose(tmp_path / "one.mixnn")
    user.window.files.save()
    saved = user.desk.mix.parameters.tobytes()
    user.window.files.new()
    user.window._recent.aboutToShow.emit()
    (entry,) = user.window._recent.actions()
    assert entry.text().startswith("one.mixnn")
    entry.trigger()
    assert user.desk.mix.parameters.tobytes() == saved
    assert user.bench.document.name == "one"


# -- tables -----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["dialog", "drop", "paste"])
def test_a_table_comes_with_a_preview_that_needs_only_enter(
    qtbot: QtBot, user: User, tmp_path: Path, choose: Callable[[Path | None], None], way: str
) -> None:
    path = tmp_path / "stopping.csv"
    path.write_text(TABLE)
    choose(path)
    QGuiApplication.clipboard().setText(TABLE.replace(",", "\t"))
    ways: dict[str, Callable[[], object]] = {
        "dialog": lambda: user.key(Qt.Key.Key_O, CONTROL),
        "drop": lambda: drop(user, path),
        "paste": lambda: user.key(Qt.Key.Key_V, CONTROL),
    }
    preview = open_table(qtbot, user, ways[way])
    preview.activateWindow()
    qtbot.waitUntil(preview.isActiveWindow)
    user.key(Qt.Key.Key_Return)
    mix = user.desk.mix
    assert [column.name for column in mix.dataset.input_columns] == ["speed"]
    assert mix.dataset.target_columns[0].name == "dist"
    assert mix.dataset.rows == 5
    assert user.bench.document.path is None
    user.window.files.new()


def drop(user: User, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(5, 5).toPoint(), copy, data, left, none)
    QApplication.sendEvent(user.window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(user.window, QDropEvent(QPointF(5, 5), copy, data, left, none))


def test_leaving_the_preview_leaves_the_mix(qtbot: QtBot, user: User, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TABLE)
    before = user.desk.mix
    preview = open_table(qtbot, user, lambda: user.window.files.open(path))
    preview.reject()
    assert user.desk.mix is before


def test_a_table_over_unsaved_work_asks_first(
    qtbot: QtBot, user: User, tmp_path: Path, ask: Callable[[str], Asked]
) -> None:
    asked = ask("cancel")
    path = tmp_path / "a.csv"
    path.write_text(TABLE)
    user.drag(user.w, 30.0)
    before = user.desk.mix
    preview = open_table(qtbot, user, lambda: user.window.files.open(path))
    preview.accept()
    preview.accept()  # as by a double click on its button
    assert asked.times == 1
    assert user.desk.mix is before


BROKEN: dict[str, bytes] = {
    "empty.csv": b"",
    "binary.csv": bytes(range(256)) * 4,
    "one column.csv": b"a\n1\n2\n3\n",
    "words only.csv": b"a,b\nx,y\nu,v\n",
    "truncated.mixnn": b'{"format": "mixer-nn", "version": 1, "net',
    "future.mixnn": b'{"format": "mixer-nn", "version": 999}',
    "not json.mixnn": b"hello",
    "nested.mixnn": b"[" * 100_000,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gives_one_sentence_and_leaves_the_mix(
    qtbot: QtBot, user: User, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(BROKEN[name])
    user.drag(user.w, 30.0)
    user.window.files.may_leave = lambda: True  # type: ignore[method-assign]
    before, title = user.desk.mix, user.window.windowTitle()
    user.window.files.open(path)
    qtbot.waitUntil(lambda: bool(user.window.findChildren(Message)))
    sentence = told(user)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    assert user.desk.mix is before
    assert user.window.windowTitle() == title
    assert user.desk.undo_stack.can_undo


def test_a_file_that_is_gone_and_a_folder_get_a_sentence_too(
    qtbot: QtBot, user: User, tmp_path: Path
) -> None:
    for path in (tmp_path / "gone.mixnn", tmp_path / "gone.csv", tmp_path):
        user.window.files.open(path)
        qtbot.waitUntil(lambda: bool(user.window.findChildren(Message)))
        assert told(user).endswith(".")
        qtbot.waitUntil(lambda: not user.window.findChildren(Message))


def test_pasting_nothing_says_what_to_do(user: User) -> None:
    QGuiApplication.clipboard().setText("  ")
    user.key(Qt.Key.Key_V, CONTROL)
    assert told(user) == ("The clipboard holds no table: copy cells in a spreadsheet first.")


def test_a_mix_that_cannot_be_written_is_not_taken_for_saved(
    user: User, tmp_path: Path, choose: Callable[[Path | None], None]
) -> None:
    choose(tmp_path / "no such folder" / "a.mixnn")
    user.drag(user.w, 30.0)
    assert not user.window.files.save()
    assert told(user).endswith(".")
    assert user.window.isWindowModified()
    assert user.bench.document.path is None


# -- scaling ----------------------------------------------------------------------------------


def test_switching_the_scaling_moves_no_prediction_and_keeps_the_equation(user: User) -> None:
    user.choose(user.window.header.data.box, "Stopping distances")
    user.frames()
    for _ in range(2):
        before = np.array(user.bench.readings.predictions)
        scaled = user.desk.mix.problem.scaled
        equation = user.window.mixer.data_units.text()
        line = [np.array(part) for part in user.picture().curve.getData()]
        user.click("scaled")
        assert user.desk.mix.problem.scaled is not scaled
        np.testing.assert_allclose(user.bench.readings.predictions, before, rtol=1e-9)
        np.testing.assert_allclose(user.picture().curve.getData(), line, rtol=1e-9)
        assert user.window.mixer.data_units.text() == equation
    user.undo()
    assert user.desk.mix.problem.scaled is scaled


def test_the_equation_in_data_units_is_the_known_one_when_it_has_settled(user: User) -> None:
    user.choose(user.window.header.data.box, "Stopping distances")
    user.desk.set_setup(type(user.desk.setup)(tempo=float("inf")))
    user.key(Qt.Key.Key_Space)
    user.until_it_ends()
    QApplication.processEvents()  # other data have laid the mixer out anew
    user.window.grab()
    assert user.window.mixer.data_units.text() == "dist = 3.932·speed − 17.58"
    words = [label.text() for label in user.window.mixer.readout.findChildren(QLabel)]
    assert any("scaled units" in text for text in words) == user.desk.mix.problem.scaled
    assert user.text("loss.miss").endswith(" ft")
