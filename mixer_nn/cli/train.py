"""`mixer-nn train`: the training that Auto-mix does, without a window."""

from __future__ import annotations

import math
import signal
import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from types import FrameType, TracebackType

import numpy as np

from mixer_nn.cli.arguments import Train
from mixer_nn.cli.progress import Progress
from mixer_nn.cli.report import Result, as_json, as_text, why_not
from mixer_nn.cli.tables import choose
from mixer_nn.cli.train_options import MOST_EPOCHS, NETWORK_EPOCHS
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.core.limits import check_size
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.problem import Problem
from mixer_nn.core.segment import Limits, Segment, Stop
from mixer_nn.core.training import TrainingState
from mixer_nn.data.wording import either, shown
from mixer_nn.session import file
from mixer_nn.session.curve import COLUMNS, Curve
from mixer_nn.session.mix import Mix, Setup, network_on, new_mix
from mixer_nn.session.schema import Saved

MOST_STEPS = 2000
"""Steps of a slice at the most; between slices Ctrl+C is heeded and the progress shown."""

MOST_WORK = 20_000_000
"""Rows times parameters of a slice at the most, about, so that it takes no longer than a breath."""

USUAL_ACTIVATION = "tanh"

CURVE_GROWTH = 1.01
"""A point of the loss curve stands this much further than the one before, at least."""


def run(command: Train) -> int:
    """Train, print the result, save it if asked to; returns the exit code.

    Raises MixError for data, or a place to save to, that cannot be used.
    """
    if command.save is not None:
        _check_place(command.save)
    chosen = choose(command)
    mix = mix_of(chosen.dataset, command)
    trained = _Training(mix, command)
    trained.run()
    result = trained.result()
    lines = as_json(result, chosen) if command.json else as_text(result, chosen)
    try:
        sys.stdout.write(lines + "\n")
        sys.stdout.flush()
    finally:
        # A reader of the output that has gone away must not cost the work.
        if command.save is not None:
            file.write(command.save, trained.saved(result))
    if sentence := why_not(result):
        raise MixError(sentence)
    return 0


def _check_place(path: Path) -> None:
    """Say before an hour's training, not after it, that a file cannot be put there."""
    if not path.parent.is_dir():
        raise MixError(f"There is no folder “{path.parent}” to save “{path.name}” in; make it.")
    if path.is_dir():
        raise MixError(f"“{path.name}” is a folder; choose another name to save to.")


def mix_of(dataset: Dataset, command: Train) -> Mix:
    """The mix that is trained, on its first day; MixError where the data do not go with it."""
    if command.features and dataset.inputs.shape[1] != 2:
        raise MixError(
            f"--features are made of two inputs, and {shown(dataset.name)} has"
            f" {dataset.inputs.shape[1]}; choose two of its columns, or no features."
        )
    activation, features = command.activation or USUAL_ACTIVATION, command.features
    mix = network_on(dataset, command.seed, command.layers, activation, command.scaled, features)
    check_size(mix.network)
    problem = mix.problem
    loss = command.loss or problem.loss_name
    if dataset.kind not in LOSSES[loss].kinds:
        fitting = [key for key, each in LOSSES.items() if dataset.kind in each.kinds]
        target = "numbers" if dataset.kind == "number" else dataset.kind
        raise MixError(f"--loss {loss} is not for a target of {target}; choose {either(fitting)}.")
    return new_mix(replace(problem, loss_name=loss), command.seed, command.optimizer)


def setup_of(command: Train) -> Setup:
    """How the training is set; what was not typed is as in a new window.

    But a schedule is through when the training is, where it is said how long that takes.
    """
    usual = Setup()
    lowered = command.schedule != "constant"
    horizon = command.horizon or (command.epochs if lowered else None) or usual.horizon
    return Setup(
        learning_rate=command.learning_rate,
        batch_size=command.batch_size,
        optimizer=command.optimizer,
        tolerance=command.tolerance,
        momentum=usual.momentum if command.momentum is None else command.momentum,
        decay=usual.decay if command.decay is None else command.decay,
        schedule=command.schedule,
        warm_up=command.warm_up,
        horizon=float(horizon),
        clip=command.clip,
        l1=command.l1,
        l2=command.l2,
    )


class _Training:
    """One segment of training from the start, with its loss curve."""

    def __init__(self, mix: Mix, command: Train) -> None:
        self._mix, self._setup = mix, setup_of(command)
        problem = mix.problem
        self._settings = self._setup.settings(problem)
        exact = problem.objective.is_least_squares
        usual = MOST_EPOCHS if exact else NETWORK_EPOCHS
        self._epochs = usual if command.epochs is None else command.epochs
        self._segment = Segment(
            problem.objective, self._settings, mix.state, limits=Limits(epochs=self._epochs)
        )
        # A full batch of a linear neuron costs the same however many rows it has.
        rows = command.batch_size or (1 if exact else problem.objective.rows)
        work = rows * mix.network.parameter_count
        self._slice = max(1, min(MOST_STEPS, MOST_WORK // work))
        self._curve = _CurveMaker(problem)
        self._curve.add(self._segment.state, self._segment.loss)
        self._seconds = 0.0

    def run(self) -> None:
        """Train until it ends by itself, or until Ctrl+C."""
        segment, progress, began = self._segment, Progress(self._epochs), perf_counter()
        with _Interrupt() as interrupt:
            while segment.stop is None:
                if interrupt.asked:
                    segment.stop = Stop.INTERRUPTED
                    break
                # Short slices at first, where the loss curve bends; the result does not depend
                # on them.
                before = perf_counter()
                segment.advance(steps=min(self._slice, 1 + segment.state.step // 8))
                self._curve.seconds += perf_counter() - before
                self._curve.follow(segment.state, segment.loss)
                progress.show(segment)
        progress.clear()
        self._seconds = perf_counter() - began

    def result(self) -> Result:
        """What came out: where the training ended or, if that is no good, the best on the way."""
        segment = self._segment
        stop = segment.stop or Stop.INTERRUPTED
        good = stop is not Stop.DIVERGED and math.isfinite(segment.loss)
        return Result(
            problem=self._mix.problem,
            state=segment.state if good else segment.best,
            loss=segment.loss if good else segment.best_loss,
            stop=stop,
            epochs=segment.state.epoch,
            steps=segment.state.step,
            seconds=self._seconds,
            settings=self._settings,
            automatic=self._setup.learning_rate is None,
            seed=self._mix.state.seed,
        )

    def saved(self, result: Result) -> Saved:
        """The mix for a file, set as it was trained, with its loss curve."""
        state = result.state
        mix = replace(self._mix.with_state(state), moves=state.step)
        return Saved(mix, self._setup, (self._curve.curve(mix.run, state, result.loss),))


class _CurveMaker:
    """Collects the loss curve: dense at first, then thinner and thinner."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._points: list[tuple[float, ...]] = []
        self._low, self._high = math.inf, -math.inf
        self.seconds = 0.0

    def add(self, state: TrainingState, loss: float) -> None:
        """A point here, in the order of `COLUMNS`."""
        held_out = self._problem.held_out
        other = math.nan if held_out is None else held_out.value(state.parameters)
        epoch = state.epoch + state.place / self._problem.objective.rows
        low, high = min(self._low, loss), max(self._high, loss)
        self._points.append((state.step, epoch, loss, low, high, other, 0.0, self.seconds))
        self._low, self._high = math.inf, -math.inf

    def follow(self, state: TrainingState, loss: float) -> None:
        """A point here if it is far enough from the one before; else only its extremes."""
        if state.step >= self._points[-1][0] * CURVE_GROWTH + 1.0:
            self.add(state, loss)
        else:
            self._low, self._high = min(self._low, loss), max(self._high, loss)

    def curve(self, run: int, end: TrainingState, loss: float) -> Curve:
        """The curve that ends at `end`."""
        self._points = [point for point in self._points if point[0] < end.step]
        self.add(end, loss)
        return Curve(run, np.array(self._points).reshape(-1, len(COLUMNS)))


class _Interrupt:
    """Turns the first Ctrl+C into a wish, `asked`; a second one ends the program at once."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> _Interrupt:
        self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, self._before or signal.SIG_DFL)
