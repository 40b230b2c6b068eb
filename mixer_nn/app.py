"""The composition root: what happens when someone types `mixer-nn`.

1. The arguments become one frozen value that says what is wanted; wrong usage ends here, code 2.
   So far nothing but the standard library is loaded, so that this and `doctor` work anywhere.
2. `train` goes to `mixer_nn.cli`: data, arithmetic, a file. Qt is never imported.
3. The window and `render` first ask the system what Qt needs, since a Qt that lacks a library, or
   meets a Python it was not built for, aborts instead of answering. Only then is Qt imported:
   `mixer_nn.ui.launch` makes the one Desk, its history and clock, the window around them, and
   runs the event loop, or draws one picture.
4. Whatever cannot be done ends as one line on stderr and code 1.

Everything that a window needs is made by `build`, so that tests get the same window as a person.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from mixer_nn import system
from mixer_nn.cli.arguments import PROGRAM, Command, Doctor, Render, Train, Window, parse
from mixer_nn.core.errors import MixError

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from mixer_nn.ui.main_window import MainWindow


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the `arguments` say (None: those of the process); returns the exit code.

    0 done; 1 could not, with one line on stderr; 2 wrong usage.
    """
    _print_what_can_be_printed()
    try:
        command = parse(sys.argv[1:] if arguments is None else arguments)
    except SystemExit as ended:  # argparse has said why
        return ended.code if isinstance(ended.code, int) else 2
    try:
        return _RUN[type(command)](command)
    except MixError as error:
        return _could_not(str(error))
    except KeyboardInterrupt:
        return _could_not("Interrupted.")
    except MemoryError:
        return _could_not("There is not enough memory for this; close other programs.")
    except BrokenPipeError:
        # Whoever read the output has gone; nothing more may be written, at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def build(
    path: Path | None = None, *, settings: QSettings | None = None, recovery: bool | Path = False
) -> MainWindow:
    """The window with everything behind it, on the mix or table at `path`; not shown yet.

    Needs a QApplication. Installs no hooks, touches no user settings but `settings`, opens no
    modal dialog. Raises MixError for a file that cannot be used. `recovery`: whether unsaved work
    is kept in the usual folder, or in which other one, and offered after a kill.
    """
    from mixer_nn.ui import launch

    return launch.build(path, settings=settings, recovery=recovery)


def _print_what_can_be_printed() -> None:
    """Let a terminal that knows no “ŷ” or “²” show a question mark rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def _could_not(sentence: str) -> int:
    sys.stderr.write(f"{PROGRAM}: {' '.join(sentence.split())}\n")
    return 1


def _check_there(path: Path | None) -> None:
    # os.path, as Path.exists raises where a folder on the way may not be read.
    if path is not None and not os.path.exists(path):  # noqa: PTH110
        name = path.name or str(path)
        raise MixError(f"“{name}” does not exist; check its name and folder.")


def _window(command: Window) -> int:
    _check_there(command.path)
    system.check_qt()
    from mixer_nn.ui.launch import run_window

    return run_window(command.path, command.fresh)


def _render(command: Render) -> int:
    _check_there(command.path)
    if not command.output.parent.is_dir():
        raise MixError(f"There is no folder “{command.output.parent}” for the picture; make it.")
    # No display is asked for, though there may be one: the same picture everywhere.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    system.check_qt(window=False)
    from mixer_nn.ui.launch import render_picture

    size, ratio = command.size, command.ratio
    render_picture(command.path, command.output, size, command.steps, command.theme, ratio)
    return 0


def _train(command: Train) -> int:
    from mixer_nn.cli import train

    return train.run(command)


def _doctor(_command: Doctor) -> int:
    from mixer_nn.doctor import doctor_report

    print(doctor_report(), flush=True)
    return 0


_RUN: dict[type[Command], Callable[..., int]] = {
    Window: _window,
    Train: _train,
    Render: _render,
    Doctor: _doctor,
}
