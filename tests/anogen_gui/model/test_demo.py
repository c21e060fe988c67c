"""The demo project, made and interrupted, with an engine that is played."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.demo import ANOMALY, Demo
from anogen_gui.model.studio import Studio
from engine.project import Project
from engine.project.importing import import_photos
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import write_mask, write_photo

SUPPORTS = ["000", "001", "002"]


class World:
    """A studio, the demo, and the engine that is played."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = ScriptedClient("off")
        self.studio = Studio(self.engine)
        self.demo = Demo(self.studio)

    def render(self) -> None:
        """Let the engine finish its rendering: small photos in the layout of the demo's product."""
        product = self.folder / "product"
        for number in range(3):
            write_photo(product / "train" / "good" / f"{number:03}.png", number)
            write_photo(product / "bad" / ANOMALY / f"{number:03}.png", 10 + number)
            write_mask(product / "masks" / ANOMALY / f"{number:03}_mask.png")
        self.engine.finish("done")

    def supports(self) -> list[str]:
        assert self.studio.project is not None
        return [photo.name for photo in self.studio.project.anomalies.supports(ANOMALY)]


@pytest.fixture
def world(tmp_path: Path, qtbot: QtBot) -> Iterator[World]:
    world = World(tmp_path / "demo")
    yield world
    world.studio.close()


def test_it_is_rendered_imported_and_ready_to_learn_from(world: World, qtbot: QtBot) -> None:
    world.demo.open(world.folder)
    with qtbot.waitSignal(world.demo.opened):
        world.render()
    assert world.supports() == SUPPORTS
    world.studio.close_project()
    with qtbot.waitSignal(world.demo.opened):
        world.demo.open(world.folder)
    assert len(world.engine.submitted) == 1  # nothing is made twice


def test_an_import_that_was_cut_off_is_finished(world: World, qtbot: QtBot) -> None:
    world.demo.open(world.folder)
    world.studio.new_project(world.folder.parent / "other")
    world.render()
    world.studio.close_project()
    with Project.create(world.folder / "project") as project:
        first = next(iter(import_photos(project, world.folder / "product")))
        assert first is not None
        project.add_anomaly(ANOMALY)
    with qtbot.waitSignal(world.demo.opened):
        world.demo.open(world.folder)
    assert world.studio.project is not None
    assert len(world.studio.project.photos.all()) == 6
    assert world.supports() == SUPPORTS


def test_a_project_that_was_cut_off_while_it_was_made_is_no_obstacle(world: World, qtbot: QtBot) -> None:
    (world.folder / "project" / "photos").mkdir(parents=True)
    world.demo.open(world.folder)
    with qtbot.waitSignal(world.demo.opened):
        world.render()
    assert world.supports() == SUPPORTS


def test_another_project_is_closed_for_it_but_one_that_is_opened_meanwhile_stays(world: World) -> None:
    world.studio.new_project(world.folder.parent / "first")
    world.demo.open(world.folder)
    assert world.studio.project is None
    world.studio.new_project(world.folder.parent / "second")
    world.render()
    assert world.studio.project is not None
    assert world.studio.project.name == "second"


def test_what_is_imported_later_makes_no_supports(world: World, qtbot: QtBot, tmp_path: Path) -> None:
    from anogen_gui.model.importing import ImportRequest

    world.demo.open(world.folder)
    with qtbot.waitSignal(world.demo.opened):
        world.render()
    project = world.studio.project
    assert project is not None
    project.anomalies.set_supports(ANOMALY, project.photos.of_role("bad")[:1])
    write_photo(tmp_path / "further.png", 40)
    with qtbot.waitSignal(project.importing.ended):
        project.importing.start(ImportRequest((tmp_path / "further.png",), role="good"))
    qtbot.waitUntil(lambda: not project.importing.state.is_running)
    assert world.supports() == SUPPORTS[:1]
