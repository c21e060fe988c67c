"""The look: readable in both themes, switched live, and following the system."""

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from anogen_gui.ui.palettes import DARK, LIGHT, Theme, space
from anogen_gui.ui.theme import ThemeModel

SURFACES = ("background", "surface", "surface_raised", "surface_sunken", "hover")
TEXTS = ("text", "text_dim", "accent", "good", "bad", "warn", "info")
PAIRS = [(text, surface) for text in TEXTS for surface in SURFACES] + [
    ("text", "pressed"),
    ("accent_text", "accent"),
    ("accent_text", "accent_hover"),
    ("accent_text", "accent_pressed"),
    ("selection_text", "selection"),
    ("canvas_text", "canvas"),
    *((tone, f"{tone}_soft") for tone in ("accent", "good", "bad", "warn", "info")),
    *(("text", f"{tone}_soft") for tone in ("accent", "good", "bad", "warn", "info")),
]
SHAPES = [("border_strong", surface) for surface in SURFACES] + [("focus", surface) for surface in SURFACES]


def contrast(first: str, second: str) -> float:
    """The contrast ratio of WCAG 2, 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_of_known_colors() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize(("text", "surface"), PAIRS)
def test_texts_are_readable(theme: Theme, text: str, surface: str) -> None:
    assert contrast(getattr(theme, text), getattr(theme, surface)) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize(("shape", "surface"), SHAPES)
def test_frames_of_fields_and_the_focus_are_seen(theme: Theme, shape: str, surface: str) -> None:
    assert contrast(getattr(theme, shape), getattr(theme, surface)) >= 2.8
    assert contrast(getattr(theme, shape), theme.surface) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_color_is_one(theme: Theme) -> None:
    tokens = Theme.color_tokens()
    assert {"text", "surface", "shadow"} <= set(tokens)
    assert all(QColor(getattr(theme, token)).isValid() for token in tokens)


def test_space_is_the_scale() -> None:
    assert [space(step) for step in range(1, 7)] == [4, 8, 12, 16, 24, 32]


def test_choosing_a_theme_restyles_at_once(theme_model: ThemeModel, qapp: QApplication, qtbot: QtBot) -> None:
    label = QLabel("text")
    qtbot.addWidget(label)
    with qtbot.waitSignal(theme_model.theme_changed) as changed:
        theme_model.choice = "dark"
    assert changed.args == [DARK]
    assert theme_model.theme is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.background
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == DARK.text
    assert DARK.accent in qapp.styleSheet()


def test_choosing_the_same_theme_says_nothing(theme_model: ThemeModel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme_model.theme_changed):
        theme_model.choice = "light"


class FakeHints(QObject):
    """A system whose theme can be changed."""

    colorSchemeChanged = Signal(Qt.ColorScheme)  # noqa: N815 - Qt's names

    def __init__(self) -> None:
        super().__init__()
        self.system, self.chosen = Qt.ColorScheme.Light, Qt.ColorScheme.Unknown

    def colorScheme(self) -> Qt.ColorScheme:  # noqa: N802
        return self.system if self.chosen == Qt.ColorScheme.Unknown else self.chosen

    def setColorScheme(self, scheme: Qt.ColorScheme) -> None:  # noqa: N802
        self.chosen = scheme

    def turn_dark(self) -> None:
        self.system = Qt.ColorScheme.Dark
        self.colorSchemeChanged.emit(self.colorScheme())


def test_system_follows_the_system(qtbot: QtBot, qapp: QApplication) -> None:
    hints = FakeHints()
    model = ThemeModel(qapp, "system", hints)  # type: ignore[arg-type]
    assert model.theme is LIGHT
    with qtbot.waitSignal(model.theme_changed):
        hints.turn_dark()
    assert model.theme is DARK


def test_a_chosen_theme_does_not_follow_and_colors_the_title_bar(qtbot: QtBot, qapp: QApplication) -> None:
    hints = FakeHints()
    model = ThemeModel(qapp, "light", hints)  # type: ignore[arg-type]
    assert hints.chosen == Qt.ColorScheme.Light
    hints.turn_dark()
    assert model.theme is LIGHT
    model.choice = "system"
    assert model.theme is DARK


def test_unknown_choice_is_refused(theme_model: ThemeModel) -> None:
    with pytest.raises(ValueError, match="pink"):
        theme_model.choice = "pink"  # type: ignore[assignment]


def test_no_token_is_left_in_the_style_sheet(theme_model: ThemeModel, qapp: QApplication) -> None:
    assert "$" not in qapp.styleSheet()
