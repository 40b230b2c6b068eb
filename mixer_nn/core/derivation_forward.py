"""The way forward, written out: from what comes into a neuron to what the network makes of it."""

from __future__ import annotations

from mixer_nn.core.derivation_names import Writer
from mixer_nn.core.formula import (
    PLUS,
    SUM,
    TIMES,
    Line,
    Number,
    Place,
    Row,
    Sign,
    Symbol,
    applied,
    parameter_symbol,
    source_symbol,
    sum_symbol,
)

WRITTEN_TERMS = 2
"""Terms of a weighted sum up to which each is written."""


class Forward(Writer):
    """Writes out the forward pass, as far as it concerns one parameter."""

    def rows(self) -> tuple[Row, ...]:
        """What comes in, what the neuron makes of it, and where there is one, the output."""
        rows = [*self._source_row(), *self._neuron_rows(self.layer, self.neuron)]
        if not self.is_output and self.network.sizes[-1] == 1:
            rows += self._neuron_rows(self.it.depth, 1)
        return tuple(rows)

    def _source_row(self) -> tuple[Row, ...]:
        number = self.parameter.source
        if number is None:
            return ()
        source, before = self.it.source, self.layer - 1
        symbol = source_symbol(self.network, before, number)
        if before == 0:
            title = self.about.inputs[number - 1]
            # A column that is only called x or x1 is written as its sign.
            words = "" if title in ("x", f"x{number}") else title
            return (Row((symbol,), (), source.value, words, source.place),)
        name = self.network.activations[before - 1]
        inner = sum_symbol(self.network, before, number)
        words = f"neuron {number} of layer {before}"
        return (Row((symbol,), (applied(name, inner),), source.value, words, source.place),)

    def _neuron_rows(self, layer: int, neuron: int) -> list[Row]:
        """The weighted sum of a neuron, and what it makes of that."""
        found, name = self.it.layers[layer - 1], self.network.activations[layer - 1]
        z, a = float(found.sums[0, neuron - 1]), float(found.made[0, neuron - 1])
        place, inner = Place(neuron=(layer, neuron)), sum_symbol(self.network, layer, neuron)
        made = self.made(layer, neuron)
        forms = self._weighted_sum(layer, neuron)
        if name == "linear":
            return [Row((made,), forms, a, place=place)]
        shown = applied(name, inner), applied(name, Number(z, place))
        return [Row((inner,), forms, z, place=place), Row((made,), shown, a, place=place)]

    def _weighted_sum(self, layer: int, neuron: int) -> tuple[Line, ...]:
        count = self.network.sizes[layer - 1]
        if count <= WRITTEN_TERMS:
            return self._all_terms(layer, neuron, count)
        parameters, first = (
            self.network.parameters,
            self.it.weight_index(layer, neuron, 1),
        )
        weight = parameter_symbol(self.network, parameters[first])
        any_weight = Symbol("w", (*weight.subscripts[:-1], "i"))
        bias = parameter_symbol(self.network, parameters[first + count])
        source = source_symbol(self.network, layer - 1, "i")
        forms: list[Line] = [(SUM, Symbol("", ("i",)), any_weight, TIMES, source, PLUS, bias)]
        if (layer, neuron) == (self.layer, self.neuron):
            forms.append(self._own_term())
        return tuple(forms)

    def _own_term(self) -> Line:
        """The part of the parameter in the weighted sum of its neuron, and all the rest."""
        value, source = (
            float(self.it.vector[self.parameter.index]),
            self.it.source,
        )
        z = float(self.it.layers[self.layer - 1].sums[0, self.neuron - 1])
        own = Number(value, self.p.place)
        rest = Number(z - value * source.value)
        if self.parameter.is_bias:
            return (own, PLUS, rest)
        return (own, TIMES, Number(source.value, source.place), PLUS, rest)

    def _all_terms(self, layer: int, neuron: int, count: int) -> tuple[Line, Line]:
        came, first = (
            self.it.layers[layer - 1].came[0],
            self.it.weight_index(layer, neuron, 1),
        )
        symbols: list[Symbol | Sign] = []
        numbers: list[Number | Sign] = []
        for offset in range(count + 1):
            index = first + offset
            symbol = parameter_symbol(self.network, self.network.parameters[index])
            symbols.append(symbol)
            numbers.append(Number(float(self.it.vector[index]), symbol.place))
            if offset < count:
                source = source_symbol(self.network, layer - 1, offset + 1)
                symbols += [TIMES, source, PLUS]
                numbers += [TIMES, Number(float(came[offset]), source.place), PLUS]
        return tuple(symbols), tuple(numbers)
