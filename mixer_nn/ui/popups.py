"""Where a small panel opens: by the button that asked for it, and on the screen as a whole."""

from PySide6.QtWidgets import QWidget

from mixer_nn.ui import theme

GAP = 4


def place_by(popup: QWidget, anchor: QWidget, *, left_in_line: bool = False) -> None:
    """Move a popup of a known size under an anchor, right edges in line; over it where low.

    With `left_in_line` the left edges are, as far as the screen reaches.
    """
    corner = anchor.mapToGlobal(anchor.rect().bottomRight())
    screen = anchor.screen().availableGeometry()
    wanted = corner.x() - (anchor.width() if left_in_line else popup.width())
    left = max(min(wanted, screen.right() - popup.width()), screen.left())
    below = corner.y() + theme.px(GAP)
    above = anchor.mapToGlobal(anchor.rect().topLeft()).y() - popup.height() - theme.px(GAP)
    popup.move(left, below if below + popup.height() <= screen.bottom() else max(above, 0))
