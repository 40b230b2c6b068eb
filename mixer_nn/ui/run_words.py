"""How a run is called, and how it was trained, in words."""

from __future__ import annotations

from mixer_nn.core.losses import LOSSES
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.problem import Problem
from mixer_nn.core.schedule import SCHEDULES
from mixer_nn.core.training import FULL_BATCH
from mixer_nn.session.mix import Mix, Setup
from mixer_nn.state.run import Run
from mixer_nn.ui.numbers import count, short

BY_HAND, NOT_KNOWN = "by hand", "–"


def number_of(run: Run) -> int:
    """The number that people read: the first run is number 1."""
    return run.number + 1


def label(run: Run) -> str:
    """A run in few words: ``2 Adam``, or its number and the name it was given.

    ``run 2`` where nothing is known of what turned its knobs, or nothing has yet.
    """
    how = run.name or optimizer_text(run)
    return f"run {number_of(run)}" if how == NOT_KNOWN else f"{number_of(run)} {how}"


def label_beside(run: Run, loss_name: str) -> str:
    """The same beside a run whose loss is `loss_name`: numbers of another loss say so."""
    if run.head is None or run.head.problem.loss_name == loss_name:
        return label(run)
    return f"{label(run)} ({loss_text(run.head.problem)})"


def optimizer_text(run: Run) -> str:
    """By what its knobs were turned last: ``Adam``, ``gradient descent``, or ``by hand``.

    Of one that has not begun, or is from an older file that keeps no more than its curve: ``–``.
    """
    if run.setup is not None:
        return OPTIMIZERS[run.setup.optimizer].title
    return NOT_KNOWN if run.head is None or len(run.points) < 2 else BY_HAND


def network_text(mix: Mix) -> str:
    """The neurons of each layer, the inputs first, and the hidden activation: ``2-8-1 tanh``."""
    network = mix.network
    kinds = dict.fromkeys(network.activations[:-1] or network.activations)
    sizes = "-".join(map(str, network.sizes))
    return f"{sizes} {', '.join(kinds)}"


def loss_text(problem: Problem) -> str:
    """The loss function: ``mean squared error``."""
    return LOSSES[problem.loss_name].title


def rate_text(setup: Setup, problem: Problem) -> str:
    """The learning rate, and whether the program chose it: ``0.05 auto``."""
    rate = short(setup.rate(problem), 3)
    return rate if setup.learning_rate is not None else f"{rate} auto"


def batch_text(setup: Setup) -> str:
    """The rows of a batch: ``16``, or ``all``."""
    return "all" if setup.batch_size == FULL_BATCH else count(setup.batch_size)


def other_text(setup: Setup) -> str:
    """What else was set other than usual, in short: ``cosine over 100 epochs, limiter 1``."""
    usual, optimizer, parts = Setup(), OPTIMIZERS[setup.optimizer], []
    if optimizer.has_momentum:
        parts.append(f"μ {setup.momentum:.2f}")
    if optimizer.decays and setup.decay != usual.decay:
        parts.append(f"weight decay {short(setup.decay, 3)}")
    if setup.schedule != "constant":
        title = SCHEDULES[setup.schedule].title
        parts.append(f"{title} over {setup.horizon:g} epochs")
    if setup.warm_up:
        parts.append(f"warm-up {setup.warm_up:g} epochs")
    if setup.clip is not None:
        parts.append(f"limiter {short(setup.clip, 3)}")
    parts += [
        f"{name} {short(value, 3)}" for name, value in (("L1", setup.l1), ("L2", setup.l2)) if value
    ]
    return ", ".join(parts)


def time_text(seconds: float) -> str:
    """A time of training: ``12 ms``, ``3.40 s``, ``2 min 05 s``; ``–`` for one not known."""
    if not seconds >= 0.0:
        return "–"
    if seconds < 1.0:
        return f"{short(1000.0 * seconds, 3)} ms"
    if seconds < 60.0:
        return f"{short(seconds, 3)} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"
