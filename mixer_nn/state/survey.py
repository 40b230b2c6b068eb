"""A survey: the losses over a grid on a plane, finished level by level."""

from __future__ import annotations

from dataclasses import dataclass

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.landscape import Grid, Plane, survey
from mixer_nn.core.objective import Objective
from mixer_nn.core.problem import Problem
from mixer_nn.core.stacked import Stack

PATIENCE = 8
"""Frames after which a survey that the mix has left behind is shown, if it is steady by then."""

STEADY = 1
"""The level that is waited for up to twice as long: pictures of now one, now another flicker."""


@dataclass(frozen=True, eq=False)
class Subject:
    """What is surveyed: the loss of a problem at the places of a grid on a plane."""

    problem: Problem
    plane: Plane
    grid: Grid

    def same(self, other: Subject) -> bool:
        """Whether a survey of the other would find the same."""
        return (
            self.problem is other.problem
            and self.grid == other.grid
            and self.plane.same_ground(other.plane)
        )

    def alike(self, other: Subject) -> bool:
        """Whether both show the same knobs, or runs of the same network."""
        return (
            self.problem.network == other.problem.network
            and self.plane.indices == other.plane.indices
        )


@dataclass(frozen=True, eq=False)
class Survey:
    """A finished level: the losses (side, side) along x and y of the subject's grid."""

    subject: Subject
    level: int
    losses: FloatArray


class Work:
    """A survey in progress."""

    def __init__(self, subject: Subject, objective: Objective, vector: FloatArray) -> None:
        self.subject, self.vector = subject, vector
        self.stack: Stack = survey(objective, subject.plane, subject.grid.places)
        self.shown, self.frames, self.left_behind = -1, 0, False

    @property
    def level(self) -> int:
        """The finest level that is known; −1: none."""
        return self.subject.grid.level(self.stack.known)

    @property
    def is_due(self) -> bool:
        """Whether it has gone on for long enough, or has got far enough for its time."""
        least = STEADY if self.frames < 2 * PATIENCE else 0
        return self.frames >= PATIENCE and self.level >= least

    def result(self) -> Survey:
        """What is known, at its finest."""
        losses = self.subject.grid.arranged(self.stack.losses, self.level)
        return Survey(self.subject, self.level, losses)
