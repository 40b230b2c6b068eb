"""The bar on top: name, menus, the mix's file, data, network, undo and redo."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenuBar, QToolButton, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.data_chooser import DataChooser
from mixer_nn.ui.network_chooser import NetworkChooser


class Header(QFrame):
    """One row over the monitors; on narrow windows the captions give way first."""

    def __init__(
        self,
        bench: Bench,
        menus: QMenuBar,
        actions: tuple[QAction, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench = bench
        self.setObjectName("header")
        self.brand = QLabel("MIXER·NN", self)
        self.file = QLabel(self)
        self.file.setObjectName("fileName")
        self.file.setProperty("kind", "dim")
        self.data = DataChooser(bench, self)
        self.network = NetworkChooser(bench, self)
        self._captions = [self._caption("Data"), self._caption("Network")]
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(18), theme.px(5), theme.px(14), theme.px(5))
        row.setSpacing(theme.px(10))
        row.addWidget(self.brand)
        row.addWidget(menus)
        row.addWidget(self.file)
        row.addStretch()
        row.addWidget(self._captions[0])
        row.addWidget(self.data)
        row.addWidget(self._captions[1])
        row.addWidget(self.network)
        row.addStretch()
        for action in actions:
            row.addWidget(self._button(action))
        bench.document.changed.connect(self.read)
        self._dress()
        self.read()

    def _caption(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("kind", "dim")
        return label

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _dress(self) -> None:
        self.brand.setFont(theme.ui_font(15, QFont.Weight.Bold))
        for label in (self.file, *self._captions):
            label.setFont(theme.ui_font(13))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_captions"):
            self._dress()

    def read(self) -> None:
        """Show the file."""
        document = self._bench.document
        self.file.setText(f"{document.name}{' •' if document.modified else ''}")
        self.file.setToolTip(str(document.path or "not saved yet"))

    def set_narrow(self, narrow: bool) -> None:
        """Leave the captions out."""
        for caption in self._captions:
            caption.setVisible(not narrow)
        self.file.setVisible(not narrow)
        self.brand.setVisible(not narrow)
