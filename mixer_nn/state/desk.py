"""The Desk, the one door: every change of the mix goes in through it, whoever makes it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject

from mixer_nn.core.dataset import Dataset
from mixer_nn.core.problem import Problem
from mixer_nn.core.rewire import swapped
from mixer_nn.session.mix import MOST_SEED, Mix, Setup
from mixer_nn.state.hand import Hand


class Desk(Hand):
    """Owns the mix, how Auto-mix is set, the history and the undo stack.

    `mix` is immutable and replaced as a whole, so whoever holds one holds it for good. Changes
    are announced once a frame: `dirtied` at once (the frame clock listens), `changed` when the
    clock calls `flush`. `rewired` comes before it when the problem itself is another one. `swapped`
    tells at once that two neighbours of a layer have changed places, and where: also by undo.
    """

    def __init__(self, mix: Mix, setup: Setup = Setup(), parent: QObject | None = None) -> None:
        super().__init__(mix, setup, parent)

    # -- starts, network, data ----------------------------------------------------------------

    def back_to_start(self) -> None:
        """The very parameters it started from, as a new run."""
        self.put(self._mix.back_at_start(self.history.new_run()), "back to the start")

    def new_start(self, seed: int) -> None:
        """Other initial parameters, drawn from `seed`, as a new run.

        Raises ValueError for a seed that is not from 0 to `MOST_SEED`.
        """
        if not 0 <= seed <= MOST_SEED:
            raise ValueError(f"a seed must be a whole number from 0 to {MOST_SEED}")
        self.put(self._mix.newly_started(seed, self.history.new_run()), f"new start, seed {seed}")

    def set_scaled(self, scaled: bool) -> None:
        """Switch scaling of the data; the predictions stay what they are."""
        if scaled != self._mix.problem.scaled:
            mix = self._mix.rescaled(scaled, self.history.new_run())
            self.put(mix, f"scaling {'on' if scaled else 'off'}")

    def rewire(self, problem: Problem, text: str) -> None:
        """Another network on the same data: the weights that survive keep their values."""
        self.put(self._mix.rewired(problem, self.history.new_run()), text)

    def set_problem(self, problem: Problem, text: str) -> None:
        """The same knobs under another loss or other activations, as a new run."""
        run = self.history.new_run()
        self.put(replace(self._mix, problem=problem, run=run, moves=0), text)

    def edit_data(self, dataset: Dataset, text: str) -> None:
        """Other rows for the same knobs, while Auto-mix may go on; the same run."""
        self.adopt()
        problem = replace(self._mix.problem, dataset=dataset)
        mix = replace(self._mix, problem=problem).within_rows()
        self._rewired = True
        if self._edit is None:
            self.arrange(mix, text)
        else:
            self._mix = mix
            self._mark_dirty()

    def swap(self, layer: int, neuron: int) -> None:
        """Exchange a hidden neuron with the next one of its layer, numbers from 1."""
        self.adopt()
        network = self._mix.network
        vector, initial, scales = (
            swapped(network, values, layer, neuron)
            for values in (self._mix.parameters, self._mix.initial, self._mix.scales)
        )
        locked = swapped(network, self._mix.locked.astype(np.float64), layer, neuron) > 0.0
        slots = self._mix.state.slots
        moved = np.array([swapped(network, row, layer, neuron) for row in slots])
        state = replace(self._mix.state, parameters=vector, slots=moved if len(slots) else slots)
        mix = replace(self._mix, state=state, initial=initial, scales=scales, locked=locked)
        text = f"swap neurons {neuron} and {neuron + 1} of layer {layer}"
        self.arrange(mix, text, (layer, neuron))
        self.swapped.emit(layer, neuron)

    def lock_all(self, indices: Iterable[int], locked: bool, text: str) -> None:
        """Lock or unlock many knobs as one step of undo."""
        marks = np.array(self._mix.locked)
        marks[list(indices)] = locked
        self.arrange(replace(self._mix, locked=marks), text)

    def set_locked(self, index: int, locked: bool) -> None:
        """Guard a parameter against the optimizer, or give it back."""
        if bool(self._mix.locked[index]) != locked:
            marks = np.array(self._mix.locked)
            marks[index] = locked
            name = self._mix.network.parameters[index].id
            self.arrange(replace(self._mix, locked=marks), f"{'' if locked else 'un'}lock {name}")

    def set_scale(self, index: int, scale: float) -> None:
        """Make a knob's scale reach from −scale to +scale; a value outside is kept all the same.

        Raises ValueError for a scale that is not finite and above 0.
        """
        if not (math.isfinite(scale) and scale > 0.0):
            raise ValueError("a scale must be finite and above 0")
        if scale != self._mix.scales[index]:
            scales = np.array(self._mix.scales)
            scales[index] = scale
            self.arrange(replace(self._mix, scales=scales), "change a scale")

    def set_setup(self, setup: Setup) -> None:
        """Set Auto-mix differently; takes effect with its next step."""
        if setup != self._setup:
            others = (self._setup.optimizer, self._mix.state.optimizer)
            self._setup = setup
            if setup.optimizer not in others and not self.is_visiting:
                self._mix = self._mix.with_optimizer(setup.optimizer)
                self.history.note(self._mix)
            self._mark_dirty()
            self.setup_changed.emit()

    # -- runs ---------------------------------------------------------------------------------

    def name_run(self, number: int, name: str) -> None:
        """Give a run a name; KeyError where there is none of that number."""
        self.history.name_run(number, name)
        self._mark_dirty()

    def keep_run(self, number: int, kept: bool) -> None:
        """Keep a run beside the others, or no longer; KeyError where there is none."""
        self.history.keep_run(number, kept)
        self._mark_dirty()

    def forget_run(self, number: int) -> None:
        """Let a run go; ValueError for the present one, KeyError where there is none."""
        self.history.forget_run(number)
        self._mark_dirty()
