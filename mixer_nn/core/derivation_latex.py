"""A derivation as LaTeX, for a slide or a worksheet: needs amsmath only."""

from __future__ import annotations

from collections.abc import Iterable

from mixer_nn.core.derivation_text import needs_brackets, shown
from mixer_nn.core.formula import (
    SQUARED,
    Block,
    Display,
    Fraction,
    Line,
    Number,
    Remark,
    Row,
    Sign,
    Symbol,
    Table,
    Write,
)

_SIGNS = {
    "·": r" \cdot ",
    "+": " + ",
    "−": " - ",
    "∂": r"\partial ",
    "ΔL": r"\Delta L",
    "≈": r" \approx ",
    "Σ": r"\sum",
    "²": "^2",
    "½": r"\tfrac{1}{2}",
    "≥": r" \ge ",
    "|": r"\lvert ",
    "σ": r"\sigma",
    "σ′": r"\sigma'",
    "tanh": r"\tanh",
    "tanh′": r"\tanh'",
    "sin": r"\sin",
    "cos": r"\cos",
    "log": r"\log ",
    "max": r"\max",
    "0,": r"0,\ ",
    "0 where": r"0 \text{ where } ",
}

_BASES = {"ŷ": r"\hat{y}", "δ": r"\delta", "a′": "a'", "softmax(z)": r"\operatorname{softmax}(z)"}
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}


def latex(blocks: Iterable[Block], write: Write) -> str:
    """The whole derivation: an ``align*`` for each step; folded layers are left out."""
    return "\n\n".join(_block(block, write) for block in blocks if not block.folded)


def _block(block: Block, write: Write) -> str:
    parts: list[str] = []
    lines: list[str] = []
    for part in block.parts:
        if isinstance(part, Table | Remark):
            parts += _align(lines)
            parts.append(_table(part, write) if isinstance(part, Table) else escaped(part.text))
            lines = []
        else:
            lines.append(_line(part, write))
    parts += _align(lines)
    return "\n".join([rf"\paragraph{{{escaped(block.title)}}}", *parts])


def _align(lines: list[str]) -> list[str]:
    if not lines:
        return []
    return ["\\begin{align*}", " \\\\\n".join(f"  {line}" for line in lines), "\\end{align*}"]


def _line(part: Row | Display, write: Write) -> str:
    if isinstance(part, Display):
        return line_latex(part.line, write).replace("=", " &= ", 1)
    forms = [line_latex(form, write) for form in part.forms]
    forms.append(_number(part.value, part.writer(write)))
    text = f"{line_latex(part.left, write)} &= {' = '.join(forms)}"
    return f"{text} && \\text{{{escaped(part.words)}}}" if part.words else text


def _table(table: Table, write: Write) -> str:
    heads = ["", *(line_latex(head, write) for head in table.heads)]
    rows = [" & ".join(heads) + r" \\ \hline"]
    for number, row in enumerate(table.rows, start=1):
        cells = [f"n_{{{number}}}", *(_number(value, write) for value in row)]
        rows.append(" & ".join(cells) + r" \\")
    columns = "r" * len(heads)
    return "\n".join([rf"\[\begin{{array}}{{{columns}}}", *rows, r"\end{array}\]"])


def line_latex(line: Line, write: Write) -> str:
    """One formula."""
    line = shown(line)
    return "".join(_token(line, at, write) for at in range(len(line))).strip()


def _token(line: Line, at: int, write: Write) -> str:
    token = line[at]
    if isinstance(token, Symbol):
        # An exponent would be the second one of a symbol that has its layer up there.
        squared = line[at + 1 : at + 2] == (SQUARED,) and token.subscripts
        return f"({symbol_latex(token)})" if squared else symbol_latex(token)
    if isinstance(token, Number):
        text = _number(token.value, write)
        return f"({text})" if needs_brackets(line, at) else text
    if isinstance(token, Fraction):
        top, bottom = line_latex(token.top, write), line_latex(token.bottom, write)
        return rf"\frac{{{top}}}{{{bottom}}}"
    return _sign(line, at, token.text)


def _sign(line: Line, at: int, sign: str) -> str:
    if sign == "|" and any(token == Sign("|") for token in line[:at]):
        return r" \rvert"
    if sign in _SIGNS:
        return _SIGNS[sign]
    if sign.startswith("1/"):
        return rf"\tfrac{{1}}{{{sign[2:]}}}"
    named = sign[0].isalpha() and len(sign) > 1
    return rf"\operatorname{{{sign.replace('′', chr(39))}}}" if named else sign


def symbol_latex(symbol: Symbol) -> str:
    r"""``w^{(2)}_{3,1}``: the layer above, in brackets, where there is one; ``x_{2}``."""
    if symbol.base == "∂L/∂a":
        return r"\frac{\partial L}{\partial a}"
    base = _BASES.get(symbol.base, symbol.base)
    parts = symbol.subscripts
    if not parts:
        return base
    layered = symbol.base in ("w", "b", "z", "a", "δ", "a′")
    if layered and (len(parts) > 1 or symbol.base in ("a", "z", "δ")):
        below = ",".join(map(str, parts[1:]))
        return f"{base}^{{({parts[0]})}}" + (f"_{{{below}}}" if below else "")
    return f"{base}_{{{','.join(map(str, parts))}}}"


def _number(value: float, write: Write) -> str:
    text = write(value).replace("−", "-").replace("∞", r"\infty")
    if "e" in text and text[0] in "-0123456789":
        mantissa, exponent = text.split("e")
        return rf"{mantissa} \cdot 10^{{{exponent}}}"
    return text if any(sign in text for sign in "0123456789\\") else rf"\text{{{text}}}"


def escaped(text: str) -> str:
    """Words for LaTeX's text mode."""
    return "".join(_ESCAPES.get(letter, letter) for letter in text)
