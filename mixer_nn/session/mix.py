"""A mix: everything on the desk at one moment, as one value that undo, files and windows share."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray, frozen
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.core.losses import USUAL
from mixer_nn.core.network import Network
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.problem import Problem
from mixer_nn.core.rewire import rewired, rewired_marks
from mixer_nn.core.scaling import convert, worth_scaling
from mixer_nn.core.training import TrainingState, start
from mixer_nn.session.cue import CUES, NO_RUN, Cue
from mixer_nn.session.scales import doubled_to_fit, sensible_scales
from mixer_nn.session.setup import MAX_TEMPO, Setup

__all__ = [
    "CUES",
    "MAX_TEMPO",
    "MOST_SEED",
    "NO_RUN",
    "Cue",
    "Mix",
    "Setup",
    "doubled_to_fit",
    "network_on",
    "neuron_on",
    "new_mix",
    "sensible_scales",
]

MOST_SEED = 2**53
"""The largest seed: the largest whole number up to which every JSON reader counts exactly."""

Cues = tuple[Cue | None, ...]

NO_CUES: Cues = (None,) * len(CUES)


@dataclass(frozen=True, eq=False)
class Mix:
    """The problem, where its training stands, and how the knobs are set up.

    `initial` are the parameters it started from; `locked` is True where the optimizer may not
    turn a knob; `scales` gives each knob's scale s, from −s to +s. `run` numbers the loss curve
    that it belongs to, `moves` its place on that: hand moves and steps since the start. `cues`
    has a place for each of `CUES`, None where nothing is kept.
    """

    problem: Problem
    state: TrainingState
    initial: FloatArray
    locked: BoolArray
    scales: FloatArray
    run: int = 0
    moves: int = 0
    cues: Cues = NO_CUES
    origin: TrainingState = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Freeze the arrays; raises ValueError where there are not as many cues as pads."""
        if len(self.cues) != len(CUES):
            raise ValueError("there must be as many cues as pads")
        locked = np.array(self.locked, dtype=np.bool_)
        locked.flags.writeable = False
        object.__setattr__(self, "locked", locked)
        object.__setattr__(self, "initial", frozen(self.initial))
        object.__setattr__(self, "scales", frozen(self.scales))
        origin = TrainingState(
            self.initial,
            self.state.seed,
            slots=np.zeros_like(self.state.slots),
            optimizer=self.state.optimizer,
        )
        object.__setattr__(self, "origin", origin)

    @property
    def network(self) -> Network:
        """The network."""
        return self.problem.network

    @property
    def dataset(self) -> Dataset:
        """The data."""
        return self.problem.dataset

    @property
    def parameters(self) -> FloatArray:
        """The parameters, in training units."""
        return self.state.parameters

    @property
    def nbytes(self) -> int:
        """Memory it takes besides its problem and its cues, which it shares."""
        return self.state.nbytes + self.initial.nbytes + self.scales.nbytes + self.locked.nbytes

    def with_parameters(self, vector: FloatArray) -> Mix:
        """The same mix with other parameters, and scales that they fit on."""
        return replace(
            self,
            state=replace(self.state, parameters=vector),
            scales=doubled_to_fit(self.scales, vector),
        )

    def with_state(self, state: TrainingState) -> Mix:
        """The same mix further on in its training."""
        return replace(self, state=state, scales=doubled_to_fit(self.scales, state.parameters))

    def within_rows(self) -> Mix:
        """The same mix; a place in the epoch beyond the last row, which is none, is the last."""
        last = self.problem.objective.rows - 1
        if self.state.place <= last:
            return self
        return replace(self, state=replace(self.state, place=last))

    def back_at_start(self, run: int) -> Mix:
        """The very parameters it started from, as a new run.

        Scales that have grown since, as in a divergence, are those of the first day again.
        """
        scales = np.minimum(self.scales, sensible_scales(self.problem))
        return replace(self, scales=scales, run=run, moves=0).with_state(self.origin)

    def newly_started(self, seed: int, run: int) -> Mix:
        """Other initial parameters, drawn from `seed`, as a new run; locks are kept."""
        fresh = new_mix(self.problem, seed)
        return replace(fresh, locked=self.locked, run=run, cues=self.cues)

    def rescaled(self, scaled: bool, run: int) -> Mix:
        """The same predictions with scaling switched: all parameters converted, memory emptied.

        The cues are converted too. Raises MixError where a parameter would leave the range of
        numbers by that.
        """
        problem = replace(self.problem, scaled=scaled)
        old, new = self.problem.scaling, problem.scaling
        with np.errstate(all="ignore"):
            current = convert(self.network, self.parameters, old, new)
        if not np.isfinite(current).all():
            raise MixError(
                "Scaling cannot be switched, since a knob is too far out to be converted;"
                " turn it nearer to 0 first."
            )
        state = replace(
            self.state, parameters=current, slots=np.zeros_like(self.state.slots), count=0
        )
        scales = doubled_to_fit(sensible_scales(problem), current)
        initial = convert(self.network, self.initial, old, new)
        cues = tuple(self._rescaled_cue(slot, scaled) for slot in range(len(CUES)))
        return Mix(problem, state, initial, self.locked, scales, run=run, cues=cues)

    def _rescaled_cue(self, slot: int, scaled: bool) -> Cue | None:
        cue = self.cues[slot]
        try:
            return cue and cue.rescaled(scaled, self.dataset)
        except MixError:
            raise MixError(
                f"Scaling cannot be switched, since cue {CUES[slot]} is too far out to be"
                " converted; clear it first."
            ) from None

    def rewired(self, problem: Problem, run: int) -> Mix:
        """Another network on the same data: weights that survive keep their values.

        New ones are drawn from the seed, as they would be at a new start; the optimizer begins
        with an empty memory.
        """
        old, new = self.network, problem.network
        fresh = new_mix(problem, self.state.seed)
        current = rewired(old, new, self.parameters, fresh.initial)
        state = replace(
            self.state,
            parameters=current,
            slots=np.zeros((len(self.state.slots), new.parameter_count)),
            count=0,
            place=0,
        )
        return Mix(
            problem,
            state,
            rewired(old, new, self.initial, fresh.initial),
            rewired_marks(old, new, self.locked),
            doubled_to_fit(fresh.scales, current),
            run=run,
            cues=self.cues,
        )

    def with_optimizer(self, optimizer: str) -> Mix:
        """The same mix for another optimizer, which begins with an empty memory."""
        slots = np.zeros((OPTIMIZERS[optimizer].slots, self.network.parameter_count))
        return replace(self, state=replace(self.state, slots=slots, count=0, optimizer=optimizer))

    # -- cues -----------------------------------------------------------------------------------

    def with_cue(self, slot: int, cue: Cue | None) -> Mix:
        """The same mix with another cue on a pad, or none."""
        return replace(self, cues=(*self.cues[:slot], cue, *self.cues[slot + 1 :]))

    def with_cues_of(self, other: Mix) -> Mix:
        """The same mix with the cues of another, as when it takes the other's place."""
        return replace(self, cues=other.cues)

    def at_cue(self, slot: int, run: int) -> Mix:
        """The mix as the cue has it, on the present data and as run number `run`.

        Locks and scales stay as they are where the network does, else they are the cue's. Raises
        MixError where there is no cue, or its network does not fit the present data.
        """
        cue = self.cues[slot]
        if cue is None:
            raise MixError(f"Cue {CUES[slot]} is empty; store the present state there first.")
        try:
            problem = cue.problem_on(self.dataset)
        except ValueError:
            raise MixError(
                f"Cue {CUES[slot]} was stored with other data, and its network does not fit the"
                " present ones; choose those data again first."
            ) from None
        alike = _marks(problem) == _marks(self.problem)
        if alike and problem.loss_name == self.problem.loss_name:
            problem = self.problem
        own = self if alike else cue.mix
        return Mix(
            problem,
            cue.mix.state,
            cue.mix.initial,
            own.locked,
            doubled_to_fit(own.scales, cue.mix.parameters),
            run,
            cue.mix.moves,
            self.cues,
        ).within_rows()


def _marks(problem: Problem) -> tuple[object, ...]:
    """What decides whether two problems have the same knobs, in the same units."""
    return problem.network, problem.features, problem.scaled


def new_mix(problem: Problem, seed: int, optimizer: str = "gradient-descent") -> Mix:
    """A mix on its first day: initial parameters drawn from the seed, nothing locked."""
    state = start(problem.network, optimizer, seed)
    scales = doubled_to_fit(sensible_scales(problem), state.parameters)
    return Mix(problem, state, state.parameters, np.zeros(scales.size, dtype=np.bool_), scales)


def neuron_on(dataset: Dataset, seed: int, scaled: bool | None = None) -> Mix:
    """One neuron on `dataset`, or one for each of more than two classes, with its usual loss.

    Scaling None: on where the inputs make it worth while.
    """
    return network_on(dataset, seed, (), scaled=scaled)


def network_on(
    dataset: Dataset,
    seed: int,
    hidden: tuple[int, ...],
    activation: str = "tanh",
    scaled: bool | None = None,
    features: tuple[str, ...] = (),
) -> Mix:
    """A network with these hidden layers on `dataset`, with its usual loss."""
    inputs, outputs = dataset.inputs.shape[1] + len(features), dataset.targets.shape[1]
    network = Network((inputs, *hidden, outputs), (activation,) * len(hidden) + ("linear",))
    switch = worth_scaling(dataset) if scaled is None else scaled
    return new_mix(Problem(network, dataset, switch, USUAL[dataset.kind], features), seed)
