"""The result of a training, as one JSON object and as text to read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mixer_nn.cli.tables import Chosen
from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import BoolArray
from mixer_nn.core.metrics import accuracy, defined, r_squared, rmse
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.problem import Problem
from mixer_nn.core.segment import Stop
from mixer_nn.core.training import FULL_BATCH, Settings, TrainingState
from mixer_nn.data.wording import either, listed

_POWERS = {1: "", 2: "²"}


@dataclass(frozen=True, eq=False)
class Result:
    """A training that is over.

    `state` is what it came to, and `loss` the training loss there: where it stood at the end or,
    if that blew up, the best on the way. `epochs` and `steps` count all that were taken.
    """

    problem: Problem
    state: TrainingState
    loss: float
    stop: Stop
    epochs: int
    steps: int
    seconds: float
    settings: Settings
    automatic: bool
    seed: int

    @cached_property
    def test_loss(self) -> float | None:
        """The loss over the held-out rows; None where none are."""
        held_out = self.problem.held_out
        return None if held_out is None else defined(held_out.value(self.state.parameters))

    @property
    def loss_units(self) -> str | None:
        """What the loss is measured in; None where the target has no unit.

        With a scaled target the loss is a share of the target's variance, and says so.
        """
        loss = self.problem.objective.loss
        column = self.problem.dataset.target_columns[0]
        if not loss.power:
            return None
        if self.problem.scaled and self.problem.scaling.target_scale[0] != 1.0:
            return f"scaled (1 is the variance of {column.name})"
        if not column.unit:
            return None
        unit = column.unit if column.unit.isalpha() else f"({column.unit})"
        return unit + _POWERS.get(loss.power, f"^{loss.power}")

    @cached_property
    def metrics(self) -> dict[str, float | None]:
        """How good it is, in the data's units; None for what there is not.

        RMSE and R² over the training rows where the target is a number; where it is a class, the
        share of training rows, and of held-out rows, whose class is found.
        """
        dataset = self.problem.dataset
        trained = ~dataset.held_out
        outputs = self.problem.predict(self.state.parameters, dataset.inputs[trained])
        targets = dataset.targets[trained]
        number = not dataset.classes
        return {
            "rmse": rmse(outputs, targets) if number else None,
            "r2": r_squared(outputs, targets) if number else None,
            "accuracy": self._accuracy(trained),
            "test_accuracy": self._accuracy(dataset.held_out),
        }

    def _accuracy(self, rows: BoolArray) -> float | None:
        dataset = self.problem.dataset
        if not dataset.classes or not rows.any():
            return None
        outputs = self.problem.predict(self.state.parameters, dataset.inputs[rows])
        return accuracy(outputs, dataset.targets[rows], dataset.kind)

    @cached_property
    def data_units(self) -> dict[str, Any] | None:
        """Intercept and coefficients by column, for unscaled data; None unless it is a line."""
        problem = self.problem
        if not problem.network.is_linear_neuron:
            return None
        vector = problem.scaling.to_data_units(problem.network, self.state.parameters)
        names = [column.name for column in problem.seen.input_columns]
        weights = map(defined, vector[:-1].tolist())
        return {
            "intercept": defined(float(vector[-1])),
            "coefficients": dict(zip(names, weights, strict=True)),
        }

    @property
    def limit(self) -> float | None:
        """The learning rate above which it must diverge; None where it is not known."""
        objective, settings = self.problem.objective, self.settings
        full = settings.batch_size == FULL_BATCH or settings.batch_size >= objective.rows
        plain = settings.optimizer == "gradient-descent" and settings.clip is None
        return objective.learning_rate_limit(l2=settings.l2) if full and plain else None


def as_json(result: Result, chosen: Chosen) -> str:
    """One JSON object; what is undefined or infinite is null."""
    problem, vector = result.problem, result.state.parameters
    content = {
        "loss": defined(result.loss),
        "loss_name": problem.objective.loss.title,
        "loss_units": result.loss_units,
        "test_loss": result.test_loss,
        "epochs": result.epochs,
        "steps": result.steps,
        "seconds": result.seconds,
        "learning_rate": result.settings.learning_rate,
        "stopped": result.stop.value,
        "parameters": {p.id: defined(float(vector[p.index])) for p in problem.network.parameters},
        "metrics": result.metrics,
        "data_units": result.data_units,
        "seed": result.seed,
        "scaled": problem.scaled,
        "rows": int((~problem.dataset.held_out).sum()),
        "test_rows": int(problem.dataset.held_out.sum()),
        "sizes": list(problem.network.sizes),
        "activations": list(problem.network.activations),
        "features": list(problem.features),
        "classes": list(problem.dataset.classes),
        "optimizer": result.settings.optimizer,
        "left_out": list(chosen.left_out),
        "notes": list(chosen.notes),
    }
    return json.dumps(content, allow_nan=False, indent=2)


def as_text(result: Result, chosen: Chosen) -> str:
    """A few lines to read."""
    facts = _facts(result)
    width = max(map(len, facts)) + 2
    return "\n".join(
        [
            _heading(result),
            f"  {_model(result)}",
            *(f"  {name:<{width}}{text}" for name, text in facts.items()),
            _ending(result),
            *(f"Left out: {sentence}" for sentence in chosen.left_out),
            *chosen.notes,
        ]
    )


def _facts(result: Result) -> dict[str, str]:
    """What there is to say in numbers, by name."""
    problem, metrics = result.problem, result.metrics
    unit = problem.dataset.target_columns[0].unit
    share = metrics["r2"]
    facts = {
        problem.objective.loss.title: _with_unit(result.loss, result.loss_units),
        "over held-out rows": _with_unit(result.test_loss, result.loss_units),
        "typical miss (RMSE)": _with_unit(metrics["rmse"], unit),
        "R²": "" if share is None else f"{share:.7g}",
        "accuracy": _per_cent(metrics["accuracy"]),
        "accuracy over held-out rows": _per_cent(metrics["test_accuracy"]),
    }
    return {name: text for name, text in facts.items() if text}


def _per_cent(share: float | None) -> str:
    return "" if share is None else f"{100.0 * share:.4g} %"


def why_not(result: Result) -> str | None:
    """What there is to say about a training that came to no good end; None if it did."""
    if result.stop is Stop.INTERRUPTED:
        epochs = _counted(result.epochs, "epoch")
        return f"Interrupted after {epochs}; the result is how far it had got."
    if result.stop is not Stop.DIVERGED:
        return None
    rate, limit = result.settings.learning_rate, result.limit
    if limit is not None and rate > limit:
        reason = f"learning rate {rate:g} is above {limit:.2g}, the limit for these data"
    else:
        reason = f"learning rate {rate:g} is too large"
    return f"Diverged at step {result.steps:,}: {reason}; the result is the best before that."


def _heading(result: Result) -> str:
    dataset = result.problem.dataset
    inputs = listed([column.title for column in result.problem.seen.input_columns])
    held_out = int(dataset.held_out.sum())
    rows = f"{dataset.rows - held_out:,} rows" + (f", {held_out:,} held out" if held_out else "")
    wanted = either(dataset.classes) or dataset.target_columns[0].title
    return f"{dataset.name} ({rows}): {wanted} from {inputs}"


def _model(result: Result) -> str:
    """The equation of a line or plane, of a network its sizes."""
    problem, line = result.problem, result.data_units
    if line is not None:
        return _equation(_output_name(problem), line)
    network = problem.network
    sizes = "-".join(f"{size}" for size in network.sizes)
    hidden = [ACTIVATIONS[key].title for key in dict.fromkeys(network.activations[:-1])]
    kind = f" {listed(hidden)}" if hidden else ""
    return f"network {sizes}{kind}, {network.parameter_count:,} parameters"


def _output_name(problem: Problem) -> str:
    """What the output of a neuron is: the target or, of two classes, what speaks for the second."""
    dataset = problem.dataset
    if not dataset.classes:
        return dataset.target_columns[0].name
    kind = "log-odds" if problem.loss_name == "bce" else "score"
    return f"{kind} of {dataset.classes[1]}"


def _equation(target: str, line: Mapping[str, Any]) -> str:
    terms = [(value, f"·{name}") for name, value in line["coefficients"].items()]
    text = ""
    for value, name in [*terms, (line["intercept"], "")]:
        number = math.nan if value is None else value
        sign = "−" if math.copysign(1.0, number) < 0.0 else "+" if text else ""
        between = f" {sign} " if text else sign
        text += f"{between}{abs(number):.7g}{name}"
    return f"{target} = {text}"


def _with_unit(value: float | None, unit: str | None) -> str:
    return "" if value is None else f"{value:.7g} {unit or ''}".rstrip()


def _ending(result: Result) -> str:
    """How it ended, and with what settings."""
    endings = {
        Stop.SETTLED: "Settled",
        Stop.PLATEAU: "On a plateau",
        Stop.EPOCHS: "Not settled yet",
        Stop.DIVERGED: "Diverged",
        Stop.INTERRUPTED: "Interrupted",
    }
    settings = result.settings
    rate = f"learning rate {settings.learning_rate:g}"
    rate += " (automatic)" if result.automatic else ""
    units = "scaled columns" if result.problem.scaled else "columns as they are"
    return (
        f"{endings[result.stop]} after {_counted(result.epochs, 'epoch')},"
        f" {_counted(result.steps, 'step')}, {result.seconds:.2f} s;"
        f" {OPTIMIZERS[settings.optimizer].title}, {rate}, {units}, seed {result.seed}."
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
