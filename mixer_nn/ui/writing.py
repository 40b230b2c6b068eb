"""Labels whose text changes in every frame, and the font of small headings."""

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mixer_nn.ui import theme


def heading_font() -> QFont:
    """Small, half bold, spaced out: ``LEARNING RATE``."""
    font = theme.ui_font(12, QFont.Weight.DemiBold)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1.0)
    return font


def group(heading: str, parent: QWidget) -> tuple[QVBoxLayout, QLabel]:
    """A column under a small heading."""
    box = QVBoxLayout()
    box.setSpacing(theme.px(4))
    label = QLabel(heading, parent)
    label.setProperty("kind", "heading")
    label.setFont(heading_font())
    box.addWidget(label)
    return box, label


def hold(label: QLabel, longest: str) -> None:
    """Give a label the fixed size of the `longest` text that it is expected to show.

    Of fixed size, it can change its text without the whole window being laid out anew.
    """
    metrics = label.fontMetrics()
    label.setFixedSize(metrics.horizontalAdvance(longest) + 2, metrics.height())


def write(label: QLabel, text: str) -> None:
    """Change the text of a label that is held; it grows where it must."""
    if text == label.text():
        return
    label.setText(text)
    needed = max(map(label.fontMetrics().horizontalAdvance, text.split("\n"))) + 2
    if needed > label.maximumWidth():
        label.setFixedWidth(needed)


def set_kind(label: QLabel, kind: str) -> None:
    """Give a label another kind of text, as the style sheet has them; "" for the usual one."""
    if (label.property("kind") or "") != kind:
        font = label.font()
        label.setProperty("kind", kind)
        label.style().unpolish(label)
        label.style().polish(label)
        label.setFont(font)  # which the style sheet has taken back
