"""The trainings of a project, with an engine that is played; the catalogue and the files are real ones."""

import os
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.training import TrainingModel
from engine.project import Project
from engine.protocol import CompareRunsJob, EvaluateRunJob, FileWritten, TrainJob, TrainSettings, Warned
from tests.anogen_gui.model.training_runs import (
    detector_event,
    train_job,
    training_events,
    write_comparison,
    write_figures,
    write_training,
)
from tests.anogen_gui.sample_rows import record_pictures
from tests.anogen_gui.scripted_client import ScriptedClient

SETTINGS = TrainSettings(steps=100)
RUN = "draem-anogen-light-1"


class World:
    """A project with four good photos and two accepted samples of three, and the engine that is played."""

    def __init__(self, project: Project) -> None:
        self.engine = ScriptedClient()
        self.project = ProjectModel(project, self.engine)
        self.model = TrainingModel(self.project)

    def train(self, until: int = 50, settings: TrainSettings = SETTINGS, run: str = RUN) -> None:
        """Start a training, and play its first steps."""
        self.model.train(settings)
        self.engine.play(*training_events(self.project.folder, run, until))

    def names(self) -> list[str]:
        return [training.name for training in self.model.trainings()]


@pytest.fixture
def trained(product: Project) -> Project:
    """With samples, but no training."""
    ids = record_pictures(product, ["000000", "000001", "000002"])
    product.set_verdicts(ids[:2], "accepted")
    return product


@pytest.fixture
def make_world(trained: Project, qtbot: QtBot) -> Iterator[Callable[[], World]]:
    """Opens the project; what a test writes into it before is found."""
    made: list[World] = []

    def make() -> World:
        made.append(World(trained))
        return made[-1]

    yield make
    for world in made:
        world.model.close()
        world.project.close()


@pytest.fixture
def world(make_world: Callable[[], World]) -> World:
    return make_world()


# --- starting


def test_a_training_is_planned_and_put_into_the_queue(world: World) -> None:
    world.model.train(SETTINGS)
    job = world.engine.last_job
    assert isinstance(job, TrainJob)
    assert (job.settings, len(job.samples)) == (SETTINGS, 2)
    assert len(job.goods) + len(job.held_out) == 4
    assert world.model.waiting == "starts"
    assert world.model.trainings() == ()


def test_what_is_told_to_be_held_out_is_what_is_planned(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.project.detecting._GOODS_TO_HOLD_OUT", 4)
    monkeypatch.setattr("engine.project.detecting._LEAST_HELD_OUT", 1)
    world.model.train(SETTINGS)
    job = world.engine.last_job
    assert isinstance(job, TrainJob)
    assert world.model.material().held_out == len(job.held_out) == 1


def test_samples_without_a_verdict_can_be_taken_too(world: World, qtbot: QtBot) -> None:
    with qtbot.waitSignal(world.model.material_changed):
        world.model.take_all(True)
    assert world.model.material().samples == 3
    world.model.train(SETTINGS)
    job = world.engine.last_job
    assert isinstance(job, TrainJob)
    assert len(job.samples) == 3


def test_what_is_refused_is_told_and_not_queued(world: World) -> None:
    world.model.train(TrainSettings(detector="destseg"))
    assert world.engine.submitted == []
    assert world.model.note is not None
    assert world.model.note.is_problem


def test_a_training_that_waits_says_why(world: World) -> None:
    world.project.queue.pause()
    world.model.train(SETTINGS)
    assert world.model.waiting == "held"
    world.model.resume_queue()
    assert world.model.waiting == "starts"


# --- running


def test_a_running_training_is_looked_at(world: World) -> None:
    world.train()
    looked = world.model.looked
    assert looked is not None
    assert looked.is_running
    assert (looked.course.step, looked.course.total, looked.course.eta_s) == (50, 100, 50.0)
    assert len(looked.course.losses) == 50
    assert [step for step, _ in looked.course.evaluations] == [25, 50]
    assert [column.step for column in looked.course.strip] == [25, 50]
    assert world.model.waiting == ""


def test_it_can_be_stopped_and_kept(world: World) -> None:
    world.train()
    world.model.stop_and_keep()
    assert world.engine.kept == [world.engine.last_id]
    assert world.model.looked is not None
    assert world.model.looked.stopping == "keep"
    world.engine.play(detector_event(world.project.folder, RUN, 50))
    world.engine.finish("kept")
    (training,) = world.model.trainings()
    assert (training.run.state, training.steps, training.number) == ("kept", 50, None)


def test_a_cancelled_one_goes_on_with_the_same_job(world: World) -> None:
    world.train()
    world.model.cancel()
    assert world.engine.cancelled == [world.engine.last_id]
    world.engine.finish("cancelled")
    (training,) = world.model.trainings()
    assert training.can_go_on
    job = world.engine.last_job
    world.model.go_on(training.id)
    assert world.engine.last_job == job
    assert len(world.project.queue.jobs()) == 1  # the job that is there is retried


def test_the_same_settings_go_on_with_what_was_cut_off(world: World) -> None:
    world.train()
    world.model.cancel()
    world.engine.finish("cancelled")
    world.model.train(SETTINGS)
    assert len(world.project.queue.jobs()) == 1
    assert world.engine.owed


def test_what_is_trained_already_is_chosen_and_can_be_trained_again(
    make_world: Callable[[], World], trained: Project
) -> None:
    world = make_world()
    world.train()
    world.engine.play(detector_event(world.project.folder, RUN))
    world.engine.finish("done")
    world.train(settings=TrainSettings(steps=100, seed=1), run="other")
    world.engine.finish("cancelled")
    world.model.train(SETTINGS)
    assert world.engine.owed == []
    assert [training.run.name for training in world.model.chosen] == [RUN]
    assert world.model.offers_again
    world.model.train(SETTINGS, again=True)
    job = world.engine.last_job
    assert isinstance(job, TrainJob)
    assert job.again
    assert len(world.model.trainings()) == 2


def test_a_failure_is_part_of_its_course(world: World) -> None:
    world.train()
    world.engine.play(Warned(message="Memory ran out."))
    world.engine.finish("failed", "It has come apart.", "Another seed (--seed) may help.", "details")
    looked = world.model.looked
    assert looked is not None
    assert (looked.course.state, looked.course.message) == ("failed", "It has come apart.")
    assert looked.course.warnings == ("Memory ran out.",)


def test_a_failure_before_the_start_is_told(world: World) -> None:
    world.model.train(SETTINGS)
    world.engine.finish("failed", "There is no ResNet-18.", "Fetch it.")
    assert world.model.note is not None
    assert world.model.note.message == "There is no ResNet-18."


def test_the_losses_of_a_training_stay_when_another_is_looked_at(world: World) -> None:
    world.train()
    world.engine.play(detector_event(world.project.folder, RUN))
    world.engine.finish("done")
    world.train(settings=TrainSettings(steps=100, seed=1), run="other")
    first = next(training for training in world.model.trainings() if training.run.name == RUN)
    world.model.choose([first.id])
    assert world.model.looked is not None
    assert len(world.model.looked.course.losses) == 50


# --- what is on the disk


def test_after_a_restart_the_course_is_read_from_the_folder(
    make_world: Callable[[], World], trained: Project
) -> None:
    write_training(trained, train_job(trained), RUN, steps=75, outcome=None)
    looked = make_world().model.looked
    assert looked is not None
    assert (looked.course.state, looked.course.learned, looked.training.checkpoint) == ("interrupted", 75, 75)
    assert [step for step, _ in looked.course.evaluations] == [25, 50, 75]
    assert [column.step for column in looked.course.strip] == [25, 50, 75]
    assert looked.training.can_go_on


def test_figures_are_those_without_the_supports(make_world: Callable[[], World], trained: Project) -> None:
    write_training(trained, train_job(trained), RUN)
    write_figures(trained, RUN)
    (training,) = make_world().model.trainings()
    auroc = training.figures["image AUROC"]
    assert (auroc.value, auroc.low, auroc.high) == pytest.approx((0.9, 0.8, 0.95))
    assert "AUPRO" not in training.figures


@pytest.mark.parametrize("text", ["", "{}", '{"figures": [{"name": 3}]}'])
def test_figures_that_cannot_be_read_are_none(
    make_world: Callable[[], World], trained: Project, text: str
) -> None:
    write_training(trained, train_job(trained), RUN)
    (trained.folder / "runs" / RUN / "evaluation.json").write_text(text)
    assert make_world().model.trainings()[0].figures == {}


def test_figures_of_an_earlier_detector_are_none(make_world: Callable[[], World], trained: Project) -> None:
    write_training(trained, train_job(trained), RUN)
    write_figures(trained, RUN)
    file = trained.folder / "runs" / RUN / "evaluation.json"
    detector = file.with_name("detector.safetensors")
    os.utime(detector, ns=(0, file.stat().st_mtime_ns + 1))
    assert make_world().model.trainings()[0].figures == {}


def test_measuring_ends_with_figures(make_world: Callable[[], World], trained: Project) -> None:
    row = write_training(trained, train_job(trained), RUN)
    world = make_world()
    world.model.measure([row.id])
    job = world.engine.last_job
    assert isinstance(job, EvaluateRunJob)
    assert (job.run, len(job.photos)) == (RUN, 6)
    assert world.model.trainings()[0].is_being_measured
    write_figures(trained, RUN)
    world.engine.play(FileWritten(path=f"runs/{RUN}/evaluation.json"))
    world.engine.finish("done")
    (training,) = world.model.trainings()
    assert training.figures
    assert not training.is_being_measured


def test_without_test_photos_measuring_is_refused(make_world: Callable[[], World], trained: Project) -> None:
    row = write_training(trained, train_job(trained), RUN)
    for photo in trained.photos("test"):
        (trained.folder / photo.path).unlink()
    world = make_world()
    world.model.measure([row.id])
    assert world.engine.submitted == []
    assert world.model.note is not None
    assert "no test photos" in world.model.note.message


# --- comparing


def two(project: Project) -> tuple[int, int]:
    """One training with samples, and a later one without; their numbers."""
    first = write_training(project, train_job(project), RUN)
    second = write_training(project, train_job(project, recipe="baseline"), "baseline-1")
    return first.id, second.id


def test_two_are_compared_with_the_baseline_before(
    make_world: Callable[[], World], trained: Project, qtbot: QtBot
) -> None:
    anogen, baseline = two(trained)
    world = make_world()
    with qtbot.waitSignal(world.model.comparison_changed):
        world.model.choose([anogen, baseline])
    world.model.compare()
    job = world.engine.last_job
    assert isinstance(job, CompareRunsJob)
    assert (job.first, job.second) == ("baseline-1", RUN)
    assert world.model.comparison is not None
    assert world.model.comparison.is_running
    write_comparison(trained, "baseline-1", RUN)
    world.engine.finish("done")
    assert world.model.comparison.count("helped") == 5
    assert world.model.comparison.photos == 20
    assert not world.model.comparison.is_running


def test_a_comparison_is_there_after_a_restart(make_world: Callable[[], World], trained: Project) -> None:
    ids = two(trained)
    write_comparison(trained, "baseline-1", RUN, more=-0.1)
    world = make_world()
    world.model.choose(ids)
    assert world.model.comparison is not None
    assert world.model.comparison.count("hurt") == 5


def test_what_has_no_detector_is_not_compared(make_world: Callable[[], World], trained: Project) -> None:
    done = write_training(trained, train_job(trained), RUN)
    cut_off = write_training(trained, train_job(trained, seed=1), "other", outcome="cancelled")
    world = make_world()
    world.model.choose([done.id, cut_off.id])
    assert world.model.comparison is not None
    assert "“other”" in world.model.comparison.reason
    world.model.compare()
    assert world.engine.submitted == []


def test_why_two_could_not_be_compared_is_told(make_world: Callable[[], World], trained: Project) -> None:
    two(trained)
    world = make_world()
    world.model.choose([training.id for training in world.model.trainings()])
    world.model.compare()
    world.engine.finish("failed", "They look at different sizes.", "Train both with the same --side.")
    assert world.model.note is not None
    assert world.model.note.message == "They look at different sizes."


# --- titles, notes, deleting


def test_a_title_and_a_note_are_one_step_each(make_world: Callable[[], World], trained: Project) -> None:
    row = write_training(trained, train_job(trained), RUN)
    world = make_world()
    assert world.model.describe(row.id, title="With cracks")
    assert world.model.describe(row.id, note="the first good one")
    assert not world.model.describe(row.id, note="the first good one")
    assert world.names() == ["With cracks"]
    stack = world.project.history.stack
    assert [stack.text(place) for place in range(stack.count())] == [
        "Rename training",
        "Change note of training",
    ]
    stack.undo()
    assert world.model.trainings()[0].run.note == ""
    stack.undo()
    assert world.names() == [RUN]
    stack.redo()
    assert trained.runs()[0].title == "With cracks"


def test_deleting_can_be_undone(make_world: Callable[[], World], trained: Project) -> None:
    anogen, baseline = two(trained)
    world = make_world()
    world.model.choose([anogen, baseline])
    assert world.model.delete([anogen])
    assert [training.id for training in world.model.trainings()] == [baseline]
    assert [training.id for training in world.model.chosen] == [baseline]
    world.model.undo_delete()
    assert {training.id for training in world.model.trainings()} == {anogen, baseline}
    assert [training.id for training in world.model.chosen] == [anogen]


def test_what_runs_is_not_deleted(world: World) -> None:
    world.train()
    (training,) = world.model.trainings()
    assert not world.model.delete([training.id])
    assert world.model.trainings()
