"""The activations of a layer to choose from, each as a curve, with what comes into it now."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import FloatArray
from mixer_nn.ui import network_builder, theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.activation_card import (
    CARD_WIDTH,
    LEAST_REACH,
    MOST_REACH,
    ActivationCard,
)
from mixer_nn.ui.mixer.places import layer_title
from mixer_nn.ui.mixer.wording import fixed_output
from mixer_nn.ui.numbers import short
from mixer_nn.ui.popups import place_by
from mixer_nn.ui.writing import heading_font

COLUMNS = 3


class ActivationMenu(QFrame):
    """A small panel under the head of a layer; choosing is one step of undo.

    The output layer stays linear, and the panel says why: a loss over classes takes logits, and
    only with a linear last layer can scaled parameters be converted to data units and back.
    """

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("activationMenu")
        self.setProperty("panel", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._bench = bench
        self._layer = 1
        self._reach = LEAST_REACH
        box = QVBoxLayout(self)
        box.setContentsMargins(*[theme.px(14)] * 4)
        box.setSpacing(theme.px(8))
        box.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        self.heading = QLabel(self)
        self.heading.setProperty("kind", "heading")
        self.heading.setFont(heading_font())
        self.sentence = QLabel(self)
        self.sentence.setObjectName("activationSentence")
        self.sentence.setWordWrap(True)
        self.sentence.setFixedWidth(COLUMNS * theme.px(CARD_WIDTH) + 2 * theme.px(8))
        self.range = QLabel(self)
        self.range.setObjectName("activationRange")
        self.range.setProperty("kind", "dim")
        grid = QGridLayout()
        grid.setSpacing(theme.px(8))
        grid.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.cards = {key: ActivationCard(each, self) for key, each in ACTIVATIONS.items()}
        for place, card in enumerate(self.cards.values()):
            card.clicked.connect(self._on_chosen)
            grid.addWidget(card, place // COLUMNS, place % COLUMNS)
        for part in (self.heading, self.sentence):
            box.addWidget(part)
        box.addLayout(grid)
        box.addWidget(self.range)
        bench.desk.rewired.connect(self._on_rewired)
        bench.desk.changed.connect(self._on_changed)

    @property
    def layer(self) -> int:
        """The layer it is open for, from 1."""
        return self._layer

    @property
    def is_output(self) -> bool:
        """Whether that is the last, whose activation stays."""
        return self._layer == len(self._bench.desk.mix.network.activations)

    def open(self, layer: int, anchor: QWidget) -> None:
        """Show the activations of a layer, from 1, under the button that asked."""
        self._layer = layer
        self._reach = min(max(LEAST_REACH, float(np.abs(self._quartiles()).max())), MOST_REACH)
        self.read()
        place_by(self, anchor)
        self.show()
        first: QWidget = self if self.is_output else self._present()
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _present(self) -> ActivationCard:
        return self.cards[self._bench.desk.mix.network.activations[self._layer - 1]]

    def _quartiles(self) -> FloatArray:
        """Least, quarters and largest of the layer's weighted sums over the shown rows."""
        readings, problem = self._bench.readings, self._bench.desk.mix.problem
        rows = problem.dataset.inputs[readings.shown_rows]
        with np.errstate(all="ignore"):
            sums, _ = problem.network.forward(readings.heard, problem.network_inputs(rows))
            found = np.percentile(sums[self._layer - 1], [0.0, 25.0, 75.0, 100.0])
        return np.asarray(np.nan_to_num(found))

    def read(self) -> None:
        """Show which one it is, and what comes into it."""
        problem = self._bench.desk.mix.problem
        present, fixed = self._present(), self.is_output
        self.heading.setText(f"ACTIVATION · {layer_title(problem.network, self._layer)}")
        self.sentence.setText(fixed_output(problem) if fixed else "")
        self.sentence.setVisible(fixed)
        for card in self.cards.values():
            card.setChecked(card is present)
            card.setVisible(card is present or not fixed)
            card.setEnabled(not fixed)
            card.reach = self._reach
            card.quartiles = None
        self._read_range()
        layout = self.layout()
        if layout is not None:
            layout.activate()  # its size follows, before it is placed

    def _read_range(self) -> None:
        quartiles = self._quartiles()
        low, quarter, three_quarters, high = (short(number, 3) for number in quartiles.tolist())
        self.range.setText(
            f"Weighted sums z now: {low} to {high}, the middle half {quarter} to {three_quarters}"
        )
        present = self._present()
        present.quartiles = quartiles
        present.update()

    # -- what happens -------------------------------------------------------------------------

    def _on_chosen(self) -> None:
        card = self.sender()
        if isinstance(card, ActivationCard):
            self.hide()
            network_builder.set_activation(self._bench.desk, self._layer, card.activation.key)

    def _on_rewired(self) -> None:
        if self._layer > len(self._bench.desk.mix.network.activations):
            self.hide()
        elif self.isVisible():
            self.read()

    def _on_changed(self) -> None:
        if self.isVisible():
            self._read_range()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
