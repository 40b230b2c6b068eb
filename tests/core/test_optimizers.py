"""Optimizers: each against its formula worked out anew, and against PyTorch's over 100 steps."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.optimizers import OPTIMIZERS, Step, Workspace
from mixer_nn.core.plan import Plan
from mixer_nn.core.training import FULL_BATCH, Settings, TrainingState, start
from mixer_nn.core.update import updated

Array = NDArray[np.float64]

RATE, MU, DECAY = 0.03, 0.8, 0.1
SIZE, STEPS = 7, 60


# -- the formulas, one number at a time ----------------------------------------------------------

Path = list[float]


def descent(p: float, gradients: Path, decay: float) -> Path:
    path = []
    for g in gradients:
        p -= RATE * g
        path.append(p)
    return path


def momentum(p: float, gradients: Path, decay: float) -> Path:
    path, v = [], 0.0
    for g in gradients:
        v = MU * v + g
        p -= RATE * v
        path.append(p)
    return path


def nesterov(p: float, gradients: Path, decay: float) -> Path:
    path, v = [], 0.0
    for g in gradients:
        v = MU * v + g
        p -= RATE * (g + MU * v)
        path.append(p)
    return path


def adagrad(p: float, gradients: Path, decay: float) -> Path:
    path, s = [], 0.0
    for g in gradients:
        s += g * g
        p -= RATE * g / (math.sqrt(s) + 1e-10)
        path.append(p)
    return path


def rmsprop(p: float, gradients: Path, decay: float) -> Path:
    path, s = [], 0.0
    for g in gradients:
        s = 0.99 * s + 0.01 * g * g
        p -= RATE * g / (math.sqrt(s) + 1e-8)
        path.append(p)
    return path


def adam(p: float, gradients: Path, decay: float) -> Path:
    path = []
    for t in range(1, len(gradients) + 1):
        # The moments written out as the weighted sums that they are, without recursion.
        seen = gradients[:t]
        m = sum(0.1 * 0.9 ** (t - i) * g for i, g in enumerate(seen, start=1))
        v = sum(0.001 * 0.999 ** (t - i) * g * g for i, g in enumerate(seen, start=1))
        m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
        p -= RATE * m_hat / (math.sqrt(v_hat) + 1e-8) + RATE * decay * p
        path.append(p)
    return path


FORMULAS: dict[str, tuple[Callable[[float, Path, float], Path], bool]] = {
    "gradient-descent": (descent, False),
    "momentum": (momentum, False),
    "nesterov": (nesterov, False),
    "adagrad": (adagrad, False),
    "rmsprop": (rmsprop, False),
    "adam": (adam, False),
    "adamw": (adam, True),
}


def given(scale: float) -> tuple[Array, Array, Array]:
    """Parameters, a gradient for each step, and a decay of which two parameters are free."""
    rng = np.random.default_rng(8)
    decay = np.full(SIZE, DECAY)
    decay[[2, 5]] = 0.0
    gradients = scale * rng.normal(size=(STEPS, SIZE))
    gradients[:, 3] = 0.0  # one that nothing pulls
    return rng.normal(size=SIZE), gradients, decay


def by_formula(key: str, scale: float) -> Array:
    formula, decays = FORMULAS[key]
    begin, gradients, decay = given(scale)
    columns = [
        formula(float(begin[i]), gradients[:, i].tolist(), float(decay[i]) if decays else 0.0)
        for i in range(SIZE)
    ]
    return np.array(columns).T


def test_every_optimizer_has_its_formula_here() -> None:
    assert FORMULAS.keys() == OPTIMIZERS.keys()


@pytest.mark.parametrize("scale", [1.0, 1e-6, 1e6])
@pytest.mark.parametrize("key", OPTIMIZERS)
def test_an_update_is_what_its_formula_says(key: str, scale: float) -> None:
    optimizer = OPTIMIZERS[key]
    vector, gradients, decay = given(scale)
    slots = np.zeros((optimizer.slots, SIZE))
    for count, (gradient, expected) in enumerate(
        zip(gradients, by_formula(key, scale), strict=True)
    ):
        before = (vector.tobytes(), gradient.tobytes(), slots.tobytes())
        step = Step(vector, gradient, slots, RATE, MU, decay, count)
        change, fresh = optimizer.update(step)
        assert (vector.tobytes(), gradient.tobytes(), slots.tobytes()) == before  # touches neither
        vector, slots = vector + change, fresh
        np.testing.assert_allclose(vector, expected, rtol=1e-11, atol=1e-13 * scale)


@pytest.mark.parametrize("scale", [1.0, 1e-6, 1e6])
@pytest.mark.parametrize("key", OPTIMIZERS)
def test_a_planned_update_is_what_its_formula_says(key: str, scale: float) -> None:
    optimizer = OPTIMIZERS[key]
    begin, gradients, decay = given(scale)
    vector, gradient, change = begin.copy(), np.zeros(SIZE), np.zeros(SIZE)
    slots = np.zeros((optimizer.slots, SIZE))
    work = Workspace(vector, gradient, slots, change, np.array(-RATE), MU, decay, [0])
    calls = optimizer.plan(work)
    for given_gradient, expected in zip(gradients, by_formula(key, scale), strict=True):
        gradient[:] = given_gradient
        for call in calls:
            call()
        vector += change
        np.testing.assert_allclose(vector, expected, rtol=1e-11, atol=1e-13 * scale)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_a_planned_update_obeys_a_rate_that_is_changed_between_steps(key: str) -> None:
    optimizer = OPTIMIZERS[key]
    begin, gradients, decay = given(1.0)
    vector, readable, gradient, change = begin.copy(), begin.copy(), np.zeros(SIZE), np.zeros(SIZE)
    slots, remembered = np.zeros((2, optimizer.slots, SIZE))
    rate = np.zeros(())
    calls = optimizer.plan(Workspace(vector, gradient, slots, change, rate, MU, decay, [0]))
    for count, given_gradient in enumerate(gradients):
        gradient[:] = given_gradient
        rate[()] = -RATE / (1 + count)
        for call in calls:
            call()
        vector += change
        step = Step(readable, given_gradient, remembered, RATE / (1 + count), MU, decay, count)
        moved, remembered = optimizer.update(step)
        readable = readable + moved
        np.testing.assert_allclose(vector, readable, rtol=1e-12)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_what_it_says_of_itself_is_true(key: str) -> None:
    """Momentum and decay matter to those that are said to have them and to no others."""
    optimizer = OPTIMIZERS[key]
    vector, gradients, decay = given(1.0)
    rng = np.random.default_rng(1)
    slots = rng.uniform(0.1, 1.0, size=(optimizer.slots, SIZE))

    def change(momentum: float = MU, share: float = 1.0, scale: float = 1.0) -> Array:
        gradient = scale * gradients[0]
        step = Step(vector, gradient, slots * 0.0, RATE, momentum, share * decay, 0)
        again = Step(vector, gradient, slots, RATE, momentum, share * decay, 5)
        return np.append(optimizer.update(step)[0], optimizer.update(again)[0])

    assert (change() != change(momentum=0.1)).any() == optimizer.has_momentum
    assert (change() != change(share=2.0)).any() == optimizer.decays
    # An adaptive one takes a first step that does not depend on how steep it is.
    first, steeper = change(share=0.0)[:SIZE], change(share=0.0, scale=100.0)[:SIZE]
    assert np.allclose(first, steeper, rtol=1e-4) == optimizer.is_adaptive


# -- PyTorch -------------------------------------------------------------------------------------

NETWORK = Network((2, 6, 5, 2), ("tanh", "sigmoid", "linear"))


def objective() -> Objective:
    rng = np.random.default_rng(6)
    inputs = rng.normal(size=(30, 2))
    targets = np.column_stack([np.sin(inputs.sum(axis=1)), inputs.prod(axis=1)])
    return Objective(NETWORK, "mse", inputs, 3.0 * targets)


def pytorchs_optimizer(torch: Any, settings: Settings, weights: Any, biases: Any) -> Any:
    """The optimizer of the same name, with decay and L2 on the weights only."""
    key, optim = settings.optimizer, torch.optim
    decay = settings.decay if key == "adamw" else settings.l2
    groups = [{"params": weights, "weight_decay": decay}, {"params": biases, "weight_decay": 0.0}]
    rate, mu = settings.learning_rate, settings.momentum
    made: dict[str, Callable[[], Any]] = {
        "gradient-descent": lambda: optim.SGD(groups, lr=rate),
        "momentum": lambda: optim.SGD(groups, lr=rate, momentum=mu),
        "nesterov": lambda: optim.SGD(groups, lr=rate, momentum=mu, nesterov=True),
        "adagrad": lambda: optim.Adagrad(groups, lr=rate),
        "rmsprop": lambda: optim.RMSprop(groups, lr=rate),
        "adam": lambda: optim.Adam(groups, lr=rate),
        "adamw": lambda: optim.AdamW(groups, lr=rate),
    }
    return made[key]()


def pytorchs_path(torch: Any, settings: Settings, begin: Array, steps: int) -> Array:
    """Where PyTorch is after each step of training the same network in full batches."""
    given = objective()
    inputs, targets = torch.tensor(np.array(given.inputs)), torch.tensor(np.array(given.targets))
    weights, biases = [], []
    for layer in NETWORK.layers(begin):
        weights.append(torch.tensor(layer[:, :-1].copy(), requires_grad=True))
        biases.append(torch.tensor(layer[:, -1].copy(), requires_grad=True))
    optimizer = pytorchs_optimizer(torch, settings, weights, biases)
    path = []
    for _ in range(steps):
        out = inputs
        for number, squash in enumerate((torch.tanh, torch.sigmoid, torch.nn.Identity())):
            out = squash(out @ weights[number].T + biases[number])
        loss = torch.nn.functional.mse_loss(out, targets)
        loss = loss + settings.l1 * sum(w.abs().sum() for w in weights)
        if settings.optimizer == "adamw":
            loss = loss + settings.l2 / 2 * sum((w * w).sum() for w in weights)
        optimizer.zero_grad()
        loss.backward()
        if settings.clip is not None:
            torch.nn.utils.clip_grad_norm_(weights + biases, settings.clip)
        optimizer.step()
        pairs = [torch.column_stack(pair) for pair in zip(weights, biases, strict=True)]
        path.append(np.concatenate([pair.detach().numpy().ravel() for pair in pairs]))
    return np.array(path)


SETTINGS = {
    "plain": {},
    "L2": {"l2": 0.01},
    "L1": {"l1": 0.003},
    "decay": {"decay": 0.2},
    "everything at once": {"l1": 0.003, "l2": 0.01, "decay": 0.1},
    "clipped always": {"clip": 0.05},
    "clipped at first": {"clip": 1.0},
    "clipped never": {"clip": 1e6},
    "clipped with L1": {"clip": 0.3, "l1": 0.003},
}
"""PyTorch clips before it adds its L2, so the two are not given together."""


@pytest.mark.parametrize("case", SETTINGS)
@pytest.mark.parametrize("key", OPTIMIZERS)
def test_100_steps_are_pytorchs(key: str, case: str) -> None:
    torch = pytest.importorskip("torch")
    values: dict[str, float] = {"learning_rate": 0.02, "momentum": 0.9, "decay": 0.05}
    settings = Settings(**{**values, **SETTINGS[case]}, optimizer=key)  # type: ignore[arg-type]
    begin = start(NETWORK, key, seed=2)
    expected = pytorchs_path(torch, settings, begin.parameters, 100)
    plan = Plan(objective(), settings, np.ones(NETWORK.parameter_count, np.bool_))
    plan.load(begin)
    for place in expected:
        plan.run(1)
        np.testing.assert_allclose(plan.parameters, place, atol=1e-10, rtol=0.0)
    assert np.abs(plan.parameters - begin.parameters).max() > 1e-3


def test_decay_pulls_weights_and_leaves_biases() -> None:
    weights = NETWORK.is_weight.astype(np.bool_)
    begin = TrainingState(np.full(NETWORK.parameter_count, 0.5), 0, optimizer="adamw")
    state = TrainingState(begin.parameters, 0, slots=np.zeros((2, weights.size)), optimizer="adamw")
    settings = Settings(0.1, FULL_BATCH, "adamw", decay=0.2)
    everything = np.ones(weights.size, np.bool_)
    change, _ = updated(
        NETWORK, settings, state, np.zeros(weights.size), everything, 1.0, 0.0
    )  # no gradient at all
    np.testing.assert_allclose(change[weights], -0.1 * 0.2 * 0.5, rtol=1e-15)
    assert not change[~weights].any()


@pytest.mark.parametrize(("l1", "l2"), [(0.3, 0.0), (0.0, 0.3), (0.3, 0.3)])
def test_penalties_pull_weights_toward_zero_and_leave_biases(l1: float, l2: float) -> None:
    weights = NETWORK.is_weight.astype(np.bool_)
    vector = np.where(np.arange(weights.size) % 2, -2.0, 2.0)
    vector[0] = 0.0
    state = TrainingState(vector, 0)
    everything = np.ones(weights.size, np.bool_)
    settings = Settings(0.1, l1=l1, l2=l2)
    change, _ = updated(NETWORK, settings, state, np.zeros(weights.size), everything, 1.0, 0.0)
    np.testing.assert_allclose(change, -0.1 * weights * (l1 * np.sign(vector) + l2 * vector))
    assert change[0] == 0.0  # at 0 there is nothing to pull
