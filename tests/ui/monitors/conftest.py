"""A desk with everything that the monitors read, and monitors that are really on screen."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.core.dataset import Column, Dataset, targets_of_classes
from mixer_nn.data.by_hand import moved_point, with_point, without_point
from mixer_nn.data.synthetic import make
from mixer_nn.session.curve import Curve
from mixer_nn.session.mix import network_on
from mixer_nn.state.automix import AutoMix
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.desk import Desk
from mixer_nn.state.guidance import Guidance
from mixer_nn.state.listening import Listening
from mixer_nn.state.readings import Readings
from mixer_nn.ui.monitors.fit_monitor import FitMonitor
from mixer_nn.ui.monitors.loss_monitor import LossMonitor
from mixer_nn.ui.monitors.plot import Plot


@dataclass
class Rig:
    """The state of a program, with a clock that only ticks when it is told to."""

    desk: Desk
    listening: Listening
    readings: Readings
    guidance: Guidance
    automix: AutoMix
    clock: FrameClock

    @classmethod
    def on(cls, dataset: Dataset, *hidden: int, seed: int = 7) -> Rig:
        desk = Desk(network_on(dataset, seed, hidden, scaled=False))
        automix = AutoMix(desk)
        clock = FrameClock(desk, automix)
        listening = Listening(desk)
        readings = Readings(desk, listening)
        return cls(desk, listening, readings, Guidance(desk), automix, clock)

    def fit(self) -> FitMonitor:
        desk, readings = self.desk, self.readings
        return FitMonitor(desk, readings, self.guidance, self.automix, listening=self.listening)

    def loss(self) -> LossMonitor:
        return LossMonitor(self.desk, self.readings, self.automix)

    def turn(self, index: int, value: float) -> None:
        """Turn a knob, and let a frame pass."""
        self.desk.turn(index, value)
        self.desk.flush()

    def start(self, steps: int) -> None:
        """Let Auto-mix begin to play, so many steps a frame."""
        self.desk.set_setup(replace(self.desk.setup, tempo=steps * 62.5, learning_rate=0.001))
        self.automix.play()

    def play(self, frames: int, steps: int = 1) -> None:
        """Let Auto-mix play so many frames of so many steps each, and pause it."""
        self.start(steps)
        for _ in range(frames):
            self.clock.tick(16.0)
        self.automix.pause()
        self.clock.tick(16.0)

    def live_through(self, points: int, *, hand_every: int = 0) -> None:
        """Put a mix on the desk that has so many moves behind it, with a jumpy loss."""
        mix = self.desk.mix
        moves = np.arange(points, dtype=np.float64)
        noise = np.random.default_rng(3).random(points)
        loss = 0.1 + 5.0 * np.exp(-moves / points * 4.0) * (1.0 + noise)
        loss[-1] = mix.problem.objective.value(mix.parameters)
        by_hand = np.zeros(points)
        if hand_every:
            by_hand[hand_every::hand_every] = 1.0
        held_out = np.full(points, np.nan)
        table = np.column_stack([moves, moves, loss, loss, loss, held_out, by_hand, 0.001 * moves])
        later = replace(mix, moves=points - 1)
        self.desk.replace_all(later, self.desk.setup, (Curve(mix.run, table),))
        self.desk.flush()

    def obey(self, monitor: FitMonitor) -> Rig:
        """Do with the data what is asked for by hand on the monitor, at once."""
        monitor.point_added.connect(self._add)
        monitor.point_moved.connect(self._move)
        monitor.point_removed.connect(self._remove)
        return self

    def _add(self, inputs: tuple[float, ...], target: float) -> None:
        self._edit(with_point(self.desk.mix.dataset, inputs, target))

    def _move(self, row: int, inputs: tuple[float, ...], target: float) -> None:
        self._edit(moved_point(self.desk.mix.dataset, row, inputs, target))

    def _remove(self, row: int) -> None:
        self._edit(without_point(self.desk.mix.dataset, row))

    def _edit(self, dataset: Dataset) -> None:
        self.desk.edit_data(dataset, "edit points")
        self.desk.flush()

    def at(self, plot: Plot, x: float, y: float) -> None:
        """Move the mouse to a place given in the plot's coordinates."""
        scene = plot.box.mapViewToScene(QPointF(x, y))
        QTest.mouseMove(plot.viewport(), plot.mapFromScene(scene))
        QApplication.processEvents()

    def away(self, plot: Plot) -> None:
        """Take the mouse off the plot."""
        QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))


MakeRig = Callable[..., Rig]
Show = Callable[..., None]


@pytest.fixture
def make_rig(dressed: QApplication) -> Generator[MakeRig]:
    """A rig on any data, with hidden layers of so many neurons."""
    rigs: list[Rig] = []

    def build(dataset: Dataset, *hidden: int) -> Rig:
        rigs.append(Rig.on(dataset, *hidden))
        return rigs[-1]

    yield build
    for rig in rigs:
        rig.clock.stop()
        # Python may collect the commands before the stack that also frees them.
        rig.desk.undo_stack.clear()


@pytest.fixture
def rig(make_rig: MakeRig) -> Rig:
    """A rig on the first launch's data."""
    return make_rig(make("noisy-line", seed=7))


@pytest.fixture
def held_out_rig(make_rig: MakeRig) -> Rig:
    """The same with a quarter of the rows held out."""
    return make_rig(make("noisy-line", seed=7).split(0.25, np.random.default_rng(0)))


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Put a widget on screen."""

    def show_it(widget: QWidget, width: int = 500, height: int = 400) -> None:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget):
            widget.show()
        QApplication.processEvents()

    return show_it


@pytest.fixture
def plane() -> Callable[..., Dataset]:
    """A plane over any number of inputs in metres, with a little noise; the target in kg."""

    def build(inputs: int, rows: int = 50) -> Dataset:
        rng = np.random.default_rng(5)
        x = rng.normal(size=(rows, inputs))
        y = x.sum(axis=1, keepdims=True) + 0.1 * rng.normal(size=(rows, 1))
        columns = tuple(Column(f"in{number}", "m") for number in range(1, inputs + 1))
        return Dataset("made", x, y, columns, (Column("out", "kg"),))

    return build


@pytest.fixture
def clusters() -> Callable[..., Dataset]:
    """A cluster of each class over any number of inputs, each around a place of its own."""

    def build(classes: int, inputs: int = 2, rows: int = 60) -> Dataset:
        rng = np.random.default_rng(5)
        labels = np.arange(rows) % classes
        middles = 2.0 * rng.normal(size=(classes, inputs))
        x = middles[labels] + 0.5 * rng.normal(size=(rows, inputs))
        names = ("low", "middling", "high", "higher", "highest", "beyond")[:classes]
        targets = targets_of_classes(labels, classes)
        return Dataset(
            "made",
            x,
            targets,
            tuple(Column(f"in{number}", "m") for number in range(1, inputs + 1)),
            tuple(Column(f"out{number}") for number in range(targets.shape[1])),
            classes=names,
        )

    return build
