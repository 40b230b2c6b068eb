"""One step in slow motion on the whole window, with real keys and clicks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Setup, network_on
from mixer_nn.state.slow_motion import Phase, Stage
from mixer_nn.ui.controls.board_knob import BoardKnob
from mixer_nn.ui.mixer.player_button import PlayerButton

if TYPE_CHECKING:
    from tests.ui.conftest import User

M, SHIFT, ESCAPE = Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_Escape
UserOf = Callable[[tuple[int, ...]], "User"]


@pytest.fixture
def user_of(user: User) -> UserOf:
    """Somebody at a window with a network on two classes, some steps of Adam into an epoch."""

    def put(hidden: tuple[int, ...]) -> User:
        mix = network_on(make("spiral", seed=3, points=60), 3, hidden)
        user.desk.put(replace(mix, run=user.desk.history.new_run()), "a network")
        user.desk.set_setup(Setup(optimizer="adam", batch_size=7))
        user.frames(3)
        user.key(Qt.Key.Key_S, SHIFT)
        return user

    return put


def caption(user: User) -> str:
    return f"{user.text('slowPhase')}: {user.text('slowCaption')}"


def numbers(user: User) -> list[float]:
    """The decimal numbers in the caption."""
    return [float(number) for number in re.findall(r"\d+\.\d+", user.text("slowCaption"))]


def go_to(user: User, stage: Stage) -> None:
    while user.bench.slow_motion.stage is not stage:
        user.key(M)


def lit(user: User) -> list[frozenset[int]]:
    return [matrix.lit_columns for matrix in user.window.mixer.network.layers]


def faded(user: User) -> list[list[bool]]:
    layers = user.window.mixer.network.layers
    return [[foot.meter.is_faded for foot in matrix.feet] for matrix in layers]


def test_with_the_keys_through_all_phases_to_the_very_step(user_of: UserOf) -> None:
    user = user_of((4,))
    count = user.desk.undo_stack.count
    user.key(Qt.Key.Key_S)
    expected = user.desk.mix.state
    user.undo()
    seen = []
    user.key(M)
    while user.bench.slow_motion.is_on:
        seen.append(caption(user).split(":")[0])
        user.key(M)
    assert seen == [
        "Forward 1/6", "Forward 2/6", "Loss 3/6", "Backward 4/6", "Backward 5/6", "Update 6/6"
    ]  # fmt: skip
    assert user.desk.mix.state.same(expected)
    assert user.desk.undo_stack.count == count + 1
    assert not user.find(QWidget, "slowMotion").isVisible()


def test_captions_tell_of_the_batch_that_the_step_takes(user_of: UserOf) -> None:
    user = user_of((6, 4))
    mix = user.desk.mix
    user.key(M)
    step = user.bench.slow_motion.step
    assert step is not None
    assert caption(user) == (
        "Forward 1/8: Layer 1's six neurons mix the two inputs of this batch's 7 of 60 rows, add a"
        " bias, and bend the sum with tanh."
    )
    user.key(M)
    assert caption(user) == (
        "Forward 2/8: Layer 2's four neurons mix the six of layer 1, add a bias, and bend the sum"
        " with tanh."
    )
    user.key(M)
    assert "the four of layer 2" in caption(user)
    user.key(M)
    logits = mix.problem.predict(mix.parameters, mix.dataset.inputs[step.rows])[:, 0]
    sides = 2.0 * mix.dataset.targets[step.rows, 0] - 1.0
    loss = float(np.mean(np.log1p(np.exp(-sides * logits))))
    assert numbers(user) == pytest.approx([loss, user.bench.readings.loss], rel=1e-3)
    user.key(M)
    assert "output's 5 knobs" in caption(user)
    user.key(M)
    assert "layer 2: each of its 28 knobs" in caption(user)
    before = user.bench.readings.loss
    user.key(M)
    user.key(M)
    after = user.bench.readings.loss
    assert "Adam scales each" in caption(user)
    assert numbers(user) == pytest.approx([before, after], rel=1e-3)


def test_channels_light_up_one_after_the_other(user_of: UserOf) -> None:
    user = user_of((4,))
    user.key(M)
    assert lit(user) == [frozenset({0}), frozenset()]
    assert faded(user) == [[False, True, True, True], [True]]
    user.frames(80)
    assert lit(user) == [frozenset(range(4)), frozenset()]
    assert faded(user) == [[False] * 4, [True]]
    go_to(user, Stage.LOSS)
    assert lit(user) == [frozenset(), frozenset()]
    assert faded(user) == [[False] * 4, [False]]


def test_rings_come_layer_by_layer_from_the_output_back(user_of: UserOf) -> None:
    user = user_of((4,))
    user.key(Qt.Key.Key_W)
    names = ("layer1.neuron1.bias", "layer2.neuron1.bias")
    first, last = (user.find(BoardKnob, name) for name in names)
    assert first.look.slope
    assert last.look.slope
    user.key(M)
    assert (first.look.slope, last.look.slope) == (0, 0), "though they were asked for"
    go_to(user, Stage.BACKWARD)
    step = user.bench.slow_motion.step
    assert step is not None
    assert (first.look.slope, last.look.slope) == (0, -np.sign(step.slopes[last.index]))
    user.key(M)
    assert first.look.slope == -np.sign(step.slopes[first.index])
    user.key(ESCAPE)
    assert first.look.slope


def test_for_one_neuron_the_signs_of_the_equation_light_up(user: User) -> None:
    equation = user.window.mixer.equation

    def kinds() -> list[str]:
        x, w, b = equation._words[1], equation.terms[0].value, equation.terms[1].value
        return [str(label.property("kind") or "") for label in (x, w, b, equation._words[0])]

    user.key(M)
    assert kinds() == ["accent", "dim", "dim", "dim"]
    user.frames(80)
    assert kinds() == ["accent"] * 4
    user.key(M)
    assert kinds() == ["", "", "", "accent"]
    assert caption(user).startswith("Loss 2/4: The mean of 40 squared misses is ")
    assert user.w.look.slope == 0
    user.key(M)
    assert user.w.look.slope != 0
    user.key(M)
    user.key(M)
    assert kinds() == [""] * 4
    user.assert_all_agree()


@pytest.mark.parametrize("batch", [0, 7])
def test_in_the_loss_phase_the_misses_of_its_rows_are_thick(user: User, batch: int) -> None:
    user.desk.set_setup(Setup(batch_size=batch))
    user.key(M)
    shown = user.picture()
    assert not len(shown.standouts.misses.getData()[0])
    go_to(user, Stage.LOSS)
    step = user.bench.slow_motion.step
    assert step is not None
    x = shown.standouts.misses.getData()[0][::2]
    np.testing.assert_allclose(np.sort(x), np.sort(user.desk.mix.dataset.inputs[step.rows, 0]))
    assert (shown.train.opacity() < 0.5) == bool(batch)
    user.key(ESCAPE)
    assert not len(shown.standouts.misses.getData()[0])
    assert shown.train.opacity() == 1.0


def test_in_the_last_phase_all_knobs_turn_slowly_and_their_numbers_are_there_at_once(
    user: User,
) -> None:
    user.desk.set_setup(Setup(learning_rate=0.3))
    user.key(M)
    go_to(user, Stage.BACKWARD)
    before = user.w.look.position
    user.key(M)
    assert user.window.mixer.equation.terms[0].value.text() == f"{user.w.value:.3f}"
    assert user.number("loss") == pytest.approx(user.bench.readings.loss, rel=6e-4)
    user.frames(25)
    aim = user.w.taper.to_position(user.w.value)
    gone = (user.w.look.position - before) / (aim - before)
    assert 0.2 < gone < 0.8
    user.frames(30)
    assert user.w.look.position == pytest.approx(aim, abs=1e-3)


def test_with_reduced_motion_they_are_there_at_once_too(user: User) -> None:
    user.bench.preferences.reduced_motion = True
    user.key(M)
    go_to(user, Stage.UPDATE)
    aim = user.w.taper.to_position(user.w.value)
    assert user.w.look.position == pytest.approx(aim, abs=1e-3)


def test_the_button_begins_it_and_it_plays_to_the_end(user: User) -> None:
    user.click("slowStep")
    play = user.find(PlayerButton, "slowPlay")
    assert user.find(QWidget, "slowMotion").isVisible()
    assert not user.find(QWidget, "messageText").isVisible()
    assert play.sign == "pause"
    assert user.text("slowPace") == "2.4 s"
    user.frames_until(lambda: not user.bench.slow_motion.is_on, 4 * 151)
    assert user.desk.mix.state.step == 1
    assert user.find(QWidget, "messageText").isVisible()


def test_the_buttons_go_to_and_fro(user: User) -> None:
    user.click("slowStep")
    slow = user.bench.slow_motion
    user.click("slowNext")
    assert slow.phase == Phase(Stage.LOSS)
    assert user.find(PlayerButton, "slowPlay").sign == "play"
    user.click("slowNext")
    user.click("slowBack")
    user.key(M, SHIFT)
    assert slow.phase == Phase(Stage.FORWARD, 1)
    assert not user.find(QWidget, "slowFirst").isEnabled()
    user.click("slowNext")
    user.click("slowNext")
    user.click("slowFirst")
    assert slow.phase == Phase(Stage.FORWARD, 1)
    user.click("slowPlay")
    assert slow.playing
    user.click("slowFaster")
    user.click("slowFaster")
    assert user.text("slowPace") == "0.6 s"
    assert not user.find(QWidget, "slowFaster").isEnabled()
    user.click("slowSlower")
    assert user.text("slowPace") == "1.2 s"
    user.click("slowLeave")
    assert not slow.is_on
    assert user.desk.mix.state.step == 0


def test_a_turned_knob_ends_it_and_it_says_so(user: User) -> None:
    user.key(M)
    user.key(M)
    user.drag(user.w, 20.0)
    assert not user.bench.slow_motion.is_on
    assert user.text("messageText").startswith("Slow motion ended here")
    assert user.desk.mix.state.step == 0
    user.assert_all_agree()
    user.drag(user.w, 20.0)
    assert not user.text("messageText").startswith("Slow motion ended here")


def test_escape_leaves_it_and_is_nobodys_key_before(user: User) -> None:
    before = user.desk.mix
    user.key(ESCAPE)
    user.key(M)
    user.key(ESCAPE)
    assert not user.bench.slow_motion.is_on
    assert user.desk.mix is before


def test_space_plays_auto_mix_in_its_place(user: User) -> None:
    user.key(M)
    user.key(Qt.Key.Key_Space)
    assert user.bench.automix.playing
    assert not user.bench.slow_motion.is_on


def test_the_words_of_a_phase_are_told_to_a_screen_reader(user: User) -> None:
    user.key(M)
    spoken = user.find(QWidget, "slowCaption").accessibleName()
    assert spoken == caption(user)
    for name in ("First", "Back", "Play", "Next", "Leave", "Slower", "Faster"):
        button = user.find(QWidget, f"slow{name}")
        assert button.accessibleName()
        assert button.toolTip()


@pytest.mark.parametrize("size", [(1024, 640), (1440, 900)])
@pytest.mark.parametrize("hidden", [(4,), (8,) * 6])
def test_nothing_moves_from_phase_to_phase_and_all_of_it_is_in_the_window(
    clock_stopped: None,
    open_window: Callable[[tuple[int, int]], User],
    size: tuple[int, int],
    hidden: tuple[int, ...],
) -> None:
    user = open_window(size)
    mix = network_on(make("spiral", seed=3, points=60), 3, hidden)
    user.desk.put(replace(mix, run=user.desk.history.new_run()), "a network")
    user.frames(3)
    user.key(M)
    user.frames(2)
    QApplication.processEvents()
    places = set()
    while user.bench.slow_motion.is_on:
        bar = user.find(QWidget, "slowMotion")
        corner = bar.mapTo(user.window, bar.rect().bottomRight())
        assert corner.x() < user.window.width()
        assert corner.y() < user.window.height()
        places.add((bar.geometry().getRect(), user.window.mixer.height()))
        user.key(M)
    assert len(places) == 1


def test_a_neuron_that_a_formula_points_at_is_framed_likewise(user_of: UserOf) -> None:
    user = user_of((4,))
    user.bench.selection.point_at((1, 3))
    assert lit(user) == [frozenset({2}), frozenset()]
    user.bench.selection.point_at(None)
    assert lit(user) == [frozenset(), frozenset()]
