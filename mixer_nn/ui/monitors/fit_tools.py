"""What stands under the Fit's head while it is needed: classes to add, or inputs to slice along."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from mixer_nn.core.dataset import Dataset
from mixer_nn.ui import theme
from mixer_nn.ui.choice_box import ChoiceBox
from mixer_nn.ui.controls.number_edit import parse_number
from mixer_nn.ui.flow import FlowLayout
from mixer_nn.ui.monitors.class_marks import class_colour, class_symbol, draw_symbol
from mixer_nn.ui.monitors.fit_picture import written
from mixer_nn.ui.monitors.switch import keeps_space

_PAD, _MARK, _GAP, _HEIGHT = 7, 10, 5, 24


class ClassButton(QAbstractButton):
    """One class to choose: its mark and its name."""

    def __init__(self, index: int, count: int, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._index, self._count = index, count
        self.setObjectName(f"fitClass{index + 1}")
        self.setText(name)
        self.setCheckable(True)
        self.setAccessibleName(f"Add points of class {name}")
        self.setToolTip(f"A click on the plot adds a point of class {name}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(theme.ui_font(12.5)).horizontalAdvance(self.text())
        return QSize(round(words) + theme.px(2 * _PAD + _MARK + _GAP) + 2, theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, middle = theme.current(), self.height() / 2.0
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ring = colours.accent if self.hasFocus() else colours.text
            shown = self.hasFocus() or self.isChecked()
            painter.setPen(QPen(QColor(ring if shown else colours.line), 2.0 if shown else 1.0))
            if self.isChecked() or self.underMouse():
                painter.setBrush(QColor(colours.raised_hover))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6.0, 6.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(class_colour(colours, self._index, self._count))
            centre = QPointF(theme.px(_PAD) + theme.px(_MARK) / 2.0, middle)
            draw_symbol(painter, class_symbol(self._index), centre, theme.px(_MARK))
            painter.setPen(QColor(colours.text))
            painter.setFont(theme.ui_font(12.5))
            words = QRectF(self.rect()).adjusted(theme.px(_PAD + _MARK + _GAP), 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())

    def event(self, event: QEvent) -> bool:
        if keeps_space(event):
            return True
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)


class PointTools(QWidget):
    """What a click adds: of the chosen class, or with a number that the place does not say."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self)
        self._classes: tuple[str, ...] | None = None
        self._group = QButtonGroup(self)
        self._number = 0.0
        self._label, self._edit = QLabel(self), QLineEdit(self)
        self._label.setProperty("kind", "dim")
        self._edit.setObjectName("fitPointValue")
        self._edit.setMaximumWidth(110)
        self._edit.setToolTip("The target of the points that a click adds")
        self._edit.textEdited.connect(self._take_number)
        self._edit.editingFinished.connect(self._write_number)
        self._flow.addWidget(self._label)
        self._flow.addWidget(self._edit)

    def show_for(self, dataset: Dataset) -> None:
        """Offer what points of these data need."""
        target = dataset.target_columns[0]
        by_number = not dataset.classes and dataset.inputs.shape[1] == 2
        self._edit.setVisible(by_number)
        self._label.setVisible(by_number or not dataset.classes)
        if by_number:
            self._label.setText(f"add with {target.title}")
            self._edit.setAccessibleName(f"{target.title} of added points")
        else:
            self._label.setText("click to add, drag, right click to remove")
        if dataset.classes != self._classes:
            self._make_classes(dataset.classes)
            self._number = float(dataset.targets[:, 0].mean())
            self._write_number()

    def _make_classes(self, classes: tuple[str, ...]) -> None:
        self._classes = classes
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        for index, name in enumerate(classes):
            button = ClassButton(index, len(classes), name, self)
            self._group.addButton(button, index)
            self._flow.addWidget(button)
            button.show()
        if classes:
            self._group.button(0).setChecked(True)

    @property
    def target(self) -> float | int:
        """The target of what a click adds: a number, or the index of a class."""
        return self._group.checkedId() if self._classes else self._number

    def _take_number(self, text: str) -> None:
        value = parse_number(text)
        self._edit.setProperty("invalid", value is None)
        self._edit.style().unpolish(self._edit)
        self._edit.style().polish(self._edit)
        self._number = self._number if value is None else value

    def _write_number(self) -> None:
        self._edit.setText(written(self._number))
        self._take_number(self._edit.text())


class SliceTools(QWidget):
    """The two inputs that a slice runs along."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.boxes = tuple(ChoiceBox(self) for _ in range(2))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        names = (("fitSliceAcross", "→", "across"), ("fitSliceUp", "↑", "up"))
        for box, (name, word, subject) in zip(self.boxes, names, strict=True):
            label = QLabel(word, self)
            label.setProperty("kind", "dim")
            box.setObjectName(name)
            box.setAccessibleName(f"Input {subject}")
            box.setToolTip(f"The input that the slice runs along, {subject}")
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            box.setMinimumWidth(60)
            box.setMaximumWidth(220)
            box.activated.connect(self._chosen)
            row.addWidget(label)
            row.addWidget(box, 1)
        row.addStretch(0)
        self._axes = (0, 1)

    def show_for(self, dataset: Dataset) -> None:
        """Offer the inputs of these data; two of them are chosen to begin with."""
        titles = [column.name for column in dataset.input_columns]
        for index, box in enumerate(self.boxes):
            if [box.itemText(item) for item in range(box.count())] != titles:
                box.clear()
                box.addItems(titles)
                box.setCurrentIndex(index)
        self._axes = self.axes

    @property
    def axes(self) -> tuple[int, int]:
        """Which input runs across, and which up."""
        across, up = (max(box.currentIndex(), 0) for box in self.boxes)
        return across, up

    def _chosen(self) -> None:
        if self.axes[0] == self.axes[1]:
            # One input cannot run both ways: the two change places.
            for box, axis in zip(self.boxes, reversed(self._axes), strict=True):
                box.setCurrentIndex(axis)
        self._axes = self.axes
        self.changed.emit()
