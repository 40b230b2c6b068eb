"""The columns to predict from: a list to tick."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from mixer_nn.data.proposal import Offer
from mixer_nn.ui import theme


class InputList(QListWidget):
    """Checkable columns; Space or a click anywhere on a line ticks it."""

    ticked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setStyleSheet(_sheet())
        self.itemChanged.connect(self._on_item_changed)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names of the ticked columns, in the order of the table."""
        return tuple(
            item.data(Qt.ItemDataRole.UserRole)
            for item in self._all()
            if item.checkState() == Qt.CheckState.Checked
        )

    def offer(self, columns: Sequence[Offer], chosen: tuple[str, ...]) -> None:
        """Show these columns, with those called `chosen` ticked; says nothing."""
        self.blockSignals(True)
        self.clear()
        for column in columns:
            item = QListWidgetItem(column.title, self)
            item.setData(Qt.ItemDataRole.UserRole, column.name)
            item.setToolTip(column.title)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsUserCheckable
            )
            on = column.name in chosen
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.setCurrentRow(0)
        self.blockSignals(False)

    def tick(self, name: str, on: bool = True) -> None:
        """Tick a column, or take its tick away."""
        for item in self._all():
            if item.data(Qt.ItemDataRole.UserRole) == name:
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.px(120))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), theme.px(64))

    def _all(self) -> list[QListWidgetItem]:
        return [self.item(row) for row in range(self.count())]

    def _on_item_changed(self, _item: QListWidgetItem) -> None:
        self.ticked.emit()


def _sheet() -> str:
    """Ticks that look as those of check boxes do."""
    colours, size = theme.current(), theme.px(14)
    return f"""
        QListView::item {{ padding: {theme.px(3)}px; color: {colours.text}; }}
        QListView::indicator {{
            width: {size}px; height: {size}px; border: 1px solid {colours.faint};
            border-radius: 4px; background: {colours.raised};
        }}
        QListView::indicator:checked {{
            background: {colours.accent_fill}; border-color: {colours.accent_fill};
            image: url(theme:check.svg);
        }}
    """
