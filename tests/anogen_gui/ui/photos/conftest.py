"""A page of photos over a small product."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.photo_list import PhotoList
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.photos.page import PhotosPage
from anogen_gui.ui.theme import ThemeModel
from engine.project import Project
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import run_import, write_mvtec

GOOD = [f"photos/good/00{number}.png" for number in range(4)]
CRACKS = [f"photos/test/crack/00{number}.png" for number in range(4)]
TESTS = ["photos/test/100.png", "photos/test/101.png"]


@pytest.fixture
def empty_model(tmp_path: Path, qtbot: QtBot) -> Iterator[ProjectModel]:
    """A project without photos."""
    model = ProjectModel(Project.create(tmp_path / "P"), ScriptedClient())
    yield model
    model.close()


@pytest.fixture
def model(tmp_path: Path, empty_model: ProjectModel) -> ProjectModel:
    """A project with four good photos, two normal tests, and four tests of 'crack' with masks."""
    run_import(empty_model.project, write_mvtec(tmp_path / "source"))
    empty_model.anomalies.reload()
    empty_model.photos.reload()
    return empty_model


@pytest.fixture
def page(
    qtbot: QtBot,
    theme_model: ThemeModel,
    icons: Icons,
    thumbnails: Thumbnails,
    pictures: Pictures,
    model: ProjectModel,
) -> Iterator[PhotosPage]:
    """The page with the product's photos, shown."""
    page = PhotosPage(theme_model, icons, thumbnails, pictures)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show_project(model)
    page.show()
    qtbot.waitExposed(page)
    page.browser.grid.setFocus()
    yield page
    page.show_project(None)


@pytest.fixture
def photos(page: PhotosPage) -> PhotoList:
    assert page.photos is not None
    return page.photos
