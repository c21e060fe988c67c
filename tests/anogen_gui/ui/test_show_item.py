"""Each page shows the thing that another one leads to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.curate.page import CuratePage
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.learn.page import LearnPage
from anogen_gui.ui.photos.page import PhotosPage
from anogen_gui.ui.place.page import PlacePage
from anogen_gui.ui.theme import ThemeModel
from anogen_gui.ui.train.page import TrainPage
from engine.project import Project
from tests.anogen_gui.drawn_product import write_project
from tests.anogen_gui.scripted_client import ScriptedClient


@pytest.fixture
def project(tmp_path: Path, qtbot: QtBot) -> Iterator[ProjectModel]:
    """A project with everything that the pages show."""
    write_project(tmp_path / "P")
    model = ProjectModel(Project.open(tmp_path / "P"), ScriptedClient())
    yield model
    model.close()


def test_photos_opens_a_photo(
    qtbot: QtBot,
    theme_model: ThemeModel,
    icons: Icons,
    thumbnails: Thumbnails,
    pictures: Pictures,
    project: ProjectModel,
) -> None:
    page = PhotosPage(theme_model, icons, thumbnails, pictures)
    qtbot.addWidget(page)
    page.show_project(project)
    path = project.photos.of_role("bad")[1].path
    page.show_item("photos/good/none.png")
    assert page.editor.path == ""
    page.show_item(path)
    assert page.editor.path == path
    page.show_project(None)


def test_place_shows_a_good_photo(
    qtbot: QtBot,
    theme_model: ThemeModel,
    icons: Icons,
    thumbnails: Thumbnails,
    pictures: Pictures,
    project: ProjectModel,
) -> None:
    page = PlacePage(theme_model, icons, thumbnails, pictures)
    qtbot.addWidget(page)
    page.show_project(project)
    assert page.model is not None
    for path in (project.photos.of_role("good")[3].path, project.photos.of_role("bad")[0].path):
        page.show_item(path)
    assert page.model.state.photo == project.photos.of_role("good")[3].path
    page.show_project(None)


def test_curate_shows_a_sample_whatever_the_filter_was(
    qtbot: QtBot, icons: Icons, thumbnails: Thumbnails, pictures: Pictures, project: ProjectModel
) -> None:
    page = CuratePage(icons, thumbnails, pictures)
    qtbot.addWidget(page)
    page.show_project(project)
    assert page.model is not None
    page.filter_bar.tabs.set_value("accepted")
    rejected = next(sample for sample in project.samples.all() if sample.verdict == "rejected")
    page.show_item(rejected.path)
    assert page.model.current == rejected
    assert page.is_loupe_open
    page.show_item("samples/none.png")
    assert page.model.current == rejected
    page.show_project(None)
    page.outlines.close()


def test_train_looks_at_a_training(
    qtbot: QtBot, icons: Icons, thumbnails: Thumbnails, project: ProjectModel
) -> None:
    page = TrainPage(icons, thumbnails)
    qtbot.addWidget(page)
    page.show_project(project)
    assert page.model is not None
    for run in ("draem-baseline-light", "draem-anogen-light"):
        page.show_item(run)
        assert [training.run.name for training in page.model.chosen] == [run]
    page.show_project(None)


def test_learn_brings_a_class_into_view(
    qtbot: QtBot, icons: Icons, thumbnails: Thumbnails, project: ProjectModel
) -> None:
    page = LearnPage(icons, thumbnails)
    qtbot.addWidget(page)
    page.resize(900, 400)
    page.show()
    page.show_project(project)
    card = page.card("hole")
    assert card is not None
    assert card.visibleRegion().isEmpty()
    qtbot.waitUntil(lambda: card.y() > 0)
    page.show_item("hole")
    assert not card.visibleRegion().isEmpty()
    page.show_project(None)
