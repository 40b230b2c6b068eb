"""Hot cues: eight pads that keep a place in the training, to go back to at once."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from mixer_nn.core.errors import MixError
from mixer_nn.session.cue import CUES, Cue
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.name_edit import NameEdit
from mixer_nn.ui.controls.pad import Pad
from mixer_nn.ui.mixer.cue_menu import CueMenu
from mixer_nn.ui.numbers import MINUS, short
from mixer_nn.ui.writing import group, heading_font

COLUMNS = 4
LONGEST_NAME = 40
MOST_SIGNS = 6
"""Of a loss, on a pad."""

_LEAST, _MOST = (44, 34), (62, 52)
_SLIM_LEAST, _SLIM_MOST = (34, 28), (40, 34)


class CueBank(QWidget):
    """The pads A to H: a click stores on an empty one, and goes to what a full one keeps.

    `refused` carries one sentence on why a cue cannot be gone to.
    """

    refused = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._slim = False
        self._naming = 0
        self.pads = [self._make(letter) for letter in CUES]
        self._place()
        bench.cues.changed.connect(self.read)
        self.dress()
        self.read()

    def _make(self, letter: str) -> Pad:
        pad = Pad(letter, self)
        pad.setObjectName(f"cue{letter}")
        pad.chosen.connect(self._on_chosen)
        pad.store_asked.connect(self._on_store_asked)
        pad.menu_asked.connect(self._on_menu_asked)
        return pad

    def _place(self) -> None:
        box, self.heading = group("HOT CUES", self)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        for slot, pad in enumerate(self.pads):
            self._grid.addWidget(pad, slot // COLUMNS, slot % COLUMNS)
        box.addLayout(self._grid)
        box.addStretch()
        box.setContentsMargins(0, 0, 0, 0)
        self.setLayout(box)

    def set_slim(self, slim: bool) -> None:
        """Without the heading, and with smaller pads, for low windows."""
        self._slim = slim
        self.heading.setVisible(not slim)
        self._size()

    def dress(self) -> None:
        """Put on fonts, and the sizes that follow from them."""
        self.setMaximumWidth(theme.px(340))  # else they stand far apart in a very wide window
        self.heading.setFont(heading_font())
        self._size()

    def _size(self) -> None:
        least, most = (_SLIM_LEAST, _SLIM_MOST) if self._slim else (_LEAST, _MOST)
        self._grid.setSpacing(theme.px(4 if self._slim else 6))
        for pad in self.pads:
            pad.setMinimumSize(*map(theme.px, least))
            pad.setMaximumSize(*map(theme.px, most))

    # -- the mix ------------------------------------------------------------------------------

    def read(self) -> None:
        """Show what is kept, and which of it is where the mix stands."""
        cues = self._bench.cues
        current = cues.current
        for slot, pad in enumerate(self.pads):
            cue = cues.content(slot)
            if cue is None:
                pad.set_empty()
            else:
                pad.set_content(cue.name, brief(cue.loss), losses_text(cue))
                pad.set_current(slot == current)

    @property
    def titles(self) -> list[str]:
        """What using each of them does, as a menu says it."""
        contents = (self._bench.cues.content(slot) for slot in range(len(CUES)))
        return [
            f"Store cue {letter}" if cue is None else f"Go to cue {letter} {cue.name}".rstrip()
            for letter, cue in zip(CUES, contents, strict=True)
        ]

    # -- the hand -----------------------------------------------------------------------------

    def use(self, slot: int) -> None:
        """Go to what is kept there, or store the present mix where nothing is."""
        cues = self._bench.cues
        if cues.content(slot) is None:
            cues.store(slot)
            return
        try:
            cues.jump(slot)
        except MixError as error:
            self.refused.emit(str(error))

    def store(self, slot: int) -> None:
        """Store the present mix there, whatever is kept there now."""
        self._bench.cues.store(slot)

    def _slot_of_sender(self) -> int:
        pad = self.sender()
        assert isinstance(pad, Pad)
        return self.pads.index(pad)

    def _on_chosen(self) -> None:
        self.use(self._slot_of_sender())

    def _on_store_asked(self) -> None:
        self.store(self._slot_of_sender())

    def _on_menu_asked(self, where: QPoint) -> None:
        menu = CueMenu(self._bench, self._slot_of_sender(), self)
        menu.use_asked.connect(self.use)
        menu.name_asked.connect(self.ask_name)
        menu.popup(where)

    def ask_name(self, slot: int) -> None:
        """Open a field over the pad to type a name into."""
        cue = self._bench.cues.content(slot)
        if cue is not None:
            self._naming = slot
            editor = NameEdit(cue.name, LONGEST_NAME, self.pads[slot])
            editor.setObjectName("cueName")
            editor.setAccessibleName(f"name of cue {CUES[slot]}")
            editor.setPlaceholderText(f"name of cue {CUES[slot]}")
            editor.committed.connect(self._on_named)
            editor.open()

    def _on_named(self, name: str) -> None:
        self._bench.cues.name(self._naming, name)


def brief(loss: float) -> str:
    """A loss in at most six signs or so: ``0.0712``, ``3.4e−4``."""
    text = short(loss, 3)
    if len(text) <= MOST_SIGNS:
        return text
    mantissa, exponent = f"{loss:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", MINUS)


def losses_text(cue: Cue) -> str:
    """The losses it had, in words: ``loss 0.0712, held out 0.1085, move 312``."""
    parts = [f"loss {short(cue.loss)}"]
    if not math.isnan(cue.held_out):
        parts.append(f"held out {short(cue.held_out)}")
    return ", ".join([*parts, f"move {cue.mix.moves:,}"])
