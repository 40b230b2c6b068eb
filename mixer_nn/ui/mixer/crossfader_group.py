"""The crossfader: two ends, a fader between them, and the loss along the way."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from mixer_nn.state.crossing import Crossing
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.choice_box import ChoiceBox
from mixer_nn.ui.controls.crossfader import Crossfader, Way
from mixer_nn.ui.mixer.crossfader_options import CrossfaderOptions
from mixer_nn.ui.mixer.crossfader_words import end_entry, offered, share_text, way_text
from mixer_nn.ui.popups import place_by
from mixer_nn.ui.writing import group, heading_font

TIP = "Crossfader: on the straight line from the parameters of A to those of B"
OUTPUTS_TIP = "Crossfader: the outputs of A and of B, mixed; no knob turns"
ALIGNED_TIP = "Crossfader: from A to B, with the hidden units of one put in the other's order"

BESIDE_TRACK = 36

RARELY, ITS_TURN = 32, 11
"""Frames of a run from one look at the way to the next, and which of them: one in which others
have little to do. A hand, or a pause, does not wait."""


class CrossfaderGroup(QWidget):
    """What is on A and on B, the fader, and the loss of what lies between.

    Where there is no way between the two, one sentence says why.
    """

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench, self._fading = bench, bench.fading
        self._shown: tuple[Crossing | None, object] | None = None
        self._read_at = 0
        self._make()
        self._place()
        self._connect()
        self.dress()
        self.read()

    def _make(self) -> None:
        self.fader = Crossfader(self)
        self.fader.setObjectName("crossfader")
        self.fader.set_name("crossfader")
        self.fader.set_formatter(share_text)
        self.fader.set_initial(0.5)
        self.choosers = (self._chooser("A"), self._chooser("B"))
        self.letters = tuple(QLabel(letter, self) for letter in "AB")
        self.more = QToolButton(self)
        self.more.setObjectName("crossfaderOptions")
        self.more.setText("…")
        self.more.setAccessibleName("crossfader options")
        self.more.setToolTip("Mix the outputs instead; align hidden units first")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.options = CrossfaderOptions(self._bench, self)

    def _chooser(self, letter: str) -> ChoiceBox:
        box = ChoiceBox(self)
        box.setObjectName(f"crossfader{letter}")
        box.setAccessibleName(f"{letter} of the crossfader")
        box.setToolTip(f"What is on {letter}: a hot cue, the start, the best of this run, or now")
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # As wide as it may be: what there is no room for is cut off, and is in the list.
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(3)
        return box

    def _place(self) -> None:
        box, self.heading = group("CROSSFADER", self)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(4))
        self._grid.setVerticalSpacing(theme.px(2))
        self._grid.setColumnStretch(1, 1)
        for letter in self.letters:
            letter.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._below = QHBoxLayout()
        self._below.setSpacing(theme.px(6))
        box.addLayout(self._grid)
        box.addLayout(self._below)
        box.addStretch()
        box.setContentsMargins(0, 0, 0, 0)
        self.setLayout(box)
        self._arrange(slim=False)

    def _arrange(self, *, slim: bool) -> None:
        """The ends under the fader, or in a slim row beside it."""
        for part in (*self.letters, *self.choosers, self.more):
            for layout in (self._grid, self._below):
                layout.removeWidget(part)
        grid, bottom = self._grid, Qt.AlignmentFlag.AlignBottom
        grid.addWidget(self.fader, 0, 1, 2, 1)
        beside = self.choosers if slim else self.letters
        grid.addWidget(beside[0], 1, 0, bottom)
        grid.addWidget(beside[1], 1, 2, bottom)
        while self._below.count():
            self._below.takeAt(0)
        if slim:
            grid.addWidget(self.more, 0, 2, Qt.AlignmentFlag.AlignRight)
        else:
            self._below.addWidget(self.choosers[0], 1)
            self._below.addWidget(self.more)
            self._below.addWidget(self.choosers[1], 1)

    def _connect(self) -> None:
        bench, fading = self._bench, self._fading
        self.fader.pressed.connect(self._on_pressed)
        self.fader.turned.connect(fading.move)
        self.fader.released.connect(self._on_released)
        for box, slot in zip(self.choosers, (self._on_a, self._on_b), strict=True):
            box.activated.connect(slot)
        self.more.clicked.connect(self._open_options)
        fading.changed.connect(self.read)
        bench.desk.changed.connect(self._follow)
        bench.automix.changed.connect(self.read)
        bench.cues.changed.connect(self._read_ends)

    def set_slim(self, slim: bool) -> None:
        """One slim row, for low windows."""
        self.heading.setVisible(not slim)
        for letter in self.letters:
            letter.setVisible(not slim)
        self.fader.set_slim(slim)
        self._arrange(slim=slim)

    def dress(self) -> None:
        """Put on fonts, and the widths that follow from them."""
        self.heading.setFont(heading_font())
        for letter in self.letters:
            letter.setFont(theme.ui_font(14, QFont.Weight.Bold))
            # In line with the track, which is in the middle of the handle.
            letter.setFixedHeight(theme.px(BESIDE_TRACK))
        for box in self.choosers:
            box.setMinimumWidth(box.fontMetrics().horizontalAdvance("cue A") + theme.px(58))
        self.fader.setMinimumWidth(theme.px(104))
        # Wider than that its curve would say no more, and A and B stay by its ends.
        self.setMaximumWidth(theme.px(560))

    # -- read ---------------------------------------------------------------------------------

    def _follow(self) -> None:
        """Follow the mix; while it runs by itself only now and then, since a curve costs much."""
        bench = self._bench
        frames = bench.automix.frames
        by_itself = bench.automix.moving and not bench.desk.touched and not self.fader.is_held
        if not by_itself or not 0 <= frames - self._read_at < RARELY:
            self._read_at = frames - (frames - ITS_TURN) % RARELY
            self.read()

    def read(self) -> None:
        """Show the ends, where the fader stands, and what is known of the way."""
        fading = self._fading
        if self.fader.is_held and not fading.is_held and not fading.outputs:
            self.fader.finish_gesture()  # the mix was changed under the hand: undo, a new file
        self._read_ends()
        problem = fading.problem
        self.fader.setEnabled(problem is None)
        # As short as it can be; the tooltip has the whole sentence.
        self.fader.set_note((problem or "").partition(";")[0])
        self.fader.set_value(fading.share)
        self.fader.set_on_way(fading.place is not None)
        if self.is_in_sight:
            self._show(fading.look(), problem)

    @property
    def is_in_sight(self) -> bool:
        """Whether any of it can be seen."""
        return self.fader.isVisible() and not self.fader.visibleRegion().isEmpty()

    def _read_ends(self) -> None:
        mix = self._bench.desk.mix
        for box, chosen in zip(self.choosers, self._fading.ends, strict=True):
            names = offered(mix, chosen)
            entries = [end_entry(name, mix) for name in names]
            if [box.itemText(index) for index in range(box.count())] != entries:
                box.clear()
                for name, entry in zip(names, entries, strict=True):
                    box.addItem(entry, name)
            if box.currentData() != chosen:
                box.setCurrentIndex(names.index(chosen))

    def _show(self, crossing: Crossing | None, problem: str | None) -> None:
        fading = self._fading
        shown = (crossing, (problem, fading.ends, fading.outputs, fading.align))
        if shown == self._shown:
            return
        self._shown = shown
        if crossing is None:
            self.fader.set_way(None)
            words = problem or ""
        else:
            self.fader.set_way(Way(crossing.shares, crossing.losses, crossing.plain))
            words = way_text(fading.ends, crossing, self._what())
        tip = OUTPUTS_TIP if fading.outputs else ALIGNED_TIP if fading.align else TIP
        self.fader.setToolTip(f"{tip}\n{words}")
        self.fader.setAccessibleDescription(words.replace("\n", "; "))

    def _what(self) -> str:
        if self._fading.outputs:
            return "outputs mixed"
        return "hidden units aligned" if self._fading.align else "on the way"

    # -- the hand -----------------------------------------------------------------------------

    def _on_pressed(self) -> None:
        self._fading.take()

    def _on_released(self) -> None:
        self._fading.release()
        self.fader.set_value(self._fading.share)

    def _on_a(self, index: int) -> None:
        self._fading.choose(0, str(self.choosers[0].itemData(index)))

    def _on_b(self, index: int) -> None:
        self._fading.choose(1, str(self.choosers[1].itemData(index)))

    def _open_options(self) -> None:
        self.options.read()
        self.options.adjustSize()
        place_by(self.options, self.more)
        self.options.show()

    # -- coming and going ---------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.read()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._fading.rest()
