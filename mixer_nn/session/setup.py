"""How Auto-mix is set."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.problem import Problem
from mixer_nn.core.training import Settings

MAX_TEMPO = math.inf
"""The tempo that means: as many steps as fit."""


@dataclass(frozen=True)
class Setup:
    """How Auto-mix is set. Not part of undo, as the volume is not.

    `learning_rate` None: automatic. `batch_size` 0: all rows. `tempo` in steps per second. The
    others are those of `Settings`.
    """

    learning_rate: float | None = None
    batch_size: int = 0
    optimizer: str = "gradient-descent"
    tempo: float = 8.0
    tolerance: float = 1e-6
    momentum: float = 0.9
    decay: float = 0.01
    schedule: str = "constant"
    warm_up: float = 0.0
    horizon: float = 100.0
    clip: float | None = None
    l1: float = 0.0
    l2: float = 0.0

    def rate(self, problem: Problem) -> float:
        """The learning rate that is in force on a problem."""
        if self.learning_rate is not None:
            return self.learning_rate
        return problem.automatic_learning_rate(OPTIMIZERS[self.optimizer], self.momentum)

    def settings(self, problem: Problem) -> Settings:
        """The settings to train a problem with."""
        return Settings(
            self.rate(problem),
            self.batch_size,
            self.optimizer,
            self.tolerance,
            self.momentum,
            self.decay,
            self.schedule,
            self.warm_up,
            self.horizon,
            self.clip,
            self.l1,
            self.l2,
        )

    def __post_init__(self) -> None:
        """Refuse what no training can follow, and no file hold; raises ValueError."""
        rate = self.learning_rate
        if rate is not None and not (math.isfinite(rate) and rate > 0.0):
            raise ValueError("a learning rate must be finite and above 0")
        if self.batch_size < 0:
            raise ValueError("a batch must have at least one row, or be 0 for all of them")
        if not self.tempo > 0.0:
            raise ValueError("a tempo must be above 0")
        for name in ("tolerance", "decay", "warm_up", "l1", "l2"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0.0):
                raise ValueError(f"{name} must be finite and not below 0")
        if not 0.0 <= self.momentum < 1.0:
            raise ValueError("momentum must be at least 0 and below 1")
        if not (math.isfinite(self.horizon) and self.horizon > 0.0):
            raise ValueError("a horizon must be finite and above 0")
        if self.clip is not None and not (math.isfinite(self.clip) and self.clip > 0.0):
            raise ValueError("a limit to the gradient's norm must be finite and above 0")
