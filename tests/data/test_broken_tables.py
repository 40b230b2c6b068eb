"""Broken tables: each gets one sentence that names the file, never a traceback."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mixer_nn.core.errors import MixError
from mixer_nn.data import parsing, table
from mixer_nn.data.table import build, parse_table, propose, read_table

NAME = "mine.csv"

NOISE = np.random.default_rng(0).integers(0, 256, 5000).astype(np.uint8).tobytes()

BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "only blank lines": (b"\r\n  \r\n\n", "is empty"),
    "only a byte-order mark": (b"\xef\xbb\xbf", "is empty"),
    "only a named separator": (b"sep=;\n", "is empty"),
    "only separators": (b",,\n,,\n,,\n", "is empty"),
    "binary": (NOISE, "binary"),
    "zeros": (b"\0" * 1000, "binary"),
    "control characters": (b"a,b\n" + b"\x01\x02\x03,\x04\n" * 50, "binary"),
    "workbook": (b"PK\x03\x04" + NOISE, "workbook"),
    "old workbook": (b"\xd0\xcf\x11\xe0" + NOISE, "workbook"),
    "pdf": (b"%PDF-1.7\n1,2\n3,4\n", "PDF"),
    "compressed": (b"\x1f\x8b\x08" + NOISE, "compressed"),
    "picture": (b"\x89PNG\r\n\x1a\n" + NOISE, "picture"),
    "utf-16 without a mark": ("x,y\n1,2\n3,4\n".encode("utf-16-le"), "binary"),
    "utf-16 cut short": ("x,y\n1,2\n3,4\n".encode("utf-16")[:-1], "UTF-16"),
    "utf-8 mark before other text": (b"\xef\xbb\xbfgr\xf6\xdfe,y\n1,2\n3,4\n", "UTF-8"),
    "no known encoding": (b"gr\x81\x8d,y\n1,2\n3,4\n", "Windows-1252"),
    "one column": (b"x\n1\n2\n3\n", "only one column"),
    "one cell": (b"5", "only one column"),
    "prose": (b"Once upon a time\nthere was a table.\n", "only one column"),
    "text only": (b"name,town\nAnn,Oslo\nBob,Rome\n", "no column of numbers"),
    "one column of numbers": (b"name,age\nAnn,5\nBob,7\n", "only one column of numbers"),
    "header only": (b"x,y\n", "no rows"),
    "one row": (b"x,y\n1,2\n", "only one row"),
    "one row and no header": (b"1,2\n", "only one row"),
    "all NaN": (b"x,y\nnan,nan\nNaN,NA\n", "no column of numbers"),
    "one column all NaN": (b"x,y\n1,\n2,\n3,\n", "only one column of numbers"),
    "infinities": (b"x,y\ninf,1\n2,-inf\nInfinity,3\n", "no usable rows"),
    "huge numbers": (b"x,y\n1e300,1\n2e250,2\n3,-1e101\n", "no usable rows"),
    "numbers too large for a float": (b"x,y\n1e999,1\n2,1e999\n", "infinite"),
    "one usable row": (b"x,y\n1,2\n,3\n4,\n", "1 usable row"),
    "long row": (b"x,y\n1,2\n3,4,5\n6,7\n", "Row 3"),
    "very long row": (b"x,y\n1,2\n3,4\n5,6,7,8,9\n", "Row 4"),
    "long row far down": (b"x,y\n" + b"1,2\n" * 100_000 + b"1,2,3\n", "Row 100,002"),
    "very long row far down": (b"x,y\n" + b"1,2\n" * 100_000 + b"1,2,3,4\n", "Row 100,002"),
    "header too short": (b"height\n1,5\n2,5\n", "Row 2"),
    "names with blanks between blanks": (b"my speed my dist\n1 2\n3 4\n", "Row 1"),
    "quotation mark never closed": (b'x,y\n1,"2\n3,4\n5,6\n', "row 2"),
    "endless cell": (b'x,y\n1,"' + b"2\n" * 100_000, "quotation mark"),
    "too many columns": ((b"3," * 10_000 + b"4\n") * 2, "10,001 columns"),
    "decimal comma between commas": (b"x,y\n1,5,2,5\n3,5\n", "Row 2"),
}


def open_table(path: Path) -> None:
    """What opening a file does, up to the data set."""
    read = read_table(path)
    build(read, propose(read))


def assert_one_sentence(message: str, name: str = NAME) -> None:
    assert "\n" not in message
    assert message.endswith(".")
    assert f"“{name}”" in message
    assert message[0].isupper() or message[0] == "“"
    assert ". " not in message.rstrip(".")
    assert "Traceback" not in message
    assert len(message) < 300


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_gets_one_sentence(tmp_path: Path, case: str) -> None:
    content, part = BROKEN[case]
    path = tmp_path / NAME
    path.write_bytes(content)
    with pytest.raises(MixError) as caught:
        open_table(path)
    assert part in str(caught.value)
    assert_one_sentence(str(caught.value))


def _folder(path: Path) -> None:
    path.mkdir()


def _nothing(path: Path) -> None:
    """The file does not exist."""


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x,y\n1,2\n")


@pytest.mark.parametrize(
    ("place", "part"),
    [
        (_folder, "folder"),
        (_nothing, "does not exist"),
        pytest.param(
            _pipe,
            "not a regular file",
            marks=pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes"),
        ),
        (_archive, "archive"),
    ],
)
def test_what_is_no_file_gets_one_sentence(
    tmp_path: Path, place: Callable[[Path], None], part: str
) -> None:
    path = tmp_path / NAME
    place(path)
    with pytest.raises(MixError) as caught:
        read_table(path)
    assert part in str(caught.value)
    assert_one_sentence(str(caught.value))


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (PermissionError(13, "Permission denied"), "may not read"),
        (OSError(5, "Input/output error"), "input/output error"),
    ],
)
def test_a_file_that_cannot_be_opened_gets_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, part: str
) -> None:
    path = tmp_path / NAME
    path.write_text("x,y\n1,2\n3,4\n")

    def refuse(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(MixError) as caught:
        read_table(path)
    assert part in str(caught.value)
    assert_one_sentence(str(caught.value))


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read everything"
)
def test_a_file_without_permission_gets_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text("x,y\n1,2\n3,4\n")
    path.chmod(0)
    with pytest.raises(MixError, match="may not read") as caught:
        read_table(path)
    assert_one_sentence(str(caught.value))


def test_an_impossible_name_gets_a_sentence() -> None:
    with pytest.raises(MixError) as caught:
        read_table(Path("a\0b.csv"))
    assert_one_sentence(str(caught.value), "a b.csv")


def test_too_many_cells_are_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAX_CELLS", 1000)
    with pytest.raises(MixError, match="1,000 cells") as caught:
        parse_table("x,y\n" + "1,2\n" * 501, NAME)
    assert_one_sentence(str(caught.value))
    assert parse_table("x,y\n" + "1,2\n" * 500, NAME).rows == 500


def test_too_large_a_file_is_announced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_BYTES", 1 << 20)
    path = tmp_path / NAME
    path.write_bytes(b"x,y\n" + b"1,2\n" * (1 << 18))
    with pytest.raises(MixError, match="larger than 1 MiB") as caught:
        read_table(path)
    assert_one_sentence(str(caught.value))
    with pytest.raises(MixError, match="larger than 1 MiB") as caught:
        parse_table(path.read_text(), NAME)
    assert_one_sentence(str(caught.value))


def test_a_pasted_text_that_is_broken_is_called_what_it_is() -> None:
    with pytest.raises(MixError) as caught:
        parse_table("")
    assert_one_sentence(str(caught.value), "pasted table")


def test_a_monstrous_name_does_not_flood_the_sentence(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 200 + ".csv")
    path.write_text("")
    with pytest.raises(MixError) as caught:
        read_table(path)
    assert len(str(caught.value)) < 200
