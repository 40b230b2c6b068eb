"""A mix: everything on the desk at one moment, as one value that undo, files and windows share."""

from __future__ import annotations

import math
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
from mixer_nn.core.training import Settings, TrainingState, start

MAX_TEMPO = math.inf
"""The tempo that means: as many steps as fit."""


MOST_SEED = 2**53
"""The largest seed: the largest whole number up to which every JSON reader counts exactly."""


NETWORK_SCALE = 4.0
"""The scale that knobs of a network begin with; initial weights lie within ±1."""

OWN_SCALES = 8
"""Knobs up to which each has a scale of its own; more share one per layer to begin with."""


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


@dataclass(frozen=True, eq=False)
class Mix:
    """The problem, where its training stands, and how the knobs are set up.

    `initial` are the parameters it started from; `locked` is True where the optimizer may not
    turn a knob; `scales` gives each knob's scale s, from −s to +s. `run` numbers the loss curve
    that it belongs to, `moves` its place on that: hand moves and steps since the start.
    """

    problem: Problem
    state: TrainingState
    initial: FloatArray
    locked: BoolArray
    scales: FloatArray
    run: int = 0
    moves: int = 0
    origin: TrainingState = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Freeze the arrays."""
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
        """Memory it takes besides its problem, which it shares."""
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

    def back_at_start(self, run: int) -> Mix:
        """The very parameters it started from, as a new run.

        Scales that have grown since, as in a divergence, are those of the first day again.
        """
        scales = np.minimum(self.scales, sensible_scales(self.problem))
        return replace(self, scales=scales, run=run, moves=0).with_state(self.origin)

    def newly_started(self, seed: int, run: int) -> Mix:
        """Other initial parameters, drawn from `seed`, as a new run; locks are kept."""
        fresh = new_mix(self.problem, seed)
        return replace(fresh, locked=self.locked, run=run)

    def rescaled(self, scaled: bool, run: int) -> Mix:
        """The same predictions with scaling switched: all parameters converted, memory emptied.

        Raises MixError where a parameter would leave the range of numbers by that.
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
        return Mix(problem, state, initial, self.locked, scales, run=run)

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
        )

    def with_optimizer(self, optimizer: str) -> Mix:
        """The same mix for another optimizer, which begins with an empty memory."""
        slots = np.zeros((OPTIMIZERS[optimizer].slots, self.network.parameter_count))
        return replace(self, state=replace(self.state, slots=slots, count=0, optimizer=optimizer))


def doubled_to_fit(scales: FloatArray, vector: FloatArray) -> FloatArray:
    """Scales doubled, where a value lies outside, until it lies within; never made smaller.

    With more than eight knobs a layer would share one scale; up to eight have one each.
    """
    size = np.abs(vector)
    outside = np.isfinite(size) & (size > scales)
    if not outside.any():
        return scales
    grown = np.array(scales)
    with np.errstate(over="ignore"):
        grown[outside] *= np.exp2(np.ceil(np.log2(size[outside]) - np.log2(scales[outside])))
        # A difference of logarithms may round to just below the whole number that was needed.
        still = np.isfinite(size) & (size > grown)
        grown[still] *= 2.0
    # Past the largest power of two there is no room to double; then it is all there is.
    return np.minimum(grown, np.finfo(np.float64).max)


def sensible_scales(problem: Problem) -> FloatArray:
    """Scales to begin with: powers of two with room for what data of this spread may need.

    A weight is of the order of spread(target) / spread(input), the bias of the target's reach.
    """
    scales = np.full(problem.network.parameter_count, NETWORK_SCALE)
    if problem.network.is_linear_neuron and not problem.dataset.classes:
        wanted = np.maximum(_sensible_reach(problem), 2.0**-10)
        scales = np.exp2(np.clip(np.ceil(np.log2(wanted)), -10, 60))
        scales = np.where(wanted > 2.0**-10, scales, 1.0)
        if scales.size > OWN_SCALES:
            scales = np.full(scales.size, scales.max())
    return scales


def _sensible_reach(problem: Problem) -> FloatArray:
    rows = problem.objective
    # Squares of huge numbers overflow: then the widest scale there is will do.
    with np.errstate(over="ignore", invalid="ignore"):
        spread = float(rows.targets.std())
        across = rows.inputs.std(axis=0)
        steepest = 2.0 * spread / np.where(across > 0.0, across, np.inf)
        reach = abs(float(rows.targets.mean())) + 2.0 * spread
    wanted = np.append(steepest, reach)
    return np.where(np.isnan(wanted), np.inf, wanted)


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
