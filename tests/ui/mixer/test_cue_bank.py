"""Hot cues by a person's hand: pads, their menu, the keys, and where they are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import network_on
from mixer_nn.ui.controls.name_edit import NameEdit
from mixer_nn.ui.controls.pad import Pad
from mixer_nn.ui.mixer.cue_menu import CueMenu
from mixer_nn.ui.monitors.landscape_view import LandscapeView
from mixer_nn.ui.network_builder import add_layer, put_data

if TYPE_CHECKING:
    from tests.ui.conftest import User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def pad(user: User, letter: str) -> Pad:
    return user.find(Pad, f"cue{letter}")


def steps(user: User, count: int) -> None:
    user.bench.automix.step(count)
    user.frames()


def open_menu(user: User, letter: str, by: QContextMenuEvent.Reason) -> CueMenu:
    widget = pad(user, letter)
    at = QPoint(5, 5)
    QApplication.sendEvent(widget, QContextMenuEvent(by, at, widget.mapToGlobal(at)))
    return user.find(CueMenu, "cueMenu")


def choose(user: User, letter: str, beginning: str) -> None:
    """Choose from the menu that a right click opens."""
    menu = open_menu(user, letter, QContextMenuEvent.Reason.Mouse)
    action = next(a for a in menu.actions() if a.text().startswith(beginning))
    at = menu.actionGeometry(action).center()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QApplication.processEvents()
    user.window.activateWindow()  # which a window system does when the menu has gone
    QApplication.processEvents()
    user.frames()


def show_landscape(user: User) -> LandscapeView:
    pages = user.window.monitors.why
    middle = pages.bar.tabRect(pages.keys.index("landscape")).center()
    QTest.mouseClick(pages.bar, Qt.MouseButton.LeftButton, pos=middle)
    user.frames(60)
    return user.find(LandscapeView, "landscape")


def words(user: User, letter: str) -> str:
    return pad(user, letter).accessibleName()


def test_eight_pads_wait_at_first(user: User) -> None:
    for letter in "ABCDEFGH":
        assert pad(user, letter).isVisible()
        assert not pad(user, letter).is_full
        assert words(user, letter) == f"hot cue {letter}, empty"


def test_a_click_stores_and_the_next_one_is_back_there_at_once(user: User) -> None:
    steps(user, 5)
    there = user.desk.mix
    user.click("cueA")
    assert pad(user, "A").is_full
    assert pad(user, "A").is_current
    steps(user, 20)
    assert not pad(user, "A").is_current
    away = user.desk.mix
    user.click("cueA")
    assert user.desk.mix.state.same(there.state)
    assert pad(user, "A").is_current
    user.assert_all_agree()
    user.undo()
    assert user.desk.mix.state.same(away.state)
    user.redo()
    assert user.desk.mix.state.same(there.state)


def test_a_pad_says_what_it_keeps(user: User) -> None:
    steps(user, 5)
    user.click("cueC")
    loss = user.desk.losses[0]
    assert words(user, "C") == f"hot cue C, loss {loss:.3f}, move 5, current"
    assert f"loss {loss:.3f}, move 5" in pad(user, "C").toolTip()
    user.bench.cues.name(2, "five steps")
    user.frames()
    assert words(user, "C").startswith("hot cue C, five steps, loss ")


def test_shift_stores_anew(user: User) -> None:
    user.click("cueB")
    steps(user, 3)
    user.click("cueB", SHIFT)
    cue = user.bench.cues.content(1)
    assert cue is not None
    assert cue.mix.moves == 3


@pytest.mark.parametrize(("key", "slot"), [(Key.Key_F2, 0), (Key.Key_F5, 3), (Key.Key_F9, 7)])
def test_function_keys_do_what_a_click_does(user: User, key: Qt.Key, slot: int) -> None:
    steps(user, 4)
    there = user.desk.mix
    user.key(key)
    cue = user.bench.cues.content(slot)
    assert cue is not None
    assert cue.mix.state is there.state
    steps(user, 4)
    user.key(key)
    assert user.desk.mix.state.same(there.state)
    steps(user, 9)
    user.key(key, SHIFT)
    cue = user.bench.cues.content(slot)
    assert cue is not None
    assert cue.mix.moves == there.moves + 9


def test_the_menu_of_an_empty_pad_stores(user: User) -> None:
    menu = open_menu(user, "A", QContextMenuEvent.Reason.Keyboard)
    assert [action.text().split("\t")[0] for action in menu.actions()] == ["Store here"]
    menu.close()
    choose(user, "A", "Store here")
    assert pad(user, "A").is_full


def test_the_menu_names_overwrites_and_clears(user: User) -> None:
    user.click("cueA")
    choose(user, "A", "Name…")
    editor = user.find(NameEdit, "cueName")
    assert editor.placeholderText() == "name of cue A"
    assert user.focus is editor
    user.type_on("start here")
    user.key(Key.Key_Return)
    cue = user.bench.cues.content(0)
    assert cue is not None
    assert cue.name == "start here"
    steps(user, 2)
    choose(user, "A", "Overwrite")
    cue = user.bench.cues.content(0)
    assert cue is not None
    assert cue.mix.moves == 2
    choose(user, "A", "Clear")
    assert not pad(user, "A").is_full
    for _ in range(4):  # it was cleared, overwritten after some steps, and named
        user.undo()
    assert pad(user, "A").is_full
    assert words(user, "A").startswith("hot cue A, loss ")


def test_a_name_is_given_up_with_escape(user: User) -> None:
    user.click("cueA")
    user.window.transport.cues.ask_name(0)
    user.type_on("never mind")
    user.key(Key.Key_Escape)
    cue = user.bench.cues.content(0)
    assert cue is not None
    assert cue.name == ""


def test_keys_that_are_typed_into_a_name_do_nothing_else(user: User) -> None:
    user.click("cueA")
    before = user.desk.mix
    user.window.transport.cues.ask_name(0)
    user.type_on("b s n")
    assert user.desk.mix is before
    assert not user.bench.automix.playing


def test_the_menu_puts_it_on_an_end_of_the_crossfader(user: User) -> None:
    user.click("cueD")
    choose(user, "D", "Put on A")
    choose(user, "D", "Put on B")
    assert user.bench.fading.ends == ("D", "D")


def test_cues_stand_in_the_mix_menu_by_name(user: User) -> None:
    user.click("cueA")
    user.bench.cues.name(0, "early")
    user.frames()
    action = user.find(QAction, "action.cueA")
    menus = [menu for menu in action.associatedObjects() if isinstance(menu, QWidget)]
    menu = next(menu for menu in menus if menu.property("title") == "Cues")
    menu.aboutToShow.emit()  # type: ignore[attr-defined]
    assert action.text() == "Go to cue A early"
    assert user.find(QAction, "action.cueB").text() == "Store cue B"
    steps(user, 3)
    user.trigger("cueA")
    assert user.desk.mix.moves == 0


def test_a_cue_of_other_data_is_refused_in_the_message_line(user: User) -> None:
    user.click("cueA")
    put_data(user.desk, make("blobs", seed=1))
    user.frames()
    before = user.desk.mix
    user.click("cueA")
    assert user.desk.mix is before
    assert user.text("messageText").startswith("Cue A was stored with other data")


def test_pointers_glide_to_a_cue_and_numbers_do_not(user: User) -> None:
    user.desk.turn(0, 3.0)
    user.frames(10)
    user.click("cueA")
    user.desk.turn(0, -3.0)
    user.frames(10)
    user.bench.cues.jump(0)
    user.frames(1)
    assert user.w.value == 3.0
    user.assert_all_agree()
    there = user.w.taper.to_position(3.0)
    seen = [user.w.look.position]
    assert seen[0] < there - 0.2
    for _ in range(5):  # not a tenth of a second
        user.frames(1)
        seen.append(user.w.look.position)
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(there, abs=1e-3)
    user.frames(2)
    assert not user.bench.clock.is_running


def test_with_reduced_motion_nothing_glides(user: User) -> None:
    user.bench.preferences.reduced_motion = True
    user.desk.turn(0, 3.0)
    user.frames()
    user.click("cueA")
    user.desk.turn(0, -3.0)
    user.frames()
    user.bench.cues.jump(0)
    user.frames(1)
    there = user.w.taper.to_position(3.0)
    assert user.w.look.position == pytest.approx(there, abs=1e-3)


def test_cues_are_marked_on_the_loss_curve_where_they_were_stored(user: User) -> None:
    marks = user.window.loss.cues
    assert marks.places == {}
    steps(user, 6)
    user.click("cueA")
    loss = user.desk.losses[0]
    steps(user, 6)
    user.click("cueH")
    assert set(marks.places) == {"A", "H"}
    assert marks.places["A"] == pytest.approx((6.0, np.log10(loss)))
    user.click("lossScale")
    assert marks.places["A"] == pytest.approx((6.0, loss))
    user.click("cueA")  # in its branch the future of A is another
    assert set(marks.places) == {"A"}
    user.desk.new_start(5)
    user.frames()
    assert marks.places == {}


def test_marks_are_placed_again_only_when_something_has_changed(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(30):
        steps(user, 2)
    user.click("cueA")
    steps(user, 1)
    shown: list[object] = []
    monkeypatch.setattr(user.window.loss.cues, "show", shown.append)
    before = user.window.loss.plot.ranges
    for _ in range(3):
        steps(user, 1)
    assert user.window.loss.plot.ranges == before
    assert shown == []


def test_a_mark_hangs_under_its_place_where_there_is_no_room_over_it(user: User) -> None:
    plot, marks = user.window.loss.plot, user.window.loss.cues.marks
    user.click("cueA")
    for _ in range(40):
        steps(user, 2)
    user.click("cueB")
    plot.setFixedHeight(110)
    QApplication.processEvents()
    steps(user, 1)
    assert [mark.hangs for mark in marks[:2]] == [True, False]
    for mark in marks[:2]:
        box, place = mark.boundingRect(), mark.place
        assert place is not None
        under_top = (plot.ranges[1][1] - place[1]) / plot.pixel_size()[1]
        assert under_top + box.top() >= -2.0
        assert under_top + box.bottom() <= plot.area().height() + 2.0


def test_cues_are_marked_on_the_landscape(user: User) -> None:
    view = show_landscape(user)
    steps(user, 6)
    user.click("cueA")
    w, b = user.desk.mix.parameters
    steps(user, 6)
    assert view.cues.places == {"A": pytest.approx((w, b))}
    add_layer(user.desk)
    user.frames()
    show_landscape(user)
    assert view.cues.places == {}  # it has another network


def test_in_the_plane_of_a_run_a_cue_is_projected(user: User) -> None:
    user.desk.put(network_on(make("moons", seed=1, points=60), 1, (3,)), "moons")
    user.frames()
    view = show_landscape(user)
    steps(user, 10)
    user.click("cueA")
    for _ in range(5):
        steps(user, 10)
    user.bench.surveying.show_run(True)
    user.frames(60)
    survey = user.bench.surveying.look()
    assert survey is not None
    cue = user.bench.cues.content(0)
    assert cue is not None
    x, y = survey.subject.plane.place(cue.mix.parameters)
    assert view.cues.places == {"A": pytest.approx((x, y))}
