"""A turntable knob: it shows a value on its scale and reports the hand."""

import math

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mixer_nn.ui.controls.dial import Dial
from mixer_nn.ui.controls.geometry import DialGeometry
from mixer_nn.ui.controls.knob_paint import DialLook, label_font, paint_dial
from mixer_nn.ui.controls.taper import LinearTaper, Taper

GLIDE_MILLISECONDS = 80.0


class Knob(Dial):
    """A dial of 270° for one value, which paints itself.

    Parameters
    ----------
    diameter
        Of the track, in logical pixels; from 72 on the dial is a platter with a scale and a rim
        that turns with the finger. The widget is larger by the margins of the scale.
    taper
        The scale, ±2 unless given. A knob that is given one holds the hand's steps within it
        (`bounded`), as suits a setting; a parameter's knob goes past its ends.
    signed
        Whether the arc begins at zero and its colour tells the sign; else it begins at the low
        end and is neutral.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        diameter: int = 150,
        taper: Taper | None = None,
        signed: bool = True,
    ) -> None:
        super().__init__(parent, diameter=diameter, taper=taper, signed=signed)
        self.glide = False
        self.glide_time = GLIDE_MILLISECONDS
        self._ends: tuple[str, str] | None = None
        self._slope = (0, 0.0)
        self._ghost: float | None = None
        self._answer: float | None = None
        self._groove: tuple[float, ...] = ()
        self._badge = ""
        self._lit = False
        self._pointer = self._taper.to_position(self._value)
        self._glide_left = 0.0
        self._look = DialLook(0.5, 0.5)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_diameter(diameter)

    # -- what the program sets: all silent --

    @property
    def look(self) -> DialLook:
        """What is seen now."""
        return self._look

    def set_diameter(self, diameter: int) -> None:
        """Another size of dial."""
        tall = QFontMetrics(label_font()).height() if diameter >= 72 and self._has_ends() else 0
        self._dial = DialGeometry(diameter, ticks=diameter >= 72, label=tall)
        self.updateGeometry()
        self._refresh()
        self.update()

    def set_scale(self, low: float, high: float) -> None:
        """Put a linear scale on; units per pixel stay as they were while a gesture lasts."""
        self.set_taper(LinearTaper(low, high))

    def set_end_labels(self, low: str, high: str) -> None:
        """Print these at the ends of the scale, not its numbers; two empty ones print none."""
        self._ends = (low, high)
        self.set_diameter(self.diameter)

    def set_slope(self, direction: int, strength: float = 0.0, visible: bool = True) -> None:
        """Show which way to turn for a lower loss: +1 raise, -1 lower, 0 neither.

        `strength` is 0..1 on a fixed reference of four decades, a tick for each.
        """
        way = 0 if not visible or not math.isfinite(strength) else (direction > 0) - (direction < 0)
        self._slope = (way, min(max(strength, 0.0), 1.0) if way else 0.0)
        self._refresh()

    def set_ghost(self, value: float | None) -> None:
        """Mark the value the next step would give, None for no mark."""
        self._ghost = value
        self._refresh()

    def set_answer(self, value: float | None) -> None:
        """Mark the value that is the answer, None for no mark."""
        self._answer = value
        self._refresh()

    def set_groove(self, shares: tuple[float, ...]) -> None:
        """Show how high the loss is, 0..1, in equal parts of the scale; none of it: nothing."""
        self._groove = shares
        self._refresh()

    def set_badge(self, text: str) -> None:
        """A short word in the corner, such as ``×4`` for a longer scale; empty for none."""
        self._badge = text
        self._refresh()

    def set_lit(self, lit: bool) -> None:
        """Show the knob as if the mouse were over it, when its symbol is pointed at elsewhere."""
        self._lit = lit
        self._refresh()

    def advance(self, milliseconds: float) -> bool:
        """Let the pointer glide on by a frame; True while it still has a way to go.

        Only a value the program sets glides, and only with `glide` on; the program's frame clock
        calls this. The value itself is exact at once.
        """
        if self._glide_left <= 0.0:
            return False
        share = min(max(milliseconds, 0.0) / self._glide_left, 1.0)
        self._glide_left -= milliseconds
        target = self._taper.to_position(self._value)
        self._pointer += (target - self._pointer) * share
        if self._glide_left <= 0.0 or not math.isfinite(self._pointer):
            self._pointer = target
        self._refresh()
        return self._glide_left > 0.0

    # -- how it is turned and shown --

    def _put(self, value: float) -> None:
        self._glide_left = self.glide_time if self.glide and not self.is_held else 0.0
        if self._glide_left == 0.0:
            self._pointer = self._taper.to_position(value)
        super()._put(value)

    def _on_scale_changed(self) -> None:
        self._glide_left = 0.0
        self._pointer = self._taper.to_position(self._value)
        super()._on_scale_changed()

    def _has_ends(self) -> bool:
        return self._ends is None or any(self._ends)

    def _refresh(self) -> None:
        look = self._build_look()
        if look != self._look:
            self._look = look
            self.update()

    def _build_look(self) -> DialLook:
        way, strength = self._slope
        return DialLook(
            position=self._seen(self._pointer),
            origin=min(max(self._taper.to_position(0.0), 0.0), 1.0) if self._signed else 0.0,
            signed=self._signed,
            ends=self._ends or self._scale_ends(),
            slope=way,
            strength=round(strength, 2),
            ghost=None if self._ghost is None else self._seen(self._taper.to_position(self._ghost)),
            answer=None
            if self._answer is None
            else self._seen(self._taper.to_position(self._answer)),
            groove=self._groove,
            badge=self._badge,
            locked=self._locked,
            focus=self.hasFocus(),
            hover=self._hover or self._lit,
            pressed=self.is_held,
            enabled=self.isEnabled(),
        )

    def _scale_ends(self) -> tuple[str, str]:
        low, high = self._taper.low, self._taper.high
        if not self._signed:
            return f"{low:g}", f"{high:g}"
        return _signed_end(low), _signed_end(high)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.set_diameter(self.diameter)
        elif event.type() == QEvent.Type.EnabledChange:
            self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_dial(painter, self._dial, self._look, self.devicePixelRatioF())


def _signed_end(end: float) -> str:
    return f"{end:+g}".replace("-", "\N{MINUS SIGN}")
