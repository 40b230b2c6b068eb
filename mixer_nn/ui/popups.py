"""Where a small panel opens: by the button that asked for it, and on the screen as a whole."""

from PySide6.QtWidgets import QWidget

from mixer_nn.ui import theme

GAP = 4


def place_by(popup: QWidget, anchor: QWidget) -> None:
    """Move a popup of a known size under an anchor, right edges in line; over it where low."""
    corner = anchor.mapToGlobal(anchor.rect().bottomRight())
    screen = anchor.screen().availableGeometry()
    left = min(max(corner.x() - popup.width(), screen.left()), screen.right() - popup.width())
    below = corner.y() + theme.px(GAP)
    above = anchor.mapToGlobal(anchor.rect().topLeft()).y() - popup.height() - theme.px(GAP)
    popup.move(left, below if below + popup.height() <= screen.bottom() else max(above, 0))
