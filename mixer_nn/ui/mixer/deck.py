"""The deck: the record of the run on its platter, and the hand that goes through it."""

from __future__ import annotations

import math

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mixer_nn.core.segment import Stop
from mixer_nn.session.mix import Cue
from mixer_nn.state.grooves import levels, share_of
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.platter import HINT, Platter
from mixer_nn.ui.mixer.deck_marks import DeckMarks
from mixer_nn.ui.mixer.deck_motor import DeckMotor
from mixer_nn.ui.numbers import count

WIDE, SLIM = 150, 56
Cues = tuple[Cue | None, ...]
LAG = 4
"""Frames of a running Auto-mix from one pressing to the next; the arm and the label do not wait."""

TIP = (
    "Training history: a groove for each stretch of the run, from the rim inward, red where the"
    " loss is high"
)


class Deck(QWidget):
    """Shows where we are in the run, and goes where the hand wants; hidden, it costs nothing."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._slim = False
        self._pressed: tuple[int, int, Cues] | None = None
        self._waited = 0
        self.platter = Platter(self, diameter=theme.px(WIDE))
        self.platter.setObjectName("platter")
        self.platter.set_name("training history on the platter")
        self.platter.set_formatter(self._spoken)
        self.platter.setToolTip(f"{TIP}.\n{HINT}")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.platter)
        self._marks = DeckMarks(bench, self.platter)
        self._motor = DeckMotor(bench, self.platter)
        self._connect()

    def _connect(self) -> None:
        platter, scrubbing, bench = self.platter, self._bench.scrubbing, self._bench
        platter.pressed.connect(scrubbing.press)
        platter.scrubbed.connect(self._on_scrubbed)
        platter.stepped.connect(scrubbing.step)
        platter.strode.connect(scrubbing.stride)
        platter.turned.connect(self._on_arm)
        platter.released.connect(self._on_released)
        bench.desk.changed.connect(self.read)
        bench.automix.changed.connect(self._press_anew)

    def set_slim(self, slim: bool) -> None:
        """A small platter, for low windows."""
        self._slim = slim
        self.dress()

    def dress(self) -> None:
        """As large as the zoom asks."""
        self.platter.set_diameter(theme.px(SLIM if self._slim else WIDE))

    # -- the hand -----------------------------------------------------------------------------

    def _on_scrubbed(self, turns: float) -> None:
        self._bench.scrubbing.turn(turns)
        # The record sticks to the finger between two moves as well.
        self._show_place()

    def _on_arm(self, place: float) -> None:
        scrubbing = self._bench.scrubbing
        share = share_of(scrubbing.length)
        scrubbing.put(min(place / share, 1.0) if share else 1.0)
        self.read()

    def _on_released(self) -> None:
        self._bench.scrubbing.release()
        self.read()

    # -- what is shown ------------------------------------------------------------------------

    def read(self) -> None:
        """Show where we are, and from time to time how the record looks by now."""
        if self.platter.visibleRegion().isEmpty():  # the deck itself is under it
            return
        if self._is_pressing_due():
            self._press()
        self.platter.set_label(_short(self._bench.desk.mix.state.epoch), "epoch")
        self._show_place()

    def _show_place(self) -> None:
        scrubbing, desk = self._bench.scrubbing, self._bench.desk
        share = share_of(scrubbing.length)
        place = self._place_of(scrubbing.place, share)
        self.platter.set_position(place)
        self.platter.set_future(share - place if desk.is_visiting else 0.0)
        self._motor.follow(scrubbing.place)

    def _place_of(self, move: float, share: float) -> float:
        history = self._bench.desk.history
        length = history.last - history.first
        return share * (move - history.first) / length if length else 0.0

    def _is_pressing_due(self) -> bool:
        desk = self._bench.desk
        key = desk.head.run, desk.history.revision, desk.mix.cues
        if key == self._pressed:
            return False
        self._waited += 1
        same = self._pressed is not None and self._pressed[::2] == key[::2]
        automix = self._bench.automix
        # In the frames of a run in which the other monitors have least to do.
        if same and automix.playing and self._waited < LAG and automix.frames % LAG:
            return False
        self._pressed, self._waited = key, 0
        return True

    def _press(self) -> None:
        scrubbing, automix = self._bench.scrubbing, self._bench.automix
        self.platter.set_grooves(
            levels(self._bench.desk.history.points), share_of(scrubbing.length)
        )
        outcome = automix.outcome
        self.platter.set_torn(outcome is not None and outcome.stop is Stop.DIVERGED)
        self._marks.read()

    def _press_anew(self) -> None:
        """Auto-mix has begun or ended, and it shows whether it ran away."""
        self._pressed = None
        self.read()

    def _spoken(self, _: float) -> str:
        desk = self._bench.desk
        where = f"move {count(desk.place)} of {count(desk.history.last)}"
        return f"{where}, epoch {count(desk.mix.state.epoch)}"

    # -- coming and going ---------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.read()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._motor.stop()


def _short(epoch: int) -> str:
    """An epoch in as few figures as fit on the label."""
    if epoch < 1_000_000:
        return str(epoch)
    digits = 2 - int(math.log10(epoch / 1e6)) if epoch < 1e9 else 0
    return f"{epoch / 1e6:.{max(digits, 0)}f}M"
