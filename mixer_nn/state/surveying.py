"""Surveying: the loss over two knobs, or over the run's plane, worked out a little every frame."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.landscape import SIDES, Bowl, Grid, Plane
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.problem import Problem
from mixer_nn.session.mix import sensible_scales
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.desk import Desk
from mixer_nn.state.memo import Memo
from mixer_nn.state.reach import KnobReach, path_span
from mixer_nn.state.readings import SHOWN_ROWS
from mixer_nn.state.selection import Selection
from mixer_nn.state.survey import Subject, Survey, Work

SHARE_MS, SHARE_OF_A_RUN_MS = 3.0, 1.2
"""What a frame gives to a survey; less while a run moves on and needs the frame itself."""

MOST_OF_A_PATH, MOST_OF_A_RUN = 600, 100
"""Points of the run that are drawn, and of which its plane is made."""

FEWEST = 3
"""Points that a run needs to have a plane of its own."""

FLATTEST = 0.25
"""The lower of the two extents of the run's plane, as a share of the other, is at least this."""


class Surveying(QObject):
    """Which two knobs are looked at, and the loss over them, coarse first and then finer.

    Nothing is done but when a view asks with `look`, and what that starts goes on in the frames
    that follow; `changed` tells that there is more to see. A survey is made of the mix as it
    stood when it began. When the mix has moved on by other knobs than the two, the survey goes on
    for `PATIENCE` frames or a few more, is shown as fine as it has got, and the next one begins:
    under a run at full tempo the picture is always a whole one, and a few frames old.
    """

    changed = Signal()

    def __init__(
        self, desk: Desk, clock: FrameClock, selection: Selection, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._clock, self._selection = desk, clock, selection
        self._wants_run, self._is_held = False, False
        self._chosen: tuple[Network, int, int] | None = None
        self._work: Work | None = None
        self._survey: Survey | None = None
        self._looked: tuple[object, ...] | None = None
        self._reach = KnobReach()
        self._of_problem = Memo(lambda: desk.mix.problem)
        self.evaluations = 0
        selection.changed.connect(self._follow_selection)

    # -- what is looked at --------------------------------------------------------------------

    @property
    def axes(self) -> tuple[int, int]:
        """The parameters along x and y: those chosen, else the selected one and its bias."""
        network = self._desk.mix.network
        if self._chosen is not None and self._chosen[0] == network:
            return self._chosen[1], self._chosen[2]
        return usual_axes(network, self._selection.chosen)

    def choose(self, axis: int, index: int) -> None:
        """Put a parameter along x (0) or y (1), and select its knob; two change places."""
        axes = list(self.axes)
        if index == axes[1 - axis]:
            axes.reverse()
        axes[axis] = index
        self._chosen = (self._desk.mix.network, axes[0], axes[1])
        self._wants_run = False
        self.changed.emit()
        self._selection.choose(index)

    def show_run(self, wanted: bool) -> None:
        """Look at the plane of the run, where it has one, or at the two knobs."""
        if wanted != self._wants_run:
            self._wants_run = wanted
            self.changed.emit()

    @property
    def wants_run(self) -> bool:
        """Whether the plane of the run is to be looked at as soon as there is one."""
        return self._wants_run

    @property
    def has_run(self) -> bool:
        """Whether the run has a plane: it has been in three places at least."""
        return len(self._desk.history.trace((0,), FEWEST + 1)[0]) >= FEWEST

    @property
    def is_of_run(self) -> bool:
        """Whether the plane of the run is looked at."""
        return self._wants_run and self.has_run

    def hold(self, held: bool) -> None:
        """Let the landscape reach no further while a hand carries knobs over it."""
        if held != self._is_held:
            self._is_held = held
            self._looked = None
            self.changed.emit()

    def _follow_selection(self) -> None:
        shown = self._survey
        if shown is not None and not self.is_of_run and shown.subject.plane.indices != self.axes:
            self.changed.emit()

    # -- the picture --------------------------------------------------------------------------

    def look(self) -> Survey | None:
        """The newest survey of what is looked at; more may come, see `changed`."""
        stamp = (self._desk.revision, self.axes, self._wants_run, self._is_held)
        if stamp != self._looked:
            self._looked = stamp
            self._catch_up()
        return self._survey

    def _catch_up(self) -> None:
        wanted = self._subject()
        if wanted is None:
            self._stop()
            self._survey = None
            return
        if self._survey is not None and not self._survey.subject.alike(wanted):
            self._survey = None
        work = self._work
        if work is not None and work.subject.alike(wanted):
            work.left_behind = not work.subject.same(wanted)
        elif self._survey is None or not self._survey.subject.same(wanted):
            self._begin(wanted)
        else:
            self._stop()

    def _begin(self, subject: Subject) -> None:
        self._stop()
        objective = subject.problem.objective
        self.evaluations += 1
        if objective.is_least_squares:
            losses = Bowl(objective, subject.plane).losses(subject.grid.places)
            finest = len(SIDES) - 1
            self._survey = Survey(subject, finest, subject.grid.arranged(losses, finest))
        else:
            work = self._work = Work(subject, self._seen, self._desk.mix.parameters)
            self._clock.move(self)
            if self._survey is None:
                # Rather something coarse at once than nothing until the next frame.
                work.stack.go_on(SHARE_MS / 1000.0)
                self._show(work)

    def _show(self, work: Work) -> None:
        if work.level >= 0:
            self._survey, work.shown = work.result(), work.level

    def _stop(self) -> None:
        if self._work is not None:
            self._work = None
            self._clock.drop(self)

    @property
    def is_busy(self) -> bool:
        """Whether a survey is in progress."""
        return self._work is not None

    def rest(self) -> None:
        """Nobody looks any more: leave what is not finished."""
        self._stop()
        self._looked = None

    def advance(self, _: float) -> bool:
        """Go on with the survey for its share of a frame; whether there is more to do."""
        work = self._work
        if work is None:
            return False
        work.frames += 1
        share = SHARE_OF_A_RUN_MS if work.left_behind else SHARE_MS
        is_done = work.stack.go_on(share / 1000.0)
        is_late = work.left_behind and work.is_due
        if is_done or is_late:
            self._work = None
            # What has moved on meanwhile is surveyed next, if anyone still looks.
            self._looked = None if work.left_behind else self._looked
        is_new = work.level > work.shown and (is_done or is_late or self._is_finer(work))
        if is_new:
            self._show(work)
        if is_new or self._work is None:
            self.changed.emit()
        return self._work is not None

    def _is_finer(self, work: Work) -> bool:
        """Whether what is known is at least as fine as what is shown of the same place."""
        shown = self._survey
        if shown is None or shown.subject.grid != work.subject.grid:
            return True
        return work.level >= shown.level

    # -- the plane and how far it reaches -----------------------------------------------------

    def _subject(self) -> Subject | None:
        mix = self._desk.mix
        if not np.isfinite(mix.parameters).all():
            return None
        if not self.is_of_run:
            plane = Plane.along(mix.parameters, *self.axes)
            return Subject(mix.problem, plane, self._grid_of_knobs())
        work = self._work
        if work is None or work.subject.plane.indices is not None:
            return self._subject_of_run(mix.problem)
        # Principal directions are worked out once a survey, not once a frame.
        plane, grid = work.subject.plane, work.subject.grid
        if mix.parameters is not work.vector:
            plane = Plane(mix.parameters, plane.directions)
        return Subject(mix.problem, plane, grid)

    def _subject_of_run(self, problem: Problem) -> Subject | None:
        before = None if self._survey is None else self._survey.subject
        if before is not None and before.plane.indices is not None:
            before = None
        states = self._run()
        plane = Plane.of_path(states, None if before is None else before.plane)
        if plane is None:
            return None
        places = plane.place(states)
        extents = np.ptp(places, axis=0)
        least = FLATTEST * float(extents.max())
        spans = [None, None] if before is None else [before.grid.x, before.grid.y]
        x, y = (path_span(places[:, axis], least, spans[axis]) for axis in (0, 1))
        return Subject(problem, plane, Grid(x, y))

    def _run(self) -> FloatArray:
        every = range(self._desk.mix.network.parameter_count)
        return self._desk.history.trace(every, MOST_OF_A_RUN)[1]

    def _grid_of_knobs(self) -> Grid:
        shown = None if self._survey is None else self._survey.subject
        if self._is_held and shown is not None and shown.plane.indices == self.axes:
            return shown.grid
        mix, axes = self._desk.mix, self.axes
        first = self._of_problem.once("scales", lambda: sensible_scales(mix.problem))
        run = (mix.run, mix.network, mix.dataset.input_columns)
        been = self._desk.history.trace(axes, MOST_OF_A_PATH)[1]
        x, y = (
            self._reach.span(run, index, float(min(first[index], mix.scales[index])), values)
            for index, values in zip(axes, been.T, strict=True)
        )
        return Grid(x, y)

    # -- what lies on it ----------------------------------------------------------------------

    @property
    def _seen(self) -> Objective:
        return self._of_problem.once(
            "seen", lambda: self._desk.mix.problem.objective.sample(SHOWN_ROWS)
        )

    @property
    def is_sampled(self) -> bool:
        """Whether it is the loss over an even sample of the rows, and not over all."""
        objective = self._desk.mix.problem.objective
        return not objective.is_least_squares and objective.rows > SHOWN_ROWS

    def path(self, plane: Plane) -> FloatArray:
        """The run up to where the mix stands, (n, 2) on the plane."""
        if plane.indices is None:
            return plane.place(self._run())
        return self._desk.history.trace(plane.indices, MOST_OF_A_PATH)[1]

    def loss_at(self, plane: Plane, x: float, y: float) -> float:
        """The loss at a place, exactly; over the sample where it is one."""
        problem, place = self._desk.mix.problem, np.array([[x, y]])
        if problem.objective.is_least_squares:
            return float(Bowl(problem.objective, plane).losses(place)[0])
        return self._seen.value(plane.vectors(place)[0])


def usual_axes(network: Network, chosen: int | None) -> tuple[int, int]:
    """A weight, the chosen one where there is one, and the bias of its neuron."""
    parameters = network.parameters
    parameter = parameters[0 if chosen is None or chosen >= len(parameters) else chosen]
    width = network.sizes[parameter.layer - 1]
    if parameter.source is None:
        return parameter.index - width, parameter.index
    return parameter.index, parameter.index + width + 1 - parameter.source
