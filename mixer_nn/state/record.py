"""The record of a run: states kept along it, evenly, within a memory that all records share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from mixer_nn.core.training import TrainingState
from mixer_nn.session.record import Block, Way, key_of
from mixer_nn.state.growing import GrowingBlock
from mixer_nn.state.kept_states import KeptStates, Place
from mixer_nn.state.room import RECORD_BYTES, Room, charge_for
from mixer_nn.state.thinner import Thinner

__all__ = ["RECORD_BYTES", "Record", "Room"]


class Record(KeptStates):
    """States kept of one run, with the moves they stood at, increasing from 0 or above.

    The first and the last are always kept; between them those that no steps lead to (`way` None)
    and those where the way changes as long as there is room, and of the others as many as there
    is room for, evenly along the run. All have the same number of parameters.
    """

    def __init__(self, room: Room | None = None) -> None:
        super().__init__()
        self.room = room or Room()
        self.charge = self._growing_charge = 0
        self.thinner = Thinner(self)
        self._torn: Way | None = None

    @staticmethod
    def of(blocks: Iterable[Block], room: Room | None = None) -> Record:
        """The record that these are the `blocks` of; ValueError where they do not fit together."""
        found = [block for block in blocks if len(block)]
        for one, following in pairwise(found):
            if one.moves[-1] >= following.moves[0] or one.key[2] != following.key[2]:
                raise ValueError("the blocks of a record must be of one run, in its order")
        made = Record(room)
        if found:
            *before, last = _with_shared_ways(found)
            made._begin(before, last.block_of_rows(0, len(last)))
            made.room.keep_within()
        return made

    def branch(self, move: int) -> Record:
        """A record in the same room that begins with what this one has up to `move` and at it.

        Sealed blocks are shared. Empty where there is nothing.
        """
        made = Record(self.room)
        place = self._find(move)
        if place is not None:
            number, row = place
            made._begin(self.sealed[:number], self._part(number).block_of_rows(0, row + 1))
            made._torn = self._way_torn_after(place, move)
            made.thinner = Thinner(made, self.thinner.width)
            made.thinner.cut()
            made.room.keep_within()
        return made

    def _begin(self, sealed: Sequence[Block], last: Block) -> None:
        self.room.admit(self)
        for block in sealed:
            self.charge += self.room.take(block, self)
        self.sealed = list(sealed)
        self._grow_from(last)

    def _grow_from(self, block: Block) -> None:
        """Let a block that nobody holds be the end."""
        self.growing = GrowingBlock.of(block, self.room.most_rows(block.key))
        self._charge_growing()
        self._count = sum(map(len, self.sealed)) + len(block)
        self._changed_inside()

    # -- the end ------------------------------------------------------------------------------

    def append(self, move: int, state: TrainingState, way: Way | None) -> None:
        """Add the state at `move`, beyond all others; the last may give way to it.

        `way` is how each move since the last state was made as one step; None where it was not.
        Raises ValueError where the move is not beyond, or the state of another network.
        """
        end = self.growing
        if end is None:
            self.room.admit(self)
            self._add(move, state, None)
            return
        row = end.count - 1
        head = int(end.moves[row])
        if move <= head or state.parameters.size != end.key[2]:
            raise ValueError("a state must be of the record's network, and beyond the last")
        way = self._led_by(way, state.step - int(end.counts[row, 1]) == move - head)
        if way is not None and way is end.ways[row] and end.takes(state) and self._is_spare(head):
            end.put(row, move, state)
            self._note_move(move)
        else:
            self._add(move, state, way)

    def _add(self, move: int, state: TrainingState, way: Way | None) -> None:
        end = self.growing
        if end is None or end.is_full or not end.takes(state):
            if end is not None:
                self._seal(end.sealed())
            end = self.growing = GrowingBlock(key_of(state), self.room.most_rows(key_of(state)))
        end.add(move, state, way)
        self._count += 1
        self._note_move(move)
        self._charge_growing()
        self.room.keep_within()

    def _led_by(self, way: Way | None, is_by_steps: bool) -> Way | None:
        """The way to a new state, as the object that the last one's is, where they are the same."""
        torn, self._torn = self._torn, None
        if way is None or not is_by_steps or (torn is not None and not torn.same(way)):
            return None
        assert self.growing is not None
        last = self.growing.ways[-1]
        return last if last is not None and way.same(last) else way

    def _is_spare(self, head: int) -> bool:
        """Whether the last state, at `head`, is neither the first of its bucket nor of all."""
        assert self.growing is not None
        row = self.growing.count - 2
        if row < 0 and not self.sealed:
            return False
        before = self.growing.moves[row] if row >= 0 else self.sealed[-1].moves[-1]
        return int(before) // self.thinner.width == head // self.thinner.width

    def _seal(self, block: Block) -> None:
        """Hold a block, of the states that the growing one has begun with."""
        self.charge += self.room.take(block, self)
        self.sealed.append(block)

    def _charge_growing(self) -> None:
        growing = self.growing
        charge = 0 if growing is None else charge_for(growing.nbytes, growing.rows)
        if charge != self._growing_charge:
            self.room.used += charge - self._growing_charge
            self.charge += charge - self._growing_charge
            self._growing_charge = charge

    # -- what has been ------------------------------------------------------------------------

    def put_in(self, move: int, state: TrainingState) -> None:
        """Keep the state that the run had at `move`, where thinning or many steps left it out.

        Nothing happens where that state is there, or is none of those that the steps lead over.
        """
        place = self._find(move)
        following = None if place is None else self._next(place)
        if self.growing is None or (following is None and move > self.last):
            self.append(move, state, self._torn)
        elif place is not None and following is not None and self._move_at(place) < move:
            number, row = place
            part, way = self._part(number), self._way_at(following)
            by_steps = state.step - int(part.counts[row, 1]) == move - int(part.moves[row])
            if key_of(state) == part.key and (way is None or by_steps):
                self._insert(number, row + 1, move, state, way)

    def _insert(
        self, number: int, row: int, move: int, state: TrainingState, way: Way | None
    ) -> None:
        part = self._part(number)
        grown = GrowingBlock.of(part.block_of_rows(0, row), len(part) + 1)
        grown.add(move, state, way)
        grown.extend(part.block_of_rows(row, len(part)))
        if isinstance(part, Block):
            self.exchange(part, grown.sealed())
        else:
            self._grow_from(grown.sealed())
        self.room.keep_within()

    def cut(self, move: int) -> None:
        """Forget the states at `move` and after it: they belong to a future that was left."""
        place = self._find(move - 1)
        if place is None:
            self.clear()
        elif self._next(place) is not None:
            self._torn = self._way_torn_after(place, move - 1)
            number, row = place
            if number == len(self.sealed):
                assert self.growing is not None
                self._count -= len(self.growing) - row - 1
                self.growing.cut(row + 1)
            else:
                last = self.sealed[number].block_of_rows(0, row + 1)
                self._release(number)
                self._grow_from(last)
                self.thinner.cut()

    def _way_torn_after(self, place: Place, move: int) -> Way | None:
        """The way of the stretch that goes on beyond `move`, None where that begins there."""
        following = self._next(place)
        if following is None or self._move_at(place) >= move:
            return None
        return self._way_at(following)

    def _release(self, first: int) -> None:
        """Let go of the sealed blocks from number `first` on."""
        for block in self.sealed[first:]:
            self.charge -= self.room.release(block, self)
        del self.sealed[first:]

    def clear(self) -> None:
        """Forget all states, and give their room back."""
        if self.growing is not None:
            self._release(0)
            self.growing = self._torn = None
            self._charge_growing()
            self._count = 0
            self._changed_inside()
            self.room.dismiss(self)
            self.thinner = Thinner(self)

    def fit(self, size: int) -> None:
        """Forget all states where they are of a network of another number of parameters."""
        if self.growing is not None and self.growing.key[2] != size:
            self.clear()

    # -- for the thinner ----------------------------------------------------------------------

    def exchange(self, block: Block, other: Block | None) -> None:
        """Hold another block in the place of a sealed one, or none."""
        number = self.sealed.index(block)
        self.sealed[number : number + 1] = [] if other is None else [other]
        self.charge -= self.room.release(block, self)
        if other is not None:
            self.charge += self.room.take(other, self)
        self._count += (0 if other is None else len(other)) - len(block)
        self._changed_inside()

    def unless_led_by(self, ways: Sequence[Way | None]) -> None:
        """Say that no way leads to the growing block, where a part of it was another."""
        growing = self.growing
        if growing is not None and any(way is not growing.ways[0] for way in ways):
            growing.forget_way()

    def seal_all_but_last(self) -> None:
        """Let only the last state stay in the growing block, so that the others can be thinned."""
        growing = self.growing
        if growing is not None and len(growing) > 1:
            count = len(growing)
            self._seal(growing.block_of_rows(0, count - 1))
            self._grow_from(growing.block_of_rows(count - 1, count))


def _with_shared_ways(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with one object for a way for as long as it is the same."""
    made: list[Block] = []
    read: Way | None = None
    shared: Way | None = None
    for block in blocks:
        ways: list[Way | None] = []
        for way in block.ways:
            if way is not read:
                read = way
                if way is None or shared is None or not way.same(shared):
                    shared = way
            ways.append(shared)
        same = all(one is other for one, other in zip(ways, block.ways, strict=True))
        made.append(block if same else block.led_by(tuple(ways)))
    return made
