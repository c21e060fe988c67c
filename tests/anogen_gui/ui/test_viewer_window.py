"""The window of those who only look."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.studio import Studio
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.viewer_window import ViewerWindow
from engine.project import Project
from tests.anogen_gui.scripted_client import ScriptedClient


class Page(QWidget):
    """Notes what it is told to show."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str | None] = []

    def show_project(self, project: ProjectModel | None) -> None:
        self.shown.append(project.name if project is not None else None)


@pytest.fixture
def window(icons: Icons, tmp_path: Path, qtbot: QtBot) -> Iterator[ViewerWindow]:
    """On a folder in which there is no project yet."""
    window = ViewerWindow(Studio(ScriptedClient("off")), tmp_path / "Biscuits", icons, Page)
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


def shown(window: ViewerWindow) -> list[str | None]:
    assert isinstance(window.page, Page)
    return window.page.shown


def test_it_shows_the_project_under_its_name(window: ViewerWindow, tmp_path: Path) -> None:
    Project.create(tmp_path / "Biscuits").close()
    window.refresh()
    assert window.windowTitle().startswith("Biscuits")
    assert shown(window) == ["Biscuits"]
    assert window.page.isVisible()


def test_where_there_is_no_project_it_says_so_until_there_is_one(
    window: ViewerWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.refresh()
    assert window.problem.isVisible()
    assert shown(window) == []
    Project.create(tmp_path / "Biscuits").close()
    window.problem.button.click()
    assert window.page.isVisible()


def test_f5_reads_the_project_anew(window: ViewerWindow, tmp_path: Path, qtbot: QtBot) -> None:
    Project.create(tmp_path / "Biscuits").close()
    window.refresh()
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert shown(window) == ["Biscuits", None, "Biscuits"]


def test_f11_fills_the_screen_and_back(window: ViewerWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert window.full_screen.text() == "Window"
    window.full_screen.click()
    assert not window.isFullScreen()


def test_a_damaged_project_is_told(window: ViewerWindow, tmp_path: Path) -> None:
    Project.create(tmp_path / "Biscuits").close()
    (tmp_path / "Biscuits" / "project.sqlite").write_bytes(b"no catalogue" * 400)
    window.refresh()
    assert window.problem.isVisible()
    assert not window.page.isVisible()
