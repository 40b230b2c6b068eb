"""What one sentence for a person looks like."""

from __future__ import annotations

import re

LONGEST = 400

_QUOTED = re.compile("“[^”]*”")
_JARGON = re.compile(
    r"Traceback|NoneType|ndarray|dtype|\barray\b|operands?\b|reshape|broadcast|codec|'\w+' object"
    r"|<class|Error\b|buffer|allocate|enough values|to unpack|out of range|invalid literal|int\("
)


def fault_in(sentence: str) -> str:
    """What is wrong with a sentence; "" if nothing is."""
    plain = _QUOTED.sub("“”", sentence)
    if not sentence.isprintable():
        return "it is not one printable line"
    if not sentence.endswith(".") or sentence.endswith(".."):
        return "it does not end with a full stop"
    if ". " in plain:
        return "it is more than one sentence"
    if not (sentence[0].isupper() or sentence[0] in "“0123456789"):
        return "it does not begin as a sentence does"
    if len(sentence) > LONGEST:
        return f"it has {len(sentence)} characters"
    found = _JARGON.search(plain)
    return f"“{found[0]}” is no word for a person" if found else ""
