"""What is loaded when, seen from a fresh interpreter."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_EVERY_MODULE_OF = """
import importlib, pkgutil, sys
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(getattr(package, "__path__", ()), name + "."):
        importlib.import_module(module.name)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def python(code: str, *arguments: str, **environ: str) -> str:
    """What a new interpreter prints that runs `code`; fails if it fails or warns."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        capture_output=True,
        text=True,
        env={k: v for k, v in os.environ.items() if k not in _THREADS} | environ,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def loaded_by(*modules: str) -> set[str]:
    return set(python(_EVERY_MODULE_OF, *modules).split())


def test_the_arithmetic_loads_numpy_and_nothing_to_draw_or_read_tables_with() -> None:
    loaded = loaded_by("mixer_nn.core")

    assert "numpy" in loaded
    assert loaded.isdisjoint({"PySide6", "shiboken6", "pyqtgraph", "pandas", "scipy"})


def test_tables_and_saved_mixes_need_no_qt_and_no_pandas_until_one_is_read() -> None:
    loaded = loaded_by("mixer_nn.data", "mixer_nn.session")

    assert loaded.isdisjoint({"PySide6", "shiboken6", "pyqtgraph", "pandas"})


def test_what_looks_for_a_broken_qt_loads_neither_qt_nor_numpy() -> None:
    loaded = loaded_by("mixer_nn.system", "mixer_nn.doctor")

    assert loaded.isdisjoint({"PySide6", "shiboken6", "pyqtgraph", "numpy", "pandas"})


def test_state_draws_nothing_and_waits_for_a_table_before_it_loads_pandas() -> None:
    loaded = loaded_by("mixer_nn.state")

    assert loaded.isdisjoint({"pyqtgraph", "pandas"})


def test_the_command_line_answers_without_loading_qt_or_pandas() -> None:
    code = "import sys, mixer_nn.app; print(*{name.partition('.')[0] for name in sys.modules})"

    assert set(python(code).split()).isdisjoint({"PySide6", "shiboken6", "pyqtgraph", "pandas"})


@pytest.mark.parametrize("name", _THREADS)
def test_linear_algebra_gets_one_thread_unless_the_person_chose(name: str) -> None:
    code = f"import mixer_nn, os; print(os.environ[{name!r}])"

    assert python(code) == "1\n"
    assert python(code, **{name: "3"}) == "3\n"


def test_the_thread_count_is_set_before_numpy_is_imported() -> None:
    code = (
        "import builtins, os, sys\n"
        "real, seen = builtins.__import__, []\n"
        "def watch(name, *rest):\n"
        "    if name == 'numpy' and not seen:\n"
        "        seen.append(os.environ.get('OPENBLAS_NUM_THREADS'))\n"
        "    return real(name, *rest)\n"
        "builtins.__import__ = watch\n"
        "import mixer_nn.core.dataset\n"
        "print(seen)\n"
    )

    assert python(code) == "['1']\n"
