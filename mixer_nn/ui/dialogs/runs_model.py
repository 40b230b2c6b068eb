"""The table of runs: a row for each, with how it was trained and what came of it."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from mixer_nn.state.run import Run
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.dialogs.run_fields import COLUMN, FIELDS, Field
from mixer_nn.ui.numbers import MINUS

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole

SORT_ROLE = int(_Role.UserRole)
LINE_ROLE = SORT_ROLE + 1
"""Which sort of line a run is drawn with in the Loss monitor; None: with none of its own."""
PLAIN_ROLE = SORT_ROLE + 2
"""A cell for a spreadsheet: numbers in full and with a point, the rest as it is on screen."""

_WORDS = {"name", "network", "loss", "optimizer", "other"}
_CHECKS = {COLUMN["shown"], COLUMN["kept"]}


class RunsModel(QAbstractTableModel):
    """The runs of the desk's history, oldest first. Checks and names go through the desk."""

    def __init__(self, bench: Bench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._runs = list(bench.desk.history.runs)
        self._names: dict[int, str] = {}

    @property
    def runs(self) -> list[Run]:
        """The runs in the order of the rows."""
        return self._runs

    def read(self) -> None:
        """Take in runs that have begun or been forgotten, and all that is new about the others."""
        runs = self._bench.desk.history.runs
        there = set(map(id, runs))
        for row in reversed(range(len(self._runs))):
            if id(self._runs[row]) not in there:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._runs[row]
                self.endRemoveRows()
        known = set(map(id, self._runs))
        for row, run in enumerate(runs):
            if id(run) not in known:
                self.beginInsertRows(QModelIndex(), row, row)
                self._runs.insert(row, run)
                self.endInsertRows()
        self._announce(0, len(self._runs) - 1)
        for row, run in enumerate(self._runs):
            # Only then: Qt would take back what is just being typed.
            if self._names.get(run.number, "") != run.name:
                name = self.index(row, COLUMN["name"])
                self.dataChanged.emit(name, name)
        self._names = {run.number: run.name for run in self._runs}

    def read_present(self) -> None:
        """Take in what is new about the present run, which alone can change."""
        for row, run in enumerate(self._runs):
            if run.is_present:
                self._announce(row, row)

    def _announce(self, first: int, last: int) -> None:
        """Tell what has changed in some rows, but for the names."""
        name, end = COLUMN["name"], self.columnCount() - 1
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, name - 1))
            self.dataChanged.emit(self.index(first, name + 1), self.index(last, end))

    # -- Qt's questions -----------------------------------------------------------------------

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(FIELDS)

    def data(self, index: _Index, role: int = _Role.DisplayRole.value) -> Any:
        run, field = self._runs[index.row()], FIELDS[index.column()]
        match role:
            case _Role.DisplayRole:
                return field.text(run)
            case _Role.EditRole:
                return field.text(run)
            case _Role.CheckStateRole if field.checks:
                return Qt.CheckState.Checked if self._is_on(run, field) else Qt.CheckState.Unchecked
            case _Role.TextAlignmentRole:
                return _side(field)
            case _Role.FontRole if run.is_present:
                return theme.ui_font(12.5, QFont.Weight.DemiBold)
            case _Role.ForegroundRole if field.key == "best" and run.is_present:
                return QColor(theme.current().loss)
            case _Role.ToolTipRole:
                return field.text(run) or field.tip
            case _Role.AccessibleTextRole:
                return self._spoken(run, field)
        return self._own(run, field, role)

    def _own(self, run: Run, field: Field, role: int) -> Any:
        if role == SORT_ROLE:
            value = field.value(run)
            return value if value == value else math.inf  # what is not known comes last
        if role == LINE_ROLE:
            return self._bench.overlay.line_of(run.number) if field.key == "shown" else None
        if role == PLAIN_ROLE:
            return self._plain(run, field)
        return None

    def _is_on(self, run: Run, field: Field) -> bool:
        return run.kept if field.key == "kept" else self._bench.overlay.is_shown(run.number)

    def _spoken(self, run: Run, field: Field) -> str:
        if field.checks:
            return f"{field.title.lower()}: {'yes' if self._is_on(run, field) else 'no'}"
        return f"{field.title.lower()}: {field.text(run) or 'none'}"

    def _plain(self, run: Run, field: Field) -> str:
        if field.checks:
            return "yes" if self._is_on(run, field) else "no"
        value = field.value(run)
        if isinstance(value, str):
            return field.text(run).replace("\t", " ").replace(MINUS, "-")
        return "" if math.isnan(value) else f"{value:.10g}"

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole.value
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == _Role.DisplayRole:
                return FIELDS[section].title
            if role == _Role.ToolTipRole:
                return FIELDS[section].tip
            if role == _Role.TextAlignmentRole:
                return _side(FIELDS[section])
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.column() in _CHECKS:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == COLUMN["name"] else flags

    def setData(self, index: _Index, value: Any, role: int = _Role.EditRole.value) -> bool:
        run, key, desk = self._runs[index.row()], FIELDS[index.column()].key, self._bench.desk
        if role == _Role.CheckStateRole:
            on = Qt.CheckState(value) == Qt.CheckState.Checked
            if key == "kept":
                desk.keep_run(run.number, on)
            else:
                self._bench.overlay.show(run.number, on)
        elif role == _Role.EditRole and key == "name":
            desk.name_run(run.number, " ".join(str(value).split()))
        else:
            return False
        self.read()
        return True


def _side(field: Field) -> Qt.AlignmentFlag:
    """Words and checks stand at the left of a column, numbers at its right; so does its title."""
    left = field.key in _WORDS or field.checks
    side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
