"""Projects are opened and closed, one at a time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.importing import ImportRequest
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.studio import Studio
from engine.geometry import Box
from engine.project import Project
from tests.anogen_gui.model.job_queue.queued import job
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import write_embedding, write_mvtec, write_sample


@pytest.fixture
def studio(qtbot: QtBot) -> Iterator[Studio]:
    studio = Studio(ScriptedClient())
    yield studio
    studio.close()


def opened(studio: Studio) -> ProjectModel:
    assert studio.project is not None
    return studio.project


def test_a_new_project_is_open(tmp_path: Path, studio: Studio, qtbot: QtBot) -> None:
    with qtbot.waitSignal(studio.project_opened) as told:
        assert studio.new_project(tmp_path / "P")
    assert told.args == [opened(studio)]
    assert opened(studio).name == "P"
    assert studio.undo_group.activeStack() is opened(studio).history.stack


def test_another_project_takes_its_place(tmp_path: Path, studio: Studio, qtbot: QtBot) -> None:
    studio.new_project(tmp_path / "P")
    with qtbot.waitSignals([studio.project_closing, studio.project_closed, studio.project_opened]):
        assert studio.new_project(tmp_path / "Q")
    assert opened(studio).name == "Q"
    with Project.open(tmp_path / "P"):  # its lock is free
        pass


def test_one_that_cannot_be_opened_leaves_the_open_one(tmp_path: Path, studio: Studio, qtbot: QtBot) -> None:
    studio.new_project(tmp_path / "P")
    with qtbot.waitSignal(studio.failed) as failed, qtbot.assertNotEmitted(studio.project_closing):
        assert not studio.open_project(tmp_path / "nothing")
    assert "nothing" in failed.args[0]
    assert opened(studio).name == "P"


def test_the_open_project_is_not_opened_again(tmp_path: Path, studio: Studio, qtbot: QtBot) -> None:
    studio.new_project(tmp_path / "P")
    before = opened(studio)
    with qtbot.assertNotEmitted(studio.project_opened):
        assert studio.open_project(tmp_path / "P")
    assert opened(studio) is before


def test_closing_ends_the_engine_and_frees_the_project(tmp_path: Path, studio: Studio, qtbot: QtBot) -> None:
    studio.new_project(tmp_path / "P")
    with qtbot.waitSignal(studio.project_closed):
        studio.close()
    assert studio.project is None
    assert studio.undo_group.stacks() == []
    with Project.open(tmp_path / "P"):
        pass


def test_what_is_imported_is_in_the_models(tmp_path: Path, studio: Studio, qtbot: QtBot) -> None:
    studio.new_project(tmp_path / "P")
    project = opened(studio)
    project.importing.start(ImportRequest((write_mvtec(tmp_path / "source"),)))
    qtbot.waitUntil(lambda: not project.importing.state.is_running)
    assert len(project.photos.all()) == 10
    assert [anomaly.name for anomaly in project.anomalies.all()] == ["crack"]


def test_all_models_tell_of_a_class_by_its_new_name(tmp_path: Path, studio: Studio, qtbot: QtBot) -> None:
    studio.new_project(tmp_path / "P")
    project = opened(studio)
    project.importing.start(ImportRequest((write_mvtec(tmp_path / "source"),)))
    qtbot.waitUntil(lambda: not project.importing.state.is_running)
    photo = project.photos.of_role("good")[0]
    project.boxes.add(photo.id, "crack", [Box(center_x=20, center_y=20, width=9, height=9)])
    project.project.record(write_embedding(project.folder))
    sample = write_sample(project.folder, "one")
    project.project.record(sample)
    project.samples.refresh(sample.image)
    project.anomalies.rename("crack", "break")
    assert {photo.anomaly for photo in project.photos.all()} == {"", "break"}
    assert project.boxes.on(photo.path)[0].anomaly == "break"
    assert [sample.anomaly for sample in project.samples.all()] == ["break"]
    assert [row.anomaly for row in project.anomalies.embeddings()] == ["break"]


def test_test_photos_that_become_supports_are_bad_in_the_models(
    tmp_path: Path, studio: Studio, qtbot: QtBot
) -> None:
    studio.new_project(tmp_path / "P")
    project = opened(studio)
    project.importing.start(ImportRequest((write_mvtec(tmp_path / "source"),)))
    qtbot.waitUntil(lambda: not project.importing.state.is_running)
    project.anomalies.set_supports("crack", project.photos.of_role("test", "crack")[:3])
    assert len(project.photos.of_role("bad", "crack")) == 3


def test_what_cannot_be_done_is_told_by_the_studio(tmp_path: Path, studio: Studio, qtbot: QtBot) -> None:
    studio.new_project(tmp_path / "P")
    with qtbot.waitSignal(studio.failed) as failed:
        opened(studio).anomalies.add("good")
    assert "cannot be an anomaly class" in failed.args[0]


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path, studio: Studio, qtbot: QtBot) -> None:
    for attempt in (studio.new_project, studio.open_project):
        with qtbot.waitSignal(studio.failed) as failed:
            assert not attempt(tmp_path / ("n" * 300))
        assert "cannot be used: File name too long" in failed.args[0]


def test_a_damaged_project_is_offered_to_be_mended(tmp_path: Path, studio: Studio, qtbot: QtBot) -> None:
    studio.new_project(tmp_path / "P")
    opened(studio).anomalies.add("crack")
    studio.close_project()
    (tmp_path / "P" / "project.sqlite").write_bytes(b"no catalogue at all")
    with qtbot.waitSignal(studio.damaged) as damaged:
        assert not studio.open_project(tmp_path / "P")
    folder, message = damaged.args
    assert "damaged" in message
    assert studio.rebuild_project(folder)
    assert [anomaly.name for anomaly in opened(studio).anomalies.all()] == ["crack"]


def test_a_project_that_is_open_elsewhere_can_be_viewed_and_is_not_changed(
    tmp_path: Path, studio: Studio, qtbot: QtBot
) -> None:
    engine = studio.engine
    assert isinstance(engine, ScriptedClient)
    with Project.create(tmp_path / "P") as elsewhere:
        elsewhere.enqueue(job("crack"))
        with qtbot.waitSignal(studio.project_opened):
            assert studio.view_project(tmp_path / "P")
        queue = opened(studio).queue
        with qtbot.waitSignal(queue.jobs_changed):  # it has looked whether there is something to run
            pass
        assert queue.is_paused
        assert [job.state for job in queue.jobs()] == ["queued"]
        assert engine.submitted == []
        with qtbot.waitSignal(studio.failed):
            opened(studio).anomalies.add("crack")
        assert elsewhere.anomalies() == []
