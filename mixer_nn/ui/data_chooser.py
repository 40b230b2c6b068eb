"""Which data: the box in the header, and how much noise, how many points, how many held out."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QToolButton,
    QWidget,
)

from mixer_nn.core.dataset import Dataset
from mixer_nn.core.losses import LOSSES, USUAL
from mixer_nn.core.seeds import Stream, stream
from mixer_nn.data.shipped import SHIPPED, load_shipped
from mixer_nn.data.synthetic import MAX_NOISE, MAX_POINTS, MIN_POINTS, SYNTHETIC, make, remake
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.choice_box import ChoiceBox
from mixer_nn.ui.network_builder import put_data
from mixer_nn.ui.numbers import count, counted

OWN = "own table"


def title(dataset: Dataset) -> str:
    """``Noisy line · 40 points`` for made-up data, ``… · 50 rows`` for measured ones."""
    thing = "point" if dataset.recipe else "row"
    return f"{dataset.name} · {counted(dataset.rows, thing)}"


class DataOptions(QFrame):
    """A small panel that opens under its button: noise, points, seed, rows held out."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("dataOptionsPanel")
        self.setProperty("panel", "true")
        self._bench = bench
        form = QFormLayout(self)
        form.setContentsMargins(*[theme.px(14)] * 4)
        self.heading = QLabel(self)
        self.heading.setWordWrap(True)
        self.heading.setProperty("kind", "dim")
        form.addRow(self.heading)
        self.noise = QDoubleSpinBox(self)
        self.noise.setRange(0.0, MAX_NOISE)
        self.noise.setSingleStep(0.05)
        self.noise.setDecimals(3)
        self.points = QSpinBox(self)
        self.points.setRange(MIN_POINTS, MAX_POINTS)
        self.points.setSingleStep(10)
        self.seed = QSpinBox(self)
        self.seed.setRange(0, 2**31 - 1)
        self.classes = QSpinBox(self)
        self.classes.setRange(3, 5)
        self.held_out = QSpinBox(self)
        self.held_out.setRange(0, 90)
        self.held_out.setSingleStep(5)
        self.held_out.setSuffix(" %")
        for name, text, tip, box in (
            ("noise", "Noise (spread of the misses)", "Its standard deviation", self.noise),
            ("points", "Points", "How many there are", self.points),
            ("classes", "Classes", "How many kinds of points there are", self.classes),
            ("dataSeed", "Seed of the data", "Another seed, other points", self.seed),
            (
                "heldOut",
                "Held out from training",
                "Rows that Auto-mix does not see: how good the fit is where nobody looked",
                self.held_out,
            ),
        ):
            box.setObjectName(name)
            box.setToolTip(tip)
            box.setAccessibleName(text)
            box.setKeyboardTracking(False)
            box.valueChanged.connect(self._on_changed)
            form.addRow(text, box)
        self._form = form

    def read(self) -> None:
        """Show the options of the data on the desk."""
        dataset = self._bench.desk.mix.dataset
        recipe = dict(dataset.recipe)
        self.heading.setText(dataset.source)
        boxes = (self.noise, self.points, self.classes, self.seed, self.held_out)
        for box in boxes:
            box.blockSignals(True)
        for box in (self.noise, self.points, self.seed):
            self._form.setRowVisible(box, bool(recipe))
        if recipe:
            self.noise.setValue(float(recipe["noise"]))
            self.points.setValue(int(recipe["points"]))
            self.seed.setValue(int(recipe["seed"]))
        self._form.setRowVisible(self.classes, "classes" in recipe)
        self.classes.setValue(int(recipe.get("classes", 3)))
        self.held_out.setValue(round(100 * float(dataset.held_out.mean())))
        for box in boxes:
            box.blockSignals(False)
        self.adjustSize()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        first = self.noise if self._bench.desk.mix.dataset.recipe else self.held_out
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _on_changed(self) -> None:
        desk = self._bench.desk
        dataset, seed = desk.mix.dataset, desk.mix.state.seed
        recipe = dict(dataset.recipe)
        if recipe:
            recipe |= {
                "noise": self.noise.value(),
                "points": self.points.value(),
                "seed": self.seed.value(),
            }
            if "classes" in recipe:
                recipe["classes"] = self.classes.value()
            dataset = remake(recipe.items())
        share = self.held_out.value() / 100.0
        dataset = dataset.split(share, stream(seed, Stream.SPLIT))
        # The knobs stay where they are: it is the same problem, seen through other points.
        old = desk.mix.network
        network = replace(old, sizes=(*old.sizes[:-1], dataset.targets.shape[1]))
        loss = desk.mix.problem.loss_name
        problem = replace(
            desk.mix.problem,
            network=network,
            dataset=dataset,
            loss_name=loss if dataset.kind in LOSSES[loss].kinds else USUAL[dataset.kind],
        )
        desk.rewire(problem, "change the data")


class DataChooser(QWidget):
    """The box with all data sets, and the button for their options."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.box = ChoiceBox(self)
        self.box.setObjectName("dataset")
        self.box.setAccessibleName("data")
        self.box.setToolTip("The data to mix to; File › Open or a paste brings your own")
        self.box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.box.setMinimumWidth(theme.px(190))
        self.box.setMaximumWidth(theme.px(330))
        self.more = QToolButton(self)
        self.more.setObjectName("dataOptions")
        self.more.setText("…")
        self.more.setAccessibleName("data options")
        self.more.setToolTip("Noise, points, seed, rows held out")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.options = DataOptions(bench, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(4))
        row.addWidget(self.box)
        row.addWidget(self.more)
        self.box.activated.connect(self._on_chosen)
        self.more.clicked.connect(self._open_options)
        bench.desk.rewired.connect(self.read)
        self.read()

    def read(self) -> None:
        """Show the data on the desk on top of what can be chosen."""
        dataset = self._bench.desk.mix.dataset
        self.box.clear()
        self.box.addItem(title(dataset), None)
        self.box.insertSeparator(1)
        for _, kinds in groupby(SYNTHETIC.values(), key=attrgetter("kind")):
            for kind in kinds:
                text = f"{kind.title} · {count(kind.points)} points"
                self.box.addItem(text, ("synthetic", kind.key))
            self.box.insertSeparator(self.box.count())
        for table in SHIPPED.values():
            self.box.addItem(table.title, ("shipped", table.key))
        self.box.setCurrentIndex(0)
        self.box.setToolTip(dataset.source or "The data to mix to")
        self.options.read()

    def _on_chosen(self, index: int) -> None:
        chosen = self.box.itemData(index)
        if chosen is None:
            return
        kind, key = chosen
        desk = self._bench.desk
        seed = desk.mix.state.seed
        dataset = make(key, seed=seed) if kind == "synthetic" else load_shipped(key)
        self.put(dataset)

    def put(self, dataset: Dataset) -> None:
        """Put the network on other data, newly started, as one step of undo."""
        put_data(self._bench.desk, dataset)

    def _open_options(self) -> None:
        self.options.read()
        corner = self.more.mapToGlobal(self.more.rect().bottomRight())
        self.options.adjustSize()
        self.options.move(corner.x() - self.options.width(), corner.y() + theme.px(4))
        self.options.show()
