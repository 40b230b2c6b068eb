"""What people get: the wheel, the source archive, a checkout, and the commands they are told."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest

import mixer_nn
from mixer_nn import system

ROOT = Path(__file__).resolve().parents[1]

_READ_EVERYTHING = """
import hashlib, json, mixer_nn
from mixer_nn import assets
def walk(place, name=""):
    for entry in place.iterdir():
        if entry.is_dir():
            yield from walk(entry, name + entry.name + "/")
        else:
            yield name + entry.name, hashlib.sha256(entry.read_bytes()).hexdigest()
print(json.dumps({"from": mixer_nn.__file__, "files": dict(walk(assets.ROOT))}))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a freshly built wheel and source archive."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist"]
    run = subprocess.run(
        [*command, "-d", str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def wheel_names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return message_from_string(archive.read(name).decode())


def resources_seen_from(path: Path, cwd: Path) -> tuple[str, dict[str, str]]:
    """Where a new interpreter with `path` in front finds the package, and what is in resources."""
    run = subprocess.run(
        [sys.executable, "-c", _READ_EVERYTHING],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    return answer["from"], answer["files"]


def shipped() -> set[str]:
    resources = ROOT / "resources"
    return {p.relative_to(resources).as_posix() for p in resources.rglob("*") if p.is_file()}


def test_the_wheel_holds_the_package_with_its_resources_and_nothing_else(
    wheel_names: set[str],
) -> None:
    modules = {p.relative_to(ROOT).as_posix() for p in (ROOT / "mixer_nn").rglob("*.py")}
    resources = {f"mixer_nn/resources/{name}" for name in shipped()}

    assert shipped(), "resources/ is empty"
    assert modules | resources <= wheel_names
    rest = {name for name in wheel_names - modules - resources if ".dist-info/" not in name}
    assert rest == set()


@pytest.mark.parametrize("way", ["installed", "zipped", "checkout"])
def test_every_resource_is_found_however_the_program_came(
    way: str, wheel: Path, tmp_path: Path
) -> None:
    place = {"installed": tmp_path / "site", "zipped": wheel, "checkout": ROOT}[way]
    if way == "installed":
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(place)

    package, files = resources_seen_from(place, cwd=tmp_path)

    assert Path(package).is_relative_to(place)
    assert set(files) == shipped()
    assert files == resources_seen_from(ROOT, cwd=tmp_path)[1]


def test_the_wheel_brings_the_command_and_says_what_it_needs(
    wheel: Path, metadata: Message
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith("entry_points.txt"))
        assert "mixer-nn = mixer_nn.app:main" in archive.read(name).decode()
    assert metadata["Version"] == mixer_nn.__version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Description-Content-Type"] == "text/markdown"


def test_the_source_archive_can_be_built_and_tested(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"pyproject.toml", "README.md", ".ci/run", "tests/conftest.py"} <= names
    assert {f"resources/{name}" for name in shipped()} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(".venv")]


def test_the_readme_and_the_checks_type_the_same_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    checks = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (run_tests,) = (line for line in checks.splitlines() if line.startswith("python3 -m venv"))

    assert run_tests in readme.splitlines(), f"the README's test command is not: {run_tests}"
    for name, text in (("README.md", readme), (".ci/run", checks)):
        lines = re.findall(r"apt-get install -y [^\"`\n]*", text)
        assert lines == [system.APT_LINE], f"{name} must install exactly: {system.APT_LINE}"


def test_the_refusal_of_a_wrong_qt_names_the_requirement_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert system.QT_REQUIREMENT in project["dependencies"]


def test_the_checks_can_be_started() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_python_m_is_the_same_program() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mixer_nn", "doctor"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert mixer_nn.__version__ in run.stdout
