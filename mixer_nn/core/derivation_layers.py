"""Backpropagation layer by layer: how each δ is made from those of the layer after it."""

from __future__ import annotations

from mixer_nn.core.derivation_names import Writer
from mixer_nn.core.formula import (
    TIMES,
    Block,
    Number,
    Place,
    Row,
    Symbol,
    Table,
    delta_symbol,
    parameter_symbol,
    partial,
    sum_symbol,
)


class Layers(Writer):
    """Writes out whole layers, forward and back."""

    def block(self, layer: int, is_open: bool) -> Block:
        """A layer, numbered from 1; folded unless `is_open`."""
        last = layer == self.it.depth
        title = "Output" if last else f"Layer {layer}"
        if not is_open:
            return Block(title, (), layer, folded=True)
        parts: tuple[Row | Table, ...] = (self._table(layer),)
        if layer == self.layer and not last:
            parts = (*self._recurrence(), *parts)
        return Block(title, parts, layer)

    def _recurrence(self) -> tuple[Row, ...]:
        """How δ of the parameter's neuron comes from the δs of the layer after it."""
        it, layer, neuron = self.it, self.layer, self.neuron
        after = it.layers[layer].deltas[0]
        rows = []
        for number, delta in enumerate(after, start=1):
            weight, place = it.weight_on(neuron, number), Place(neuron=(layer + 1, number))
            assert weight.place.parameter is not None
            symbol = parameter_symbol(self.network, self.network.parameters[weight.place.parameter])
            form = (Number(float(delta), place), TIMES, Number(weight.value, weight.place))
            left = (delta_symbol(layer + 1, number), TIMES, symbol)
            rows.append(Row(left, (form,), float(delta) * weight.value, place=place))
        made, inner = (
            self.made(layer, neuron),
            sum_symbol(self.network, layer, neuron),
        )
        place, slope = Place(neuron=(layer, neuron)), it.slope(layer, neuron)
        towards = float(it.layers[layer - 1].towards[0, neuron - 1])
        delta = float(it.layers[layer - 1].deltas[0, neuron - 1])
        product = (Number(towards, place), TIMES, Number(slope.value, place))
        forms = ((partial(self.of_row, made), TIMES, partial(made, inner)), product)
        return (
            *rows,
            Row((partial(self.of_row, made),), (), towards, "the sum of these", place),
            Row(
                (partial(made, inner),),
                self.slope_forms_of(layer, neuron),
                slope.value,
                f"slope of {self.network.activations[layer - 1]}",
                place,
            ),
            Row((delta_symbol(layer, neuron),), forms, delta, place=place, result=True),
        )

    def _table(self, layer: int) -> Table:
        found = self.it.layers[layer - 1]
        linear = self.network.activations[layer - 1] == "linear"
        made = [Symbol("a", (layer,))], [found.made[0]]
        way = [Symbol("∂L/∂a"), Symbol("a′")], [found.towards[0], found.slopes[0]]
        heads = [Symbol("z", (layer,)), *([] if linear else made[0] + way[0])]
        heads.append(Symbol("δ", (layer,)))
        columns = [found.sums[0], *([] if linear else made[1] + way[1]), found.deltas[0]]
        rows = zip(*(column.tolist() for column in columns), strict=True)
        count = self.network.sizes[layer]
        places = tuple(Place(neuron=(layer, number)) for number in range(1, count + 1))
        return Table(tuple((head,) for head in heads), tuple(rows), places)
