"""Colours for the numbers of a field."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor, QLinearGradient

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.ui.monitors.field_item import Shades
from mixer_nn.ui.monitors.ticks import Span
from mixer_nn.ui.theme import Theme

SHADES = 256
BANDS = 8
"""Steps of a field that is discretised, where numbers are not classes."""
_STOPS = 97


class Palette:
    """Colours for values: blue above the middle, orange below, dark (or light) where it is.

    Values on one side of the middle only run through one of the two colours, over the whole
    range. With `bands` there are only so many shades; `strength` 1 goes to the full colour.
    """

    def __init__(self, low: float, high: float, middle: float = 0.0, strength: float = 1.0) -> None:
        if low < middle < high:
            reach = max(middle - low, high - middle)
            low, high = middle - reach, middle + reach
        self.levels: Span = (low, high)
        self._middle = middle
        self.strength = 1.0
        self.bands: int | None = None
        self._colours = np.zeros((SHADES, 3), dtype=np.uint8)

    def dress(self, colours: Theme) -> None:
        """Take the colours of a theme."""
        low, high = self.levels
        empty, places = QColor(colours.raised), np.linspace(0.0, 1.0, SHADES)
        below = self._weakened(colours.negative, empty)
        above = self._weakened(colours.positive, empty)
        stops = (
            [(0.0, below), (0.5, empty), (1.0, above)]
            if low < self._middle < high
            else [(0.0, below), (1.0, empty)]
            if high <= self._middle
            else [(0.0, empty), (1.0, above)]
        )
        if self.bands is not None:
            places = np.floor(places * self.bands).clip(0, self.bands - 1) / (self.bands - 1)
        shares = [share for share, _ in stops]
        channels = np.array([_channels(colour) for _, colour in stops]).T
        self._colours = np.column_stack(
            [np.interp(places, shares, channel) for channel in channels]
        ).astype(np.uint8)

    def _weakened(self, colour: str, empty: QColor) -> QColor:
        full, none = np.array(_channels(QColor(colour))), np.array(_channels(empty))
        return QColor(*map(round, none + self.strength * (full - none)))

    @property
    def table(self) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
        """The shades from lowest to highest, (shades, 3)."""
        return self._colours

    def _indices(self, values: FloatArray) -> IntArray:
        low, high = self.levels
        with np.errstate(all="ignore"):
            shares = np.clip((np.nan_to_num(values, nan=low) - low) / (high - low), 0.0, 1.0)
        # Where the levels themselves are no numbers, nothing is above the lowest.
        return np.asarray((np.nan_to_num(shares) * (SHADES - 1)).astype(np.intp))

    def shades_of(self, values: FloatArray) -> Shades:
        """The colour of each value as a number, in the same shape."""
        red, green, blue = self._colours.astype(np.uint32).T
        numbers = 0xFF000000 | (red << 16) | (green << 8) | blue
        return np.asarray(numbers[self._indices(values)], dtype=np.uint32)

    def colours_of(self, values: FloatArray) -> list[QColor]:
        """The colour of each value."""
        return [QColor(*map(int, self._colours[i])) for i in self._indices(values)]

    def gradient(self, bottom: float, top: float) -> QLinearGradient:
        """The same colours to paint with, from `bottom` up to `top`."""
        gradient = QLinearGradient(0.0, bottom, 0.0, top)
        for share in np.linspace(0.0, 1.0, _STOPS):
            colour = self._colours[round(share * (SHADES - 1))]
            gradient.setColorAt(float(share), QColor(*map(int, colour)))
        return gradient


def _channels(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()
