"""Networks in files: trained on to the bit in a new process, and older formats still opened."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mixer_nn.core.errors import MixError
from mixer_nn.core.segment import Segment
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.synthetic import make
from mixer_nn.session import file
from mixer_nn.session.curve import Curve
from mixer_nn.session.migrate import VERSION
from mixer_nn.session.mix import Mix, Setup, network_on, neuron_on
from mixer_nn.session.saved import Saved

FEATURES = ("x1^2", "x2^2", "sin(x1)")

SETUPS = {
    "adam": Setup(None, 16, "adam", schedule="cosine", warm_up=2.5, horizon=20.0, clip=0.3),
    "adamw": Setup(0.02, 7, "adamw", decay=0.1, warm_up=3.0, l1=1e-3),
    "momentum": Setup(0.05, 16, "momentum", momentum=0.8, schedule="step", horizon=5.0, l2=1e-2),
    "adam, full batch": Setup(0.03, 0, "adam", warm_up=30.0, horizon=200.0, schedule="cosine"),
}

_GO_ON = """
import sys
from pathlib import Path
from mixer_nn.core.segment import Segment
from mixer_nn.session import file
from mixer_nn.session.schema import Saved

saved = file.read(Path(sys.argv[1]))
mix, settings = saved.mix, saved.setup.settings(saved.mix.problem)
segment = Segment(mix.problem.objective, settings, mix.state, ~mix.locked)
segment.advance(steps=int(sys.argv[3]))
file.write(Path(sys.argv[2]), Saved(mix.with_state(segment.state), saved.setup))
"""


def classified(name: str) -> Mix:
    """A network on classes, with extra features, a fifth held out, two knobs locked."""
    data = make(name, seed=3, points=90).split(0.2, np.random.default_rng(0))
    mix = network_on(data, 3, (4, 3), "relu", features=FEATURES)
    locked = np.zeros(mix.locked.size, dtype=np.bool_)
    locked[[3, 11]] = True
    return replace(mix, locked=locked)


def gone_on(mix: Mix, setup: Setup, steps: int) -> Mix:
    settings = setup.settings(mix.problem)
    segment = Segment(mix.problem.objective, settings, mix.state, ~mix.locked)
    segment.advance(steps=steps)
    return mix.with_state(segment.state)


@pytest.mark.parametrize("how", SETUPS)
@pytest.mark.parametrize("name", ["moons", "blobs"])
def test_a_network_reopened_in_a_new_process_trains_on_as_if_never_closed(
    name: str, how: str, tmp_path: Path
) -> None:
    setup, start = SETUPS[how], classified(name)
    half = gone_on(start, setup, 13)
    assert setup.batch_size == 0 or half.state.place > 0, "in the middle of an epoch"
    assert half.state.slots.any()
    before, after = tmp_path / "before.mixnn", tmp_path / "after.mixnn"
    file.write(before, Saved(half, setup))

    command = [sys.executable, "-W", "error", "-c", _GO_ON, str(before), str(after), "60"]
    subprocess.run(command, check=True, timeout=60)

    back = file.read(after)
    there, here = back.mix, gone_on(half, setup, 60)
    assert there.state.same(here.state)
    assert there.state.same(gone_on(start, setup, 73).state)
    assert there.state.optimizer == setup.optimizer
    assert back.setup == setup
    assert there.problem.features == FEATURES
    assert there.dataset.classes == start.dataset.classes
    assert there.problem.objective.value(there.parameters) == here.problem.objective.value(
        here.parameters
    )
    assert (there.parameters[[3, 11]] == start.parameters[[3, 11]]).all()
    assert not half.state.same(there.state)


# -- older formats ------------------------------------------------------------------------------

ADDED = {
    "training": ("count", "optimizer"),
    "data": ("classes",),
    "network": ("features",),
    "setup": ("momentum", "decay", "schedule", "warm_up", "horizon", "clip", "l1", "l2"),
}
"""What format 2 has and format 1 had not."""

OLDER = Path(__file__).parent / "older_files"


def of_format_2(path: Path, saved: Saved) -> dict[str, Any]:
    """A file as it was before there were cues and a record, as JSON values."""
    file.write(path, saved)
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for name in ("cues", "visit", "runs", "record"):
        del value[name]
    for curve in value["curves"]:
        curve["points"] = [point[:7] for point in curve["points"]]
    return value | {"version": 2}


def of_format_1(path: Path, saved: Saved) -> dict[str, Any]:
    """A file as the first version of the program wrote it, as JSON values."""
    value = of_format_2(path, saved)
    value["version"] = 1
    for part, names in ADDED.items():
        for name in names:
            del value[part][name]
    return value


def test_a_file_of_the_first_format_opens_with_all_it_held(tmp_path: Path) -> None:
    assert VERSION == 3
    setup = Setup(0.03, 7, tempo=20.0, tolerance=1e-7)
    start = replace(neuron_on(load_shipped("cars"), 5), locked=np.array([False, True]))
    mix = gone_on(start, setup, 11)
    points = np.arange(24.0).reshape(3, 8)
    value = of_format_1(tmp_path / "two.mixnn", Saved(mix, setup, (Curve(0, points),)))
    path = tmp_path / "one.mixnn"
    path.write_text(json.dumps(value), encoding="utf-8")

    back = file.read(path)

    assert back.mix.state.same(mix.state)
    assert back.mix.initial.tobytes() == mix.initial.tobytes()
    assert list(back.mix.locked) == [False, True]
    assert back.mix.dataset.inputs.tobytes() == mix.dataset.inputs.tobytes()
    assert back.setup == setup
    assert (back.mix.problem.features, back.mix.dataset.classes) == ((), ())
    assert (back.mix.cues, back.runs, back.visit) == ((None,) * 8, (), None)
    assert back.curves[0].points[:, :7].tolist() == points[:, :7].tolist()
    assert np.isnan(back.curves[0].column("seconds")).all()
    assert gone_on(back.mix, back.setup, 30).state.same(gone_on(mix, setup, 30).state)


def test_a_file_that_the_version_before_wrote_opens_and_trains_on_as_there() -> None:
    """Written and trained on for 50 steps more by the program as it was."""
    back = file.read(OLDER / "format-2.mixnn")
    assert (back.mix.state.step, back.mix.state.place) == (31, 7)
    assert back.mix.problem.objective.value(back.mix.parameters) == 0.3494875705487903
    assert back.setup == Setup(0.05, 7, optimizer="adam")
    assert back.mix.problem.scaled
    assert back.mix.locked.tolist() == [False, True, *[False] * 11]
    assert int(back.mix.dataset.held_out.sum()) == 6
    assert [(curve.run, curve.points.shape) for curve in back.curves] == [(0, (4, 8)), (1, (2, 8))]
    assert back.curves[0].column("by_hand").tolist() == [0.0, 0.0, 1.0, 0.0]
    there = gone_on(back.mix, back.setup, 50)
    # Another system's tanh may differ in the last bit; a wrong memory or place differs in more.
    known = np.frombuffer(bytes.fromhex(FIRST_KNOBS))
    np.testing.assert_allclose(there.parameters[:4], known, rtol=1e-9)


FIRST_KNOBS = "4a058404d924d63f19856f30259cd1bf92564c6c01b6c5bfecf9007ff992c83f"


@pytest.mark.parametrize("part", ADDED)
def test_what_is_no_object_in_a_file_of_the_first_format_is_named(
    part: str, tmp_path: Path
) -> None:
    value = of_format_1(tmp_path / "two.mixnn", Saved(neuron_on(load_shipped("cars"), 5), Setup()))
    value[part] = []
    path = tmp_path / "one.mixnn"
    path.write_text(json.dumps(value), encoding="utf-8")
    with pytest.raises(MixError, match=part):
        file.read(path)


@pytest.mark.parametrize("curves", [None, 7, [7], [{}], [{"run": 0, "points": "x"}], [None]])
def test_curves_of_an_older_format_that_are_none_are_refused(
    curves: object, tmp_path: Path
) -> None:
    value = of_format_2(tmp_path / "two.mixnn", Saved(neuron_on(load_shipped("cars"), 5), Setup()))
    path = tmp_path / "one.mixnn"
    path.write_text(json.dumps(value | {"curves": curves}), encoding="utf-8")
    with pytest.raises(MixError, match="curves"):
        file.read(path)


@pytest.mark.parametrize("version", [2, 3])
def test_a_file_of_a_later_format_may_not_leave_out_what_that_added(
    version: int, tmp_path: Path
) -> None:
    path = tmp_path / "two.mixnn"
    old = of_format_1 if version == 2 else of_format_2
    value = old(path, Saved(neuron_on(load_shipped("cars"), 5), Setup()))
    path.write_text(json.dumps(value | {"version": version}), encoding="utf-8")
    with pytest.raises(MixError, match="damaged"):
        file.read(path)
