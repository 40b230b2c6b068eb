"""Where the parts of a dial are. Angles are degrees clockwise from the top."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF

LARGE = 72  # from this diameter on a dial has a platter, a scale and a rim to turn
START_DEGREES = -135.0
SWEEP_DEGREES = 270.0


@dataclass(frozen=True)
class DialGeometry:
    """All lengths of one dial, in logical pixels about its centre.

    `diameter` is that of the track; the scale and the gradient ring lie outside it, within the
    margin. `label` is the height of the line of text for the ends of the scale, 0 for none.
    """

    diameter: int
    ticks: bool = True
    label: int = 0

    @property
    def large(self) -> bool:
        return self.diameter >= LARGE

    @property
    def radius(self) -> float:
        return self.diameter / 2.0

    @property
    def margin(self) -> int:
        """From the track to the widget's edge: room for scale, arrow and badge."""
        if not self.large:
            return 6
        return 20 if self.diameter >= 120 else 16

    @property
    def width(self) -> int:
        return self.diameter + 2 * self.margin

    @property
    def height(self) -> int:
        if not self.large:
            return self.diameter + 2 * self.margin
        return math.ceil(self.margin + self.radius + self.label_top + self.label)

    @property
    def label_top(self) -> float:
        """Below the centre, where the line with the ends of the scale begins."""
        return self.radius * 0.84 if self.diameter >= 120 else self.radius * 0.98

    @property
    def centre(self) -> QPointF:
        return QPointF(self.width / 2.0, self.margin + self.radius)

    @property
    def arc_width(self) -> float:
        return max(self.diameter * 0.043, 3.0) if self.large else max(self.diameter * 0.075, 2.4)

    @property
    def arc_radius(self) -> float:
        return self.radius - self.arc_width / 2.0

    @property
    def face_radius(self) -> float:
        return self.radius * (0.805 if self.large else 0.775)

    @property
    def strobe_radius(self) -> float:
        return self.face_radius - self.radius * 0.045

    @property
    def hub_radius(self) -> float:
        return self.radius * 0.19

    @property
    def groove_radius(self) -> float:
        """Of the ring that shows the loss along the scale, within the rim of the platter."""
        return self.radius * (0.66 if self.large else 0.62)

    @property
    def groove_width(self) -> float:
        return max(self.radius * 0.11, 3.0)

    @property
    def tick_radius(self) -> float:
        return self.radius + (4.5 if self.diameter >= 120 else 3.5)

    @property
    def tick_length(self) -> float:
        return 3.2 if self.diameter >= 120 else 2.2

    @property
    def slope_radius(self) -> float:
        """Of the gradient ring."""
        return self.radius + self.margin - (5.5 if self.large else 3.5)

    def angle(self, position: float) -> float:
        """The angle of a position along the scale, held to the ends of the track."""
        return START_DEGREES + SWEEP_DEGREES * min(max(position, 0.0), 1.0)

    def at(self, angle: float, radius: float) -> QPointF:
        """The point at an angle and a distance from the centre."""
        turn = math.radians(angle)
        return QPointF(radius * math.sin(turn), -radius * math.cos(turn))
