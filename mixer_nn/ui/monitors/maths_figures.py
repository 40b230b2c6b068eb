"""Live numbers: what changes in a derivation from frame to frame, and what stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mixer_nn.core.formula import (
    Block,
    Display,
    Fraction,
    Line,
    Number,
    Part,
    Remark,
    Row,
    Table,
)
from mixer_nn.ui.monitors.maths_box import Path, Setter, brief, figure, number_text
from mixer_nn.ui.monitors.maths_page import Page


def shape(blocks: Iterable[Block]) -> tuple[object, ...]:
    """Equal for derivations that differ in their numbers only: of one knob, row and loss."""
    return tuple((b.title, b.layer, b.folded, tuple(map(_shape, b.parts))) for b in blocks)


def _shape(part: Part) -> tuple[object, ...]:
    if isinstance(part, Row):
        return (part.words, *map(len, part.forms))
    if isinstance(part, Remark):
        return (part.text,)
    return (len(part.rows),) if isinstance(part, Table) else (len(part.line),)


def texts(blocks: Iterable[Block]) -> Iterator[tuple[Path, str]]:
    """Every number as it is written, with the path that the typesetter gave it."""
    for number, block in enumerate(blocks):
        for place, part in enumerate(block.parts):
            yield from _texts(part, (number, place))


def _texts(part: Part, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(part, Display):
        yield from _in_line(part.line, path)
    elif isinstance(part, Table):
        for row, values in enumerate(part.rows):
            for column, value in enumerate(values):
                yield (*path, row, column), brief(value)
    elif isinstance(part, Row):
        yield from _in_line(part.left, (*path, 0))
        for number, form in enumerate(part.forms):
            yield from _in_line(form, (*path, 1, number))
        yield (*path, 2), part.writer(figure)(part.value)


def _in_line(line: Line, path: Path) -> Iterator[tuple[Path, str]]:
    for at, token in enumerate(line):
        if isinstance(token, Number):
            yield (*path, at), number_text(line, at, token.value)
        elif isinstance(token, Fraction):
            yield from _in_line(token.top, (*path, at, 0))
            yield from _in_line(token.bottom, (*path, at, 1))


def rewrite(page: Page, setter: Setter, blocks: Iterable[Block]) -> bool:
    """Write other numbers in the same slots; False where one is too long, or has no slot."""
    for path, text in texts(blocks):
        ink = page.numbers.get(path)
        if ink is None:
            return False
        if text != ink.text:
            width = setter.width_of_number(text, ink.hand)
            if width > setter.slots[path]:
                return False
            ink.text, ink.x = text, ink.right - width
    return True
