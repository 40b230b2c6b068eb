"""What paints its own ground leaves no trace of what it showed before."""

from __future__ import annotations

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFrame
from pytestqt.qtbot import QtBot

from mixer_nn.ui import theme
from mixer_nn.ui.controls.ground import Figure, set_on_panel
from mixer_nn.ui.controls.meter import Meter


class Panel(QFrame):
    """A shown panel with one widget on it."""

    def __init__(self, qtbot: QtBot, widget: Figure | Meter) -> None:
        super().__init__()
        self.setProperty("panel", "true")
        self.resize(160, 60)
        widget.setParent(self)
        widget.setGeometry(20, 20, 100, 20)
        set_on_panel(widget)
        qtbot.addWidget(self)
        with qtbot.waitExposed(self):
            self.show()

    @property
    def picture(self) -> QImage:
        QApplication.processEvents()
        return self.grab().toImage()


def test_a_figure_shows_the_last_text_and_nothing_of_the_one_before(
    qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, "dark", zoom=1.0)
    used, fresh = Figure(), Figure()
    panel, other = Panel(qtbot, used), Panel(qtbot, fresh)
    used.setText("88888888")
    before = panel.picture
    used.setText("1.5")
    fresh.setText("1.5")
    assert panel.picture == other.picture
    assert panel.picture != before


def test_a_meter_that_has_fallen_looks_like_one_that_never_rose(
    qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, "light", zoom=1.0)
    used, fresh = Meter(), Meter()
    panel, other = Panel(qtbot, used), Panel(qtbot, fresh)
    used.set_level(0.9, 1.0)
    before = panel.picture
    for meter in (used, fresh):
        meter.set_level(0.2, 0.3)
        meter.settle()
    assert panel.picture == other.picture
    assert panel.picture != before
