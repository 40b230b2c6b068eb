"""One parameter in the equation: its knob, its value, which way to turn it, its lock."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QEnterEvent, QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from mixer_nn.core.network import Parameter
from mixer_nn.session.mix import MAX_TEMPO
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.icons import lock_icon
from mixer_nn.ui.mixer.symbols import standard_name, symbol
from mixer_nn.ui.numbers import fixed, short

GLIDES_BELOW = 30.0
"""Tempo in steps per second up to which pointers glide; above, each step would cut the last off."""


class KnobTerm(QWidget):
    """Binds one knob to one parameter of the desk, both ways."""

    def __init__(self, bench: Bench, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench, self._index = bench, parameter.index
        network = bench.desk.mix.network
        self._symbol = symbol(network, parameter)
        self._name = standard_name(network, parameter)
        self._make(parameter)
        self._connect()
        self._lay_out()
        self._place(beside=True)
        self.read()

    # -- made, placed, connected --------------------------------------------------------------

    def _make(self, parameter: Parameter) -> None:
        self.knob = Knob(self)
        self.knob.setObjectName(parameter.id)
        self.knob.set_name(self._name)
        self.value = QLabel(self)
        self.value.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.knob.set_editor_anchor(self.value)
        self.name = QLabel(self._name, self)
        self.name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name.setProperty("kind", "dim")
        self.arrow = QLabel(self)
        self.arrow.setProperty("kind", "hint")
        self.slope = QLabel(self)
        self.slope.setProperty("kind", "dim")
        self.slope.setToolTip(
            f"∂loss/∂{self._symbol}: how the loss over all training rows changes per unit, if"
            f" only {self._symbol} is turned"
        )
        self.lock = QToolButton(self)
        self.lock.setObjectName(f"{parameter.id}.lock")
        self.lock.setCheckable(True)
        self.lock.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.lock.setAccessibleName(f"lock {self._name}")
        self.lock.setToolTip(
            f"Lock {self._symbol} (L on the knob): Auto-mix leaves it alone, your hand need not"
        )

    def _lay_out(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setVerticalSpacing(theme.px(2))
        self._grid.addWidget(self.knob, 0, 0, 6, 1, Qt.AlignmentFlag.AlignHCenter)
        self._grid.addWidget(self.value, 6, 0)
        self._grid.addWidget(self.name, 7, 0)

    def _place(self, *, beside: bool) -> None:
        """Arrow, slope and lock beside the knob, or below it where there is little room."""
        self._beside = beside
        grid, left = self._grid, Qt.AlignmentFlag.AlignLeft
        movable: tuple[QWidget, ...] = (self.arrow, self.slope, self.lock)
        for widget in movable:
            grid.removeWidget(widget)
        # On the smallest dials the lock is on its key and in its menu, the slope on the arrow.
        small = self.knob.diameter < theme.px(72)
        self.lock.setVisible(not small)
        self.slope.setVisible(not small)
        places = ((1, 1), (2, 1), (4, 1)) if beside else ((8, 0), (9, 0), (4, 1))
        for widget, place in zip(movable, places, strict=True):
            grid.addWidget(widget, *place, left)
        if not beside:
            for label in (self.arrow, self.slope):
                grid.setAlignment(label, Qt.AlignmentFlag.AlignHCenter)
        for row, stretch in ((0, 2), (3, 2), (5, 2)):
            grid.setRowStretch(row, stretch)
        self._fonts()

    def _fonts(self) -> None:
        large = self.knob.diameter >= 150
        self.value.setFont(theme.mono_font(20 if large else 14))
        self.arrow.setFont(theme.ui_font(14 if large else 12, QFont.Weight.DemiBold))
        self.slope.setFont(theme.mono_font(12))
        longest = f"↺ lower {self._symbol}" if self.slope.isVisibleTo(self) else "↺ −0.0000"
        wide = self.arrow.fontMetrics().horizontalAdvance(longest)
        number = self.slope.fontMetrics().horizontalAdvance("slope −0.0000")
        # Room for the longest text, so that nothing moves while numbers change.
        self.arrow.setMinimumWidth(wide + theme.px(4))
        self.slope.setMinimumWidth(number + theme.px(2))
        self.value.setMinimumWidth(self.value.fontMetrics().horizontalAdvance("−00.0000"))

    def _connect(self) -> None:
        self.knob.pressed.connect(self._on_pressed)
        self.knob.turned.connect(self._on_turned)
        self.knob.released.connect(self._on_released)
        self.knob.lock_toggled.connect(self._on_locked)
        self.knob.scale_asked.connect(self._on_scale_asked)
        self.knob.hovered.connect(self._on_hovered)
        self.lock.toggled.connect(self._on_locked)

    def set_size(self, diameter: int, *, beside: bool) -> None:
        """Another size of dial."""
        if (diameter, beside) != (self.knob.diameter, self._beside):
            self.knob.set_diameter(diameter)
            self._place(beside=beside)
            self.read()

    # -- the hand -----------------------------------------------------------------------------

    def _on_pressed(self) -> None:
        self._bench.desk.touch(self._index)

    def _on_turned(self, value: float) -> None:
        self._bench.desk.turn(self._index, value)

    def _on_released(self) -> None:
        self._bench.desk.release(self._index)

    def _on_locked(self, locked: bool) -> None:
        self._bench.desk.set_locked(self._index, locked)

    def _on_scale_asked(self, scale: float) -> None:
        self._bench.desk.set_scale(self._index, scale)

    def _on_hovered(self, inside: bool) -> None:
        self._bench.selection.hover(self._index if inside else None)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._on_hovered(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._on_hovered(False)

    # -- the desk -----------------------------------------------------------------------------

    def read(self) -> None:
        """Show everything as the desk has it."""
        desk, index, knob = self._bench.desk, self._index, self.knob
        mix = desk.mix
        if knob.is_held and index not in desk.touched:
            knob.finish_gesture()  # the mix was changed under the hand: undo, a new file
        knob.glide = self._glides()
        scale = float(mix.scales[index])
        knob.set_scale(-scale, scale)
        knob.set_initial(float(mix.initial[index]))
        knob.set_value(float(mix.parameters[index]))
        if knob.glide:
            self._bench.clock.move(knob)
        locked = bool(mix.locked[index])
        if knob.locked != locked or self.lock.isChecked() != locked or self.lock.icon().isNull():
            self._show_lock(locked)
        self.value.setText(fixed(float(mix.parameters[index]), scale))
        self._read_guidance()

    def _glides(self) -> bool:
        bench = self._bench
        if bench.preferences.reduced_motion:
            return False
        tempo = bench.desk.setup.tempo
        return not bench.automix.playing or (tempo < GLIDES_BELOW and tempo != MAX_TEMPO)

    def _show_lock(self, locked: bool) -> None:
        self.knob.set_locked(locked)
        self.lock.blockSignals(True)
        self.lock.setChecked(locked)
        self.lock.blockSignals(False)
        self.lock.setIcon(lock_icon(locked))

    def _read_guidance(self) -> None:
        bench, index = self._bench, self._index
        shown = bench.guidance.arrows
        answer = bench.readings.answer if bench.guidance.answer else None
        self.knob.set_answer(None if answer is None else float(answer[index]))
        if not shown:
            self.knob.set_slope(0)
            self.knob.set_ghost(None)
            self.arrow.clear()
            self.slope.clear()
            return
        slope = float(bench.readings.gradient[index])
        strength = float(bench.readings.strength[index])
        self.knob.set_slope(-1 if slope > 0 else 1, strength, visible=strength > 0.0)
        landing = float(bench.readings.next_parameters[index])
        held = index in bench.desk.touched
        self.knob.set_ghost(None if held or bench.desk.mix.locked[index] else landing)
        self.arrow.setText(self._direction(slope, level=strength == 0.0))
        self.slope.setText(f"slope {short(slope, 3)}")

    def _direction(self, slope: float, *, level: bool) -> str:
        if not self.slope.isVisibleTo(self):
            return f"{'–' if level else '↺' if slope > 0 else '↻'} {short(slope, 3)}"
        if level:
            return "level here"
        return f"↺ lower {self._symbol}" if slope > 0 else f"↻ raise {self._symbol}"

    def let_go(self) -> None:
        """The term is about to be replaced: nothing may move it or hold it any more."""
        self.knob.finish_gesture()
        self._bench.clock.drop(self.knob)

    def light(self, lit: bool) -> None:
        """Show the knob as pointed at, when its symbol is."""
        self.knob.set_lit(lit)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "lock"):
            self._fonts()
            self._show_lock(self.lock.isChecked())
