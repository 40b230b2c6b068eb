"""A frame while a hand goes through the record, in the shown window with 393 knobs.

``pytest tests/benchmarks/test_scrubbing.py --benchmark-enable``; no stopwatch fails a test.
"""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from mixer_nn.data.synthetic import make
from mixer_nn.session.curve import COLUMNS
from mixer_nn.session.mix import Setup, network_on
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.grooves import HandMoves, levels
from mixer_nn.ui import theme
from mixer_nn.ui.launch import build
from mixer_nn.ui.main_window import MainWindow


@pytest.mark.parametrize("way", ["turning", "stepping"])
def test_a_frame_of_scrubbing(
    benchmark: BenchmarkFixture,
    qtbot: QtBot,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    """Visit, the exact step, every view and all painting, but for the window system's own part."""
    theme.apply(qapp, "dark", zoom=1.0)
    monkeypatch.setattr(FrameClock, "wake", _sleep_on)
    window = build()
    qtbot.addWidget(window, before_close_func=MainWindow.close_without_asking)
    bench = window.bench
    bench.desk.put(network_on(make("spiral", seed=7), 7, (8,) * 6), "393 knobs")
    bench.desk.set_setup(Setup(learning_rate=0.01, optimizer="adam"))
    with qtbot.waitExposed(window):
        window.show()
    for _ in range(100):
        bench.automix.step(5)
    for _ in range(10):
        bench.clock.tick(16.0)
        qapp.processEvents()
    assert bench.desk.mix.parameters.size == 393
    bench.scrubbing.press()
    bench.scrubbing.put(0.5)
    number = 0

    def frame() -> None:
        nonlocal number
        number += 1
        forward = (number // 40) % 2
        if way == "turning":
            bench.scrubbing.turn(0.05 if forward else -0.05)
        else:
            bench.scrubbing.step(1 if forward else -1)
        bench.clock.tick(16.0)
        qapp.processEvents()

    benchmark.pedantic(frame, rounds=160, warmup_rounds=10)  # type: ignore[no-untyped-call]
    assert bench.desk.is_visiting
    bench.scrubbing.release()
    bench.desk.undo_stack.clear()


def _sleep_on(_: FrameClock) -> None:
    """In the place of `FrameClock.wake`."""


@pytest.mark.parametrize("count", [200, 200_000])
def test_pressing_the_record(benchmark: BenchmarkFixture, count: int) -> None:
    """In every fourth frame while it runs; the same however long the run."""
    points = np.ones((count, len(COLUMNS)))
    points[:, 0] = np.arange(count)
    points[:, 2] = np.exp(-np.linspace(0.0, 5.0, count))
    points[:, 6] = 0.0
    hands = HandMoves()

    def press() -> None:
        levels(points)
        hands.read(points, 0, 0)

    benchmark(press)
