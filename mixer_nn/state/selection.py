"""Which parameter is looked at: the one under the pointer, and the one that was chosen."""

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """Indices of parameters; None: none. A view state: it never changes the mix."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hovered: int | None = None
        self._chosen: int | None = None

    @property
    def hovered(self) -> int | None:
        """The parameter whose knob or symbol the pointer rests on."""
        return self._hovered

    def hover(self, index: int | None) -> None:
        """Let the pointer rest on a parameter, or on none."""
        if index != self._hovered:
            self._hovered = index
            self.changed.emit()

    @property
    def chosen(self) -> int | None:
        """The parameter whose knob has, or last had, the focus."""
        return self._chosen

    def choose(self, index: int | None) -> None:
        """Choose a parameter, or none."""
        if index != self._chosen:
            self._chosen = index
            self.changed.emit()
