"""What is remembered between starts, in a process of its own, and what nonsense does to it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QApplication

from mixer_nn.state.preferences import MOST_RECENT, Preferences


@pytest.fixture
def file(tmp_path: Path, qapp: QApplication) -> Path:
    return tmp_path / "settings.ini"


def over(file: Path) -> Preferences:
    return Preferences(QSettings(str(file), QSettings.Format.IniFormat))


ELSEWHERE = """
import sys
from PySide6.QtCore import QCoreApplication, QSettings
from mixer_nn.state.preferences import Preferences
app = QCoreApplication([])
p = Preferences(QSettings(sys.argv[1], QSettings.Format.IniFormat))
assert p.theme == "light", p.theme
assert p.zoom == 1.25, p.zoom
assert p.reduced_motion is True, p.reduced_motion
assert [str(path) for path in p.recent] == ["/b, c/ü.mixnn", "/a.mixnn"], p.recent
assert str(p.folder) == sys.argv[2], p.folder
assert bytes(p.layout("window").data()) == bytes(range(256))
assert p.layout("none").isEmpty()
p.reduced_motion = False
p.zoom = 0.9
"""


def test_everything_comes_back_in_another_process(file: Path, tmp_path: Path) -> None:
    settings = QSettings(str(file), QSettings.Format.IniFormat)
    first = Preferences(settings)
    first.theme = "light"
    first.zoom = 1.25
    first.reduced_motion = True
    first.remember(Path("/a.mixnn"))
    first.remember(Path("/b, c/ü.mixnn"))
    first.folder = tmp_path
    first.set_layout("window", QByteArray(bytes(range(256))))
    settings.sync()
    subprocess.run([sys.executable, "-c", ELSEWHERE, str(file), str(tmp_path)], check=True)
    second = over(file)
    assert second.reduced_motion is False
    assert second.zoom == 0.9


def test_the_first_day(file: Path) -> None:
    first = over(file)
    assert (first.theme, first.zoom, first.reduced_motion) == ("dark", 1.0, False)
    assert first.recent == []
    assert first.folder == Path.home()
    assert first.layout("window").isEmpty()


def test_a_file_opened_again_moves_to_the_top_and_the_list_stays_short(file: Path) -> None:
    preferences = over(file)
    for number in range(MOST_RECENT + 5):
        preferences.remember(Path(f"/{number}.mixnn"))
    preferences.remember(Path("/9.mixnn"))
    assert preferences.recent[0] == Path("/9.mixnn")
    assert len(preferences.recent) == MOST_RECENT
    assert len(set(preferences.recent)) == MOST_RECENT
    preferences.forget(Path("/9.mixnn"))
    assert Path("/9.mixnn") not in preferences.recent


def test_clearing_is_the_first_day_again(file: Path) -> None:
    preferences = over(file)
    preferences.theme = "light"
    preferences.clear()
    assert preferences.theme == "dark"


@pytest.mark.parametrize(
    "nonsense",
    ["banana", "", "nan", "inf", "-inf", "1,5", "a, b, c", "@ByteArray(\\0\\xff)", "@Invalid()"],
)
def test_nonsense_in_the_file_falls_back(file: Path, nonsense: str) -> None:
    keys = ("theme", "zoom", "reducedMotion", "recent", "folder", "layout\\window")
    lines = [f"{key}={nonsense}" for key in keys if "\\" not in key]
    lines += ["[layout]", f"window={nonsense}"]
    file.write_text("[General]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    preferences = over(file)
    assert preferences.theme == "dark"
    assert preferences.zoom == 1.0
    assert preferences.reduced_motion is False
    assert preferences.folder.is_dir()
    assert all(isinstance(path, Path) for path in preferences.recent)
    assert isinstance(preferences.layout("window"), QByteArray)


def test_a_zoom_beyond_all_measure_is_brought_back(file: Path) -> None:
    preferences = over(file)
    preferences.zoom = 100.0
    assert preferences.zoom == 2.0
    preferences.zoom = 0.01
    assert preferences.zoom == 0.8


@pytest.mark.parametrize("folder", ["/no/such/folder", "x" * 300, "a\0b"])
def test_a_folder_that_is_not_there_is_home(file: Path, folder: str) -> None:
    preferences = over(file)
    preferences.folder = Path(folder)
    assert preferences.folder == Path.home()


def test_without_settings_nothing_is_left_behind() -> None:
    preferences = Preferences()
    preferences.theme = "light"
    preferences.zoom = 1.5
    preferences.remember(Path("/a.mixnn"))
    assert (preferences.theme, preferences.zoom) == ("light", 1.5)
    assert preferences.recent == [Path("/a.mixnn")]
    assert Preferences().theme == "dark"
