"""What every dial is, whoever paints it: its geometry, and how a hand turns it."""

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QSize
from PySide6.QtWidgets import QWidget

from mixer_nn.ui.controls.geometry import DialGeometry
from mixer_nn.ui.controls.gestures import RIM_SHARE, RotaryTravel, sum_travel
from mixer_nn.ui.controls.hand import HandControl
from mixer_nn.ui.controls.knob_paint import DialLook
from mixer_nn.ui.controls.taper import LinearTaper, Taper


class Dial(HandControl):
    """A dial of 270° for one value, without its picture.

    A `Knob` paints itself; a `BoardKnob` is painted by the board it stands on, many in one pass.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        diameter: int = 150,
        taper: Taper | None = None,
        signed: bool = True,
    ) -> None:
        super().__init__(taper or LinearTaper(-2.0, 2.0), parent)
        self.bounded = taper is not None
        self._signed = signed
        self._dial = DialGeometry(diameter)

    @property
    def diameter(self) -> int:
        """Of the track, in logical pixels."""
        return self._dial.diameter

    @property
    def look(self) -> DialLook:
        """What is seen now."""
        raise NotImplementedError

    def _travel_from(self, point: QPointF) -> Callable[[QPointF, QPointF], float]:
        return RotaryTravel(self._centre) if self._on_rim(point) else sum_travel

    def _magnet_from(self, point: QPointF) -> float | None:
        # On the rim the pointer stays under the finger.
        return self._taper.to_position(0.0) if self._signed and not self._on_rim(point) else None

    @property
    def _centre(self) -> QPointF:
        """Where the dial is turned about."""
        return self._dial.centre

    def _on_rim(self, point: QPointF) -> bool:
        offset = point - self._centre
        distance = math.hypot(offset.x(), offset.y())
        return self._dial.large and distance >= RIM_SHARE * self._dial.radius

    def _seen(self, position: float) -> float:
        """A position to a quarter of a pixel, so that smaller changes do not repaint."""
        if not math.isfinite(position):
            return 0.5 if math.isnan(position) else math.copysign(2.0, position)
        if not 0.0 <= position <= 1.0:
            return math.copysign(2.0, position)
        steps = self._dial.diameter * 10
        return round(position * steps) / steps

    def sizeHint(self) -> QSize:
        return QSize(self._dial.width, self._dial.height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
