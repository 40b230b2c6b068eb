"""The shown window at full tempo: its own event loop for three seconds, everything in view.

``pytest tests/benchmarks/test_shown_window.py --benchmark-enable -n 0`` prints a line for each
network: epochs and frames a second, and what a frame takes besides the optimizer's steps (all
Python and all painting, until the event loop has nothing left to do). Times "on the processor"
leave out what other programs took of it meanwhile, and "alone" is what the window would do without
them: the epochs that fit into what frames at 60 a second leave. No stopwatch fails a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, thread_time

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import MAX_TEMPO, Setup, network_on
from mixer_nn.ui import theme
from mixer_nn.ui.launch import build
from mixer_nn.ui.main_window import MainWindow

POINTS, BATCH, RATE = 250, 10, 0.01
SECONDS, WARM_UP, GLANCE = 3.0, 1.0, 0.1
FRAMES = 60
USUAL, LARGE = (1440, 900), (3840, 2160)


@dataclass(frozen=True)
class Case:
    """A network on some data, in a window of a size; epochs a second that are `wanted` of it."""

    data: str
    hidden: tuple[int, ...]
    size: tuple[int, int] = USUAL
    wanted: int | None = None


CASES = {
    "2-4-2-1, hills": Case("hills", (4, 2), wanted=1500),
    "2-4-2-1, spiral": Case("spiral", (4, 2), wanted=1500),
    "2-8×6-1, hills": Case("hills", (8,) * 6, wanted=700),
    "2-8×6-1, spiral": Case("spiral", (8,) * 6, wanted=700),
    "1,021 knobs, as scrolled": Case("hills", (15,) * 5),
    "1,021 knobs, all in view at 3840×2160": Case("hills", (15,) * 5, LARGE),
}


def now() -> tuple[float, float]:
    """The clock on the wall, and the processor's time of this thread, seconds."""
    return perf_counter(), thread_time()


def since(begin: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    return end[0] - begin[0], end[1] - begin[1]


class Watch(QObject):
    """Times every frame: from the end of its steps until all that it led to has been done.

    The end is when the window has been laid out and painted, as it tells the clock.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.work: list[tuple[float, float]] = []
        self.steps: list[tuple[float, float]] = []
        self._begin = self._end = now()
        self._automix = automix = window.bench.automix
        self._train = automix.slice
        automix.slice = self._slice  # type: ignore[method-assign]
        clock = window.bench.clock
        clock.ticked.connect(self._on_done)
        self._note = clock.note_painting
        clock.note_painting = self._on_painted  # type: ignore[method-assign]

    def _slice(self, milliseconds: float, budget: float) -> None:
        if self.steps:
            self.work.append(since(self._begin, self._end))
        begin = now()
        self._train(milliseconds, budget)
        self._begin = now()
        self.steps.append(since(begin, self._begin))

    def _on_done(self) -> None:
        self._end = now()

    def _on_painted(self, seconds: float) -> None:
        self._end = now()
        self._note(seconds)

    def play_on(self) -> None:
        """Play whenever it has stopped."""
        self._automix.play()

    def clear(self) -> None:
        self.work.clear()
        self.steps.clear()


@pytest.fixture
def window_of(qtbot: QtBot, qapp: QApplication) -> Callable[[Case], MainWindow]:
    def made(case: Case) -> MainWindow:
        theme.apply(qapp, "dark", zoom=1.0)
        window = build()
        qtbot.addWidget(window, before_close_func=MainWindow.close_without_asking)
        window.resize(*case.size)
        with qtbot.waitExposed(window):
            window.show()
        mix = network_on(make(case.data, seed=7, points=POINTS), 7, case.hidden)
        setup = Setup(learning_rate=RATE, batch_size=BATCH, tempo=MAX_TEMPO, tolerance=0.0)
        window.bench.desk.replace_all(mix, setup)
        wait(GLANCE)
        window.bench.guidance.show_arrows(True)
        return window

    return made


def wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def figures(watch: Watch, epochs: float, seconds: float) -> dict[str, float]:
    """Everything that is told of a run, times in ms."""
    work, steps = 1000.0 * np.array(watch.work), 1000.0 * np.array(watch.steps)
    left = max(1000.0 / FRAMES - float(work[:, 1].mean()), 0.0)
    found = {
        "epochs/s": epochs / seconds,
        "epochs/s alone": FRAMES * left / (steps[:, 1].sum() / epochs),
        "frames/s": len(work) / seconds,
        "work a frame: median": np.median(work[:, 0]),
        "p95": np.percentile(work[:, 0], 95),
        "on the processor: median": np.median(work[:, 1]),
        "p95 on the processor": np.percentile(work[:, 1], 95),
        "mean on the processor": work[:, 1].mean(),
        "steps of a frame": steps[:, 0].mean(),
        "a step on the processor, µs": 1000.0 * steps[:, 1].sum() / (epochs * POINTS / BATCH),
    }
    return {
        name: round(float(value), 0 if "epochs" in name else 1) for name, value in found.items()
    }


@pytest.mark.parametrize("name", CASES)
def test_full_tempo(
    benchmark: BenchmarkFixture,
    capsys: pytest.CaptureFixture[str],
    window_of: Callable[[Case], MainWindow],
    name: str,
) -> None:
    case = CASES[name]
    window = window_of(case)
    desk, automix = window.bench.desk, window.bench.automix
    watch = Watch(window)
    # Mini-batches reach their plateau sooner or later: then on from there, as one more press would.
    automix.changed.connect(watch.play_on)
    automix.play()
    wait(GLANCE if benchmark.disabled else WARM_UP)
    watch.clear()
    state, count = desk.mix.state, len(desk.history.points)
    begin = now()

    benchmark.pedantic(wait, args=(GLANCE if benchmark.disabled else SECONDS,))  # type: ignore[no-untyped-call]

    seconds, _ = since(begin, now())
    steps = desk.mix.state.step - state.step
    assert automix.playing
    assert steps > 0
    assert len(desk.history.points) > count
    automix.changed.disconnect(watch.play_on)
    automix.pause()
    found = figures(watch, steps * BATCH / POINTS, seconds)
    benchmark.extra_info.update(found)
    desk.undo_stack.clear()
    if not benchmark.disabled:
        with capsys.disabled():
            wanted = "" if case.wanted is None else f" (wanted: {case.wanted} epochs/s)"
            print(f"\n{name}{wanted}: " + ", ".join(f"{k} {v}" for k, v in found.items()))
