"""A person's own table: however it is written, the same numbers come out."""

import itertools
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer_nn.core.dataset import Column
from mixer_nn.data.columns import name_columns
from mixer_nn.data.table import (
    Cancelled,
    Kind,
    Prepared,
    Table,
    build,
    parse_table,
    propose,
    read_table,
)

ROWS = [[1.5, -20.25, 3.0], [0.125, 7.0, 1e-3], [2.75, 8.5, -4.0], [1234.5, 0.0, 12.0]]
HEADER = ["speed (mph)", "load, net", "dist"]

SEPARATORS = [",", ";", "\t", "|", " "]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]


def prepared(text: str) -> Prepared:
    table = parse_table(text)
    return build(table, propose(table))


def numbers(result: Prepared) -> list[list[float]]:
    data = result.dataset
    both: list[list[float]] = np.hstack([data.inputs, data.targets]).tolist()
    return both


def written(
    rows: list[list[float]], separator: str, decimal: str, quote: bool, header: list[str] | None
) -> str:
    cells = [[repr(value).replace(".", decimal) for value in row] for row in rows]
    lines = ([header] if header else []) + cells
    needs = quote or decimal == separator
    return "".join(
        separator.join(f'"{c}"' if needs or separator in c else c for c in line) + "\r\n"
        for line in lines
    )


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("quote", [False, True])
@pytest.mark.parametrize("has_header", [False, True])
def test_every_way_of_writing_gives_the_same_numbers(
    tmp_path: Path, separator: str, decimal: str, quote: bool, has_header: bool
) -> None:
    text = written(ROWS, separator, decimal, quote, HEADER if has_header else None)
    for encoding in ENCODINGS:
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(text.encode(encoding))
        table = read_table(path)
        assert numbers(build(table, propose(table))) == ROWS
        if has_header:
            assert table.names == ("speed", "load, net", "dist")
        else:
            assert table.names == ("column 1", "column 2", "column 3")


finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e99, max_value=1e99)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(finite, min_size=3, max_size=3), min_size=2, max_size=6),
    separator=st.sampled_from(SEPARATORS),
)
def test_numbers_come_back_to_the_last_bit(rows: list[list[float]], separator: str) -> None:
    table = parse_table(written(rows, separator, ".", False, ["a", "b", "c"]))
    assert [column.values.tolist() for column in table.columns] == [
        list(c) for c in zip(*rows, strict=True)
    ]


def test_line_ends_of_all_systems_are_read() -> None:
    for end in ("\n", "\r\n", "\r"):
        for last in ("", end, end * 3):
            text = end.join(["x\ty", "1\t2", "3\t4"]) + last
            assert numbers(prepared(text)) == [[1, 2], [3, 4]]


def test_a_paste_from_a_spreadsheet_keeps_blank_cells_as_holes() -> None:
    table = parse_table("speed\tdist\tnote\r\n4\t2\t\r\n7\t\tslow, wet\r\n8\t16\t\r\n")
    result = build(table, propose(table))
    assert numbers(result) == [[4, 2], [8, 16]]
    assert result.left_out == (
        "Column “note” is text that never changes.",
        "Row 3 has no number in “dist”.",
    )
    assert result.skipped == (3,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x;y\n1.234,5;2\n3,5;4\n", [[1234.5, 2], [3.5, 4]]),
        ('x,y\n"1,234.5",2\n3.5,4\n', [[1234.5, 2], [3.5, 4]]),
        ("x\ty\n1 000,5\t3\n2 000,0\t4\n", [[1000.5, 3], [2000, 4]]),
        ("x\ty\n1\u202f000\t3\n2\u00a0000\t4\n", [[1000, 3], [2000, 4]]),
        ("x;y\n1'000.5;3\n20'000;4\n", [[1000.5, 3], [20000, 4]]),
        ("x;y\n1.234.567;3\n2.345.678;4\n", [[1234567, 3], [2345678, 4]]),
        ("x,y\n1.234,2\n2.345,3\n", [[1.234, 2], [2.345, 3]]),
        ("x\ty\n\u22121,5\t3\n+2,5\t4\n", [[-1.5, 3], [2.5, 4]]),
        ("x,y\n1e3,2\n-2.5E-2,3\n", [[1000, 2], [-0.025, 3]]),
        ("x,y\n99999999999999999999,2\n3,3\n", [[1e20, 2], [3, 3]]),
        ("sep=;\nx;y\n1,5;2\n3;4\n", [[1.5, 2], [3, 4]]),
    ],
)
def test_thousands_signs_and_exponents(text: str, expected: list[list[float]]) -> None:
    assert numbers(prepared(text)) == expected


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("x\ty\n1,234\t1\n5,678\t2\n", 1.234, "decimal comma"),
        ("x\ty\n1,234\t1\n567\t2\n", 1234, "between thousands"),
        ('x,y\n"1,234",1\n"5,678",2\n', 1234, "between thousands"),
    ],
)
def test_what_can_be_read_in_two_ways_is_said(text: str, value: float, words: str) -> None:
    result = prepared(text)
    assert result.dataset.inputs[0, 0] == value
    assert any(words in note for note in result.notes)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x,y\n1,2\n3,4\n", ("x", "y")),
        ("1,2\n3,4\n", ("column 1", "column 2")),
        ("5.1,3.5,setosa\n4.9,3,setosa\n", ("column 1", "column 2", "column 3")),
        (",x,y\n0,1,2\n1,3,4\n", ("column 1", "x", "y")),
        ("x,x,x 2\n1,2,3\n3,4,5\n", ("x", "x 3", "x 2")),
        ("d (ft),d (m)\n1,2\n3,4\n", ("d (ft)", "d (m)")),
        ("a,b,\n1,2,\n3,4,\n", ("a", "b")),
        ("# x y\n1 2\n3 4\n", ("x", "y")),
        ("# made by hand, once\nx,y\n1,2\n3,4\n", ("x", "y")),
        ("My measurements\n\nx,y\n1,2\n3,4\n", ("x", "y")),
        ('"x" "y"\n"1" 4 2\n"2" 5 10\n', ("column 1", "x", "y")),
        ('"wind\nspeed (m/s)",y\n1,2\n3,4\n', ("wind speed", "y")),
        ("naïve,größe\n1,2\n3,4\n", ("naïve", "größe")),
    ],
)
def test_names_are_found_or_given(text: str, names: tuple[str, ...]) -> None:
    assert parse_table(text).names == names


def test_units_in_the_header_become_units() -> None:
    table = parse_table("speed (mph)\tdist [ft]\tn\n1\t2\t3\n4\t5\t6\n")
    columns = [column.column for column in table.columns]
    assert columns == [Column("speed", "mph"), Column("dist", "ft"), Column("n")]


def test_blanks_in_texts_do_not_part_columns() -> None:
    lines = "\n".join(f"{i}.5,green,person {i}" for i in range(50))
    assert parse_table(f"x,kind,who\n{lines}\n").names == ("x", "kind", "who")


def test_rows_are_numbered_as_in_the_file() -> None:
    table = parse_table("\n\ntitle\nx,y\n1,2\n\n3,4\n")
    assert table.lines.tolist() == [5, 7]
    assert parse_table("1,2\n3,4\n").lines.tolist() == [1, 2]


def test_columns_that_all_have_one_name_are_told_apart_in_a_moment() -> None:
    begin = time.process_time()
    names = name_columns(["x"] * 10_000, 10_000)
    assert time.process_time() - begin < 2.0
    assert [column.name for column in names[:3]] == ["x", "x 2", "x 3"]
    assert len({column.name for column in names}) == 10_000


def test_a_table_without_names_says_that_its_first_row_is_data() -> None:
    assert any("row 1 is read as data" in note for note in parse_table("1,2\n3,4\n").notes)


def test_kinds_of_columns_and_examples_of_texts() -> None:
    table = parse_table("a,b,c,d\n1,red,,x\n2,blue,,5\nNA,red,,6\n")
    assert [c.kind for c in table.columns] == [Kind.NUMBER, Kind.TEXT, Kind.EMPTY, Kind.NUMBER]
    assert table.columns[1].examples == ("red", "blue")
    assert table.columns[3].examples == ("x",)


def test_windows_text_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes("größe,y\n1,2\n3,4\n".encode("cp1252"))
    table = read_table(path)
    assert table.names == ("größe", "y")
    assert any("Windows-1252" in note for note in table.notes)


def big(rows: int, separator: str = ",") -> str:
    values = np.random.default_rng(0).standard_normal((rows, 2)).round(6).tolist()
    lines = (f"{x}{separator}{y}" for x, y in values)
    return f"x{separator}y\n" + "\n".join(lines) + "\n"


def test_a_million_rows_take_seconds(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    path.write_text(big(1_000_000))
    shares: list[float] = []
    begin = time.perf_counter()
    table = read_table(path, progress=shares.append)
    result = build(table, propose(table))
    assert time.perf_counter() - begin < 10
    assert result.dataset.rows == 1_000_000
    assert shares == sorted(shares)
    assert len(shares) > 10
    assert shares[-1] == 1.0


def test_reading_can_be_cancelled_between_pieces() -> None:
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(Cancelled):
        parse_table(big(200_000), cancelled=cancelled)
    assert len(asked) == 4


def test_a_hole_far_down_does_not_turn_a_column_into_text() -> None:
    lines = big(150_000).splitlines()
    lines[140_000] = "oops,1"
    table = parse_table("\n".join(lines))
    result = build(table, propose(table))
    assert result.left_out == ("Row 140001 has no number in “x”.",)
    assert result.dataset.rows == 149_999


def test_pandas_is_imported_only_when_a_table_is_read() -> None:
    code = (
        "import sys, mixer_nn.data.table as t, mixer_nn.data.shipped, mixer_nn.data.synthetic\n"
        "assert 'pandas' not in sys.modules\n"
        "t.parse_table('x,y\\n1,2\\n3,4')\n"
        "assert 'pandas' in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_looking_does_not_let_anyone_write() -> None:
    table: Table = parse_table("x,y\n1,2\n3,4\n")
    for array in itertools.chain([table.lines], (c.values for c in table.columns)):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 5
