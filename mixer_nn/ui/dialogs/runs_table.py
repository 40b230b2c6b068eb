"""The view of the table of runs: its keys, its widths, and a sample of each run's line."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from mixer_nn.state.run import Run
from mixer_nn.ui import theme
from mixer_nn.ui.dialogs.run_fields import COLUMN, FIELDS
from mixer_nn.ui.dialogs.runs_model import LINE_ROLE, SORT_ROLE, RunsModel
from mixer_nn.ui.monitors.run_lines import sample_pen

_Index = QModelIndex | QPersistentModelIndex

SAMPLE = 34
"""Width of the sample of a line."""
LONGEST = {
    "name": "a short name",
    "rate": "0.00005 auto",
    "steps": "1,000,000",
    "epochs": "100,000.5",
    "time": "10 min 00 s",
    "best": "0.000000",
}
"""Texts that columns have room for, so that they need not grow while numbers do."""
_KEYS = (
    Qt.Key.Key_Space,
    Qt.Key.Key_Select,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
)


class LineSample(QStyledItemDelegate):
    """Beside the check, how the run is drawn in the Loss monitor."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        line = index.data(LINE_ROLE)
        if line is not None:
            box = option.rect
            right = box.right() - theme.px(8)
            painter.save()
            painter.setPen(sample_pen(line))
            middle = box.center().y()
            painter.drawLine(right - theme.px(SAMPLE), middle, right, middle)
            painter.restore()


class RunsTable(QTableView):
    """Rows can be sorted by any column. Space shows or hides a run, Enter names it.

    `unwanted` tells that Delete was pressed on what is selected.
    """

    unwanted = Signal()

    def __init__(self, model: RunsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("runsTable")
        self.setAccessibleName("Runs")
        self.source = model
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(model)
        self._sorted.setSortRole(SORT_ROLE)
        self._sorted.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setModel(self._sorted)
        self.setItemDelegateForColumn(COLUMN["shown"], LineSample(self))
        self.setSortingEnabled(True)
        self.sortByColumn(COLUMN["run"], Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)

    def dress(self) -> None:
        """Put on fonts, and the heights and widths that go with them."""
        self.setFont(theme.ui_font(12.5))
        self.horizontalHeader().setFont(theme.ui_font(12))
        self.verticalHeader().setDefaultSectionSize(theme.px(26))
        self.fit()

    def fit(self) -> None:
        """Give columns the widths that they need, and hide those that say nothing of any run."""
        runs, metrics = self.source.runs, self.fontMetrics()
        for key in ("heldOut", "bestHeldOut"):
            field = FIELDS[COLUMN[key]]
            said = any(field.value(run) == field.value(run) for run in runs)
            self.setColumnHidden(COLUMN[key], not said)
        other = FIELDS[COLUMN["other"]]
        self.setColumnHidden(COLUMN["other"], not any(other.text(run) for run in runs))
        self.resizeColumnsToContents()
        for key, text in LONGEST.items():
            least = metrics.horizontalAdvance(text) + theme.px(16)
            self.setColumnWidth(COLUMN[key], max(self.columnWidth(COLUMN[key]), least))
        shown = theme.px(SAMPLE + 56)
        self.setColumnWidth(COLUMN["shown"], shown)

    @property
    def width_wanted(self) -> int:
        """The width at which all columns can be seen."""
        frame = 2 * self.frameWidth() + self.verticalScrollBar().sizeHint().width()
        return self.horizontalHeader().length() + frame

    def height_of(self, rows: int) -> int:
        """The height at which so many rows can be seen."""
        bars = self.horizontalHeader().sizeHint().height()
        bars += self.horizontalScrollBar().sizeHint().height() + 2 * self.frameWidth()
        return bars + rows * self.verticalHeader().defaultSectionSize()

    # -- rows ---------------------------------------------------------------------------------

    @property
    def chosen(self) -> list[Run]:
        """The runs whose rows are selected, in the order of the rows."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.run_at(row) for row in rows]

    def run_at(self, row: int) -> Run:
        """The run in a row, as they are sorted now."""
        return self.source.runs[self._sorted.mapToSource(self._sorted.index(row, 0)).row()]

    def choose(self, run: Run) -> None:
        """Select the row of a run, and no other."""
        row = self.source.runs.index(run)
        column = max(self.currentIndex().column(), 0)
        self.setCurrentIndex(self._sorted.mapFromSource(self.source.index(row, column)))

    def edit_name(self) -> None:
        """Let the name of the current run be typed."""
        index = self.currentIndex()
        if index.isValid():
            name = index.siblingAtColumn(COLUMN["name"])
            self.setCurrentIndex(name)
            self.scrollTo(name)
            self.edit(name)

    @property
    def is_naming(self) -> bool:
        """Whether a name is being typed."""
        return self.state() == QAbstractItemView.State.EditingState

    # -- keys ---------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # What moves about in the table, or works it, is no shortcut while it has the focus.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and event.key() in _KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index, key = self.currentIndex(), event.key()
        if isinstance(self.focusWidget(), QLineEdit) or not index.isValid():
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit_name()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.unwanted.emit()
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Select):
            self._toggle(index)
        else:
            super().keyPressEvent(event)

    def _toggle(self, index: QModelIndex) -> None:
        """Keep the current run or not, in that column; in all others show it or not."""
        kept = COLUMN["kept"]
        cell = index.siblingAtColumn(kept if index.column() == kept else COLUMN["shown"])
        role = Qt.ItemDataRole.CheckStateRole
        checked = Qt.CheckState(cell.data(role)) == Qt.CheckState.Checked
        wanted = Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked
        self._sorted.setData(cell, wanted, role)
