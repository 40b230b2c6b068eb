"""One parameter in the equation: its knob, its value, which way to turn it, its lock."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QEnterEvent, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from mixer_nn.core.network import Parameter
from mixer_nn.session.mix import MAX_TEMPO
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.knob import GLIDE_MILLISECONDS
from mixer_nn.ui.icons import lock_icon
from mixer_nn.ui.mixer import rings
from mixer_nn.ui.mixer.explained_knob import ExplainedKnob, why_against
from mixer_nn.ui.mixer.grooves import groove
from mixer_nn.ui.mixer.symbols import standard_name, symbol
from mixer_nn.ui.mixer.tint import level_of, paint_frame
from mixer_nn.ui.numbers import fixed, short
from mixer_nn.ui.writing import hold, set_kind, write

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
        self._named = True
        self._tint = 0
        self._place(beside=True)
        self.read()

    # -- made, placed, connected --------------------------------------------------------------

    def _make(self, parameter: Parameter) -> None:
        self.knob = ExplainedKnob(self)
        self.knob.setObjectName(parameter.id)
        self.knob.set_name(self._name)
        self._explain()
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
        self.lock = QToolButton(self)
        self.lock.setObjectName(f"{parameter.id}.lock")
        self.lock.setCheckable(True)
        self.lock.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.lock.setAccessibleName(f"lock {self._name}")
        self.lock.setToolTip(
            f"Lock {self._symbol} (L on the knob): Auto-mix leaves it alone, your hand need not"
        )

    def _explain(self) -> None:
        """The tooltip: how to turn it, and why the next step may go against the arrow."""
        usage = (
            f"{self._name[0].upper()}{self._name[1:]}: drag it, or use the wheel or the arrow keys;"
            " a double click types a value"
        )
        why = why_against(self._bench, self._index)
        self.knob.setToolTip(f"{usage}\n{why[0].upper()}{why[1:]}" if why else usage)

    def _lay_out(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setVerticalSpacing(theme.px(2))

    def _place(self, *, beside: bool) -> None:
        """Arrow, slope and lock beside the knob, or below it where there is little room."""
        self._beside = beside
        grid, middle = self._grid, Qt.AlignmentFlag.AlignHCenter
        # On the smallest dials the lock is on its key and in its menu, the slope on the arrow.
        small = self.knob.diameter < theme.px(72)
        self.lock.setVisible(not small)
        self.slope.setVisible(not small)
        self.name.setVisible(self._named)
        wide = 1 if beside or small else 2
        places: tuple[tuple[QWidget, tuple[int, int, int, int]], ...] = (
            (self.knob, (0, 0, 6, wide)),
            (self.value, (6, 0, 1, 1)),
            (self.name, (7, 0, 1, wide)),
            (self.arrow, (1, 1, 1, 1) if beside else (8, 0, 1, wide)),
            (self.slope, (2, 1, 1, 1) if beside else (9, 0, 1, wide)),
            (self.lock, (4, 1, 1, 1) if beside else (6, 1, 1, 1)),
        )
        for widget, place in places:
            grid.removeWidget(widget)
            grid.addWidget(widget, *place)
        grid.setAlignment(self.knob, middle)
        grid.setAlignment(self.lock, Qt.AlignmentFlag.AlignLeft)
        grid.setAlignment(self.value, middle)
        for label in (self.arrow, self.slope):
            label.setAlignment(Qt.AlignmentFlag.AlignLeft if beside else middle)
            grid.setAlignment(label, Qt.AlignmentFlag.AlignLeft if beside else middle)
        for row, stretch in ((0, 2), (3, 2), (5, 2)):
            grid.setRowStretch(row, stretch)
        self._fonts()

    def axis(self) -> int:
        """The height at which the words of the equation are in line with it: the dial's middle."""
        return self.knob.sizeHint().width() // 2

    def _fonts(self) -> None:
        large = self.knob.diameter >= 150
        self.value.setFont(theme.mono_font(20 if large else 14))
        self.arrow.setFont(theme.ui_font(14 if large else 12, QFont.Weight.DemiBold))
        self.slope.setFont(theme.mono_font(12))
        full = self.slope.isVisibleTo(self)
        # Room for the longest texts, so that nothing moves while numbers change.
        hold(self.arrow, f"↺ lower {self._symbol} " if full else "↺ −0.00000")
        hold(self.slope, "slope −0.000000")
        hold(self.value, "−00.0000")

    def _connect(self) -> None:
        self.knob.explanation_asked.connect(self._explain)
        self.knob.pressed.connect(self._on_pressed)
        self.knob.turned.connect(self._on_turned)
        self.knob.released.connect(self._on_released)
        self.knob.lock_toggled.connect(self._on_locked)
        self.knob.scale_asked.connect(self._on_scale_asked)
        self.knob.hovered.connect(self._on_hovered)
        self.knob.focused.connect(self._on_focused)
        self.lock.toggled.connect(self._on_locked)
        self._bench.selection.changed.connect(self._read_groove)
        self._bench.ranking.changed.connect(self._on_ranking_changed)
        # Undo, or other data, takes the knob out of the hand that drags it.
        self._bench.desk.pausing.connect(self.knob.finish_gesture)

    def set_size(self, diameter: int, *, beside: bool, named: bool) -> None:
        """Another size of dial, and whether its name stands below it."""
        if (diameter, beside, named) != (self.knob.diameter, self._beside, self._named):
            self.knob.set_diameter(diameter)
            self._named = named
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

    def _on_focused(self) -> None:
        self._bench.selection.choose(self._index)

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
        knob.glide_time = rings.glide_time(self._bench, GLIDE_MILLISECONDS)
        scale = float(mix.scales[index])
        knob.set_scale(-scale, scale)
        knob.set_initial(float(mix.initial[index]))
        knob.set_value(float(mix.parameters[index]))
        if knob.glide:
            self._bench.clock.move(knob)
        locked = bool(mix.locked[index])
        if knob.locked != locked or self.lock.isChecked() != locked or self.lock.icon().isNull():
            self._show_lock(locked)
        write(self.value, fixed(float(mix.parameters[index]), scale))
        self._read_guidance()
        self._read_groove()
        self._read_tint()

    def _read_tint(self) -> None:
        level = int(level_of(self._bench.ranking.strength)[self._index])
        if level != self._tint:
            self._tint = level
            self.update()

    def _on_ranking_changed(self) -> None:
        # A term of the network before the present one is about to go.
        if self.isVisible() and self._index < self._bench.desk.mix.network.parameter_count:
            self._read_tint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._tint:
            with QPainter(self) as painter:
                paint_frame(painter, QRectF(self.knob.geometry()), self._tint)

    def _glides(self) -> bool:
        bench = self._bench
        if bench.preferences.reduced_motion:
            return False
        tempo, automix = bench.desk.setup.tempo, bench.automix
        slow = tempo < GLIDES_BELOW and tempo != MAX_TEMPO
        return not automix.moving or (automix.playing and slow)

    def _show_lock(self, locked: bool) -> None:
        self.knob.set_locked(locked)
        self.lock.blockSignals(True)
        self.lock.setChecked(locked)
        self.lock.blockSignals(False)
        self.lock.setIcon(lock_icon(locked))

    def _read_guidance(self) -> None:
        bench, index = self._bench, self._index
        shown = rings.has_ring(bench, index)
        answer = bench.readings.answer if bench.guidance.answer else None
        self.knob.set_answer(None if answer is None else float(answer[index]))
        if not shown:
            self.knob.set_slope(0)
            self.knob.set_ghost(None)
            self.arrow.clear()
            self.slope.clear()
            return
        slope = float(bench.readings.shown_slopes[index])
        strength = float(bench.readings.strength[index])
        self.knob.set_slope(-1 if slope > 0 else 1, strength, visible=strength > 0.0)
        landing = float(bench.readings.next_parameters[index])
        held = index in bench.desk.touched
        stays = held or bench.desk.mix.locked[index] or not rings.has_ghosts(bench)
        self.knob.set_ghost(None if stays else landing)
        write(self.arrow, self._direction(slope, level=strength == 0.0))
        self._write_slope(short(slope, 3))

    def _write_slope(self, number: str) -> None:
        """Name and number in a line; beside the knob there is a second for a longer name."""
        what = rings.what(self._bench)
        apart = what != "slope" and self._beside
        height = self.slope.fontMetrics().height() * (2 if apart else 1)
        if self.slope.height() != height:
            self.slope.setFixedHeight(height)
        write(self.slope, f"{what}\n{number}" if apart else f"{what.split()[0]} {number}")
        tip = (
            f"∂loss/∂{self._symbol}: how {rings.whose_loss(self._bench)} changes per unit, if"
            f" only {self._symbol} is turned"
        )
        if self.slope.toolTip() != tip:
            self.slope.setToolTip(tip)

    def _read_groove(self) -> None:
        self.knob.set_groove(groove(self._bench, self._index))

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

    def light(self, lit: bool, kind: str = "") -> None:
        """Show the knob as pointed at, when its symbol is; its value in a kind of text."""
        self.knob.set_lit(lit)
        set_kind(self.value, kind)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "lock"):
            self._fonts()
            self._show_lock(self.lock.isChecked())
