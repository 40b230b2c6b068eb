"""Several views in the place of one: tabs above, of which one view is seen at a time."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from mixer_nn.ui import theme


class Pages(QFrame):
    """A panel of views behind tabs. Those that are not in front are hidden, and so cost nothing.

    Each page has a key, by which it is found whatever its place. `chosen` tells the key of the
    page that somebody has brought to the front.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", True)
        self.bar = QTabBar(self)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(True)
        self.bar.setToolTip("Which question is answered here: ← and → turn the pages")
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.stack = QStackedWidget(self)
        self._views: dict[str, QWidget] = {}
        self._keys: list[str] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(1, theme.px(4), 1, 1)
        column.setSpacing(0)
        self._head = head = QHBoxLayout()
        head.addWidget(self.bar)
        column.addLayout(head)
        column.addWidget(self.stack, 1)
        self.bar.currentChanged.connect(self._show)
        self._dress()

    def _dress(self) -> None:
        self.bar.setFont(theme.ui_font(13, QFont.Weight.DemiBold))
        self._head.setContentsMargins(theme.px(10), 0, 0, 0)
        self._hold_bar()

    def _hold_bar(self) -> None:
        # A tab bar that is not yet seen does not tell the layout that it has grown.
        self.bar.setFixedHeight(self.bar.sizeHint().height())

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the pages, from left to right."""
        return tuple(self._keys)

    @property
    def key(self) -> str:
        """The key of the page in front; "" where there is none."""
        index = self.bar.currentIndex()
        return self._keys[index] if index >= 0 else ""

    def add(self, key: str, title: str, view: QWidget, tip: str, at: int | None = None) -> None:
        """Add a page, at the end or before the one at place `at`."""
        index = len(self._keys) if at is None else at
        self._frame(view, framed=False)
        self._keys.insert(index, key)
        self._views[key] = view
        self.stack.insertWidget(index, view)
        self.bar.insertTab(index, title)
        self.bar.setTabToolTip(index, tip)
        self._hold_bar()
        self.stack.setCurrentIndex(self.bar.currentIndex())

    def take(self, key: str) -> QWidget:
        """Take a page out; the view is handed back, without a place. KeyError without such one."""
        view = self._views.pop(key)
        index = self._keys.index(key)
        del self._keys[index]
        self.stack.removeWidget(view)
        self.bar.removeTab(index)
        self.stack.setCurrentIndex(self.bar.currentIndex())
        self._frame(view, framed=True)
        return view

    def show_page(self, key: str) -> None:
        """Bring a page to the front; one that is not there, or hidden, cannot be."""
        if key in self._keys and self.bar.isTabVisible(self._keys.index(key)):
            self.bar.setCurrentIndex(self._keys.index(key))

    def _show(self, index: int) -> None:
        # While a page is added or taken away, bar and stack are not yet of one mind.
        if self.bar.count() == self.stack.count() == len(self._keys) and index >= 0:
            self.stack.setCurrentIndex(index)
            self.chosen.emit(self.key)

    @staticmethod
    def _frame(view: QWidget, framed: bool) -> None:
        """Give a view the frame of a panel, or let it stand in that of the pages."""
        view.setProperty("panel", framed)
        view.style().unpolish(view)
        view.style().polish(view)

    def minimumSizeHint(self) -> QSize:
        # The pages that are not in front ask for no room: they get what the one in front has.
        page, bar = self.stack.currentWidget(), self.bar.sizeHint()
        least = QSize(0, 0) if page is None else page.minimumSizeHint()
        margins = self.contentsMargins()
        height = bar.height() + least.height() + margins.top() + margins.bottom() + theme.px(6)
        return QSize(least.width() + 2, height)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_keys"):
            self._dress()
