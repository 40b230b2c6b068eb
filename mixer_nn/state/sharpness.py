"""Where gradient descent overshoots, for any network: an estimate for the place we stand on."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QObject, Signal

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.power_iteration import PowerIteration
from mixer_nn.state.automix import AutoMix
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.desk import Desk
from mixer_nn.state.readings import Readings

SLICE = 0.0015
"""Seconds of a frame that it takes at most, but for the part under way."""

ROUGH = 0.05
"""How near λmax has to be, as a share of itself, before it is shown; from there it only settles."""

AT_ONE_PLACE = 4
"""Iterations after which, while the knobs go on turning, it goes on where they are by now."""

FRAMES_WHILE_MOVING = 8
"""While the knobs go on turning it takes its slice in one frame of so many: the rest is theirs."""


class Sharpness(QObject):
    """2/λmax of the Hessian by power iteration, in slices of the frames.

    Whoever shows the limit asks for it with `follow` whenever the desk has changed; then it works
    until it knows the place, and rests. Where the knobs turn meanwhile, and it is asked again, it
    goes after them. Of many rows it takes an even sample. Asked by nobody, it does nothing.
    """

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        automix: AutoMix,
        readings: Readings,
        clock: FrameClock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._automix, self._readings = desk, automix, readings
        self._clock = clock
        self._work: PowerIteration | None = None
        self._place: tuple[object, ...] | None = None
        self._direction: FloatArray | None = None
        self._limit: float | None = None
        self._wanted = False
        self._frames = 0
        desk.rewired.connect(self._forget)

    @property
    def learning_rate_limit(self) -> float | None:
        """The estimate as it stands; None as long as nothing is known."""
        return self._limit

    @property
    def is_working(self) -> bool:
        """Whether it has not settled yet."""
        return self._work is not None

    def follow(self) -> None:
        """Estimate it for the place where the desk stands, from the next frame on."""
        self._wanted = True
        if self._work is None and self._place != self._stamp():
            self._begin()
        if self._work is not None:
            self._clock.move(self)

    def advance(self, milliseconds: float) -> bool:
        """Go on for a slice; True while there is more to do."""
        self._frames += 1
        if self._place != self._stamp() and not self._is_its_turn:
            return True  # a run goes on; the estimate of where it was may follow at leisure
        before, deadline = self._limit, perf_counter() + SLICE
        while self._work is not None and perf_counter() < deadline:
            self._go_on(self._work)
        if self._limit != before:
            self.changed.emit()
        return self._work is not None

    @property
    def _is_its_turn(self) -> bool:
        """Whether it is the one in so many frames; of a run one in which few others have work."""
        frames = self._automix.frames + 1 if self._automix.playing else self._frames
        return frames % FRAMES_WHILE_MOVING == 0

    def _go_on(self, work: PowerIteration) -> None:
        known, done = work.iterations, work.go_on()
        if work.iterations == known and not done:
            return
        if done or work.miss <= ROUGH:
            self._limit = work.learning_rate_limit
        moved = self._place != self._stamp()
        if moved and self._wanted and (done or work.iterations >= AT_ONE_PLACE):
            self._direction = work.direction
            self._begin()
        elif done:
            self._direction, self._work = work.direction, None

    def _stamp(self) -> tuple[object, ...]:
        desk = self._desk
        return desk.revision, desk.setup.l2

    def _begin(self) -> None:
        mix, before = self._desk.mix, self._direction
        if before is not None and before.size != mix.parameters.size:
            before = None  # of another network, of which the desk has not yet told
        self._place, self._wanted = self._stamp(), False
        self._work = PowerIteration(
            self._readings.shown_objective,
            mix.parameters,
            ~mix.locked,
            self._desk.setup.l2,
            before,
        )

    def _forget(self) -> None:
        """Another problem: nothing of what was known holds for it."""
        self._work = self._place = self._direction = self._limit = None
        self.changed.emit()
