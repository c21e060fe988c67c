"""The page Learn with an engine that is played."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.learn.class_card import ClassCard
from anogen_gui.ui.learn.page import LearnPage
from engine.project import Project
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import run_import, write_mvtec


class Window:
    """The page of an open project, and the engine."""

    def __init__(self, project: Project, icons: Icons, thumbnails: Thumbnails) -> None:
        self.engine = ScriptedClient()
        self.project = ProjectModel(project, self.engine)
        self.page = LearnPage(icons, thumbnails)
        self.page.show_project(self.project)
        self.page.resize(1192, 760)

    @property
    def card(self) -> ClassCard:
        found = self.page.card("crack")
        assert found is not None
        return found

    @property
    def folder(self) -> Path:
        return self.project.folder

    def close(self) -> None:
        self.page.show_project(None)
        self.page.close()
        self.project.close()


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Project]:
    """A project with four good photos, and four photos of 'crack' with masks."""
    with Project.create(tmp_path / "P") as project:
        run_import(project, write_mvtec(tmp_path / "source"))
        yield project


@pytest.fixture
def make_window(
    product: Project, icons: Icons, thumbnails: Thumbnails, qtbot: QtBot
) -> Iterator[Callable[[], Window]]:
    """Opens the page; what a test writes into the project before is found."""
    made: list[Window] = []

    def make() -> Window:
        window = Window(product, icons, thumbnails)
        made.append(window)
        qtbot.addWidget(window.page)
        return window

    yield make
    for window in made:
        window.close()
