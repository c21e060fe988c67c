"""The dialog for a new project."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import IconButton
from anogen_gui.ui.new_project_dialog import NewProjectDialog


@pytest.fixture
def dialog(qtbot: QtBot, icons: Icons, tmp_path: Path) -> NewProjectDialog:
    dialog = NewProjectDialog(icons, tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_a_name_and_enter_are_enough(dialog: NewProjectDialog, qtbot: QtBot, tmp_path: Path) -> None:
    assert not dialog.make.isEnabled()
    qtbot.keyClicks(dialog.name, "Valve housing")
    assert dialog.folder == tmp_path / "Valve housing"
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert not dialog.folder.exists()


@pytest.mark.parametrize("name", ["", "   ", "a/b", "a\\b", "a:b", "..", "ends.", "what?", "n" * 300])
def test_names_that_no_folder_can_have(dialog: NewProjectDialog, name: str) -> None:
    dialog.name.set_value("fine")
    assert dialog.make.isEnabled()
    dialog.name.set_value(name)
    assert not dialog.make.isEnabled()


def test_a_folder_with_something_in_it_is_not_offered(dialog: NewProjectDialog, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "photo.png").touch()
    (tmp_path / "empty").mkdir()
    dialog.name.set_value("full")
    assert not dialog.make.isEnabled()
    dialog.name.set_value("empty")
    assert dialog.make.isEnabled()


def test_another_place_can_be_chosen(
    dialog: NewProjectDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "else"))
    qtbot.mouseClick(dialog.findChild(IconButton), Qt.MouseButton.LeftButton)
    dialog.name.set_value("P")
    assert dialog.folder == tmp_path / "else" / "P"
