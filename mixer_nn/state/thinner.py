"""Thinning a record from its beginning to its end, one block at a time, again and again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mixer_nn.session.record import Block, Way
from mixer_nn.state.thinning import firsts_of_buckets, joined, needed, picked

if TYPE_CHECKING:
    from mixer_nn.state.record import Record

LITTLE = 8
"""A pass that drops less than one state in so many has met those that it must keep."""


class Thinner:
    """Goes through the blocks of `record` in passes, each for buckets twice as wide as the last.

    States that cannot be taken steps to are kept, until a pass has found little else; then they
    are thinned as well. A block that other records hold is thinned for all of them.
    """

    def __init__(self, record: Record, width: int = 1) -> None:
        self._record = record
        self.width = width
        self._reached: int | None = None
        self._is_hard = False
        self._began_with = self._dropped = 0

    def go_on(self) -> None:
        """Look at the next block, or begin the next pass."""
        place = None if self._reached is None else self._record.place_beyond(self._reached)
        if place is None:
            self._begin()
        else:
            block = self._record.sealed[place]
            self._reached = int(block.moves[-1])
            self._thin(place, block)

    def cut(self) -> None:
        """States have gone from the end of the record: those to come may lie as close as others."""
        gap = self._gap()
        while self.width > max(1.0, 2.0 * gap):
            self.width //= 2

    def _gap(self) -> float:
        """Moves from a state to the next, on average."""
        record = self._record
        return (record.last - record.first) / max(len(record) - 1, 1) if len(record) else 0.0

    def _begin(self) -> None:
        record, gap = self._record, self._gap()
        little = self._reached is not None and self._dropped * LITTLE < self._began_with
        self._is_hard = little and not self._is_hard
        if self._is_hard:
            self.width = max(self.width, math.ceil(2.0 * gap))
        else:
            wide = 2 * self.width
            self.width = wide if wide >= 1.5 * gap else math.ceil(2.0 * gap)
        # One bucket for all: more would be thinned by no wider ones.
        self.width = min(self.width, record.last + 1)
        record.seal_all_but_last()
        self._reached, self._began_with, self._dropped = -1, len(record), 0

    def _thin(self, place: int, block: Block) -> None:
        record = self._record
        holders = record.room.holders(block)
        is_first = any(holder.sealed[0] is block for holder in holders)
        before = None if is_first else int(record.sealed[place - 1].moves[-1])
        keep = firsts_of_buckets(block, self.width, before)
        if not self._is_hard:
            keep |= needed(block, [holder.way_after(block) for holder in holders])
        dropped = len(block) - int(keep.sum())
        if not dropped:
            return
        self._dropped += dropped
        kept, trailing = picked(block, keep)
        for after in {holder.block_after(block) for holder in holders}:
            self._hold_on_to(after, trailing)
        for holder in holders:
            if holder.block_after(block) is None:
                holder.unless_led_by(trailing)
        for holder in holders:
            holder.exchange(block, kept)
        if kept is not None and place:
            self._join(record.sealed[place - 1], kept)

    def _hold_on_to(self, block: Block | None, trailing: tuple[Way | None, ...]) -> None:
        """See to it that no way is said to lead to a block where a part of it is gone."""
        if block is not None and any(way is not block.ways[0] for way in trailing):
            changed = block.led_by((None, *block.ways[1:]))
            for holder in self._record.room.holders(block):
                holder.exchange(block, changed)

    def _join(self, one: Block, other: Block) -> None:
        """Make one block of two small ones, where the same records hold both."""
        room = self._record.room
        if one.key != other.key or len(one) + len(other) > room.most_rows(one.key):
            return
        holders = room.holders(one)
        if len(holders) == len(room.holders(other)) and set(holders) == set(room.holders(other)):
            both = joined(one, other)
            for holder in holders:
                holder.exchange(one, None)
                holder.exchange(other, both)
