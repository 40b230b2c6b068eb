"""The main window: monitors on top, the mixer in the middle, the transport at the bottom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QMainWindow,
    QMenu,
    QMenuBar,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from mixer_nn import __version__
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.data.by_hand import moved_point, with_point, without_point
from mixer_nn.doctor import doctor_report
from mixer_nn.ui import theme
from mixer_nn.ui.actions import Actions
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.dialogs.messages import tell
from mixer_nn.ui.dialogs.shortcuts import ShortcutsDialog
from mixer_nn.ui.dialogs.text_dialog import TextDialog
from mixer_nn.ui.export import Exports
from mixer_nn.ui.files import Files
from mixer_nn.ui.header import Header
from mixer_nn.ui.mixer.mixer_panel import MixerPanel
from mixer_nn.ui.mixer.transport import Transport
from mixer_nn.ui.monitors.fit_monitor import FitMonitor
from mixer_nn.ui.monitors.loss_monitor import LossMonitor

SLIM_BELOW = 700
NARROW_BELOW = 1200
HEADER_NARROW_BELOW = 1340
FIRST_SIZE = (1440, 900)
SMALLEST = (900, 560)
LOWEST_MONITORS = 200
ZOOM_STEP = 0.1


class MainWindow(QMainWindow):
    """Assembles the views around one bench; owns menus, keys, layout and closing."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.bench = bench
        bench.setParent(self)
        self.files = Files(bench, self)
        self.exports = Exports(bench, self)
        self._ask_before_closing = True
        self._side_up = self._paged = False
        self._layout_chosen = self._splitters_restored = False
        self.setObjectName("mainWindow")
        self.setAcceptDrops(True)
        self._make_actions()
        self._make_views()
        self._place()
        self._connect()
        self._restore_layout()
        self._read_title()
        self._read_undo()

    # -- made ---------------------------------------------------------------------------------

    def _make_actions(self) -> None:
        bench, files = self.bench, self.files
        self.actions_ = actions = Actions(self)
        for name, slot in (
            ("autoMix", bench.automix.toggle),
            ("step", self._on_step),
            ("tenSteps", self._on_ten),
            ("hundredSteps", self._on_hundred),
            ("backToStart", bench.desk.back_to_start),
            ("newStart", self._on_new_start),
            ("whichWay", self._on_which_way),
            ("showAnswer", self._on_answer),
            ("undo", bench.desk.undo),
            ("redo", bench.desk.redo),
            ("new", files.new),
            ("open", files.choose),
            ("pasteTable", files.paste),
            ("save", files.save),
            ("saveAs", files.save_as),
            ("quit", self.close),
            ("shortcuts", self._show_shortcuts),
            ("fullScreen", self._toggle_full_screen),
            ("zoomIn", self._zoom_in),
            ("zoomOut", self._zoom_out),
            ("zoomReset", self._zoom_reset),
        ):
            actions.add(name, slot)
        self._make_menus(actions)

    def _make_menus(self, actions: Actions) -> None:
        self.menus = bar = QMenuBar(self)
        file = actions.menu(bar, "&File", "new open")
        self._recent = QMenu("Open recent", self)
        self._recent.aboutToShow.connect(self._fill_recent)
        file.addMenu(self._recent)
        for name in ("pasteTable", "save", "saveAs"):
            file.addAction(actions[name])
        file.addSeparator()
        actions.plain(file, "Export picture…", self.exports.picture, "exportPicture")
        actions.plain(file, "Export parameters…", self.exports.parameters, "exportParameters")
        actions.plain(file, "Export loss…", self.exports.loss, "exportLoss")
        file.addSeparator()
        file.addAction(actions["quit"])
        actions.menu(bar, "&Edit", "undo redo - pasteTable")
        actions.menu(
            bar,
            "&Mix",
            "autoMix step tenSteps hundredSteps - backToStart newStart - whichWay showAnswer",
        )
        view = actions.menu(bar, "&View", "zoomIn zoomOut zoomReset fullScreen -")
        themes = view.addMenu("Theme")
        rows = (("Follow the system", "system"), ("Dark", "dark"), ("Light", "light"))
        self._themes = actions.choice(themes, rows, self.bench.preferences.theme)
        self._themes.triggered.connect(self._on_theme)
        self._motion = actions.plain(view, "Reduce motion", self._on_motion, "reduceMotion")
        self._motion.setCheckable(True)
        self._motion.setChecked(self.bench.preferences.reduced_motion)
        panels = view.addMenu("Panels")
        self._panel_actions = [
            actions.plain(panels, title, self._on_panels, name)
            for title, name in (("Fit", "panelFit"), ("Loss", "panelLoss"))
        ]
        for action in self._panel_actions:
            action.setCheckable(True)
            action.setChecked(True)
        info = actions.menu(bar, "&Help", "shortcuts")
        actions.plain(info, "Doctor", self._show_doctor, "doctor")
        actions.plain(info, "About Mixer NN", self._show_about, "about")

    def _make_views(self) -> None:
        bench = self.bench
        buttons = (self.actions_["undo"], self.actions_["redo"])
        self.header = Header(bench, self.menus, buttons, self)
        self.fit = FitMonitor(
            bench.desk,
            bench.readings,
            bench.guidance,
            bench.automix,
            self,
            listening=bench.listening,
        )
        self.loss = LossMonitor(bench.desk, bench.readings, bench.automix, self)
        self.mixer = MixerPanel(bench, self)
        self.transport = Transport(bench, self)

    def _place(self) -> None:
        self.monitors = QSplitter(Qt.Orientation.Horizontal, self)
        self.monitors.setObjectName("monitors")
        self.monitors.addWidget(self.fit)
        self.monitors.addWidget(self.loss)
        # Where there is no room for three monitors, all but the first are pages of one.
        self.pages = QTabWidget(self)
        self.pages.setObjectName("monitorPages")
        self.pages.hide()
        self.monitors.setSizes([620, 380])
        self.rows = QSplitter(Qt.Orientation.Vertical, self)
        self.rows.setObjectName("rows")
        self.rows.addWidget(self.monitors)
        self.rows.addWidget(self.mixer)
        self.rows.setStretchFactor(0, 1)
        self.rows.setStretchFactor(1, 0)
        for splitter in (self.monitors, self.rows):
            splitter.setHandleWidth(theme.px(10))
            splitter.setChildrenCollapsible(False)
        page = QWidget(self)
        # A click beside the controls takes the focus off them; so does the start.
        page.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.header)
        body = QVBoxLayout()
        edge = theme.px(12)
        body.setContentsMargins(edge, theme.px(4), edge, edge)
        body.setSpacing(theme.px(10))
        body.addWidget(self.rows, 1)
        body.addWidget(self.transport)
        box.addLayout(body, 1)
        # Where a small window and large text meet, everything is still there to be scrolled to.
        area = QScrollArea(self)
        area.setObjectName("page")
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        self.setCentralWidget(area)
        page.setFocus()
        self.setMinimumSize(*SMALLEST)
        self.resize(*FIRST_SIZE)

    def _connect(self) -> None:
        bench = self.bench
        for splitter in (self.rows, self.monitors):
            splitter.splitterMoved.connect(self._on_layout_chosen)
        self.mixer.side_moved.connect(self._on_side_moved)
        self.fit.point_added.connect(self._on_point_added)
        self.fit.point_moved.connect(self._on_point_moved)
        self.fit.point_removed.connect(self._on_point_removed)
        self.fit.point_grabbed.connect(self._on_point_grabbed)
        self.fit.point_let_go.connect(bench.desk.end_edit)
        bench.desk.rewired.connect(self._arrange)
        bench.document.changed.connect(self._read_title)
        bench.desk.undo_changed.connect(self._read_undo)
        bench.automix.changed.connect(self._read_undo)

    # -- the mix ------------------------------------------------------------------------------

    def _on_step(self) -> None:
        self.bench.automix.step(1)

    def _on_ten(self) -> None:
        self.bench.automix.step(10)

    def _on_hundred(self) -> None:
        self.bench.automix.step(100)

    def _on_point_added(self, inputs: Sequence[float], target: float | int) -> None:
        self._edit(partial(with_point, inputs=inputs, target=target), "add a point")

    def _on_point_moved(self, row: int, inputs: Sequence[float], target: float | int) -> None:
        self._edit(partial(moved_point, row=row, inputs=inputs, target=target), "move a point")

    def _on_point_removed(self, row: int) -> None:
        self._edit(partial(without_point, row=row), "remove a point")

    def _on_point_grabbed(self, row: int) -> None:
        self.bench.desk.begin_edit(f"move point {row + 1}")

    def _edit(self, change: Callable[[Dataset], Dataset], text: str) -> None:
        desk = self.bench.desk
        try:
            dataset = change(desk.mix.dataset)
        except MixError as error:
            tell(self, str(error))
        else:
            desk.edit_data(dataset, text)

    def _on_side_moved(self, up: bool) -> None:
        self._side_up = up
        self._share_monitors()

    def _least_for_monitors(self) -> int:
        """The height below which a monitor would lose something that it shows."""
        least = theme.px(LOWEST_MONITORS)
        if self._side_up and not self._paged:
            least = max(least, self.mixer.side.minimumSizeHint().height())
        return least

    def _share_monitors(self) -> None:
        """Loss and side panel next to each other, or as pages where the window is narrow."""
        narrow = self.width() < NARROW_BELOW * theme.zoom()
        paged = self._side_up and narrow
        if paged != self._paged:
            self._paged = paged
            if paged:
                self._turn_into_pages()
            else:
                self._lay_side_by_side()
        if self._side_up and not paged:
            self.monitors.addWidget(self.mixer.side)
        if self._side_up:
            self.mixer.side.show()

    def _turn_into_pages(self) -> None:
        side = self.mixer.side
        self.pages.addTab(self.loss, "Loss")
        for title, part in (("Numbers", side), ("Knob", side.selected)):
            area = QScrollArea(self.pages)
            area.setFrameShape(QScrollArea.Shape.NoFrame)
            area.setWidgetResizable(True)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidget(part)
            self.pages.addTab(area, title)
        side.set_paged(True)
        self.monitors.addWidget(self.pages)
        self.pages.show()

    def _lay_side_by_side(self) -> None:
        side = self.mixer.side
        for index in (2, 1):
            area = self.pages.widget(index)
            if isinstance(area, QScrollArea):
                part = area.widget()
                # It may have been taken back already, which a scroll area does not notice.
                if part is not None and part.parentWidget() is area.viewport():
                    area.takeWidget()
                self.pages.removeTab(index)
                area.deleteLater()
        side.set_paged(False)
        self.monitors.addWidget(self.loss)
        self.pages.hide()
        self.loss.show()

    def _on_new_start(self) -> None:
        self.transport.new_start()

    def _on_which_way(self) -> None:
        self.bench.guidance.show_arrows(not self.bench.guidance.arrows)

    def _on_answer(self) -> None:
        if self.bench.readings.answer is not None:
            self.bench.guidance.show_answer(not self.bench.guidance.answer)

    def _read_undo(self) -> None:
        stack = self.bench.desk.undo_stack
        running = self.bench.automix.playing
        for name, can, text in (
            ("undo", stack.can_undo or running, stack.undo_text),
            ("redo", stack.can_redo, stack.redo_text),
        ):
            action = self.actions_[name]
            action.setEnabled(can)
            tip = f"{name.capitalize()} {text}".rstrip()
            if name == "undo" and stack.has_forgotten:
                tip += " (the oldest steps are forgotten)"
            action.setToolTip(tip)

    def _read_title(self) -> None:
        document = self.bench.document
        self.setWindowTitle(f"{document.name}[*] – Mixer NN")
        self.setWindowModified(document.modified)

    # -- view ---------------------------------------------------------------------------------

    def _on_theme(self, action: QAction) -> None:
        self.bench.preferences.theme = str(action.data())
        self._dress()

    def _on_motion(self) -> None:
        self.bench.preferences.reduced_motion = self._motion.isChecked()

    def _on_panels(self) -> None:
        fit, loss = self._panel_actions
        self.fit.setVisible(fit.isChecked())
        self.loss.setVisible(loss.isChecked())
        self.monitors.setVisible(fit.isChecked() or loss.isChecked())

    def _zoom(self, factor: float) -> None:
        low, high = theme.ZOOM_RANGE
        self.bench.preferences.zoom = min(max(round(factor, 2), low), high)
        self._dress()

    def _zoom_in(self) -> None:
        self._zoom(theme.zoom() + ZOOM_STEP)

    def _zoom_out(self) -> None:
        self._zoom(theme.zoom() - ZOOM_STEP)

    def _zoom_reset(self) -> None:
        self._zoom(1.0)

    def _dress(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            # A style sheet that takes another's place gives the widgets back the fonts they had
            # under that one, and text would stay as large as it was.
            app.setStyleSheet("")
            theme.apply(app, self.bench.preferences.theme, self.bench.preferences.zoom)
            for part in self.findChildren(QWidget):
                QApplication.sendEvent(part, QEvent(QEvent.Type.StyleChange))
        self._arrange()

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """What small windows leave out."""
        if hasattr(self, "transport"):
            low = self.height() < SLIM_BELOW * theme.zoom()
            narrow = self.width() < NARROW_BELOW * theme.zoom()
            self.transport.set_slim(low or narrow)
            self.header.set_narrow(self.width() < HEADER_NARROW_BELOW * theme.zoom())
            self.mixer.set_small(low or narrow)
            self._share_monitors()
            self.monitors.setMinimumHeight(self._least_for_monitors())
            if not self._layout_chosen:
                self.rows.setSizes([self.height(), self.mixer.sizeHint().height()])

    def event(self, event: QEvent) -> bool:
        # Comes here from what has the focus, unless that has taken it: a button reached by Tab is
        # pressed by the space bar, as everywhere, and only then not Auto-mix.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and isinstance(QApplication.focusWidget(), (QAbstractButton, QComboBox))
        ):
            event.accept()
            return True
        return super().event(event)

    # -- help ---------------------------------------------------------------------------------

    def _show_shortcuts(self) -> None:
        self._open(ShortcutsDialog(self))

    def _show_doctor(self) -> None:
        self._open(TextDialog(self, "Doctor", doctor_report()))

    def _show_about(self) -> None:
        self._open(
            TextDialog(
                self,
                "About Mixer NN",
                f"Mixer NN {__version__}\n\nA knob for every weight and every bias of a small"
                "\nneural network. Turn them by hand, or let gradient descent.",
            )
        )

    def _open(self, dialog: ShortcutsDialog | TextDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # -- files --------------------------------------------------------------------------------

    def _fill_recent(self) -> None:
        self._recent.clear()
        paths = self.bench.preferences.recent
        for path in paths:
            action = self._recent.addAction(f"{path.name}   {path.parent}")
            action.setData(str(path))
            action.triggered.connect(self._on_recent)
        if not paths:
            self._recent.addAction("Nothing yet").setEnabled(False)

    def _on_recent(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.files.open(Path(str(action.data())))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.files.can_take(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.files.take(event.mimeData())

    # -- layout, closing ----------------------------------------------------------------------

    def _restore_layout(self) -> None:
        preferences = self.bench.preferences
        self.restoreGeometry(preferences.layout("window"))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._splitters_restored:
            return
        # Only now are the splitters as long as they will be.
        self._splitters_restored = True
        for splitter in (self.monitors, self.rows):
            state = self.bench.preferences.layout(splitter.objectName())
            self._layout_chosen |= splitter.restoreState(state)
        self._arrange()

    def _on_layout_chosen(self) -> None:
        self._layout_chosen = True

    def _save_layout(self) -> None:
        preferences = self.bench.preferences
        preferences.set_layout("window", self.saveGeometry())
        if self._layout_chosen:
            for splitter in (self.monitors, self.rows):
                preferences.set_layout(splitter.objectName(), splitter.saveState())

    def take_steps(self, count: int) -> None:
        """Take steps one after the other, each with a frame, as at a slow tempo: for pictures."""
        bench = self.bench
        for _ in range(count):
            bench.automix.step(1)
            bench.clock.tick(100.0)

    def save_after_error(self) -> None:
        """Save the mix from the dialog about a defect."""
        self.files.save_as()

    def close_without_asking(self) -> None:
        """Close and lose what is not saved: for pictures and tests."""
        self._ask_before_closing = False
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.bench.automix.pause()
        if self._ask_before_closing and not self.files.may_leave():
            event.ignore()
            return
        self._save_layout()
        self.files.close()
        self.bench.clock.stop()
        super().closeEvent(event)
