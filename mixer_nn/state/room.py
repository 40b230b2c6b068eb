"""The memory that all records of a history share, and who holds which block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mixer_nn.session.record import Block, Key

if TYPE_CHECKING:
    from mixer_nn.state.record import Record

RECORD_BYTES = 64 * 1024**2
"""Memory for the states of all runs together."""

BLOCK_BYTES = 256 * 1024
"""Memory of a full block, about: small enough to be gone through within a frame's leisure..."""

BLOCKS = 64
"""...and at most such a part of all memory."""

LEAST_CHARGE = 256
"""Bytes charged for a state at the least, so that there are never too many to look through."""

SLACK = 16
"""One part in so many of the memory is kept free, by thinning a little with every state added."""


class Room:
    """Room for `limit` bytes of states; a block that several records hold is counted once.

    A record that lets go of its states must say so (`Record.clear`), or they stay counted.
    """

    def __init__(self, limit: int = RECORD_BYTES) -> None:
        self.limit = limit
        self.used = 0
        self._comfortable = limit - limit // SLACK
        self._holders: dict[Block, list[Record]] = {}
        self._records: list[Record] = []

    def most_rows(self, key: Key) -> int:
        """States in a full block of that kind."""
        _, slots, size = key
        row = max(8 * (1 + slots) * size, LEAST_CHARGE)
        return max(1, min(BLOCK_BYTES, self.limit // BLOCKS) // row)

    def admit(self, record: Record) -> None:
        """Let a record in that is about to take room."""
        self._records.append(record)

    def dismiss(self, record: Record) -> None:
        """A record that has given all its room back."""
        self._records.remove(record)

    def take(self, block: Block, record: Record) -> int:
        """Note that a record holds a block; returns what it is charged for that."""
        charge = charge_for(block.nbytes, len(block))
        holders = self._holders.setdefault(block, [])
        if not holders:
            self.used += charge
        holders.append(record)
        return charge

    def release(self, block: Block, record: Record) -> int:
        """Note that a record lets go of a block; returns what it is charged no more."""
        charge = charge_for(block.nbytes, len(block))
        holders = self._holders[block]
        holders.remove(record)
        if not holders:
            del self._holders[block]
            self.used -= charge
        return charge

    def holders(self, block: Block) -> tuple[Record, ...]:
        """The records that hold a block."""
        return tuple(self._holders[block])

    def keep_within(self) -> None:
        """Thin a little where memory gets scarce, and as much as it takes where it is used up.

        The largest record is thinned first, so that those side by side end up alike.
        """
        if self.used <= self._comfortable:
            return
        looked = False
        while self.used > self.limit or not looked:
            looked = True
            records = [record for record in self._records if len(record) > 2]
            if not records:
                return
            max(records, key=_charge).thinner.go_on()


def charge_for(nbytes: int, rows: int) -> int:
    """What so many states that take so many bytes are charged."""
    return max(nbytes, LEAST_CHARGE * rows)


def _charge(record: Record) -> int:
    return record.charge
