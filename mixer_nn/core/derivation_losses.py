"""The losses of one row, written out: what they are made of, and their slope by an output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mixer_nn.core.derivation import Derivation
from mixer_nn.core.formula import (
    BAR,
    CLOSE,
    LOSS,
    MINUS,
    OPEN,
    SQUARED,
    SUM,
    TIMES,
    Line,
    Number,
    Place,
    Row,
    Sign,
    Symbol,
    applied,
    sum_symbol,
)
from mixer_nn.core.losses import HUBER_DELTA, probability, softmax

_ONE, _TWO, _HALF, _LOG = Sign("1"), Sign("2"), Sign("½"), Sign("log")


@dataclass(frozen=True)
class LossText:
    """Writes the loss of a derivation out. `name` is the loss's symbol, the rest names columns."""

    derivation: Derivation
    name: Symbol
    target: str
    classes: tuple[str, ...]

    @property
    def _count(self) -> int:
        return len(self.derivation.targets)

    @property
    def is_over_classes(self) -> bool:
        """Whether the outputs are logits."""
        return "number" not in self.derivation.loss.kinds

    def output(self, number: int | str) -> Symbol:
        """``ŷ``, or where the outputs are logits ``z``; numbered where there are several."""
        network = self.derivation.network
        layer = self.derivation.depth
        place = Place(neuron=(layer, number)) if isinstance(number, int) else None
        if not self.is_over_classes:
            return Symbol("ŷ", self._numbered(number), place)
        if isinstance(number, int):
            return sum_symbol(network, layer, number)
        return Symbol("z", (layer, number))

    def _numbered(self, number: int | str) -> tuple[int | str, ...]:
        return () if self._count == 1 else (number,)

    def _goal(self, number: int | str, base: str = "y") -> Symbol:
        return Symbol(base, self._numbered(number), LOSS)

    # -- the loss -----------------------------------------------------------------------------

    def rows(self, about: int) -> tuple[Row, ...]:
        """Targets and loss. `about`: the output that matters most, from 1."""
        made = {
            "bce": self._of_two_classes,
            "cross-entropy": self._of_classes,
            "hinge": self._of_margins,
        }
        return made.get(self.derivation.loss_name, self._of_numbers)(about)

    def _result(self, *forms: Line) -> Row:
        value, title = self.derivation.row_loss, self.derivation.loss.title
        return Row((self.name,), forms, value, title, LOSS, result=True)

    def _of_numbers(self, about: int) -> tuple[Row, ...]:
        if self._count > 1:
            inner = self._miss_form(self.output("k"), self._goal("k"))
            return (self._goal_row(about), self._result((*self._mean_over_outputs, *inner)))
        y, goal = float(self.derivation.outputs[0]), float(self.derivation.targets[0])
        symbols = self._miss_form(self.output(1), self._goal(1))
        numbers = self._miss_form(Number(y, self.output(1).place), Number(goal, LOSS))
        return (self._goal_row(1), self._result(symbols, numbers))

    def _goal_row(self, about: int) -> Row:
        value = float(self.derivation.targets[about - 1])
        words = "" if self.target == "y" else self.target
        return Row((self._goal(about),), (), value, words, LOSS)

    @property
    def _mean_over_outputs(self) -> Line:
        return (Sign(f"1/{self._count}"), TIMES, SUM, Symbol("", ("k",)))

    def _miss_form(self, y: Symbol | Number, goal: Symbol | Number) -> Line:
        if self.derivation.loss_name == "mse":
            return (OPEN, y, MINUS, goal, CLOSE, SQUARED)
        size: Line = (BAR, y, MINUS, goal, BAR)
        if self.derivation.loss_name == "mae":
            return size
        if self._count == 1 and abs(self._miss(1)) > HUBER_DELTA:
            return (*size, MINUS, _HALF)
        if self._count == 1:
            return (_HALF, TIMES, OPEN, y, MINUS, goal, CLOSE, SQUARED)
        return (Sign("Huber"), OPEN, y, MINUS, goal, CLOSE)

    def _miss(self, output: int) -> float:
        made, goal = self.derivation.outputs, self.derivation.targets
        return float(made[output - 1] - goal[output - 1])

    def _of_two_classes(self, about: int) -> tuple[Row, ...]:
        logit, p = self.output(1), self._probability(1)
        right = bool(self.derivation.targets[0] > 0.5)
        rest: Line = () if right else (_ONE, MINUS)
        opened, closed = ((), ()) if right else ((OPEN,), (CLOSE,))
        symbol, value = Symbol("p", (), logit.place), Number(p, logit.place)
        forms = [(MINUS, _LOG, *opened, *rest, each, *closed) for each in (symbol, value)]
        return (
            Row((symbol,), (applied("sigmoid", logit),), p, self._chance(2), logit.place),
            Row((self._goal(1),), (), float(self.derivation.targets[0]), self._class(right), LOSS),
            self._result(*forms),
        )

    def _class(self, number: int) -> str:
        return self.classes[number] if self.classes else ""

    def _chance(self, number: int) -> str:
        name = self._class(number - 1)
        return f"probability of {name}" if name else "probability"

    def _probability(self, number: int) -> float:
        outputs = self.derivation.layers[-1].made
        with np.errstate(all="ignore"):
            shares = probability(outputs) if self._count == 1 else softmax(outputs)
        return float(shares[0, number - 1])

    def _of_classes(self, about: int) -> tuple[Row, ...]:
        right = int(self.derivation.targets.argmax()) + 1
        rows = [self._share_row(number) for number in dict.fromkeys((about, right))]
        place = self.output(right).place
        p = Symbol("p", (right,), place)
        number = Number(self._probability(right), place)
        result = self._result((MINUS, _LOG, p), (MINUS, _LOG, number))
        return (*rows, result)

    def _share_row(self, number: int) -> Row:
        place = self.output(number).place
        forms: tuple[Line, ...] = ((Symbol("softmax(z)", (number,), place),),)
        words = f"{self._chance(number)}{self._if_right(number)}"
        return Row((Symbol("p", (number,), place),), forms, self._probability(number), words, place)

    def _if_right(self, number: int) -> str:
        return ", the right class" if self.derivation.targets[number - 1] > 0.5 else ""

    def _of_margins(self, about: int) -> tuple[Row, ...]:
        side = Row((self._goal(about, "t"),), (), self._side(about), self._side_words(about), LOSS)
        if self._count > 1:
            each = self._margin(self._goal("k", "t"), self.output("k"))
            return (side, self._result((*self._mean_over_outputs, *each)))
        logit = self.output(1)
        symbols = self._margin(self._goal(1, "t"), logit)
        made = Number(float(self.derivation.outputs[0]), logit.place)
        return (side, self._result(symbols, self._margin(Number(self._side(1), LOSS), made)))

    def _margin(self, side: Symbol | Number, made: Symbol | Number) -> Line:
        return (Sign("max"), OPEN, Sign("0,"), _ONE, MINUS, side, TIMES, made, CLOSE)

    def _side(self, output: int) -> float:
        return 2.0 * float(self.derivation.targets[output - 1]) - 1.0

    def _side_words(self, output: int) -> str:
        right = self._side(output) > 0.0
        if self._count == 1:
            return self._class(right)
        return f"{'is' if right else 'is not'} {self._class(output - 1)}"

    # -- its slope ----------------------------------------------------------------------------

    def slope_forms(self, output: int) -> tuple[Line, ...]:
        """The derivative of the loss by an output, in symbols and in numbers."""
        made, goal = self.output(output), self._goal(output)
        value = float(self.derivation.outputs[output - 1])
        target = Number(float(self.derivation.targets[output - 1]), LOSS)
        if self.derivation.loss_name in ("bce", "cross-entropy"):
            share = Number(self._probability(output), made.place)
            p = Symbol("p", self._numbered(output), made.place)
            return ((p, MINUS, goal), (share, MINUS, target))
        if self.derivation.loss_name == "hinge":
            return self._margin_slope(output)
        kinds: dict[str, Callable[[Symbol | Number, Symbol | Number], Line]] = {
            "mse": _twice,
            "mae": _sign,
            "huber": _sign if abs(self._miss(output)) > HUBER_DELTA else _plain,
        }
        write = kinds[self.derivation.loss_name]
        return self._shared(write(made, goal), write(Number(value, made.place), target))

    def _margin_slope(self, output: int) -> tuple[Line, ...]:
        side, made = self._goal(output, "t"), self.output(output)
        if self._side(output) * float(self.derivation.outputs[output - 1]) >= 1.0:
            return ((Sign("0 where"), side, TIMES, made, Sign("≥"), _ONE),)
        return self._shared((OPEN, MINUS, side, CLOSE) if self._count > 1 else (MINUS, side))

    def _shared(self, *forms: Line) -> tuple[Line, ...]:
        """The same divided by the number of outputs, over which the loss is a mean."""
        if self._count == 1:
            return forms
        return tuple((Sign(f"1/{self._count}"), TIMES, *form) for form in forms)


def _twice(made: Symbol | Number, goal: Symbol | Number) -> Line:
    return (_TWO, OPEN, made, MINUS, goal, CLOSE)


def _plain(made: Symbol | Number, goal: Symbol | Number) -> Line:
    return (OPEN, made, MINUS, goal, CLOSE)


def _sign(made: Symbol | Number, goal: Symbol | Number) -> Line:
    return (Sign("sign"), OPEN, made, MINUS, goal, CLOSE)
