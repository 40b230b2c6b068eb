"""How time grows with the network and with the data: a step, and a frame's work besides its steps.

``pytest tests/benchmarks/test_scaling.py --benchmark-enable -n 0 -q`` prints the tables in about
three minutes. A step is the best of several rounds, with all that stops a training; a frame is
that of the shown window at full tempo, the median of its time on the processor. No stopwatch
fails a test; an ordinary run goes through the corners only.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, thread_time

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.segment import Segment
from mixer_nn.session.mix import MAX_TEMPO, Mix, Setup, network_on
from mixer_nn.ui import theme
from mixer_nn.ui.launch import build
from mixer_nn.ui.main_window import MainWindow

NETWORKS: dict[int, tuple[int, tuple[int, ...]]] = {
    2: (1, ()),
    25: (1, (8,)),
    105: (2, (8, 8)),
    393: (2, (8,) * 6),
    1021: (2, (15,) * 5),
    1969: (2, (16,) * 8),
}
"""Inputs and hidden layers, tanh, by the count of parameters."""
ROWS = (100, 1_000, 10_000, 100_000, 1_000_000)
USUAL_ROWS, USUAL_KNOBS, BATCH = 250, 105, 10
ROUND, ROUNDS, WATCHED = 0.05, 7, 1.5


def mix_of(knobs: int, rows: int) -> Mix:
    inputs, hidden = NETWORKS[knobs]
    x = np.random.default_rng(0).uniform(-1.0, 1.0, (rows, inputs))
    columns = tuple(Column(f"x{number + 1}") for number in range(inputs))
    y = np.sin(3.0 * x.sum(axis=1, keepdims=True))
    mix = network_on(Dataset("waves", x, y, columns, (Column("y"),)), 1, hidden, scaled=False)
    assert mix.network.parameter_count == knobs
    return mix


def setup_of(batch: int) -> Setup:
    return Setup(learning_rate=1e-3, batch_size=batch, tempo=MAX_TEMPO, tolerance=0.0)


def step_time(mix: Mix, batch: int, rounds: int, seconds: float) -> float:
    """Seconds of a step: of the best of so many rounds, each of about so long."""
    problem, best = mix.problem, np.inf
    segment = Segment(problem.objective, setup_of(batch).settings(problem), mix.state)
    segment.watched = False
    segment.advance(steps=1)
    for _ in range(rounds):
        begin, before = perf_counter(), segment.state.step
        segment.advance(seconds=seconds)
        while segment.state.step == before:  # a long step takes several slices
            segment.advance(seconds=seconds)
        best = min(best, (perf_counter() - begin) / (segment.state.step - before))
        if best > 10.0 * seconds:
            break
    return best


class FrameTimes(QObject):
    """The processor's time of each frame from the end of its steps until nothing is left to do."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.found: list[float] = []
        self._automix, self._begin = window.bench.automix, 0.0
        self._end = 0.0
        self._train = self._automix.slice
        self._automix.slice = self._slice  # type: ignore[method-assign]
        self._automix.changed.connect(self._play_on)
        clock = window.bench.clock
        clock.ticked.connect(self._on_done)
        self._note = clock.note_painting
        clock.note_painting = self._on_painted  # type: ignore[method-assign]

    def _slice(self, milliseconds: float, budget: float) -> None:
        if self._begin:
            self.found.append(self._end - self._begin)
        self._train(milliseconds, budget)
        self._begin = thread_time()

    def _on_done(self) -> None:
        self._end = thread_time()

    def _on_painted(self, seconds: float) -> None:
        self._end = thread_time()
        self._note(seconds)

    def _play_on(self) -> None:
        self._automix.play()

    def end(self) -> None:
        self._automix.changed.disconnect(self._play_on)
        self._automix.pause()


def wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def frame_time(window: MainWindow, mix: Mix, seconds: float) -> float:
    window.bench.desk.replace_all(mix, setup_of(BATCH))
    wait(0.1)
    window.bench.guidance.show_arrows(True)
    times = FrameTimes(window)
    window.bench.automix.play()
    wait(seconds / 3.0)
    times.found.clear()
    wait(seconds)
    times.end()
    window.bench.desk.undo_stack.clear()
    return float(np.median(times.found))


def table(title: str, heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    body = (
        "  ".join(cell.rjust(w) for cell, w in zip(line, widths, strict=True)) for line in lines
    )
    return "\n".join(["", title, *body])


@pytest.fixture
def tell(benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    def told(text: str) -> None:
        benchmark.extra_info["table"] = text
        benchmark.pedantic(len, args=(text,))  # type: ignore[no-untyped-call]
        if not benchmark.disabled:
            with capsys.disabled():
                print(text)

    return told


@pytest.mark.parametrize("batch", [BATCH, 0], ids=["batch 10", "full batch"])
def test_a_step(benchmark: BenchmarkFixture, tell: Callable[[str], None], batch: int) -> None:
    brief = benchmark.disabled
    counts, all_rows = ((2, 393), (100, 10_000)) if brief else (tuple(NETWORKS), ROWS)
    rounds, seconds = (1, 0.001) if brief else (ROUNDS, ROUND)
    lines = []
    for knobs in counts:
        times = [step_time(mix_of(knobs, rows), batch, rounds, seconds) for rows in all_rows]
        assert all(0.0 < time < np.inf for time in times)
        lines.append([f"{knobs:,}", *(f"{1e6 * time:,.1f}" for time in times)])
    name = f"batch {batch}" if batch else "all rows"
    heads = ["parameters \\ rows", *(f"{rows:,}" for rows in all_rows)]
    tell(table(f"a step, {name}, µs", heads, lines))


def test_a_frame(
    benchmark: BenchmarkFixture, tell: Callable[[str], None], qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, "dark", zoom=1.0)
    window = build()
    qtbot.addWidget(window, before_close_func=MainWindow.close_without_asking)
    window.resize(1440, 900)
    with qtbot.waitExposed(window):
        window.show()
    brief = benchmark.disabled
    seconds = 0.1 if brief else WATCHED
    counts, all_rows = ((2, 393), (100,)) if brief else (tuple(NETWORKS), ROWS)
    by_knobs = [frame_time(window, mix_of(knobs, USUAL_ROWS), seconds) for knobs in counts]
    by_rows = [frame_time(window, mix_of(USUAL_KNOBS, rows), seconds) for rows in all_rows]
    assert min(by_knobs + by_rows) > 0.0
    first, second = (
        table(
            title, [head, *(f"{n:,}" for n in numbers)], [["ms", *(f"{1e3 * t:.1f}" for t in ts)]]
        )
        for title, head, numbers, ts in (
            (f"a frame, {USUAL_ROWS} rows", "parameters", counts, by_knobs),
            (f"a frame, {USUAL_KNOBS} parameters", "rows", all_rows, by_rows),
        )
    )
    tell(first + "\n" + second)
