"""Derivations: the chain rule for one knob and one row, as the desk has them just now."""

from __future__ import annotations

from mixer_nn.core.derivation import Derivation, derive
from mixer_nn.core.derivation_check import Check, check
from mixer_nn.core.derivation_check_steps import written_check
from mixer_nn.core.derivation_names import About
from mixer_nn.core.derivation_steps import write_out
from mixer_nn.core.formula import Block
from mixer_nn.state.desk import Desk
from mixer_nn.state.memo import Memo
from mixer_nn.state.readings import Readings


class Derivations:
    """A view asks when it is seen; nothing is worked out before. Rows are the data's, from 0.

    Of the whole network, as training has it, whatever is muted.
    """

    def __init__(self, desk: Desk, readings: Readings) -> None:
        self._desk, self._readings = desk, readings
        self._of_now = Memo(lambda: desk.revision)
        self._of_problem = Memo(lambda: desk.mix.problem)

    @property
    def evaluations(self) -> int:
        """How many results have been worked out so far: what looking has cost."""
        return self._of_now.evaluations + self._of_problem.evaluations

    def of(self, index: int, row: int) -> Derivation:
        """The derivation for a parameter and a row, which may be one that is held out."""
        return self._of_now.once(f"{index} {row}", lambda: self._derive(index, row))

    def _derive(self, index: int, row: int) -> Derivation:
        mix = self._desk.mix
        alone = self._of_problem.once(f"row {row}", lambda: mix.problem.of_row(row))
        inputs, targets = alone.inputs[0], alone.targets[0]
        return derive(mix.network, mix.problem.loss_name, mix.parameters, index, inputs, targets)

    def steps(self, index: int, row: int, opened: frozenset[int]) -> tuple[Block, ...]:
        """The same written out, with every neuron of the `opened` layers, numbered from 1."""
        return write_out(self.of(index, row), self._about(index, row), opened)

    def _about(self, index: int, row: int) -> About:
        mix = self._desk.mix
        return About(
            row + 1,
            mix.problem.objective.rows,
            float(self._readings.gradient[index]),
            tuple(column.title for column in mix.problem.seen.input_columns),
            mix.dataset.target_columns[0].title,
            mix.dataset.classes,
            mix.problem.scaled,
            bool(mix.dataset.held_out[row]),
        )

    def check(self, index: int) -> Check:
        """∂loss/∂p over all training rows, against a finite difference of the loss itself."""
        mix = self._desk.mix
        return self._of_now.once(
            f"check {index}", lambda: check(mix.problem.objective, mix.parameters, index)
        )

    def written_check(self, index: int) -> Block:
        """The same written out."""
        return written_check(self._desk.mix.network, self.check(index), index)
