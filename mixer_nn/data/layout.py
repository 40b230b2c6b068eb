"""Finds out how a table is written from its beginning: separator, decimal mark, header."""

from __future__ import annotations

import csv
import io
import itertools
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mixer_nn.core.errors import MixError
from mixer_nn.data.decimals import COMMA, POINT, Marks, find_marks, is_missing, to_number
from mixer_nn.data.wording import shown

BLANKS = " "
SEPARATORS = ("\t", ";", "|", ",", BLANKS)
MAX_COLUMNS = 10_000
"""Columns that a table may have; to read as many takes a second."""

Record = list[str]


@dataclass(frozen=True)
class Layout:
    """How to read a table: `separator` (a space stands for any run of blanks), `marks` of numbers.

    `header` is () if the first row is data already; the data begin after `skip` lines and have
    `width` cells. `notes` are sentences on what had to be guessed.
    """

    separator: str
    marks: Marks
    header: tuple[str, ...]
    skip: int
    width: int
    notes: tuple[str, ...] = ()


def find_layout(sample: str, name: str) -> Layout:
    """The layout of the table that begins with `sample`; MixError if that is no table.

    The separator is the one that gives most lines the same number of cells, two or more, and most
    of these a number. The header is told from the first row of data by having words above
    columns of numbers. More than 10,000 columns are no table either.
    """
    separator, first = _announced(sample)
    candidates = [separator] if separator else SEPARATORS
    tables = {mark: _split(sample, mark) for mark in candidates}
    best = max(tables, key=lambda mark: _score(tables[mark][first:], mark))
    records = tables[best]
    width = _usual_width(records[first:])
    if width < 2:
        raise _no_table(sample, first, overlong=not all(tables.values()), name=name)
    _check_width(width, name)
    layout = _place_header(records, best, first, width, name)
    _check_width(layout.width, name)
    _check_rows(records, layout, name)
    return layout


def _check_width(width: int, name: str) -> None:
    if width > MAX_COLUMNS:
        raise MixError(
            f"{shown(name)} has {width:,} columns, and {MAX_COLUMNS:,} are the most a table may "
            "have; keep fewer, or exchange rows and columns."
        )


def _no_table(sample: str, first: int, *, overlong: bool, name: str) -> MixError:
    """Why `sample` has no two columns; `overlong` if some separator leaves a far too long cell."""
    lines = sample.splitlines()[first:]
    if not any(line.strip("".join(SEPARATORS) + '"') for line in lines):
        return MixError(f"{shown(name)} is empty; a table needs two columns or more.")
    if overlong:
        return MixError(
            f"{shown(name)} is not a table: one of its cells is over {csv.field_size_limit():,} "
            "characters long; look for a quotation mark that is never closed."
        )
    return MixError(
        f"{shown(name)} has only one column; a table needs at least two, "
        "separated by commas, semicolons or tabs."
    )


def _place_header(
    records: list[Record], separator: str, first: int, width: int, name: str
) -> Layout:
    filled = [place for place, record in enumerate(records) if place >= first and _cells(record)]
    top, names = _first_row(records, filled, width)
    body = [records[place] for place in filled if place > top]
    marks, guess = find_marks(_columns(body or [names], width), separator)
    notes = [_skipped(records[place], place + 1) for place in filled if place < top]
    notes += [guess] if guess else []
    if _is_header(names, body, marks):
        header = _header(names, width, separator, top + 1, name, bool(body))
        if header[0] == "" and len(names) == width - 1:
            notes.append("The header has a name too few, so the first column is row names.")
        return Layout(separator, marks, header, top + 1, max(width, len(header)), tuple(notes))
    if top != filled[0] and not _is_remark(records[filled[0]]):
        raise ragged(name, top + 1, len(names), len(_cells(records[filled[0]])))
    notes.append(f"There are no names above the columns, so row {top + 1} is read as data.")
    return Layout(separator, marks, (), top, max(width, len(names)), tuple(notes))


def _first_row(records: list[Record], filled: list[int], width: int) -> tuple[int, Record]:
    """Where the table begins and its first row: below titles of one cell and lines with ``#``.

    The last line with ``#`` may hold the names: ``# x y``, as NumPy writes them.
    """
    remarks = list(itertools.takewhile(lambda place: _is_remark(records[place]), filled))
    rest = filled[len(remarks) :]
    if remarks:
        last = records[remarks[-1]]
        head = last[0].strip().lstrip("#").strip()
        names = [head, *last[1:]] if head else last[1:]
        told = rest and all(not _is_number(cell) for cell in _cells(records[rest[0]]))
        if not rest or (len(names) == width and not told):
            return remarks[-1], names
    top = next((place for place in rest if len(_cells(records[place])) > 1), rest[0])
    return top, records[top]


def _is_remark(record: Record) -> bool:
    return record[0].strip().startswith("#")


def _check_rows(records: list[Record], layout: Layout, name: str) -> None:
    """Raise MixError for the first row with more cells than there are columns."""
    for place, record in enumerate(records[layout.skip :], start=layout.skip + 1):
        if any(cell.strip() for cell in record[layout.width :]):
            raise ragged(name, place, len(record), layout.width)


def _header(
    record: Record, width: int, separator: str, line: int, name: str, has_body: bool
) -> tuple[str, ...]:
    """The names in `record`; one too few means that row names come first, as R writes tables."""
    if has_body and len(record) == width - 1:
        return ("", *record)
    if len(record) < width:
        raise ragged(name, line + 1, width, len(record))
    if separator == BLANKS and len(record) > width:
        raise ragged(name, line, len(record), width)
    while len(record) > width and not record[-1].strip():
        record = record[:-1]
    return tuple(record)


def ragged(name: str, line: int, cells: int, expected: int) -> MixError:
    """The error for a row with another number of cells than the table has columns."""
    return MixError(
        f"Row {line:,} of {shown(name)} has {cells:,} cells where {expected:,} "
        f"{'is' if expected == 1 else 'are'} expected; "
        "give every row the same number of cells."
    )


def _skipped(record: Record, line: int) -> str:
    return f"Row {line}, {shown(_cells(record)[0])}, is above the table and is not read."


def _announced(sample: str) -> tuple[str, int]:
    """The separator that a first line ``sep=;`` names, and how many lines that takes."""
    match = re.match(r"\"?sep=(.)\"?[ \t]*(?:\r\n|\r|\n)", sample, re.IGNORECASE)
    return (match[1], 1) if match else ("", 0)


def _split(sample: str, separator: str) -> list[Record]:
    """The cells of each line; blank lines are []. [] altogether if a cell is far too long."""
    lines = io.StringIO(sample, newline="")
    try:
        if separator == BLANKS:
            tidy = (" ".join(line.split()) for line in lines)
            return [record if any(record) else [] for record in csv.reader(tidy, delimiter=" ")]
        return list(csv.reader(lines, delimiter=separator, skipinitialspace=True))
    except csv.Error:
        return []


def _cells(record: Record) -> list[str]:
    return [cell.strip() for cell in record if cell.strip()]


def _usual_width(records: list[Record]) -> int:
    widths = Counter(len(record) for record in records if _cells(record))
    return widths.most_common(1)[0][0] if widths else 0


def _score(records: list[Record], separator: str) -> tuple[float, float]:
    """How much like a table this split is: more is better, (0, 0) for a single column."""
    width = _usual_width(records)
    if width < 2:
        return 0.0, 0.0
    rows = [record for record in records if _cells(record)]
    body = rows[1:] or rows
    regular = sum(len(record) == width for record in body) / len(body)
    cells = [cell for record in body for cell in record]
    good = sum(is_missing(cell) or _is_number(cell) for cell in cells) / max(1, len(cells))
    if separator == BLANKS and (regular < 0.9 or good < 0.3 or _tears(cells)):
        return 0.0, 0.0
    return regular * (0.5 + good), -SEPARATORS.index(separator) if separator in SEPARATORS else 0.0


def _tears(cells: list[str]) -> bool:
    """Whether blanks split what other separators hold together: ``1.5,green,New`` | ``York``."""
    held = [cell for cell in cells if any(mark in cell for mark in SEPARATORS if mark != BLANKS)]
    return 10 * sum(not _is_number(cell) for cell in held) > len(cells)


def _is_number(cell: str, marks: Sequence[Marks] = (POINT, COMMA)) -> bool:
    return not all(math.isnan(to_number(cell, mark)) for mark in marks)


def _columns(records: list[Record], width: int) -> list[list[str]]:
    return [[record[i] for record in records if i < len(record)] for i in range(width)]


def _is_header(record: Record, body: list[Record], marks: Marks) -> bool:
    """Whether words stand above numbers more often than numbers do."""
    if all(is_missing(cell) or _is_number(cell) for cell in record):
        return False
    offset = 1 if body and len(record) == _usual_width(body) - 1 else 0
    columns = _columns(body, len(record) + offset)[offset:]
    words = numbers = 0
    for cell, column in zip(record, columns, strict=True):
        told = [_is_number(below, [marks]) for below in column if not is_missing(below)]
        if not is_missing(cell) and told and 2 * sum(told) >= len(told):
            words += not _is_number(cell)
            numbers += _is_number(cell)
    return words >= numbers
