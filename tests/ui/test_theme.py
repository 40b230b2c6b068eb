import dataclasses
import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from mixer_nn.ui import theme
from mixer_nn.ui.theme import Theme

THEMES = ("dark", "light")
GROUNDS = ("background", "panel", "raised")
TEXTS = ("text", "dim", "loss", "held_out", "hint", "accent", "running", "danger", "negative")
LINES = ("positive", "negative", "loss", "held_out", "hint", "accent", "running", "point")
FILLS = ("accent_fill", "running_fill")


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    yield qapp
    theme.apply(qapp, "dark", zoom=1.0)


def luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.1, contrast ratio, 1..21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs(fronts: tuple[str, ...], grounds: tuple[str, ...]) -> list[tuple[str, str, str]]:
    return list(itertools.product(THEMES, fronts, grounds))


def ratio(name: str, front: str, ground: str) -> float:
    colours = theme.load(name)
    return contrast(getattr(colours, front), getattr(colours, ground))


def test_contrast_follows_the_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("name", "front", "ground"), pairs(TEXTS, GROUNDS))
def test_text_can_be_read_on_every_ground(name: str, front: str, ground: str) -> None:
    assert ratio(name, front, ground) >= 4.5


@pytest.mark.parametrize(("name", "front", "ground"), pairs(("text",), ("raised_hover",)))
def test_text_can_be_read_under_the_mouse(name: str, front: str, ground: str) -> None:
    assert ratio(name, front, ground) >= 4.5


@pytest.mark.parametrize(("name", "front", "ground"), pairs(("on_accent",), FILLS))
def test_text_can_be_read_on_the_big_buttons(name: str, front: str, ground: str) -> None:
    assert ratio(name, front, ground) >= 4.5


@pytest.mark.parametrize(("name", "front", "ground"), pairs(LINES, ("background", "panel")))
def test_data_lines_stand_out(name: str, front: str, ground: str) -> None:
    assert ratio(name, front, ground) >= 3.0


@pytest.mark.parametrize(("name", "front", "ground"), pairs(("pointer",), ("face_mid", "face_low")))
def test_the_pointer_stands_out_on_the_platter(name: str, front: str, ground: str) -> None:
    assert ratio(name, front, ground) >= 4.5


@pytest.mark.parametrize(("name", "front", "ground"), pairs(("neutral", "positive"), ("track",)))
def test_the_arc_stands_out_on_its_track(name: str, front: str, ground: str) -> None:
    assert ratio(name, front, ground) >= 3.0


@pytest.mark.parametrize("name", THEMES)
def test_every_colour_is_written_as_six_digits(name: str) -> None:
    values = dataclasses.asdict(theme.load(name))
    colours = {key: value for key, value in values.items() if key not in ("name", "dark")}
    assert all(len(c) == 7 and c[0] == "#" and int(c[1:], 16) >= 0 for c in colours.values())


def test_a_theme_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        theme.load("dark").text = "#000000"  # type: ignore[misc]


@pytest.mark.parametrize("name", THEMES)
def test_applying_a_theme_dresses_the_program(app: QApplication, name: str) -> None:
    chosen: Theme = theme.apply(app, name)
    assert theme.current() is chosen
    assert chosen.name == name
    assert app.palette().color(QPalette.ColorRole.Window).name() == chosen.background
    assert chosen.panel in app.styleSheet()


@pytest.mark.parametrize("name", THEMES)
def test_the_style_sheet_has_no_hole_left(name: str) -> None:
    sheet = theme.style_sheet(theme.load(name))
    rules = sheet[sheet.index("*/") :]
    assert "$" not in rules
    assert "px(" not in rules


def test_system_follows_the_desktop_and_is_dark_where_there_is_none(app: QApplication) -> None:
    theme.apply(app, "light")
    assert theme.apply(app, "system").name in THEMES


def test_zoom_enlarges_text(app: QApplication) -> None:
    theme.apply(app, "dark", zoom=1.0)
    plain = theme.ui_font(16).pixelSize()
    theme.apply(app, "dark", zoom=2.0)
    assert theme.ui_font(16).pixelSize() == 2 * plain
    assert theme.px(10) == 20


def test_zoom_stays_within_its_range(app: QApplication) -> None:
    theme.apply(app, "dark", zoom=9.0)
    assert theme.zoom() == theme.ZOOM_RANGE[1]


def test_no_text_is_smaller_than_twelve_pixels(app: QApplication) -> None:
    theme.apply(app, "dark", zoom=0.8)
    assert theme.ui_font(12).pixelSize() == 12
    assert theme.mono_font(13).pixelSize() == 12


def test_figures_are_all_as_wide_as_one_another(app: QApplication) -> None:
    for font in (theme.ui_font(20), theme.mono_font(20)):
        metrics = QFontMetricsF(font)
        widths = {metrics.horizontalAdvance(digit * 10) for digit in "0123456789"}
        assert max(widths) - min(widths) < 0.5
    assert QFontInfo(theme.mono_font(20)).fixedPitch()


def test_a_widget_hears_of_a_new_theme(app: QApplication, qtbot: QtBot) -> None:
    theme.apply(app, "dark")
    label = QLabel("loss")
    qtbot.addWidget(label)
    label.show()
    before = label.grab().toImage()
    theme.apply(app, "light")
    assert label.grab().toImage() != before
