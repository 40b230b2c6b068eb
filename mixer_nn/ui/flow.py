"""A layout that sets its items in lines, as words are set in a paragraph."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Items from left to right, on as many lines as the width asks for, centred on each line."""

    def __init__(self, parent: QWidget | None = None, gap: int = 6, line_gap: int = 4) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap, self._line_gap = gap, line_gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return sum(height for _, height in self._lines(width)) + self._between(width)

    def _between(self, width: int) -> int:
        return self._line_gap * max(len(self._lines(width)) - 1, 0)

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items]
        wide = sum(size.width() for size in sizes) + self._gap * max(len(sizes) - 1, 0)
        return QSize(wide, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        top = rect.top()
        for items, height in self._lines(rect.width()):
            left, axis = rect.left(), max(map(_axis, items))
            for item in items:
                size = item.sizeHint()
                place = QPoint(left, top + axis - _axis(item))
                item.setGeometry(QRect(place, size))
                left += size.width() + self._gap
            top += height + self._line_gap

    def _lines(self, width: int) -> list[tuple[list[QLayoutItem], int]]:
        lines: list[tuple[list[QLayoutItem], int]] = []
        items: list[QLayoutItem] = []
        used = 0
        for item in self._items:
            needed = item.sizeHint().width()
            if items and used + self._gap + needed > width:
                lines.append((items, _height(items)))
                items, used = [], 0
            used += needed + (self._gap if items else 0)
            items.append(item)
        if items:
            lines.append((items, _height(items)))
        return lines


def _axis(item: QLayoutItem) -> int:
    """How far below its top an item wants to be in line with the others; its middle, usually."""
    axis = getattr(item.widget(), "axis", None)
    return item.sizeHint().height() // 2 if axis is None else int(axis())


def _height(items: list[QLayoutItem]) -> int:
    return max(map(_axis, items)) + max(i.sizeHint().height() - _axis(i) for i in items)
