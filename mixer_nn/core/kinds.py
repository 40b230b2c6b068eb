"""What the targets of a problem are."""

from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["number", "two classes", "classes"]
"""Numbers; two classes as one column of 0 and 1; more classes as one column each."""
