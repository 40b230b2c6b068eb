"""The network: a button in the header that says what it is, and a panel to build it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import groupby

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.errors import MixError
from mixer_nn.core.features import FEATURES
from mixer_nn.core.limits import MOST_LAYERS
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.network import Network
from mixer_nn.core.problem import Problem
from mixer_nn.ui import network_builder, theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.popups import place_by

PRESETS: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("1 neuron", ()),
    ("4", (4,)),
    ("8 → 8", (8, 8)),
    ("6 × 8", (8,) * 6),
)
"""Hidden layers that are one press away."""


def describe(problem: Problem) -> str:
    """``1 neuron · linear · MSE``, or ``2 → 6 → 4 → 1 · binary cross-entropy``.

    Three equal layers or more in a row are written as one: ``2 → 8×6 → 1``.
    """
    network, loss = problem.network, LOSSES[problem.loss_name]
    short = loss.key.upper() if loss.key in ("mse", "mae") else loss.title
    if network.is_linear_neuron:
        return f"1 neuron · linear · {short}"
    parts: list[str] = []
    for size, layers in groupby(network.sizes):
        count = len(list(layers))
        parts += [f"{size}×{count}"] if count > 2 else [str(size)] * count
    return f"{' → '.join(parts)} · {short}"


class LayerRow(QObject):
    """One hidden layer in the panel: fewer, more, its activation."""

    resized = Signal(int, int)
    activation_chosen = Signal(int, str)

    def __init__(self, number: int, parent: QWidget, grid: QGridLayout) -> None:
        super().__init__(parent)
        self._number = number
        name = f"layer {number}"
        self.title = QLabel(name.capitalize(), parent)
        self.fewer = self._button("−", f"fewerNeurons{number}", f"A neuron less in {name}", parent)
        self.count = QLabel(parent)
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.more = self._button("+", f"moreNeurons{number}", f"A neuron more in {name}", parent)
        self.activation = QComboBox(parent)
        self.activation.setObjectName(f"activation{number}")
        self.activation.setAccessibleName(f"activation of {name}")
        for activation in ACTIVATIONS.values():
            self.activation.addItem(f"{activation.title}   {activation.formula}", activation.key)
        for column, widget in enumerate(self.widgets):
            grid.addWidget(widget, number, column)
        self.fewer.clicked.connect(self._on_fewer)
        self.more.clicked.connect(self._on_more)
        self.activation.activated.connect(self._on_activation)

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """Everything in the row, from left to right."""
        return (self.title, self.fewer, self.count, self.more, self.activation)

    def _button(self, text: str, name: str, tip: str, parent: QWidget) -> QToolButton:
        button = QToolButton(parent)
        button.setText(text)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button

    def _on_fewer(self) -> None:
        self.resized.emit(self._number, -1)

    def _on_more(self) -> None:
        self.resized.emit(self._number, 1)

    def _on_activation(self, index: int) -> None:
        self.activation_chosen.emit(self._number, self.activation.itemData(index))

    def read(self, network: Network) -> None:
        """Show the layer as it is; hidden where the network has fewer."""
        there = self._number < len(network.sizes) - 1
        for widget in self.widgets:
            widget.setVisible(there)
        if there:
            neurons = network.sizes[self._number]
            self.count.setText(str(neurons))
            self.fewer.setEnabled(neurons > 1)
            name = network.activations[self._number - 1]
            self.activation.setCurrentIndex(list(ACTIVATIONS).index(name))


class NetworkPanelPopup(QFrame):
    """Layers, activations, loss and extra features; every change is one step of undo."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("networkPanelPopup")
        self.setProperty("panel", "true")
        self._bench = bench
        box = QVBoxLayout(self)
        box.setContentsMargins(*[theme.px(14)] * 4)
        box.setSpacing(theme.px(8))
        box.addLayout(self._make_presets())
        self._grid = QGridLayout()
        self._rows = [LayerRow(n, self, self._grid) for n in range(1, MOST_LAYERS + 1)]
        for row in self._rows:
            row.resized.connect(self._on_resized)
            row.activation_chosen.connect(self._on_activation)
        box.addLayout(self._grid)
        box.addLayout(self._make_layer_buttons())
        self.loss = QComboBox(self)
        self.loss.setObjectName("lossFunction")
        self.loss.setAccessibleName("loss")
        self.loss.setToolTip("What is lowered; the sensible one comes with the data")
        self.loss.activated.connect(self._on_loss)
        box.addWidget(self._caption("Loss"))
        box.addWidget(self.loss)
        self._features_caption = self._caption("Extra features of the two inputs")
        box.addWidget(self._features_caption)
        box.addLayout(self._make_features())
        self.problem = QLabel(self)
        self.problem.setObjectName("networkProblem")
        self.problem.setProperty("kind", "danger")
        self.problem.setWordWrap(True)
        self.problem.hide()
        box.addWidget(self.problem)
        bench.desk.rewired.connect(self.read)

    def _caption(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("kind", "dim")
        return label

    def _make_presets(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self._presets: list[QPushButton] = []
        for index, (text, _) in enumerate(PRESETS):
            button = QPushButton(text, self)
            button.setObjectName(f"preset{index}")
            button.setToolTip(f"Hidden layers: {text}")
            button.clicked.connect(self._on_preset)
            self._presets.append(button)
            line.addWidget(button)
        return line

    def _make_layer_buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.add = QPushButton("+ layer", self)
        self.add.setObjectName("addLayer")
        self.add.setToolTip("A hidden layer more, before the output")
        self.add.clicked.connect(self._on_add)
        self.remove = QPushButton("− layer", self)
        self.remove.setObjectName("removeLayer")
        self.remove.setToolTip("The last hidden layer away")
        self.remove.clicked.connect(self._on_remove)
        line.addWidget(self.add)
        line.addWidget(self.remove)
        line.addStretch()
        return line

    def _make_features(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.features: dict[str, QCheckBox] = {}
        for feature in FEATURES.values():
            box = QCheckBox(feature.title, self)
            box.setObjectName(f"feature {feature.key}")
            box.setToolTip(f"Give the network {feature.title} as an input of its own")
            box.toggled.connect(self._on_features)
            self.features[feature.key] = box
            line.addWidget(box)
        return line

    # -- read ---------------------------------------------------------------------------------

    def read(self) -> None:
        """Show the network as it is."""
        problem = self._bench.desk.mix.problem
        network = problem.network
        for row in self._rows:
            row.read(network)
        layers = len(network.sizes) - 2
        self.remove.setEnabled(layers > 0)
        self._read_losses(problem)
        two = problem.dataset.inputs.shape[1] == 2
        self._features_caption.setVisible(two)
        for key, box in self.features.items():
            box.setVisible(two)
            box.blockSignals(True)
            box.setChecked(key in problem.features)
            box.blockSignals(False)
        self.problem.hide()
        self.adjustSize()

    def _read_losses(self, problem: Problem) -> None:
        fitting = [loss for loss in LOSSES.values() if problem.dataset.kind in loss.kinds]
        self.loss.clear()
        for loss in fitting:
            self.loss.addItem(f"{loss.title}   {loss.formula}", loss.key)
        self.loss.setCurrentIndex([loss.key for loss in fitting].index(problem.loss_name))

    # -- changes ------------------------------------------------------------------------------

    def _try(self, change: Callable[[], None]) -> None:
        """Change the network, or say in a sentence why that cannot be."""
        try:
            change()
        except MixError as error:
            self.read()
            self.problem.setText(str(error))
            self.problem.show()
            self.adjustSize()

    def _on_preset(self) -> None:
        sender, desk = self.sender(), self._bench.desk
        for button, (text, hidden) in zip(self._presets, PRESETS, strict=True):
            if button is sender:
                change = partial(network_builder.set_hidden, desk, hidden, f"network: {text}")
                self._try(change)

    def _on_resized(self, number: int, by: int) -> None:
        self._try(partial(network_builder.resize_layer, self._bench.desk, number, by))

    def _on_add(self) -> None:
        self._try(partial(network_builder.add_layer, self._bench.desk))

    def _on_remove(self) -> None:
        self._try(partial(network_builder.remove_layer, self._bench.desk))

    def _on_activation(self, number: int, name: str) -> None:
        network_builder.set_activation(self._bench.desk, number, name)

    def _on_loss(self, index: int) -> None:
        desk = self._bench.desk
        name = str(self.loss.itemData(index))
        if name != desk.mix.problem.loss_name:
            changed = replace(desk.mix.problem, loss_name=name)
            desk.set_problem(changed, f"loss: {LOSSES[name].title}")
            desk.flush()

    def _on_features(self) -> None:
        chosen = tuple(key for key, box in self.features.items() if box.isChecked())
        self._try(partial(self._take_features, chosen))

    def _take_features(self, chosen: tuple[str, ...]) -> None:
        desk = self._bench.desk
        changed = network_builder.with_features(desk.mix.problem, chosen)
        network_builder.rewire(desk, changed, "extra features")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._presets[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)


class NetworkChooser(QToolButton):
    """Says what the network is; a press opens the panel to change it."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network")
        self.setToolTip("The network and its loss: layers, neurons, activations, features")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._bench = bench
        self.panel = NetworkPanelPopup(bench, self)
        self.clicked.connect(self.open)
        bench.desk.rewired.connect(self.read)
        self.read()

    def read(self) -> None:
        """Show what the network is."""
        text = describe(self._bench.desk.mix.problem)
        self.setText(text)
        self.setAccessibleName(f"network: {text}")

    def open(self) -> None:
        """Open the panel under the button."""
        self.panel.read()
        place_by(self.panel, self, left_in_line=True)
        self.panel.show()
        # The first time it has its whole size only when it is shown.
        place_by(self.panel, self, left_in_line=True)
