"""What Qt needs from the machine, asked before Qt is imported: it would abort instead of answering.

Nothing here imports Qt or NumPy, so that it can still speak when either is broken.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from mixer_nn.core.errors import MixError

QT_REQUIREMENT = "PySide6-Essentials>=6.10,<6.12"

# Each library Qt loads, and the Debian package in our apt line that brings it, directly or through
# what that package depends on (verified on a bare Debian 12).
_TO_DRAW = {
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",  # brings the DejaVu fonts, without which no text
    "libfreetype.so.6": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
}
_TO_OPEN_A_WINDOW = {
    "libxcb.so.1": "libgl1",
    "libX11-xcb.so.1": "libgl1",
    "libxcb-randr.so.0": "libgl1",
    "libxcb-sync.so.1": "libgl1",
    "libxcb-xfixes.so.0": "libgl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-image.so.0": "libxcb-cursor0",
    "libxcb-util.so.1": "libxcb-cursor0",
    "libxcb-render-util.so.0": "libxcb-cursor0",
    "libxcb-render.so.0": "libxcb-cursor0",
    "libxcb-shm.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-xkb.so.1": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}

# The one list: the README's line, `.ci/run` and `doctor` name these packages, and a test compares.
# python3-venv is not Qt's, but a bare Debian cannot make an environment without it.
APT_PACKAGES = (
    "python3-venv",
    *dict.fromkeys((*_TO_DRAW.values(), *_TO_OPEN_A_WINDOW.values())),
)
APT_LINE = "apt-get install -y --no-install-recommends " + " ".join(APT_PACKAGES)

# Platforms of Qt that need no display server.
_WITHOUT_DISPLAY = {"offscreen", "minimal", "minimalegl", "vnc", "eglfs", "linuxfb", "vkkhrdisplay"}


def installed(distribution: str) -> str | None:
    """The version of an installed package, without importing it; None if it is not there."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def check_python_and_qt(python: tuple[int, ...] = sys.version_info[:2]) -> None:
    """Raise MixError if PySide6 is not installed, or is one that aborts this Python.

    PySide6 6.12 is built for Python 3.12, where None and True cannot be freed; on an older Python
    each paint takes one reference from None until the interpreter dies (PYSIDE-3474).
    """
    if find_spec("PySide6") is None:
        raise MixError(f'PySide6 is not installed; run: python -m pip install "{QT_REQUIREMENT}"')
    for name in ("PySide6-Essentials", "PySide6", "shiboken6"):
        found = installed(name)
        if found and _major_minor(found) >= (6, 12) and python < (3, 12):
            raise MixError(
                f"{name} {found} aborts Python {python[0]}.{python[1]} after a few thousand paints "
                "(PYSIDE-3474); use Python 3.12 or newer, or run: "
                f'python -m pip install "{QT_REQUIREMENT}"'
            )


def _major_minor(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:2])


def missing_libraries(window: bool = True) -> list[str]:
    """Name the shared libraries that Qt needs and this Linux system does not have.

    With `window` also those it takes to open one under X; drawing a picture needs fewer. Qt's own
    files are opened to find out, which costs next to nothing, since Qt opens them anyway; `ldd`
    is asked only when one does not open.
    """
    failures = [failure for path in _qt_files(window) if (failure := _cannot_load(path))]
    if not failures:
        return []
    names = set(_not_found_by_ldd(_qt_files(window)))
    if not names:
        table = _TO_DRAW | (_TO_OPEN_A_WINDOW if window else {})
        names = {name for name in table if _cannot_load(Path(name))}
    # The loader names the first one only, but whatever it names is certainly missing.
    names |= {failure.split(": ", 1)[0] for failure in failures}
    return sorted(names)


def _qt_folder() -> Path | None:
    spec = find_spec("PySide6")  # of a top-level package: finds it, does not import it
    if spec is None or not sys.platform.startswith("linux"):
        return None
    return next((Path(place) / "Qt" for place in spec.submodule_search_locations or ()), None)


def _qt_files(window: bool) -> list[Path]:
    """Qt's own files that pull in all the others; the last three are what pyqtgraph imports."""
    qt = _qt_folder()
    if qt is None:
        return []
    libraries = ["Core", "Gui", "Widgets", "Svg", "Test", "OpenGLWidgets"]
    files = [qt / "lib" / f"libQt6{name}.so.6" for name in libraries]
    if window:
        files.append(qt / "plugins" / "platforms" / "libqxcb.so")
    return [path for path in files if path.exists()]


def _goes_through_x(platform: str) -> bool:
    """Whether a window ends up on X: asked for, or because Wayland's own libraries are missing."""
    qt = _qt_folder()
    if platform == "wayland" and qt:
        return bool(_cannot_load(qt / "plugins" / "platforms" / "libqwayland.so"))
    return "xcb" in platform


def _cannot_load(path: Path) -> str:
    """Why the loader refuses a library, in its own words; empty if it does not."""
    try:
        ctypes.CDLL(str(path))
    except OSError as error:
        return str(error)
    return ""


def _not_found_by_ldd(files: Sequence[Path]) -> list[str]:
    """Every library `ldd` finds no file for; nothing if there is no `ldd`."""
    ldd = shutil.which("ldd")
    if ldd is None:
        return []
    plain = {**os.environ, "LC_ALL": "C"}
    result = subprocess.run([ldd, *files], capture_output=True, text=True, env=plain, check=False)
    return re.findall(r"^\s*(\S+) => not found", result.stdout, flags=re.MULTILINE)


def install_hint(missing: Sequence[str]) -> str:
    """Say how to get the `missing` libraries, ending in what to type; empty if none are."""
    if not missing:
        return ""
    if shutil.which("apt-get") is None:
        packages = " ".join(APT_PACKAGES)
        return f"install with your system's package manager what Debian calls: {packages}"
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"install them with: {sudo}apt-get update && {sudo}{APT_LINE}"


def graphics_platform(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> str:
    """Name the Qt platform plugin that a window would use: `xcb`, `wayland`, ..., or `none`."""
    if chosen := environ.get("QT_QPA_PLATFORM"):
        return chosen
    if not system.startswith("linux"):
        return {"win32": "windows", "darwin": "cocoa"}.get(system, "unknown")
    if environ.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if environ.get("DISPLAY") else "none"


def display_problem(
    environ: Mapping[str, str] = os.environ, system: str = sys.platform
) -> str | None:
    """Say in one sentence why no window can be shown here, or None if one can."""
    if not system.startswith("linux"):
        return None
    # A choice may be a list with arguments: "wayland;xcb", "vnc:size=800x600".
    choices = {name.split(":")[0] for name in graphics_platform(environ, system).split(";")}
    if choices & _WITHOUT_DISPLAY or ("wayland" in choices and environ.get("WAYLAND_DISPLAY")):
        return None
    instead = "`mixer-nn render -o window.png` draws the window into a picture instead"
    display = environ.get("DISPLAY")
    if not display:
        return f"There is no display to open a window on (DISPLAY is not set); {instead}."
    if not _x_server_answers(display):
        return f"No display answers at DISPLAY={display}; {instead}."
    return None


def _x_server_answers(display: str) -> bool:
    """Knock the way Qt will, since Qt aborts when nobody opens; True if there is no way to ask."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    for function in (xcb.xcb_connection_has_error, xcb.xcb_disconnect):
        function.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not refused


def check_qt(window: bool = True) -> None:
    """Raise MixError unless Qt can be imported and draw here and, with `window`, show a window."""
    check_python_and_qt()
    if missing := missing_libraries(window=window and _goes_through_x(graphics_platform())):
        # A command stands last and has no full stop, so that it can be copied as it is.
        names = ", ".join(missing)
        raise MixError(f"Qt needs libraries this system lacks ({names}); {install_hint(missing)}")
    if window and (problem := display_problem()):
        raise MixError(problem)
