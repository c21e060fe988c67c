"""The page Place over a small product, with an engine that is played."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.place import PlaceModel
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.place.page import PlacePage
from anogen_gui.ui.theme import ThemeModel
from engine.geometry import Box
from engine.project import Project
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import run_import, write_embedding, write_mvtec

PHOTOS = [f"photos/good/00{number}.png" for number in range(4)]
BOX = Box(center_x=20, center_y=20, width=12, height=10)


@pytest.fixture
def project(tmp_path: Path, engine: ScriptedClient) -> Iterator[ProjectModel]:
    """Four good photos of 48 × 40 pixels, the class 'crack' with an embedding and the class 'hole' without."""
    with Project.create(tmp_path / "P") as new:
        run_import(new, write_mvtec(tmp_path / "source"))
        new.record(write_embedding(new.folder))
        new.add_anomaly("hole")
        model = ProjectModel(new, engine)
        yield model
        model.close()


@pytest.fixture
def page(
    qtbot: QtBot,
    theme_model: ThemeModel,
    icons: Icons,
    thumbnails: Thumbnails,
    pictures: Pictures,
    project: ProjectModel,
) -> Iterator[PlacePage]:
    """The page with the first photo on its canvas, shown."""
    page = PlacePage(theme_model, icons, thumbnails, pictures)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    page.show()
    page.show_project(project)
    qtbot.waitUntil(lambda: page.canvas.photo_size is not None)
    page.canvas.setFocus()
    yield page
    page.show_project(None)


@pytest.fixture
def model(page: PlacePage) -> PlaceModel:
    assert page.model is not None
    return page.model
