"""The optimizers to compare the present run with, as a menu; and what came of it, in words."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.segment import Stop
from mixer_nn.state.comparing import Comparing, Leg, Phase, Verdict
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.numbers import count, counted, short
from mixer_nn.ui.run_words import BY_HAND

TIP = (
    "Compare: keep this run, go back to the very same start, and let another optimizer take as"
    " many steps"
)


class CompareMenu(QMenu):
    """Choosing an optimizer begins the comparison; the one that the run has now is left out."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__("Compare with", parent)
        self._bench = bench
        self.setToolTipsVisible(True)
        for optimizer in OPTIMIZERS.values():
            action = self.addAction(optimizer.title[0].upper() + optimizer.title[1:])
            action.setObjectName(f"compare.{optimizer.key}")
            action.setData(optimizer.key)
            action.setToolTip(f"{optimizer.formula}, at its automatic learning rate")
        self.aboutToShow.connect(self.read)
        self.triggered.connect(self._on_chosen)

    def read(self) -> None:
        """Offer every optimizer but the present run's."""
        desk = self._bench.desk
        run = desk.history.run(desk.head.run)
        trained = desk.setup if run is None or run.setup is None else run.setup
        for action in self.actions():
            action.setEnabled(action.data() != trained.optimizer)

    def _on_chosen(self, action: QAction) -> None:
        self._bench.comparing.begin(str(action.data()))


def comparing_text(bench: Bench) -> str:
    """What a comparison is at, or how it came out; "" where there is none."""
    comparing = bench.comparing
    if comparing.verdict is not None:
        return verdict_text(comparing.verdict)
    return _progress_text(comparing, bench) if comparing.is_on else ""


def _progress_text(comparing: Comparing, bench: Bench) -> str:
    other, steps = OPTIMIZERS[comparing.optimizer].title, counted(comparing.steps, "step")
    if comparing.phase is Phase.FIRST:
        present = OPTIMIZERS[bench.desk.setup.optimizer].title
        return (
            f"Comparing: first {steps} of {present}, then as many of {other} from the same start."
        )
    kept = None if comparing.kept is None else comparing.kept.optimizer
    as_kept = "" if kept is None else f", as {OPTIMIZERS[kept].title} did"
    return _capital(f"{other} takes {steps} from the same start{as_kept}.")


def verdict_text(verdict: Verdict) -> str:
    """How both came out: ``Adam: loss 0.021 after 400 steps; gradient descent: 0.094, …``."""
    other, kept = verdict.other, verdict.kept
    apart = f" after {count(kept.steps)}" if kept.steps != other.steps else ""
    return _capital(
        f"{_came_to(other, 'loss ')} after {counted(other.steps, 'step')};"
        f" {_came_to(kept)}{apart}, from the same start."
    )


def _came_to(leg: Leg, word: str = "") -> str:
    name = BY_HAND if leg.optimizer is None else OPTIMIZERS[leg.optimizer].title
    how = " settled at " if leg.stop is Stop.SETTLED else ": "
    return f"{name}{how}{word}{short(leg.loss)}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
