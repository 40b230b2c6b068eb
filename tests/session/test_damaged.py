"""Files that are no mix, or not any more: each opens, or gets one sentence. Nothing else."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.session import file, schema
from mixer_nn.session.curve import COLUMNS, Curve
from mixer_nn.session.mix import Setup, neuron_on
from mixer_nn.session.schema import Saved, from_json, to_json

NAME = "mine.mixnn"


def good() -> dict[str, Any]:
    """The JSON of a mix with something in every entry."""
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
    text = json.dumps(to_json(Saved(mix, Setup(0.1, 7), (Curve(0, points),))))
    found = json.loads(text)
    found["locked"] = ["layer1.neuron1.weight2"]
    assert isinstance(found, dict)
    return found


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
        place = content
        for room in rooms:
            place = place[room]
        place[last] = value
    return json.dumps(content)


def base64_of(*numbers: float) -> str:
    return base64.b64encode(np.array(numbers, dtype="<f8").tobytes()).decode()


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
    "a curve that goes back": (
        changed(curves=[{"run": 1, "points": [[2.0] * 7, [1.0] * 7]}]),
        "not in order",
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

    monkeypatch.setattr(Path, "read_text", refuse)
    assert part in message_of(path)


def test_what_is_over_the_limits_is_announced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / NAME
    path.write_text(json.dumps(good()))
    monkeypatch.setattr(schema, "MOST_CELLS", 100)
    assert "more than 100 numbers" in message_of(path)
    monkeypatch.setattr(file, "MOST_BYTES", 2**20)
    path.write_bytes(b" " * (2**20 + 1))
    assert "larger than 1 MB" in message_of(path)


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
