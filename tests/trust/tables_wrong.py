"""Tables as people have them, and worse: by their structure, and then by their bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.trust import bytes_wrong

Cell = Callable[[Random, int], str]

HOLES = ("", " ", "NA", "n/a", "nan", "NULL", "None", "?", "-", "–", ".", "*", "#DIV/0!", "<NA>")
ODD = (
    *("1e400", "-1e400", "1e-400", "inf", "-Infinity", "1e101", "1e99", "0x1F", "1_000", "١٢٣"),
    *("½", "1.2.3", "1,2,3", "--5", "+-1", "1e", "e5", "1d5", "12%", "$5", "5 €", "−3", "1'000"),
    *("1 000", "2024-01-31", "31.01.2024", "1/2/2024", "12:30:45", "2024-01-31T12:00Z", "TRUE"),
    *("ja", "=A1+1", "x" * 300, "a\tb", "a;b", "a,b", "“q”", "'", "\\N", "\u200b", "1\u00a02"),
    *("\x1b[0m", "#", "//", "00012", "9" * 30, "9" * 400, "." + "1" * 400, "1" + "0" * 310, "-0"),
    *("0.1e-5", "1E5", "1e+05"),
)


def _whole(rng: Random, _row: int) -> str:
    return f"{rng.randint(-50, 500)}"


def _point(rng: Random, _row: int) -> str:
    return f"{rng.gauss(3, 20):.3f}"


def _comma(rng: Random, _row: int) -> str:
    return f"{rng.gauss(3, 20):.2f}".replace(".", ",")


def _thousands(rng: Random, _row: int) -> str:
    return f"{rng.randint(0, 10**7):,}"


def _swiss(rng: Random, _row: int) -> str:
    return f"{rng.randint(0, 10**7):,}".replace(",", rng.choice("'’ \u00a0"))


def _wide(rng: Random, _row: int) -> str:
    return f"{rng.gauss(0, 1) * 10 ** rng.uniform(-320, 308):.17g}"


def _huge(rng: Random, _row: int) -> str:
    return f"{rng.choice((-1, 1)) * rng.uniform(1, 9.9) * 10 ** rng.choice((90, 99, 100, 150)):g}"


def _class(rng: Random, _row: int) -> str:
    return rng.choice(("red", "green", "blue", "Red", "grün"))


def _digit(rng: Random, _row: int) -> str:
    return str(rng.randint(0, 3))


def _name(rng: Random, row: int) -> str:
    return f"person {row} {rng.choice('äöüß☃')}"


def _quoted(rng: Random, row: int) -> str:
    return f'"{rng.choice((_comma, _name, _point))(rng, row)}"'


def _date(rng: Random, row: int) -> str:
    return f"2024-{1 + row % 12:02}-{1 + row % 28:02}"


def _row(_rng: Random, row: int) -> str:
    return str(row)


def _constant(_rng: Random, _row: int) -> str:
    return "7"


def _odd(rng: Random, _row: int) -> str:
    return rng.choice(ODD)


def _hole(rng: Random, _row: int) -> str:
    return rng.choice(HOLES)


CELLS: tuple[Cell, ...] = (
    *(_whole, _whole, _point, _point, _point, _comma, _thousands, _swiss, _wide, _huge, _class),
    *(_class, _digit, _name, _quoted, _date, _row, _constant, _odd, _hole),
)
TITLES = (
    *("x", "y", "speed (mph)", "speed [mph]", "x", "", " ", "column 2", "Größe", "1", "2.5", "nan"),
    *('"a ""b"""', "a,b", "x" * 200, "y (a) (b)", "()", "#id", "\u202e", "x\u0000", "“”", "sep=;"),
)


@dataclass
class Sheet:
    """A table before it is text: cells by row, and how they are to be written."""

    rows: list[list[str]]
    separator: str
    end: str = "\n"
    before: list[str] = field(default_factory=list)

    def text(self) -> str:
        return self.end.join([*self.before, *(self.separator.join(row) for row in self.rows)])


def _width(rng: Random) -> int:
    draw = rng.random()
    return rng.randint(1, 8) if draw < 0.9 else rng.randint(9, 60) if draw < 0.985 else 3000


def _height(rng: Random, width: int) -> int:
    if width > 100:
        return rng.randint(1, 20)
    draw = rng.random()
    return rng.randint(0, 4) if draw < 0.15 else rng.randint(5, 60) if draw < 0.95 else 4000


def sheet(rng: Random) -> Sheet:
    width = _width(rng)
    height = _height(rng, width)
    columns = [rng.choice(CELLS) for _ in range(width)]
    rows = [[cell(rng, row) for cell in columns] for row in range(height)]
    draw = rng.random()
    if draw < 0.75:
        rows.insert(0, [f"c{i}" for i in range(width)])
    elif draw < 0.9:
        rows.insert(0, [rng.choice(TITLES) for _ in range(width)])
    return Sheet(rows, rng.choice(",,,;;\t\t| :"))


Harm = Callable[[Random, Sheet], None]


def holes(rng: Random, table: Sheet) -> None:
    share = rng.choice((0.02, 0.2, 0.6, 0.98))
    for row in table.rows[1:]:
        row[:] = [rng.choice(HOLES) if rng.random() < share else cell for cell in row]


def odd_cells(rng: Random, table: Sheet) -> None:
    for _ in range(rng.randint(1, 5)):
        row = rng.choice(table.rows)
        if row:
            row[rng.randrange(len(row))] = rng.choice(ODD)


def ragged(rng: Random, table: Sheet) -> None:
    for _ in range(rng.randint(1, 3)):
        row = rng.choice(table.rows)
        if rng.random() < 0.5:
            row += [rng.choice(("1", "", "x"))] * rng.randint(1, 4)
        elif row:
            del row[rng.randrange(len(row)) :]


def blank_lines(rng: Random, table: Sheet) -> None:
    for _ in range(rng.randint(1, 5)):
        table.rows.insert(rng.randint(0, len(table.rows)), rng.choice(([], [" "], [""] * 3)))


def remarks(rng: Random, table: Sheet) -> None:
    lines = ("# made by a meter", "sep=;", "sep=x", "Title of it all", '"sep=,"', "#", "# a,b")
    table.before = [rng.choice(lines) for _ in range(rng.randint(1, 3))]


def quotation(rng: Random, table: Sheet) -> None:
    row = rng.choice(table.rows)
    if row:
        place = rng.randrange(len(row))
        row[place] = rng.choice(('"' + row[place], row[place] + '"', '"', '"""', 'a"b"c', '"a\nb"'))


def endless_cell(rng: Random, table: Sheet) -> None:
    row = rng.choice(table.rows)
    row.append(rng.choice(("9", "x", '"', " ", ";", "1,")) * rng.choice((5000, 140_000)))


def repeated_header(rng: Random, table: Sheet) -> None:
    table.rows.insert(rng.randint(0, len(table.rows)), list(table.rows[0]))
    table.rows[0][:] = ["x"] * len(table.rows[0])


def mixed_separators(rng: Random, table: Sheet) -> None:
    row = rng.choice(table.rows)
    row[:] = [rng.choice(";,\t| ").join(row)]


def line_ends(rng: Random, table: Sheet) -> None:
    table.end = rng.choice(("\r\n", "\r", "\n\n", "\r\r\n", "\x0b", "\u2028"))


def transposed(_rng: Random, table: Sheet) -> None:
    width = min(map(len, table.rows))
    table.rows = [[row[place] for row in table.rows] for place in range(width)][:300]


HARMS: tuple[Harm, ...] = (
    *(holes, holes, odd_cells, odd_cells, ragged, blank_lines, remarks, quotation, endless_cell),
    *(repeated_header, mixed_separators, line_ends, transposed),
)
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-32")


def _no_table(rng: Random) -> tuple[bytes, str]:
    """What somebody may have chosen by mistake."""
    values = [{"a": rng.random(), "b": None} for _ in range(rng.randint(0, 50))]
    texts = (
        json.dumps(values),
        "<table>" + "<tr><td>1</td><td>2</td></tr>\n" * 30 + "</table>",
        "Once upon a time, there was a table.\n" * rng.randint(1, 100),
        "1\n" * rng.randint(0, 1000),
        "," * rng.choice((1, 100, 200_000)),
        "\n" * rng.choice((1, 100_000)),
        "1 " * rng.choice((3, 200_000)),
        "1,2\n" * rng.choice((1, 2, 100_000)),
    )
    return rng.choice(texts).encode(), "no table"


def table(rng: Random) -> tuple[bytes, str]:
    """The bytes of a table with something wrong in it, or not, and what was done."""
    if rng.random() < 0.04:
        return _no_table(rng)
    made, done = sheet(rng), []
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
        harm = rng.choice(HARMS)
        if made.rows:
            harm(rng, made)
            done.append(harm.__name__)
    encoding = rng.choice(ENCODINGS)
    raw = made.text().encode(encoding, errors="replace")
    if rng.random() < 0.25:
        raw, more = bytes_wrong.changed(rng, raw)
        done.append(more)
    return raw, f"{encoding}, {made.separator!r}: {', '.join(done)}"
