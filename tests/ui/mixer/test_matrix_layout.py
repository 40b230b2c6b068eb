"""Where everything of a network's mixer stands: nothing overlaps, all of it can be read."""

from __future__ import annotations

from collections.abc import Callable, Generator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.network import Network
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.matrix_sizes import SIZES
from mixer_nn.ui.mixer.network_panel import NetworkPanel
from mixer_nn.ui.mixer.selected_knob import SelectedKnob

NETWORKS = {
    "2-4-1": (4,),
    "2-6-4-1": (6, 4),
    "2-8x6-1": (8,) * 6,
    "16-16-16-3": (16, 16),
}
WINDOWS = [(1440, 900), (1024, 640), (3840, 2160)]
EDGE = 24
"""What a window keeps free at its sides."""


def mix_of(name: str) -> Mix:
    if not name.startswith("16"):
        return network_on(make("spiral", seed=7), 7, NETWORKS[name])
    rng = np.random.default_rng(0)
    columns = tuple(Column(f"measured quantity {k}", "mm") for k in range(16))
    targets = tuple(Column(f"t{k}") for k in range(3))
    data = Dataset("wide", rng.normal(size=(50, 16)), rng.normal(size=(50, 3)), columns, targets)
    return network_on(data, 7, NETWORKS[name])


Show = Callable[[str, tuple[int, int]], NetworkPanel]


@pytest.fixture
def show(qtbot: QtBot, dressed: QApplication, monkeypatch: pytest.MonkeyPatch) -> Generator[Show]:
    """Show a network's mixer as high as it wants to be in a window of some size."""
    monkeypatch.setattr(FrameClock, "wake", _sleep_on)
    benches: list[Bench] = []

    def show_it(name: str, window: tuple[int, int]) -> NetworkPanel:
        benches.append(Bench(mix_of(name), Preferences(None)))
        panel = NetworkPanel(benches[-1])
        qtbot.addWidget(panel)
        panel.resize(window[0] - EDGE, 400)
        panel.resize(window[0] - EDGE, panel.wanted_height(window[1]))
        with qtbot.waitExposed(panel):
            panel.show()
        return panel

    yield show_it
    for bench in benches:
        bench.desk.undo_stack.clear()


def _sleep_on(_: FrameClock) -> None:
    """In the place of `FrameClock.wake`."""


def in_panel(widget: QWidget, panel: QWidget) -> QRect:
    return QRect(widget.mapTo(panel, QPoint(0, 0)), widget.size())


@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("name", NETWORKS)
def test_cells_are_large_enough_and_nothing_overlaps(
    show: Show, name: str, window: tuple[int, int]
) -> None:
    panel = show(name, window)
    assert panel.height() <= 0.45 * window[1] + 1
    previous = None
    for matrix in panel.layers:
        knobs = [knob for knob in matrix.board.knobs if not knob.isHidden()]
        assert knobs
        boxes = [in_panel(knob, panel) for knob in knobs]
        assert all(min(box.width(), box.height()) >= 26 for box in boxes)
        for number, box in enumerate(boxes):
            assert not any(box.intersects(other) for other in boxes[number + 1 :])
        board, frame = in_panel(matrix.board, panel), in_panel(matrix, panel)
        assert all(board.contains(box) for box in boxes)
        assert frame.contains(board)
        for foot in matrix.feet:
            box = in_panel(foot, panel)
            assert frame.contains(box)
            assert not box.intersects(board)
            assert box.height() >= 30
            assert box.width() >= 26
        if previous is not None:
            assert frame.left() > previous.right()
        previous = frame
    assert panel.overview.isVisible() == (panel._sheet.width() > panel._area.width())
    if not panel.overview.isVisible():
        assert all(panel.rect().contains(in_panel(m, panel)) for m in panel.layers)


@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_written_fits_where_it_is_written(
    show: Show, name: str, window: tuple[int, int]
) -> None:
    panel = show(name, window)
    head = QFontMetrics(theme.ui_font(12, QFont.Weight.DemiBold))
    text = QFontMetrics(theme.ui_font(12))
    for matrix in panel.layers:
        size = matrix._size
        assert size is not None
        title = matrix.title(size)
        assert head.horizontalAdvance(title) <= min(matrix._title.width(), matrix.width())
        if matrix.activation.isVisible():
            assert matrix._title.right() < matrix.activation.geometry().left() + 4
            assert matrix.activation.width() >= matrix.activation.sizeHint().width()
        grid = matrix.board.grid
        assert text.horizontalAdvance(str(matrix.board.columns)) <= grid.across
        assert text.height() <= min(grid.down, matrix._numbers.height())
        assert text.horizontalAdvance(matrix.scale_text) <= matrix._corner().width() + 2
        if size.cell < 40:  # signs are never cut short; names may be, and are in the tooltips
            widest = max(text.horizontalAdvance(label) for label in matrix.labels(size))
            assert widest <= matrix.board.geometry().left()


def test_the_largest_network_of_the_plan_fits_whole_at_1440(show: Show) -> None:
    panel = show("2-8x6-1", (1440, 900))
    assert panel._bench.desk.mix.network.parameter_count == 393
    assert not panel.overview.isVisible()
    assert not panel.rows_bar.isVisible()
    assert sum(len(matrix.board.knobs) for matrix in panel.layers) == 393
    assert all(knob.isVisible() for matrix in panel.layers for knob in matrix.board.knobs)
    assert all(matrix.hidden_rows == 0 for matrix in panel.layers)


def test_small_networks_have_larger_knobs(show: Show) -> None:
    dials = [
        show(name, (1440, 900)).size_of_knobs.diameter for name in ("2-4-1", "2-6-4-1", "2-8x6-1")
    ]
    assert dials[0] > dials[1] > dials[2]
    assert show("2-8x6-1", (3840, 2160)).size_of_knobs.diameter > dials[2]


def test_sizes_do_not_flicker_between_two(show: Show) -> None:
    panel = show("2-6-4-1", (1440, 900))
    heights = range(250, 480)
    for order in (list(heights), list(reversed(heights))):
        sizes = []
        for tall in order:
            panel.resize(panel.width(), tall)
            sizes.append(SIZES.index(panel.size_of_knobs))
        assert sizes == sorted(sizes, reverse=order[0] < order[-1])
    border = next(tall for tall in heights if _size_at(panel, tall - 1) != _size_at(panel, tall))
    panel.resize(panel.width(), border)
    large = panel.size_of_knobs
    panel.resize(panel.width(), border - 3)
    assert panel.size_of_knobs == large  # a few pixels less still fit what fitted with room


def _size_at(panel: NetworkPanel, tall: int) -> int:
    panel.resize(panel.width(), tall)
    return SIZES.index(panel.size_of_knobs)


def test_deep_layers_that_do_not_fit_have_bars(show: Show) -> None:
    panel = show("16-16-16-3", (1024, 640))
    assert panel.rows_bar.isVisible()
    assert panel.layers[0].hidden_rows > 0
    assert panel.layers[0].board.knob_at(0, 16).isVisible()


@pytest.mark.parametrize("zoom", [0.8, 1.25, 2.0])
def test_zoomed_cells_are_still_large_enough(
    show: Show, dressed: QApplication, zoom: float
) -> None:
    theme.apply(dressed, "light", zoom=zoom)
    panel = show("2-6-4-1", (1440, 900))
    for matrix in panel.layers:
        assert min(matrix.board.grid.across, matrix.board.grid.down) >= 26 * min(zoom, 1.0) - 1


@pytest.mark.parametrize("size", [(176, 220), (214, 310), (214, 405)])
def test_the_chosen_knobs_words_fit(
    qtbot: QtBot, dressed: QApplication, size: tuple[int, int]
) -> None:
    bench = Bench(mix_of("2-6-4-1"), Preferences(None))
    panel = SelectedKnob(bench)
    qtbot.addWidget(panel)
    panel.resize(*size)
    bench.guidance.show_arrows(True)
    with qtbot.waitExposed(panel):
        panel.show()
    for label in (panel.value, panel.slope, panel.start):
        wide = label.fontMetrics().horizontalAdvance(label.text())
        assert wide <= label.width()
        assert panel.rect().contains(in_panel(label, panel))
    assert panel.rect().contains(in_panel(panel.knob, panel))
    assert panel.title.toolTip().endswith("LAYER 1 · neuron 1 ← x₁")
    bench.clock.stop()


def test_networks_of_the_test_are_what_their_names_say() -> None:
    sizes = {name: "-".join(map(str, mix_of(name).network.sizes)) for name in NETWORKS}
    assert sizes["16-16-16-3"] == "16-16-16-3"
    assert Network((2, *(8,) * 6, 1), ("tanh",) * 7).parameter_count == 393
