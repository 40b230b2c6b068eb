"""Somebody who besides sets up the knobs, builds the network, and edits the data."""

from __future__ import annotations

from dataclasses import replace

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.errors import MixError
from mixer_nn.core.losses import LOSSES
from mixer_nn.data.by_hand import moved_point, with_point, without_point
from mixer_nn.data.synthetic import make
from mixer_nn.ui import network_builder
from tests.trust import person
from tests.trust.choices import Choices
from tests.trust.person import Person
from tests.trust.truth import same


class Builder(Person):
    """Hands on a bench, its network and its data."""

    # -- arranging ----------------------------------------------------------------------------

    def lock(self, number: int) -> None:
        """Lock or unlock a knob, or many."""
        choices = Choices(number)
        if choices.yes:
            self.desk.set_locked(self._knob(choices), choices.yes)
        else:
            count = self.desk.mix.network.parameter_count
            self.desk.lock_all(range(0, count, 2), choices.yes, "lock every other knob")

    def scale(self, number: int) -> None:
        """Put another scale on a knob; its value stays."""
        choices = Choices(number)
        before = self.desk.mix.parameters.tobytes()
        self.desk.set_scale(self._knob(choices), choices.one_of((0.5, 4.0, 1024.0)))
        assert self.desk.mix.parameters.tobytes() == before

    def swap(self, number: int) -> None:
        """Exchange two neighbours of a hidden layer."""
        choices, hidden = Choices(number), self.desk.mix.network.sizes[1:-1]
        layers = [layer for layer, size in enumerate(hidden, start=1) if size > 1]
        if layers:
            layer = choices.one_of(layers)
            self.desk.swap(layer, 1 + choices.below(hidden[layer - 1] - 1))

    # -- starts and the network ---------------------------------------------------------------

    def new_start(self, number: int) -> None:
        """Other initial parameters."""
        self.desk.new_start(number % 5)

    def back_to_start(self, number: int) -> None:
        """The very same start."""
        initial = self.desk.mix.initial.tobytes()
        self.desk.back_to_start()
        assert self.desk.mix.parameters.tobytes() == initial

    def rewire(self, number: int) -> None:
        """A layer or a neuron more or less."""
        choices, desk = Choices(number), self.desk
        hidden = desk.mix.network.sizes[1:-1]
        match choices.below(4):
            case 0:
                if len(hidden) < 3:
                    network_builder.add_layer(desk)
            case 1:
                network_builder.remove_layer(desk)
            case 2:
                if hidden and max(hidden) < 6:
                    network_builder.resize_layer(desk, 1 + choices.below(len(hidden)), 1)
            case _:
                layers = [layer for layer, size in enumerate(hidden, start=1) if size > 1]
                if layers:
                    network_builder.resize_layer(desk, choices.one_of(layers), -1)

    def scale_data(self, number: int) -> None:
        """Switch scaling, where the knobs are not too far out for it."""
        mix = self.desk.mix
        try:
            self.desk.set_scaled(not mix.problem.scaled)
        except MixError:
            assert same(self.desk.mix, mix), "what is refused leaves the mix as it was"

    def other_problem(self, number: int) -> None:
        """Another loss, activation or feature under the same knobs."""
        choices, desk, problem = Choices(number), self.desk, self.desk.mix.problem
        match choices.below(3):
            case 0:
                kind = problem.dataset.kind
                names = [name for name, loss in LOSSES.items() if kind in loss.kinds]
                desk.set_problem(replace(problem, loss_name=choices.one_of(names)), "loss")
            case 1:
                layers = len(problem.network.sizes) - 1 - bool(problem.dataset.classes)
                if layers:
                    layer = 1 + choices.below(layers)
                    network_builder.set_activation(desk, layer, choices.one_of(list(ACTIVATIONS)))
            case _:
                if problem.dataset.inputs.shape[1] == 2:
                    features = () if problem.features else ("x1*x2",)
                    made = network_builder.with_features(problem, features)
                    network_builder.rewire(desk, made, "features")

    # -- the data -----------------------------------------------------------------------------

    def edit_data(self, number: int) -> None:
        """Set, move or take away a point; one time in four as a drag of several moves."""
        choices, desk = Choices(number), self.desk
        kind, drag = choices.below(3), choices.below(4) == 0
        if drag:
            desk.begin_edit("move a point")
        for _ in range(3 if drag else 1):
            data = desk.mix.dataset
            row = choices.below(data.rows)
            place = [0.25 * choices.below(9) - 1.0 for _ in range(data.inputs.shape[1])]
            target = choices.below(len(data.classes) or 3)
            try:
                if kind == 0:
                    data = with_point(data, place, target)
                elif kind == 1:
                    data = moved_point(data, row, place, target)
                else:
                    data = without_point(data, row)
            except MixError:
                continue
            self._edited.add(desk.head.run)
            desk.edit_data(data, "edit")
            self._edited.add(desk.head.run)  # another one, out of a look back
        if drag:
            desk.end_edit()

    def other_data(self, number: int) -> None:
        """Put the network on other data."""
        choices = Choices(number)
        names = ("circle", "noisy-line", "hills")
        name, seed = choices.one_of(names), choices.below(3)
        network_builder.put_data(self.desk, make(name, seed=seed, points=20))


ACTIONS: tuple[str, ...] = (
    *person.ACTIONS, "lock", "scale", "swap", "new_start", "back_to_start", "rewire",
    "scale_data", "other_problem", "edit_data", "other_data",
)  # fmt: skip
