"""The transport: the record, Auto-mix and its steps, what sets it, hot cues and the crossfader."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.mixer.batch_box import BatchBox
from mixer_nn.ui.mixer.crossfader_group import CrossfaderGroup
from mixer_nn.ui.mixer.cue_bank import CueBank
from mixer_nn.ui.mixer.deck import Deck
from mixer_nn.ui.mixer.optimizer_group import OptimizerGroup
from mixer_nn.ui.mixer.rate_group import RateGroup
from mixer_nn.ui.mixer.step_buttons import StepButtons
from mixer_nn.ui.mixer.tempo_group import TempoGroup
from mixer_nn.ui.writing import group, heading_font


@dataclass(frozen=True)
class Form:
    """One way to arrange the parts, the roomier ones first in `FORMS`.

    `slim` in one storey, `tight` with less between them, `folded` with some steps behind a button,
    `paged` with what trains and what goes through the past on two pages.
    """

    slim: bool = False
    tight: bool = False
    folded: bool = False
    paged: bool = False


FORMS = (
    Form(),
    Form(tight=True),
    Form(tight=True, paged=True),
    Form(slim=True, tight=True),
    Form(slim=True, tight=True, folded=True),
    Form(slim=True, tight=True, paged=True),
    Form(slim=True, tight=True, folded=True, paged=True),
)
_FIRST_SLIM = 3
_TRAINING = 1  # its place in the row
_FIRST_TRAINING = 2  # of the parts


class Transport(QFrame):
    """Everything that sets or starts Auto-mix, and what goes through its past.

    Its parts stand beside each other, those for training in two storeys; in low and in narrow
    windows it is put on in a slimmer `Form`.
    """

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "true")
        self._form = Form(paged=True)  # none of those that there are
        self._must_be_slim = False
        self._given: float | None = None
        self._second_page = False
        self.deck = Deck(bench, self)
        self.steps = StepButtons(bench, self)
        self.rate = RateGroup(bench, self)
        self.optimizer = OptimizerGroup(bench, self)
        self.batch = BatchBox(bench, self)
        self.tempo = TempoGroup(bench, self)
        self.cues = CueBank(bench, self)
        self.crossfader = CrossfaderGroup(bench, self)
        self._parts = (
            self.deck, self.steps, self.rate, self.optimizer, self.batch, self.tempo, self.cues,
            self.crossfader,
        )  # fmt: skip
        self._place()
        self.set_slim(False)
        self._dress()
        # Momentum and the limiter come and go.
        bench.desk.setup_changed.connect(self._refit)

    def _place(self) -> None:
        self.pager = QPushButton(self)
        self.pager.setObjectName("transportPage")
        self.pager.setProperty("kind", "small")
        self.pager.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pager.clicked.connect(self._turn_page)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.deck)
        self._right = QHBoxLayout()
        self._row.addLayout(self._right, 1)
        self._right.addWidget(self.steps)
        self._right.addLayout(self._place_training())
        self._right.addWidget(self.tempo)
        self._right.addWidget(self.cues)
        self._right.addWidget(self.crossfader, 1)
        self._right.addWidget(self.pager)
        # In a very wide window nothing is stretched beyond what it needs.
        self._right.addStretch()

    def _place_training(self) -> QBoxLayout:
        self._batch_column, self._batch_heading = group("BATCH", self)
        self._batch_column.addStretch()
        self._settings = QHBoxLayout()
        self._settings.setSpacing(theme.px(8))
        self._settings.addWidget(self.optimizer, 1)
        self._settings.addLayout(self._batch_column)
        self._training = QVBoxLayout()
        self._training.addWidget(self.rate, 1)
        self._training.addLayout(self._settings)
        return self._training

    # -- sizes --------------------------------------------------------------------------------

    def set_slim(self, slim: bool, width: float | None = None) -> None:
        """One storey, for low windows; `width` is what there is in the window, in pixels.

        The roomiest form that fits is taken, which may be a slim one in a high window too.
        """
        self._must_be_slim, self._given = slim, width
        forms = FORMS[_FIRST_SLIM:] if slim else FORMS
        for form in forms:
            self._put_on(form)
            if width is None or self._least_width() <= width:
                break

    def _refit(self) -> None:
        self.set_slim(self._must_be_slim, self._given)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        is_request = event.type() == QEvent.Type.LayoutRequest and hasattr(self, "_parts")
        # Its layout knows by now how wide it has to be; to ask anew would be another request.
        if is_request and self._given is not None and self._width_known() > self._given:
            self._get_slimmer(self._given)
        return handled

    def _get_slimmer(self, width: float) -> None:
        """Something in it needs more room than it had when the form was chosen."""
        for form in FORMS[FORMS.index(self._form) + 1 :]:
            self._put_on(form)
            if self._least_width() <= width:
                break

    def _least_width(self) -> int:
        """How wide it has to be, with all that has just been shown and hidden."""
        # Else it would be known in the next round of events only: the parts first, then the whole.
        for layout in (*(part.layout() for part in self._parts), self._row):
            if layout is not None:
                layout.invalidate()
                layout.activate()
        return self._width_known()

    def _width_known(self) -> int:
        return self._row.minimumSize().width() + 2

    def _put_on(self, form: Form) -> None:
        if form == self._form:
            return
        self._form, slim = form, form.slim
        self._batch_heading.setVisible(not slim)
        if slim:
            self.optimizer.take_below(self.batch)
        else:
            self._batch_column.insertWidget(1, self.batch)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._training.setDirection(beside if slim else below)
        self.steps.set_slim(slim, form.folded)
        self.steps.set_tight(form.tight)
        self.optimizer.set_slim(slim, form.tight)
        for part in (self.deck, self.rate, self.tempo, self.cues, self.crossfader):
            part.set_slim(slim)
        self._show_page()
        self._leave_edges()

    def _turn_page(self) -> None:
        self._second_page = not self._second_page
        self._show_page()

    def _show_page(self) -> None:
        paged, second = self._form.paged, self._second_page
        for part in self._parts[_FIRST_TRAINING:]:
            on_second = part in (self.cues, self.crossfader)
            part.setVisible(not paged or on_second == second)
        self._right.setStretch(_TRAINING, int(not (paged and second)))
        self.pager.setVisible(paged)
        self.pager.setText("Training" if second else "Cues")
        tip = (
            "Back to learning rate, optimizer, batch and tempo"
            if second
            else "Hot cues and the crossfader, for which this window is too narrow"
        )
        self.pager.setToolTip(tip)
        self.pager.setAccessibleName(tip)

    def _leave_edges(self) -> None:
        slim, tight = self._form.slim, self._form.tight
        above, right = theme.px(2 if slim else 3), theme.px(8 if tight else 16)
        self._row.setContentsMargins(theme.px(6), above, right, above)
        self._row.setSpacing(theme.px(8 if tight else 12))
        inner = 0 if slim else theme.px(7)
        self._right.setContentsMargins(0, inner, 0, inner)
        self._right.setSpacing(theme.px(8 if slim else 11 if tight else 22))
        self._training.setSpacing(theme.px(8 if slim else 2))

    def _dress(self) -> None:
        self._batch_heading.setFont(heading_font())
        for part in self._parts:
            part.dress()
        self._leave_edges()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_batch_heading"):
            self._dress()

    def new_start(self) -> None:
        """A new start from the next seed."""
        self.steps.new_start()
