"""Fit, Loss and the third monitor: who stands where, at which width, with which network."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import network_on
from tests.ui.conftest import User

PAGES: tuple[str, ...] = ("slice", "landscape", "maths", "knob")
DEEP = (8, 8, 8, 8, 8, 8)


def put_network(user: User, hidden: tuple[int, ...]) -> None:
    mix = network_on(make("spiral", seed=7), 7, hidden)
    user.desk.put(replace(mix, run=user.desk.history.new_run()), "a network")
    settle(user)


def settle(user: User) -> None:
    """A frame, and whatever is laid out after it."""
    user.frames(2)
    QApplication.processEvents()


def click_tab(user: User, key: str) -> None:
    bar = user.window.monitors.why.bar
    middle = bar.tabRect(user.window.monitors.why.keys.index(key)).center()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=middle)


def lies_in(widget: QWidget, around: QWidget) -> bool:
    corner = widget.mapTo(widget.window(), QPoint(0, 0))
    frame = QRect(around.mapTo(around.window(), QPoint(0, 0)), around.size())
    return widget.isVisible() and frame.contains(QRect(corner, widget.size()))


def test_three_monitors_stand_next_to_each_other(user: User) -> None:
    row = user.window.monitors
    assert [row.widget(i) for i in range(row.count())] == [row.fit, row.loss, row.why]
    assert row.why.keys == PAGES
    assert row.why.key == "landscape"  # one neuron begins with its bowl


def test_a_network_begins_with_a_slice_until_a_page_is_chosen(user: User) -> None:
    put_network(user, (4,))
    assert user.window.monitors.why.key == "slice"
    click_tab(user, "maths")
    assert user.bench.preferences.page == "maths"
    user.desk.undo()
    user.frames()
    assert user.window.monitors.why.key == "maths"


def test_only_the_page_in_front_is_seen(user: User) -> None:
    row = user.window.monitors
    views = dict(zip(PAGES, (row.slice, row.landscape, row.maths, row.inspector), strict=True))
    for key in PAGES:
        click_tab(user, key)
        assert [name for name, view in views.items() if view.isVisible()] == [key]


def test_tabs_are_turned_with_the_keyboard(user: User) -> None:
    bar = user.window.monitors.why.bar
    bar.setFocus(Qt.FocusReason.TabFocusReason)
    before = user.window.monitors.why.key
    QTest.keyClick(bar, Qt.Key.Key_Right)
    assert user.window.monitors.why.key == PAGES[PAGES.index(before) + 1]


@pytest.mark.parametrize("hidden", [(), (6, 4), DEEP])
def test_in_a_narrow_window_the_loss_is_a_page(user: User, hidden: tuple[int, ...]) -> None:
    if hidden:
        put_network(user, hidden)
    row = user.window.monitors
    chosen = row.why.key
    user.window.resize(1024, 640)
    settle(user)
    assert row.count() == 2
    assert row.why.keys == ("loss", *PAGES)
    assert row.why.key == chosen
    assert user.bench.preferences.page == ""
    click_tab(user, "loss")
    assert row.loss.isVisible()
    assert lies_in(row.loss.plot, row.why)
    user.window.resize(1440, 900)
    settle(user)
    assert row.indexOf(row.loss) == 1
    assert row.loss.isVisible()
    assert row.why.keys == PAGES


def test_a_large_network_sends_loss_and_knob_up_and_one_neuron_takes_them_back(user: User) -> None:
    row, mixer = user.window.monitors, user.window.mixer
    put_network(user, DEEP)
    click_tab(user, "knob")
    assert lies_in(mixer.readout, row.loss)
    assert lies_in(mixer.selected, row.inspector)
    user.desk.turn(3, 0.25)
    user.frames()
    assert user.number("loss") == pytest.approx(user.bench.readings.loss, rel=6e-4)
    put_network(user, (4,))
    assert lies_in(mixer.readout, mixer)
    assert lies_in(mixer.selected, mixer)
    for _ in range(3):
        user.desk.undo()
    settle(user)
    assert lies_in(mixer.readout, mixer)
    assert not mixer.selected.isVisible()
    user.w.setFocus()
    user.assert_all_agree()


def test_a_narrow_window_goes_from_pages_back_to_the_equation(user: User) -> None:
    user.window.resize(1024, 640)
    put_network(user, (8, 8))
    row, mixer = user.window.monitors, user.window.mixer
    click_tab(user, "loss")
    assert lies_in(mixer.readout, row.loss)
    user.desk.undo()
    settle(user)
    assert lies_in(mixer.readout, mixer)
    assert not mixer.selected.isVisible()


@pytest.mark.parametrize("width", [1024, 1440])
def test_panels_are_hidden_and_shown_by_the_menu(user: User, width: int) -> None:
    user.window.resize(width, 800)
    user.frames()
    row = user.window.monitors
    for name in ("panelFit", "panelLoss", "panelWhy"):
        user.trigger(name)
    assert not row.isVisible()
    user.trigger("panelLoss")
    assert row.loss.isVisible()
    assert not row.fit.isVisible()
    assert row.why.isVisible() == (width == 1024)
    for name in ("panelFit", "panelWhy"):
        user.trigger(name)
    assert row.fit.isVisible()
    assert row.why.isVisible()
