"""Colours, fonts and the style sheet: one table of names for everything that is painted.

The colours live in ``resources/theme/dark.json`` and ``light.json``; painting code asks
`current()` for them and never writes a colour of its own.
"""

import json
import re
from dataclasses import dataclass, fields
from string import Template

from PySide6.QtCore import QDir, Qt
from PySide6.QtGui import QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from mixer_nn import assets

SMALLEST_TEXT = 12
BASE_TEXT = 13
ZOOM_RANGE = (0.8, 2.0)


@dataclass(frozen=True)
class Theme:
    """Named colours, each ``#rrggbb``; `dark` says which way round the contrast is."""

    name: str
    dark: bool
    background: str
    panel: str
    raised: str
    raised_hover: str
    line: str
    text: str
    dim: str
    faint: str  # scale ticks and other marks that carry no text
    positive: str
    negative: str
    loss: str
    held_out: str
    hint: str
    accent: str
    running: str
    danger: str
    point: str
    neutral: str  # the arc of a knob that has no sign
    accent_fill: str
    running_fill: str
    on_accent: str  # text on accent_fill and running_fill
    shadow: str
    track: str
    groove: str
    face_high: str
    face_mid: str
    face_low: str
    face_edge: str
    face_shine: str
    hub: str
    pointer: str
    handle_high: str
    handle_low: str


def load(name: str) -> Theme:
    """The theme of that name, ``dark`` or ``light``, from the resources."""
    return Theme(name=name, **json.loads(assets.text(f"theme/{name}.json")))


class _State:
    """What is in force now; a theme is the whole program's, so there is one."""

    theme: Theme = load("dark")
    wanted: str = "dark"
    zoom: float = 1.0
    follows: bool = False


def current() -> Theme:
    """The theme in force."""
    return _State.theme


def zoom() -> float:
    """The factor by which text is enlarged, 1 at first."""
    return _State.zoom


def px(size: float) -> int:
    """A length in logical pixels at the present zoom, rounded to whole pixels."""
    return round(size * _State.zoom)


def apply(app: QApplication, name: str, zoom: float | None = None) -> Theme:
    """Dress the program: palette, style, font and style sheet.

    `name` is ``dark``, ``light`` or ``system``; the last follows the desktop's colour scheme from
    now on, dark where the desktop has none. `zoom` is kept as it is unless given, and held
    within `ZOOM_RANGE`. Returns the theme now in force.
    """
    hints = app.styleHints()
    if not _State.follows:
        hints.colorSchemeChanged.connect(_on_color_scheme_changed)
        _State.follows = True
    _State.wanted = name
    if zoom is not None:
        _State.zoom = min(max(zoom, ZOOM_RANGE[0]), ZOOM_RANGE[1])
    if name == "system":
        hints.unsetColorScheme()
        _dress(app, _system_name(hints.colorScheme()))
    else:
        # Native parts (title bar, file dialogs) follow the chosen scheme too.
        scheme = Qt.ColorScheme.Dark if name == "dark" else Qt.ColorScheme.Light
        hints.setColorScheme(scheme)
        _dress(app, name)
    return _State.theme


def ui_font(size: float = BASE_TEXT, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The system's interface font at `size` pixels times the zoom, never under 12 pixels."""
    return _font(QFontDatabase.SystemFont.GeneralFont, size, weight)


def mono_font(size: float = BASE_TEXT, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The system's fixed-width font, for numbers that change in place."""
    font = _font(QFontDatabase.SystemFont.FixedFont, size, weight)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    return font


def palette(theme: Theme) -> QPalette:
    """The Qt palette of a theme, for whatever the style sheet leaves to the style."""
    result = QPalette()
    for role, colour in _roles(theme).items():
        result.setColor(role, colour)
    for role in (
        QPalette.ColorRole.Text,
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.ButtonText,
    ):
        result.setColor(QPalette.ColorGroup.Disabled, role, theme.faint)
    return result


def style_sheet(theme: Theme) -> str:
    """``theme.qss`` with its ``$names`` replaced by colours and its ``px(n)`` by zoomed lengths."""
    names = {field.name: getattr(theme, field.name) for field in fields(theme)}
    text = Template(assets.text("theme/theme.qss")).substitute(names)
    return re.sub(r"px\((\d+)\)", _zoomed, text)


def _zoomed(match: re.Match[str]) -> str:
    return f"{px(int(match.group(1)))}px"


def _dress(app: QApplication, name: str) -> None:
    _State.theme = load(name)
    QDir.setSearchPaths("theme", [str(assets.ROOT.joinpath("theme"))])
    app.setStyle("Fusion")
    app.setFont(ui_font())
    app.setPalette(palette(_State.theme))
    # Without a sheet in between, widgets would get back the fonts they had before the old one.
    app.setStyleSheet("")
    app.setStyleSheet(style_sheet(_State.theme))


def _system_name(scheme: Qt.ColorScheme) -> str:
    return "light" if scheme == Qt.ColorScheme.Light else "dark"


def _on_color_scheme_changed(scheme: Qt.ColorScheme) -> None:
    app = QApplication.instance()
    wanted = _system_name(scheme)
    if _State.wanted == "system" and isinstance(app, QApplication) and wanted != _State.theme.name:
        _dress(app, wanted)


def _font(kind: QFontDatabase.SystemFont, size: float, weight: QFont.Weight) -> QFont:
    font = QFontDatabase.systemFont(kind)
    font.setPixelSize(max(px(size), SMALLEST_TEXT))
    font.setWeight(weight)
    # Figures of one width, so that a number does not wobble while it changes.
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _roles(theme: Theme) -> dict[QPalette.ColorRole, str]:
    role = QPalette.ColorRole
    return {
        role.Window: theme.background,
        role.WindowText: theme.text,
        role.Base: theme.panel,
        role.AlternateBase: theme.raised,
        role.Text: theme.text,
        role.PlaceholderText: theme.dim,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.text,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Light: theme.raised_hover,
        role.Midlight: theme.raised_hover,
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Shadow: theme.shadow,
        role.Highlight: theme.accent_fill,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent_fill,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
    }
