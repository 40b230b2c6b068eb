"""What the window takes: of a frame while it trains, and from the start to the first picture.

``pytest tests/benchmarks/test_window.py --benchmark-enable``; no stopwatch fails a test.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import MAX_TEMPO
from mixer_nn.ui import theme
from mixer_nn.ui.launch import build
from mixer_nn.ui.main_window import MainWindow

DATA: dict[str, Callable[[], object]] = {
    "one input, 40 rows": lambda: make("noisy-line", seed=7),
    "two inputs, 80 rows": lambda: make("plane", seed=7),
    "three inputs, 150 rows": lambda: load_shipped("iris"),
    "one input, 10,000 rows": lambda: make("noisy-line", seed=7, points=10_000),
}


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> MainWindow:
    """A window of the usual size that trains, frame by frame as it is told."""
    theme.apply(qapp, "dark", zoom=1.0)
    made = build()
    qtbot.addWidget(made, before_close_func=MainWindow.close_without_asking)
    made.resize(1440, 900)
    with qtbot.waitExposed(made):
        made.show()
    made.bench.guidance.show_arrows(True)
    return made


@pytest.mark.parametrize("data", DATA)
def test_one_frame_besides_its_steps(
    benchmark: BenchmarkFixture, window: MainWindow, data: str
) -> None:
    bench = window.bench
    window.header.data.put(DATA[data]())  # type: ignore[arg-type]
    bench.desk.set_setup(replace(bench.desk.setup, tempo=MAX_TEMPO, batch_size=7, tolerance=0.0))
    bench.clock.tick(16.0)
    QApplication.processEvents()
    moves = bench.desk.mix.moves

    def step() -> None:
        bench.automix.step(1)

    def frame() -> None:
        bench.clock.tick(16.0)
        QApplication.processEvents()

    benchmark.group = "one frame of the window, without its steps"
    benchmark.pedantic(frame, setup=step, rounds=60, warmup_rounds=3)  # type: ignore[no-untyped-call]
    assert bench.desk.mix.moves > moves


START = """
import json, sys, time
begin = time.perf_counter()
import PySide6.QtCore, PySide6.QtGui, PySide6.QtWidgets
qt = time.perf_counter()
import numpy
array = time.perf_counter()
import pyqtgraph
plots = time.perf_counter()
from mixer_nn.ui import theme
from mixer_nn.ui.launch import build
from PySide6.QtWidgets import QApplication
ours = time.perf_counter()
app = QApplication([])
theme.apply(app, "dark")
application = time.perf_counter()
window = build()
window.show()
app.processEvents()
window.grab()
end = time.perf_counter()
print(json.dumps({"import Qt": qt - begin, "import NumPy": array - qt,
    "import pyqtgraph": plots - array, "import mixer_nn": ours - plots,
    "application and theme": application - ours, "window and first paint": end - application,
    "pandas": "pandas" in sys.modules}))
window.close_without_asking()
"""


def test_start_to_first_paint(benchmark: BenchmarkFixture) -> None:
    parts: list[dict[str, float]] = []

    def start() -> None:
        done = subprocess.run(
            [sys.executable, "-c", START],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        parts.append(json.loads(done.stdout))

    benchmark.group = "from the start of Python to the first picture"
    benchmark.pedantic(start, rounds=5)  # type: ignore[no-untyped-call]
    assert not parts[0]["pandas"]  # half a second that only those pay who open a table
    for name in parts[0]:
        values = sorted(part[name] for part in parts)
        benchmark.extra_info[f"{name}, ms"] = round(1000 * values[len(values) // 2])
