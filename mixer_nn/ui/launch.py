"""Starting the window, or drawing it into a picture."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths
from PySide6.QtWidgets import QApplication

from mixer_nn.core.errors import MixError
from mixer_nn.data.table import build as prepare
from mixer_nn.data.table import propose, read_table
from mixer_nn.session import file
from mixer_nn.session.mix import Mix, Setup, neuron_on
from mixer_nn.session.schema import Saved
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui import errors, theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.first_mix import SEED, first_mix
from mixer_nn.ui.main_window import MainWindow


def build(
    path: Path | None = None, *, settings: QSettings | None = None, recovery: bool | Path = False
) -> MainWindow:
    """The window with everything in it, not yet shown; needs a QApplication.

    Installs no hooks, touches no settings but those given (none: a store that is forgotten) and
    opens no dialog. `path` is a mix or a table to begin with; MixError where it cannot be read.
    `recovery`: whether unsaved work is kept in the usual folder, or in which other one, and what
    windows that were killed have left there is offered.
    """
    root = recovery_folder() if recovery is True else recovery or None
    if path is None:
        saved, is_mix = Saved(first_mix(), Setup()), False
    else:
        is_mix = path.suffix.lower() == file.SUFFIX
        saved = file.read(path) if is_mix else Saved(mix_of_table(path), Setup())
    window = MainWindow(Bench(saved.mix, Preferences(settings), saved.setup, root))
    if is_mix and path is not None:
        window.bench.document.take_up(path, saved)
    window.bench.recovery.look()
    return window


def recovery_folder() -> Path:
    """Where the program keeps unsaved work; needs the application's name."""
    places = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(places)) / "recovery"


def mix_of_table(path: Path) -> Mix:
    """One neuron on the table at `path`, with the columns that a preview would have chosen."""
    table = read_table(path)
    return neuron_on(prepare(table, propose(table)).dataset, SEED)


def _application(arguments: list[str]) -> QApplication:
    app = QApplication(arguments)
    app.setApplicationName("Mixer NN")
    app.setOrganizationName("Mixer NN")
    app.setDesktopFileName("mixer-nn")
    return app


def run_window(path: Path | None, fresh: bool) -> int:
    """Open the window, on a mix or a table if given, and run until it is closed.

    `fresh` starts as on the first day: nothing that was remembered is read, nothing is kept.
    """
    app = _application(sys.argv[:1])
    settings = None if fresh else QSettings()
    preferences = Preferences(settings)
    theme.apply(app, preferences.theme, preferences.zoom)
    is_mix = path is not None and path.suffix.lower() == file.SUFFIX
    window = build(path if is_mix else None, settings=settings, recovery=not fresh)
    guard = errors.install(window, window.save_after_error)
    # Ctrl+C in the terminal ends the program: Python gets no turn while Qt waits for events.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    room = window.screen().availableSize()
    if not (window.isMaximized() or window.isFullScreen()):
        # On a small screen the first size would be too large, and not every system sees to it.
        window.resize(window.size().boundedTo(room))
    window.show()
    if path is not None and not is_mix:
        window.files.open(path)
    try:
        return app.exec()
    finally:
        errors.uninstall(guard)


def render_picture(
    path: Path | None,
    output: Path,
    size: tuple[int, int],
    steps: int,
    theme_name: str,
    ratio: float,
) -> None:
    """Draw the window after `steps` steps into the PNG file `output`, without a display.

    `size` is in logical pixels, of which each is `ratio` pixels of the picture wide and high.
    Raises MixError where the mix cannot be read or the picture not be written.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = f"{ratio:g}"
    app = _application(["mixer-nn"])
    theme.apply(app, theme_name, 1.0)
    window = build(path)
    window.setMinimumSize(1, 1)
    window.resize(*size)
    window.show()
    app.processEvents()
    window.bench.clock.tick()
    window.take_steps(steps)
    app.processEvents()
    saved = window.grab().save(str(output), "PNG")
    window.close_without_asking()
    if not saved:
        raise MixError(f"“{output.name}” could not be written to {output.parent.absolute()}.")
