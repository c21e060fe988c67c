"""For tests of widgets: a theme, icons and small pictures, as the application has them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from anogen_gui.model.thumbnails import Thumbnails
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


@pytest.fixture
def thumbnails(tmp_path: Path, qtbot: QtBot) -> Iterator[Thumbnails]:
    made = Thumbnails(tmp_path / "cache", threads=1)
    yield made
    made.close()
