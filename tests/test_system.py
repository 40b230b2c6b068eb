"""A machine where something is missing is told what, and what to type; never a traceback."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from mixer_nn import system
from mixer_nn.core.errors import MixError
from mixer_nn.doctor import doctor_report

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="Qt's wheels bring what they need elsewhere"
)

Lacking = Callable[[Iterable[str]], None]

_LDD = """#!/bin/sh
echo '/site/PySide6/Qt/lib/libQt6Widgets.so.6:'
echo '	linux-vdso.so.1 (0x00007ffd)'
echo '	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f00)'
for name in {missing}; do echo "	$name => not found"; done
"""


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Lacking:
    """Make the loader, and `ldd`, behave as on a machine without the given libraries."""
    real = ctypes.CDLL

    def pretend(missing: Iterable[str]) -> None:
        gone = sorted(missing)

        def load(name: str) -> ctypes.CDLL:
            # As glibc does: a file fails with the first of its libraries that is not there. Of
            # Qt's files only the one that opens windows under X needs what is called xcb.
            needs = [lib for lib in gone if lib == name or "libqxcb" in name]
            if "/Qt/lib/" in name:
                needs = [lib for lib in gone if "xcb" not in lib]
            if needs:
                text = f"{needs[0]}: cannot open shared object file: No such file or directory"
                raise OSError(text)
            return real(name)

        monkeypatch.setattr(ctypes, "CDLL", load)
        ldd = tmp_path / "ldd"
        ldd.write_text(_LDD.format(missing=" ".join(gone)))
        ldd.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    return pretend


@pytest.fixture
def no_ldd(monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "ldd" else real(name))


def pretend_installed(folder: Path, name: str, version: str) -> None:
    metadata = folder / f"{name.replace('-', '_')}-{version}.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def test_a_furnished_machine_lacks_nothing() -> None:
    assert system.missing_libraries() == []


def test_every_missing_library_is_named_not_only_the_first(lacking: Lacking) -> None:
    lacking(["libGL.so.1", "libxcb-cursor.so.0", "libunheard-of.so.7"])

    assert system.missing_libraries() == ["libGL.so.1", "libunheard-of.so.7", "libxcb-cursor.so.0"]


@pytest.mark.usefixtures("no_ldd")
def test_missing_libraries_are_named_where_there_is_no_ldd(lacking: Lacking) -> None:
    lacking(["libEGL.so.1", "libxcb-cursor.so.0"])

    assert system.missing_libraries(window=False) == ["libEGL.so.1"]
    assert system.missing_libraries() == ["libEGL.so.1", "libxcb-cursor.so.0"]


def test_the_remedy_is_a_command_that_can_be_copied(
    lacking: Lacking, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking(["libGL.so.1"])
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")

    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert system.install_hint(["libGL.so.1"]) == (
        f"install them with: sudo apt-get update && sudo {system.APT_LINE}"
    )
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert system.install_hint(["libGL.so.1"]).endswith(f": apt-get update && {system.APT_LINE}")


def test_a_system_without_apt_gets_the_names_to_look_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)

    hint = system.install_hint(["libGL.so.1"])

    assert "apt-get" not in hint
    assert "libgl1 libegl1" in hint


def test_nothing_missing_needs_no_remedy() -> None:
    assert system.install_hint([]) == ""


def test_a_missing_library_is_one_sentence_before_qt_is_imported(lacking: Lacking) -> None:
    lacking(["libEGL.so.1", "libGL.so.1"])

    with pytest.raises(MixError) as refused:
        system.check_qt(window=False)

    text = str(refused.value)
    assert text.startswith("Qt needs libraries this system lacks (libEGL.so.1, libGL.so.1); ")
    assert text.endswith(system.APT_LINE) or "package manager" in text
    assert "\n" not in text


def test_a_picture_can_be_drawn_without_what_only_a_window_needs(
    lacking: Lacking, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking(["libxcb-cursor.so.0"])

    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    system.check_qt(window=False)
    with pytest.raises(MixError, match=r"libxcb-cursor\.so\.0"):
        system.check_qt(window=True)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    system.check_qt(window=True)


@pytest.mark.parametrize("name", ["PySide6-Essentials", "PySide6", "shiboken6"])
def test_pyside_6_12_is_refused_under_python_3_11(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_installed(tmp_path, name, "6.12.0")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(MixError, match=r"6\.12\.0 aborts Python 3\.11 .*PYSIDE-3474"):
        system.check_python_and_qt(python=(3, 11))
    system.check_python_and_qt(python=(3, 12))


def test_the_pyside_that_is_installed_here_is_accepted() -> None:
    system.check_python_and_qt()


@pytest.mark.parametrize("version", ["6.10.0", "6.11.3", "6.11.10"])
def test_earlier_pysides_are_accepted_under_python_3_11(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_installed(tmp_path, "PySide6-Essentials", version)
    monkeypatch.syspath_prepend(tmp_path)

    system.check_python_and_qt(python=(3, 11))


def test_a_machine_without_pyside_is_told_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system, "find_spec", lambda name: None)

    with pytest.raises(MixError, match="not installed; run: python -m pip install"):
        system.check_qt()


@pytest.mark.parametrize(
    "environ",
    [
        {"WAYLAND_DISPLAY": "wayland-0"},
        {"QT_QPA_PLATFORM": "offscreen"},
        {"QT_QPA_PLATFORM": "minimal"},
        {"QT_QPA_PLATFORM": "vnc:size=800x600"},
        {"QT_QPA_PLATFORM": "eglfs"},
        {"QT_QPA_PLATFORM": "linuxfb:fb=/dev/fb0"},
        {"QT_QPA_PLATFORM": "wayland;xcb", "WAYLAND_DISPLAY": "wayland-0"},
    ],
)
def test_a_window_can_be_shown_with(environ: dict[str, str]) -> None:
    assert system.display_problem(environ, "linux") is None


@pytest.mark.parametrize("elsewhere", ["win32", "darwin"])
def test_windows_and_macos_always_have_a_display(elsewhere: str) -> None:
    assert system.display_problem({}, elsewhere) is None


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"DISPLAY": ""},
        {"QT_QPA_PLATFORM": "xcb"},
        {"QT_QPA_PLATFORM": "wayland"},
        {"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "wayland-0"},
        {"DISPLAY": ":60123"},  # set, but nobody is there: a closed session, a lost ssh -X
    ],
)
def test_without_a_display_one_sentence_points_to_render(environ: dict[str, str]) -> None:
    problem = system.display_problem(environ, "linux")

    assert problem is not None
    assert "mixer-nn render -o window.png" in problem
    assert problem.count(". ") == 0
    assert "\n" not in problem


def test_the_doctor_names_every_version_and_finds_nothing_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")

    report = doctor_report()

    for name in ("Mixer NN", "Python", "PySide6-Essentials", "pyqtgraph", "numpy", "pandas"):
        assert f"\n{name} " in f"\n{report}"
    assert "starts on offscreen" in report
    assert report.endswith("Nothing is missing.")


def test_the_doctor_shows_the_same_remedy_as_the_program(
    lacking: Lacking, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking(["libGL.so.1", "libxcb-cursor.so.0"])
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    report = doctor_report()

    assert "Missing system libraries: libGL.so.1, libxcb-cursor.so.0" in report
    assert system.install_hint(["libGL.so.1"])[1:] in report
    assert "cannot start, see below" in report


def test_the_doctor_survives_a_qt_that_aborts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "no-such-platform")
    monkeypatch.setattr(system, "check_qt", lambda window=True: None)

    assert "does not start: " in doctor_report()
