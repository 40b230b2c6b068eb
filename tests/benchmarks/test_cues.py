"""The crossfader's way at 393 knobs, and frames of the shown window: a cue, the fader in a hand.

``pytest tests/benchmarks/test_cues.py --benchmark-enable -n 0``; no stopwatch fails a test.
"""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import network_on
from mixer_nn.state.crossing import POINTS, Ends, Subject, Work
from mixer_nn.ui import theme
from mixer_nn.ui.launch import build
from mixer_nn.ui.main_window import MainWindow


def subject(*, aligned: bool, outputs: bool) -> Subject:
    mix = network_on(make("spiral", seed=1, points=250), 1, (8,) * 6)
    network = mix.network
    a, b = (network.initial(np.random.default_rng(seed)) for seed in (1, 2))
    objective = mix.problem.objective
    return Subject(objective, objective.rows, Ends(a, b, 1 if aligned else None), outputs)


@pytest.mark.parametrize("way", ["parameters", "aligned", "outputs"])
def test_the_way_at_393_knobs(benchmark: BenchmarkFixture, way: str) -> None:
    wanted = subject(aligned=way == "aligned", outputs=way == "outputs")

    def work_out() -> Work:
        work = Work(wanted)
        work.go_on(np.inf)
        return work

    made = benchmark.pedantic(work_out, rounds=20, warmup_rounds=2)  # type: ignore[no-untyped-call]
    assert made.is_done
    assert len(made.crossing.losses) == POINTS


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> MainWindow:
    """393 knobs with two trainings on cues A and B, and on the crossfader."""
    theme.apply(qapp, "dark", zoom=1.0)
    window = build()
    qtbot.addWidget(window, before_close_func=MainWindow.close_without_asking)
    window.resize(1440, 900)
    with qtbot.waitExposed(window):
        window.show()
    bench = window.bench
    bench.desk.put(network_on(make("spiral", seed=1, points=250), 3, (8,) * 6), "spiral")
    for slot in (0, 1):
        bench.desk.new_start(slot)
        bench.automix.step(20)
        bench.clock.tick(16.0)
        bench.cues.store(slot)
        bench.fading.choose(slot, "AB"[slot])
    frames(window, 30)
    return window


def frames(window: MainWindow, count: int = 1) -> None:
    for _ in range(count):
        window.bench.clock.tick(16.0)
        QApplication.processEvents()


def test_a_frame_with_a_jump_to_a_cue(benchmark: BenchmarkFixture, window: MainWindow) -> None:
    bench, slots = window.bench, iter(range(1000))

    def settle() -> None:
        frames(window, 10)

    def jump() -> None:
        bench.cues.jump(next(slots) % 2)
        frames(window)

    benchmark.pedantic(jump, setup=settle, rounds=20, warmup_rounds=2)  # type: ignore[no-untyped-call]
    assert bench.cues.current in (0, 1)


def test_a_frame_with_the_fader_in_a_hand(benchmark: BenchmarkFixture, window: MainWindow) -> None:
    fading, places = window.bench.fading, iter(np.linspace(0.95, 0.05, 1000).tolist())
    assert fading.take()

    def drag() -> None:
        fading.move(next(places))
        frames(window)

    benchmark.pedantic(drag, rounds=60, warmup_rounds=5)  # type: ignore[no-untyped-call]
    fading.release()
    assert fading.place == fading.share
