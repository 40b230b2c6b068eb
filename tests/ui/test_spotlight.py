"""Spotlight: a click on a data point, and every ring shows that point's own pull."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import network_on, neuron_on
from mixer_nn.ui import theme
from mixer_nn.ui.controls.board_knob import BoardKnob

if TYPE_CHECKING:
    from mixer_nn.session.mix import Mix
    from mixer_nn.ui.monitors.fit_picture import FitPicture
    from tests.ui.conftest import User

P, SHIFT = Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier


def put(user: User, mix: Mix) -> None:
    user.desk.put(replace(mix, run=user.desk.history.new_run()), "other data")
    user.frames(3)


def picture(user: User) -> FitPicture:
    shown = user.window.fit.picture
    assert shown is not None
    return shown


def click_at(user: User, x: float, y: float) -> None:
    plot = user.window.fit.plot
    pixel: QPoint = plot.mapFromScene(plot.box.mapViewToScene(QPointF(x, y)))
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel)
    user.frames()


def click_row(user: User, row: int) -> None:
    click_at(user, *picture(user).places[row])


def lit_row(user: User) -> int | None:
    return user.bench.spotlight.row


def shown_pull(user: User, index: int) -> float:
    """What stands beside a knob of the equation while a row is lit."""
    words, number = user.window.mixer.equation.terms[index].slope.text().split("\n")
    row = lit_row(user)
    assert row is not None
    assert words == f"pull of row {row + 1}"
    return float(number.replace("−", "-"))


def pulls_by_clicks(user: User, loss: str) -> dict[int, float]:
    """The pull on the bias that the screen shows for each row, clicked one after the other."""
    put(user, neuron_on(make("outliers", seed=3), 3))
    problem = user.desk.mix.problem
    user.desk.set_problem(replace(problem, loss_name=loss), loss)
    user.bench.automix.step(300)
    user.frames(3)
    QApplication.processEvents()  # the equation is laid out anew
    pulls = {}
    for row in range(user.desk.mix.dataset.rows):
        click_row(user, row)
        assert lit_row(user) == row
        pulls[row] = shown_pull(user, 1)
        assert user.b.look.slope == -np.sign(pulls[row])
    return pulls


def outlier(user: User) -> int:
    """The row that lies farthest from all the others' line, whatever the knobs say."""
    dataset = user.desk.mix.dataset
    x, y = dataset.inputs[:, 0], dataset.targets[:, 0]
    middle = np.median(y - 1.5 * x)
    return int(np.abs(y - 1.5 * x - middle).argmax())


def test_under_squared_error_the_outlier_pulls_hardest(user: User) -> None:
    pulls = pulls_by_clicks(user, "mse")
    worst = outlier(user)
    sizes = {row: abs(pull) for row, pull in pulls.items()}
    assert max(sizes, key=sizes.__getitem__) == worst
    assert sizes[worst] > 5.0 * np.median(list(sizes.values()))
    click_row(user, worst)
    strength = user.b.look.strength
    click_row(user, int(np.argsort(list(sizes.values()))[len(sizes) // 2]))
    assert user.b.look.strength < strength, "and its ring is drawn out further"


def test_under_absolute_error_it_pulls_no_harder_than_any(user: User) -> None:
    pulls = pulls_by_clicks(user, "mae")
    assert {abs(pull) for pull in pulls.values()} == {1.0}
    click_row(user, outlier(user))
    strength = user.b.look.strength
    click_row(user, 0)
    assert user.b.look.strength == strength


def test_a_click_lights_a_row_and_says_what_the_rings_show(user: User) -> None:
    assert user.w.look.slope == 0
    click_row(user, 16)
    shown, lit = picture(user), user.picture().standouts
    assert user.w.look.slope != 0, "the rings come with the light"
    assert user.text("messageText").startswith("Row 17 pulls: the rings show this point's own pull")
    assert user.window.fit.plot.accessibleDescription().startswith("row 17 pulls")
    user.window.fit.plot.left.emit()
    assert user.window.fit.read_out.full_text.startswith("row 17 pulls")
    np.testing.assert_array_equal(np.column_stack(lit.rings.getData()), shown.places[[16]])
    assert lit.rings.opts["pen"].color() == QColor(theme.current().accent)
    assert shown.train.opacity() < 0.5 < lit.dots.opacity()
    x, y = lit.misses.getData()
    np.testing.assert_allclose(x, shown.places[[16, 16], 0])
    np.testing.assert_allclose(y, [shown.places[16, 1], shown.predicted[16]])
    assert lit.misses.opts["pen"].widthF() > 2.0 * user.picture().miss.opts["pen"].widthF()


def test_the_lit_miss_follows_a_turned_knob_in_the_same_frame(user: User) -> None:
    click_row(user, 16)
    before = shown_pull(user, 1)
    user.drag(user.b, 20.0)
    shown = user.picture()
    assert shown.standouts.misses.getData()[1][1] == pytest.approx(shown.predicted[16])
    assert shown_pull(user, 1) != before


def test_the_same_row_or_beside_it_or_escape_puts_it_out(user: User) -> None:
    (left, right), (bottom, _) = user.window.fit.plot.ranges
    ends: tuple[Callable[[], None], ...] = (
        lambda: click_row(user, 16),
        lambda: click_at(user, right - 0.1 * (right - left), bottom + 0.2),
        lambda: user.key(Qt.Key.Key_Escape),
    )
    for end in ends:
        click_row(user, 16)
        assert lit_row(user) == 16
        end()
        assert lit_row(user) is None
        assert user.w.look.slope == 0
        assert not len(user.picture().standouts.rings.getData()[0])
        assert not len(user.picture().standouts.misses.getData()[0])
        assert picture(user).train.opacity() == 1.0
        assert "pull" not in user.text("messageText")
    user.key(Qt.Key.Key_W)
    assert user.window.mixer.equation.terms[0].slope.text().startswith("slope ")


def test_keys_go_from_row_to_row(user: User) -> None:
    user.key(P)
    assert lit_row(user) == 0
    user.key(P)
    assert lit_row(user) == 1
    user.key(P, SHIFT)
    user.key(P, SHIFT)
    assert lit_row(user) == user.desk.mix.dataset.rows - 1
    assert not user.desk.undo_stack.can_undo


def test_while_points_are_edited_a_click_takes_hold_and_lights_nothing(user: User) -> None:
    user.click("fitEdit")
    click_row(user, 16)
    assert lit_row(user) is None
    user.key(P)
    assert lit_row(user) == 0
    rows = user.desk.mix.dataset.rows
    (left, right), (bottom, top) = user.window.fit.plot.ranges
    click_at(user, right - 0.1 * (right - left), bottom + 0.1 * (top - bottom))
    assert user.desk.mix.dataset.rows == rows + 1
    assert lit_row(user) == 0


def test_a_held_out_row_has_a_pull_and_is_said_not_to_train(user: User) -> None:
    put(user, neuron_on(make("noisy-line", seed=7).split(0.3, np.random.default_rng(0)), 7))
    row = int(np.flatnonzero(user.desk.mix.dataset.held_out)[0])
    click_row(user, row)
    assert abs(shown_pull(user, 1)) > 0.0
    assert "held out and does not train" in user.text("messageText")


@pytest.mark.parametrize(
    ("data", "hidden"), [("spiral", (4,)), ("hills", (3,)), ("blobs", ()), ("sine", (4,))]
)
def test_every_kind_of_picture_lights_its_rows(
    user: User, data: str, hidden: tuple[int, ...]
) -> None:
    put(user, network_on(make(data, seed=3, points=40), 3, hidden))
    # Some lie on others; a click means the nearest, and so does the test.
    places = picture(user).places
    row = int(np.argmax(places[:, 0] + places[:, 1]))
    click_row(user, row)
    lit = picture(user).standouts
    assert lit_row(user) == row
    np.testing.assert_array_equal(np.column_stack(lit.rings.getData()), places[[row]])
    assert all(dots.opacity() < 0.5 for dots in picture(user).dots)
    pull = user.bench.readings.pull
    assert pull is not None
    knob = user.find(BoardKnob, "layer1.neuron1.weight1")
    assert knob.look.slope in (0, -np.sign(pull[0]))
    user.bench.selection.choose(0)
    user.frames()
    words = user.find(QLabel, "selectedKnob.slope").text()
    assert words.startswith(f"pull of row {row + 1}")
    user.key(Qt.Key.Key_Escape)
    assert not len(lit.dots.getData()[0])


def test_auto_mix_takes_no_notice(user: User) -> None:
    user.key(Qt.Key.Key_S)
    state = user.desk.mix.state
    user.undo()
    click_row(user, 16)
    user.key(Qt.Key.Key_S)
    assert user.desk.mix.state.same(state)
    assert lit_row(user) == 16
