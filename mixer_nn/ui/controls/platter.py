"""A turntable: it shows a record with its grooves, and where the needle stands; it can be spun.

The record tells a story from the rim inward. The hand goes through it in three ways: it turns the
record (`scrubbed`), steps with wheel or keys (`stepped`, `strode`), or takes the arm (`turned`).
"""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.controls.ground import paint_ground, set_on_panel
from mixer_nn.ui.controls.platter_geometry import PlatterGeometry, held_share
from mixer_nn.ui.controls.platter_hand import SpunControl
from mixer_nn.ui.controls.platter_paint import PlatterLook, paint_platter
from mixer_nn.ui.controls.platter_record import (
    FloatArray,
    Marks,
    Pressing,
    marks_on,
    record,
    ring_count,
    rings,
)

HINT = (
    "Turn the record to go back and forth (Shift: finely), or step with the wheel or ← →."
    " Take the arm, or double-click a groove, to go there"
)

_Seen = TypeVar("_Seen", Pressing, Marks)


class Platter(SpunControl):
    """A record on a turntable. Its `value` is the place of the needle: 0 the rim, 1 the label.

    A gesture is one sentence, as with every control: `pressed`, then any of `scrubbed` (turns of
    the record since the last of these, clockwise positive), `stepped` (whole steps), `strode`
    (large ones: Page keys, and Ctrl with wheel or arrows) and `turned` (the place the arm was put
    to), then `released`. The owner answers with `set_position`, also while the hand has it: how
    far a turn goes is the owner's to say. A click alone moves nothing.

    Parameters
    ----------
    diameter
        Of the platter, in logical pixels; the widget is larger by the foot of the arm.
    """

    def __init__(self, parent: QWidget | None = None, *, diameter: int = 150) -> None:
        super().__init__(diameter, parent)
        set_on_panel(self)
        self._levels: FloatArray = np.empty(0)
        self._share = 1.0
        self._torn = False
        self._marks: Marks = ()
        self._future = 0.0
        self._angle = 0.0
        self._label = ("", "")
        self._look = PlatterLook()
        self._pressing = Pressing()
        self._kept: dict[str, tuple[tuple[object, ...], QPixmap]] = {}
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(HINT)
        self._refresh()

    # -- what the program sets: all silent --

    @property
    def diameter(self) -> int:
        """Of the platter, in logical pixels."""
        return self._dial.diameter

    @property
    def dial(self) -> PlatterGeometry:
        """Where its parts are."""
        return self._dial

    @property
    def look(self) -> PlatterLook:
        """What is seen now of the parts that move."""
        return self._look

    @property
    def pressing(self) -> Pressing:
        """What is seen now of the record."""
        return self._pressing

    def set_diameter(self, diameter: int) -> None:
        """Another size of platter."""
        if diameter != self._dial.diameter:
            self._dial = PlatterGeometry(diameter)
            self.updateGeometry()
            self._refresh()
            self.update()

    def set_grooves(self, levels: FloatArray, share: float = 1.0) -> None:
        """Press the record: a level 0..1 for each groove, from the rim inward; none: empty.

        They take `share` of the way to the label, so that a short story leaves room.
        """
        self._levels, self._share = np.array(levels, dtype=np.float64), held_share(share)
        self._press()

    def set_position(self, place: float) -> None:
        """Put the needle down at a place, 0..1; with no grooves it lies beside the record."""
        place = held_share(place)
        if place != self._value:
            self._put(place)

    def set_future(self, share: float) -> None:
        """Show the grooves beyond the needle faint, for this much of the way to the label."""
        self._future = held_share(share)
        self._refresh()

    def set_label(self, big: str, small: str = "") -> None:
        """What is printed on the label; the small line only where there is room for it."""
        self._label = (big, small)
        self._refresh()

    def set_angle(self, radians: float) -> None:
        """Turn the record so far from where it began, clockwise."""
        self._angle = radians
        self._refresh()

    def set_torn(self, torn: bool) -> None:
        """Show that the last groove ran away: torn and red, and there the arm lifted off it."""
        self._torn = torn
        self._press()

    def set_marks(self, marks: Sequence[tuple[float, str]]) -> None:
        """Mark places of the record, each with a letter; with "" by a small ring alone."""
        wanted = tuple((held_share(place), letter) for place, letter in marks)
        if wanted == self._marks:
            return
        self._marks = wanted
        letters = ", ".join(letter for _, letter in self._marks if letter)
        self.setAccessibleDescription(f"marks: {letters}" if letters else "")
        self.update()

    # -- what is seen --

    @property
    def _has_grooves(self) -> bool:
        return len(self._levels) > 0

    @property
    def _end_place(self) -> float:
        return self._share

    def _refresh(self) -> None:
        look = self._build_look()
        if look != self._look:
            self._look = look
            self.update()

    def _press(self) -> None:
        """Show another record, if it would look another."""
        pressing = self._build_pressing()
        if pressing != self._pressing:
            self._pressing = pressing
            self.update()
        self._refresh()

    def _build_look(self) -> PlatterLook:
        # To a quarter of a pixel, so that smaller changes do not repaint.
        fine = 4.0 * (self._dial.outer - self._dial.inner)
        rim = math.radians(1.0) * 4.0 * self._dial.radius
        angle = math.degrees(self._angle) % 360.0 if math.isfinite(self._angle) else 0.0
        return PlatterLook(
            place=round(self._value * fine) / fine if self._has_grooves else None,
            future=round(min(self._value + self._future, 1.0) * fine) / fine,
            angle=round(angle * rim) / rim,
            label=self._label,
            lifted=self._torn and self._has_grooves and self._future == 0.0,
            focus=self.hasFocus(),
            hover=self._hover,
            enabled=self.isEnabled(),
        )

    def _build_pressing(self) -> Pressing:
        count = ring_count(self._dial, self.devicePixelRatioF())
        shades = rings(self._levels, self._share, count)
        return Pressing(count, shades, self._torn and bool(shades))

    def sizeHint(self) -> QSize:
        return QSize(self._dial.width, self._dial.height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._pressing.count != ring_count(self._dial, ratio):
            self._pressing = self._build_pressing()  # on another screen, or of another size
        pressed = self._keep("record", record, ratio, self._pressing)
        marks = self._keep("marks", marks_on, ratio, self._marks) if self._marks else None
        with QPainter(self) as painter:
            paint_ground(self, painter, event.rect())
            paint_platter(painter, self._dial, self._look, pressed, marks)

    def _keep(
        self,
        name: str,
        paint: Callable[[PlatterGeometry, float, _Seen], QPixmap],
        ratio: float,
        seen: _Seen,
    ) -> QPixmap:
        """A pixmap that is painted anew only where it would look another."""
        key = (self._dial, ratio, theme.zoom(), theme.current().name, seen)
        kept = self._kept.get(name)
        if kept is None or kept[0] != key:
            kept = self._kept[name] = key, paint(self._dial, ratio, seen)
        return kept[1]
