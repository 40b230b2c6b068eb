"""The parts of the table preview and where they stand; what they do is the preview's business."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSpinBox,
    QTableView,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.data.columns import Table
from mixer_nn.data.proposal import MAX_INPUTS, Choice, possible_inputs, targets
from mixer_nn.ui import theme
from mixer_nn.ui.dialogs.first_rows import FirstRows
from mixer_nn.ui.dialogs.input_list import InputList
from mixer_nn.ui.dialogs.picture import Picture
from mixer_nn.ui.dialogs.thumbnail import FitThumbnail

MOST_HELD_OUT = 90
_WHY_LINES = 3


class PreviewForm(QWidget):
    """At the left the choices and what they leave out, at the right the fit and the first rows."""

    def __init__(self, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.targets = targets(table)
        self.target = _target([offer.title for offer in self.targets], self)
        self._possible = possible_inputs(table)
        self.inputs = InputList(self)
        self.inputs.setObjectName("inputs")
        self.inputs.setAccessibleName("Columns to predict it from (inputs)")
        self.inputs.setToolTip("A text makes an input for each of its categories")
        self.scale = QCheckBox("Scale columns to mean 0 and spread 1", self)
        self.scale.setObjectName("scaleSwitch")
        self.why = _Note(_WHY_LINES, self)
        self.why.setObjectName("why")
        self.held_out = _held_out(self)
        self.thumbnail = FitThumbnail(self)
        self.thumbnail.setObjectName("fitThumbnail")
        self.thumbnail.setAccessibleName("The fit that these choices allow")
        self._picture_heading = _heading("Fit", self)
        self.caption = _Note(1, self)
        self.rows = FirstRows(table, self)
        self.grid = _grid(self.rows, self)
        self.left_out = _sentences(self)
        halves = QHBoxLayout(self)
        halves.setContentsMargins(0, 0, 0, 0)
        halves.setSpacing(theme.px(20))
        halves.addLayout(self._choices(), 2)
        halves.addLayout(self._pictures(), 3)

    def show_choice(self, choice: Choice) -> None:
        """Put the target and the ticks where `choice` has them; says nothing."""
        offers = [(offer.name, offer.classes) for offer in self.targets]
        self.target.blockSignals(True)
        self.target.setCurrentIndex(offers.index((choice.target, choice.classes)))
        self.target.setToolTip(f"Target, the column to predict: {self.target.currentText()}")
        self.target.blockSignals(False)
        others = [offer for offer in self._possible if offer.name != choice.target]
        self.inputs.offer(others, choice.inputs)
        place = self.rows.column_of(choice.target)
        if place >= 0 and self.grid.isVisible():
            self.grid.scrollTo(self.rows.index(0, place))

    def show_result(self, sentences: Sequence[str], picture: Picture | None) -> None:
        """Show what was left out and the fit; no picture: the choices cannot be used."""
        nothing = "Nothing." if picture else ""
        self.left_out.setPlainText("\n".join(sentences) or nothing)
        self.thumbnail.show_fit(picture)
        self.caption.setText(picture.caption if picture else "")
        if picture is not None:
            self._picture_heading.setText(picture.heading.upper())

    def _choices(self) -> QVBoxLayout:
        side = _column()
        side.addWidget(_heading("Predict", self, self.target))
        side.addWidget(self.target)
        side.addSpacing(theme.px(4))
        side.addWidget(_heading(f"From (at most {MAX_INPUTS} inputs)", self, self.inputs))
        side.addWidget(self.inputs, 3)
        side.addSpacing(theme.px(4))
        side.addWidget(self.scale)
        side.addWidget(self.why)
        held = QHBoxLayout()
        label = QLabel("Held out to judge by", self)
        label.setBuddy(self.held_out)
        held.addWidget(label)
        held.addStretch()
        held.addWidget(self.held_out)
        side.addLayout(held)
        side.addSpacing(theme.px(4))
        side.addWidget(_heading("Left out, and notes", self, self.left_out))
        side.addWidget(self.left_out, 2)
        return side

    def _pictures(self) -> QVBoxLayout:
        side = _column()
        head = QHBoxLayout()
        head.addWidget(self._picture_heading)
        head.addWidget(self.caption, 1)
        side.addLayout(head)
        side.addWidget(self.thumbnail, 3)
        side.addSpacing(theme.px(4))
        side.addWidget(_heading("First rows", self, self.grid))
        side.addWidget(self.grid, 2)
        return side


class _Note(QLabel):
    """Dim text with room for so many lines whatever it says, so that nothing around it jumps."""

    def __init__(self, lines: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "dim")
        self.setFont(theme.ui_font(12))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(lines > 1)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 2)

    def hasHeightForWidth(self) -> bool:
        # With it, a scroll area around takes what everything would like for what it needs.
        return False


def _column() -> QVBoxLayout:
    side = QVBoxLayout()
    side.setSpacing(theme.px(6))
    return side


def _heading(text: str, parent: QWidget, buddy: QWidget | None = None) -> QLabel:
    label = QLabel(text.upper(), parent)
    label.setProperty("kind", "heading")
    label.setFont(theme.ui_font(12))
    if buddy is not None:
        label.setBuddy(buddy)
    return label


def _target(titles: Sequence[str], parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    box.setObjectName("target")
    box.setAccessibleName("Column to predict (target)")
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    box.addItems(titles)
    return box


def _held_out(parent: QWidget) -> QSpinBox:
    box = QSpinBox(parent)
    box.setObjectName("heldOut")
    box.setAccessibleName("Held-out share in per cent")
    box.setToolTip("Rows kept from training, to judge the mix by; the seed draws them")
    box.setRange(0, MOST_HELD_OUT)
    box.setSingleStep(5)
    box.setSuffix(" %")
    box.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return box


def _sentences(parent: QWidget) -> QTextEdit:
    view = QTextEdit(parent)
    view.setObjectName("leftOut")
    view.setAccessibleName("Columns and rows left out, and why")
    view.setReadOnly(True)
    view.setFont(theme.ui_font(12))
    view.setMinimumHeight(theme.px(60))
    return view


def _grid(model: FirstRows, parent: QWidget) -> QTableView:
    grid = QTableView(parent)
    grid.setObjectName("rows")
    grid.setAccessibleName("First rows of the table")
    grid.setModel(model)
    grid.setFont(theme.mono_font(12))
    grid.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    grid.setSelectionMode(QTableView.SelectionMode.NoSelection)
    grid.setTabKeyNavigation(False)
    grid.setCornerButtonEnabled(False)
    grid.setMinimumHeight(theme.px(110))
    colours = theme.current()
    grid.setStyleSheet(
        f"QTableView::item {{ padding: 0 {theme.px(6)}px; }}"
        f"QTableCornerButton::section {{ background: {colours.raised}; border: none;"
        f" border-right: 1px solid {colours.line}; border-bottom: 1px solid {colours.line}; }}"
    )
    across, down = grid.horizontalHeader(), grid.verticalHeader()
    across.setSectionsClickable(False)
    across.setMinimumSectionSize(theme.px(84))
    across.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    across.setStretchLastSection(True)
    down.setSectionsClickable(False)
    down.setDefaultSectionSize(theme.px(24))
    return grid
