"""What is marked on the record: the cues that are on this run, and the moves of a hand."""

from __future__ import annotations

from mixer_nn.session.mix import CUES, Mix
from mixer_nn.state.grooves import MOST_GROOVES, HandMoves, share_of
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.platter import Platter


class DeckMarks:
    """Places the letters of cues, and a small ring for hands, as fine as there are grooves."""

    def __init__(self, bench: Bench, platter: Platter) -> None:
        self._bench, self._platter = bench, platter
        self._hands = HandMoves()

    def read(self) -> None:
        """Show what is marked by now."""
        bench, history = self._bench, self._bench.desk.history
        if not bench.automix.playing:
            self._hands.forget()
        length, first = history.last - history.first, history.first
        if not length:
            self._platter.set_marks([])
            return
        share = share_of(length)
        hands = self._hands.read(history.points, bench.desk.head.run, first)
        fine = MOST_GROOVES / share
        places = {round(share * (move - first) / length * fine) / fine for move in hands}
        marks = [(place, "") for place in sorted(places)]
        for letter, cue in zip(CUES, bench.desk.mix.cues, strict=True):
            if cue is not None and self._is_on_record(cue.mix) and cue.mix.moves >= first:
                place = share * (cue.mix.moves - first) / length
                marks.append((round(place * fine) / fine, letter))
        self._platter.set_marks(marks)

    def _is_on_record(self, mix: Mix) -> bool:
        """Whether a mix is of the present run, or of the past that it shares with its trunk."""
        history, head = self._bench.desk.history, self._bench.desk.head
        number, most = head.run, history.last
        while number != mix.run:
            run = history.run(number)
            if run is None or run.parent is None:
                return False
            number, most = run.parent[0], min(most, run.parent[1])
        return mix.moves <= most
