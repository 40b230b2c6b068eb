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
from mixer_nn.cli.report import Result, as_json, as_text, why_not
from mixer_nn.cli.tables import choose
from mixer_nn.core.errors import MixError
from mixer_nn.core.problem import Problem
from mixer_nn.core.segment import Limits, Segment, Stop
from mixer_nn.core.training import TrainingState
from mixer_nn.session import file
from mixer_nn.session.curve import COLUMNS, Curve
from mixer_nn.session.mix import Mix, Setup, neuron_on
from mixer_nn.session.schema import Saved

MOST_STEPS = 2000
"""Steps of a slice at the most; between slices Ctrl+C is heeded and the progress shown."""

MOST_ROWS = 2_000_000
"""Rows of a mini-batch slice, about, at the most, so that it takes no longer than a breath."""

CURVE_GROWTH = 1.01
"""A point of the loss curve stands this much further than the one before, at least."""


def run(command: Train) -> int:
    """Train, print the result, save it if asked to; returns the exit code.

    Raises MixError for data, or a place to save to, that cannot be used.
    """
    if command.save is not None:
        _check_place(command.save)
    chosen = choose(command)
    mix = neuron_on(chosen.dataset, command.seed, command.scaled)
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


class _Training:
    """One segment of training from the start, with its loss curve."""

    def __init__(self, mix: Mix, command: Train) -> None:
        self._mix, self._command = mix, command
        problem = mix.problem
        setup = Setup(command.learning_rate, command.batch_size, tolerance=command.tolerance)
        self._rate, settings = setup.rate(problem), setup.settings(problem)
        self._segment = Segment(
            problem.objective, settings, mix.state, limits=Limits(epochs=command.epochs)
        )
        batch = command.batch_size
        self._slice = max(1, min(MOST_STEPS, MOST_ROWS // batch)) if batch else MOST_STEPS
        self._curve = _CurveMaker(problem)
        self._curve.add(self._segment.state, self._segment.loss)
        self._seconds = 0.0

    def run(self) -> None:
        """Train until it ends by itself, or until Ctrl+C."""
        segment, progress, began = self._segment, _Progress(), perf_counter()
        with _Interrupt() as interrupt:
            while segment.stop is None:
                if interrupt.asked:
                    segment.stop = Stop.INTERRUPTED
                    break
                # Short slices at first, where the loss curve bends; the result does not depend
                # on them.
                segment.advance(steps=min(self._slice, 1 + segment.state.step // 8))
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
            learning_rate=self._rate,
            automatic=self._command.learning_rate is None,
            batch_size=self._command.batch_size,
            seed=self._command.seed,
        )

    def saved(self, result: Result) -> Saved:
        """The mix for a file, set as it was trained, with its loss curve."""
        command, state = self._command, result.state
        setup = Setup(
            learning_rate=command.learning_rate,
            batch_size=command.batch_size,
            tolerance=command.tolerance,
        )
        mix = replace(self._mix.with_state(state), moves=state.step)
        return Saved(mix, setup, (self._curve.curve(mix.run, state, result.loss),))


class _CurveMaker:
    """Collects the loss curve: dense at first, then thinner and thinner."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._points: list[tuple[float, ...]] = []
        self._low, self._high = math.inf, -math.inf

    def add(self, state: TrainingState, loss: float) -> None:
        """A point here, in the order of `COLUMNS`."""
        held_out = self._problem.held_out
        other = math.nan if held_out is None else held_out.value(state.parameters)
        epoch = state.epoch + state.place / self._problem.objective.rows
        low, high = min(self._low, loss), max(self._high, loss)
        self._points.append((state.step, epoch, loss, low, high, other, 0.0))
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


class _Progress:
    """A line on the terminal that is written over, a few times a second; none into a file."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._next, self._width = perf_counter() + 0.3, 0

    def show(self, segment: Segment) -> None:
        """How far it has got."""
        now = perf_counter()
        if self._shown and now >= self._next:
            self._next = now + 0.2
            self._write(f"epoch {segment.state.epoch:,}, loss {segment.loss:.6g}  (Ctrl+C stops)")

    def clear(self) -> None:
        """Take the line away."""
        if self._width:
            self._write("")
            sys.stderr.write("\r")

    def _write(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = len(text)
