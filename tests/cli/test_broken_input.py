"""Forty broken tables, and broken mixes: code 1 and one line on stderr, never a traceback."""

import base64
import json
import os
from pathlib import Path

import numpy as np
import pytest

from mixer_nn.app import main
from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.session import file
from mixer_nn.session.mix import Setup, neuron_on
from mixer_nn.session.schema import Saved

NOISE = np.random.default_rng(1).integers(0, 256, 4000).astype(np.uint8).tobytes()
GOOD = b"x,z,y\n1,5,2\n2,3,4\n3,9,6.5\n"

TABLES: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \n\t\n\r\n",
    "a byte-order mark alone": b"\xef\xbb\xbf",
    "separators alone": b",,,\n,,,\n",
    "binary": NOISE,
    "zeros": b"\0" * 512,
    "a workbook": b"PK\x03\x04" + NOISE,
    "an old workbook": b"\xd0\xcf\x11\xe0" + NOISE,
    "a document": b"%PDF-1.4\n" + NOISE,
    "a picture": b"\x89PNG\r\n\x1a\n" + NOISE,
    "compressed": b"\x1f\x8b\x08" + NOISE,
    "half a character of utf-16": GOOD.decode().encode("utf-16")[:-1],
    "utf-16 without a mark": GOOD.decode().encode("utf-16-le"),
    "a mark that lies": b"\xef\xbb\xbf" + b"gr\xf6\xdfe,y\n1,2\n3,4\n",
    "no known encoding": b"\x81\x8d,y\n1,2\n3,4\n",
    "one column": b"x\n1\n2\n3\n",
    "one cell": b"7",
    "one word": b"hello",
    "prose": b"It was a dark night.\nThe table was bare.\n",
    "text only": b"a,b\nx,y\nz,w\n",
    "one column of numbers": b"name,y\nAnn,1\nBob,2\n",
    "a header alone": b"x,y\n",
    "one row": b"x,y\n1,2\n",
    "one row without a header": b"1,2\n",
    "all NaN": b"x,y\nnan,nan\nnan,nan\n",
    "a target without numbers": b"x,y\n1,\n2,\n3,\n",
    "numbers that never meet": b"x,y\n1,\n,2\n3,\n,4\n",
    "one row with numbers": b"x,y\n1,2\n,3\n4,\n",
    "infinities": b"x,y\ninf,1\n-inf,2\n3,inf\n",
    "huge numbers": b"x,y\n1e200,1\n-1e300,2\n",
    "too large for a float": b"x,y\n1e999,1\n2,1e999\n",
    "ragged": b"x,y\n1,2\n3,4,5\n6,7\n",
    "very ragged": b"x,y\n1,2\n3,4,5,6,7,8\n",
    "a short header": b"x\n1,2\n3,4\n",
    "a quotation mark that stays open": b'x,y\n1,"2\n3,4\n5,6\n',
    "decimal commas between commas": b"x,y\n1,5,2,5\n3,5\n",
}

ASKED: dict[str, list[str]] = {
    "no such target": ["--target", "height"],
    "no such input": ["--inputs", "x,height"],
    "the target as its own input": ["--target", "y", "--inputs", "x,y"],
    "an input twice": ["--target", "y", "--inputs", "x,x"],
}


def assert_one_line(said: pytest.CaptureFixture[str], name: str = "") -> None:
    captured = said.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    assert line.startswith("mixer-nn: ")
    assert len(line) > 30
    assert name in line
    assert "Traceback" not in line
    assert "Error" not in line


def test_there_are_forty_of_them() -> None:
    assert len(TABLES) + len(ASKED) == 40


@pytest.mark.parametrize("case", TABLES)
def test_a_broken_table_gets_one_line(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, saved = tmp_path / "mine.csv", tmp_path / "mine.mixnn"
    table.write_bytes(TABLES[case])

    assert main(["train", str(table), "--json", "--save", str(saved)]) == 1

    assert_one_line(capsys, "mine.csv")
    assert not saved.exists()


@pytest.mark.parametrize("case", ASKED)
def test_columns_that_cannot_be_get_one_line(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "mine.csv"
    table.write_bytes(GOOD)
    assert main(["train", str(table), *ASKED[case]]) == 1
    assert_one_line(capsys, "mine.csv")


def test_a_folder_no_file_and_a_file_too_long_to_name_get_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for table in (str(tmp_path), str(tmp_path / "none.csv"), "x" * 5000, "a\nb.csv", ".", "/"):
        assert main(["train", table]) == 1
        assert_one_line(capsys)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read everything"
)
def test_a_table_that_may_not_be_read_gets_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "mine.csv"
    table.write_bytes(GOOD)
    table.chmod(0)
    assert main(["train", str(table)]) == 1
    assert_one_line(capsys, "mine.csv")


def test_a_mix_is_no_table_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mix = tmp_path / "mine.mixnn"
    mix.write_text("{}")
    assert main(["train", str(mix)]) == 1
    assert_one_line(capsys, "mine.mixnn")


def test_a_misspelt_name_is_answered_with_the_right_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["train", "carss"]) == 1
    said = capsys.readouterr().err
    assert "cars" in said
    assert "anscombe-1" in said


# -- mixes, through the picture: the way into the window that a test can go -----------------------


def _mix() -> Saved:
    data = Dataset(
        "mine",
        np.arange(6.0)[:, np.newaxis],
        np.arange(6.0)[:, np.newaxis] ** 2,
        (Column("x"),),
        (Column("y"),),
    )
    return Saved(neuron_on(data, 0), Setup())


def _broken_mixes(folder: Path) -> dict[str, bytes]:
    good = folder / "good.mixnn"
    file.write(good, _mix())
    text = good.read_text(encoding="utf-8")
    content = json.loads(text)
    nan = base64.b64encode(np.array([[np.nan]] * 6, dtype="<f8").tobytes()).decode()
    return {
        "empty": b"",
        "binary": NOISE,
        "truncated": text[: len(text) // 2].encode(),
        "not a mix": b'{"format": "something else"}',
        "future version": json.dumps(content | {"version": 999}).encode(),
        "wrong lengths": json.dumps(
            content | {"parameters": {"layer1.neuron1.weight1": 1.0}}
        ).encode(),
        "NaN parameters": text.replace(
            '"layer1.neuron1.bias": ', '"layer1.neuron1.bias": NaN, "": ', 1
        ).encode(),
        "NaN data": json.dumps(
            content | {"data": content["data"] | {"inputs": {"shape": [6, 1], "float64": nan}}}
        ).encode(),
        "deep nesting": b"[" * 100_000 + b"]" * 100_000,
    }


CASES = [
    *("empty", "binary", "truncated", "not a mix", "future version", "wrong lengths"),
    *("NaN parameters", "NaN data", "deep nesting"),
]


@pytest.mark.parametrize("case", CASES)
def test_a_broken_mix_gets_one_line_and_no_picture(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The picture is replaced by what it does first, since a test has its application already."""
    mix, picture = tmp_path / "mine.mixnn", tmp_path / "x.png"
    mix.write_bytes(_broken_mixes(tmp_path)[case])

    def only_read(path: Path, *_rest: object) -> None:
        file.read(path)

    monkeypatch.setattr("mixer_nn.ui.launch.render_picture", only_read)
    assert main(["render", str(mix), "-o", str(picture)]) == 1
    assert_one_line(capsys, "mine.mixnn")
    assert not picture.exists()
