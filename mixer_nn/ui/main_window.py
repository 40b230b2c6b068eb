"""The main window: monitors on top, the mixer in the middle, the transport at the bottom."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
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
    QMenuBar,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mixer_nn.ui import theme
from mixer_nn.ui.actions import Actions
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.compare_menu import CompareMenu
from mixer_nn.ui.cue_keys import CueKeys
from mixer_nn.ui.export import Exports
from mixer_nn.ui.files import Files
from mixer_nn.ui.header import Header
from mixer_nn.ui.help_pages import HelpPages
from mixer_nn.ui.looks import Looks
from mixer_nn.ui.mixer.mixer_panel import MixerPanel
from mixer_nn.ui.mixer.transport import Transport
from mixer_nn.ui.monitor_row import MonitorRow
from mixer_nn.ui.point_edits import PointEdits
from mixer_nn.ui.recent_menu import RecentMenu
from mixer_nn.ui.showing import Showing

SLIM_BELOW = 700
NARROW_BELOW = 1200
HEADER_NARROW_BELOW = 1340
FIRST_SIZE = (1440, 900)
SMALLEST = (900, 560)
EDGE = 12
"""Between the frame of the window and what is in it."""


class MainWindow(QMainWindow):
    """Assembles the views around one bench; owns menus, keys, layout and closing."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.bench = bench
        bench.setParent(self)
        self.files = Files(bench, self)
        self.exports = Exports(bench, self)
        self.looks = Looks(bench.preferences, self)
        self.help = HelpPages(self)
        self._ask_before_closing = True
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
        showing = Showing(bench, self)
        for name, slot in (
            ("autoMix", bench.automix.toggle),
            ("step", self._on_step),
            ("tenSteps", self._on_ten),
            ("hundredSteps", self._on_hundred),
            ("stepBack", bench.scrubbing.step_back),
            ("stepForward", bench.scrubbing.step_forward),
            ("backToStart", bench.desk.back_to_start),
            ("newStart", self._on_new_start),
            ("whichWay", self._on_which_way),
            ("whichMatter", bench.ranking.go_on),
            ("showAnswer", self._on_answer),
            ("slowMotion", bench.slow_motion.begin_or_go_on),
            ("slowMotionBack", bench.slow_motion.back),
            ("nextPoint", showing.next_point),
            ("previousPoint", showing.previous_point),
            ("leaveShowing", showing.leave),
            ("undo", bench.desk.undo),
            ("redo", bench.desk.redo),
            ("new", files.new),
            ("open", files.choose),
            ("pasteTable", files.paste),
            ("save", files.save),
            ("saveAs", files.save_as),
            ("quit", self.close),
            ("shortcuts", self.help.shortcuts),
            ("fullScreen", self.looks.toggle_full_screen),
            ("zoomIn", self.looks.zoom_in),
            ("zoomOut", self.looks.zoom_out),
            ("zoomReset", self.looks.zoom_reset),
        ):
            actions.add(name, slot)
        showing.leave_by(actions["leaveShowing"])
        self._cue_keys = CueKeys(actions, self)
        self._make_menus(actions)

    def _make_menus(self, actions: Actions) -> None:
        self.menus = bar = QMenuBar(self)
        file = actions.menu(bar, "&File", "new open")
        self._recent = RecentMenu(self.bench.preferences, self.files, self)
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
        mix = actions.menu(
            bar,
            "&Mix",
            "autoMix step tenSteps hundredSteps slowMotion slowMotionBack - stepBack stepForward"
            " backToStart newStart"
            " - whichWay whichMatter showAnswer nextPoint previousPoint leaveShowing",
        )
        mix.addSeparator()
        self._cue_keys.menu(mix)
        actions.plain(mix, "Runs", self._show_runs, "runs")
        mix.addMenu(CompareMenu(self.bench, mix))
        view = actions.menu(bar, "&View", "zoomIn zoomOut zoomReset fullScreen -")
        self.looks.fill(view, actions)
        panels = view.addMenu("Panels")
        self._panel_actions = [
            actions.plain(panels, title, self._on_panels, name)
            for title, name in (
                ("Fit", "panelFit"),
                ("Loss", "panelLoss"),
                ("Slice, landscape, maths", "panelWhy"),
            )
        ]
        for action in self._panel_actions:
            action.setCheckable(True)
            action.setChecked(True)
        info = actions.menu(bar, "&Help", "shortcuts")
        actions.plain(info, "Doctor", self.help.doctor, "doctor")
        actions.plain(info, "About Mixer NN", self.help.about, "about")

    def _make_views(self) -> None:
        """Each in its place from the beginning: to move views costs as much as to make them."""
        bench = self.bench
        # Where a small window and large text meet, everything is still there to be scrolled to.
        area = QScrollArea(self)
        area.setObjectName("page")
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCentralWidget(area)
        self._page = page = QWidget(area)
        # A click beside the controls takes the focus off them; so does the start.
        page.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        area.setWidget(page)
        buttons = (self.actions_["undo"], self.actions_["redo"])
        self.header = Header(bench, self.menus, buttons, page)
        self.rows = QSplitter(Qt.Orientation.Vertical, page)
        self.monitors = MonitorRow(bench, self.rows)
        self.fit, self.loss = self.monitors.fit, self.monitors.loss
        self.mixer = MixerPanel(bench, self.rows)
        self.transport = Transport(bench, page)

    def _place(self) -> None:
        self.rows.setObjectName("rows")
        self.rows.addWidget(self.monitors)
        self.rows.addWidget(self.mixer)
        self.rows.setStretchFactor(0, 1)
        self.rows.setStretchFactor(1, 0)
        self.rows.setHandleWidth(theme.px(10))
        self.rows.setChildrenCollapsible(False)
        box = QVBoxLayout(self._page)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.header)
        edge = theme.px(EDGE)
        body = QVBoxLayout()
        box.addLayout(body, 1)
        body.setContentsMargins(edge, theme.px(4), edge, edge)
        body.setSpacing(theme.px(10))
        body.addWidget(self.rows, 1)
        body.addWidget(self.transport)
        self._page.setFocus()
        self.setMinimumSize(*SMALLEST)
        self.resize(*FIRST_SIZE)

    def _connect(self) -> None:
        bench = self.bench
        for splitter in (self.rows, self.monitors):
            splitter.splitterMoved.connect(self._on_layout_chosen)
        self.mixer.side_moved.connect(self._on_side_moved)
        self._on_side_moved(self.mixer.is_crowded)
        self.looks.dressed.connect(self._arrange)
        self.points = PointEdits(bench.desk, self.fit, self)
        bench.desk.rewired.connect(self._arrange)
        bench.document.changed.connect(self._read_title)
        self._cue_keys.serve(self.transport.cues)
        self.transport.cues.refused.connect(self.mixer.message.notify)
        bench.fading.refused.connect(self.mixer.message.notify)
        self.mixer.message.recovery.open_asked.connect(self.files.recover)
        bench.desk.undo_changed.connect(self._read_undo)
        bench.automix.changed.connect(self._read_undo)

    # -- the mix ------------------------------------------------------------------------------

    def _show_runs(self) -> None:
        self.monitors.run_tools.open_runs()

    def _on_step(self) -> None:
        self.bench.automix.step(1)

    def _on_ten(self) -> None:
        self.bench.automix.step(10)

    def _on_hundred(self) -> None:
        self.bench.automix.step(100)

    def _on_side_moved(self, up: bool) -> None:
        self.monitors.take_side(self.mixer.side if up else None)

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

    def _on_panels(self) -> None:
        shown = [action.isChecked() for action in self._panel_actions]
        self.monitors.show_panels(dict(zip(("fit", "loss", "why"), shown, strict=True)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """What small windows leave out."""
        if hasattr(self, "transport"):
            low = self.height() < SLIM_BELOW * theme.zoom()
            narrow = self.width() < NARROW_BELOW * theme.zoom()
            self.transport.set_slim(low or narrow, self.width() - 2 * theme.px(EDGE))
            self.header.set_narrow(self.width() < HEADER_NARROW_BELOW * theme.zoom())
            self.mixer.set_small(low or narrow)
            self.monitors.set_narrow(narrow)
            self.monitors.setMinimumHeight(self.monitors.least_height)
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
        if event.type() not in (QEvent.Type.UpdateRequest, QEvent.Type.LayoutRequest):
            return super().event(event)
        # All painting of the window is done within the one; Auto-mix gets what time it leaves.
        begin = perf_counter()
        handled = super().event(event)
        self.bench.clock.note_painting(perf_counter() - begin)
        return handled

    # -- files --------------------------------------------------------------------------------

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
        self.bench.recovery.close()
        self.bench.clock.stop()
        super().closeEvent(event)
