"""What a person has chosen and the program remembers between starts."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

MOST_RECENT = 10


class Forgetful:
    """Stands in for QSettings where nothing is to be read from, or left on, this machine."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def value(self, key: str, default: Any = None, type: Any = None) -> Any:
        """What was set in this session, or the default."""
        return self._values.get(key, default)

    def setValue(self, key: str, value: Any) -> None:
        """Remember for this session."""
        self._values[key] = value

    def clear(self) -> None:
        """Forget."""
        self._values.clear()


class Preferences:
    """Typed reads and writes over QSettings, which itself forgets types; without, over nothing."""

    def __init__(self, settings: QSettings | None = None) -> None:
        self._settings = Forgetful() if settings is None else settings

    def _text(self, key: str, default: str) -> str:
        return str(self._settings.value(key, default, type=str))

    @property
    def theme(self) -> str:
        """``dark``, ``light`` or ``system``."""
        name = self._text("theme", "dark")
        return name if name in ("dark", "light", "system") else "dark"

    @theme.setter
    def theme(self, name: str) -> None:
        self._settings.setValue("theme", name)

    @property
    def zoom(self) -> float:
        """Factor on all text and controls, 0.8 to 2."""
        try:
            zoom = float(self._text("zoom", "1.0"))
        except ValueError:
            return 1.0
        return min(max(zoom, 0.8), 2.0) if math.isfinite(zoom) else 1.0

    @zoom.setter
    def zoom(self, factor: float) -> None:
        self._settings.setValue("zoom", repr(float(factor)))

    @property
    def reduced_motion(self) -> bool:
        """Whether pointers jump instead of gliding."""
        return self._text("reducedMotion", "false") == "true"

    @reduced_motion.setter
    def reduced_motion(self, reduced: bool) -> None:
        self._settings.setValue("reducedMotion", "true" if reduced else "false")

    @property
    def page(self) -> str:
        """The page of the third monitor that was chosen last; "" until one is."""
        return self._text("page", "")

    @page.setter
    def page(self, key: str) -> None:
        self._settings.setValue("page", key)

    @property
    def recent(self) -> list[Path]:
        """Files opened or saved lately, the latest first."""
        text = self._text("recent", "")
        return [Path(line) for line in text.splitlines() if line]

    def remember(self, path: Path) -> None:
        """Put a file at the top of the recent ones."""
        paths = [path, *(other for other in self.recent if other != path)]
        self._settings.setValue("recent", "\n".join(map(str, paths[:MOST_RECENT])))

    def forget(self, path: Path) -> None:
        """Take a file that is no longer there from the recent ones."""
        self._settings.setValue("recent", "\n".join(str(p) for p in self.recent if p != path))

    @property
    def folder(self) -> Path:
        """Where the file dialogs open."""
        text = self._text("folder", "")
        with contextlib.suppress(OSError):  # no permission to look, or no name for a folder
            if text and Path(text).is_dir():
                return Path(text)
        return Path.home()

    @folder.setter
    def folder(self, path: Path) -> None:
        self._settings.setValue("folder", str(path))

    def layout(self, name: str) -> QByteArray:
        """The saved geometry or splitter state of that name; empty where there is none."""
        value = self._settings.value(f"layout/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_layout(self, name: str, state: QByteArray) -> None:
        """Save a geometry or splitter state."""
        self._settings.setValue(f"layout/{name}", state)

    def clear(self) -> None:
        """Back to the first day."""
        self._settings.clear()
