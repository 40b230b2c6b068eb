"""How many rows each step looks at."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

from mixer_nn.core.training import FULL_BATCH
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.choice_box import ChoiceBox
from mixer_nn.ui.numbers import count

BATCHES = (1, 2, 5, 7, 10, 16, 20, 32, 50, 64, 100, 128, 256, 512, 1024)


class BatchBox(ChoiceBox):
    """The batch sizes that are smaller than the data, and the full batch."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.setObjectName("batchSize")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("batch size")
        self.setToolTip("Rows that each step looks at; fewer are faster and noisier")
        self.activated.connect(self._on_chosen)
        bench.desk.setup_changed.connect(self.read)
        bench.desk.rewired.connect(self.read)
        self.dress()
        self.read()

    def dress(self) -> None:
        """Put on the width that follows from the font."""
        widest = self.fontMetrics().horizontalAdvance("full (1,000)")
        self.setMinimumWidth(widest + theme.px(34))
        self.setMaximumWidth(theme.px(240))

    def _on_chosen(self, index: int) -> None:
        desk = self._bench.desk
        desk.set_setup(replace(desk.setup, batch_size=int(self.itemData(index))))

    def read(self) -> None:
        """Show the batch size as it is set, among those that there are."""
        desk = self._bench.desk
        chosen, rows = desk.setup.batch_size, desk.mix.problem.objective.rows
        sizes = sorted({size for size in (*BATCHES, chosen) if 0 < size < rows})
        wanted = [FULL_BATCH, *sizes]
        if chosen >= rows:
            chosen = FULL_BATCH
        offered = [self.itemData(index) for index in range(self.count())]
        if offered != wanted or self.itemText(0) != f"full ({count(rows)})":
            self.clear()
            self.addItem(f"full ({count(rows)})", FULL_BATCH)
            for size in sizes:
                self.addItem(count(size), size)
        self.setCurrentIndex(wanted.index(chosen))
