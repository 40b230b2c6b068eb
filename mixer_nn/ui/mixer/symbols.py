"""How the parts of the equation are called on screen."""

from mixer_nn.core.network import Network, Parameter
from mixer_nn.ui.numbers import subscript


def symbol(network: Network, parameter: Parameter) -> str:
    """``w``, ``b`` for one neuron with one input; ``w₂`` with more; ``w₂·₃¹`` in a network."""
    if len(network.sizes) == 2 and network.sizes[1] == 1:
        if parameter.source is None:
            return "b"
        return "w" if network.sizes[0] == 1 else f"w{subscript(parameter.source)}"
    where = f"{subscript(parameter.layer)}.{subscript(parameter.neuron)}"
    return f"b{where}" if parameter.source is None else f"w{where}.{subscript(parameter.source)}"


def input_symbol(network: Network, source: int) -> str:
    """``x``, or ``x₂`` where there is more than one input."""
    return "x" if network.sizes[0] == 1 else f"x{subscript(source)}"


def standard_name(network: Network, parameter: Parameter) -> str:
    """``weight w``, ``bias b``: the field's term first."""
    kind = "bias" if parameter.is_bias else "weight"
    return f"{kind} {symbol(network, parameter)}"
