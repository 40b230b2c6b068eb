"""Ten thousand events at random on the shown window: it never lies, fails or leaks.

``pytest tests/trust/test_monkey.py --full`` takes minutes; the ordinary run takes a sample. A
failure tells its seed and the last events. To do the same again, up to the event that failed:
``pytest tests/trust/test_monkey.py -n 0 --monkey SEED:EVENTS``.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from types import TracebackType

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.logging import Record
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from mixer_nn.core.dataset import Dataset
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on, neuron_on
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui import files as files_module
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls import control
from mixer_nn.ui.launch import build
from mixer_nn.ui.main_window import MainWindow
from tests.trust.looks import look, look_at_undo, strays
from tests.trust.monkey import Monkey

CHUNK, CHUNKS = 500, 20
SAMPLE = 250
EVERY = 50
"""Events after which all is looked at, and undone and redone."""
WARNINGS = ("QtWarningMsg", "QtCriticalMsg", "QtFatalMsg")

pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support (raise|grabbing)",
    # Of a drag that leaves the window.
    "Mouse event at .* occurs outside target window",
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The whole count in parts, each with a seed of its own; or the one that is asked for."""
    if "seed" not in metafunc.fixturenames:
        return
    again = metafunc.config.getoption("--monkey")
    parts = [(seed, CHUNK) for seed in range(CHUNKS)]
    if again:
        seed, _, count = str(again).partition(":")
        parts = [(int(seed), int(count or CHUNK))]
    elif not metafunc.config.getoption("--full"):
        parts = [(7, SAMPLE)]
    metafunc.parametrize(("seed", "count"), parts)


class _Ticking:
    """Stands for the clock on the wall: each look at it takes a tenth of a millisecond."""

    def __init__(self) -> None:
        self._now = itertools.count()

    def __call__(self) -> float:
        return next(self._now) * 1e-4


@pytest.fixture
def same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames come when asked for, and what has a budget of time gets as far on any machine."""
    monkeypatch.setattr(FrameClock, "wake", _sleep_on)
    monkeypatch.setattr(control, "IDLE_MILLISECONDS", 10**8)
    ticking = _Ticking()
    for name, module in list(sys.modules.items()):
        if name.startswith("mixer_nn.") and hasattr(module, "perf_counter"):
            monkeypatch.setattr(module, "perf_counter", ticking)


def _sleep_on(_: FrameClock) -> None:
    """In the place of `FrameClock.wake`."""


@pytest.fixture
def files(tmp_path: Path, qapp: QApplication) -> list[Path]:
    """Mixes and tables to open, good and bad."""
    classes: Dataset = make("spiral", seed=1, points=60)
    mixes: dict[str, Mix] = {
        "line": neuron_on(make("noisy-line", seed=7), 7),
        "small": network_on(make("circle", seed=3, points=60), 3, (4, 2)),
        "numbers": network_on(make("hills", seed=3, points=80), 3, (3,)),
        "large": network_on(classes, 3, (8, 8, 8)),
    }
    for name, mix in mixes.items():
        bench = Bench(mix, Preferences())
        bench.automix.step(20)
        bench.desk.turn(0, 1.5)
        bench.document.save(tmp_path / f"{name}.mixnn")
    tables = {
        "cars.csv": "speed,dist\n" + "".join(f"{n},{2 * n + n % 3}\n" for n in range(1, 25)),
        "kinds.csv": "a;b;kind\n" + "".join(f"{n},5;{n % 4};{'xy'[n % 2]}\n" for n in range(20)),
        "empty.csv": "",
        "broken.mixnn": '{"format": "mixer-nn"',
    }
    for name, text in tables.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return sorted(tmp_path.glob("*.*"))


class _Answers:
    """Answers every question that would wait for a person, by chance."""

    def __init__(self, chance: random.Random, files: list[Path], folder: Path) -> None:
        self._chance, self._files, self._folder = chance, files, folder

    def open_name(self, *_: object) -> tuple[str, str]:
        return self._chance.choice([*map(str, self._files), ""]), ""

    def save_name(self, *_: object) -> tuple[str, str]:
        names = ("saved.mixnn", "saved", "no folder/saved.mixnn", "")
        name = self._chance.choice(names)
        return (str(self._folder / name) if name else ""), ""

    def whether_to_save(self, *_: object) -> str:
        return self._chance.choice(("discard", "discard", "save", "cancel"))


@pytest.fixture
def failures(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """What has been raised where nobody caught it."""
    found: list[BaseException] = []

    def note(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
        found.append(error)

    monkeypatch.setattr(sys, "excepthook", note)
    return found


@pytest.fixture
def make_monkey(
    qtbot: QtBot,
    qapp: QApplication,
    same_time: None,
    files: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Generator[Callable[[int], Monkey]]:
    """A monkey at a new window, by its seed."""
    made: list[Monkey] = []

    def monkey_of(seed: int) -> Monkey:
        theme.apply(qapp, "dark", zoom=1.0)
        answers = _Answers(random.Random(seed + 1), files, tmp_path)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", answers.open_name)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", answers.save_name)
        monkeypatch.setattr(files_module, "ask_to_save", answers.whether_to_save)
        window = build()
        qtbot.addWidget(window, before_close_func=MainWindow.close_without_asking)
        window.setMinimumSize(1, 1)
        window.resize(1440, 900)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        made.append(Monkey(window, seed, files))
        made[-1].settle()
        return made[-1]

    yield monkey_of
    theme.apply(qapp, "dark", zoom=1.0)
    for monkey in made:
        vars(monkey).clear()  # it holds the window


def test_whatever_is_done_to_the_window_it_stays_true(
    make_monkey: Callable[[int], Monkey],
    failures: list[BaseException],
    qtlog: object,
    seed: int,
    count: int,
) -> None:
    monkey, chance = make_monkey(seed), random.Random(seed + 2)
    few = len(strays(monkey.window))  # what plots keep for their own menus
    try:
        for number in range(1, count + 1):
            monkey.event()
            assert not failures, failures[0]
            assert not _warnings(qtlog)
            look(monkey.window, chance)
            if number % EVERY == 0:
                QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
                look(monkey.window)
                assert len(strays(monkey.window)) <= few, strays(monkey.window)
                look_at_undo(monkey.window)
                assert not failures, failures[0]
    except BaseException as error:
        told = "\n".join(monkey.log)
        again = f"pytest tests/trust/test_monkey.py -n 0 --monkey {seed}:{monkey.count}"
        raise AssertionError(
            f"seed {seed}, event {monkey.count}; again: {again}\nThe last events:\n{told}"
        ) from (failures[0] if failures else error)


def test_a_menu_that_goes_as_the_mouse_lets_go_of_it_is_not_pressed_again(
    make_monkey: Callable[[int], Monkey],
) -> None:
    monkey = make_monkey(3)
    for press in (Monkey._click, Monkey._double_click, Monkey._drag, Monkey._take_hold):
        menu = QMenu(monkey.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Here")
        menu.popup(monkey.window.mapToGlobal(monkey.window.rect().center()))
        monkey._take_hold()
        assert isValid(menu)
        press(monkey)
        assert not isValid(menu)


def _warnings(log: object) -> list[str]:
    records: list[Record] = getattr(log, "records", [])
    return [
        record.message for record in records if record.type_name in WARNINGS and not record.ignored
    ]
