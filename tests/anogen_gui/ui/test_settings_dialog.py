"""The settings dialog."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, Qt
from pytestqt.qtbot import QtBot

from anogen_gui.settings import Preferences, Settings
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import ChoiceField
from anogen_gui.ui.settings_dialog import SettingsDialog


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path)


def test_a_change_counts_at_once(settings: Settings, qtbot: QtBot, icons: Icons) -> None:
    dialog = SettingsDialog(settings, icons)
    qtbot.addWidget(dialog)
    dialog.form.field("theme").set_value("dark")
    dialog.form.field("thumbnail_cache_mb").set_value(128)
    assert settings.preferences == Preferences(theme="dark", thumbnail_cache_mb=128)


def test_what_changes_elsewhere_is_shown(settings: Settings, qtbot: QtBot, icons: Icons) -> None:
    dialog = SettingsDialog(settings, icons)
    qtbot.addWidget(dialog)
    settings.change(theme="light")
    assert dialog.form.field("theme").value == "light"


def test_the_chosen_backbone_is_always_among_the_choices(
    settings: Settings, qtbot: QtBot, icons: Icons
) -> None:
    settings.change(backbone="/models/mine")
    dialog = SettingsDialog(settings, icons, ("sd-1.5",))
    qtbot.addWidget(dialog)
    field = dialog.form.field("backbone")
    assert isinstance(field, ChoiceField)
    assert [field.itemText(index) for index in range(field.count())] == ["sd-1.5", "/models/mine", "embedded"]
    assert field.value == "/models/mine"


def test_the_layout_is_reset(settings: Settings, qtbot: QtBot, icons: Icons) -> None:
    settings.save_layout("window", QByteArray(b"arranged"))
    dialog = SettingsDialog(settings, icons)
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(settings.layout_reset):
        qtbot.mouseClick(dialog.reset, Qt.MouseButton.LeftButton)
    assert settings.layout("window").isEmpty()
