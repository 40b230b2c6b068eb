"""A channel by itself, large: its knobs with the names of their sources, meter and picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCloseEvent, QFont, QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.meter import Meter
from mixer_nn.ui.mixer import rings
from mixer_nn.ui.mixer.channel_foot import ChannelButton
from mixer_nn.ui.mixer.knob_term import KnobTerm
from mixer_nn.ui.mixer.places import layer_title, sources
from mixer_nn.ui.mixer.thumbnails import Thumbnail
from mixer_nn.ui.writing import set_kind

if TYPE_CHECKING:
    from mixer_nn.ui.mixer.channels import Channels

PICTURE, DIAMETER = 220, 72
WIDE = 136
"""Pixels that a knob takes with its words and the gap beside it."""
_FEW = 6
"""Knobs up to which there are three in a line; above, six."""


class ChannelView(QDialog):
    """Follows the desk while it is shown, and lets go of everything when it is not.

    A tool of the window: the keys of the program hold in it too.
    """

    def __init__(self, bench: Bench, channels: Channels, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setObjectName("channelView")
        self._bench, self._channels = bench, channels
        self.layer = self.neuron = 1
        self.terms: list[KnobTerm] = []
        self._network = bench.desk.mix.network
        self._make()
        self._lay_out()
        bench.desk.changed.connect(self.read)
        rings.follow(bench, self.read)
        bench.slow_motion.swept.connect(self._light)
        bench.desk.rewired.connect(self._on_rewired)

    def _make(self) -> None:
        self.title, self.activation = QLabel(self), QLabel(self)
        self.activation.setProperty("kind", "dim")
        self.thumbnail, self.meter = Thumbnail(self), Meter(self)
        self.thumbnail.setFixedSize(theme.px(PICTURE), theme.px(PICTURE))
        self.thumbnail.setObjectName("channelView.thumbnail")
        self.meter.setObjectName("channelView.meter")
        self.mute = ChannelButton("M", "danger", self)
        self.solo = ChannelButton("S", "accent_fill", self)
        self.mute.setObjectName("channelView.mute")
        self.solo.setObjectName("channelView.solo")
        self.mute.setToolTip("Mute: hear the network without this neuron; training goes on with it")
        self.solo.setToolTip("Solo: hear only this neuron of its layer; training is not changed")
        self.mute.setAccessibleName("mute this neuron")
        self.solo.setAccessibleName("solo this neuron")
        self.mute.toggled.connect(self._on_muted)
        self.solo.toggled.connect(self._on_soloed)

    def _lay_out(self) -> None:
        aside = QVBoxLayout()
        aside.setSpacing(theme.px(8))
        line = QHBoxLayout()
        line.addWidget(self.title)
        line.addStretch()
        line.addWidget(self.activation)
        aside.addLayout(line)
        aside.addWidget(self.thumbnail)
        foot = QHBoxLayout()
        foot.addWidget(self.meter, 1)
        foot.addWidget(self.mute)
        foot.addWidget(self.solo)
        aside.addLayout(foot)
        aside.addStretch()
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(*(theme.px(14),) * 4)
        row.setSpacing(theme.px(18))
        row.addLayout(aside)
        row.addWidget(self._area, 1)

    # -- which channel ------------------------------------------------------------------------

    def show_channel(self, layer: int, neuron: int) -> None:
        """Show another channel, both counted from 1."""
        self.let_go()
        self.layer, self.neuron = layer, neuron
        mix = self._bench.desk.mix
        self._network = mix.network
        name = f"{layer_title(mix.network, layer)} · neuron {neuron}"
        self.setWindowTitle(name)
        self.title.setText(name)
        self.title.setFont(theme.ui_font(12, QFont.Weight.DemiBold))
        self.activation.setText(mix.network.activations[layer - 1])
        self.activation.setFont(theme.mono_font(12))
        hidden = layer < len(mix.network.sizes) - 1
        self.mute.setVisible(hidden)
        self.solo.setVisible(hidden)
        self._make_terms()
        self._read()

    def _make_terms(self) -> None:
        mix = self._bench.desk.mix
        sheet = QWidget()
        grid = QGridLayout(sheet)
        grid.setSpacing(theme.px(10))
        rows = sources(mix.problem, self.layer)
        wanted = [
            p for p in mix.network.parameters if (p.layer, p.neuron) == (self.layer, self.neuron)
        ]
        edge = theme.px(28 + 18 + 16)
        room = self.screen().availableGeometry().size() * 0.9
        most = (room.width() - edge - theme.px(PICTURE)) // theme.px(WIDE)
        columns = min(max(most, 2), 3 if len(wanted) <= _FEW else 6)
        for place, (parameter, row) in enumerate(zip(wanted, rows, strict=True)):
            term = KnobTerm(self._bench, parameter, sheet)
            # The board's knob has the parameter's name already.
            term.knob.setObjectName(f"channelView.{parameter.id}")
            term.lock.setObjectName(f"channelView.{parameter.id}.lock")
            term.name.setText("b (bias)" if parameter.source is None else f"from {row.name}")
            term.set_size(theme.px(DIAMETER), beside=False, named=True)
            grid.addWidget(term, *divmod(place, columns), Qt.AlignmentFlag.AlignTop)
            self.terms.append(term)
        grid.setRowStretch(grid.rowCount(), 1)
        self._area.setWidget(sheet)
        wide, tall = sheet.sizeHint().width(), sheet.sizeHint().height()
        self._area.setMinimumWidth(min(wide, room.width() - edge - theme.px(PICTURE)))
        self.resize(
            min(wide + edge + theme.px(PICTURE), room.width()),
            min(max(tall + theme.px(34), theme.px(PICTURE + 90)), room.height()),
        )

    @property
    def is_wired(self) -> bool:
        """Whether it stands for a neuron of the network that is on the desk by now."""
        return self._network == self._bench.desk.mix.network

    def _on_rewired(self) -> None:
        """Stay with the neuron where there still is one."""
        sizes = self._bench.desk.mix.network.sizes
        if not self.isVisible():
            return
        if self.layer < len(sizes) and self.neuron <= sizes[self.layer] and sizes[1:] != (1,):
            self.show_channel(self.layer, self.neuron)
        else:
            self.close()

    # -- the desk -----------------------------------------------------------------------------

    def read(self) -> None:
        """Show the channel as it stands, while it is shown."""
        if self.isVisible() and self.is_wired:
            self._read()

    def _light(self) -> None:
        lit = self._bench.slow_motion.is_lit(self.layer, self.neuron)
        set_kind(self.title, "accent" if lit else "")

    def _read(self) -> None:
        self._light()
        for term in self.terms:
            term.read()
        self._channels.feed(self.meter, self.layer, self.neuron)
        self._bench.clock.move(self.meter)
        listening = self._bench.listening
        for button, on in (
            (self.mute, listening.is_muted(self.layer, self.neuron)),
            (self.solo, listening.is_soloed(self.layer, self.neuron)),
        ):
            button.blockSignals(True)
            button.setChecked(on)
            button.blockSignals(False)
            button.update()

    def _on_muted(self, muted: bool) -> None:
        self._bench.listening.mute(self.layer, self.neuron, muted)

    def _on_soloed(self, soloed: bool) -> None:
        self._bench.listening.solo(self.layer, self.neuron, soloed)

    # -- coming and going ---------------------------------------------------------------------

    def let_go(self) -> None:
        """Nothing may move its knobs or hold them any more; they go."""
        self._bench.clock.drop(self.meter)
        for term in self.terms:
            term.let_go()
        self.terms = []
        sheet = self._area.takeWidget()
        if sheet is not None:
            sheet.deleteLater()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.let_go()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.let_go()

    def event(self, event: QEvent) -> bool:
        # As in the window: a button reached by Tab is pressed by the space bar.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and isinstance(QApplication.focusWidget(), QAbstractButton)
        ):
            event.accept()
            return True
        return super().event(event)
