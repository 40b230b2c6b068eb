"""Nothing cut off, nothing on top of anything else, whatever the size, the zoom and the data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFontInfo
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLayout,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.synthetic import make
from mixer_nn.ui import network_builder, theme
from mixer_nn.ui.controls.pad import Pad
from mixer_nn.ui.main_window import MainWindow
from mixer_nn.ui.mixer.equation import Equation

if TYPE_CHECKING:
    from tests.ui.conftest import User

SIZES = ((900, 560), (1024, 640), (1200, 760), (1440, 900), (1920, 1080))


def eight_inputs() -> Dataset:
    """A table of somebody's own, with long names and eight columns to predict from."""
    rng = np.random.default_rng(0)
    return Dataset(
        name="measurements of the second campaign, corrected",
        inputs=rng.normal(size=(60, 8)) * 10.0 ** np.arange(-3, 5),
        targets=1e4 * rng.normal(size=(60, 1)),
        input_columns=tuple(Column(f"temperature {i}", "°C") for i in range(1, 9)),
        target_columns=(Column("energy consumption", "kWh"),),
    )


DATA: dict[str, Callable[[], Dataset]] = {
    "one input": lambda: make("noisy-line", seed=7),
    "three inputs": lambda: load_shipped("iris"),
    "eight inputs": eight_inputs,
}


# -- what is wrong with a window --------------------------------------------------------------


def laid_out(layout: QLayout) -> Iterator[QWidget]:
    """Every widget that a layout places, in layouts within it too."""
    for index in range(layout.count()):
        item = layout.itemAt(index)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None and not widget.isHidden():
            yield widget
        elif inner is not None:
            yield from laid_out(inner)


def named(widget: QWidget) -> str:
    text = widget.property("text")
    return f"{type(widget).__name__} {widget.objectName() or text or ''}".rstrip()


def misplaced(window: QWidget) -> Iterator[str]:
    for parent in [window, *window.findChildren(QWidget)]:
        layout = parent.layout()
        if layout is None or not parent.isVisible():
            continue
        children = list(laid_out(layout))
        for child in children:
            if not parent.rect().contains(child.geometry()):
                yield f"{named(child)} is cut off by {named(parent)}"
        for one, other in combinations(children, 2):
            if one.geometry().intersects(other.geometry()):
                yield f"{named(one)} lies on {named(other)}"


def needs(widget: QLabel | QAbstractButton) -> tuple[int, int]:
    if isinstance(widget, QLabel) and widget.wordWrap():
        return 0, widget.heightForWidth(widget.width())
    if widget.minimumSize() == widget.maximumSize():  # of fixed size, which its hint repeats
        metrics = widget.fontMetrics()
        return metrics.horizontalAdvance(widget.text()), metrics.height()
    # A pad is painted: its letter fits into the least of it already.
    hint = widget.minimumSizeHint() if isinstance(widget, Pad) else widget.sizeHint()
    return hint.width(), hint.height()


def unreadable(window: QWidget) -> Iterator[str]:
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, (QLabel, QAbstractButton)) or not widget.isVisible():
            continue
        if not widget.text():
            continue
        width, height = needs(widget)
        if width > widget.width() + 1 or height > widget.height() + 1:
            yield f"{named(widget)} needs {width, height}, has {widget.size().toTuple()}"
        if QFontInfo(widget.font()).pixelSize() < theme.SMALLEST_TEXT:
            yield f"{named(widget)} is too small to read"
        # A column's name may be of any length; cut, it must be whole in the tooltip.
        if "…" in widget.text()[1:] and widget.text().rstrip("…") not in widget.toolTip():
            yield f"{named(widget)} ends in an ellipsis"


def without_a_place(window: MainWindow) -> list[str]:
    page = window.centralWidget()
    assert isinstance(page, QScrollArea)
    inner = page.widget()
    assert inner is not None
    return [*misplaced(inner), *unreadable(inner)]


def settle(user: User) -> None:
    for _ in range(3):
        user.frames()
        QApplication.processEvents()


# -- the tests --------------------------------------------------------------------------------


@pytest.mark.parametrize(("zoom", "name"), [(1.0, "light"), (1.5, "dark")])
def test_nothing_is_cut_off_or_covered(user: User, zoom: float, name: str) -> None:
    user.bench.preferences.theme, user.bench.preferences.zoom = name, zoom
    user.window.looks.dress()
    user.bench.guidance.show_arrows(True)
    found = []
    for title, dataset in DATA.items():
        user.window.header.data.put(dataset())
        # An equation of eight terms in large text has no room at all in the smallest window.
        for size in SIZES if zoom == 1.0 else SIZES[1:]:
            user.window.resize(*size)
            settle(user)
            assert (user.window.width(), user.window.height()) == size
            found += [f"{title}, {size}: {text}" for text in without_a_place(user.window)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("size", SIZES)
def test_at_the_usual_size_of_text_nothing_has_to_be_scrolled_to(
    user: User, size: tuple[int, int]
) -> None:
    # In the smallest window, one neuron with one knob for its weight.
    for title in ("one input", "three inputs")[: 1 if size == SIZES[0] else 2]:
        user.window.header.data.put(DATA[title]())
        user.window.resize(*size)
        settle(user)
        for area in (user.find(QScrollArea, "page"), *user.window.findChildren(Equation)):
            assert area.verticalScrollBar().maximum() == 0, (title, named(area))
            assert area.horizontalScrollBar().maximum() == 0, (title, named(area))


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")
@pytest.mark.parametrize("size", SIZES)
def test_every_part_of_the_transport_can_be_reached_at_every_size(
    user: User, size: tuple[int, int]
) -> None:
    transport = user.window.transport
    user.desk.set_setup(replace(user.desk.setup, optimizer="momentum", clip=0.5))
    user.window.resize(*size)
    settle(user)
    assert transport.width() <= size[0]
    pages = [set(in_sight(transport))]
    if transport.pager.isVisible():
        user.click(transport.pager)
        settle(user)
        assert without_a_place(user.window) == []
        pages.append(set(in_sight(transport)))
        user.click(transport.pager)
    if transport.steps.more.isVisible():
        user.click(transport.steps.more)
        settle(user)
        page = transport.steps.page
        assert [*misplaced(page), *unreadable(page)] == []
        pages.append(set(in_sight(page)))
        page.hide()
    wanted = (
        "platter autoMix backToStart step tenSteps hundredSteps slowStep newStart seed"
        " learningRate learningRateAuto optimizer trainingOptions momentum limiter batchSize tempo"
        " cueA cueH crossfader"
    )
    assert set(wanted.split()) <= set().union(*pages)


def in_sight(widget: QWidget) -> Iterator[str]:
    for child in widget.findChildren(QWidget):
        if child.isVisible() and not child.visibleRegion().isEmpty():
            yield child.objectName()


def test_the_largest_network_of_the_plan_is_whole_above_the_transport(user: User) -> None:
    network_builder.put_data(user.desk, make("spiral", seed=7))
    network_builder.set_hidden(user.desk, (8,) * 6, "the largest")
    settle(user)
    panel = user.window.mixer.network
    assert not panel.overview.isVisible()
    assert not panel.rows_bar.isVisible()
    assert all(knob.isVisible() for matrix in panel.layers for knob in matrix.board.knobs)
    assert user.window.transport.deck.platter.diameter == 150
    page = user.find(QScrollArea, "page")
    assert page.verticalScrollBar().maximum() == page.horizontalScrollBar().maximum() == 0
    assert list(misplaced(user.window)) == []


def test_large_text_in_a_small_window_can_all_be_scrolled_to(user: User) -> None:
    user.window.resize(1024, 640)
    user.window.looks.zoom(2.0)
    settle(user)
    page = user.find(QScrollArea, "page")
    assert page.verticalScrollBar().maximum() > 0
    assert without_a_place(user.window) == []


@pytest.mark.parametrize("moment", ["held", "diverged", "settled", "held out"])
def test_what_comes_and_goes_has_its_place_too(user: User, moment: str) -> None:
    user.window.resize(1024, 640)
    if moment == "held":
        user.press(user.w)
        user.move(30.0)
    elif moment == "held out":
        user.window.header.data.options.held_out.setValue(30)
    else:
        user.desk.set_setup(type(user.desk.setup)(1.2 if moment == "diverged" else None))
        user.key(Qt.Key.Key_Space)
        user.until_it_ends()
    for size in SIZES:
        user.window.resize(*size)
        settle(user)
        assert without_a_place(user.window) == []


@pytest.mark.parametrize("page", ["slice", "landscape", "maths", "knob"])
def test_every_page_of_the_third_monitor_has_its_place(user: User, page: str) -> None:
    monitors = user.window.monitors
    user.bench.preferences.page = page
    user.bench.guidance.show_arrows(True)
    network_builder.put_data(user.desk, make("spiral", seed=7))
    for hidden in ((), (4,), (8,) * 6):
        network_builder.set_hidden(user.desk, hidden, "another network")
        for size in ((1440, 900), (1024, 640)):
            user.window.resize(*size)
            settle(user)
            assert monitors.why.key == page
            bar = monitors.why.bar
            assert bar.height() >= bar.sizeHint().height() > 20
            assert [*misplaced(monitors), *unreadable(monitors)] == []
    first = pixel_sizes(user)
    user.window.looks.zoom(1.4)
    settle(user)
    larger = pixel_sizes(user)
    assert [key for key in first if key in larger and larger[key] <= first[key]] == []


def test_the_chosen_batch_is_written_whole_and_long_names_end_in_an_ellipsis(user: User) -> None:
    user.window.header.data.put(eight_inputs())
    user.window.resize(1024, 640)
    settle(user)
    batch, data = user.find(QComboBox, "batchSize"), user.find(QComboBox, "dataset")
    assert text_room(batch) >= batch.fontMetrics().horizontalAdvance(batch.currentText())
    assert data.width() <= theme.px(330)


def text_room(box: QComboBox) -> int:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    whole, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    return box.style().subControlRect(whole, option, field, box).width()


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")
def test_every_control_says_what_it_is_to_eyes_and_to_a_screen_reader(user: User) -> None:
    user.click(user.window.header.data.more)
    takers = [
        widget
        for widget in user.window.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
        and widget.focusProxy() is None
    ]
    assert len(takers) > 20
    silent = []
    for widget in takers:
        spoken = QAccessible.queryAccessibleInterface(widget)
        name = spoken.text(QAccessible.Text.Name)
        if not name or not widget.toolTip():
            silent.append(f"{named(widget)}: name “{name}”, tooltip “{widget.toolTip()}”")
    assert not silent, "\n".join(silent)


def test_zoom_reaches_every_text_and_comes_back(user: User) -> None:
    user.window.resize(1920, 1080)
    first = pixel_sizes(user)
    user.window.looks.zoom(1.4)
    settle(user)
    larger = pixel_sizes(user)
    # The knobs may have changed to a smaller size, with smaller text beside them.
    same = [key for key in first if key in larger and larger[key] <= first[key]]
    assert [key for key in same if key[0] not in ("KnobTerm", "QWidget")] == []
    user.key(Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    settle(user)
    assert pixel_sizes(user) == first


def pixel_sizes(user: User) -> dict[tuple[str, str, str], int]:
    return {
        (type(widget.parentWidget()).__name__, widget.objectName(), widget.text()): (
            widget.font().pixelSize()
        )
        for widget in user.window.findChildren(QWidget)
        if isinstance(widget, (QLabel, QAbstractButton)) and widget.isVisible()
    }


def test_the_words_of_the_equation_are_in_line_with_the_middle_of_the_dials(user: User) -> None:
    equation = user.window.mixer.equation
    middles = [word.geometry().center().y() for word in equation._words]
    middles += [term.y() + term.axis() for term in equation.terms]
    assert max(middles) - min(middles) <= 1
    rights = [part.geometry() for part in (equation._words[0], equation.terms[0])]
    assert all(one.right() < other.left() for one, other in pairwise(rights))
