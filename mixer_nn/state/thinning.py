"""Which states of a block to keep so that they lie evenly along the run, and blocks without some.

A run is divided into buckets of so many moves, and the first state of each is kept. Buckets twice
as wide have their first states among those that were kept before, so that thinning again and again
keeps what lies evenly; and which states stay does not depend on when it was done.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, pairwise

import numpy as np

from mixer_nn.core.arrays import BoolArray, IntArray
from mixer_nn.session.record import Block, Way


def firsts_of_buckets(block: Block, width: int, before: int | None) -> BoolArray:
    """Of each state whether it is the first in its bucket, (n,).

    `before` is the move of the state before the block, None where there is none.
    """
    buckets: IntArray = block.moves // width
    first = np.ones(len(block), dtype=np.bool_)
    np.not_equal(buckets[1:], buckets[:-1], out=first[1:])
    if before is not None:
        first[0] = before // width != buckets[0]
    return first


def needed(block: Block, after: Sequence[Way | None]) -> BoolArray:
    """Of each state whether no other can stand for it, (n,).

    That is where a hand set it, or the way changes: no steps lead over it that could be taken
    again without it. `after` are the ways that lead on from the last state of the block.
    """
    ways = block.ways
    mask = np.zeros(len(block), dtype=np.bool_)
    if ways.count(ways[0]) < len(ways):
        mask[:-1] = [way is None or way is not following for way, following in pairwise(ways)]
    elif ways[0] is None:
        mask[:] = True
    mask[-1] = ways[-1] is None or any(way is not ways[-1] for way in after)
    return mask


def picked(block: Block, keep: BoolArray) -> tuple[Block | None, tuple[Way | None, ...]]:
    """The block with the marked states only, None where none are.

    And the ways of the states that go after the last that is kept: what follows the block can be
    reached from what is kept only if they are all its own way. Within the block a stretch that is
    joined of several ways has none.
    """
    if not keep.any():
        return None, block.ways
    ways = joined_ways(block.ways, keep)
    kept = Block(block.optimizer, block.moves[keep], block.counts[keep], block.values[keep], ways)
    return kept, block.ways[1 + int(keep.nonzero()[0][-1]) :]


def joined_ways(ways: tuple[Way | None, ...], keep: BoolArray) -> tuple[Way | None, ...]:
    """The ways of the kept states, from each to the next: None where it is joined of several."""
    if ways[0] is not None and ways.count(ways[0]) == len(ways):
        return tuple(compress(ways, keep))
    made: list[Way | None] = []
    begin = 0
    for row in keep.nonzero()[0].tolist():
        way = ways[row]
        made.append(way if all(other is way for other in ways[begin:row]) else None)
        begin = row + 1
    return tuple(made)


def joined(one: Block, other: Block) -> Block:
    """Two blocks of the same kind, one after the other, as one."""
    return Block(
        one.optimizer,
        np.concatenate([one.moves, other.moves]),
        np.concatenate([one.counts, other.counts]),
        np.concatenate([one.values, other.values]),
        one.ways + other.ways,
    )
