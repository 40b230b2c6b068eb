"""Loss curves for a thread beside the window: never changed under it, and cheap to ask for."""

from __future__ import annotations

import numpy as np
import pytest

from mixer_nn.core.arrays import FloatArray
from mixer_nn.session.curve import COLUMNS
from mixer_nn.state import loss_table
from mixer_nn.state.loss_table import LossTable


def row(move: int, loss: float) -> tuple[float, ...]:
    return (float(move), move / 3.0, loss, loss, loss, float("nan"), 0.0, 0.5)


def joined(pieces: tuple[FloatArray, ...]) -> FloatArray:
    return np.vstack([np.empty((0, len(COLUMNS))), *pieces])


@pytest.mark.parametrize("seed", range(4))
def test_pieces_are_the_points_and_stay_as_they_were_given(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(loss_table, "PIECE", 16)
    monkeypatch.setattr(loss_table, "MOST_POINTS", 150)
    monkeypatch.setattr(loss_table, "MOST_WHEN_LEFT", 40)
    rng, table, move = np.random.default_rng(seed), LossTable(), 0
    given: list[tuple[tuple[FloatArray, ...], bytes]] = []
    for _ in range(600):
        what = rng.integers(12)
        if what < 8:
            for _ in range(int(rng.integers(1, 9))):
                move += int(rng.integers(1, 3))
                table.append(row(move, float(rng.normal())))
        elif what < 10:  # a hand's mark, which is replaced again and again
            table.cut(move)
            table.append(row(move, float(rng.normal())))
        elif what == 10 and move:
            move = int(rng.integers(move))
            table.cut(move + 1)
            table.put_in(row(move, 0.0))
        else:
            table.rest()
        until = move if rng.random() < 0.7 else int(rng.integers(move + 1))
        pieces = table.pieces(until)
        assert joined(pieces).tobytes() == table.up_to(until).tobytes()
        assert not any(piece.flags.writeable for piece in pieces)
        given.append((pieces, joined(pieces).tobytes()))
    for pieces, content in given:
        assert joined(pieces).tobytes() == content


def test_what_has_not_changed_is_not_copied_again() -> None:
    table = LossTable()
    for move in range(3 * loss_table.PIECE + 10):
        table.append(row(move, 1.0))
    before = table.pieces(np.inf)
    assert table.pieces(np.inf)[-1] is before[-1]
    table.append(row(10**6, 1.0))
    after = table.pieces(np.inf)
    assert [one is two for one, two in zip(before, after, strict=True)] == [True] * 3 + [False]
