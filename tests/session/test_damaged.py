"""Files that are no mix, or not any more: each opens, or gets one sentence. Nothing else."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.session import codec, file, schema_data, schema_mix, schema_record
from mixer_nn.session.curve import COLUMNS, Curve
from mixer_nn.session.mix import Cue, Setup, neuron_on
from mixer_nn.session.record import Block, Way
from mixer_nn.session.saved import Saved, SavedRun
from mixer_nn.session.schema import from_json, to_json

NAME = "mine.mixnn"


def good() -> dict[str, Any]:
    """The JSON of a mix with something in every entry."""
    found = json.loads(good_text())
    assert isinstance(found, dict)
    return found


@lru_cache
def good_text() -> str:
    rng = np.random.default_rng(0)
    data = Dataset(
        "mine",
        rng.normal(size=(40, 2)),
        rng.normal(size=(40, 1)),
        (Column("a", "m"), Column("b")),
        (Column("y"),),
        source="somewhere",
        recipe=(("name", "line"), ("seed", 1), ("noise", 0.5)),
    ).split(0.1, rng)
    points = np.column_stack([np.arange(20.0), rng.normal(size=(20, len(COLUMNS) - 1))])
    mix = neuron_on(data, 4)
    setup = Setup(0.1, 7)
    way = Way(mix.problem, setup.settings(mix.problem), np.array([True, False, True]))
    counts = np.zeros((20, 5), dtype=np.intp)
    counts[:, 1] = np.arange(20)
    values = rng.normal(size=(20, 1, 3))
    block = Block("gradient-descent", np.arange(20), counts, values, (None, *[way] * 19))
    run = SavedRun(0, "mine", True, setup, None, mix, (block,))
    adam = mix.with_optimizer("adam")
    mix = adam.with_cue(1, Cue(mix, 1.0, 2.0, "low")).with_cue(7, Cue(adam, np.inf, np.nan))
    saved = Saved(
        mix, setup, (Curve(0, points),), (run, replace(run, number=1, parent=(0, 4), blocks=())), 3
    )
    content = to_json(saved)
    content["locked"] = ["layer1.neuron1.weight2"]
    return json.dumps(content)


def message_of(path: Path) -> str:
    with pytest.raises(MixError) as caught:
        file.read(path)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"“{NAME}” cannot be opened: ")
    assert message.endswith(".")
    assert not message.endswith("..")
    assert ". " not in message
    assert len(message) < 300
    return message


def changed(**entries: Any) -> str:
    """The good mix with some entries replaced; ``data__name`` is within ``data``."""
    content = good()
    for key, value in entries.items():
        *rooms, last = key.split("__")
        place: Any = content
        for room in rooms:
            place = place[int(room) if isinstance(place, list) else room]
        place[last] = value
    return json.dumps(content)


def base64_of(*numbers: float) -> str:
    return base64.b64encode(np.array(numbers, dtype="<f8").tobytes()).decode()


NOWHERE = [np.inf] * 16

BROKEN: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "empty"),
    "binary": (bytes(range(256)), "not text"),
    "utf-16": (json.dumps(good()).encode("utf-16"), "not text"),
    "prose": ("Once upon a time", "line 1, column 1"),
    "truncated": (json.dumps(good())[:700], "not complete JSON"),
    "two mixes in one": (json.dumps(good()) * 2, "not complete JSON"),
    "a list": ("[]", "“mix”"),
    "a number": ("7", "“mix”"),
    "null": ("null", "“mix”"),
    "another program's": ('{"format": "notebook", "version": 1}', "not a mix of this program"),
    "no version": (changed(version=None), "version"),
    "version 0": (changed(version=0), "version"),
    "a future version": (changed(version=999), "newer version"),
    "a version of 4,000 digits": (changed(version=10**4000), "newer version"),
    "deep nesting": ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
    "deep nesting in objects": ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deeply"),
    "deep nesting of data": (
        changed(data__inputs=0).replace('"inputs": 0', f'"inputs": {"[" * 500}1{"]" * 500}'),
        "data.inputs",
    ),
    "NaN": (changed(parameters={"layer1.neuron1.bias": float("nan")}), "NaN"),
    "infinity": (changed(setup__tempo=float("inf")), "Infinity"),
    "a number of 5,000 digits": (
        changed(setup__tempo=1).replace('"tempo": 1', f'"tempo": {"9" * 5000}'),
        "too many digits",
    ),
    "a number too large for a float": (changed(setup__tempo=10**400), "setup.tempo"),
    "a parameter missing": (changed(parameters={"layer1.neuron1.bias": 1.0}), "1 entries"),
    "a parameter of another network": (
        changed(parameters={f"layer2.neuron1.weight{i}": 1.0 for i in range(3)}),
        "parameters",
    ),
    "NaN data": (
        changed(data__targets={"shape": [40, 1], "float64": base64_of(*[np.nan] * 40)}),
        "not finite",
    ),
    "huge data": (changed(data__targets=[[1e200]] * 40), "1e+100"),
    "fewer targets than inputs": (changed(data__targets=[[1.0]] * 39), "rows"),
    "ragged data": (changed(data__targets=[[1.0]] * 39 + [[1.0, 2.0]]), "data.targets"),
    "no rows": (changed(data__inputs=[], data__targets=[], data__held_out=[]), "damaged"),
    "all rows held out": (changed(data__held_out=list(range(40))), "at least one row"),
    "numbers as text": (changed(data__targets=[["1"]] * 40), "data.targets"),
    "base64 that is none": (
        changed(data__targets={"shape": [40, 1], "float64": "§§§"}),
        "data.targets",
    ),
    "base64 of another length": (
        changed(data__targets={"shape": [40, 1], "float64": base64_of(1.0)}),
        "data.targets",
    ),
    "a shape below nothing": (
        changed(data__targets={"shape": [-1, 1], "float64": base64_of(*[1.0] * 40)}),
        "whole number",
    ),
    "a shape beyond memory": (
        changed(data__targets={"shape": [2**40, 2**20], "float64": base64_of(1.0)}),
        "data.targets",
    ),
    "half a surrogate pair": (changed(data__name="\ud800"), "data.name"),
    "an unknown activation": (changed(network__activations=["softmin"]), "activations"),
    "an unknown loss": (changed(network__loss="x\ny" * 1000), "no loss"),
    "an unknown optimizer": (changed(setup__optimizer="magic"), "no optimizer"),
    "a monstrous network": (changed(network__sizes=[2, 10_000, 10_000, 1]), "damaged"),
    "a network of many parameters": (
        changed(network__sizes=[2, 9000, 9000, 1], network__activations=["tanh"] * 2 + ["linear"]),
        "parameters",
    ),
    "a lock on no knob": (changed(locked=["volume"]), "locked"),
    "a lock that is a list": (changed(locked=[["layer1.neuron1.bias"]]), "locked"),
    "a scale of nothing": (
        changed(scales={f"layer1.neuron1.{n}": 0.0 for n in ("weight1", "weight2", "bias")}),
        "scales",
    ),
    "a place beyond the epoch": (changed(training__place=36), "training.place"),
    "a negative seed": (changed(training__seed=-1), "training.seed"),
    "memory of another optimizer": (changed(training__slots=[[1.0, 2.0, 3.0]]), "memory"),
    "two curves of one run": (changed(curves=[{"run": 1, "points": []}] * 2), "same number"),
    "nine cues": (changed(cues=[None] * 9), "more than 8 cues"),
    "a cue that is none": (changed(cues=[7]), "“cues”"),
    "a cue of another network": (
        changed(cues__1__mix__network__sizes=[2, 2], cues__1__same_data=True),
        "inputs and outputs",
    ),
    "a cue without numbers": (changed(cues__1__mix__parameters=[1.0]), "1 entries"),
    "a cue that is infinite": (
        changed(cues__1__mix__parameters={"shape": [3], "float64": base64_of(1.0, np.inf, 0.0)}),
        "not finite",
    ),
    "a cue with a lock on no knob": (changed(cues__1__mix__locked=[3]), "locked"),
    "two runs of one number": (changed(runs__1__number=0), "same number"),
    "a run with half a parent": (changed(runs__1__parent=[0]), "a run and a move"),
    "a run set to nothing": (changed(runs__0__setup={}), "setup"),
    "a run set to what cannot be": (changed(runs__0__setup__momentum=2), "momentum"),
    "a record of no run": (changed(record__0__run=9), "no run"),
    "a record of other knobs": (
        changed(record__0__block__values=[[[1.0, 2.0]]] * 20),
        "does not fit its run",
    ),
    "a record with memory of another optimizer": (
        changed(record__0__block__values=[[[1.0, 2.0, 3.0]] * 2] * 20),
        "does not fit its run",
    ),
    "a record of NaN": (
        changed(
            record__0__block__values={"shape": [20, 1, 3], "float64": base64_of(*[np.nan] * 60)}
        ),
        "not finite",
    ),
    "a record that goes back": (
        changed(record__0__block__moves=[*range(19), 18]),
        "not in order",
    ),
    "a record twice": (changed(record=good()["record"] * 2), "not in order"),
    "a record before the start": (changed(record__0__block__moves=[-1, *range(19)]), "moves"),
    "a record of half steps": (changed(record__0__block__moves=[0.5] * 20), "moves"),
    "a record with too many counts": (changed(record__0__block__counts=[[0] * 6] * 20), "fit"),
    "a record of no states": (
        changed(record__0__block__moves=[], record__0__block__way=[]),
        "does not fit",
    ),
    "a record of a shape beyond memory": (
        changed(record__0__block__values={"shape": [2**50, 3, 2**50], "float64": base64_of(1.0)}),
        "values",
    ),
    "a record by an unknown optimizer": (
        changed(record__0__block__optimizer="magic"),
        "no optimizer",
    ),
    "a record made in a way that is not there": (changed(record__0__block__way=[2] * 20), "way"),
    "a record made in too few ways": (changed(record__0__block__way=[1] * 19), "way"),
    "steps on nobody knows what": (changed(record__0__same_problem=[]), "same_problem"),
    "steps at no rate": (
        changed(record__0__block__ways__0__settings__learning_rate=None),
        "learning_rate",
    ),
    "steps of too few knobs": (changed(record__0__block__ways__0__free=""), "free"),
    "steps of knobs in no base64": (changed(record__0__block__ways__0__free="§"), "free"),
    "a look at half a step": (changed(visit=0.5), "visit"),
    "a curve of the format before": (changed(curves__0__points=[[1.0] * 7]), "not in order"),
    "a curve that goes back": (
        changed(curves=[{"run": 1, "points": [[2.0] * 8, [1.0] * 8]}]),
        "not in order",
    ),
    "a curve at no place": (
        changed(curves=[{"run": 1, "points": {"shape": [2, 8], "float64": base64_of(*NOWHERE)}}]),
        "not in order",
    ),
    "a mix on no run": (changed(training__run=None), "training.run"),
    "runs that branch off in a circle": (
        changed(runs__0__parent=[1, 4], runs__1__parent=[0, 4]),
        "earlier run",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_mix_gets_one_sentence(case: str, tmp_path: Path) -> None:
    content, part = BROKEN[case]
    path = tmp_path / NAME
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    assert part in message_of(path)


def test_the_mix_they_were_made_from_does_open(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text(json.dumps(good()), encoding="utf-8-sig")
    assert file.read(path).mix.locked.tolist() == [False, True, False]


def test_a_folder_and_a_file_that_is_not_there_get_one_sentence(tmp_path: Path) -> None:
    assert "no such file" in message_of(tmp_path / NAME)
    (tmp_path / NAME).mkdir()
    assert "folder" in message_of(tmp_path / NAME)


@pytest.mark.parametrize("name", ["a\0b.mixnn", "a" * 5000])
def test_a_name_that_no_file_can_have_gets_one_sentence(name: str) -> None:
    with pytest.raises(MixError) as caught:
        file.read(Path(name))
    assert len(str(caught.value)) < 200
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (PermissionError(13, "Permission denied"), "permission"),
        (OSError(5, "Input/output error"), "Input/output error"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence(
    error: OSError, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / NAME
    path.write_text("{}")

    def refuse(*_arguments: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert part in message_of(path)


@pytest.mark.parametrize(
    ("where", "name", "most", "part"),
    [
        (schema_data, "MOST_CELLS", 100, "more than 100 numbers"),
        (schema_mix, "MOST_PARAMETERS", 2, "more than 2 parameters"),
        (schema_record, "MOST_RECORD_BYTES", 0, "record takes more than 0 MB"),
        (codec, "MOST_TEXT", 2000, "besides its numbers"),
        (codec, "MOST_OBJECTS", 10, "more than 10 parts"),
        (file, "MOST_BYTES", 2000, "larger than 0 MB"),
    ],
)
def test_what_is_over_the_limits_is_announced(
    where: object,
    name: str,
    most: int,
    part: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / NAME
    path.write_text(json.dumps(good()))
    monkeypatch.setattr(where, name, most)
    assert part in message_of(path)


# -- anything at any place ------------------------------------------------------------------------

WRONG: list[Any] = [None, "text", -1, 10**400, 0.5, True, [], {}, [[]], [None], {"shape": []}]


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value; of long lists the first two."""
    yield path
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from places(entry, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value[:2]):
            yield from places(entry, (*path, index))


def name_of(place: tuple[str | int, ...]) -> str:
    return ".".join(map(str, place)) or "all of it"


PLACES = list(places(good()))


def open_or_refuse(content: Any) -> None:
    """Whatever opens can be saved and opened again; whatever does not is a MixError."""
    said = ""
    try:
        saved = from_json(content)
    except MixError as error:
        said = str(error)
    if said:
        assert "\n" not in said
        assert len(said) < 250
        return
    from_json(json.loads(json.dumps(to_json(saved), allow_nan=False)))
    assert np.isfinite(saved.mix.parameters).all()
    saved.mix.problem.objective.value(saved.mix.parameters)
    for run in saved.runs:
        assert np.isfinite(run.head.parameters).all()
        for block in run.blocks:
            assert block.state(len(block) - 1).parameters.size == run.head.parameters.size
    for slot, cue in enumerate(saved.mix.cues):
        if cue is not None:
            there = saved.mix.at_cue(slot, 5)
            there.problem.objective.value(there.parameters)


def parent_of(content: Any, place: tuple[str | int, ...]) -> Any:
    for step in place[:-1]:
        content = content[step]
    return content


@pytest.mark.parametrize("place", PLACES, ids=name_of)
def test_anything_at_any_place_opens_or_is_refused(place: tuple[str | int, ...]) -> None:
    for wrong in WRONG:
        content = good()
        if place:
            parent_of(content, place)[place[-1]] = wrong
        else:
            content = wrong
        open_or_refuse(content)


@pytest.mark.parametrize("place", PLACES[1:], ids=name_of)
def test_anything_missing_opens_or_is_refused(place: tuple[str | int, ...]) -> None:
    content = good()
    del parent_of(content, place)[place[-1]]
    open_or_refuse(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(PLACES[1:]), JSON)
def test_no_json_at_any_place_does_more(place: tuple[str | int, ...], wrong: Any) -> None:
    content = good()
    parent_of(content, place)[place[-1]] = wrong
    open_or_refuse(content)


@given(st.integers(0, 4000), st.binary(max_size=6))
def test_no_byte_at_any_place_does_more(tmp_path_factory: Any, place: int, wrong: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / NAME
    text = json.dumps(good()).encode()
    path.write_bytes(text[:place] + wrong + text[place + len(wrong) :])
    said = f"“{NAME}”"
    try:
        file.read(path)
    except MixError as error:
        said = str(error)
    assert said.startswith(f"“{NAME}”")
    assert "\n" not in said
