"""What the maths says in plain words besides its formulas."""

from mixer_nn.session.mix import Mix, Setup
from mixer_nn.ui.numbers import counted


def remarks(mix: Mix, setup: Setup, index: int, row: int) -> str:
    """What the gradient is not, where that matters; "" where it does not."""
    said = []
    rows = mix.problem.objective.rows
    if mix.dataset.held_out[row]:
        said.append(f"Row {row + 1} is held out: it pulls at no knob, so the mean is without it.")
    pulled = not mix.network.parameters[index].is_bias
    names = [name for name, size in (("L1", setup.l1), ("L2", setup.l2)) if size]
    if names and pulled:
        said.append(f"The {' and '.join(names)} penalty is added in a step; it is no part of this.")
    if 0 < setup.batch_size < rows:
        size = counted(setup.batch_size, "row")
        said.append(f"A step takes the mean over its batch of {size} only.")
    return " ".join(said)
