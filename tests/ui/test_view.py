"""Looking changes nothing, costs nothing out of sight, and ends cleanly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import MAX_TEMPO, Setup, neuron_on
from mixer_nn.ui import theme
from mixer_nn.ui.launch import build

if TYPE_CHECKING:
    from tests.ui.conftest import User

CONTROL = Qt.KeyboardModifier.ControlModifier


# -- looking ----------------------------------------------------------------------------------


def test_themes_zoom_panels_and_tabs_leave_mix_history_and_undo_alone(user: User) -> None:
    user.key(Qt.Key.Key_S)
    user.drag(user.w, 20.0)
    mix, curves = user.desk.mix, [c.points.tobytes() for c in user.desk.history.curves]
    count, modified = user.desk.undo_stack.count, user.bench.document.modified
    for name in ("light", "dark", "system", "panelFit", "panelLoss", "panelFit", "panelLoss"):
        user.trigger(name)
    user.trigger("reduceMotion")
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0):
        user.key(key, CONTROL)
    user.click("lossAxis")
    user.click("lossScale")
    user.key(Qt.Key.Key_W)
    user.key(Qt.Key.Key_A)
    for size in ((1024, 640), (1440, 900)):
        user.window.resize(*size)
        user.frames()
    assert user.desk.mix is mix
    assert [c.points.tobytes() for c in user.desk.history.curves] == curves
    assert user.desk.undo_stack.count == count
    assert user.bench.document.modified is modified
    user.trigger("dark")
    for name in ("lossAxis", "lossAxis", "lossScale"):
        user.click(name)
    assert user.window.loss.along.word == "moves"
    user.assert_all_agree()


def test_themes_change_at_once_and_are_remembered(user: User) -> None:
    user.trigger("light")
    assert theme.current().name == "light"
    assert user.bench.preferences.theme == "light"
    light = user.window.grab().toImage().pixelColor(3, 300).lightness()
    user.trigger("dark")
    assert user.window.grab().toImage().pixelColor(3, 300).lightness() < 60 < light


def test_zoom_goes_from_80_to_200_per_cent_and_stops_there(user: User) -> None:
    for key, end in ((Qt.Key.Key_Minus, 0.8), (Qt.Key.Key_Plus, 2.0)):
        for _ in range(3):
            user.key(key, CONTROL)
        user.window.looks.zoom(end)
        user.key(key, CONTROL)
        assert theme.zoom() == user.bench.preferences.zoom == end
    user.key(Qt.Key.Key_0, CONTROL)
    assert theme.zoom() == 1.0


def test_with_reduced_motion_pointers_jump(user: User) -> None:
    user.desk.turn(0, 1.0)
    user.frames()
    assert user.w.look.position != pytest.approx(user.w.taper.to_position(1.0), abs=0.01)
    user.trigger("reduceMotion")
    user.desk.turn(0, -1.0)
    user.frames()
    assert user.w.look.position == pytest.approx(user.w.taper.to_position(-1.0), abs=1e-3)


def test_what_is_out_of_sight_asks_for_nothing(user: User) -> None:
    asked: list[str] = []
    readings = user.bench.readings
    original = readings.predict
    readings.predict = Spy(asked, original)  # type: ignore[assignment, method-assign]
    user.drag(user.w, 10.0)
    assert asked
    for name in ("panelFit", "panelLoss", "panelWhy"):
        user.trigger(name)
    asked.clear()
    before = readings.evaluations
    user.window.mixer.hide()
    user.window.transport.hide()
    user.desk.turn(0, 0.5)
    user.frames()
    user.desk.turn(0, 0.75)
    user.frames()
    assert asked == []
    assert readings.evaluations == before
    for part in (user.window.mixer, user.window.transport):
        part.show()
    for name in ("panelFit", "panelLoss", "panelWhy"):
        user.trigger(name)
    QApplication.processEvents()
    user.window.grab()
    user.assert_all_agree()


class Spy:
    def __init__(self, calls: list[str], function: Callable[..., object]) -> None:
        self.calls, self.function = calls, function

    def __call__(self, *arguments: object) -> object:
        self.calls.append(self.function.__name__)
        return self.function(*arguments)


# -- rest and end -----------------------------------------------------------------------------


def test_an_idle_window_has_no_ticks(live: User, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not live.bench.clock.is_running)
    ticks: list[int] = []
    live.bench.clock.ticked.connect(Count(ticks))
    for _ in range(200):
        QApplication.processEvents()
    assert ticks == []
    live.desk.turn(0, 0.5)
    assert live.bench.clock.is_running
    qtbot.waitUntil(lambda: not live.bench.clock.is_running)
    assert ticks


class Count:
    def __init__(self, into: list[int]) -> None:
        self.into = into

    def __call__(self) -> None:
        self.into.append(1)


def test_the_clock_drives_the_window_by_itself(live: User, qtbot: QtBot) -> None:
    live.desk.set_setup(Setup(tempo=MAX_TEMPO))
    live.key(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not live.bench.automix.playing, timeout=10_000)
    qtbot.waitUntil(lambda: not live.bench.clock.is_running)
    live.assert_all_agree()


def test_a_thousand_paints_lose_no_reference_to_none(user: User) -> None:
    transport = user.window.transport
    parts: list[QWidget] = [user.w, transport.rate.fader, transport.steps.auto_mix]
    for part in parts:
        part.grab()
    before = sys.getrefcount(None)
    for _ in range(333):
        for part in parts:
            part.grab()
    assert abs(sys.getrefcount(None) - before) < 50


def test_the_window_closes_while_it_plays(live: User) -> None:
    live.key(Qt.Key.Key_Space)
    live.window.close_without_asking()
    assert not live.bench.automix.playing
    assert not live.bench.clock.is_running
    for _ in range(20):
        QApplication.processEvents()
    assert not live.bench.clock.is_running


def test_building_a_window_opens_nothing_and_installs_nothing(
    qtbot: QtBot, dressed: QApplication
) -> None:
    hook = sys.excepthook
    window = build()
    qtbot.addWidget(window)
    assert not window.isVisible()
    assert sys.excepthook is hook
    assert QApplication.activeModalWidget() is None


# -- from one start to the next ---------------------------------------------------------------

SESSION = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QSplitter
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui import theme
from mixer_nn.ui.launch import build
app = QApplication([])
settings = QSettings(sys.argv[1], QSettings.Format.IniFormat)
preferences = Preferences(settings)
theme.apply(app, preferences.theme, preferences.zoom)
window = build(settings=settings)
window.show()
for _ in range(3):  # what a text or a size changes is laid out anew in the next round
    app.processEvents()
if sys.argv[2] == "leave":
    window.resize(1300, 800)
    window.move(40, 30)
    app.processEvents()
    window.rows.moveSplitter(300, 1)
    window.bench.preferences.theme = "light"
    window.looks.zoom(1.1)
    window.looks.motion.trigger()
for _ in range(3):
    app.processEvents()
print(json.dumps([window.width(), window.height(), window.x(), window.y(),
    theme.current().name, theme.zoom(), window.bench.preferences.reduced_motion,
    window.looks.motion.isChecked(), *window.rows.sizes()]))
window.close()
"""


def run_session(tmp_path: Path, what: str) -> list[object]:
    screen = {
        "name": "a",
        "x": 0,
        "y": 0,
        "width": 1920,
        "height": 1080,
        "logicalDpi": 96,
        "dpr": 1,
    }
    (tmp_path / "screen.json").write_text(json.dumps({"screens": [screen]}))
    done = subprocess.run(
        [sys.executable, "-c", SESSION, str(tmp_path / "settings.ini"), what],
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={tmp_path}/screen.json"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: list[object] = json.loads(done.stdout)
    return found


def test_the_next_start_finds_everything_as_it_was_left(tmp_path: Path) -> None:
    left = run_session(tmp_path, "leave")
    assert left[:8] == [1300, 800, 40, 30, "light", 1.1, True, True]
    *found, monitors, mixer = run_session(tmp_path, "look")
    assert found == left[:8]
    assert mixer == left[9]
    assert monitors == pytest.approx(left[8], abs=8)  # margins are rounded to whole pixels


def test_dragging_a_splitter_keeps_its_place_when_the_window_grows_small(user: User) -> None:
    rows = user.find(QSplitter, "rows")
    rows.moveSplitter(260, 1)
    sizes = rows.sizes()
    user.trigger("panelLoss")
    user.trigger("panelLoss")
    assert rows.sizes() == sizes


def test_who_looks_before_the_frame_in_which_other_data_come_sees_these(user: User) -> None:
    mix = neuron_on(make("noisy-line", points=12, seed=3), 7)
    user.desk.put(replace(mix, run=user.desk.history.new_run()), "other data")
    user.bench.guidance.show_arrows(True)  # the desk has not yet told of them
    assert len(user.picture().miss.getData()[0]) == 2 * 12
    user.frames()
    user.assert_all_agree()
