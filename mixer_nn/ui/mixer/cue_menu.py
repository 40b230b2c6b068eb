"""The menu of a hot cue: what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from mixer_nn.session.cue import CUES
from mixer_nn.ui import keys
from mixer_nn.ui.bench import Bench


class CueMenu(QMenu):
    """Go there, name, overwrite, clear, put on an end of the crossfader; an empty one: store.

    `use_asked` is the same as a click on the pad; `name_asked` wants a field to type into.
    """

    use_asked = Signal(int)
    name_asked = Signal(int)

    def __init__(self, bench: Bench, slot: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("cueMenu")
        self._bench, self._slot = bench, slot
        letter = CUES[slot]
        # The keys are only written beside the names: the actions of the window read them.
        use, store = (keys.label(keys.entry(f"{name}{letter}")) for name in ("cue", "storeCue"))
        if bench.cues.content(slot) is None:
            self.addAction(f"Store here\t{use}").triggered.connect(self._use)
            return
        self.addAction(f"Go to cue {letter}\t{use}").triggered.connect(self._use)
        self.addAction("Name…").triggered.connect(self._name)
        self.addAction(f"Overwrite\t{store}").triggered.connect(self._store)
        self.addAction("Clear").triggered.connect(self._clear)
        self.addSeparator()
        self.addAction("Put on A of the crossfader").triggered.connect(self._put_on_a)
        self.addAction("Put on B of the crossfader").triggered.connect(self._put_on_b)

    def _use(self) -> None:
        self.use_asked.emit(self._slot)

    def _name(self) -> None:
        self.name_asked.emit(self._slot)

    def _store(self) -> None:
        self._bench.cues.store(self._slot)

    def _clear(self) -> None:
        self._bench.cues.clear(self._slot)

    def _put_on_a(self) -> None:
        self._bench.fading.choose(0, CUES[self._slot])

    def _put_on_b(self) -> None:
        self._bench.fading.choose(1, CUES[self._slot])
