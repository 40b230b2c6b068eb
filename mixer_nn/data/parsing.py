"""Reads the text of a table in pieces with pandas, which is imported only then."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray, frozen
from mixer_nn.core.errors import MixError
from mixer_nn.data.classes import MOST_CLASSES
from mixer_nn.data.columns import Codes, Kind, Table, TableColumn, name_columns, no_codes
from mixer_nn.data.decimals import Marks, is_missing, number_reader
from mixer_nn.data.layout import BLANKS, Layout, find_layout, ragged
from mixer_nn.data.wording import shown

if TYPE_CHECKING:
    import pandas as pd

MAX_CELLS = 10_000_000
PIECE_CELLS = 100_000
PIECE_ROWS = 200
SAMPLE_BYTES = 256 << 10
EXAMPLES = 3


def parse_utf8(
    text: bytes, name: str, note: str, report: Callable[[float], None], poll: Callable[[], None]
) -> Table:
    """The table in `text`, UTF-8 without a byte-order mark.

    Between pieces of about 100,000 cells (200 rows or more) `report` gets the share that is read
    and `poll` may raise to give up. Raises MixError for what is no table, and for more than 10,000
    columns or 10 million cells.
    """
    layout = find_layout(_sample(text), name)
    columns = [_Collector(layout.marks) for _ in range(layout.width + 1)]
    lines: list[np.ndarray[Any, np.dtype[np.int64]]] = []
    stream = io.BytesIO(text)
    rows = 0
    for frame in _frames(stream, layout, name):
        filled = np.zeros(len(frame), dtype=np.bool_)
        pieces = [collector.read(frame[i]) for i, collector in enumerate(columns)]
        for piece in pieces:
            filled |= piece.filled
        _check_width(pieces[-1].filled, frame, layout, name)
        for collector, piece in zip(columns, pieces, strict=True):
            collector.keep(piece, filled)
        lines.append(frame.index.to_numpy(dtype=np.int64)[filled] + layout.skip + 1)
        rows += int(filled.sum())
        if rows * layout.width > MAX_CELLS:
            raise MixError(
                f"{shown(name)} has more than {MAX_CELLS:,} cells (rows × columns), the most "
                "a table may have; keep fewer rows or columns."
            )
        report(min(1.0, stream.tell() / max(1, len(text))))
        poll()
    if rows == 0:
        raise MixError(f"{shown(name)} has column names but no rows; add rows of numbers below.")
    return Table(
        name=name,
        columns=_finish(columns[:-1], layout),
        lines=_frozen_lines(lines),
        notes=((note,) if note else ()) + layout.notes,
    )


def _sample(text: bytes) -> str:
    """The beginning of `text`, whole lines if it is not all of it."""
    if len(text) <= SAMPLE_BYTES:
        return text.decode("utf-8")
    cut = max(text.rfind(mark, 0, SAMPLE_BYTES) for mark in (b"\n", b"\r"))
    if cut < 0:
        after = [text.find(mark, SAMPLE_BYTES) for mark in (b"\n", b"\r")]
        cut = min((place for place in after if place >= 0), default=len(text))
    return text[:cut].decode("utf-8")


def _frozen_lines(
    lines: list[np.ndarray[Any, np.dtype[np.int64]]],
) -> np.ndarray[Any, np.dtype[np.int64]]:
    joined = np.concatenate(lines)
    joined.flags.writeable = False
    return joined


def _frames(stream: io.BytesIO, layout: Layout, name: str) -> Iterator[pd.DataFrame]:
    """Pieces of the table; columns are numbered, with one too many to notice long rows by."""
    import pandas as pd

    options: dict[str, Any] = {}
    if tuple(int(part) for part in pd.__version__.split(".")[:2]) < (3, 1):
        options["float_precision"] = "round_trip"  # later versions always read exactly
    if layout.marks.decimal == layout.separator:
        options["dtype"] = str  # quoted "1,5" between commas: left to `to_number`
    try:
        with pd.read_csv(
            stream,
            sep=r"\s+" if layout.separator == BLANKS else layout.separator,
            decimal="." if "dtype" in options else layout.marks.decimal,
            header=None,
            names=list(range(layout.width + 1)),
            index_col=False,
            skiprows=layout.skip,
            skip_blank_lines=False,
            skipinitialspace=True,
            keep_default_na=False,
            na_values=[""],
            low_memory=False,
            encoding="utf-8",
            chunksize=max(PIECE_ROWS, PIECE_CELLS // (layout.width + 1)),
            **options,
        ) as frames:
            yield from frames
    except pd.errors.EmptyDataError:
        return
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise _explained(str(error), layout, name) from error


def _explained(message: str, layout: Layout, name: str) -> MixError:
    found = re.search(r"in line (\d+), saw (\d+)", message)
    if found:
        return ragged(name, int(found[1]), int(found[2]), layout.width)
    quote = re.search(r"inside string starting at row (\d+)", message)
    if quote:
        return MixError(
            f"A quotation mark in row {int(quote[1]) + 1:,} of {shown(name)} is never closed; "
            "close or remove it."
        )
    return MixError(f"{shown(name)} cannot be read as a table; save it again as CSV in UTF-8.")


def _check_width(extra: BoolArray, frame: pd.DataFrame, layout: Layout, name: str) -> None:
    if extra.any():
        line = int(frame.index[int(np.argmax(extra))]) + layout.skip + 1
        raise ragged(name, line, layout.width + 1, layout.width)


@dataclass(frozen=True, eq=False)
class _Piece:
    """Some rows of one column: numbers (NaN for none), which cells hold anything, and texts.

    `codes` numbers the texts, −1 for none; it is empty where there are only numbers.
    """

    values: FloatArray
    filled: BoolArray
    texts: int = 0
    codes: Codes = field(default_factory=no_codes)


@dataclass
class _Collector:
    """Gathers one column piece by piece; `known` numbers its texts, up to one too many."""

    marks: Marks
    pieces: list[FloatArray] = field(default_factory=list)
    codes: list[Codes] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    numbers: int = 0
    texts: int = 0

    def read(self, series: pd.Series[Any]) -> _Piece:
        """The numbers in `series`: pandas' own where it found only numbers, else cell by cell."""
        if series.dtype.kind in "iuf":
            values = series.to_numpy(dtype=np.float64)
            return _Piece(values, ~np.isnan(values))
        return _read_cells(series.to_numpy(dtype=object), self.marks, self.known)

    def keep(self, piece: _Piece, rows: BoolArray) -> None:
        """Add the rows of `piece` that hold anything in any column."""
        self.pieces.append(piece.values[rows])
        codes = piece.codes if piece.codes.size else np.full(len(rows), -1, dtype=np.int8)
        self.codes.append(codes[rows])
        self.numbers += int((~np.isnan(piece.values)).sum())
        self.texts += piece.texts

    def categories(self) -> tuple[tuple[str, ...], Codes]:
        """All different cells, numbers among them, in order, and which each row has; or none."""
        values, codes = np.concatenate(self.pieces), np.concatenate(self.codes)
        found = np.unique(values[~np.isnan(values)])
        if len(self.known) + found.size > MOST_CLASSES:
            return (), no_codes()
        known = dict(self.known)
        for value in found:
            codes[values == value] = known.setdefault(f"{value:.15g}", len(known))
        names = sorted(known, key=lambda name: (name.casefold(), name))
        places = np.full(len(names) + 1, -1, dtype=np.int8)  # the last is found for −1
        for place, name in enumerate(names):
            places[known[name]] = place
        sorted_codes = places[codes]
        sorted_codes.flags.writeable = False
        return tuple(names), sorted_codes


def _read_cells(cells: Iterable[object], marks: Marks, known: dict[str, int]) -> _Piece:
    """The cells of a piece; new texts are added to `known`, as long as they may be classes."""
    read = number_reader(marks)
    numbers: dict[str, float] = {}
    values: list[float] = []
    filled: list[bool] = []
    codes: list[int] = []
    texts = 0
    for cell in cells:
        text = "" if isinstance(cell, float) and math.isnan(cell) else str(cell).strip()
        value = numbers.get(text)
        if value is None:
            value = numbers[text] = read(text)
        values.append(value)
        filled.append(bool(text))
        code = -1
        if math.isnan(value) and not is_missing(text):
            texts += 1
            if len(known) <= MOST_CLASSES:
                code = known.setdefault(text, len(known))
        codes.append(code)
    return _Piece(
        np.array(values),
        np.array(filled, dtype=np.bool_),
        texts,
        np.array(codes, dtype=np.int8),
    )


def _finish(columns: list[_Collector], layout: Layout) -> tuple[TableColumn, ...]:
    """The columns by name; nameless empty ones at the end are only separators left over."""
    while columns and not columns[-1].numbers and not columns[-1].texts:
        if "".join(layout.header[len(columns) - 1 :]).strip():
            break
        columns = columns[:-1]
    names = name_columns(layout.header, len(columns))
    finished = []
    for name, column in zip(names, columns, strict=True):
        examples = tuple(column.known)[:EXAMPLES]
        if column.numbers and column.numbers >= column.texts:
            values = frozen(np.concatenate(column.pieces))
            finished.append(TableColumn(name, Kind.NUMBER, values, examples))
        else:
            kind = Kind.TEXT if column.texts or column.numbers else Kind.EMPTY
            categories, codes = column.categories() if kind is Kind.TEXT else ((), no_codes())
            text = TableColumn(name, kind, examples=examples, categories=categories, codes=codes)
            finished.append(text)
    return tuple(finished)
