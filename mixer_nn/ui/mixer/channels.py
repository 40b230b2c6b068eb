"""The channels of a network's panel: feeds meters, lamps and thumbnails, and what is heard."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPoint, Qt

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.unit_statistics import MOSTLY, UnitStatistics
from mixer_nn.session.mix import Mix
from mixer_nn.state.listening import Neuron
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.meter import Meter
from mixer_nn.ui.mixer.channel_menu import ChannelMenu
from mixer_nn.ui.mixer.channel_view import ChannelView
from mixer_nn.ui.mixer.thumbnails import Pictures, Thumbnail
from mixer_nn.ui.monitors.live_view import MOST_FRAMES_BEHIND

if TYPE_CHECKING:
    from mixer_nn.ui.mixer.layer_matrix import LayerMatrix
    from mixer_nn.ui.mixer.network_panel import NetworkPanel


class FullScales:
    """What |activation| counts as 1 on the meters of each layer.

    1 where an activation is bounded. Elsewhere the next 1, 2 or 5 times a power of ten above the
    highest peak of this run: it only grows, so that a meter does not jump to and fro.
    """

    def __init__(self) -> None:
        self._of: tuple[object, ...] = ()
        self._full: list[float] = []

    def take(self, mix: Mix, levels: list[UnitStatistics]) -> list[float]:
        """The full scale of every layer, after these levels."""
        network = mix.network
        of = (network.sizes, network.activations, mix.run)
        if of != self._of:
            self._of, self._full = of, [1.0] * len(levels)
        for index, (name, layer) in enumerate(zip(network.activations, levels, strict=True)):
            peak = float(layer.peak.max())
            if not ACTIVATIONS[name].bounded and math.isfinite(peak) and peak > self._full[index]:
                self._full[index] = _above(peak)
        return self._full


FEEDING = 2
"""Frames of a run from one feeding of the meters to the next."""


class Channels(QObject):
    """Everything of the panel's channels that follows the desk, besides the knobs.

    Meters are fed in every frame, of a run in every other; thumbnails are at most four frames late
    while Auto-mix runs, in the frames in which another view has worked out the field anyhow. Out of
    sight nothing is read.
    """

    def __init__(self, bench: Bench, panel: NetworkPanel) -> None:
        super().__init__(panel)
        self._bench, self._panel = bench, panel
        self._scales = FullScales()
        self._pictures = Pictures()
        self._frames_behind = 0
        self._pictures_wanted = self._are_behind = False
        self._fed_at = 0
        self._pointed: Neuron | None = None
        self.view: ChannelView | None = None
        bench.clock.ticked.connect(self._on_ticked)
        bench.automix.changed.connect(self._catch_up)
        bench.listening.changed.connect(self._on_listening)
        bench.slow_motion.changed.connect(self._show_lights)
        bench.slow_motion.swept.connect(self._show_lights)
        bench.selection.changed.connect(self._on_selection)

    def rewire(self) -> None:
        """The layers stand for another network."""
        self._show_silent()
        self.look_again()

    def let_go(self) -> None:
        """The panel is about to go: nothing may move its meters any more."""
        self._bench.clock.drop(self)

    @property
    def _in_sight(self) -> list[LayerMatrix]:
        return [matrix for matrix in self._panel.layers if matrix.board.is_in_sight]

    # -- meters and lamps ---------------------------------------------------------------------

    def follow(self) -> None:
        """Follow the mix; while it runs by itself meters get a new level in every other frame."""
        automix = self._bench.automix
        by_itself = automix.moving and not self._bench.desk.touched
        self._are_behind = by_itself and 0 <= automix.frames - self._fed_at < FEEDING
        if not self._are_behind:
            self.read()

    def _catch_up(self) -> None:
        """Auto-mix has started or stopped: what lagged behind is shown as it is."""
        if self._are_behind:
            self.read()
        self._on_ticked()

    def read(self) -> None:
        """Feed the meters that can be seen; the thumbnails follow at the end of the frame."""
        frames = self._bench.automix.frames
        self._are_behind, self._fed_at = False, frames - frames % FEEDING
        matrices = self._in_sight
        if not matrices or not self._panel.bank.is_wired:
            return
        readings, mix = self._bench.readings, self._bench.desk.mix
        levels = readings.levels
        full = self._scales.take(mix, levels)
        for matrix in matrices:
            layer, scale = levels[matrix.layer - 1], full[matrix.layer - 1]
            name = mix.network.activations[matrix.layer - 1]
            means, peaks = (layer.mean / scale).tolist(), (layer.peak / scale).tolist()
            lamps = zip(layer.saturated.tolist(), layer.dead.tolist(), strict=True)
            for foot, mean, peak, lamp in zip(matrix.feet, means, peaks, lamps, strict=True):
                foot.meter.set_level(mean, peak)
                _set_lamp(foot.meter, *lamp, name, scale)
        self._bench.clock.move(self)
        self._pictures_wanted = True

    def feed(self, meter: Meter, layer: int, neuron: int) -> None:
        """Feed the meter of one channel, both counted from 1."""
        levels, mix = self._bench.readings.levels, self._bench.desk.mix
        scale = self._scales.take(mix, levels)[layer - 1]
        unit, index = levels[layer - 1], neuron - 1
        meter.set_level(float(unit.mean[index]) / scale, float(unit.peak[index]) / scale)
        name = mix.network.activations[layer - 1]
        _set_lamp(meter, bool(unit.saturated[index]), bool(unit.dead[index]), name, scale)

    def advance(self, milliseconds: float) -> bool:
        """Let the meters in sight fall by a frame; True while any has a way to go."""
        meters = [foot.meter for matrix in self._in_sight for foot in matrix.feet]
        if self._bench.preferences.reduced_motion:
            for meter in meters:
                meter.settle()
            return False
        moving = [meter.advance(milliseconds) for meter in meters]
        return any(moving)

    # -- thumbnails ---------------------------------------------------------------------------

    def look_again(self) -> None:
        """Something has come into sight: show it as it stands."""
        self.read()
        self._draw()

    def _on_ticked(self) -> None:
        self._frames_behind += 1
        if self._pictures_wanted and self.are_pictures_due():
            self._draw()

    def are_pictures_due(self) -> bool:
        """Whether to draw what neurons compute in this frame."""
        bench = self._bench
        by_itself = bench.automix.playing and not bench.desk.touched
        late = self._frames_behind >= MOST_FRAMES_BEHIND
        return not by_itself or late or bench.readings.field_is_known

    def _draw(self) -> None:
        self._pictures_wanted, self._frames_behind = False, 0
        view = self.view
        if view is not None and view.is_wired and view.isVisible():
            self.draw([view.thumbnail], view.layer, slice(view.neuron - 1, view.neuron))
        for matrix in self._in_sight:
            if matrix.has_pictures and self._panel.bank.is_wired:
                self.draw([foot.thumbnail for foot in matrix.feet], matrix.layer, slice(None))

    def draw(self, thumbnails: list[Thumbnail], layer: int, neurons: slice) -> None:
        """Draw what some neurons of a layer, from 1, make of the input."""
        readings, mix = self._bench.readings, self._bench.desk.mix
        scale = self._scales.take(mix, readings.levels)[layer - 1]
        units = readings.field()[layer - 1][neurons]
        self._pictures.show(thumbnails, units, readings.grid.counts, scale)
        text = _what_is_drawn(mix, readings.grid.axes, scale)
        for thumbnail in thumbnails:
            thumbnail.explain(text)

    # -- what is heard ------------------------------------------------------------------------

    def _on_listening(self) -> None:
        self._show_silent()
        self.look_again()
        if self.view is not None:
            self.view.read()

    def _show_silent(self) -> None:
        for matrix in self._panel.layers:
            for foot in matrix.feet:
                foot.read()
        self._show_lights()

    def _on_selection(self) -> None:
        if self._bench.selection.pointed != self._pointed:
            self._pointed = self._bench.selection.pointed
            self._show_lights()

    def _show_lights(self) -> None:
        """Dim what is silent, and what a slow step has not reached; frame what it is about.

        So is what a formula points at.
        """
        listening, slow = self._bench.listening, self._bench.slow_motion
        for matrix in self._panel.layers:
            dim, lit = [], set()
            for column, foot in enumerate(matrix.feet):
                at = (foot.layer, foot.neuron)
                away = not slow.is_reached(*at)
                foot.meter.set_faded(away)
                foot.thumbnail.set_faded(away)
                dim.append(away or listening.silent(*at))
                if slow.is_lit(*at) or at == self._pointed:
                    lit.add(column)
            matrix.board.set_dimmed(np.array(dim, dtype=np.bool_) if any(dim) else None)
            matrix.light_columns(frozenset(lit))
            layer, number = self._pointed or (None, 0)
            matrix.light_row(number - 1 if layer == 0 and matrix.layer == 1 else None)

    # -- the menu, and a channel by itself ----------------------------------------------------

    def show_menu(self, layer: int, neuron: int, place: QPoint) -> None:
        """Open the menu of a channel, counted from 1, at a place on the screen."""
        menu = ChannelMenu(self._bench, layer, neuron, self._panel)
        menu.large_asked.connect(self.open_large)
        menu.popup(place)

    def open_large(self, layer: int, neuron: int) -> None:
        """Show a channel by itself, beside the window; one at a time."""
        if self.view is None:
            self.view = ChannelView(self._bench, self, self._panel.window())
        self.view.show_channel(layer, neuron)
        self.view.show()
        self.view.raise_()
        self.view.activateWindow()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._draw()


def _above(peak: float) -> float:
    """The least of 1, 2 or 5 times a power of ten that is not below `peak`."""
    power = 10.0 ** math.floor(math.log10(peak))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= peak)


def _set_lamp(meter: Meter, saturated: bool, dead: bool, name: str, scale: float) -> None:
    if dead:
        state = (
            "Dead: it is 0 for every row, so that no slope reaches its knobs and Auto-mix does not"
            " bring it back; turn its bias by hand\n"
        )
    elif saturated:
        state = (
            f"Saturated: more than {MOSTLY:.0%} of the rows lie where {name} is flat, and turning"
            " its knobs a little changes next to nothing\n"
        )
    else:
        state = ""
    text = f"{state}Activity |a| over the rows: bar mean, line peak; full scale {scale:g}"
    if meter.lamp != bool(state) or meter.toolTip() != text:
        meter.set_lamp(bool(state), text)


def _what_is_drawn(mix: Mix, axes: tuple[int, ...], scale: float) -> str:
    names = [mix.dataset.input_columns[axis].title for axis in axes]
    full = f"{scale:g}"
    if len(axes) == 1:
        return f"What the neuron computes over {names[0]}; from −{full} at the foot to {full}"
    others = "; other inputs at their median" if mix.dataset.inputs.shape[1] > len(axes) else ""
    return (
        f"What the neuron computes over {names[0]} (across) and {names[1]} (up): blue to {full},"
        f" orange to −{full}{others}"
    )
