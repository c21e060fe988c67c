"""The look of the application: the tokens of the current theme, as a palette and a style sheet, switchable live."""

from functools import cache
from pathlib import Path
from typing import Literal, get_args

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication

from anogen_gui.ui.palettes import DARK, LIGHT, Theme, space
from anogen_gui.ui.stylesheet import stylesheet, write_shapes
from engine.resources import find_resource

__all__ = ["DARK", "LIGHT", "Theme", "ThemeChoice", "ThemeModel", "palette", "space"]

ThemeChoice = Literal["system", "light", "dark"]


class ThemeModel(QObject):
    """Which theme is shown: the chosen one, or the system's. Changing it restyles the application at once.

    `hints` tells what the system's theme is; without it, Qt's own do.
    """

    theme_changed = Signal(object)

    def __init__(
        self, application: QApplication, choice: ThemeChoice = "system", hints: QStyleHints | None = None
    ) -> None:
        super().__init__()
        self._application = application
        self._choice: ThemeChoice = choice
        self._hints = hints or QGuiApplication.styleHints()
        self._shapes = _shapes_folder()
        application.setStyle("Fusion")
        application.setFont(_load_font(application, LIGHT.font_body))
        self._hints.setColorScheme(_SCHEMES[choice])
        self._theme = self._wanted_theme()
        self._restyle()
        self._hints.colorSchemeChanged.connect(self._follow_system)

    @property
    def theme(self) -> Theme:
        return self._theme

    @property
    def choice(self) -> ThemeChoice:
        return self._choice

    @choice.setter
    def choice(self, choice: ThemeChoice) -> None:
        """Raises ValueError for a choice that there is not."""
        if choice not in get_args(ThemeChoice):
            raise ValueError(f"'{choice}' is no theme.")
        self._choice = choice
        self._hints.setColorScheme(_SCHEMES[choice])
        self._follow_system()

    def _follow_system(self) -> None:
        wanted = self._wanted_theme()
        if wanted is not self._theme:
            self._theme = wanted
            self._restyle()
            self.theme_changed.emit(wanted)

    def _wanted_theme(self) -> Theme:
        if self._choice == "system":
            return DARK if self._hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._choice == "dark" else LIGHT

    def _restyle(self) -> None:
        folder = Path(self._shapes.path())
        write_shapes(folder, self._theme)
        self._application.setPalette(palette(self._theme))
        self._application.setStyleSheet(stylesheet(self._theme, folder))


@cache
def _shapes_folder() -> QTemporaryDir:
    """Where the style sheet finds its marks: as long as the process lives, since widgets may be painted until then."""
    return QTemporaryDir()


_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def _load_font(application: QApplication, size: int) -> QFont:
    """Inter, which comes with the studio, before the system's font: figures and weights are the same everywhere."""
    for path in sorted(find_resource("fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(path))
    font = application.font()
    font.setFamilies(["Inter", *(family for family in font.families() if family != "Inter")])
    font.setPixelSize(size)
    return font


def palette(theme: Theme) -> QPalette:
    """What Qt draws by itself, in the theme's colours."""
    result = QPalette()
    for role, token in _PALETTE.items():
        result.setColor(role, theme.color(token))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, theme.color("text_disabled"))
    return result


_PALETTE = {
    QPalette.ColorRole.Window: "background",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "surface_sunken",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface_raised",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "bad",
    QPalette.ColorRole.PlaceholderText: "text_dim",
    QPalette.ColorRole.ToolTipBase: "surface_raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.HighlightedText: "selection_text",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Light: "border",
    QPalette.ColorRole.Midlight: "border",
    QPalette.ColorRole.Mid: "border",
    QPalette.ColorRole.Dark: "border_strong",
    QPalette.ColorRole.Shadow: "shadow",
}
