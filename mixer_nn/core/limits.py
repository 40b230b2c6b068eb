"""How large a network may be that a person still has a knob for each parameter of."""

from mixer_nn.core.errors import MixError
from mixer_nn.core.network import Network

MOST_LAYERS, MOST_NEURONS, MOST_PARAMETERS = 6, 16, 2000


def check_size(network: Network) -> None:
    """Raise MixError, one sentence, for a network beyond the limits."""
    hidden = network.sizes[1:-1]
    if len(hidden) > MOST_LAYERS:
        raise MixError(f"A network may have {MOST_LAYERS} hidden layers; take one away first.")
    if max(hidden, default=1) > MOST_NEURONS:
        raise MixError(f"A hidden layer may have {MOST_NEURONS} neurons; choose fewer.")
    if network.parameter_count > MOST_PARAMETERS:
        raise MixError(
            f"This network would have {network.parameter_count:,} knobs, and {MOST_PARAMETERS:,}"
            " are the most; take away a layer or some neurons."
        )
