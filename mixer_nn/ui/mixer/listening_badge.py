"""What is heard while anything is muted or soloed, and what that does to the loss."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from mixer_nn.state.listening import Neuron
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.crossfader_words import share_text
from mixer_nn.ui.monitors.live_view import Lag
from mixer_nn.ui.numbers import short

MOST_NAMED = 2


class ListeningBadge(QWidget):
    """``without n3 (layer 1): loss +0.12``, and a button that lets everything be heard again.

    Of two networks whose outputs are mixed it says how much of each.

    While it is shown, a hint in `message` gives way to it.
    """

    def __init__(self, bench: Bench, message: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench, self._message = bench, message
        self._lag = Lag(bench.desk, bench.automix)
        self.label = QLabel(self)
        self.label.setObjectName("listening")
        self.label.setToolTip(
            "Fit, meters and thumbnails show the network as it is heard; the loss, its curve and"
            " Auto-mix go on with the whole network"
        )
        self.all = QPushButton("Hear all", self)
        self.all.setObjectName("hearAll")
        self.all.setToolTip("End every mute and solo, and the mixing of outputs")
        self.all.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.all.clicked.connect(bench.listening.hear_all)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.label)
        row.addWidget(self.all)
        row.addStretch()
        self._fonts()
        self.hide()
        bench.listening.changed.connect(self._on_listening)
        bench.desk.rewired.connect(self._on_listening)
        bench.desk.changed.connect(self._on_changed)
        bench.automix.changed.connect(self._on_listening)
        bench.slow_motion.changed.connect(self._on_listening)

    def _on_listening(self) -> None:
        self._lag.expect()
        self._on_changed()

    def _on_changed(self) -> None:
        whole = self._bench.listening.is_plain
        # It takes the place of a mere hint: of both in one line, the hint would need two, and
        # the knobs would jump.
        more = self._bench.automix.outcome is not None or self._bench.slow_motion.is_on
        self._message.setVisible(whole or more)
        if whole:
            self.hide()
        elif self._lag.is_due():
            change = self._bench.readings.heard_change
            self.label.setText(
                f"{self._heard()}: loss {'+' if change >= 0.0 else ''}{short(change, 3)}"
            )
            self.show()

    def _heard(self) -> str:
        """Who is left out, or heard alone."""
        listening, sizes = self._bench.listening, self._bench.desk.mix.network.sizes
        hidden = [
            (layer, neuron)
            for layer, size in enumerate(sizes[1:-1], start=1)
            for neuron in range(1, size + 1)
        ]
        muted = [n for n in hidden if listening.is_muted(*n)]
        soloed = [n for n in hidden if listening.is_soloed(*n)]
        parts = [
            f"{word} {_named(neurons, one_layer=len(sizes) == 3)}"
            for word, neurons in (("only", soloed), ("without", muted))
            if neurons
        ]
        blend = listening.blend
        if blend is not None:
            parts.insert(0, f"outputs of A and B mixed, {share_text(blend.share)}")
        return ", ".join(parts)

    def _fonts(self) -> None:
        self.label.setFont(theme.ui_font(13))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "label"):
            self._fonts()


def _named(neurons: list[Neuron], *, one_layer: bool) -> str:
    if len(neurons) > MOST_NAMED:
        return f"{len(neurons)} neurons"
    return ", ".join(
        f"n{neuron}" if one_layer else f"n{neuron} (layer {layer})" for layer, neuron in neurons
    )
