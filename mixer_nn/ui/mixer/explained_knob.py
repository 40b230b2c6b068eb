"""A knob whose tooltip is worked out when it is asked for, and which tells of its focus."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFocusEvent

from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.mixer.wording import against_the_slope


class ExplainedKnob(Knob):
    """Asks for its tooltip just before it shows it."""

    explanation_asked = Signal()
    focused = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            self.explanation_asked.emit()
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()


def why_against(bench: Bench, index: int) -> str:
    """Why the next step turns a parameter against its arrow; "" where it does not, or is hidden.

    One row's pull says nothing of the step, which follows the mean of them.
    """
    desk, readings = bench.desk, bench.readings
    if not bench.guidance.arrows or bench.spotlight.row is not None or not desk.free[index]:
        return ""
    slope = float(readings.gradient[index])
    change = float(readings.next_parameters[index] - desk.mix.parameters[index])
    return against_the_slope(desk.setup, change=change, slope=slope)
