"""The slice answers one question: what if only this knob were turned."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mixer_nn.state.slice import Slice
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.symbols import standard_name
from mixer_nn.ui.monitors import slice_words as words
from mixer_nn.ui.monitors.legend import Entry, Sample
from mixer_nn.ui.monitors.live_view import Lag, LiveView
from mixer_nn.ui.monitors.plot import Plot
from mixer_nn.ui.monitors.slice_hand import SliceHand
from mixer_nn.ui.monitors.slice_picture import SlicePicture
from mixer_nn.ui.numbers import fixed, short
from mixer_nn.ui.writing import hold, write

CAPTIONS = ("Loss along this knob, every other held", "Loss along this knob", "")
WORD_GAP = 10
ROOM_FOR_LEGEND = 190
"""Height from which there is a legend."""
LEGEND = (
    Entry("loss", "loss"),
    Entry("slope", "hint", Sample.THIN),
    Entry("after the whole step", "accent", Sample.DASHED, "after the step"),
    Entry("curvature", "dim", Sample.DASHED),
)


class SliceView(LiveView):
    """The loss along the chosen knob, with slope, curvature and what the next step does.

    A click or a drag on the plot turns the knob, and so do the arrow keys. A slice that takes
    longer than its part of a frame is coarse at first and finer in the next frames.
    """

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__("Slice", bench.desk, bench.readings, parent)
        self._bench, self._slicing = bench, bench.slicing
        self._lag = Lag(bench.desk, bench.automix, turn=1)
        self.title.hide()  # the tab says it
        self.legend.set_entries(LEGEND)
        self.plot = Plot(self)
        self.plot.setObjectName("slicePlot")
        self.plot.setAccessibleDescription("A click or a drag turns the knob; so do arrow keys")
        self.picture = SlicePicture(self.plot)
        self.hand = SliceHand(self.plot, bench, self)
        self._index = -1
        self._shown: Slice | None = None
        self._has_drawn = False
        self._begun: Callable[[], Slice] | None = None
        self._add_words()
        self.body.addWidget(self.plot)
        self.plot.hovered.connect(self._tell)
        self.plot.left.connect(self.read_out.rest)
        self.plot.area_moved.connect(self._align)
        bench.selection.changed.connect(self._follow)
        bench.automix.changed.connect(self._catch_up)
        self.refresh()

    def _add_words(self) -> None:
        self.caption, self.slope, self.step = (QLabel(self) for _ in range(3))
        self.caption.setProperty("kind", "dim")
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.slope.setProperty("kind", "hint")
        self.slope.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.slope.setObjectName("slice.slope")
        self.slope.setToolTip(
            "∂loss/∂p: how the loss over all training rows changes per unit of this knob; the"
            " straight line is the tangent. It says which way is down, not how far to go"
        )
        self.step.setObjectName("slice.step")
        self.step.setToolTip(
            "How far the next step of Auto-mix turns this knob: the mark on the axis. It turns all"
            " the others too, so the loss after it (dashed) is not on this curve"
        )
        self.words = QWidget(self)
        # However long the words, they ask for no more width than there is.
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self.words)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(WORD_GAP))
        row.addWidget(self.caption, 1)
        row.addWidget(self.slope)
        row.addWidget(self.step)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, self.words)

    # -- reading ------------------------------------------------------------------------------

    def _read(self) -> None:
        if self._bench.selection.shown != self._index:
            self._lag.expect()
        if not self._lag.is_due():
            return
        if self._bench.automix.moving and not self._desk.touched and self._shown is not None:
            # Of a run a frame works it out, and the next one draws it: neither takes too long.
            self._index = self._bench.selection.shown
            self._begun, self._has_drawn = self._slicing.begin(self._index), True
            self._bench.clock.move(self)
        else:
            self._draw()

    def _draw(self) -> None:
        self._begun = None
        self._index = self._bench.selection.shown
        self._show(self._slicing.of(self._index))

    def _show(self, found: Slice) -> None:
        index, mix = found.index, self._desk.mix
        self._shown = found
        trouble = words.trouble(found, mix.network.parameters[index])
        self.note.setText(trouble)
        self.note.setVisible(bool(trouble))
        self.plot.setVisible(found.is_known)
        self.words.setVisible(found.is_known)
        self.picture.draw(found)
        known = found.is_known
        self.hand.work_on(index if known else None, found.span, float(mix.scales[index]))
        self._write(found)
        # While the mix moves on there will be another slice before this one is finer.
        if not self._slicing.is_whole(index) and not self._bench.automix.moving:
            self._has_drawn = True
            self._bench.clock.move(self)
        if self.plot.pointer is not None:
            self._tell(*self.plot.pointer)

    def advance(self, milliseconds: float) -> bool:
        """Make a slice finer that was too much for one frame; whether there is more to come."""
        if self._has_drawn:
            self._has_drawn = False  # this frame has had its part
            return True
        begun, self._begun = self._begun, None
        if not self.is_in_sight or self._stale:
            return False
        if self._bench.automix.moving:
            if begun is not None and not self._is_for_another:
                self._show(begun())
            return False
        whole = self._slicing.go_on(self._index)
        if whole:
            self._draw()
        return not whole

    def _write(self, found: Slice) -> None:
        mix = self._desk.mix
        parameter = mix.network.parameters[found.index]
        place = words.knob_place(mix.problem, parameter)
        self._write_words()
        self._write_caption()
        sample = words.sample_words(found)
        held = f"{place} · every other knob held"
        self.read_out.set_title(
            *([f"{held} · {sample}", f"{place} · {sample}"] if sample else []), held, place
        )
        self._speak(found, place)

    def _write_words(self) -> None:
        found = self._shown
        if found is None or not found.is_known or self._is_for_another:
            return  # a slice of the network before the present one: its knob may be gone
        write(self.slope, words.slope_words(found))
        texts = words.step_words(found, self._desk.mix, self._desk.setup)
        texts = tuple(f"· {text}" for text in texts)
        metrics = self.step.fontMetrics()
        room = self.words.width() - self.slope.width() - 3 * theme.px(WORD_GAP)
        fitting = (text for text in texts if metrics.horizontalAdvance(text) <= room)
        write(self.step, next(fitting, texts[-1]))

    def _speak(self, found: Slice, place: str) -> None:
        mix = self._desk.mix
        scale = float(mix.scales[found.index])
        name = standard_name(mix.network, mix.network.parameters[found.index])
        parts = [f"Loss along {name}, {place}"]
        if found.is_known:
            parts += [f"value {fixed(found.value, scale)}", f"loss {short(found.loss)}"]
            step = words.step_words(found, mix, self._desk.setup)[0]
            parts += [words.slope_words(found), step]
            if found.after is not None:
                parts.append(f"loss after the whole step {short(found.after)}")
            parts.append(words.minimum_words(found, scale))
        else:
            parts.append(self.note.text())
        text = ", ".join(parts)
        if text != self.plot.accessibleName():
            self.plot.setAccessibleName(text)

    def _write_caption(self) -> None:
        metrics = self.caption.fontMetrics()
        others = self.slope.width() + self.step.width() + 2 * theme.px(WORD_GAP)
        room = self.words.width() - others
        fitting = (text for text in CAPTIONS if metrics.horizontalAdvance(text) <= room)
        self.caption.setText(next(fitting, ""))

    def _follow(self) -> None:
        """Another knob has been chosen; hovering alone changes nothing here."""
        if self._bench.selection.shown != self._index:
            self.look_again()

    def _catch_up(self) -> None:
        """Auto-mix has started or stopped: what lagged behind is drawn as it is."""
        if self._lag.behind or self._begun is not None:
            self.look_again()

    def _set_fonts(self) -> None:
        super()._set_fonts()
        self.caption.setFont(theme.ui_font(12))
        for figure in (self.slope, self.step):
            figure.setFont(theme.mono_font(12))

    def _dress(self) -> None:
        colours = theme.current()
        self.plot.dress(colours)
        self.picture.dress(colours)
        # Of fixed size, they change in every frame without the window being laid out anew.
        hold(self.slope, "slope −0.00000")
        hold(self.step, "· next step −0.00000 (Adam)")
        self._write_caption()

    def _align(self) -> None:
        area = self.plot.area()
        self.read_out.set_place(area.left(), self.plot.width() - area.right())
        self.look_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Where there is little height the curve needs it more than the legend.
        self.legend.setVisible(self.height() >= theme.px(ROOM_FOR_LEGEND))
        self._write_words()
        self._write_caption()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.hand.let_go()

    # -- the pointer --------------------------------------------------------------------------

    def _tell(self, x: float, _: float) -> None:
        found = self._shown
        if found is None or not found.is_known or self._is_for_another:
            return
        low, high = found.span
        x = min(max(x, low), high)
        loss = float(np.interp(x, found.values, found.losses))
        scale = float(self._desk.mix.scales[found.index])
        text = f"at {fixed(x, scale)} loss {short(loss)}"
        if found.minimum is not None:
            text += f" · {words.minimum_words(found, scale)}"
        self.read_out.tell(text)
