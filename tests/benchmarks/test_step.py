"""One optimizer step, here and elsewhere, side by side: ``pytest tests/benchmarks/test_step.py
--benchmark-enable -n 0``.

The bracketed figures of a table are ratios to its fastest row; only they travel from one machine
to another. `test_times_faster` prints those to the peers, measured in turn with them. No
stopwatch fails a test: what is asserted is that all contenders do the same work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median
from time import perf_counter
from typing import Any

import mixer_nn  # noqa: F401  # isort: skip  (before NumPy: one BLAS thread)

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture

from mixer_nn.core.gradient import loss_and_gradient
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.plan import Plan
from mixer_nn.core.segment import Segment
from mixer_nn.core.training import FULL_BATCH, Settings, TrainingState, order_of_rows, start
from mixer_nn.core.update import updated

Array = NDArray[np.float64]

GD = "gradient-descent"
RATE = 0.01


@dataclass(frozen=True)
class Workload:
    """A network and rows to train it on, `epochs` of them a round.

    `wanted` is how many times faster than PyTorch's a step of the program is to be.
    """

    network: Network
    rows: int
    batch_size: int
    epochs: int
    optimizer: str = GD
    wanted: float | None = None

    @property
    def steps(self) -> int:
        return self.epochs * -(-self.rows // (self.batch_size or self.rows))

    @property
    def objective(self) -> Objective:
        rng = np.random.default_rng(0)
        inputs = rng.normal(size=(self.rows, self.network.sizes[0]))
        return Objective(self.network, "mse", inputs, np.sin(inputs.sum(axis=1, keepdims=True)))

    @property
    def settings(self) -> Settings:
        return Settings(RATE, self.batch_size, self.optimizer, tolerance=0.0)

    @property
    def start(self) -> TrainingState:
        return start(self.network, self.optimizer, seed=1)


def tanh(*sizes: int) -> Network:
    return Network(sizes, ("tanh",) * (len(sizes) - 2) + ("linear",))


def relu(*sizes: int) -> Network:
    return Network(sizes, ("relu",) * (len(sizes) - 2) + ("linear",))


DEEP = tanh(2, 8, 8, 8, 8, 8, 8, 1)

WORKLOADS = {
    "W1: one linear neuron, 100 rows, full batch": Workload(
        tanh(1, 1), 100, FULL_BATCH, 100, wanted=50
    ),
    "one linear neuron, 100 rows, batch 10": Workload(tanh(1, 1), 100, 10, 10),
    "W2: 2-4-2-1 tanh, batch 10": Workload(tanh(2, 4, 2, 1), 250, 10, 4, wanted=25),
    "W3a: 2-8-8-8-8-8-8-1 tanh, batch 10": Workload(DEEP, 250, 10, 4, wanted=20),
    "W3b: 2-8-8-8-8-8-8-1 tanh, batch 30": Workload(DEEP, 250, 30, 10, wanted=15),
    "W4: 1-16-16-1 tanh, 200 rows, full batch, Adam": Workload(
        tanh(1, 16, 16, 1), 200, FULL_BATCH, 100, "adam", wanted=9
    ),
    "W5: 2-64-64-64-1 ReLU, batch 32": Workload(relu(2, 64, 64, 64, 1), 256, 32, 10, wanted=4),
}

Contender = tuple[Callable[[], object], Callable[[], Array]]
"""What trains for one round from where it stands, and what tells the parameters."""


def planned(work: Workload) -> Contender:
    plan = Plan(work.objective, work.settings, np.ones(work.network.parameter_count, np.bool_))
    plan.load(work.start)
    return (lambda: plan.run(work.steps)), (lambda: plan.parameters)


def watched(work: Workload) -> Contender:
    """The planned step with all that stops a training: settling, plateau, divergence."""
    segment = Segment(work.objective, work.settings, work.start)

    def run() -> None:
        nonlocal segment
        if segment.stop is not None:  # on a plateau after many rounds; it goes on from there
            segment = Segment(work.objective, work.settings, segment.state)
        segment.advance(steps=work.steps)

    return run, lambda: segment.state.parameters


def readable(work: Workload) -> Contender:
    """`gradient` and the optimizer's formula as they are written to be read."""
    objective, settings, state = work.objective, work.settings, work.start
    free, size = np.ones(work.network.parameter_count, np.bool_), work.batch_size or work.rows

    def run() -> None:
        nonlocal state
        for _ in range(work.epochs):
            order = order_of_rows(1, state.epoch, work.rows) if work.batch_size else slice(None)
            inputs, targets = objective.inputs[order], objective.targets[order]
            for place in range(0, work.rows, size):
                part = slice(place, place + size)
                _, gradient = loss_and_gradient(
                    work.network, objective.loss, state.parameters, inputs[part], targets[part]
                )
                share = size / work.rows, state.epoch + place / work.rows
                change, slots = updated(work.network, settings, state, gradient, free, *share)
                state = replace(
                    state, parameters=state.parameters + change, slots=slots, count=state.count + 1
                )
            state = replace(state, epoch=state.epoch + 1)

    return run, lambda: state.parameters


def torch_eager(work: Workload) -> Contender:
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    layers: list[object] = []
    for name, block in zip(
        work.network.activations, work.network.layers(work.start.parameters), strict=True
    ):
        linear = torch.nn.Linear(block.shape[1] - 1, block.shape[0], dtype=torch.float64)
        linear.weight.data[:] = torch.tensor(block[:, :-1])
        linear.bias.data[:] = torch.tensor(block[:, -1])
        squash = {"tanh": [torch.nn.Tanh()], "relu": [torch.nn.ReLU()], "linear": []}[name]
        layers += [linear, *squash]
    model, loss = torch.nn.Sequential(*layers), torch.nn.MSELoss()
    optimizers: dict[str, Any] = {GD: torch.optim.SGD, "adam": torch.optim.Adam}
    optimizer = optimizers[work.optimizer](model.parameters(), lr=RATE)
    all_inputs = torch.tensor(np.array(work.objective.inputs))
    all_targets = torch.tensor(np.array(work.objective.targets))
    epoch, size = 0, work.batch_size or work.rows

    def run() -> None:
        nonlocal epoch
        for _ in range(work.epochs):
            order = order_of_rows(1, epoch, work.rows) if work.batch_size else slice(None)
            inputs, targets = all_inputs[order], all_targets[order]
            for place in range(0, work.rows, size):
                part = slice(place, place + size)
                optimizer.zero_grad()
                loss(model(inputs[part]), targets[part]).backward()
                optimizer.step()
            epoch += 1

    def parameters() -> Array:
        linears = [layer for layer in model if hasattr(layer, "weight")]
        pairs = [(x.weight.detach().numpy(), x.bias.detach().numpy()) for x in linears]
        return np.concatenate([np.column_stack(pair).ravel() for pair in pairs])

    return run, parameters


def scikit_learn(work: Workload) -> Contender:
    """`partial_fit` is one epoch; the order of its rows is its own."""
    neural = pytest.importorskip("sklearn.neural_network")
    squash = {"linear": "identity"}.get(work.network.activations[0], work.network.activations[0])
    regressor = neural.MLPRegressor(
        hidden_layer_sizes=work.network.sizes[1:-1], activation=squash, alpha=0.0,
        solver={GD: "sgd", "adam": "adam"}[work.optimizer], batch_size=work.batch_size or work.rows,
        learning_rate_init=RATE, momentum=0.0, random_state=0,
    )  # fmt: skip
    inputs, targets = np.array(work.objective.inputs), np.array(work.objective.targets[:, 0])

    def run() -> None:
        for _ in range(work.epochs):
            regressor.partial_fit(inputs, targets)

    return run, lambda: np.asarray(regressor.coefs_[0])


CONTENDERS: dict[str, Callable[[Workload], Contender]] = {
    "planned": planned,
    "planned, watched": watched,
    "readable NumPy": readable,
    "PyTorch eager": torch_eager,
    "scikit-learn": scikit_learn,
}


@pytest.mark.parametrize("workload", WORKLOADS)
@pytest.mark.parametrize("contender", CONTENDERS)
def test_step(benchmark: BenchmarkFixture, workload: str, contender: str) -> None:
    work = WORKLOADS[workload]
    run, _ = CONTENDERS[contender](work)
    benchmark.group = f"{work.steps} steps: {workload}"
    benchmark.pedantic(run, rounds=30, warmup_rounds=2)  # type: ignore[no-untyped-call]
    if benchmark.stats is not None:
        median = benchmark.stats.stats.median
        benchmark.extra_info["microseconds a step"] = round(median / work.steps * 1e6, 2)


def in_turn(runs: list[Callable[[], object]], rounds: int) -> list[float]:
    """The median seconds of each, measured by turns, so that all meet the same machine."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, found in zip(runs, times, strict=True):
            begin = perf_counter()
            run()
            found.append(perf_counter() - begin)
    return [median(found[1:]) for found in times]


@pytest.mark.parametrize("workload", [name for name in WORKLOADS if WORKLOADS[name].wanted])
def test_times_faster(
    benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str], workload: str
) -> None:
    work = WORKLOADS[workload]
    peers = [CONTENDERS[name](work)[0] for name in ("PyTorch eager", "scikit-learn")]
    run, _ = watched(work)
    rounds = 2 if benchmark.disabled else 30
    own, torch, sklearn = (seconds / work.steps * 1e6 for seconds in in_turn([run, *peers], rounds))
    benchmark.extra_info.update({"PyTorch": torch / own, "scikit-learn": sklearn / own})
    benchmark.pedantic(run, rounds=1)  # type: ignore[no-untyped-call]
    if not benchmark.disabled:
        with capsys.disabled():
            print(f"\n{workload}: {own:.1f} µs a step. PyTorch {torch:.0f} µs, {torch / own:.1f} "
                  f"times (wanted: {work.wanted}); scikit-learn {sklearn:.0f} µs, "
                  f"{sklearn / own:.1f} times (wanted: 3)")  # fmt: skip


EXTRAS: dict[str, dict[str, Any]] = {
    "plain": {},
    "clip": {"clip": 1.0},
    "schedule": {"schedule": "cosine", "horizon": 1e9},
    "L2": {"l2": 1e-3},
    "L1": {"l1": 1e-3},
    "momentum": {"optimizer": "momentum"},
    "Adam": {"optimizer": "adam"},
    "AdamW": {"optimizer": "adamw"},
    "all": {"clip": 1.0, "schedule": "cosine", "horizon": 1e9, "l1": 1e-3, "l2": 1e-3},
}


@pytest.mark.parametrize("locks", [0, 1, 100])
@pytest.mark.parametrize("extra", EXTRAS)
def test_what_a_setting_adds_to_a_step(benchmark: BenchmarkFixture, extra: str, locks: int) -> None:
    work = WORKLOADS["W3a: 2-8-8-8-8-8-8-1 tanh, batch 10"]
    settings = replace(work.settings, **EXTRAS[extra])
    free = np.ones(work.network.parameter_count, np.bool_)
    free[:locks] = False
    plan = Plan(work.objective, settings, free)
    plan.load(start(work.network, settings.optimizer, seed=1))
    benchmark.group = f"100 steps of W3a: {locks} locked"
    benchmark.pedantic(plan.run, (100,), rounds=50, warmup_rounds=2)  # type: ignore[no-untyped-call]
    assert (plan.parameters != work.start.parameters).sum() >= free.sum() * 0.9


@pytest.mark.parametrize("workload", WORKLOADS)
@pytest.mark.parametrize("contender", ["planned, watched", "readable NumPy", "PyTorch eager"])
def test_contenders_do_the_same_work(workload: str, contender: str) -> None:
    work = WORKLOADS[workload]
    run, expected = planned(work)
    other_run, other = CONTENDERS[contender](work)
    for _ in range(3):
        run()
        other_run()
    np.testing.assert_allclose(other(), expected(), rtol=1e-8, atol=1e-10)
    assert np.abs(expected() - work.start.parameters).max() > 1e-3
