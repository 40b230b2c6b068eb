"""Readings: what the views show of the mix, each worked out at most once per revision."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.core.batches import WholeGradient
from mixer_nn.core.crossfade import losses_of_mixed_outputs
from mixer_nn.core.dataset import Column
from mixer_nn.core.field import Field, Grid, Units
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.metrics import accuracy, defined
from mixer_nn.core.objective import CHUNK, Objective
from mixer_nn.core.plan import Plan
from mixer_nn.core.training import TrainingState
from mixer_nn.core.unit_statistics import UnitStatistics, unit_statistics
from mixer_nn.session.mix import Mix, sensible_scales
from mixer_nn.state.desk import Desk
from mixer_nn.state.listening import Listening
from mixer_nn.state.memo import Memo
from mixer_nn.state.slow_motion import SlowMotion
from mixer_nn.state.spotlight import Spotlight

SHOWN_ROWS = 2000
"""Rows that a view draws at most; of longer tables a fixed sample, evenly spread."""

MOST_FIELDS = 4
"""Grids whose points and arrays are kept ready at a time."""

FAINTEST, STRONGEST = -3.0, 1.0
"""Decades of slope over which an arrow grows from nothing to its full length."""

T = TypeVar("T")


class Readings:
    """Numbers about the desk's mix. A view asks when it is seen; nothing is worked out before.

    Losses are over all rows, in training units; misses and predictions in the data's units.
    """

    def __init__(
        self,
        desk: Desk,
        listening: Listening | None = None,
        spotlight: Spotlight | None = None,
        slow_motion: SlowMotion | None = None,
    ) -> None:
        self._desk = desk
        self._listening = Listening(desk) if listening is None else listening
        self.spotlight = Spotlight(desk) if spotlight is None else spotlight
        self.slow_motion = slow_motion
        self._of_now = Memo(
            lambda: (desk.revision, self._listening.revision, self.spotlight.revision)
        )
        self._of_problem = Memo(lambda: desk.mix.problem)
        self._plan: tuple[tuple[object, ...], Plan] | None = None
        self._gridded: tuple[tuple[Column, ...], Grid] | None = None
        self.grid_is_kept = False
        self._asked = 0

    @property
    def _mix(self) -> Mix:
        return self._desk.mix

    def _once(self, name: str, work: Callable[[], T]) -> T:
        """The result of `work`, done at most once per revision of the desk."""
        return self._of_now.once(name, work)

    def _for_good(self, name: str, work: Callable[[], T]) -> T:
        """The result of `work`, done at most once per problem."""
        return self._of_problem.once(name, work)

    @property
    def evaluations(self) -> int:
        """How many results have been worked out so far: what looking has cost."""
        return self._of_now.evaluations + self._of_problem.evaluations + self._asked

    # -- the loss -----------------------------------------------------------------------------

    @property
    def loss(self) -> float:
        """The training loss."""
        return self._once("loss", lambda: self._desk.losses[0])

    @property
    def held_out_loss(self) -> float | None:
        """The loss over the held-out rows; None where none are."""
        return None if self._mix.problem.held_out is None else self._desk.losses[1]

    @property
    def constant_loss(self) -> float:
        """What always guessing the average would score."""
        return self._mix.problem.objective.constant_loss

    @property
    def best_loss(self) -> float:
        """The lowest training loss of this run so far."""
        return min(self._desk.history.best, self.loss)

    @property
    def typical_miss(self) -> float | None:
        """Root mean squared error of the training rows in the target's unit; None for classes."""
        square = self._mean_square
        if square is None or not square >= 0.0:
            return None
        scale = float(self._mix.problem.scaling.target_scale[0])
        return defined(math.sqrt(square) * scale)

    @property
    def _mean_square(self) -> float | None:
        """Mean squared error over the training rows in training units; None for classes."""
        problem = self._mix.problem
        if problem.dataset.kind != "number":
            return None
        return self.loss if problem.loss_name == "mse" else self._once("square", self._square)

    def _square(self) -> float:
        objective = self._mix.problem.objective
        with np.errstate(all="ignore"):
            outputs = objective.network.predict(self._mix.parameters, objective.inputs)
            return LOSSES["mse"].value(outputs, objective.targets)

    @property
    def r_squared(self) -> float | None:
        """Share of the target's variance explained; None without variance, and for classes."""
        square = self._mean_square
        variance = self._for_good("variance", self._variance)
        return None if square is None or variance == 0.0 else defined(1.0 - square / variance)

    def _variance(self) -> float:
        # The mean of equal numbers need not be that number: the variance may just miss 0.
        targets = self._mix.problem.objective.targets
        if (targets == targets[0]).all():
            return 0.0
        with np.errstate(all="ignore"):
            middle = LOSSES["mse"].constant(targets)
            return LOSSES["mse"].value(np.broadcast_to(middle, targets.shape), targets)

    @property
    def accuracy(self) -> float | None:
        """Share of the training rows whose class is found; None without classes."""
        return self._once("accuracy", lambda: self._accuracy(self._mix.problem.objective))

    @property
    def held_out_accuracy(self) -> float | None:
        """Share of the held-out rows whose class is found; None without classes or such rows."""
        return self._once("accuracy out", lambda: self._accuracy(self._mix.problem.held_out))

    def _accuracy(self, objective: Objective | None) -> float | None:
        kind = self._mix.dataset.kind
        if objective is None or kind == "number":
            return None
        with np.errstate(all="ignore"):
            outputs = objective.network.predict(self._mix.parameters, objective.inputs)
        return accuracy(outputs, objective.targets, kind)

    # -- listening ----------------------------------------------------------------------------

    @property
    def heard(self) -> FloatArray:
        """The parameters with what is muted left out: what fit, meters and thumbnails show."""
        return self._once("heard", lambda: self._listening.heard(self._mix.parameters))

    @property
    def is_blended(self) -> bool:
        """Whether two networks are heard at once, their outputs mixed."""
        return self._listening.blend is not None

    @property
    def heard_change(self) -> float:
        """By how much the loss is higher with what is heard; 0 for the mix itself."""
        if self._listening.is_plain:
            return 0.0
        return self._once("heard change", lambda: self._heard_loss() - self.loss)

    def _heard_loss(self) -> float:
        objective, blend = self._mix.problem.objective, self._listening.blend
        if blend is None:
            return objective.value(self.heard)
        a, b = (self._listening.heard(end) for end in (blend.a, blend.b))
        return float(losses_of_mixed_outputs(objective, a, b, np.array([blend.share]))[0])

    def _mixed(self, outputs: Callable[[FloatArray], FloatArray]) -> FloatArray:
        """What comes out of the network that is heard; of two, mixed: `outputs` is of one."""
        blend = self._listening.blend
        if blend is None:
            return outputs(self.heard)
        of_a, of_b = (np.array(outputs(self._listening.heard(end))) for end in (blend.a, blend.b))
        return np.asarray((1.0 - blend.share) * of_a + blend.share * of_b)

    @property
    def levels(self) -> list[UnitStatistics]:
        """How every layer's neurons are driven by the shown rows, as the network is heard."""
        rows = self._for_good("network rows", self._network_rows)
        return self._once("levels", lambda: unit_statistics(self._mix.network, self.heard, rows))

    def _network_rows(self) -> FloatArray:
        problem = self._mix.problem
        return problem.scaling.inputs(problem.seen.inputs[self.shown_rows])

    # -- which way ----------------------------------------------------------------------------

    @property
    def gradient(self) -> FloatArray:
        """∂loss/∂p over all training rows, for every parameter with the others held."""
        return self._once("gradient", self._gradient)

    def _gradient(self) -> FloatArray:
        objective, vector = self._mix.problem.objective, self._mix.parameters
        if objective.is_least_squares or objective.rows > CHUNK:
            # There the plan gains nothing, and would keep the rows a second time.
            return objective.gradient(vector)
        return self._for_good("planned gradient", lambda: WholeGradient(objective)).at(vector)

    @property
    def pull(self) -> FloatArray | None:
        """∂(loss of the lit row)/∂p, for every parameter; None while no row is lit.

        The mean of the training rows' pulls is the gradient; a held-out row has one that counts
        for nothing.
        """
        row, mix = self.spotlight.row, self._mix
        if row is None:
            return None
        alone = self._for_good(f"row {row}", lambda: mix.problem.of_row(row))
        return self._once("pull", lambda: alone.gradient(mix.parameters))

    @property
    def shown_slopes(self) -> FloatArray:
        """What rings and arrows show: the lit row's pull, else the gradient.

        While a step is shown in slow motion, its own: those of its batch, from where it begins.
        """
        pull = self.pull
        if pull is not None:
            return pull
        step = None if self.slow_motion is None else self.slow_motion.step
        return self.gradient if step is None else step.slopes

    @property
    def strength(self) -> FloatArray:
        """How far each arrow is drawn out, 0 to 1: a decade of slope for every quarter.

        The slope is taken over the knob's first scale and against the constant predictor's
        loss, a reference that stays while the problem does.
        """
        step = 0 if self.slow_motion is None else self.slow_motion.revision
        return self._once(f"strength {step}", lambda: self._strength(self.shown_slopes))

    @property
    def gradient_strength(self) -> FloatArray:
        """The strength of the gradient itself, whatever the arrows show just now."""
        if self.shown_slopes is self.gradient:
            return self.strength
        return self._once("gradient strength", lambda: self._strength(self.gradient))

    def _strength(self, slopes: FloatArray) -> FloatArray:
        problem = self._mix.problem
        reference = self._for_good("reference", lambda: sensible_scales(problem))
        base = self.constant_loss if self.constant_loss > 0.0 else 1.0
        with np.errstate(all="ignore"):
            decades = np.log10(np.abs(slopes) * reference / base)
        drawn = (decades - FAINTEST) / (STRONGEST - FAINTEST)
        return np.clip(np.nan_to_num(drawn, nan=0.0, posinf=1.0, neginf=0.0), 0.0, 1.0)

    @property
    def next_parameters(self) -> FloatArray:
        """Where the next real step will put every parameter, with its batch and locks."""
        return self._once("next", self._next)

    def _next(self) -> FloatArray:
        setup, mix = self._desk.setup, self._mix
        key = (mix.problem, setup, mix.locked.tobytes())
        if self._plan is None or self._plan[0] != key:
            self._plan = (key, Plan(mix.problem.objective, self._desk.settings, ~mix.locked))
        plan = self._plan[1]
        plan.load(mix.state)
        plan.run(1)
        return plan.parameters.copy()

    @property
    def learning_rate_limit(self) -> float | None:
        """Where gradient descent must diverge with the knobs that are not locked.

        None where that is not known exactly, and for optimizers with another limit.
        """
        setup, free = self._desk.setup, ~self._mix.locked
        if setup.optimizer != "gradient-descent":
            return None
        return self._for_good(
            f"limit {setup.l2} {free.tobytes().hex()}",
            lambda: self._mix.problem.objective.learning_rate_limit(free, setup.l2),
        )

    @property
    def answer(self) -> FloatArray | None:
        """The parameters of the least loss, where they are known exactly."""
        objective = self._mix.problem.objective
        return objective.optimum if objective.is_least_squares else None

    # -- data units ---------------------------------------------------------------------------

    @property
    def in_data_units(self) -> FloatArray:
        """The parameters of the same predictions without any scaling."""
        return self._once("data units", lambda: self.unscaled(self._mix.parameters))

    def unscaled(self, vector: FloatArray) -> FloatArray:
        """Parameters in data units that predict what `vector` predicts in training units."""
        return self._mix.problem.scaling.to_data_units(self._mix.network, vector)

    @property
    def shown_rows(self) -> IntArray:
        """Indices of the rows that views draw: all, or an even sample of a long table."""
        rows = self._mix.dataset.rows
        return self._for_good(
            "rows",
            lambda: np.unique(np.linspace(0, rows - 1, min(rows, SHOWN_ROWS)).round().astype(int)),
        )

    @property
    def shown_objective(self) -> Objective:
        """What training lowers, of a long table over an even sample: for what views work out.

        All rows where they cost nothing, since their second moments say everything.
        """
        whole = self._mix.problem.objective
        if whole.is_least_squares:
            return whole
        return self._for_good("shown objective", lambda: whole.sample(SHOWN_ROWS))

    @property
    def predictions(self) -> FloatArray:
        """Predictions for the shown rows, (rows, outputs), in the data's units."""
        inputs = self._for_good("inputs", lambda: self._mix.dataset.inputs[self.shown_rows])
        problem = self._mix.problem
        return self._once(
            "predictions",
            lambda: self._mixed(lambda vector: problem.predict(vector, inputs)),
        )

    def predict(self, inputs: FloatArray) -> FloatArray:
        """Predictions (rows, outputs) for any inputs (rows, inputs), in the data's units."""
        self._asked += 1
        problem = self._mix.problem
        return self._mixed(lambda vector: problem.predict(vector, inputs))

    def predict_answer(self, inputs: FloatArray) -> FloatArray | None:
        """What the least-squares answer predicts; None where there is none."""
        if self.answer is None:
            return None
        return self._mix.problem.predict(self.answer, inputs)

    # -- over a whole grid --------------------------------------------------------------------

    @property
    def grid(self) -> Grid:
        """Where the fit and the thumbnails of all neurons are drawn, in data units.

        Along one input, over two, or through the first two of more with the others held at their
        median. With `grid_is_kept` it stays as it is while rows are edited and all lie within.
        """
        return self._for_good("grid", self._grid_for_the_data)

    def _grid_for_the_data(self) -> Grid:
        dataset = self._mix.dataset
        columns, before = self._gridded or ((), None)
        # An edited set has the very columns of the one it was made from; other data have their own.
        edited = self.grid_is_kept and columns is dataset.input_columns
        if before is None or not edited or not before.holds(dataset):
            before = Grid.over(dataset)
        self._gridded = (dataset.input_columns, before)
        return before

    def field(self, grid: Grid | None = None) -> list[Units]:
        """What every neuron makes of a grid: per layer (neurons, points), in training units.

        Of the usual `grid` unless told otherwise; once a revision, whoever asks. The arrays hold
        until the next revision.
        """
        grid = self.grid if grid is None else grid
        made = self._once("fields", dict[Grid, list[Units]])
        if grid not in made:
            self._asked += 1
            made[grid] = self._evaluator(grid).units(self.heard)
        return made[grid]

    @property
    def field_is_known(self) -> bool:
        """Whether the field of the usual grid has been worked out for this revision already."""
        made = self._of_now.known("fields")
        return isinstance(made, dict) and self.grid in made

    def field_outputs(self, grid: Grid | None = None) -> FloatArray:
        """The network's outputs over a grid, (outputs, points), in data units; or logits."""
        grid = self.grid if grid is None else grid
        if self._listening.blend is None:
            return self._evaluator(grid).in_data_units(self.field(grid)[-1])
        # Not those of `field`, whose arrays hold what the mix makes of the grid.
        others = self._evaluator(grid, "blended evaluators")
        return self._mixed(lambda vector: others.in_data_units(others.units(vector)[-1]))

    def _evaluator(self, grid: Grid, kept_as: str = "evaluators") -> Field:
        fields = self._for_good(kept_as, dict[Grid, Field])
        if grid not in fields:
            if len(fields) >= MOST_FIELDS:
                fields.clear()
            fields[grid] = Field(self._mix.problem, grid.inputs)
        return fields[grid]

    @property
    def state(self) -> TrainingState:
        """Where the training stands."""
        return self._mix.state
