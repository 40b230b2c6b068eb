"""The loss on the way from one end of the crossfader to the other, worked out in pieces."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from time import perf_counter

import numpy as np

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.crossfade import barrier, between, losses_of_mixed_outputs
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.stacked import Stack
from mixer_nn.core.unit_matching import aligned

POINTS, COARSE = 101, 4
"""Points of the way; every so many come first, for a whole curve before there is time for all."""

SHORT_WORK = 1_000_000
"""Numbers that make a way of little work, about a millisecond."""

NUMBERS = 100_000
"""Outputs that are mixed at a time: a small part of a frame."""


@dataclass(frozen=True, eq=False)
class Ends:
    """The parameters at A and at B, and which of the two lets its hidden units be put in order.

    `follows` is 0 where the units of A are put in the order of B's, 1 the other way round, None
    where all stay in their places.
    """

    a: FloatArray
    b: FloatArray
    follows: int | None = None

    def same(self, other: Ends | None) -> bool:
        """Whether the other has the very same numbers at both ends."""
        return (
            other is not None
            and self.follows == other.follows
            and _equal(self.a, other.a)
            and _equal(self.b, other.b)
        )

    def in_order(self, network: Network) -> Ends:
        """The ends with the hidden units in order."""
        if self.follows is None:
            return self
        if self.follows == 0:
            return Ends(aligned(network, self.b, self.a), self.b)
        return Ends(self.a, aligned(network, self.a, self.b))


def _equal(one: FloatArray, other: FloatArray) -> bool:
    return one is other or one.tobytes() == other.tobytes()


@dataclass(frozen=True, eq=False)
class Subject:
    """The way whose losses are wanted: of which outputs or parameters, over which rows."""

    objective: Objective
    rows_of: int
    ends: Ends
    outputs: bool

    @property
    def is_long(self) -> bool:
        """Whether it is more work than is done in passing."""
        objective = self.objective
        units = sum(objective.network.sizes[1:])
        return not objective.is_least_squares and POINTS * objective.rows * units > SHORT_WORK

    def same(self, other: Subject | None) -> bool:
        """Whether the other's losses are the same."""
        return (
            other is not None
            and self.objective is other.objective
            and self.outputs == other.outputs
            and self.ends.same(other.ends)
        )


@dataclass(frozen=True, eq=False)
class Crossing:
    """The losses (points,) at the shares of B from 0 to 1 that are known so far.

    `plain` are shares and losses of the parameters mixed without the options, None where there is
    nothing to compare with. `rows` of `rows_of` training rows were looked at.
    """

    shares: FloatArray
    losses: FloatArray
    plain: tuple[FloatArray, FloatArray] | None
    is_whole: bool
    rows: int
    rows_of: int

    @cached_property
    def barrier(self) -> float:
        """How far the loss at most rises above the straight line between its ends; 0: nowhere."""
        return barrier(self.shares, self.losses)

    @cached_property
    def plain_barrier(self) -> float | None:
        """The same without the options; None where that is not known."""
        return None if self.plain is None else barrier(*self.plain)

    def loss_at(self, share: float) -> float:
        """The loss at a share of B, between two points on the straight line through them."""
        return float(np.interp(share, self.shares, self.losses))


class Work:
    """A crossing in the making."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        order = np.argsort(np.arange(POINTS) % COARSE > 0, kind="stable")
        self._shares: FloatArray = np.linspace(0.0, 1.0, POINTS)[order]
        self._parts: list[_Part] | None = None

    @property
    def is_done(self) -> bool:
        """Whether all is known."""
        return self._parts is not None and all(part.is_done for part in self._parts)

    def go_on(self, seconds: float) -> bool:
        """Work for about so long, on the outline of every curve at least; whether all is known."""
        deadline = perf_counter() + seconds
        if self._parts is None:
            self._parts = self._begin()
            for part in self._parts:
                part.go_on(0.0, -(-POINTS // COARSE))
        for part in self._parts:
            if not part.is_done:
                part.go_on(max(deadline - perf_counter(), 0.0))
            if perf_counter() >= deadline:
                break
        return self.is_done

    def _begin(self) -> list[_Part]:
        subject = self.subject
        network = subject.objective.network
        ordered = subject.ends.in_order(network)
        mixed = self._stack(ordered)
        if subject.outputs:
            return [_Outputs(subject.objective, subject.ends, self._shares), mixed]
        if subject.ends.follows is not None:
            return [mixed, self._stack(subject.ends)]
        return [mixed]

    def _stack(self, ends: Ends) -> Stack:
        def vectors(part: slice) -> FloatArray:
            return between(ends.a, ends.b, self._shares[part])

        return Stack.of(self.subject.objective, POINTS, vectors)

    @property
    def crossing(self) -> Crossing:
        """What is known by now; there must have been a `go_on`."""
        assert self._parts is not None
        curves = [self._known(part) for part in self._parts]
        plain = curves[1] if len(curves) > 1 else None
        objective, rows_of = self.subject.objective, self.subject.rows_of
        return Crossing(*curves[0], plain, self.is_done, objective.rows, rows_of)

    def _known(self, part: _Part) -> tuple[FloatArray, FloatArray]:
        shares = self._shares[: part.known]
        order = np.argsort(shares)
        return shares[order], part.losses[: part.known][order]


class _Outputs:
    """The losses of mixed outputs, a few shares at a time: what a `Stack` is for parameters."""

    def __init__(self, objective: Objective, ends: Ends, shares: FloatArray) -> None:
        self._objective, self._ends, self._shares = objective, ends, shares
        self.losses = np.full(len(shares), np.nan)
        self.known = 0
        self._chunk = max(1, NUMBERS // objective.targets.size)

    @property
    def is_done(self) -> bool:
        return self.known == len(self.losses)

    def go_on(self, seconds: float, least: int = 1) -> bool:
        deadline = perf_counter() + seconds
        while not self.is_done:
            part = slice(self.known, min(self.known + self._chunk, len(self.losses)))
            self.losses[part] = losses_of_mixed_outputs(
                self._objective, self._ends.a, self._ends.b, self._shares[part]
            )
            self.known = part.stop
            if self.known >= least and perf_counter() >= deadline:
                break
        return self.is_done


_Part = Stack | _Outputs
