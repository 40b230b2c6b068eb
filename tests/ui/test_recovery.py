"""The offer of work that a killed window has left, as someone at the next window meets it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from mixer_nn.core.errors import MixError
from mixer_nn.data.synthetic import make
from mixer_nn.session import recovery as on_disk
from mixer_nn.session.mix import network_on
from mixer_nn.session.recovery import Keeper, Note, Work
from mixer_nn.session.saved import Saved
from mixer_nn.session.setup import Setup
from mixer_nn.state import recovery as recovery_module
from mixer_nn.ui import files as files_module
from mixer_nn.ui import launch
from mixer_nn.ui.main_window import MainWindow
from mixer_nn.ui.mixer.recovery_line import sentence
from mixer_nn.ui.mixer.wording import hint

if TYPE_CHECKING:
    from tests.ui.conftest import User

NOON = datetime(2026, 3, 9, 12, 0)
LONG = 10.0


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


def leave(root: Path, path: Path | None, name: str, at: float = 0.0) -> Path:
    """What a window leaves that has been killed."""
    mix = network_on(make("sine", seed=4), 4, (8, 8))
    mix = mix.with_parameters(mix.parameters + 0.5)
    folder = on_disk.new_folder(root)
    folder.mkdir(parents=True)
    Keeper(folder).keep(Work(Saved(mix, Setup()), (), Note(path, name, at or NOON.timestamp())))
    return folder


@pytest.fixture
def start(
    qtbot: QtBot, dressed: QApplication, clock_stopped: None, root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Generator[Callable[[], User]]:  # fmt: skip
    """Start the program, with its recovery in a folder of its own, and let it look there."""
    from tests.ui.conftest import User

    monkeypatch.setattr(recovery_module, "EVERY_MS", 0)
    users: list[User] = []

    def start_it() -> User:
        window = launch.build(recovery=root)
        qtbot.addWidget(window, before_close_func=MainWindow.close_without_asking)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        users.append(User(window))
        settle(users[-1])
        return users[-1]

    yield start_it
    for user in users:
        vars(user).clear()


def settle(user: User) -> None:
    for _ in range(4):
        user.frames()
        QCoreApplication.processEvents()
        assert user.bench.recovery.wait(LONG)
    QCoreApplication.processEvents()


def is_offered(user: User) -> bool:
    strip = user.window.mixer.message
    assert strip.recovery.isVisible() != strip.label.isVisible()
    return strip.recovery.isVisible()


def test_a_quiet_line_offers_the_work_and_no_dialog_stands_in_the_way(
    start: Callable[[], User], root: Path
) -> None:
    leave(root, Path("/gone/spiral set.mixnn"), "spiral set")
    user = start()
    assert is_offered(user)
    assert QApplication.activeModalWidget() is None
    text = user.text("recoveryText")
    assert text.startswith("Work from ")
    assert text.endswith("that was not saved is still here (spiral set, 1-8-8-1).")
    user.drag(user.w, 30.0)  # nothing is held up by it
    assert is_offered(user)


def test_nothing_was_left_nothing_is_offered(start: Callable[[], User]) -> None:
    user = start()
    assert not is_offered(user)
    assert user.text("messageText") == hint(user.desk.mix)


def test_open_takes_it_up_beside_the_saved_file_and_save_asks_where(
    start: Callable[[], User], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "spiral set.mixnn"
    path.write_text("what was saved")
    folder = leave(root, path, "spiral set")
    work = on_disk.read(folder)
    user = start()
    user.click("recoveryOpen")
    settle(user)
    assert user.desk.mix.state.same(work.saved.mix.state)
    assert user.window.windowTitle().startswith("spiral set (recovered)")
    assert user.window.isWindowModified()
    assert not is_offered(user)
    asked: list[str] = []

    def ask(*arguments: object) -> tuple[str, str]:
        asked.append(str(arguments[2]))
        return asked[-1], ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    user.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(user)
    assert asked == [str(tmp_path / "spiral set (recovered).mixnn")]
    assert Path(asked[0]).exists()
    assert not user.window.isWindowModified()
    assert path.read_text() == "what was saved"
    assert on_disk.sessions(root) == []


def test_open_asks_about_unsaved_work_and_cancel_leaves_the_offer(
    start: Callable[[], User], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(root, None, "untitled mix")
    user = start()
    user.drag(user.w, 30.0)
    before = user.desk.mix
    answers = ["cancel", "discard"]
    monkeypatch.setattr(files_module, "ask_to_save", lambda *_: answers.pop(0))
    user.click("recoveryOpen")
    assert user.desk.mix is before
    assert is_offered(user)
    user.click("recoveryOpen")
    assert user.desk.mix.network.sizes == (1, 8, 8, 1)


def test_discard_and_later_take_the_next_and_then_the_line_goes(
    start: Callable[[], User], root: Path
) -> None:
    folders = {name: leave(root, None, name) for name in ("first", "second")}
    user = start()
    assert "(second, " in user.text("recoveryText")  # the latest
    button = user.find(QPushButton, "recoveryLater")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    user.key(Qt.Key.Key_Space)
    settle(user)
    assert not user.bench.automix.playing
    assert "(first, " in user.text("recoveryText")
    user.click("recoveryDiscard")
    settle(user)
    assert not is_offered(user)
    assert user.text("messageText") == hint(user.desk.mix)
    assert on_disk.sessions(root) == [folders["second"]]


def test_what_has_just_happened_comes_before_an_offer_that_can_wait(
    start: Callable[[], User], root: Path
) -> None:
    leave(root, None, "untitled mix")
    user = start()
    for row in range(2):
        user.desk.set_locked(row, True)
    user.key(Qt.Key.Key_Space)  # every knob is locked: one sentence
    assert user.bench.automix.outcome is not None
    assert not is_offered(user)
    user.undo()
    user.bench.automix.forget_outcome()
    assert is_offered(user)


def test_a_full_disk_is_told_in_the_strip_and_the_work_stays(
    start: Callable[[], User], root: Path, tmp_path: Path
) -> None:
    root.write_text("in the way")
    user = start()
    user.drag(user.w, 30.0)
    settle(user)
    text = user.text("messageText")
    assert text.startswith("Unsaved work cannot be kept safe against a crash (")
    assert user.window.isWindowModified()
    user.bench.document.save(tmp_path / "elsewhere.mixnn")
    assert not user.window.isWindowModified()


def test_closing_cleanly_leaves_nothing_to_offer(start: Callable[[], User], root: Path) -> None:
    user = start()
    user.drag(user.w, 30.0)
    settle(user)
    assert len(on_disk.sessions(root)) == 1
    user.window.close_without_asking()
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("fresh", [False, True])
def test_a_fresh_start_reads_and_keeps_nothing(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, fresh: bool
) -> None:
    asked: list[object] = []

    def build(*_: object, recovery: bool, **__: object) -> MainWindow:
        asked.append(recovery)
        raise MixError("far enough")

    monkeypatch.setattr(launch, "build", build)
    monkeypatch.setattr(launch, "_application", lambda _: qapp)
    with pytest.raises(MixError, match="far enough"):
        launch.run_window(None, fresh)
    assert asked == [not fresh]


def test_the_usual_folder_is_among_the_programs_own_data(
    qapp: QApplication, nobodys_settings: Path
) -> None:
    folder = launch.recovery_folder()
    assert folder.name == "recovery"
    assert folder.is_relative_to(nobodys_settings)


@pytest.mark.parametrize(
    ("then", "when"),
    [
        (datetime(2026, 3, 9, 9, 5), "09:05"),
        (datetime(2026, 3, 8, 14, 32), "8 March, 14:32"),
        (datetime(2025, 12, 31, 23, 59), "31 December 2025, 23:59"),
    ],
)
def test_the_time_is_told_as_far_as_it_is_needed(root: Path, then: datetime, when: str) -> None:
    work = on_disk.read(leave(root, None, "untitled mix", then.timestamp()))
    assert sentence(work, NOON).startswith(f"Work from {when} that was not saved")


def test_a_time_that_is_none_is_no_error(root: Path) -> None:
    work = on_disk.read(leave(root, None, "untitled mix", 1e300))
    assert "an earlier start" in sentence(work, NOON)
    shutil.rmtree(root)
