"""What becomes of a file: it opens and all that follows works, or one sentence says why not."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from mixer_nn.core.errors import MixError
from mixer_nn.core.segment import Segment
from mixer_nn.data.proposal import targets
from mixer_nn.data.table import Table, build, propose, read_table
from mixer_nn.session import file
from mixer_nn.session.mix import Mix, Setup, neuron_on
from mixer_nn.session.schema import Saved
from mixer_nn.state.automix import AutoMix
from mixer_nn.state.cues import Cues
from mixer_nn.state.desk import Desk
from mixer_nn.state.document import Document
from tests.trust.sentences import fault_in


def judge_mix(path: Path) -> str:
    """ "opened", or the sentence; AssertionError or whatever else is raised is a defect."""
    try:
        saved = file.read(path)
    except MixError as error:
        return _checked(str(error))
    first, second = path.with_name("first.mixnn"), path.with_name("second.mixnn")
    _through_the_desk(path, saved, first)
    again = file.read(first)
    assert_same(saved.mix, again.mix)
    assert saved.setup == again.setup, "Auto-mix is set differently after saving"
    _through_the_desk(first, again, second)
    assert first.read_bytes() == second.read_bytes(), "saving changes it each time"
    _work_with(saved)
    return "opened"


def judge_table(path: Path) -> str:
    """The same for a table: the proposal, and every target that may be chosen."""
    try:
        table = read_table(path)
        choice = propose(table)
        prepared = build(table, choice)
    except MixError as error:
        return _checked(str(error))
    for sentence in (*prepared.left_out, *prepared.notes):
        assert sentence.isprintable(), f"{sentence!r} is not one printable line"
    mix = neuron_on(prepared.dataset, 1)
    train(mix, Setup())
    train(mix, Setup(batch_size=8, optimizer="adam"))
    kept = path.with_name("kept.mixnn")
    file.write(kept, Saved(mix, Setup()))
    assert_same(mix, file.read(kept).mix)
    _choose_others(table)
    return "opened"


def _checked(sentence: str) -> str:
    fault = fault_in(sentence)
    assert not fault, f"{fault}: {sentence!r}"
    return sentence


def _choose_others(table: Table) -> None:
    """The first and the last targets on the menu, with a share of rows held out."""
    offers = targets(table)
    for offer in (*offers[:2], *offers[-2:]):
        try:
            choice = propose(table, offer.name, classes=offer.classes)
            data = build(table, choice, held_out=0.3, seed=2).dataset
        except MixError as error:
            _checked(str(error))
        else:
            train(neuron_on(data, 2), Setup())


def _through_the_desk(path: Path, saved: Saved, target: Path) -> None:
    """What a window does: opens, works out what it shows first, and saves."""
    desk = Desk(saved.mix, saved.setup)
    document = Document(desk)
    document.take_up(path, saved)
    assert desk.head.state.same(saved.mix.state), "the desk has another state than the file"
    assert all(isinstance(loss, float) for loss in desk.losses)
    assert desk.learning_rate > 0.0
    assert len(desk.history.points) >= 1
    document.save(target)
    desk.deleteLater()


def _work_with(saved: Saved) -> None:
    """What people do next: look back, train on, jump to cues, take up other runs, undo it all."""
    desk = Desk(saved.mix, saved.setup)
    desk.replace_all(saved.mix, saved.setup, saved.curves, saved.runs)
    automix, cues = AutoMix(desk), Cues(desk)
    history = desk.history
    for move in (history.first, (history.first + history.last) // 2, history.last):
        desk.visit(move)
        desk.refine(seconds=0.1)
        assert desk.mix.network == saved.mix.network
    desk.leave_visit()
    assert desk.mix.state.same(saved.mix.state), "a look back has changed something"
    train(saved.mix, saved.setup)
    automix.step(3)
    for slot, cue in enumerate(saved.mix.cues):
        if cue is not None:
            _try(partial(cues.jump, slot))
    for number in [run.number for run in history.runs]:
        run = history.run(number)  # a run of nothing but its start goes when another comes
        if run is not None and run.head is not None and not run.is_present:
            _try(partial(desk.take_up, number))
    desk.flush()
    while desk.undo_stack.can_undo:
        desk.undo()
    assert desk.mix.state.same(saved.mix.state), "undo leads elsewhere"
    desk.deleteLater()


def _try(act: Callable[[], object]) -> None:
    try:
        act()
    except MixError as error:
        _checked(str(error))


def assert_same(one: Mix, other: Mix) -> None:
    """Equal to the last bit, what it was trained on too."""
    assert one.state.same(other.state), "the training stands elsewhere after saving"
    for name in ("initial", "locked", "scales"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), f"other {name}"
    for name in ("inputs", "targets", "held_out"):
        here, there = getattr(one.dataset, name), getattr(other.dataset, name)
        assert here.shape == there.shape, f"other {name}"
        assert here.tobytes() == there.tobytes(), f"other {name}"
    for name in ("input_columns", "target_columns", "classes"):
        assert getattr(one.dataset, name) == getattr(other.dataset, name), f"other {name}"
    assert (one.run, one.moves) == (other.run, other.moves)


def train(mix: Mix, setup: Setup) -> None:
    """A few steps, as Auto-mix takes them: whatever diverges is stopped and has a best place."""
    mix = mix if mix.state.optimizer == setup.optimizer else mix.with_optimizer(setup.optimizer)
    settings = setup.settings(mix.problem)
    segment = Segment(mix.problem.objective, settings, mix.state, ~mix.locked)
    segment.advance(steps=3)
    # An infinite loss from far out may come back until it is judged; what is no number may not.
    assert segment.stop is not None or not math.isnan(segment.loss), "it runs on at no loss"
    assert np.isfinite(segment.best.parameters).all(), "the best place is not finite"
