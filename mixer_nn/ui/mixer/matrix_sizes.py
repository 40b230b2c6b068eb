"""Which size of knob fits a network into the room there is."""

from __future__ import annotations

from dataclasses import dataclass

from mixer_nn.ui import theme
from mixer_nn.ui.mixer.knob_atlas import CellDial


@dataclass(frozen=True)
class Size:
    """A size of knob in a matrix: the cell it needs, and the dial in it, logical pixels.

    Where it is `tight` every pixel counts: no frames between the layers, shorter words.
    """

    cell: int
    diameter: int
    tight: bool = False

    @property
    def dial(self) -> CellDial:
        """The dial at the present zoom; even lengths, so that its middle is a whole pixel."""
        return CellDial(_even(self.diameter), ticks=self.diameter >= 72, cell=_even(self.cell))

    @property
    def widest(self) -> int:
        """How far apart its columns may stand."""
        return self.dial.cell + (0 if self.tight else theme.px(ROOM_ACROSS))

    @property
    def tallest(self) -> int:
        """How far apart its rows may stand."""
        return int(self.dial.cell * STRETCH_DOWN)


SIZES = (
    Size(100, 72),
    Size(54, 40),
    Size(42, 32),
    Size(32, 26),
    Size(26, 20),
    Size(26, 20, tight=True),
)
"""From the largest to the smallest; the dials of the last two are 26 pixels with their marks."""

ROOM_ACROSS = 34
STRETCH_DOWN = 1.5
"""How much further apart than its cells knobs may stand where there is room."""

RETURN = 1.04
"""A larger size must fit with this to spare before it is taken again, so that none flickers."""


@dataclass(frozen=True)
class Edges:
    """What a layer needs besides its cells, logical pixels."""

    around: int  # from the frame to what is in it
    head: int  # title and activation
    numbers: int  # the neurons' numbers
    bias_gap: int  # above the bias row
    foot: int  # meters and buttons
    between: int  # from layer to layer

    @property
    def tall(self) -> int:
        """Height besides the rows of cells."""
        return 2 * self.around + self.head + self.numbers + self.bias_gap + self.foot


def edges(size: Size) -> Edges:
    """The edges that go with a size, at the present zoom."""
    px = theme.px
    if size.tight:
        return Edges(0, px(24), px(18), px(6), px(34), px(2))
    return Edges(px(8), px(24), px(18), px(6), px(36), px(8))


def height_of(size: Size, rows: int) -> int:
    """The height of a layer with that many rows, the bias among them."""
    return edges(size).tall + rows * size.dial.cell


def _even(length: int) -> int:
    return 2 * round(theme.px(length) / 2)
