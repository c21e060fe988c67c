"""The look for tests of widgets: a theme and icons, as the application has them."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.theme import ThemeModel


@pytest.fixture
def theme_model(qtbot: QtBot, qapp: QApplication) -> ThemeModel:
    """The light theme, applied to the application."""
    return ThemeModel(qapp, "light")


@pytest.fixture
def icons(theme_model: ThemeModel) -> Icons:
    return Icons(theme_model)
