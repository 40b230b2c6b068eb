"""Which knobs matter now: all of them by one measure, to be tinted and sorted by."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from PySide6.QtCore import QObject, Signal

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.core.curvature import Curvatures
from mixer_nn.session.mix import sensible_scales
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.desk import Desk
from mixer_nn.state.memo import Memo
from mixer_nn.state.readings import Readings

SLICE = 0.0015
"""Seconds of a frame that curvatures take at most, but for the part under way."""


@dataclass(frozen=True)
class Measure:
    """What knobs are told apart by: its name, its sign in formulas, and what it says of a knob.

    Its strength grows from 0 to 1 over the decades `faintest` to `strongest` of the measure in
    units that do not change while knobs turn: losses of the constant predictor (none: the
    measure is no loss) per scale that the knobs began with, `power` times.
    """

    key: str
    title: str
    sign: str
    sentence: str
    faintest: float
    strongest: float
    power: int
    of_loss: bool = True


MEASURES: dict[str, Measure] = {
    measure.key: measure
    for measure in (
        Measure(
            "slope",
            "slope",
            "|∂L/∂p|",
            "how steeply the loss answers to a small turn of this knob alone",
            -2.0,
            1.0,
            1,
        ),
        Measure(
            "travelled",
            "travelled",
            "|p − p₀|",
            "how far the knob has come from its initial value",
            -2.0,
            0.0,
            -1,
            of_loss=False,
        ),
        Measure(
            "curvature",
            "curvature",
            "|∂²L/∂p²|",
            "how fast that slope itself changes as the knob turns",
            -2.0,
            1.0,
            2,
        ),
    )
}


class Ranking(QObject):
    """The knobs by a measure, or by none. A view state: it never changes the mix.

    Curvatures take longer than a frame: they are worked out in slices, for whoever asks, and are
    those of the last place that was done; of a long table over an even sample of its rows.
    """

    changed = Signal()

    def __init__(
        self, desk: Desk, readings: Readings, clock: FrameClock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._readings, self._clock = desk, readings, clock
        self._measure: Measure | None = None
        self._work: Curvatures | None = None
        self._place: int | None = None
        self._curvatures: FloatArray | None = None
        self._wanted = False
        self.revision = 0
        self._of_now = Memo(lambda: (desk.revision, self.revision))
        self._of_problem = Memo(lambda: desk.mix.problem)
        desk.rewired.connect(self._forget)

    # -- which measure ------------------------------------------------------------------------

    @property
    def measure(self) -> Measure | None:
        """What the knobs are told apart by; None: they are not."""
        return self._measure

    def choose(self, key: str | None) -> None:
        """Tell the knobs apart by the measure of that key in `MEASURES`, or not at all."""
        measure = None if key is None else MEASURES[key]
        if measure is not self._measure:
            self._measure = measure
            self._announce()

    def go_on(self) -> None:
        """The next measure; after the last, none."""
        keys = [None, *MEASURES]
        now = keys.index(None if self._measure is None else self._measure.key)
        self.choose(keys[(now + 1) % len(keys)])

    def _announce(self) -> None:
        self.revision += 1
        self.changed.emit()

    # -- what it says -------------------------------------------------------------------------

    @property
    def values(self) -> FloatArray | None:
        """The measure of every knob, with its sign; None for no measure, or not yet known."""
        if self._measure is None:
            return None
        mix, key = self._desk.mix, self._measure.key
        if key == "slope":
            return self._readings.gradient
        if key == "travelled":
            return self._of_now.once("travelled", lambda: mix.parameters - mix.initial)
        self._follow()
        return self._curvatures

    @property
    def strength(self) -> FloatArray:
        """How strong the measure is for every knob, 0 to 1 on a fixed scale of decades."""
        return self._of_now.once("strength", self._strength)

    def _strength(self) -> FloatArray:
        values, measure = self.values, self._measure
        if values is None or measure is None:
            return np.zeros(self._desk.mix.network.parameter_count)
        with np.errstate(all="ignore"):
            decades = np.log10(np.abs(values) * self._unit(measure))
        drawn = (decades - measure.faintest) / (measure.strongest - measure.faintest)
        return np.clip(np.nan_to_num(drawn, nan=0.0, posinf=1.0, neginf=0.0), 0.0, 1.0)

    def at(self, strength: float) -> float:
        """The measure, as its number is shown, that a strength from 0 to 1 stands for."""
        measure = self._measure
        if measure is None:
            return 0.0
        decades = measure.faintest + strength * (measure.strongest - measure.faintest)
        return float(10.0**decades / self._unit(measure))

    def _unit(self, measure: Measure) -> float:
        # One scale for all knobs, so that a stronger tint is always a larger number.
        problem = self._desk.mix.problem
        scale = self._of_problem.once("scale", lambda: float(sensible_scales(problem).max()))
        base = self._readings.constant_loss if measure.of_loss else 1.0
        return scale**measure.power / (base if base > 0.0 else 1.0)

    def strongest(self, count: int) -> IntArray:
        """The knobs of the largest measure, the largest first; those without any are left out."""
        return self._of_now.once("order", self._order)[:count]

    def _order(self) -> IntArray:
        values = self.values
        if values is None:
            return np.empty(0, dtype=np.intp)
        size = np.nan_to_num(np.abs(values), nan=0.0, posinf=np.inf)
        order = np.argsort(-size, kind="stable")
        return np.asarray(order[size[order] > 0.0])

    # -- curvatures, over several frames ------------------------------------------------------

    @property
    def is_working(self) -> bool:
        """Whether curvatures are being worked out."""
        return self._work is not None

    @property
    def is_sampled(self) -> bool:
        """Whether curvatures are those of an even sample of the rows."""
        objective = self._readings.shown_objective
        return objective.rows < self._desk.mix.problem.objective.rows

    def _follow(self) -> None:
        if self._place == self._desk.revision:
            return
        self._wanted = True
        if self._work is None:
            self._begin()
        self._clock.move(self)

    def _begin(self) -> None:
        self._place, self._wanted = self._desk.revision, False
        self._work = Curvatures(self._readings.shown_objective, self._desk.mix.parameters)

    def advance(self, milliseconds: float) -> bool:
        """Go on for a slice; True while there is more to do."""
        deadline = perf_counter() + SLICE
        while self._work is not None and perf_counter() < deadline:
            if self._work.go_on():
                self._curvatures, self._work = self._work.values, None
                if self._wanted and self._place != self._desk.revision:
                    self._begin()
                self._announce()
                break
        return self._work is not None

    def _forget(self) -> None:
        """Another problem: no curvature of the one before holds for it."""
        self._work = self._place = self._curvatures = None
        self._announce()
