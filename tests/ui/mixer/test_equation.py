"""The equation of one neuron: what it is called, what is around it, and the way to more."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from mixer_nn.core import limits
from mixer_nn.core.network import Network
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import network_on
from mixer_nn.ui.mixer.equation import Equation

if TYPE_CHECKING:
    from tests.ui.conftest import User

OpenWindow = Callable[[tuple[int, int]], "User"]
SIZES = [(1024, 640), (1440, 900)]
DATA = {"line": ("noisy-line", ()), "classes": ("gaussians", ()), "six": ("plane", ("x1^2", "x2^2",
        "x1*x2", "sin(x1)"))}  # fmt: skip


def put(user: User, data: str, features: tuple[str, ...] = (), loss: str | None = None) -> None:
    mix = network_on(make(data, seed=3), 3, (), features=features)
    if loss is not None:
        mix = replace(mix, problem=replace(mix.problem, loss_name=loss))
    user.desk.put(replace(mix, run=user.desk.history.new_run()), "other data")
    user.desk.flush()
    user.frames(3)


def equation(user: User) -> Equation:
    return user.window.mixer.equation


def words(user: User) -> list[str]:
    """What stands between the knobs, from left to right."""
    return [label.text() for label in equation(user)._words]


@pytest.mark.parametrize(
    ("data", "loss", "first", "remark", "units"),
    [
        ("noisy-line", None, "ŷ =", None, "y = "),
        ("gaussians", None, "logit =", "P(B) = σ(logit)", "log-odds of B = "),
        ("gaussians", "hinge", "score =", "B if score > 0", "score of B = "),
    ],
)
def test_the_sum_is_called_what_it_is(
    user: User, data: str, loss: str | None, first: str, remark: str | None, units: str
) -> None:
    put(user, data, loss=loss)
    assert words(user)[0] == first
    found = user.window.findChild(QLabel, "equation.class")
    assert (found.text() if isinstance(found, QLabel) else None) == remark
    assert user.window.mixer.data_units.text().startswith(units)


def test_another_loss_names_it_anew(user: User) -> None:
    put(user, "gaussians")
    problem = user.desk.mix.problem
    user.desk.set_problem(replace(problem, loss_name="hinge"), "loss: hinge")
    user.frames(2)
    assert words(user)[0] == "score ="
    assert len(equation(user).terms) == 3
    user.undo()
    assert words(user)[0] == "logit ="


@pytest.mark.parametrize(("activation", "name"), [("tanh", "tanh"), ("relu", "ReLU")])
def test_a_bend_stands_around_the_sum(user: User, activation: str, name: str) -> None:
    problem = user.desk.mix.problem
    user.desk.set_problem(replace(problem, network=Network((1, 1), (activation,))), activation)
    user.frames(2)
    assert words(user) == [f"ŷ = {name}(", "· x +", ")"]


def test_the_plus_at_its_end_adds_a_hidden_layer_as_one_step_of_undo(user: User) -> None:
    before = user.desk.mix
    user.click("equation.addLayer")
    assert user.desk.mix.network.sizes == (1, 4, 1)
    assert not user.find(QWidget, "equation.addLayer").isVisible()
    user.undo()
    assert user.desk.mix is before


def test_the_plus_is_reached_by_tab_and_pressed_by_the_space_bar(user: User) -> None:
    slot = user.find(QWidget, "equation.addLayer")
    assert slot.accessibleName()
    user.window.mixer.equation.terms[-1].lock.setFocus(Qt.FocusReason.TabFocusReason)
    user.key(Qt.Key.Key_Tab)
    assert user.focus is slot
    user.key(Qt.Key.Key_Space)
    assert user.desk.mix.network.sizes == (1, 4, 1)
    assert not user.bench.automix.playing


def test_where_a_layer_would_be_too_much_a_sentence_says_so(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = user.desk.mix
    monkeypatch.setattr(limits, "MOST_PARAMETERS", 10)
    user.click("equation.addLayer")
    assert user.desk.mix is before
    assert "10 are the most" in user.text("messageText")


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("kind", DATA)
def test_everything_has_its_place_and_nothing_is_cut_off(
    clock_stopped: None, open_window: OpenWindow, size: tuple[int, int], kind: str
) -> None:
    user = open_window(size)
    put(user, *DATA[kind])
    QApplication.processEvents()  # other data have laid the mixer out anew
    shown = equation(user)
    room = shown.viewport().geometry()
    slot = placed(user.find(QWidget, "equation.addLayer"), shown)
    assert shown.rect().contains(slot), "the plus is in view"
    remark = user.window.findChild(QLabel, "equation.class")
    labels = [*shown._words, *([remark] if remark else [])]
    parts = [placed(part, shown) for part in (*shown.terms, *labels)]
    for part in parts:
        assert room.left() <= part.left()
        assert part.right() < slot.left()
    assert all(room.contains(part) for part in parts) or shown.verticalScrollBar().maximum() > 0
    for one, other in itertools.combinations(parts, 2):
        assert not one.intersects(other)
    for label in labels:
        assert label.width() >= label.sizeHint().width(), label.text()


def placed(part: QWidget, area: Equation) -> QRect:
    return QRect(part.mapTo(area, QPoint(0, 0)), part.size())
