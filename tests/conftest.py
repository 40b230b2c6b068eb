"""What every test stands on: no display, nobody's settings, no warning, no widget left alive."""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
from collections.abc import Generator
from pathlib import Path

import mixer_nn  # noqa: F401  # isort: skip  (linear algebra on one thread, set before NumPy)

import pytest
from hypothesis import settings

# Before Qt is asked for anything: no window on a developer's screen, none needed on a server.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same tests find the same thing each time, on a slow machine too.
settings.register_profile("same every time", derandomize=True, deadline=None)
settings.load_profile("same every time")

_XDG_HOMES = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full",
        action="store_true",
        help="in tests/trust: the whole counts, which take minutes, and not a sample of them",
    )
    parser.addoption(
        "--monkey",
        metavar="SEED:EVENTS",
        help="in tests/trust/test_monkey.py: the events of this seed, up to that many",
    )


@pytest.fixture
def full(pytestconfig: pytest.Config) -> bool:
    """Whether the whole counts are asked for."""
    whole = bool(pytestconfig.getoption("--full"))
    if whole:
        # They take minutes without hanging, and printing where busy code is can crash it.
        faulthandler.cancel_dump_traceback_later()
    return whole


@pytest.fixture(autouse=True)
def nobodys_settings(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Give each test, and what it starts, an empty home for settings and saved state.

    Returns its folder. `QSettings()` writes an INI file there, whose values a new process reads
    back as text, so a test that forgets a `type=` fails as the program would.
    """
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)  # Qt insists on it for XDG_RUNTIME_DIR
    for name in _XDG_HOMES:
        monkeypatch.setenv(name, str(home))
    if "PySide6.QtCore" in sys.modules:
        _keep_settings_in(home)
    return home


def _keep_settings_in(folder: Path) -> None:
    from PySide6.QtCore import QSettings

    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for form in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
            QSettings.setPath(form, scope, str(folder))


def pytest_collection_finish() -> None:
    """Let the collecting after each test pass over the modules, which are all imported by now."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Fail a test whose widgets outlive it, after destroying what was only scheduled for it."""
    yield
    if "qapp" not in getattr(item, "fixturenames", ()):
        return
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    # What lives on from here is kept for good: the next collecting need not walk it again.
    gc.freeze()
    leaked = [w for w in QApplication.topLevelWidgets() if not w.property("leaked")]
    for widget in leaked:
        widget.setProperty("leaked", True)  # blame each leak on one test only
    if leaked:
        names = ", ".join(f"{type(w).__name__} {w.objectName()}".rstrip() for w in leaked)
        pytest.fail(
            f"{item.name} left alive: {names}. Give what a test makes to qtbot.addWidget. If that "
            "was done, something still holds it: most often a lambda or functools.partial with "
            "`self` in it is connected to a signal, and PySide6 never lets go of those. Connect "
            "a bound method, and let the sender carry its index.",
            pytrace=False,
        )
