"""Learning with an engine that is played; catalogue, queue and files are real ones."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from engine.protocol import (
    LearnJob,
    LearnSettings,
    Progress,
)
from tests.anogen_gui.model.learning.world import SETTINGS, World
from tests.anogen_gui.model.learning_runs import (
    RUN,
    embedding_event,
    strip_event,
)


def test_a_class_has_its_support_photos(world: World) -> None:
    assert [support.photo.name for support in world.state.supports] == ["000", "001", "002"]
    assert all(support.is_used for support in world.state.supports)
    assert world.state.course.state == "none"


def test_learning_goes_into_the_queue_with_settings_and_supports(world: World) -> None:
    world.model.learn("crack", SETTINGS)
    job = world.engine.last_job
    assert isinstance(job, LearnJob)
    assert (job.settings, len(job.supports), len(job.goods), job.again) == (SETTINGS, 3, 4, False)
    assert world.state.job is not None
    assert world.state.is_starting
    assert not world.state.is_running


def test_a_second_job_for_the_same_class_is_not_made(world: World) -> None:
    world.model.learn("crack", SETTINGS)
    world.model.learn("crack", LearnSettings(steps=7))
    assert len(world.engine.submitted) == 1
    assert len(world.project.queue.jobs()) == 1


def test_the_state_follows_the_events(world: World, qtbot: QtBot) -> None:
    changes: list[str] = []
    world.model.changed.connect(changes.append)
    world.learn(until=60)
    course = world.state.course
    assert (course.state, course.learned, course.total, course.eta_s) == ("running", 60, 100, 40.0)
    assert [step for step, _ in course.evaluations] == [20, 40, 60]
    assert [(column.step, column.can_be_used) for column in course.strip] == [
        (20, True),
        (40, True),
        (60, True),
    ]
    assert len(course.losses) == 60
    assert set(changes) == {"crack"}


def test_a_state_that_stays_the_same_is_not_told(world: World) -> None:
    world.learn(until=5)
    changes: list[str] = []
    world.model.changed.connect(changes.append)
    world.engine.play(Progress(step=5, total=100, stage="learning", eta_s=95.0))
    assert changes == []


def test_a_step_that_was_thinned_out_cannot_be_used(world: World) -> None:
    world.learn(until=40)
    (world.folder / f"runs/{RUN}/steps/000020.safetensors").unlink()
    world.engine.play(strip_event(world.folder, 60))
    assert [column.can_be_used for column in world.state.course.strip] == [False, True, True]


def test_a_new_picture_of_the_strip_is_told(world: World) -> None:
    files: list[Path] = []
    world.model.picture_changed.connect(files.append)
    world.learn(until=20)
    assert files == [world.folder / f"runs/{RUN}/strip/000020.png"]


def test_what_was_learned_is_in_use(world: World) -> None:
    world.learn()
    world.engine.play(embedding_event(world.folder))
    world.engine.finish("done")
    state = world.state
    assert state.course.state == "done"
    assert state.job is None
    assert state.in_use is not None
    assert (state.in_use.name, state.step_in_use) == (RUN, 60)
    assert [run.state for run in state.runs] == ["done"]


def test_stopping_is_asked_of_the_engine_and_shown(world: World) -> None:
    world.learn()
    world.model.stop_and_keep("crack")
    assert world.engine.kept == [world.engine.last_id]
    assert world.state.stopping == "keep"
    world.engine.play(embedding_event(world.folder))
    world.engine.finish("kept")
    assert (world.state.course.state, world.state.stopping) == ("kept", "")


def test_cancelling_leaves_no_embedding(world: World) -> None:
    world.learn()
    world.model.cancel("crack")
    assert world.engine.cancelled == [world.engine.last_id]
    assert world.state.stopping == "cancel"
    world.engine.finish("cancelled")
    assert (world.state.course.state, world.state.embeddings, world.state.job) == ("cancelled", (), None)


def test_a_job_that_waits_is_taken_out(world: World) -> None:
    world.project.queue.pause()
    world.model.learn("crack", SETTINGS)
    assert world.state.is_held
    assert world.engine.submitted == []
    world.model.cancel("crack")
    assert (world.state.job, world.state.is_held) == (None, False)


def test_a_paused_queue_goes_on(world: World) -> None:
    world.project.queue.pause()
    world.model.learn("crack", SETTINGS)
    world.model.resume_queue()
    assert len(world.engine.submitted) == 1
    assert not world.state.is_held
