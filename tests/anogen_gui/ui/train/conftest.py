"""The page Train with an engine that is played."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.train.page import TrainPage
from engine.project import Project
from tests.anogen_gui.sample_rows import record_pictures
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import run_import, write_mvtec


class Window:
    """The page of an open project, and the engine."""

    def __init__(self, project: Project, icons: Icons, thumbnails: Thumbnails) -> None:
        self.engine = ScriptedClient()
        self.project = ProjectModel(project, self.engine)
        self.page = TrainPage(icons, thumbnails)
        self.page.show_project(self.project)
        self.page.resize(1192, 720)
        self.page.show()
        self.page.activateWindow()

    def close(self) -> None:
        self.page.show_project(None)
        self.page.close()
        self.project.close()


@pytest.fixture
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Four good photos, six tests, two accepted samples of three."""
    folder = tmp_path_factory.mktemp("product")
    with Project.create(folder / "P") as project:
        run_import(project, write_mvtec(folder / "source"))
        ids = record_pictures(project, ["000000", "000001", "000002"])
        project.set_verdicts(ids[:2], "accepted")
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
        qtbot.waitUntil(window.page.isActiveWindow)
        window.page.setFocus()
        return window

    yield make
    for window in made:
        window.close()
