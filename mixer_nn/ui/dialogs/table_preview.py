"""A person's own table before it becomes a mix: everything is chosen already, Enter is enough."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QScrollArea, QWidget

from mixer_nn.core.errors import MixError
from mixer_nn.core.seeds import Stream, stream
from mixer_nn.data.choice import Prepared
from mixer_nn.data.columns import Table
from mixer_nn.data.proposal import Choice, Offer, propose
from mixer_nn.session.mix import Mix, neuron_on
from mixer_nn.ui import theme
from mixer_nn.ui.dialogs.examine import Examined, examine, why_scaled
from mixer_nn.ui.dialogs.frame import Buttons, Role, column, fit_to_screen, sentence
from mixer_nn.ui.dialogs.preview_form import PreviewForm
from mixer_nn.ui.numbers import counted
from mixer_nn.ui.work import Work

AT_ONCE = 200_000
"""Numbers in the chosen columns up to which a choice is worked out within a frame or two."""


class TablePreview(QDialog):
    """What to predict from what, before a mix is made of `table`.

    Open it with `open` and take `result_mix` when it says `accepted`. While the choices cannot be
    used, it shows why and cannot be accepted. Raises MixError for a table without two columns
    that can be used.
    """

    def __init__(self, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tablePreview")
        self.setWindowTitle(f"Table {table.name}")
        self._table = table
        self._examined: Examined | None = None
        self._work: Work | None = None
        self._asked: tuple[Choice, float] | None = None
        self._impatient = self._left = False
        proposal = propose(table)
        self._target = Offer(proposal.target, "", proposal.classes)
        self._form = PreviewForm(table, self)
        self._form.show_choice(proposal)
        self._scale_touched = False
        self._lay_out()
        self._connect()
        self.refresh()
        fit_to_screen(self, theme.px(900), theme.px(620))

    # -- what comes out -----------------------------------------------------------------------

    @property
    def prepared(self) -> Prepared | None:
        """The data set of the choices on screen; None while there is none."""
        return self._examined.prepared if self._examined else None

    def result_mix(self, seed: int) -> Mix:
        """A new mix of one neuron on the data as chosen, once it has been accepted.

        `seed` draws the held-out rows and the knobs' first positions. Raises MixError where the
        choices cannot be used.
        """
        examined = self._examined or examine(self._table, *self._wanted())
        dataset = examined.prepared.dataset
        if examined.share:
            dataset = dataset.split(examined.share, stream(seed, Stream.SPLIT))
        return neuron_on(dataset, seed, self._form.scale.isChecked())

    # -- what the choices give ----------------------------------------------------------------

    def _wanted(self) -> tuple[Choice, float]:
        choice = Choice(self._target.name, self._form.inputs.chosen, self._target.classes)
        return choice, self._form.held_out.value() / 100.0

    def refresh(self) -> None:
        """Show what the choices give: at once, or for a long table as soon as it is known."""
        choice, share = self._wanted()
        self._examined, self._impatient = None, False
        self._form.rows.set_uses(choice.target, choice.inputs)
        if self._table.rows * (len(choice.inputs) + 1) > AT_ONCE:
            self._look_beside()
            return
        try:
            self._show(examine(self._table, choice, share))
        except MixError as error:
            self._show_problem(str(error))

    def _look_beside(self) -> None:
        self._accept.setEnabled(True)
        self._problem.setText("")
        self._form.caption.setText(f"looking through {counted(self._table.rows, 'row')} …")
        if self._work is None:  # else it looks again when that has ended
            self._asked = self._wanted()
            self._work = Work(partial(examine, self._table, *self._asked), self)
            self._work.finished.connect(self._on_finished)
            self._work.failed.connect(self._on_failed)
            self._work.ended.connect(self._on_ended)
            self._work.start()

    def _on_finished(self, examined: object) -> None:
        if self._asked == self._wanted() and isinstance(examined, Examined):
            self._show(examined)

    def _on_failed(self, text: str) -> None:
        if self._asked == self._wanted():
            self._show_problem(text)

    def _on_ended(self) -> None:
        if self._work is not None:
            self._work.deleteLater()
            self._work = None
        if self._examined is None and self._asked != self._wanted() and not self._left:
            self._look_beside()

    def _show(self, examined: Examined) -> None:
        self._examined = examined
        self._problem.setText("")
        self._accept.setEnabled(True)
        self._form.show_result(
            (*examined.prepared.left_out, *examined.prepared.notes), examined.picture
        )
        if not self._scale_touched:
            self._form.scale.setChecked(examined.worth_scaling)
        self._show_why()
        if self._impatient:
            self.accept()

    def _show_problem(self, text: str) -> None:
        self._impatient = False
        self._problem.setText(text)
        if self.focusWidget() is self._accept:
            # It would go on to "Cancel" by itself, and Enter would then cancel.
            self._form.inputs.setFocus()
        self._accept.setEnabled(False)
        self._form.show_result((), None)
        self._form.why.setText("")

    def _show_why(self) -> None:
        if self._examined is not None:
            condition, by_hand = self._examined.condition, self._scale_touched
            self._form.why.setText(why_scaled(self._form.scale.isChecked(), condition, by_hand))

    # -- what the hand does -------------------------------------------------------------------

    def _on_target(self, index: int) -> None:
        """Another target; if it was an input, the old target takes its place among them.

        Inputs that nobody has touched are those that are proposed for it.
        """
        before, self._target = self._target, self._form.targets[index]
        name, inputs = self._target.name, self._form.inputs.chosen
        if inputs == self._proposed(before):
            inputs = self._proposed(self._target)
        else:
            inputs = tuple(before.name if each == name else each for each in inputs)
        self._form.show_choice(Choice(name, inputs, self._target.classes))
        self.refresh()

    def _proposed(self, target: Offer) -> tuple[str, ...]:
        try:
            return propose(self._table, target.name).inputs
        except MixError:  # there is nothing to predict it from
            return ()

    def _on_scale_clicked(self) -> None:
        self._scale_touched = True
        self._show_why()

    def accept(self) -> None:
        """Take the choices if they can be used; while a long table is looked through, then."""
        self._impatient = self._examined is None and self._work is not None
        if self._examined is not None:
            super().accept()

    def done(self, result: int) -> None:
        """Close, and give up what is still being looked through."""
        self._left = True
        if self._work is not None:
            self._work.cancel()
        super().done(result)

    # -- how it is put together ---------------------------------------------------------------

    def _lay_out(self) -> None:
        table, layout = self._table, column(self)
        size = f"{counted(table.rows, 'row')}, {counted(len(table.columns), 'column')}"
        layout.addWidget(sentence(f"{table.name}: {size}", self, 15, "tableName"))
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._form)
        layout.addWidget(area, 1)
        buttons = Buttons(self)
        self._problem = sentence("", self, 13, "problem")
        self._problem.setProperty("kind", "danger")
        buttons.add_note(self._problem)
        buttons.add("Cancel", Role.RejectRole, "cancel")
        self._accept = buttons.add("Mix this", Role.AcceptRole, "accept")
        layout.addWidget(buttons)

    def _connect(self) -> None:
        form = self._form
        form.target.currentIndexChanged.connect(self._on_target)
        form.inputs.ticked.connect(self.refresh)
        form.held_out.valueChanged.connect(self.refresh)
        form.scale.clicked.connect(self._on_scale_clicked)
