"""Data to mix to: a table of numbers with the names and units of its columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray, IntArray, frozen
from mixer_nn.core.kinds import Kind


@dataclass(frozen=True)
class Column:
    """A column's name as the person knows it, and its unit ("" where it has none)."""

    name: str
    unit: str = ""

    @property
    def title(self) -> str:
        """The name with its unit, as an axis shows it: ``speed (mph)``."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows of inputs with their targets, in the units they came in. Arrays are read-only.

    `inputs` has shape (rows, inputs), `targets` (rows, outputs); `held_out` is True for the
    rows that are kept from training and only judged by. `source` says where the numbers come
    from. `recipe` holds what made a synthetic set again (``{"name": "line", "seed": 1, ...}``),
    and is empty for measured data. Where the target is a class, `classes` names them: of two,
    `targets` is one column, 0 for the first and 1 for the second; of more it is one column each,
    1 for the row's own class and 0 elsewhere.
    """

    name: str
    inputs: FloatArray
    targets: FloatArray
    input_columns: tuple[Column, ...]
    target_columns: tuple[Column, ...]
    held_out: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    source: str = ""
    recipe: tuple[tuple[str, str | int | float], ...] = ()
    classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Freeze the arrays and hold the shapes together; raises ValueError if they do not fit."""
        object.__setattr__(self, "inputs", frozen(self.inputs))
        object.__setattr__(self, "targets", frozen(self.targets))
        mask = self.held_out if self.held_out.size else np.zeros(self.rows, dtype=np.bool_)
        mask = np.array(mask, dtype=np.bool_)
        mask.flags.writeable = False
        object.__setattr__(self, "held_out", mask)
        if self.inputs.ndim != 2 or self.targets.ndim != 2 or len(self.targets) != self.rows:
            raise ValueError("inputs and targets must be (rows, columns) with the same rows")
        if self.inputs.shape[1] != len(self.input_columns):
            raise ValueError("one Column for each input is needed")
        if self.targets.shape[1] != len(self.target_columns):
            raise ValueError("one Column for each target is needed")
        if mask.shape != (self.rows,) or not (~mask).any():
            raise ValueError("held_out must leave at least one row to train on")
        if self.classes and self.targets.shape[1] != _columns(len(self.classes)):
            raise ValueError("classes need one target column for two, else one each")
        if not (np.isfinite(self.inputs).all() and np.isfinite(self.targets).all()):
            raise ValueError("every number must be finite")

    @property
    def kind(self) -> Kind:
        """What the targets are: numbers, two classes, or more classes."""
        if not self.classes:
            return "number"
        return "two classes" if len(self.classes) == 2 else "classes"

    @property
    def labels(self) -> IntArray:
        """The class of every row as an index into `classes`, (rows,); all 0 without classes."""
        if self.kind == "two classes":
            return (self.targets[:, 0] > 0.5).astype(np.intp)
        return self.targets.argmax(axis=1) if self.classes else np.zeros(self.rows, dtype=np.intp)

    @property
    def rows(self) -> int:
        """Number of rows, trained on and held out."""
        return int(self.inputs.shape[0])

    @property
    def nbytes(self) -> int:
        """Memory that the numbers take."""
        return self.inputs.nbytes + self.targets.nbytes + self.held_out.nbytes

    def split(self, share: float, rng: np.random.Generator) -> Dataset:
        """The same rows with about `share` (0 to below 1) of them held out, drawn by `rng`.

        At least one row stays to train on; a share above 0 holds out at least one of two rows.
        """
        count = min(round(share * self.rows), self.rows - 1)
        if share > 0 and self.rows > 1:
            count = max(count, 1)
        mask = np.zeros(self.rows, dtype=np.bool_)
        mask[rng.permutation(self.rows)[:count]] = True
        return replace(self, held_out=mask)


def _columns(classes: int) -> int:
    return 1 if classes == 2 else classes


def targets_of_classes(labels: IntArray, classes: int) -> FloatArray:
    """Target columns (rows, columns), as `Dataset` has them, for labels (rows,) of classes."""
    if classes == 2:
        return labels[:, np.newaxis].astype(np.float64)
    return np.eye(classes)[labels]
