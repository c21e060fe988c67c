"""Learning with an engine that is played; catalogue, queue and files are real ones."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.learning import LearningModel
from anogen_gui.model.learning_state import LearnState
from anogen_gui.model.project_model import ProjectModel
from engine.project import Project
from engine.protocol import (
    ExportEmbeddingJob,
    FileWritten,
    ImportEmbeddingJob,
    KeepStepJob,
    LearnJob,
    LearnSettings,
    Outcome,
    Progress,
    Started,
)
from tests.anogen_gui.model.learning_runs import (
    RUN,
    choose_supports,
    embedding_event,
    learn_job,
    learning_events,
    make_newer,
    strip_event,
    write_run,
)
from tests.anogen_gui.scripted_client import ScriptedClient

SETTINGS = LearnSettings(steps=100)


class World:
    """A project with 'crack', and the engine that is played."""

    def __init__(self, project: Project) -> None:
        self.engine = ScriptedClient()
        self.project = ProjectModel(project, self.engine)
        self.model = LearningModel(self.project)

    @property
    def state(self) -> LearnState:
        found = self.model.state("crack")
        assert found is not None
        return found

    @property
    def folder(self) -> Path:
        return self.project.folder

    def learn(self, until: int = 60) -> None:
        """Start learning, and play its first steps."""
        self.model.learn("crack", SETTINGS)
        self.engine.play(*learning_events(self.folder, until))


@pytest.fixture
def make_world(product: Project, qtbot: QtBot) -> Iterator[Callable[[], World]]:
    """Opens the project; what a test writes into it before is found."""
    made: list[World] = []

    def make() -> World:
        made.append(World(product))
        return made[-1]

    yield make
    for world in made:
        world.project.close()


@pytest.fixture
def world(make_world: Callable[[], World], product: Project) -> World:
    choose_supports(product)
    return make_world()


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


def test_an_error_is_told_with_its_hint_and_without_commands(world: World) -> None:
    world.learn()
    world.engine.finish("failed", "The disk is full.", "Make room.", "Traceback")
    course = world.state.course
    assert (course.state, course.message, course.hint, course.details) == (
        "failed", "The disk is full.", "Make room.", "Traceback",
    )  # fmt: skip


@pytest.mark.parametrize("outcome", ["cancelled", "failed"])
def test_a_run_that_ended_before_its_first_step_gives_way_to_the_earlier_one(
    make_world: Callable[[], World], product: Project, outcome: Outcome
) -> None:
    choose_supports(product)
    write_run(product, learn_job(product, SETTINGS))
    world = make_world()
    earlier = world.state.course
    world.model.start_over("crack", LearnSettings(steps=7))
    world.engine.play(Started(title="Learn"), Progress(step=3, total=96, stage="preparing"))
    assert world.state.course.run == ""
    if outcome == "cancelled":
        world.model.cancel("crack")
    world.engine.finish(outcome, "It is over.")
    assert world.state.course == earlier
    assert (world.state.note is not None) == (outcome == "failed")
    assert make_world().state.course == earlier  # also when it is looked at anew


def test_an_error_before_the_first_step_leaves_the_earlier_run(
    make_world: Callable[[], World], product: Project
) -> None:
    choose_supports(product)
    write_run(product, learn_job(product, SETTINGS))
    world = make_world()
    world.model.learn("crack", LearnSettings(backbone="nowhere"))
    world.engine.finish("failed", "There is no backbone.", "See `anogen gc`.")
    assert world.state.course.run == RUN
    assert world.state.note is not None
    assert (world.state.note.message, world.state.note.hint) == ("There is no backbone.", "")
    assert world.state.note.is_problem
    world.model.dismiss_note("crack")
    assert world.state.note is None


def test_a_crash_of_the_engine_is_an_interruption(world: World) -> None:
    world.engine.describe()
    world.model.learn("crack", SETTINGS)
    world.engine.play(*learning_events(world.folder))
    world.engine.crash()
    assert world.state.course.state == "interrupted"
    assert world.state.job is None


@pytest.mark.parametrize(("outcome", "state"), [("done", "done"), ("cancelled", "cancelled")])
def test_after_a_restart_the_last_run_is_there_again(
    make_world: Callable[[], World], product: Project, outcome: str, state: str
) -> None:
    choose_supports(product)
    write_run(product, learn_job(product, SETTINGS), outcome=outcome)
    course = make_world().state.course
    assert (course.run, course.state, course.learned, course.total) == (RUN, state, 40, 100)
    assert [step for step, _ in course.evaluations] == [20, 40]
    assert [column.step for column in course.strip] == [20, 40]


def test_an_interrupted_run_goes_on_with_the_same_job(
    make_world: Callable[[], World], product: Project
) -> None:
    choose_supports(product)
    asked_for = learn_job(product, SETTINGS)
    write_run(product, asked_for, outcome="interrupted", checkpoint=25)
    world = make_world()
    assert world.state.course.state == "interrupted"
    world.model.learn("crack", SETTINGS)
    assert world.engine.last_job == asked_for
    world.engine.play(Started(title="Learning", resumed_from=25))
    course = world.state.course
    assert (course.state, course.learned, course.resumed_from) == ("running", 25, 25)
    assert [column.step for column in course.strip] == [20]


def test_a_job_that_was_cut_off_is_tried_again_and_not_made_twice(world: World) -> None:
    world.engine.describe()
    world.model.learn("crack", SETTINGS)
    world.engine.play(*learning_events(world.folder))
    job = world.engine.last_job
    assert isinstance(job, LearnJob)
    write_run(world.project.project, job, outcome="interrupted", checkpoint=25)
    world.engine.crash()
    world.model.learn("crack", SETTINGS)
    assert len(world.project.queue.jobs()) == 1
    assert world.engine.last_job == job
    assert len(world.engine.submitted) == 2


def test_starting_over_learns_anew(make_world: Callable[[], World], product: Project) -> None:
    choose_supports(product)
    write_run(product, learn_job(product, SETTINGS), outcome="interrupted", checkpoint=25)
    world = make_world()
    world.model.start_over("crack", SETTINGS)
    job = world.engine.last_job
    assert isinstance(job, LearnJob)
    assert job.again


def test_a_finished_run_is_learned_again(make_world: Callable[[], World], product: Project) -> None:
    choose_supports(product)
    write_run(product, learn_job(product, SETTINGS))
    world = make_world()
    world.model.learn("crack", SETTINGS)
    job = world.engine.last_job
    assert isinstance(job, LearnJob)
    assert job.again


def test_a_mask_that_was_painted_anew_makes_a_run_outdated(
    make_world: Callable[[], World], product: Project
) -> None:
    choose_supports(product)
    job = learn_job(product, SETTINGS)
    write_run(product, job, outcome="interrupted", checkpoint=25)
    make_newer(product.folder / job.supports[0].mask, product.folder / "runs" / RUN / "job.json")
    world = make_world()
    assert world.state.runs[0].is_outdated
    world.model.learn("crack", SETTINGS)
    assert world.engine.last_job == job  # planned anew: nothing of the checkpoint can be used


def test_another_run_can_be_looked_at(make_world: Callable[[], World], product: Project) -> None:
    choose_supports(product)
    write_run(product, learn_job(product, SETTINGS), "crack-first", (10,))
    write_run(product, learn_job(product, LearnSettings(steps=7)), "crack-second", (5,))
    world = make_world()
    assert world.state.course.run == "crack-second"
    world.model.show_run("crack", "crack-first")
    assert [column.step for column in world.state.course.strip] == [10]


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
