"""What the pictures of data in the preview of a table have in common."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.core.dataset import Dataset

MAX_ROWS = 2000


class Picture(Protocol):
    """What a thumbnail draws; a title may be "" where there is nothing to say."""

    @property
    def heading(self) -> str:
        """What stands above it."""

    @property
    def x_title(self) -> str:
        """What goes from left to right."""

    @property
    def y_title(self) -> str:
        """What goes from bottom to top."""

    @property
    def caption(self) -> str:
        """What the picture shows, in words."""

    def paint(self, painter: QPainter, plot: QRectF) -> None:
        """Paint it within `plot`."""


def sample(dataset: Dataset) -> IntArray:
    """The places of at most `MAX_ROWS` rows, evenly over all of them."""
    return np.unique(np.linspace(0, dataset.rows - 1, min(dataset.rows, MAX_ROWS)).astype(np.intp))


def placed(values: FloatArray, first: float, last: float) -> FloatArray:
    """Values as pixels from `first` to `last`, with a margin; in the middle if they are all one."""
    with np.errstate(all="ignore"):
        finite = values[np.isfinite(values)]
        if not finite.size:
            return np.full_like(values, np.nan)
        low, span = float(finite.min()), float(np.ptp(finite))
        share = (values - low) / span if span > 0.0 else np.full_like(values, 0.5)
    margin = 0.06
    return np.asarray(first + (margin + (1.0 - 2.0 * margin) * share) * (last - first))
