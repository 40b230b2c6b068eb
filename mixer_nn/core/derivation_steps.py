"""A derivation written out step by step: forward, the loss, the chain rule back, the mean."""

from __future__ import annotations

from mixer_nn.core.derivation import Derivation, Factor
from mixer_nn.core.derivation_forward import Forward
from mixer_nn.core.derivation_layers import Layers
from mixer_nn.core.derivation_names import About, Writer
from mixer_nn.core.formula import (
    EQUALS,
    SUM,
    TIMES,
    Block,
    Display,
    Fraction,
    Line,
    Number,
    Row,
    Sign,
    Symbol,
    delta_symbol,
    parameter_symbol,
    partial,
    source_symbol,
    sum_symbol,
)


def write_out(
    derivation: Derivation, about: About, opened: frozenset[int] = frozenset()
) -> tuple[Block, ...]:
    """The derivation in steps; of `opened` layers, numbered from 1, every neuron."""
    return _Steps(derivation, about).blocks(opened)


class _Steps(Writer):
    def blocks(self, opened: frozenset[int]) -> tuple[Block, ...]:
        output = self.neuron if self.is_output else 1
        units = ", in training units" if self.about.scaled else ""
        back, layer_blocks = self._backward(), Layers(self.it, self.about)
        layers = range(self.it.depth, 0, -1) if self.it.depth > 1 else ()
        return (
            Block(
                f"Forward: row {self.about.row}{units}",
                (*Forward(self.it, self.about).rows(), *self.loss.rows(output)),
            ),
            Block("Back: the chain rule", back),
            *(layer_blocks.block(layer, layer in opened) for layer in layers),
            Block("Gradient: the mean of the pulls", (self._mean(),)),
        )

    # -- back ---------------------------------------------------------------------------------

    def _backward(self) -> tuple[Row | Display, ...]:
        factors = self.it.factors
        links = [self._link(factor) for factor in factors]
        rows = [self._factor_row(f, link) for f, link in zip(factors, links, strict=True)]
        wanted = partial(self.of_row, self.p)
        numbers = _times([Number(factor.value, factor.place) for factor in factors])
        words = f"the pull of row {self.about.row}"
        if self.about.held_out:
            words += ", held out: it does not count"
        result = Row((wanted,), (numbers,), self.it.pull, words, self.p.place, result=True)
        return (Display((wanted, EQUALS, *_times(links))), *rows, result)

    def _link(self, factor: Factor) -> Fraction | Symbol:
        """The name of a factor: a link of the chain, such as ``∂ŷ/∂w``."""
        layer, neuron = factor.neuron
        if factor.kind == "delta":
            return delta_symbol(layer, neuron)
        if factor.kind == "loss":
            return partial(self.of_row, self.loss.output(neuron))
        if factor.kind == "slope":
            return partial(self.made(layer, neuron), sum_symbol(self.network, layer, neuron))
        if factor.kind == "weight":
            before = source_symbol(self.network, self.layer, self.neuron)
            return partial(self.summed(layer, neuron), before)
        return partial(self.summed(self.layer, self.neuron), self.p)

    def _factor_row(self, factor: Factor, link: Fraction | Symbol) -> Row:
        layer, neuron = factor.neuron
        forms: tuple[Line, ...]
        if factor.kind == "loss":
            words, forms = "slope of the loss", self.loss.slope_forms(neuron)
        elif factor.kind == "slope":
            name = self.network.activations[layer - 1]
            words, forms = f"slope of {name}", self.slope_forms_of(layer, neuron)
        elif factor.kind == "weight":
            words = "the weight on the way"
            index = factor.place.parameter
            assert index is not None
            forms = ((parameter_symbol(self.network, self.network.parameters[index]),),)
        elif factor.kind == "delta":
            words = f"made from layer {layer + 1}"
            forms = ((partial(self.of_row, sum_symbol(self.network, layer, neuron)),),)
        elif self.parameter.source is None:
            words, forms = "a bias is added as it is", ()
        else:
            words = "what comes into this weight"
            forms = ((source_symbol(self.network, self.layer - 1, self.parameter.source),),)
        return Row((link,), forms, factor.value, words, factor.place)

    # -- the mean -----------------------------------------------------------------------------

    def _mean(self) -> Row:
        one = partial(Symbol("L", ("r",)), self.p)
        share = Fraction((Sign("1"),), (Sign(f"{self.about.rows}"),))
        rows = f"{self.about.rows:,} training rows"
        words = f"over all {rows}" if self.about.rows > 1 else "over the one training row"
        return Row(
            (partial(Symbol("L"), self.p),),
            ((share, TIMES, SUM, Symbol("", ("r",)), one),),
            self.about.gradient,
            words,
            self.p.place,
            result=True,
        )


def _times(parts: list[Number] | list[Fraction | Symbol]) -> Line:
    line: list[Number | Fraction | Symbol | Sign] = []
    for part in parts:
        line += [TIMES, part] if line else [part]
    return tuple(line)
