"""A derivation as plain text, in Unicode: what is copied into a note, and what is read aloud."""

from __future__ import annotations

from collections.abc import Iterable

from mixer_nn.core.formula import (
    MINUS,
    PLUS,
    Block,
    Display,
    Fraction,
    Line,
    Number,
    Part,
    Remark,
    Sign,
    Symbol,
    Table,
    Write,
)

_LOWERED = str.maketrans("0123456789ikr", "₀₁₂₃₄₅₆₇₈₉ᵢₖᵣ")

_CLOSE_UP = {"(", ")", "|", "²", "∂", "Σ"}
"""Signs that stand close to their neighbours; the others have a space on either side."""


def plain(blocks: Iterable[Block], write: Write) -> str:
    """The whole derivation, a line for each row; folded layers are left out."""
    lines: list[str] = []
    for block in blocks:
        if block.folded:
            continue
        lines += ["", block.title] if lines else [block.title]
        for part in block.parts:
            lines += [f"  {line}" for line in _part(part, write)]
    return "\n".join(lines)


def _part(part: Part, write: Write) -> list[str]:
    if isinstance(part, Remark):
        return [part.text]
    if isinstance(part, Display):
        return [line_text(part.line, write)]
    if isinstance(part, Table):
        return _table(part, write)
    forms = [line_text(form, write) for form in (part.left, *part.forms)]
    words = f"   {part.words}" if part.words else ""
    return [f"{' = '.join([*forms, part.writer(write)(part.value)])}{words}"]


def _table(table: Table, write: Write) -> list[str]:
    cells = [["", *(line_text(head, write) for head in table.heads)]]
    for number, row in enumerate(table.rows, start=1):
        cells.append([f"n{number}", *map(write, row)])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in cells
    ]


def subscript_text(symbol: Symbol) -> str:
    """The subscripts of a symbol: ``₂.₃.₁``."""
    return ".".join(str(part).translate(_LOWERED) for part in symbol.subscripts)


def shown(line: Line) -> Line:
    """The same, where a negative number is added written as a difference."""
    tokens = list(line)
    for at, token in enumerate(line[1:], start=1):
        if isinstance(token, Number) and token.value < 0.0 and line[at - 1] == PLUS:
            tokens[at - 1], tokens[at] = MINUS, Number(-token.value, token.place)
    return tuple(tokens)


def needs_brackets(line: Line, at: int) -> bool:
    """Whether the number there is negative and follows a sign that would run into it."""
    token = line[at]
    if not isinstance(token, Number) or not token.value < 0.0 or at == 0:
        return False
    before = line[at - 1]
    return isinstance(before, Sign) and before.text not in ("(", "|", "=")


def line_text(line: Line, write: Write) -> str:
    """One formula in a line: ``2·(72.11 − 79)``."""
    text, line = "", shown(line)
    for at, token in enumerate(line):
        text += _token_text(line, at, token, write)
    return text.replace("  ", " ").strip()


def _token_text(line: Line, at: int, token: object, write: Write) -> str:
    if isinstance(token, Symbol):
        # A sign with a subscript, as Σᵢ, keeps its distance from what it is applied to.
        return token.base + subscript_text(token) + ("" if token.base else " ")
    if isinstance(token, Number):
        text = write(token.value)
        return f"({text})" if needs_brackets(line, at) else text
    if isinstance(token, Fraction):
        return f"{line_text(token.top, write)}/{line_text(token.bottom, write)}"
    assert isinstance(token, Sign)
    return spaced(line, at, token.text)


def spaced(line: Line, at: int, sign: str) -> str:
    """A sign with the space around it that it has where it stands."""
    if sign == "·" or sign in _CLOSE_UP:
        return sign
    if sign in "−":
        before = line[at - 1] if at else Sign("(")
        leads = isinstance(before, Sign) and before.text not in (")", "|", "²", "1")
        return sign if leads else f" {sign} "
    if sign in ("+", "=", "≥"):
        return f" {sign} "
    after = line[at + 1] if at + 1 < len(line) else Sign("")
    is_word = len(sign) > 1 and sign[0].isalnum() and not sign[0].isdigit()
    close = isinstance(after, Sign) and after.text in _CLOSE_UP
    return f"{sign} " if (is_word and not close) or sign.endswith((",", "where")) else sign
