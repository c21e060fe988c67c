"""Learning with an engine that is played; catalogue, queue and files are real ones."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from pytestqt.qtbot import QtBot

from engine.project import Project
from engine.protocol import (
    ExportEmbeddingJob,
    FileWritten,
    ImportEmbeddingJob,
    KeepStepJob,
    LearnJob,
    Progress,
)
from tests.anogen_gui.model.learning.world import SETTINGS, World
from tests.anogen_gui.model.learning_runs import (
    RUN,
    choose_supports,
    embedding_event,
    learn_job,
    learning_events,
    write_run,
)


def test_a_step_becomes_an_embedding_that_is_in_use(world: World) -> None:
    world.learn()
    world.engine.play(embedding_event(world.folder))
    world.engine.finish("done")
    world.model.use_step("crack", 40)
    job = world.engine.last_job
    assert isinstance(job, KeepStepJob)
    assert (job.run, job.step) == (RUN, 40)
    assert world.state.work
    world.engine.play(embedding_event(world.folder, f"{RUN}-000040", 40))
    world.engine.finish("done")
    assert world.state.work == ""
    assert world.state.step_in_use == 40
    assert [row.name for row in world.state.embeddings] == [RUN, f"{RUN}-000040"]


def test_a_step_that_is_an_embedding_already_is_used_without_a_job(world: World) -> None:
    world.learn()
    world.engine.play(embedding_event(world.folder))
    world.engine.finish("done")
    world.model.use_step("crack", 40)
    world.engine.play(embedding_event(world.folder, f"{RUN}-000040", 40))
    world.engine.finish("done")
    world.model.use_step("crack", 60)
    assert world.state.step_in_use == 60
    assert len(world.engine.submitted) == 2
    world.project.history.stack.undo()
    assert world.state.step_in_use == 40


def test_importing_tells_what_went_wrong(world: World, tmp_path: Path) -> None:
    world.model.jobs.bring_in("crack", tmp_path / "embeddings.pt", "embedded")
    job = world.engine.last_job
    assert isinstance(job, ImportEmbeddingJob)
    assert (job.file, job.anomaly, job.backbone) == (
        str(tmp_path / "embeddings.pt"), "crack", "embedded",
    )  # fmt: skip
    world.engine.finish("failed", "embeddings.pt holds no embedding.", "Choose another file.")
    assert world.state.note is not None
    assert (world.state.note.message, world.state.note.hint) == (
        "embeddings.pt holds no embedding.", "Choose another file.",
    )  # fmt: skip
    assert world.state.work == ""


def test_what_was_imported_is_in_use(world: World, tmp_path: Path) -> None:
    world.model.jobs.bring_in("crack", tmp_path / "embeddings.pt", "embedded")
    world.engine.play(embedding_event(world.folder, "embeddings", 0))
    world.engine.finish("done")
    assert world.state.in_use is not None
    assert world.state.in_use.name == "embeddings"


def test_exporting_tells_where_it_is(world: World, tmp_path: Path) -> None:
    world.learn()
    world.engine.play(embedding_event(world.folder))
    world.engine.finish("done")
    row = world.state.embeddings[0]
    world.model.jobs.export(row, tmp_path / "crack.safetensors")
    job = world.engine.last_job
    assert isinstance(job, ExportEmbeddingJob)
    assert (job.embedding, job.out) == (row.path, str(tmp_path / "crack.safetensors"))
    world.engine.play(FileWritten(path=str(tmp_path / "crack.safetensors"), what="“<crack>” for embedded"))
    world.engine.finish("done")
    assert world.state.note is not None
    assert "crack.safetensors" in world.state.note.message
    assert not world.state.note.is_problem


def test_a_support_photo_is_left_out_until_it_is_chosen_again(world: World) -> None:
    path = world.state.supports[0].photo.path
    world.model.choose_support("crack", path, False)
    assert len(world.state.used_supports) == 2
    assert len(world.project.project.chosen_supports("crack")) == 3  # not before it is learned from
    world.model.learn("crack", SETTINGS)
    job = world.engine.last_job
    assert isinstance(job, LearnJob)
    assert path not in [support.photo for support in job.supports]
    assert len(world.state.supports) == 3  # it can still be chosen
    world.engine.finish("failed", "No.")
    world.model.choose_support("crack", path, True)
    assert len(world.state.used_supports) == 3


def test_a_photo_without_a_mask_is_no_support(world: World, qtbot: QtBot) -> None:
    photo = world.state.supports[0].photo
    with qtbot.waitSignal(world.project.photos.mask_saved):
        assert world.project.photos.set_mask(photo.path, None)
    assert [support.has_mask for support in world.state.supports] == [False, True, True]
    world.model.learn("crack", SETTINGS)
    job = world.engine.last_job
    assert isinstance(job, LearnJob)
    assert len(job.supports) == 2


def test_a_class_that_is_renamed_keeps_its_state(world: World) -> None:
    world.learn(until=20)
    assert world.project.anomalies.rename("crack", "fissure")
    assert world.model.state("crack") is None
    world.engine.play(Progress(step=21, total=100, stage="learning", loss=0.5))
    found = world.model.state("fissure")
    assert found is not None
    assert found.course.learned == 21


def test_classes_come_and_go(world: World) -> None:
    seen: list[int] = []
    world.model.classes_changed.connect(lambda: seen.append(len(world.model.states())))
    assert world.project.anomalies.add("scratch")
    assert [state.anomaly.name for state in world.model.states()] == ["crack", "scratch"]
    world.project.history.stack.undo()
    assert [state.anomaly.name for state in world.model.states()] == ["crack"]
    assert seen == [2, 1]


def test_a_photo_that_is_gone_is_told(world: World) -> None:
    job = learn_job(world.project.project)
    (world.folder / job.supports[0].photo).unlink()
    world.model.learn("crack", SETTINGS)
    assert world.engine.submitted == []
    assert world.state.note is not None
    assert world.state.note.is_problem


def test_jobs_carry_the_folder_where_the_project_is_now(
    make_world: Callable[[], World], product: Project
) -> None:
    choose_supports(product)
    moved = msgspec.structs.replace(learn_job(product, SETTINGS), project="/somewhere/else")
    write_run(product, moved, outcome="interrupted", checkpoint=25)
    world = make_world()
    world.model.learn("crack", SETTINGS)
    assert world.engine.last_job.project == str(product.folder)


def test_a_closed_model_hears_nothing_more(world: World) -> None:
    changes: list[object] = []
    world.model.changed.connect(changes.append)
    world.model.classes_changed.connect(lambda: changes.append("classes"))
    world.model.close()
    assert world.project.anomalies.add("scratch")
    world.project.queue.enqueue(learn_job(world.project.project, SETTINGS))
    world.engine.play(*learning_events(world.folder, 20))
    world.engine.finish("done")
    assert changes == []
