"""Saving and opening a mix: equal to the last bit, all or nothing."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.core.segment import Segment
from mixer_nn.core.training import Settings
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.synthetic import make, remake
from mixer_nn.session import file
from mixer_nn.session.curve import COLUMNS, Curve
from mixer_nn.session.mix import MAX_TEMPO, Mix, Setup, doubled_to_fit, neuron_on
from mixer_nn.session.schema import Saved, from_json, to_json

EXTREMES = [-0.0, 5e-324, 1e308, 7.3, -1e-17, 1 / 3, 0.1 + 0.2, np.nextafter(1.0, 2.0)]


def wide(inputs: int = 7, rows: int = 12) -> Dataset:
    """A data set with as many inputs as there are parameters to try."""
    rng = np.random.default_rng(0)
    return Dataset(
        "wide",
        rng.normal(size=(rows, inputs)),
        rng.normal(size=(rows, 1)),
        tuple(Column(f"x{i}", "m" if i % 2 else "") for i in range(inputs)),
        (Column("y", "s"),),
    )


def reopened(path: Path, saved: Saved) -> Saved:
    file.write(path, saved)
    return file.read(path)


def assert_same_mix(one: Mix, other: Mix) -> None:
    assert one.state.same(other.state)
    for a, b in (
        (one.initial, other.initial),
        (one.scales, other.scales),
        (one.locked, other.locked),
        (one.dataset.inputs, other.dataset.inputs),
        (one.dataset.targets, other.dataset.targets),
        (one.dataset.held_out, other.dataset.held_out),
    ):
        assert a.dtype == b.dtype
        assert a.shape == b.shape
        assert a.tobytes() == b.tobytes()
    assert (one.run, one.moves, one.network) == (other.run, other.moves, other.network)
    assert (one.problem.scaled, one.problem.loss_name) == (
        other.problem.scaled,
        other.problem.loss_name,
    )
    for name in ("name", "source", "input_columns", "target_columns", "recipe"):
        assert getattr(one.dataset, name) == getattr(other.dataset, name)


def test_every_bit_of_a_parameter_comes_back(tmp_path: Path) -> None:
    mix = neuron_on(wide(), 0).with_parameters(np.array(EXTREMES))
    back = reopened(tmp_path / "m.mixnn", Saved(mix, Setup())).mix
    assert back.parameters.tobytes() == np.array(EXTREMES).tobytes()
    assert_same_mix(mix, back)


@given(arrays(np.float64, 8, elements=st.floats(allow_nan=False, allow_infinity=False)))
def test_any_parameters_come_back(vector: FloatArray) -> None:
    mix = neuron_on(wide(), 0).with_parameters(vector)
    assert_same_mix(mix, from_json(to_json(Saved(mix, Setup()))).mix)


def test_the_scale_of_a_knob_reaches_any_number_without_becoming_infinite() -> None:
    vector = np.array([1e308, np.finfo(np.float64).max, -5e-324, 3.0])
    scales = doubled_to_fit(np.array([4.0, 2.0**-1074, 1.0, 4.0]), vector)
    assert np.isfinite(scales).all()
    assert (scales >= np.abs(vector)).all()
    assert scales[2:].tolist() == [1.0, 4.0]


def test_everything_set_and_recorded_comes_back(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    data = load_shipped("cars").split(0.2, rng)
    mix = neuron_on(data, 2**53)
    mix = replace(mix, locked=np.array([True, False]), run=3, moves=41)
    setup = Setup(0.1 + 0.2, 7, tempo=MAX_TEMPO, tolerance=1e-11)
    points = np.column_stack([np.arange(30.0), rng.normal(size=(30, len(COLUMNS) - 1))])
    points[::3, 5] = np.nan
    saved = Saved(mix, setup, (Curve(0, points[:0]), Curve(2, points), Curve(3, points[:2])))

    back = reopened(tmp_path / "all.mixnn", saved)

    assert_same_mix(mix, back.mix)
    assert back.setup == setup
    assert [curve.run for curve in back.curves] == [0, 2, 3]
    for before, after in zip(saved.curves, back.curves, strict=True):
        assert before.points.tobytes() == after.points.tobytes()


def test_a_saved_mix_saved_again_is_the_same_file(tmp_path: Path) -> None:
    first, second = tmp_path / "a.mixnn", tmp_path / "b.mixnn"
    back = reopened(first, Saved(neuron_on(load_shipped("iris-petal-width"), 1), Setup(0.02)))
    file.write(second, back)
    assert first.read_bytes() == second.read_bytes()


def test_made_up_data_come_back_with_what_made_them(tmp_path: Path) -> None:
    data = make("noisy-line", seed=7, noise=0.1, points=9)
    back = reopened(tmp_path / "m.mixnn", Saved(neuron_on(data, 0), Setup())).mix.dataset
    assert back.recipe == data.recipe
    assert remake(back.recipe).targets.tobytes() == data.targets.tobytes()


def test_names_in_any_script_come_back_and_what_is_no_text_does_not_stop_a_save(
    tmp_path: Path,
) -> None:
    names = (Column("größe ½", "m²"), Column("速度"), Column('a"b\\c\n', "\u2028"))
    data = replace(wide(3), name="Ωmega 🎧", source="“quoted”", input_columns=names)
    back = reopened(tmp_path / "größe 速度.mixnn", Saved(neuron_on(data, 0), Setup())).mix.dataset
    assert (back.name, back.source, back.input_columns) == (data.name, data.source, names)
    # As a file's name that is no UTF-8 reaches Python.
    strange = replace(data, name=b"caf\xe9.csv".decode("utf-8", "surrogateescape"))
    back = reopened(tmp_path / "m.mixnn", Saved(neuron_on(strange, 0), Setup())).mix.dataset
    assert back.name == "caf?.csv"


def test_a_large_table_comes_back(tmp_path: Path) -> None:
    mix = neuron_on(wide(8, 20_000), 0)
    assert_same_mix(mix, reopened(tmp_path / "m.mixnn", Saved(mix, Setup())).mix)


# -- training on --------------------------------------------------------------------------------

SETUP = Setup(learning_rate=0.03, batch_size=7)

_GO_ON = """
import sys
from pathlib import Path
from mixer_nn.core.segment import Segment
from mixer_nn.core.training import Settings
from mixer_nn.session import file
from mixer_nn.session.schema import Saved

saved = file.read(Path(sys.argv[1]))
setup = saved.setup
settings = Settings(setup.learning_rate, setup.batch_size, setup.optimizer, setup.tolerance)
segment = Segment(saved.mix.problem.objective, settings, saved.mix.state, ~saved.mix.locked)
for _ in range(int(sys.argv[3])):
    segment.advance(steps=1)
file.write(Path(sys.argv[2]), Saved(saved.mix.with_state(segment.state), setup))
"""


def gone_on(mix: Mix, steps: int) -> Mix:
    settings = Settings(0.03, SETUP.batch_size, SETUP.optimizer, SETUP.tolerance)
    segment = Segment(mix.problem.objective, settings, mix.state, ~mix.locked)
    segment.advance(steps=steps)
    return mix.with_state(segment.state)


@pytest.mark.parametrize("steps", [1, 6, 7, 8, 29])
def test_a_mix_reopened_in_a_new_process_trains_on_as_if_never_closed(
    steps: int, tmp_path: Path
) -> None:
    """50 rows in batches of 7, so that the last of an epoch's 8 steps has 1 row; one lock."""
    data = load_shipped("iris-petal-width").split(100 / 150, np.random.default_rng(0))
    assert int((~data.held_out).sum()) == 50
    start = replace(neuron_on(data, 11), locked=np.array([False, True, False, False]))
    half = gone_on(start, steps)
    assert half.state.place == 7 * (steps % 8)
    before, after = tmp_path / "before.mixnn", tmp_path / "after.mixnn"
    file.write(before, Saved(half, SETUP))

    command = [sys.executable, "-W", "error", "-c", _GO_ON, str(before), str(after), "83"]
    subprocess.run(command, check=True, timeout=60)

    there = file.read(after).mix
    assert there.state.same(gone_on(start, steps + 83).state)
    assert there.state.same(gone_on(half, 83).state)
    assert there.parameters[1] == start.parameters[1]
    assert not there.state.same(half.state)


# -- all or nothing -------------------------------------------------------------------------------


@pytest.fixture
def saved() -> Saved:
    return Saved(neuron_on(load_shipped("cars"), 0), Setup())


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def assert_sentence(message: str, name: str) -> None:
    assert "\n" not in message
    assert f"“{name}”" in message
    assert message.endswith(".")
    assert not message.endswith("..")
    assert ". " not in message
    assert len(message) < 500


@pytest.mark.parametrize("call", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.chmod"])
def test_a_save_cut_short_leaves_the_old_file_and_no_litter(
    call: str, tmp_path: Path, saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.mixnn"
    file.write(path, saved)
    old = path.read_bytes()

    def fail(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(call, fail)
    with pytest.raises(MixError, match="No space left") as caught:
        file.write(path, replace(saved, setup=Setup(0.5)))
    assert_sentence(str(caught.value), "mine.mixnn")
    assert path.read_bytes() == old
    assert names_in(tmp_path) == ["mine.mixnn"]


def test_a_save_that_is_interrupted_leaves_the_old_file_and_no_litter(
    tmp_path: Path, saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.mixnn"
    file.write(path, saved)
    old = path.read_bytes()

    def interrupt(_handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        file.write(path, replace(saved, setup=Setup(0.5)))
    assert path.read_bytes() == old
    assert names_in(tmp_path) == ["mine.mixnn"]


def test_the_file_is_on_disk_before_it_takes_the_name(
    tmp_path: Path, saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, put = os.fsync, Path.replace

    def note_sync(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def note_replace(self: Path, target: Path) -> Path:
        done.append("replace")
        return put(self, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    file.write(tmp_path / "m.mixnn", saved)
    assert done[:2] == ["file", "replace"]
    assert done[2:] == (["folder"] if hasattr(os, "O_DIRECTORY") else [])


def test_a_number_that_is_not_finite_stops_a_save_with_a_sentence(
    tmp_path: Path, saved: Saved
) -> None:
    path = tmp_path / "mine.mixnn"
    file.write(path, saved)
    old = path.read_bytes()
    for bad in (np.nan, np.inf):
        broken = replace(saved, mix=saved.mix.with_parameters(np.array([bad, 0.0])))
        with pytest.raises(MixError) as caught:
            file.write(path, broken)
        assert_sentence(str(caught.value), "mine.mixnn")
        assert path.read_bytes() == old


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_stays_a_link(tmp_path: Path, saved: Saved) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "mine.mixnn", tmp_path / "link.mixnn"
    link.symlink_to(target)
    for setup in (Setup(0.1), Setup(0.2)):  # to nothing at first, then to a file
        file.write(link, replace(saved, setup=setup))
        assert link.is_symlink()
        assert file.read(target).setup == setup
    assert names_in(tmp_path / "real") == ["mine.mixnn"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_that_leads_in_a_circle_gets_a_sentence(tmp_path: Path, saved: Saved) -> None:
    one, other = tmp_path / "one.mixnn", tmp_path / "other.mixnn"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(MixError) as caught:
        file.write(one, saved)
    assert_sentence(str(caught.value), "one.mixnn")
    with pytest.raises(MixError) as caught:
        file.read(one)
    assert_sentence(str(caught.value), "one.mixnn")


@pytest.mark.skipif(sys.platform == "win32", reason="other permissions there")
def test_permissions_stay_and_a_new_file_has_the_usual_ones(tmp_path: Path, saved: Saved) -> None:
    path = tmp_path / "mine.mixnn"
    before = os.umask(0o027)
    try:
        file.write(path, saved)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o604)
    file.write(path, saved)
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


def test_a_write_protected_file_is_left_alone(
    tmp_path: Path, saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.mixnn"
    file.write(path, saved)
    old = path.read_bytes()
    # Asked for, not tried: to root nothing is protected.
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    with pytest.raises(MixError, match="write-protected") as caught:
        file.write(path, replace(saved, setup=Setup(0.5)))
    assert_sentence(str(caught.value), "mine.mixnn")
    assert path.read_bytes() == old


@pytest.mark.parametrize("place", ["nowhere/mine.mixnn", "file/mine.mixnn", "x" * 300])
def test_a_place_where_nothing_can_be_gets_a_sentence(
    place: str, tmp_path: Path, saved: Saved
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MixError) as caught:
        file.write(tmp_path / place, saved)
    assert "“" in str(caught.value)
    assert names_in(tmp_path) == ["file"]


def test_a_folder_is_not_replaced(tmp_path: Path, saved: Saved) -> None:
    (tmp_path / "mine.mixnn").mkdir()
    with pytest.raises(MixError) as caught:
        file.write(tmp_path / "mine.mixnn", saved)
    assert_sentence(str(caught.value), "mine.mixnn")
    assert names_in(tmp_path) == ["mine.mixnn"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may write everywhere"
)
def test_a_folder_without_permission_gets_a_sentence(tmp_path: Path, saved: Saved) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with pytest.raises(MixError) as caught:
        file.write(folder / "mine.mixnn", saved)
    assert_sentence(str(caught.value), "mine.mixnn")


def test_a_name_as_long_as_names_may_be_can_be_saved_to(tmp_path: Path, saved: Saved) -> None:
    path = tmp_path / ("m" * 249 + ".mixnn")
    assert_same_mix(reopened(path, saved).mix, saved.mix)
