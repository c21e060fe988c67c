"""Scattered boxes, with an engine that is played."""

from collections.abc import Iterator

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.more_like_this import MissedPlace, MissedPlan
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.scattering import Scatter
from engine.geometry import Box, BoxRange
from engine.project import Photo, Project
from engine.protocol import BoxesProposed, ScatterJob, ScatterSettings
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import write_embedding

PHOTOS = [f"photos/good/00{number}.png" for number in range(4)]
BOX = Box(center_x=20, center_y=20, width=8, height=6)
LEFT, RIGHT = (
    MissedPlace("photos/test/crack/000.png", 0.25, 0.5),
    MissedPlace("photos/test/crack/001.png", 0.75, 0.5),
)
PLAN = MissedPlan("crack", (LEFT.photo, RIGHT.photo), (LEFT, RIGHT))


@pytest.fixture
def project(product: Project, engine: ScriptedClient) -> Iterator[ProjectModel]:
    """Four good photos, and a class with an embedding."""
    product.record(write_embedding(product.folder))
    model = ProjectModel(product, engine)
    yield model
    model.close()


@pytest.fixture
def scatter(project: ProjectModel) -> Scatter:
    return Scatter(project)


def photo(project: ProjectModel, number: int = 0) -> Photo:
    found = project.photos.get(PHOTOS[number])
    assert found is not None
    return found


def last_job(engine: ScriptedClient) -> ScatterJob:
    assert isinstance(engine.last_job, ScatterJob)
    return engine.last_job


def propose(engine: ScriptedClient, *boxes: Box) -> None:
    engine.play(BoxesProposed(photo=last_job(engine).photo, boxes=boxes))


def test_scattered_boxes_are_placed_in_one_step(
    project: ProjectModel, scatter: Scatter, engine: ScriptedClient, qtbot: QtBot
) -> None:
    project.boxes.add(photo(project).id, "crack", [BOX])
    scatter.scatter([photo(project)], "crack", 2, ScatterSettings())
    job = last_job(engine)
    assert (job.count, job.others, job.embedding) == (2, (BOX,), "embeddings/crack/first.safetensors")
    assert job.around == ()
    found = (BOX.moved(10, 0), BOX.moved(0, 10))
    event = BoxesProposed(
        photo=PHOTOS[0], boxes=found, box_range=BoxRange(width=(0.1, 0.2), height=(0.1, 0.2))
    )
    with qtbot.waitSignal(scatter.proposed) as proposed:
        engine.play(event)
    assert msgspec.structs.replace(proposed.args[0], job_id="") == event
    assert [placed.box for placed in project.boxes.on(PHOTOS[0])] == [BOX, *found]
    assert project.history.stack.undoText() == "Scatter 2 boxes"
    with qtbot.waitSignal(scatter.busy_changed) as busy:
        engine.finish()
    assert busy.args == [False]
    project.history.stack.undo()
    assert [placed.box for placed in project.boxes.on(PHOTOS[0])] == [BOX]


def test_a_class_without_an_embedding_can_be_scattered(
    project: ProjectModel, scatter: Scatter, engine: ScriptedClient
) -> None:
    project.anomalies.add("hole")
    scatter.scatter([photo(project)], "hole", 3)
    assert last_job(engine).embedding == ""


def test_boxes_lie_where_something_was_missed_and_say_for_which_photo(
    project: ProjectModel, scatter: Scatter, engine: ScriptedClient
) -> None:
    scatter.scatter([photo(project)], "crack", 3, plan=PLAN)
    assert last_job(engine).around == ((0.25, 0.5), (0.75, 0.5))
    propose(engine, BOX, BOX.moved(10, 0), BOX.moved(0, 10))
    placed = project.boxes.on(PHOTOS[0])
    assert [each.origin for each in placed] == [LEFT.photo, RIGHT.photo, LEFT.photo]
    assert [each.origin for each in project.project.boxes(PHOTOS[0])] == [each.origin for each in placed]


def test_several_photos_take_turns_and_are_one_step(
    project: ProjectModel, scatter: Scatter, engine: ScriptedClient, qtbot: QtBot
) -> None:
    scatter.scatter([photo(project, number) for number in range(3)], "crack", 1, plan=PLAN)
    for number, around in enumerate(((0.25, 0.5), (0.75, 0.5), (0.25, 0.5))):
        assert last_job(engine).photo == PHOTOS[number]
        assert last_job(engine).around[0] == around
        assert project.boxes.counts().total() == 0
        with qtbot.waitSignal(scatter.placed, raising=False, timeout=0) as placed:
            propose(engine, BOX)
            engine.finish()
    assert placed.args == [3, 3]
    assert not scatter.is_busy
    assert [project.boxes.on(path)[0].origin for path in PHOTOS[:3]] == [LEFT.photo, RIGHT.photo, LEFT.photo]
    assert project.history.stack.undoText() == "Scatter 3 boxes on 3 photos"
    project.history.stack.undo()
    assert project.boxes.counts().total() == 0


def test_a_photo_that_cannot_be_read_is_told_and_the_others_get_their_boxes(
    project: ProjectModel, scatter: Scatter, engine: ScriptedClient, qtbot: QtBot
) -> None:
    scatter.scatter([photo(project, number) for number in range(2)], "crack", 1)
    propose(engine, BOX)
    engine.finish()
    with qtbot.waitSignal(scatter.failed) as failed:
        engine.finish("failed", "It cannot be read.", "Import it again.")
    assert failed.args == ["It cannot be read.", "Import it again."]
    assert [placed.box for placed in project.boxes.on(PHOTOS[0])] == [BOX]
    assert project.boxes.on(PHOTOS[1]) == ()
