"""The command line from outside: codes, one line on stderr, and what is loaded when."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mixer_nn import app, system
from mixer_nn.app import main
from mixer_nn.core.errors import MixError

_LOADED = "import sys; from mixer_nn.app import main; main(sys.argv[1:]); print(*sys.modules)"


def mixer_nn(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """`python -m mixer_nn …` in a process of its own, with no display."""
    clean = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    clean.pop("QT_QPA_PLATFORM", None)
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "mixer_nn", *arguments],
        capture_output=True,
        encoding="utf-8",
        env=clean | environ,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", [["--help"], ["--version"], ["train", "--help"], ["doctor"]])
def test_asking_for_help_or_the_doctor_loads_no_qt_no_numpy_no_pandas(command: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _LOADED, *command],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in run.stdout.splitlines()[-1].split()}
    assert loaded.isdisjoint({"PySide6", "shiboken6", "pandas", "pyqtgraph"})
    # What `train` can choose from stands in the tables of the arithmetic; nothing else needs it.
    assert command[0] == "train" or "numpy" not in loaded


def test_without_a_display_one_sentence_points_to_render() -> None:
    run = mixer_nn()
    if not sys.platform.startswith("linux"):
        pytest.skip("there is always a display here")
    assert (run.returncode, run.stdout) == (1, "")
    (line,) = run.stderr.splitlines()
    assert line.startswith("mixer-nn: There is no display")
    assert "render" in line


def test_missing_libraries_are_named_before_qt_is_touched(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(system, "missing_libraries", lambda window=True: ["libEGL.so.1"])
    for command in ([], ["render", "-o", str(tmp_path / "x.png")]):
        assert main(command) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert "libEGL.so.1" in line


@pytest.mark.parametrize("command", [["nowhere.mixnn"], ["render", "nowhere.csv", "-o", "x.png"]])
def test_a_file_that_does_not_exist_is_named(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "“nowhere." in line
    assert "does not exist" in line


def test_a_picture_in_no_folder_is_refused_before_it_is_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", "-o", str(tmp_path / "nowhere" / "x.png")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (MixError("A sentence\nin two lines."), "A sentence in two lines."),
        (KeyboardInterrupt(), "Interrupted."),
        (MemoryError(), "not enough memory"),
    ],
)
def test_whatever_cannot_be_done_is_one_line_and_code_1(
    error: BaseException,
    part: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_command: object) -> int:
        raise error

    monkeypatch.setattr("mixer_nn.cli.train.run", fail)
    assert main(["train", "cars"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("mixer-nn: ")
    assert part in line


def test_a_terminal_without_the_letters_gets_question_marks_not_a_traceback() -> None:
    run = mixer_nn("train", "cars", PYTHONIOENCODING="ascii")
    assert run.returncode == 0
    assert "R?" in run.stdout
    assert run.stderr == ""


def test_render_draws_a_picture_without_a_display(tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    run = mixer_nn("render", "-o", str(picture), "--size", "1024x640")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_window_is_built_where_the_rest_of_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def build(*arguments: object, **options: object) -> str:
        asked.extend([arguments, options])
        return "a window"

    monkeypatch.setattr("mixer_nn.ui.launch.build", build)
    window: object = app.build(Path("m.mixnn"), recovery=True)
    assert window == "a window"
    assert asked == [(Path("m.mixnn"),), {"settings": None, "recovery": True}]
