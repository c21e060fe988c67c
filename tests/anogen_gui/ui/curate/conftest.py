"""The page of samples on a small project with pictures."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.curate import CurateModel
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.curate.page import CuratePage
from anogen_gui.ui.icons import Icons
from engine.project import Project
from tests.anogen_gui.sample_rows import BOX, record_pictures
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import run_import, write_mvtec

STEMS = ("000000", "000001", "000002", "000003", "000004", "000005")


@pytest.fixture
def project_model(qtbot: QtBot, tmp_path: Path) -> Iterator[ProjectModel]:
    """Four good photos and six undecided samples: four of 'crack', and two of 'burnt' with a flag."""
    project = Project.create(tmp_path / "P")
    run_import(project, write_mvtec(tmp_path / "source"))
    record_pictures(project, STEMS[:4], boxes=(BOX,))
    record_pictures(project, STEMS[4:], flags=("near_duplicate",), anomaly="burnt", run="run2", boxes=(BOX,))
    model = ProjectModel(project, ScriptedClient())
    yield model
    model.close()


@pytest.fixture
def model(project_model: ProjectModel) -> CurateModel:
    return CurateModel(project_model.samples)


MakePage = Callable[[ProjectModel | None], CuratePage]


@pytest.fixture
def make_page(qtbot: QtBot, icons: Icons, thumbnails: Thumbnails, pictures: Pictures) -> Iterator[MakePage]:
    """Makes a page in a window of its own, which has the keyboard."""
    made: list[CuratePage] = []

    def make(project: ProjectModel | None) -> CuratePage:
        page = CuratePage(icons, thumbnails, pictures)
        qtbot.addWidget(page)
        made.append(page)
        page.resize(1192, 760)
        page.show_project(project)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        return page

    yield make
    for page in made:
        page.show_project(None)
        page.outlines.close()


@pytest.fixture
def page(make_page: MakePage, project_model: ProjectModel) -> CuratePage:
    return make_page(project_model)
