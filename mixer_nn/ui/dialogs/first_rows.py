"""The first rows of a person's table as a grid, with what each column is used for."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from mixer_nn.data.columns import Kind, Table, TableColumn
from mixer_nn.ui import theme

MAX_ROWS = 12
MAX_COLUMNS = 200
LONGEST = 24

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_TINT = 0.16


class FirstRows(QAbstractTableModel):
    """Read-only; the header names each column with its unit and its use, "target" or "input"."""

    def __init__(self, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._uses: dict[str, str] = {}

    def set_uses(self, target: str, inputs: tuple[str, ...]) -> None:
        """Mark the chosen columns."""
        self._uses = {**dict.fromkeys(inputs, "input"), target: "target"}
        if self.rowCount() and self.columnCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def column_of(self, name: str) -> int:
        """The place of a column that is shown; -1 for one beyond them."""
        names = self._table.names[:MAX_COLUMNS]
        return names.index(name) if name in names else -1

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else min(self._table.rows, MAX_ROWS)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else min(len(self._table.columns), MAX_COLUMNS)

    def data(self, index: _Index, role: int = _Role.DisplayRole.value) -> Any:
        column = self._table.columns[index.column()]
        use = self._uses.get(column.column.name, "")
        match _Role(role):
            case _Role.DisplayRole:
                return _cell(column, index.row())
            case _Role.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case _Role.BackgroundRole if use:
                return QBrush(_tint(use))
            case _Role.ForegroundRole if not use:
                return QBrush(QColor(theme.current().dim))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole.value
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            # Row numbers of the file, where a person would look for a row.
            return str(self._table.lines[section]) if role == _Role.DisplayRole else None
        column = self._table.columns[section]
        use = self._uses.get(column.column.name, "")
        match _Role(role):
            case _Role.DisplayRole:
                title = column.column.title
                short = title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"
                return f"{short}\n{use or _why_not(column)}"
            case _Role.ToolTipRole:
                examples = ", ".join(column.examples)
                return f"{column.column.title}: {examples}" if examples else column.column.title
            case _Role.ForegroundRole if use:
                colours = theme.current()
                return QBrush(QColor(colours.accent if use == "target" else colours.text))
        return None


def _why_not(column: TableColumn) -> str:
    return "not used" if column.kind is Kind.NUMBER else column.kind.value


def _cell(column: TableColumn, row: int) -> str:
    if column.kind is Kind.TEXT:
        return _text(column, row)
    if column.kind is Kind.EMPTY:
        return ""
    value = float(column.values[row])
    return "–" if np.isnan(value) else f"{value:.10g}"


def _text(column: TableColumn, row: int) -> str:
    """The category in a cell; of a text with too many to keep only what it is."""
    if not column.categories:
        return "text"
    code = int(column.codes[row])
    text = column.categories[code] if code >= 0 else "–"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _tint(use: str) -> QColor:
    colours = theme.current()
    if use != "target":
        return QColor(colours.raised)
    accent, panel = QColor(colours.accent_fill), QColor(colours.panel)
    return QColor.fromRgbF(
        _TINT * accent.redF() + (1.0 - _TINT) * panel.redF(),
        _TINT * accent.greenF() + (1.0 - _TINT) * panel.greenF(),
        _TINT * accent.blueF() + (1.0 - _TINT) * panel.blueF(),
    )
