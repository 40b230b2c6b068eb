"""Finds `resources/`: inside the package in a wheel, beside it in a checkout."""

from importlib.abc import Traversable
from importlib.resources import files
from pathlib import Path


def _find_root() -> Traversable:
    packaged = files("mixer_nn") / "resources"
    if packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parents[1] / "resources"


ROOT = _find_root()


def text(name: str) -> str:
    """The UTF-8 text of a resource, by its path below `resources/`: ``theme/dark.json``."""
    return ROOT.joinpath(*name.split("/")).read_text(encoding="utf-8")
