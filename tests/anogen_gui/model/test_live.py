"""Live pictures, with an engine that is played."""

import base64
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.live import Live, LivePicture
from anogen_gui.model.project_model import ProjectModel
from engine.geometry import Box
from engine.project import Project
from engine.protocol import PreviewJob, PreviewReady
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import write_embedding

PHOTO = "photos/good/000.png"
BOX = Box(center_x=20, center_y=20, width=8, height=6)


@pytest.fixture
def project(product: Project, engine: ScriptedClient) -> Iterator[ProjectModel]:
    """Four good photos, and a class with an embedding."""
    product.record(write_embedding(product.folder))
    model = ProjectModel(product, engine)
    yield model
    model.close()


@pytest.fixture
def live(project: ProjectModel) -> Live:
    return Live(project)


def picture_of(engine: ScriptedClient, text: bytes, box: Box | None = None) -> PreviewReady:
    return PreviewReady(jpeg_base64=base64.b64encode(text).decode(), photo=PHOTO, step=6, box=box)


def test_a_box_is_drawn_by_the_embedding_of_its_class(
    live: Live, engine: ScriptedClient, qtbot: QtBot
) -> None:
    assert live.ask(PHOTO, 7, "crack", BOX, seed=3)
    job = engine.last_job
    assert isinstance(job, PreviewJob)
    assert engine.submitted[-1].interactive
    assert (job.embedding, job.photo, job.box, job.seed) == (
        "embeddings/crack/first.safetensors",
        PHOTO,
        BOX,
        3,
    )
    with qtbot.waitSignal(live.drawn) as drawn:
        engine.play(picture_of(engine, b"jpeg"))
    assert drawn.args == [LivePicture(7, PHOTO, BOX, b"jpeg")]


def test_a_class_without_an_embedding_is_not_asked_for(
    live: Live, engine: ScriptedClient, project: ProjectModel
) -> None:
    project.anomalies.add("hole")
    assert not live.ask(PHOTO, 7, "hole", BOX, seed=3)
    assert engine.submitted == []


def test_each_picture_is_of_the_box_that_it_was_asked_for(
    live: Live, engine: ScriptedClient, qtbot: QtBot
) -> None:
    drawn: list[LivePicture] = []
    live.drawn.connect(drawn.append)
    live.ask(PHOTO, 7, "crack", BOX, seed=3)
    first = engine.last_id
    live.ask(PHOTO, 7, "crack", BOX.moved(5, 0), seed=3)
    second = engine.last_id
    engine.play(picture_of(engine, b"one"), job_id=first)
    engine.finish(job_id=first)
    engine.play(picture_of(engine, b"two"), job_id=second)
    assert [(each.box, each.jpeg) for each in drawn] == [(BOX, b"one"), (BOX.moved(5, 0), b"two")]
    assert live.is_busy
    with qtbot.waitSignal(live.busy_changed) as busy:
        engine.finish(job_id=second)
    assert busy.args == [False]


def test_what_went_wrong_is_told_and_what_was_replaced_is_not(
    live: Live, engine: ScriptedClient, qtbot: QtBot
) -> None:
    live.ask(PHOTO, 7, "crack", BOX, seed=3)
    with qtbot.assertNotEmitted(live.failed):
        engine.finish("cancelled")
    live.ask(PHOTO, 7, "crack", BOX, seed=3)
    with qtbot.waitSignal(live.failed) as failed:
        engine.finish("failed", "No memory.", "Close something.")
    assert failed.args == ["No memory.", "Close something."]
