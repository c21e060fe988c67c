"""The photo that is looked at, large, beside the model of the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from anogen_gui.model.inspecting import Inspecting
from anogen_gui.model.mask_outline import MaskOutlines
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.anomaly_maps import AnomalyMaps
from anogen_gui.ui.inspect.loupe import InspectLoupe
from anogen_gui.ui.kit import TextLabel
from anogen_gui.ui.theme import ThemeModel
from engine.project import Project
from engine.protocol import PhotoInspected
from engine.reporting.facts import Bands
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import run_import, write_mvtec
from tests.engine.reporting.inspected import RUN, record_run, write_map

CAUGHT = "photos/test/crack/003.png"


@pytest.fixture
def project(tmp_path: Path, engine: ScriptedClient) -> Iterator[ProjectModel]:
    """Inspected are 003 (0.9), 100 (0.7), 101 (0.5), 002 (0.2); above 0.3 is looked at again, above 0.6 rejected."""
    opened = Project.create(tmp_path / "P")
    run_import(opened, write_mvtec(tmp_path / "source"))
    record_run(opened)
    opened.set_bands(opened.runs()[0].id, 0.3, 0.6)
    project = ProjectModel(opened, engine)
    yield project
    project.close()


@pytest.fixture
def model(project: ProjectModel) -> Iterator[Inspecting]:
    model = Inspecting(project)
    model.go_to(CAUGHT)
    yield model
    model.close()


@pytest.fixture
def loupe(
    theme_model: ThemeModel,
    icons: Icons,
    pictures: Pictures,
    maps: AnomalyMaps,
    outlines: MaskOutlines,
    model: Inspecting,
    project: ProjectModel,
    qtbot: QtBot,
) -> InspectLoupe:
    loupe = InspectLoupe(theme_model, icons, pictures, maps, outlines)
    qtbot.addWidget(loupe)
    loupe.resize(1100, 700)
    loupe.bind(model, project)
    loupe.show()
    qtbot.waitUntil(lambda: loupe.view.is_map_shown and loupe.view.photo_size is not None)
    loupe.view.setFocus()
    return loupe


def words(loupe: InspectLoupe) -> set[str]:
    return {label.text() for label in loupe.photo_bar.findChildren(TextLabel)}


def test_the_current_photo_is_shown_with_what_is_said_of_it(loupe: InspectLoupe) -> None:
    assert {"Rejected", "0.900", "Bad: crack", "1 of 4"} <= words(loupe)


def test_keys_go_on_in_the_order_of_the_page(loupe: InspectLoupe, model: Inspecting, qtbot: QtBot) -> None:
    qtbot.keyClick(loupe.view, Qt.Key.Key_Right)
    assert model.current is not None
    assert model.current.photo == "photos/test/100.png"
    assert {"0.700", "Good", "2 of 4"} <= words(loupe)
    qtbot.keyClick(loupe.view, Qt.Key.Key_Left)
    qtbot.keyClick(loupe.view, Qt.Key.Key_Left)
    assert model.current.photo == CAUGHT


def test_what_a_person_says_is_kept_and_can_be_undone(
    loupe: InspectLoupe, project: ProjectModel, qtbot: QtBot
) -> None:
    buttons = loupe.photo_bar.opinion.buttons
    qtbot.keyClick(loupe.view, Qt.Key.Key_G)
    assert project.project.opinions() == {CAUGHT: False}
    assert buttons[False].isChecked()
    project.history.stack.undo()
    assert project.project.opinions() == {}
    assert buttons[None].isChecked()


def test_the_verdict_follows_the_bands(loupe: InspectLoupe, model: Inspecting) -> None:
    model.try_bands(Bands(0.3, 0.95))
    assert "Look again" in words(loupe)
    assert "rejected above 0.950" in loupe.legend.accessibleName()


def test_a_photo_that_was_looked_at_again_has_its_new_map(
    loupe: InspectLoupe, model: Inspecting, project: ProjectModel, qtbot: QtBot
) -> None:
    found = project.project.inspection(RUN, CAUGHT)
    assert found is not None
    before = loupe.view.grab().toImage()
    write_map(project.file(found.map), 0.1)
    project.project.record(PhotoInspected(run=RUN, photo=CAUGHT, score=0.1, map=found.map))
    model.choose_run(RUN)
    model.looking.inspected.emit(RUN, CAUGHT)
    qtbot.waitUntil(lambda: "0.100" in words(loupe))
    qtbot.waitUntil(lambda: loupe.view.is_map_shown)
    assert loupe.view.grab().toImage() != before


def test_the_new_map_is_there_of_a_photo_that_was_looked_at_again_meanwhile(
    loupe: InspectLoupe, model: Inspecting, project: ProjectModel, qtbot: QtBot
) -> None:
    found = project.project.inspection(RUN, CAUGHT)
    assert found is not None
    before = loupe.view.grab().toImage()
    model.move(1)
    write_map(project.file(found.map), 0.1)
    model.move(-1)
    qtbot.waitUntil(lambda: loupe.view.is_map_shown and loupe.view.photo_size is not None)
    assert loupe.view.grab().toImage() != before


def test_a_hidden_loupe_follows_when_it_is_seen_again(
    loupe: InspectLoupe, model: Inspecting, qtbot: QtBot
) -> None:
    loupe.hide()
    model.move(1)
    assert "0.900" in words(loupe)
    loupe.show()
    assert "0.700" in words(loupe)


def test_without_a_model_nothing_is_shown(loupe: InspectLoupe) -> None:
    loupe.bind(None, None)
    assert loupe.view.file is None
