"""One seed, many independent random streams: nothing random happens outside of these."""

from enum import IntEnum

import numpy as np


class Stream(IntEnum):
    """What a random stream is for; each draws from its own, so none disturbs another."""

    INIT = 0
    DATA = 1
    SPLIT = 2
    BATCHES = 3


def stream(seed: int, purpose: Stream, index: int = 0) -> np.random.Generator:
    """The generator for `purpose`, a pure function of the seed.

    `index` numbers the generators of one purpose: batch order has one per epoch, so the order
    of any epoch can be found again without replaying those before it.
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(int(purpose), index)))
