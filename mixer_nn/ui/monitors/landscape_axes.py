"""Choosing the knob along an axis: a button, and a menu by layer, neuron and source."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from mixer_nn.core.network import Parameter
from mixer_nn.core.problem import Problem
from mixer_nn.ui import theme
from mixer_nn.ui.mixer.places import layer_title, place, sources
from mixer_nn.ui.mixer.symbols import standard_name, symbol
from mixer_nn.ui.monitors.switch import keeps_space

FLAT = 12
"""Parameters up to which the menu is one list."""

_PAD, _HEIGHT, _ARROW, _GAP = 7, 20, 7, 6


class ParameterMenu(QMenu):
    """Every parameter of a network, by layer, neuron and source.

    The lists of a layer and of a neuron are made when they are opened. An action's data is the
    parameter's index.
    """

    def __init__(self, problem: Problem, chosen: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("parameterMenu")
        parameters = problem.network.parameters
        if len(parameters) <= FLAT:
            _list(self, problem, parameters, chosen)
            return
        for layer in range(1, len(problem.network.sizes)):
            of_layer = tuple(p for p in parameters if p.layer == layer)
            title = layer_title(problem.network, layer)
            self.addMenu(_Branch(title, problem, of_layer, chosen, self))


class _Branch(QMenu):
    """The parameters of a layer, or of one neuron; filled when it is opened for the first time."""

    def __init__(
        self,
        title: str,
        problem: Problem,
        parameters: tuple[Parameter, ...],
        chosen: int,
        parent: QMenu,
    ) -> None:
        super().__init__(title, parent)
        self._problem, self._parameters, self._chosen = problem, parameters, chosen
        holds = any(parameter.index == chosen for parameter in parameters)
        self.menuAction().setCheckable(holds)
        self.menuAction().setChecked(holds)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        if self.actions():
            return
        neurons = sorted({parameter.neuron for parameter in self._parameters})
        if len(neurons) == 1:
            _list(self, self._problem, self._parameters, self._chosen)
            return
        for neuron in neurons:
            mine = tuple(p for p in self._parameters if p.neuron == neuron)
            branch = _Branch(f"Neuron {neuron}", self._problem, mine, self._chosen, self)
            self.addMenu(branch)


def _list(menu: QMenu, problem: Problem, parameters: tuple[Parameter, ...], chosen: int) -> None:
    for parameter in parameters:
        sign = symbol(problem.network, parameter)
        row = sources(problem, parameter.layer)[
            -1 if parameter.source is None else parameter.source - 1
        ]
        what = "bias" if parameter.is_bias else f"from {row.name}"
        action = menu.addAction(f"{sign}   {what}".replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(parameter.index == chosen)
        action.setData(parameter.index)


class AxisButton(QAbstractButton):
    """Says which knob lies along an axis; pressed, it offers all of them. `chosen`: an index."""

    chosen = Signal(int)

    def __init__(self, axis: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._axis = axis
        self._problem: Problem | None = None
        self._index = 0
        self._quiet = False
        # A mouse click leaves the focus, and with it the space bar, where it was.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._open)

    def show_parameter(self, problem: Problem, index: int) -> None:
        """Say that this parameter lies along the axis."""
        if problem is self._problem and index == self._index:
            return
        self._problem, self._index = problem, index
        parameter, network = problem.network.parameters[index], problem.network
        self.setText(symbol(network, parameter))
        name = f"{standard_name(network, parameter)}, {place(problem, parameter)}"
        self.setAccessibleName(f"Knob along the {self._axis} axis: {name}")
        self.setToolTip(f"Knob along the {self._axis} axis: {name}. Press to choose another one")
        self.updateGeometry()
        self.update()

    def set_quiet(self, quiet: bool) -> None:
        """Stand back while something else lies along the axes; it can still be pressed."""
        if quiet != self._quiet:
            self._quiet = quiet
            self.update()

    def _open(self) -> None:
        if self._problem is None:
            return
        menu = ParameterMenu(self._problem, self._index, self)
        menu.triggered.connect(self._take)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _take(self, action: QAction) -> None:
        if action.data() is not None:
            self.chosen.emit(action.data())

    # -- drawing ------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        wide = QFontMetricsF(theme.ui_font(12.5)).horizontalAdvance(self.text())
        wide += theme.px(2 * _PAD + _ARROW + _GAP)
        return QSize(math.ceil(wide), theme.px(_HEIGHT) + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        if keeps_space(event):
            return True
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        height = theme.px(_HEIGHT)
        cell = QRectF(0.0, (self.height() - height) / 2.0, self.width(), height)
        lit = self.underMouse()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            border = colours.accent if self.hasFocus() else colours.line
            painter.setPen(QPen(QColor(border), 2.0 if self.hasFocus() else 1.0))
            painter.setBrush(QColor(colours.raised_hover if lit else colours.raised))
            painter.drawRoundedRect(cell.adjusted(1.0, 0.5, -1.0, -0.5), 5.0, 5.0)
            words = QColor(colours.dim if self._quiet else colours.text)
            painter.setPen(words)
            painter.setFont(theme.ui_font(12.5))
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(cell.adjusted(theme.px(_PAD), 0, 0, 0), side, self.text())
            self._draw_arrow(painter, cell, words)

    def _draw_arrow(self, painter: QPainter, cell: QRectF, colour: QColor) -> None:
        wide = theme.px(_ARROW)
        left, middle = cell.right() - theme.px(_PAD) - wide, cell.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        corners = [
            QPointF(left, middle - wide * 0.25),
            QPointF(left + wide, middle - wide * 0.25),
            QPointF(left + wide / 2.0, middle + wide * 0.4),
        ]
        painter.drawPolygon(QPolygonF(corners))
