"""What a frame costs in the knobs of a network, painting included, with every knob moving.

``pytest tests/benchmarks/test_matrix.py --benchmark-enable``; no stopwatch fails a test.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import MAX_TEMPO, Setup, network_on
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.network_panel import NetworkPanel

WINDOW, LARGE = (1416, 405), (3816, 972)
CASES = {
    "105": ((8, 8), WINDOW),
    "393": ((8,) * 6, WINDOW),
    "393 tinted": ((8,) * 6, WINDOW),
    "1000 as scrolled": ((15,) * 5, WINDOW),
    "1000 all in view": ((15,) * 5, LARGE),
    "1000 all in view, tinted": ((15,) * 5, LARGE),
    "1697 as scrolled": ((16,) * 7, WINDOW),
    "1697 all in view": ((16,) * 7, LARGE),
}
COUNTS = {"105": 105, "393": 393, "1000": 1021, "1697": 1697}


@pytest.mark.parametrize("case", CASES)
def test_a_frame_of_all_knobs(
    benchmark: BenchmarkFixture,
    qtbot: QtBot,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    case: str,
) -> None:
    theme.apply(qapp, "dark", zoom=1.0)
    monkeypatch.setattr(FrameClock, "wake", _sleep_on)
    hidden, size = CASES[case]
    bench = Bench(network_on(make("spiral", seed=7), 7, hidden), Preferences(None))
    bench.guidance.show_arrows(True)
    bench.ranking.choose("travelled" if "tinted" in case else None)
    bench.desk.set_setup(Setup(tempo=MAX_TEMPO))
    panel = NetworkPanel(bench)
    qtbot.addWidget(panel)
    panel.resize(*size)
    with qtbot.waitExposed(panel):
        panel.show()
    bench.desk.flush()
    qapp.processEvents()
    bench.automix.playing = True  # the steps are made here; of this follows that nothing glides
    rng = np.random.default_rng(0)
    count = bench.desk.mix.network.parameter_count
    assert count == COUNTS[case.split()[0]]

    def move() -> None:
        state = bench.desk.mix.state
        state = replace(state, parameters=rng.uniform(-4.0, 4.0, count), step=state.step + 1)
        bench.desk.train_to(state, 0.1)
        # The slopes are worked out for every view, so their cost is not the board's.
        assert bench.readings.strength.size == bench.readings.next_parameters.size == count

    def frame() -> None:
        bench.desk.flush()
        qapp.processEvents()

    benchmark.pedantic(frame, setup=move, rounds=100, warmup_rounds=5)  # type: ignore[no-untyped-call]

    bench.automix.playing = False
    bench.desk.undo_stack.clear()
    boards = [layer.board for layer in panel.layers]
    shown = sum(int(board._in_view.sum()) for board in boards if board.is_in_sight)
    assert shown == count or "scrolled" in case
    for board in boards:
        if board.is_in_sight:
            values = bench.desk.mix.parameters[board.start : board.start + len(board.knobs)]
            np.testing.assert_allclose(board._target, values / 8.0 + 0.5)


def _sleep_on(_: FrameClock) -> None:
    """In the place of `FrameClock.wake`."""
