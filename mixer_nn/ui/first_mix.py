"""What stands on the desk on the first day: a centred noisy line, knobs away from the answer."""

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, neuron_on

SEED = 7


def first_mix() -> Mix:
    """One neuron on a noisy line that it can learn, started where it is plainly wrong."""
    return neuron_on(make("noisy-line", seed=SEED), SEED)
