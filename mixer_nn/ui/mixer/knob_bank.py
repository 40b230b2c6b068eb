"""The knobs of a network as one: their numbers in arrays, and the hand that turns some of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal

from mixer_nn.core.arrays import BoolArray, FloatArray, IntArray
from mixer_nn.core.network import Network
from mixer_nn.session.mix import MAX_TEMPO
from mixer_nn.state.grip import Grip
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.board_knob import BoardKnob
from mixer_nn.ui.controls.geometry import START_DEGREES, SWEEP_DEGREES
from mixer_nn.ui.controls.knob_marks import DECADES
from mixer_nn.ui.controls.knob_paint import DialLook
from mixer_nn.ui.mixer import rings
from mixer_nn.ui.mixer.explained_knob import why_against
from mixer_nn.ui.mixer.knob_term import GLIDES_BELOW
from mixer_nn.ui.mixer.places import place
from mixer_nn.ui.mixer.symbols import standard_name
from mixer_nn.ui.mixer.tint import level_of
from mixer_nn.ui.numbers import fixed, short

FULL_TURN = 360
LEAST_STEP = 3.0
"""Degrees that the next step must turn a small knob by to have a ghost dot on it."""


@dataclass(frozen=True, eq=False)
class Standing:
    """Where all knobs stand in one frame, arrays over the parameters.

    `position` is 0..1 on each knob's scale and may lie outside; `angle` is the pointer's, in
    degrees from the top; `ticks` counts the decades of slope, with the sign of the way to turn;
    `ghost` is the angle that the next step gives, in whole degrees from 0, −1 where none is
    shown; `locked` is True under a lock; `tint` is how much a knob matters, from 0.
    """

    position: FloatArray
    angle: FloatArray
    ticks: IntArray
    ghost: IntArray
    locked: BoolArray
    tint: IntArray


class KnobBank(QObject):
    """Binds every knob of the boards to the desk, both ways, without a connection for each.

    Numbers are read from the desk itself, so a knob never shows another value than the mix has.
    A press on one of several picked knobs turns all of them by the same travel along their
    scales, as one gesture.
    """

    looks_changed = Signal(int)
    picked_changed = Signal()
    walked = Signal(int, int, int)
    focused = Signal(int)

    def __init__(self, bench: Bench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench, self._desk = bench, bench.desk
        self._standing: tuple[object, Standing] | None = None
        self._held: BoardKnob | None = None
        self._grip = Grip(bench.desk, bench.selection)
        self._anchor: int | None = None
        self._network = bench.desk.mix.network
        bench.selection.picked_changed.connect(self.picked_changed)
        # What is being typed belongs to the knobs that are about to go.
        bench.desk.pausing.connect(self.let_go)

    @property
    def picked(self) -> frozenset[int]:
        """The knobs that turn together."""
        return self._bench.selection.picked

    # -- numbers ------------------------------------------------------------------------------

    @property
    def network(self) -> Network:
        """The network that the boards stand for."""
        return self._network

    @property
    def is_wired(self) -> bool:
        """Whether the boards stand for the network that is on the desk by now."""
        return self._desk.mix.network == self._network

    def wire(self) -> None:
        """Stand for the network on the desk; nothing is held or picked any more."""
        self.let_go()
        self._network = self._desk.mix.network
        self._anchor, self._standing = None, None
        self._set_picked(frozenset())

    def value(self, index: int) -> float:
        """The exact value now."""
        return float(self._desk.mix.parameters[index])

    def scale(self, index: int) -> float:
        """The high end of the scale."""
        return float(self._desk.mix.scales[index])

    def initial(self, index: int) -> float:
        """What a reset goes back to."""
        return float(self._desk.mix.initial[index])

    def is_locked(self, index: int) -> bool:
        """Whether the optimizer may not turn it."""
        return bool(self._desk.mix.locked[index])

    def standing(self) -> Standing:
        """Where all knobs stand now; worked out at most once per revision."""
        now = (self._desk.revision, self._bench.ranking.revision, rings.stamp(self._bench))
        if self._standing is None or self._standing[0] != now:
            self._standing = (now, self._read())
        return self._standing[1]

    def _read(self) -> Standing:
        mix, readings = self._desk.mix, self._bench.readings
        position = mix.parameters / mix.scales * 0.5 + 0.5
        position[np.isnan(position)] = 0.5
        angle = angle_of(position)
        tint = level_of(self._bench.ranking.strength)
        shown = rings.with_rings(self._bench)
        if not shown.any():
            ticks = np.zeros(position.size, dtype=np.intp)
            return Standing(position, angle, ticks, ticks - 1, mix.locked, tint)
        count = np.ceil(readings.strength * DECADES - 1e-9) * shown
        ticks = np.where(readings.shown_slopes > 0.0, -count, count).astype(np.intp)
        landing = np.nan_to_num(readings.next_parameters / mix.scales * 0.5 + 0.5, nan=0.5)
        ghost = np.rint(angle_of(landing)).astype(np.intp) % FULL_TURN
        # Where the hand is, or a lock, the next step moves nothing; and a dot under the pointer
        # itself would say nothing. The large copy of a knob shows it all the same.
        unseen = np.abs(angle_of(landing) - angle) < LEAST_STEP
        ghost[unseen | ~self._desk.free | ~shown] = -1
        if not rings.has_ghosts(self._bench):
            ghost[:] = -1
        return Standing(position, angle, ticks, ghost, mix.locked, tint)

    def look(self, index: int) -> DialLook:
        """What is seen of a knob."""
        standing, selection = self.standing(), self._bench.selection
        ghost, ticks = int(standing.ghost[index]), int(standing.ticks[index])
        scale = self.scale(index)
        return DialLook(
            position=float(standing.position[index]),
            origin=0.5,
            ends=(short(-scale), short(scale)),
            slope=(ticks > 0) - (ticks < 0),
            strength=abs(ticks) / DECADES,
            ghost=self._landing(index) if ghost >= 0 else None,
            locked=self.is_locked(index),
            focus=selection.chosen == index,
            hover=selection.hovered == index,
            pressed=self._held is not None and self._held.index == index,
        )

    def _landing(self, index: int) -> float:
        return float(self._bench.readings.next_parameters[index]) / self.scale(index) * 0.5 + 0.5

    def describe(self, index: int) -> str:
        """The tooltip: standard name, place, value, slope and what the next step does."""
        mix, readings = self._desk.mix, self._bench.readings
        parameter = mix.network.parameters[index]
        value, scale = self.value(index), self.scale(index)
        lines = [
            f"{standard_name(mix.network, parameter)} · {place(mix.problem, parameter)}",
            f"value {fixed(value, scale)}, scale ±{short(scale)}",
        ]
        if rings.has_ring(self._bench, index):
            slope = float(readings.shown_slopes[index])
            named = f"{rings.what(self._bench)} {short(slope, 3)}"
            lines.append(f"{named}: {direction(slope)} for a lower loss")
            why = why_against(self._bench, index)
            lines += [why] if why else []
        if self.is_locked(index):
            lines.append("locked: Auto-mix leaves it alone")
        return "\n".join(lines)

    # -- the hand -----------------------------------------------------------------------------

    def press(self, knob: BoardKnob) -> None:
        """The hand takes hold of a knob, and of the picked ones with it."""
        self._held = knob
        self._grip.take(knob.index)

    def turn(self, index: int, value: float) -> None:
        """The hand turns a knob; those along with it go the same share of their scales."""
        self._grip.turn(index, value)

    def release(self, knob: BoardKnob) -> None:
        """The hand lets go."""
        self._held = None
        self._grip.release(knob.index)

    def let_go(self) -> None:
        """End the gesture under way, before the knob itself goes."""
        if self._held is not None:
            self._held.finish_gesture()

    def check_hold(self) -> None:
        """End a gesture whose knob the desk has taken from the hand: an undo, a new file."""
        if self._held is not None and self._held.index not in self._desk.touched:
            self.let_go()

    def lock(self, index: int, locked: bool) -> None:
        """Lock or unlock a knob, and with it the picked ones."""
        self._grip.lock(index, locked)

    def rescale(self, index: int, scale: float) -> None:
        """Give a knob another scale."""
        self._desk.set_scale(index, scale)

    # -- looking ------------------------------------------------------------------------------

    def point_at(self, index: int, inside: bool) -> None:
        """The pointer comes to a knob, or goes."""
        self._bench.selection.hover(index if inside else None)

    def choose(self, index: int, *, by_key: bool) -> None:
        """A knob has the focus now."""
        if by_key and not self.picked:
            self._anchor = index
        self._bench.selection.choose(index)
        self.focused.emit(index)

    def pick(self, index: int, *, more: bool) -> None:
        """Pick a knob: instead of the others, or with `more` besides them; again, no longer."""
        if not more:
            self._anchor = index
            if index not in self.picked:
                self._set_picked(frozenset())
            return
        begun = frozenset() if self._anchor is None else frozenset({self._anchor})
        first = not self.picked and self._anchor != index
        self._set_picked(begun | {index} if first else self.picked ^ {index})

    def _set_picked(self, picked: frozenset[int]) -> None:
        self._bench.selection.pick(picked)

    def unpick(self) -> bool:
        """Pick none; whether any were."""
        had = bool(self.picked)
        self._set_picked(frozenset())
        return had

    def walk(self, index: int, across: int, down: int) -> None:
        """The focus is to go on to a neighbour."""
        self.walked.emit(index, across, down)

    def show_again(self, index: int) -> None:
        """A knob looks different, though its numbers are the same."""
        self.looks_changed.emit(index)


def angle_of(position: FloatArray) -> FloatArray:
    """The angle in degrees from the top of each position, held to the ends of the track."""
    held = np.minimum(np.maximum(position, 0.0), 1.0)
    return START_DEGREES + SWEEP_DEGREES * held


def glides(bench: Bench) -> bool:
    """Whether pointers ease to where they belong, and do not jump."""
    if bench.preferences.reduced_motion:
        return False
    tempo, automix = bench.desk.setup.tempo, bench.automix
    slow = tempo < GLIDES_BELOW and tempo != MAX_TEMPO
    return not automix.moving or (automix.playing and slow)


def direction(slope: float) -> str:
    """Which way to turn against a slope: ``↻ raise``, ``↺ lower``, ``– level``."""
    return "– level" if slope == 0.0 else "↺ lower" if slope > 0.0 else "↻ raise"
