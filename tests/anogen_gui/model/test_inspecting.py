"""What a detector says of photos, beside what is known and said of them; the engine is played."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.inspected import ResultFilter
from anogen_gui.model.inspecting import Inspecting
from anogen_gui.model.project_model import ProjectModel
from engine.project import Project
from engine.protocol import (
    EvaluateRunJob,
    FileRefused,
    InspectJob,
    PhotoInspected,
    Progress,
    Started,
    TrainJob,
)
from engine.reporting.facts import Bands
from engine.reporting.gather import gather
from tests.anogen_gui.model.training_runs import write_training
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.reporting.inspected import RUN, record_run, write_detector, write_map

MISSED, CAUGHT = "photos/test/crack/002.png", "photos/test/crack/003.png"
ALARM, DOUBTFUL = "photos/test/100.png", "photos/test/101.png"
SUPPORT, HELD_OUT = "photos/test/crack/000.png", "photos/good/003.png"


class World:
    def __init__(self, project: Project) -> None:
        self.engine = ScriptedClient()
        self.project = ProjectModel(project, self.engine)
        self.model = Inspecting(self.project)

    def inspected(self, photo: str, score: float) -> PhotoInspected:
        path = f"runs/{RUN}/maps/{Path(photo).name}"
        write_map(self.project.folder / path, score)
        return PhotoInspected(run=RUN, photo=photo, score=score, map=path)

    def close(self) -> None:
        self.model.close()
        self.project.close()


@pytest.fixture
def world(product: Project, qtbot: QtBot) -> Iterator[World]:
    """Bands at 0.3 and 0.6: one of two bad photos is missed, one of two good ones rejected."""
    record_run(product)
    product.set_bands(product.runs()[0].id, 0.3, 0.6)
    world = World(product)
    yield world
    world.close()


@pytest.fixture
def bare(product: Project, qtbot: QtBot) -> Iterator[World]:
    """A project without a detector."""
    world = World(product)
    yield world
    world.close()


# --- what is there


def test_photos_are_told_apart(world: World) -> None:
    kinds = {photo.photo: photo.kind for photo in world.model.photos()}
    assert kinds == {
        SUPPORT: "kept_out", CAUGHT: "test", ALARM: "test", DOUBTFUL: "test", HELD_OUT: "held_out", MISSED: "test",
    }  # fmt: skip


def test_supports_do_not_count(world: World) -> None:
    assert world.model.scores.bad == (0.2, 0.9)
    assert world.model.scores.good == (0.5, 0.7)
    assert SUPPORT not in world.model.visible


def test_a_photo_that_a_later_detector_has_samples_for_does_not_count(world: World) -> None:
    project = world.project.project
    (first,) = project.runs()
    assert isinstance(first.job, TrainJob)
    made = msgspec.structs.replace(first.job.samples[0], origin=MISSED)
    write_training(project, msgspec.structs.replace(first.job, samples=(made,)), "later")
    world.model.reload()
    assert world.model.run is not None
    assert world.model.run.name == RUN
    assert world.model.photo(MISSED).kind == "kept_out"  # type: ignore[union-attr]
    assert world.model.counts()["missed"] == 0
    assert world.model.scores.bad == (0.9,)
    project.set_run_deleted(project.runs()[-1].id, True)
    world.model.reload()
    assert world.model.photo(MISSED).kind == "test"  # type: ignore[union-attr]
    assert world.model.scores.bad == (0.2, 0.9)


def test_a_photo_that_was_deleted_counts_as_little_as_in_the_report(product: Project, qtbot: QtBot) -> None:
    record_run(product)
    product.set_bands(product.runs()[0].id, 0.3, 0.6)
    (product.folder / MISSED).unlink()
    product.close()
    project = Project.open(product.folder)
    world = World(project)
    assert world.model.visible == (CAUGHT, ALARM, DOUBTFUL)
    assert world.model.counts()["missed"] == 0
    assert world.model.scores.outcomes(Bands(0.3, 0.6)) == gather(project, RUN).outcomes
    assert world.model.scores.bad == (0.9,)
    world.close()


def test_photos_are_seen_by_what_became_of_them(world: World) -> None:
    seen = {}
    for show in ("all", "missed", "false_alarm", "look_again", "new", "no_opinion", "held_out", "kept_out"):
        world.model.set_filter(ResultFilter(show))  # type: ignore[arg-type]
        seen[show] = world.model.visible
    assert seen == {
        "all": (CAUGHT, ALARM, DOUBTFUL, MISSED),
        "missed": (MISSED,),
        "false_alarm": (ALARM,),
        "look_again": (DOUBTFUL,),
        "new": (),
        "no_opinion": (CAUGHT, ALARM, DOUBTFUL, MISSED),
        "held_out": (HELD_OUT,),
        "kept_out": (SUPPORT,),
    }
    assert {show: world.model.counts()[show] for show in seen} == {show: len(seen[show]) for show in seen}  # type: ignore[index]


def test_photos_of_one_class_are_seen(world: World) -> None:
    world.model.set_filter(ResultFilter("all", "crack"))
    assert world.model.visible == (CAUGHT, MISSED)
    assert world.model.classes() == ("crack",)


def test_photos_are_sorted(world: World) -> None:
    orders = {}
    for sorting in ("lowest", "nearest", "name"):
        world.model.set_sorting(sorting)  # type: ignore[arg-type]
        orders[sorting] = world.model.visible
    assert orders["lowest"] == (MISSED, DOUBTFUL, ALARM, CAUGHT)
    assert orders["nearest"][-1] == CAUGHT  # 0.3 from a line, the others 0.1
    assert orders["name"] == (ALARM, DOUBTFUL, MISSED, CAUGHT)


def test_without_a_detector_there_is_nothing(bare: World) -> None:
    assert (bare.model.run, bare.model.runs, bare.model.photos(), bare.model.bands) == (None, (), (), None)
    bare.model.look_at_tests()
    bare.model.inspect_new([Path("/nowhere")])
    assert not bare.engine.submitted


def test_a_detector_that_came_is_found(bare: World, qtbot: QtBot) -> None:
    record_run(bare.project.project)
    with qtbot.waitSignal(bare.model.runs_changed):
        bare.model.reload()
    assert bare.model.run is not None
    assert bare.model.run.name == RUN


def test_a_training_without_a_detector_cannot_be_chosen(world: World) -> None:
    (world.project.folder / "runs" / RUN / "detector.safetensors").unlink()
    world.model.reload()
    assert (world.model.runs, world.model.run, world.model.visible) == ((), None, ())
    write_detector(world.project.folder / "runs" / RUN / "detector.safetensors")
    world.model.reload()
    assert len(world.model.visible) == 4


def test_one_goes_from_photo_to_photo(world: World) -> None:
    world.model.go_to(world.model.visible[0])
    world.model.move(2)
    assert world.model.current is not None
    assert (world.model.current.photo, world.model.place) == (DOUBTFUL, 2)
    world.model.move(5)
    assert world.model.place == 2


def test_a_photo_that_leaves_gives_way_to_the_next_one(world: World) -> None:
    world.model.set_filter(ResultFilter("no_opinion"))
    world.model.go_to(ALARM)
    world.model.set_opinion([ALARM], False)
    assert world.model.current is not None
    assert world.model.current.photo == DOUBTFUL


def test_a_photo_of_another_role_does_not_count(world: World) -> None:
    photo = world.project.photos.get(ALARM)
    assert photo is not None
    assert world.project.photos.set_role([ALARM], "good")
    assert world.model.scores.good == (0.5,)


# --- bands


def test_bands_are_tried_without_being_kept(world: World) -> None:
    world.model.try_bands(Bands(0.1, 0.15))
    assert world.model.scores.outcomes(world.model.bands).missed.count == 0  # type: ignore[arg-type]
    assert world.project.project.runs()[0].reject_above == 0.6
    assert not world.project.history.stack.canUndo()


def test_bands_are_one_step(world: World) -> None:
    world.model.try_bands(Bands(0.1, 0.4))
    world.model.set_bands(Bands(0.1, 0.15))
    row = world.project.project.runs()[0]
    assert (row.look_again_above, row.reject_above) == (0.1, 0.15)
    assert world.project.history.stack.undoText() == "Move the threshold"
    world.project.history.stack.undo()
    assert world.model.bands == Bands(0.3, 0.6)
    world.project.history.stack.redo()
    assert world.model.bands == Bands(0.1, 0.15)


def test_bands_that_were_only_tried_go(world: World) -> None:
    world.model.try_bands(Bands(0.1, 0.15))
    world.model.set_bands(Bands(0.3, 0.6))
    assert world.model.bands == Bands(0.3, 0.6)
    assert not world.project.history.stack.canUndo()


def test_a_photo_is_missed_or_not_by_the_bands(world: World) -> None:
    world.model.set_filter(ResultFilter("missed"))
    world.model.set_bands(Bands(0.1, 0.15))
    assert world.model.visible == ()


# --- opinions


def test_an_opinion_is_a_step_and_no_verdict(world: World) -> None:
    world.model.go_to(ALARM)
    world.model.set_opinion([ALARM, DOUBTFUL], True)
    photo = world.model.photo(ALARM)
    assert photo is not None
    assert (photo.opinion, photo.truth, world.model.verdict_of(photo)) == (True, False, "ng")
    assert world.model.current == photo
    assert world.project.project.opinions() == {ALARM: True, DOUBTFUL: True}
    assert world.project.history.stack.undoText() == "Say that 2 photos are bad"
    world.project.history.stack.undo()
    assert world.project.project.opinions() == {}
    assert world.model.photo(ALARM).opinion is None  # type: ignore[union-attr]


def test_what_was_said_already_is_no_step(world: World) -> None:
    world.model.set_opinion([ALARM], None)
    assert not world.project.history.stack.canUndo()


# --- looking at photos


def test_the_tests_are_looked_at_by_measuring(world: World) -> None:
    world.model.look_at_tests()
    job = world.engine.last_job
    assert isinstance(job, EvaluateRunJob)
    assert job.run == RUN
    assert {photo.photo for photo in job.photos if photo.is_support} == {
        "photos/test/crack/000.png", "photos/test/crack/001.png",
    }  # fmt: skip


def test_new_photos_are_looked_at_by_absolute_paths(world: World, tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "new"
    (folder / "below").mkdir(parents=True)
    for name in ("a.png", "below/b.jpg", "notes.txt"):
        (folder / name).write_bytes(b"")
    world.model.inspect_new([folder, tmp_path / "c.webp"])
    qtbot.waitUntil(lambda: bool(world.engine.submitted))
    job = world.engine.last_job
    assert isinstance(job, InspectJob)
    assert (job.run, job.out) == (RUN, "")
    assert job.files == tuple(map(str, (folder / "a.png", folder / "below/b.jpg", tmp_path / "c.webp")))


def test_results_stream_in(world: World, tmp_path: Path, qtbot: QtBot) -> None:
    new = str(tmp_path / "new.png")
    world.model.inspect_new([Path(new)])
    qtbot.waitUntil(lambda: bool(world.engine.submitted))
    with qtbot.waitSignal(world.model.photos_changed) as told:
        world.engine.play(
            Started(title="Inspecting"),
            world.inspected(new, 0.8),
            world.inspected(MISSED, 0.65),
            FileRefused(path="/x/bad.png", reason="It is no photo."),
            Progress(step=2, total=3, stage="inspecting"),
        )
    assert told.args == [(new, MISSED)]
    photo = world.model.photo(new)
    assert photo is not None
    assert (photo.kind, photo.truth, photo.name, world.model.verdict_of(photo)) == (
        "new",
        None,
        "new.png",
        "ng",
    )
    assert world.model.visible == (CAUGHT, new, ALARM, MISSED, DOUBTFUL)
    assert world.model.scores.bad == (0.65, 0.9)  # a new one does not count
    state = world.model.looking.state
    assert (state.step, state.total, state.looked) == (2, 3, 2)
    assert state.refused == (("/x/bad.png", "It is no photo."),)


def test_it_is_told_how_looking_ended(world: World, tmp_path: Path, qtbot: QtBot) -> None:
    looking = world.model.looking
    world.model.inspect_new([tmp_path / "a.png"])
    qtbot.waitUntil(lambda: bool(world.engine.submitted) and not looking.state.is_searching)
    assert looking.state.is_busy
    world.engine.play(Started(title="Inspecting"), FileRefused(path="a.png", reason="No photo."))
    world.engine.finish("failed", "None of the files can be used.", "Name photos.")
    assert (looking.state.outcome, looking.state.is_busy) == ("failed", False)
    assert looking.state.problem == "None of the files can be used. Name photos."
    assert looking.state.refused == (("a.png", "No photo."),)
    looking.dismiss()
    assert (looking.state.outcome, looking.state.refused) == ("", ())


def test_looking_can_be_cancelled(world: World, tmp_path: Path, qtbot: QtBot) -> None:
    world.model.inspect_new([tmp_path / "a.png"])
    qtbot.waitUntil(lambda: bool(world.engine.submitted) and not world.model.looking.state.is_searching)
    world.model.looking.cancel()
    assert world.engine.cancelled == [world.engine.last_id]
    world.engine.finish("cancelled")
    assert world.model.looking.state.outcome == "cancelled"


def test_an_end_before_the_search_has_ended_is_told(world: World, tmp_path: Path, qtbot: QtBot) -> None:
    looking = world.model.looking
    looking._update(replace(looking.state, is_searching=True))
    world.engine.submitted.clear()
    world.project.queue.enqueue(
        InspectJob(project=str(world.project.folder), run=RUN, files=(str(tmp_path / "a.png"),))
    )
    world.engine.finish()
    looking._end_search(False)
    assert (looking.state.outcome, looking.state.is_busy) == ("done", False)


def test_a_folder_without_photos_is_told_of(world: World, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "empty").mkdir()
    world.model.inspect_new([tmp_path / "empty"])
    qtbot.waitUntil(lambda: world.model.looking.state.outcome == "failed")
    assert "no photos" in world.model.looking.state.problem
    assert not world.engine.submitted


def test_several_drops_follow_each_other(world: World, tmp_path: Path, qtbot: QtBot) -> None:
    world.model.inspect_new([tmp_path / "a.png"])
    world.model.inspect_new([tmp_path / "b.png"])
    qtbot.waitUntil(lambda: len(world.project.project.queued()) == 2)
    world.engine.finish()
    job = world.engine.last_job
    assert isinstance(job, InspectJob)
    assert job.files == (str(tmp_path / "b.png"),)


def test_a_paused_queue_is_told_of(world: World, tmp_path: Path, qtbot: QtBot) -> None:
    world.project.queue.pause()
    world.model.inspect_new([tmp_path / "a.png"])
    qtbot.waitUntil(lambda: world.model.looking.state.is_held)
    assert world.model.looking.state.waiting == 1


def test_results_of_another_run_are_not_shown(world: World, tmp_path: Path, qtbot: QtBot) -> None:
    world.model.inspect_new([tmp_path / "a.png"])
    qtbot.waitUntil(lambda: bool(world.engine.submitted))
    other = PhotoInspected(run="other", photo=MISSED, score=1.0, map="m.png")
    with qtbot.waitSignal(world.model.photos_changed):
        world.engine.play(other, world.inspected(DOUBTFUL, 0.55))
    assert world.model.photo(MISSED).score == 0.2  # type: ignore[union-attr]


def test_new_photos_can_be_taken_off_the_list(world: World, tmp_path: Path) -> None:
    new = str(tmp_path / "new.png")
    world.project.project.record(world.inspected(new, 0.8))
    model = Inspecting(world.project)
    assert new in model.visible
    assert model.forget([new, MISSED])
    assert new not in model.visible
    assert MISSED in model.visible
    world.project.history.stack.undo()
    assert new in model.visible
    assert world.project.project.inspection(RUN, new) is not None
    model.close()
