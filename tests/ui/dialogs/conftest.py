"""What the tests of the dialogs share: both themes, and a judge of layouts."""

from __future__ import annotations

from collections.abc import Callable, Generator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QWidget,
)

from mixer_nn.ui import theme


@pytest.fixture(params=["dark", "light"])
def dressed(request: pytest.FixtureRequest, qapp: QApplication) -> Generator[str, None, None]:
    """The program in each theme."""
    theme.apply(qapp, request.param, 1.0)
    yield request.param
    theme.apply(qapp, "dark", 1.0)


@pytest.fixture
def faults() -> Callable[[QWidget], list[str]]:
    """A function that names every child of a shown window that is cut off, covered or too small."""
    return _faults


def _faults(window: QWidget) -> list[str]:
    found = []
    for child in window.findChildren(QWidget):
        if not child.isVisible():
            continue
        parent = child.parentWidget()
        assert parent is not None
        if not _scrolls(child) and not parent.rect().contains(child.geometry()):
            found.append(f"{_name(child)} {child.geometry()} is not within {_name(parent)}")
        if _is_cut(child):
            found.append(f"{_name(child)} has no room for its text: {child.size()}")
    found += _overlaps(window)
    return found


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()}".strip()


def _scrolls(widget: QWidget) -> bool:
    """Whether it is what a scroll area shows a part of, and so may be larger than that."""
    view = widget.parentWidget()
    area = view.parentWidget() if view is not None else None
    return isinstance(area, QAbstractScrollArea) and area.viewport() is view


def _is_cut(widget: QWidget) -> bool:
    if isinstance(widget, QLabel) and widget.text():
        room = widget.contentsRect()
        flags = Qt.TextFlag.TextWordWrap.value if widget.wordWrap() else 0
        wanted = widget.fontMetrics().boundingRect(
            QRect(0, 0, room.width() if flags else 10_000, 10_000), flags, widget.text()
        )
        return wanted.width() > room.width() + 1 or wanted.height() > room.height() + 2
    if isinstance(widget, QAbstractButton) and widget.text():
        hint = widget.minimumSizeHint()
        return widget.width() < hint.width() or widget.height() < hint.height()
    return False


def _overlaps(window: QWidget) -> list[str]:
    found = []
    for parent in [window, *window.findChildren(QWidget)]:
        if isinstance(parent, QAbstractScrollArea) or parent.layout() is None:
            continue
        shown = [c for c in parent.children() if isinstance(c, QWidget) and c.isVisible()]
        for i, one in enumerate(shown):
            for other in shown[i + 1 :]:
                both = _on(window, one).intersected(_on(window, other))
                if both.width() > 0 and both.height() > 0:
                    found.append(f"{_name(one)} and {_name(other)} overlap by {both}")
    return found


def _on(window: QWidget, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
