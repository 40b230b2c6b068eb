"""Where the parts of a turntable are: its record, and the arm with the needle.

Lengths are logical pixels about the centre of the record, y downward; a place is 0 where the
grooves begin at the rim and 1 where they end at the label.
"""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF

ROOMY = 120  # from this diameter on there is room for letters on the record

_PIVOT = QPointF(1.02, -0.87)  # in radii, as all lengths of the arm
_ARM = 1.15
_REST = 1.06  # how far out the needle is when it lies beside the record
_ELBOW = 0.70  # how far along the arm it bends, and
_BEND = 0.085  # how far outward


@dataclass(frozen=True)
class PlatterGeometry:
    """All lengths of one turntable. `diameter` is that of the platter, its rim included."""

    diameter: int

    @property
    def radius(self) -> float:
        return self.diameter / 2.0

    @property
    def roomy(self) -> bool:
        return self.diameter >= ROOMY

    @property
    def margin(self) -> float:
        """Around the platter, for its shadow and the focus ring."""
        return 4.0

    @property
    def width(self) -> int:
        """The platter, and right of it the foot of the arm."""
        right = self.radius * _PIVOT.x() + self.foot_radius + 1.0
        return math.ceil(self.margin + self.radius + right)

    @property
    def height(self) -> int:
        return math.ceil(self.diameter + 2 * self.margin)

    @property
    def centre(self) -> QPointF:
        return QPointF(self.margin + self.radius, self.margin + self.radius)

    @property
    def strobe_radius(self) -> float:
        return self.radius * 0.935

    @property
    def outer(self) -> float:
        """Where the grooves begin: the radius of place 0."""
        return self.radius * 0.865

    @property
    def inner(self) -> float:
        """Where the grooves end: the radius of place 1."""
        return self.radius * 0.46

    @property
    def label_radius(self) -> float:
        return self.radius * 0.375

    @property
    def foot_radius(self) -> float:
        return self.radius * 0.125

    @property
    def pivot(self) -> QPointF:
        return _PIVOT * self.radius

    def radius_of(self, place: float) -> float:
        """How far from the centre a place is."""
        return self.outer + (self.inner - self.outer) * place

    def place_of(self, point: QPointF) -> float:
        """The place of a point, outside 0..1 where there is no groove."""
        away = math.hypot(point.x(), point.y())
        return (away - self.outer) / (self.inner - self.outer)

    def needle(self, place: float | None) -> QPointF:
        """The tip of the arm at a place; None: beside the record.

        The arm turns about its pivot, so the needle goes from rim to label on an arc.
        """
        away = self.radius * _REST if place is None else self.radius_of(place)
        arm, far = _ARM * self.radius, math.hypot(self.pivot.x(), self.pivot.y())
        # The law of cosines, in the triangle of pivot, centre and needle.
        turn = math.acos((far * far + arm * arm - away * away) / (2.0 * far * arm))
        inward = math.atan2(-self.pivot.y(), -self.pivot.x())
        angle = inward - turn
        return self.pivot + QPointF(math.cos(angle), math.sin(angle)) * arm

    def elbow(self, needle: QPointF) -> QPointF:
        """Where the arm bends, with its needle there."""
        along = needle - self.pivot
        across = QPointF(-along.y(), along.x()) / math.hypot(along.x(), along.y())
        return self.pivot + along * _ELBOW - across * _BEND * self.radius

    def is_on_platter(self, point: QPointF) -> bool:
        """Whether a hand there has hold of the record."""
        return math.hypot(point.x(), point.y()) <= self.radius

    def distance_to_arm(self, point: QPointF, needle: QPointF) -> float:
        """How far a point is from the part of the arm that can be taken: elbow to needle."""
        elbow = self.elbow(needle)
        along, to_point = needle - elbow, point - elbow
        length = QPointF.dotProduct(along, along)
        share = min(max(QPointF.dotProduct(to_point, along) / length, 0.0), 1.0)
        off = to_point - along * share
        return math.hypot(off.x(), off.y())


def held_share(share: float) -> float:
    """Within 0..1; what is not a number counts as 0."""
    return min(max(share, 0.0), 1.0) if math.isfinite(share) else 0.0
