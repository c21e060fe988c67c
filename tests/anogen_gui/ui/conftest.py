"""The look for tests of widgets: a theme and icons, as the application has them."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.theme import ThemeModel


@pytest.fixture
def theme_model(qtbot: QtBot, qapp: QApplication) -> Iterator[ThemeModel]:
    """The light theme, applied to the application until the test ends."""
    yield ThemeModel(qapp, "light")
    qapp.setStyleSheet("")


@pytest.fixture
def icons(theme_model: ThemeModel) -> Icons:
    return Icons(theme_model)
