"""What a file holds."""

from __future__ import annotations

from dataclasses import dataclass

from mixer_nn.session.curve import Curve
from mixer_nn.session.mix import Mix
from mixer_nn.session.record import Block
from mixer_nn.session.setup import Setup


@dataclass(frozen=True, eq=False)
class SavedRun:
    """A run without its curve: its last mix, and the states kept along it, moves increasing.

    `setup` is how it was trained last (None: by hand only), `parent` the run and the move that it
    branched off at (None: nowhere), `kept` whether somebody wants it beside the others.
    """

    number: int
    name: str
    kept: bool
    setup: Setup | None
    parent: tuple[int, int] | None
    head: Mix
    blocks: tuple[Block, ...]


@dataclass(frozen=True, eq=False)
class Saved:
    """The mix, how Auto-mix is set, the loss curves of its runs, and the runs themselves.

    `visit` is the move of the present run that was being looked at (None: the last one).
    """

    mix: Mix
    setup: Setup
    curves: tuple[Curve, ...] = ()
    runs: tuple[SavedRun, ...] = ()
    visit: int | None = None
