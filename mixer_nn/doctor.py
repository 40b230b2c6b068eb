"""`mixer-nn doctor`: what is installed, whether Qt starts, and what to type if it does not."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import mixer_nn
from mixer_nn import system
from mixer_nn.core.errors import MixError

_PACKAGES = ("PySide6-Essentials", "PySide6-Addons", "pyqtgraph", "numpy", "pandas")
_BLAS_THREADS = "OPENBLAS_NUM_THREADS"

# In a process of its own, because a Qt that cannot start aborts.
_START_QT = """
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
screen = app.primaryScreen()
size = screen.size()
print(f"{qVersion()} starts on {app.platformName()}, screen {size.width()}x{size.height()}"
      f" at {screen.devicePixelRatio():.0%}")
"""


def doctor_report() -> str:
    """Answer line by line, as `name  value`; what needs doing comes last.

    Works without Qt's libraries: it reads versions from the installed packages' metadata and
    starts Qt only in another process.
    """
    facts = {
        "Mixer NN": mixer_nn.__version__,
        "Python": f"{platform.python_version()} ({sys.executable})",
        "System": platform.platform(),
        **{name: system.installed(name) or "not installed" for name in _PACKAGES},
        "BLAS threads": os.environ.get(_BLAS_THREADS, "as the library likes"),
        "Graphics": system.graphics_platform(),
        "Qt": _qt(),
    }
    width = max(map(len, facts)) + 2
    lines = [f"{name:<{width}}{value}" for name, value in facts.items()]
    return "\n".join([*lines, "", *_to_do()])


def _qt() -> str:
    try:
        system.check_qt(window=system.graphics_platform() != "none")
    except MixError:
        return "cannot start, see below"
    environ = dict(os.environ)
    if system.graphics_platform() == "none":
        environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        run = subprocess.run(
            [sys.executable, "-c", _START_QT],
            capture_output=True,
            text=True,
            env=environ,
            timeout=30,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "does not start within 30 seconds"
    if run.returncode == 0:
        return run.stdout.strip()
    said = run.stderr.strip().splitlines()
    return f"does not start: {said[-1] if said else f'exit code {run.returncode}'}"


def _to_do() -> list[str]:
    """What stands between this machine and a window, each with its remedy."""
    steps = []
    try:
        system.check_python_and_qt()
    except MixError as error:
        steps.append(str(error))
    if missing := system.missing_libraries():
        steps.append(f"Missing system libraries: {', '.join(missing)}")
        hint = system.install_hint(missing)
        steps.append(hint[0].upper() + hint[1:])
    if problem := system.display_problem():
        steps.append(problem)
    return steps or ["Nothing is missing."]
