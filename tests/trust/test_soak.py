"""A long run with everything in view: memory stays flat, and the last frame is like the first.

``pytest tests/trust/test_soak.py --full -n 0 -s`` takes a million steps, some minutes, and prints
its figures; the ordinary run takes a few thousand and checks what can be seen so soon. Memory is
asserted; frame times depend on what else the machine does, and are only told.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import MAX_TEMPO, Setup, network_on
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.history import History
from mixer_nn.ui import theme
from mixer_nn.ui.launch import build
from mixer_nn.ui.main_window import MainWindow
from tests.trust.looks import look

STEPS, FEW = 1_000_000, 6000
RECORD_BYTES = 2 * 1024**2
"""What the record may take here: full early in the run, so that most of it is with a full one."""
FULL_AFTER = 0.25
"""The share of the run after which everything that fills up has filled up."""
MOST_GROWTH = 12 * 1024**2
"""Bytes of memory by which the process may grow from there to the end."""
PAGES = ("landscape", "slice", "maths", "knob")


@dataclass
class Frames:
    """Milliseconds of each frame, and bytes of memory after it."""

    times: list[float]
    memory: list[int]

    def ratio(self) -> float:
        """The median frame of the last fifth of the run against that of the first."""
        part = max(1, len(self.times) // 5)
        return float(np.median(self.times[-part:]) / np.median(self.times[:part]))


def resident() -> int:
    """Bytes of memory that the process has now; 0 where the system does not say."""
    status = Path("/proc/self/statm")
    if not status.exists():
        return 0
    return int(status.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Generator[MainWindow]:
    """Two inputs, four and two neurons, one output at full tempo, with a small record."""
    monkeypatch.setattr(FrameClock, "wake", _sleep_on)
    theme.apply(qapp, "dark", zoom=1.0)
    window = build()
    qtbot.addWidget(window, before_close_func=MainWindow.close_without_asking)
    window.resize(1440, 900)
    with qtbot.waitExposed(window):
        window.show()
    desk = window.bench.desk
    desk.history = History(RECORD_BYTES)
    mix = network_on(make("spiral", seed=7, points=250), 7, (4, 2))
    setup = Setup(learning_rate=0.01, batch_size=10, tempo=MAX_TEMPO, tolerance=0.0)
    desk.replace_all(mix, setup)
    window.bench.guidance.show_arrows(True)
    frame(window)
    yield window
    desk.undo_stack.clear()


def _sleep_on(_: FrameClock) -> None:
    """In the place of `FrameClock.wake`: frames come as fast as they can."""


def frame(window: MainWindow) -> None:
    """One frame, with all the painting that it leads to."""
    window.bench.clock.tick(16.0)
    QApplication.processEvents()


def train(window: MainWindow, steps: int) -> Frames:
    """Play until so many steps have been taken; on from each plateau, as one more press would."""
    bench, found = window.bench, Frames([], [])
    until = bench.desk.mix.state.step + steps
    while bench.desk.mix.state.step < until:
        bench.automix.play()
        begin = perf_counter()
        frame(window)
        found.times.append(1000.0 * (perf_counter() - begin))
        found.memory.append(resident())
        if len(found.times) % 100 == 0:
            window.monitors.why.show_page(PAGES[len(found.times) // 100 % len(PAGES)])
    bench.automix.pause()
    frame(window)
    return found


def test_a_long_run_in_the_shown_window_leaves_memory_flat_and_frames_as_they_were(
    window: MainWindow, full: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = window.bench.desk
    frames = train(window, STEPS if full else FEW)
    look(window)
    assert sum(run.record.charge for run in desk.history.runs if run.record) <= RECORD_BYTES
    history = desk.history
    for move in np.linspace(history.first, history.last, 5).astype(int)[:-1]:
        desk.visit(int(move))
        desk.refine()
        frame(window)
        look(window)
    desk.leave_visit()
    frame(window)
    gc.collect()
    if full:
        settled = frames.memory[int(FULL_AFTER * len(frames.memory))]
        growth = max(frames.memory[-1], resident()) - settled
        with capsys.disabled():
            print(
                f"\n{desk.mix.state.step:,} steps in {len(frames.times):,} frames, "
                f"median {np.median(frames.times):.1f} ms, last fifth against first "
                f"{frames.ratio():.2f}; memory {settled / 2**20:.0f} MB, grown by "
                f"{growth / 2**20:.1f} MB since the record was full"
            )
        assert growth <= MOST_GROWTH
