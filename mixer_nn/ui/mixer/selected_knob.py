"""The one fixed place for the chosen parameter: a large copy of its knob, and its numbers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.state.grip import Grip
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.knob import GLIDE_MILLISECONDS
from mixer_nn.ui.icons import lock_icon
from mixer_nn.ui.mixer import rings
from mixer_nn.ui.mixer.explained_knob import ExplainedKnob, why_against
from mixer_nn.ui.mixer.grooves import groove
from mixer_nn.ui.mixer.knob_bank import direction, glides
from mixer_nn.ui.mixer.places import place
from mixer_nn.ui.mixer.symbols import standard_name
from mixer_nn.ui.numbers import fixed, short

LARGE, SMALL = 150, 40
ROOM_FOR_LARGE = 300
SIZES = ((LARGE, ROOM_FOR_LARGE, 210), (110, 258, 176), (84, 220, 176), (56, 182, 0))
"""Diameters of the dial, each with the height and width of the panel from which it is used."""
"""Height from which the large dial is used."""


class SelectedKnob(QFrame):
    """Name, dial, value, slope, start and lock of the chosen parameter; the dial turns it.

    With none chosen it shows the first. If it is one of the picked, all of them turn together.
    """

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("selectedKnobPanel")
        self.setProperty("panel", True)
        self._bench = bench
        self._grip = Grip(bench.desk, bench.selection)
        self._index = 0
        self._make()
        self._lay_out()
        self._connect()
        self._show_chosen()

    def _make(self) -> None:
        self.knob = ExplainedKnob(self)
        self.knob.setObjectName("selectedKnob")
        self.title, self.value = QLabel(self), QLabel(self)
        self.slope, self.start = QLabel(self), QLabel(self)
        self.slope.setProperty("kind", "hint")
        self.start.setProperty("kind", "dim")
        for label, name in (
            (self.title, "title"),
            (self.value, "value"),
            (self.slope, "slope"),
            (self.start, "start"),
        ):
            label.setObjectName(f"selectedKnob.{name}")
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.lock = QToolButton(self)
        self.lock.setObjectName("selectedKnob.lock")
        self.lock.setCheckable(True)
        self.lock.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.lock.setToolTip(
            "Lock it (L on the knob): Auto-mix leaves it alone, your hand need not"
        )
        self.knob.set_editor_anchor(self.value)

    def _lay_out(self) -> None:
        self._box = box = QVBoxLayout(self)
        box.setContentsMargins(theme.px(12), theme.px(9), theme.px(12), theme.px(8))
        box.setSpacing(theme.px(2))
        box.addWidget(self.title)
        box.addStretch(1)
        box.addWidget(self.knob, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(self.value)
        box.addWidget(self.slope)
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(8))
        foot.addStretch()
        foot.addWidget(self.start)
        foot.addWidget(self.lock)
        foot.addStretch()
        box.addLayout(foot)
        box.addStretch(1)
        self._fonts()

    def _fonts(self) -> None:
        self.title.setFont(theme.ui_font(12, QFont.Weight.DemiBold))
        large = self.knob.diameter >= theme.px(LARGE)
        self.value.setFont(theme.mono_font(20 if large else 16))
        self.slope.setFont(theme.mono_font(12))
        self.start.setFont(theme.mono_font(12))

    def _connect(self) -> None:
        bench, knob = self._bench, self.knob
        knob.explanation_asked.connect(self._explain)
        knob.pressed.connect(self._on_pressed)
        knob.turned.connect(self._on_turned)
        knob.released.connect(self._on_released)
        knob.lock_toggled.connect(self._on_locked)
        knob.scale_asked.connect(self._on_scale_asked)
        knob.hovered.connect(self._on_hovered)
        self.lock.toggled.connect(self._on_locked)
        bench.selection.changed.connect(self._show_chosen)
        bench.desk.pausing.connect(knob.finish_gesture)
        bench.desk.rewired.connect(self._show_chosen)
        bench.desk.changed.connect(self.read)
        rings.follow(bench, self.read)

    # -- which parameter ----------------------------------------------------------------------

    @property
    def index(self) -> int:
        """The parameter that is shown."""
        return self._index

    def _show_chosen(self) -> None:
        mix, index = self._bench.desk.mix, self._bench.selection.shown
        if index != self._index:
            self.knob.finish_gesture()  # the hand was on another
            self.knob.glide = False
        self._index = index
        parameter = mix.network.parameters[index]
        self._place = place(mix.problem, parameter)
        name = standard_name(mix.network, parameter)
        self.knob.set_name(f"chosen {name}")
        self._named = f"{name} · {self._place}"
        self._explain()
        self.lock.setAccessibleName(f"lock {name}")
        self.title.setToolTip(f"{name} · {self._place}")
        self._elide()
        self.knob.set_lit(self._bench.selection.hovered == index)
        self._read(glide=False)

    def _explain(self) -> None:
        """The tooltip: its name and place, and why the next step may go against the arrow."""
        why = why_against(self._bench, self._index) if self.isVisible() else ""
        self.knob.setToolTip(f"{self._named}\n{why[0].upper()}{why[1:]}" if why else self._named)

    def _elide(self) -> None:
        metrics = self.title.fontMetrics()
        room = self.title.width()
        self.title.setText(metrics.elidedText(self._place, Qt.TextElideMode.ElideRight, room))

    # -- the hand -----------------------------------------------------------------------------

    def _on_pressed(self) -> None:
        self._grip.take(self._index)

    def _on_turned(self, value: float) -> None:
        self._grip.turn(self._index, value)

    def _on_released(self) -> None:
        self._grip.release(self._index)

    def _on_locked(self, locked: bool) -> None:
        self._grip.lock(self._index, locked)

    def _on_scale_asked(self, scale: float) -> None:
        self._bench.desk.set_scale(self._index, scale)

    def _on_hovered(self, inside: bool) -> None:
        self._bench.selection.hover(self._index if inside else None)

    # -- the desk -----------------------------------------------------------------------------

    def read(self) -> None:
        """Show everything as the desk has it, where it can be seen."""
        if not self.visibleRegion().isEmpty():
            self._read(glide=glides(self._bench))

    def _read(self, *, glide: bool) -> None:
        desk, index, knob = self._bench.desk, self._index, self.knob
        mix = desk.mix
        if index >= mix.network.parameter_count:
            return  # about to show another
        if knob.is_held and index not in desk.touched:
            knob.finish_gesture()  # the mix was changed under the hand: undo, a new file
        knob.glide, knob.glide_time = glide, rings.glide_time(self._bench, GLIDE_MILLISECONDS)
        scale, value = float(mix.scales[index]), float(mix.parameters[index])
        knob.set_scale(-scale, scale)
        knob.set_initial(float(mix.initial[index]))
        knob.set_value(value)
        if glide:
            self._bench.clock.move(knob)
        locked = bool(mix.locked[index])
        if knob.locked != locked or self.lock.isChecked() != locked or self.lock.icon().isNull():
            self._show_lock(locked)
        self.value.setText(fixed(value, scale))
        self.start.setText(f"start {fixed(knob.initial, scale)}")
        self._read_guidance(value)
        knob.set_groove(groove(self._bench, index))

    def _show_lock(self, locked: bool) -> None:
        self.knob.set_locked(locked)
        self.lock.blockSignals(True)
        self.lock.setChecked(locked)
        self.lock.blockSignals(False)
        self.lock.setIcon(lock_icon(locked))

    def _read_guidance(self, value: float) -> None:
        bench, index = self._bench, self._index
        if not rings.has_ring(bench, index):
            self.knob.set_slope(0)
            self.knob.set_ghost(None)
            self._write_slope(" ")
            return
        slope = float(bench.readings.shown_slopes[index])
        strength = float(bench.readings.strength[index])
        self.knob.set_slope(-1 if slope > 0 else 1, strength, visible=strength > 0.0)
        landing = float(bench.readings.next_parameters[index])
        free = bench.desk.free[index] and rings.has_ghosts(bench)
        self.knob.set_ghost(landing if free else None)
        way = direction(slope if strength > 0.0 else 0.0)
        what = rings.what(bench)
        gap = " " if what == "slope" else "\n"
        self._write_slope(f"{what}{gap}{short(slope, 3)} {way}")

    def _write_slope(self, text: str) -> None:
        tip = (
            f"How {rings.whose_loss(self._bench)} changes per unit of this knob with the others"
            " held, and which way to turn for a lower loss. It does not point at the answer"
        )
        if self.slope.toolTip() != tip:
            self.slope.setToolTip(tip)
        lines = self.slope.text().count("\n")
        self.slope.setText(text)
        if text.count("\n") != lines:
            self._hold_numbers()

    def let_go(self) -> None:
        """The panel is about to go: nothing may move its knob or hold it any more."""
        self.knob.finish_gesture()
        self._bench.clock.drop(self.knob)

    # -- its size -----------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        fitting = (
            size
            for size, height, width in SIZES
            if self.height() >= theme.px(height) and self.width() >= theme.px(width)
        )
        diameter = theme.px(next(fitting, SMALL))
        if diameter != self.knob.diameter:
            self.knob.set_diameter(diameter)
            self._fonts()
        self._hold_numbers()
        self._elide()

    def _hold_numbers(self) -> None:
        # Of fixed size, they change in every frame without the window being laid out anew.
        # The layout's own rectangle is not known before it has been laid out once.
        room = max(self.contentsRect().marginsRemoved(self._box.contentsMargins()).width(), 0)
        for label in (self.value, self.slope):
            lines = 1 + label.text().count("\n")
            label.setFixedSize(room, lines * label.fontMetrics().height())

    def sizeHint(self) -> QSize:
        return QSize(theme.px(LARGE + 64), theme.px(ROOM_FOR_LARGE + 10))

    def minimumSizeHint(self) -> QSize:
        # The dial gives way before anything else does.
        height = super().minimumSizeHint().height() - self.knob.diameter + theme.px(SMALL)
        return QSize(theme.px(176), height)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "lock"):
            self._fonts()
            self._fit()
            self._show_lock(self.lock.isChecked())

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._read(glide=False)
