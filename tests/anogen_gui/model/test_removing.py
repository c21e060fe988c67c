"""Photos that are taken out of the project, and back: all models follow; one step each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.coverage import read_coverage
from anogen_gui.model.importing import ImportRequest
from anogen_gui.model.inspecting import Inspecting
from anogen_gui.model.job_queue import JobQueue
from anogen_gui.model.lineage import Lineage, LineageStep, lineage_of_run
from anogen_gui.model.photo_list import PhotoList
from anogen_gui.model.place import PlaceModel
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.training import TrainingModel
from engine.geometry import Box
from engine.project import Project
from engine.project.detecting import photos_to_measure_on
from engine.project.planning import plan_generate
from engine.project.runs import job_key
from engine.protocol import EvaluateRunJob, GenerateJob, GenerateSettings
from tests.anogen_gui.model.training_runs import write_figures
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import write_embedding
from tests.engine.reporting.inspected import RUN, record_run

BOX = Box(center_x=20, center_y=15, width=10, height=6)
GOOD, NEXT_GOOD = "photos/good/000.png", "photos/good/001.png"
SUPPORT, MISSED, ALARM = "photos/test/crack/000.png", "photos/test/crack/002.png", "photos/test/100.png"


@pytest.fixture
def opened(product: Project, qtbot: QtBot) -> Iterator[ProjectModel]:
    """A detector that has looked at the photos, its samples, and a box on a good photo."""
    record_run(product)
    product.add_box(product.find_photo(GOOD).id, "crack", BOX)
    model = ProjectModel(product, ScriptedClient())
    yield model
    model.close()


def test_photos_go_and_come_as_one_named_step(opened: ProjectModel) -> None:
    before, stack = opened.photos.all(), opened.history.stack
    heard: list[tuple[str, bool]] = []
    opened.photos.removal_changed.connect(lambda: heard.append(("removal", opened.photos.get(GOOD) is None)))
    opened.photos.changed.connect(lambda: heard.append(("changed", opened.photos.get(GOOD) is None)))
    assert opened.photos.remove([GOOD, SUPPORT])
    assert stack.undoText() == "Remove 2 photos"
    assert heard == [("removal", True), ("changed", True)]
    assert [photo.path for photo in opened.photos.all()] == [
        photo.path for photo in before if photo.path not in (GOOD, SUPPORT)
    ]
    for _ in range(2):
        stack.undo()
        assert opened.photos.all() == before
        assert opened.project.photos() == list(before)
        stack.redo()
        assert len(opened.photos.all()) == len(opened.project.photos()) == 8


def test_nothing_to_remove_is_no_step(opened: ProjectModel) -> None:
    assert not opened.photos.remove([])
    assert opened.history.stack.count() == 0


def test_the_list_tells_how_many_went_and_counts_the_others(opened: ProjectModel) -> None:
    photos = PhotoList(opened)
    removed: list[int] = []
    photos.removed.connect(removed.append)
    assert photos.counts_of("crack").supports == 2
    assert photos.remove([GOOD, SUPPORT])
    assert removed == [2]
    assert (photos.counts.good, photos.counts_of("crack").supports) == (3, 1)
    assert photos.neighbor(NEXT_GOOD, -1) is None
    opened.history.stack.undo()
    assert (photos.counts.good, photos.counts_of("crack").supports) == (4, 2)


def test_place_goes_on_with_the_next_photo_and_counts_no_box_on_a_removed_one(opened: ProjectModel) -> None:
    place = PlaceModel(opened)
    before = opened.boxes.on(GOOD)
    assert (place.state.photo, len(before)) == (GOOD, 1)
    opened.photos.remove([GOOD])
    assert place.state.photo == NEXT_GOOD
    assert opened.boxes.counts()[GOOD] == 0
    opened.history.stack.undo()
    assert opened.boxes.on(GOOD) == before


def test_a_sample_of_a_removed_photo_is_told_of_on_place(opened: ProjectModel) -> None:
    place = PlaceModel(opened)
    told: list[str] = []
    place.told.connect(told.append)
    opened.photos.remove([GOOD])
    place.show_photo(opened.samples.all()[0].photo)
    assert place.state.photo == NEXT_GOOD
    assert told == ["“000” was removed from the project; samples of it are on the page Curate."]


def test_boxes_like_those_on_removed_photos_are_placed_no_more(opened: ProjectModel, qtbot: QtBot) -> None:
    opened.project.record(write_embedding(opened.folder))
    opened.anomalies.reload()
    with qtbot.waitSignal(opened.more_like_this.planned):
        opened.more_like_this.ask([MISSED])
    opened.photos.remove([GOOD])
    assert opened.more_like_this.plan is not None
    opened.photos.remove([MISSED])
    assert opened.more_like_this.plan is None


def test_the_detector_says_nothing_of_a_removed_photo(opened: ProjectModel) -> None:
    model = Inspecting(opened)
    before, outcomes = model.photos(), model.scores
    model.go_to(ALARM)
    opened.photos.remove([ALARM, "photos/good/003.png"])  # which is held out, and the only one
    assert model.photo(ALARM) is None
    assert (outcomes.good, model.scores.good) == ((0.5, 0.7), (0.5,))
    assert model.current is not None
    assert model.current.photo in model.visible
    assert model.bands is None
    opened.history.stack.undo()
    assert (model.photos(), model.scores, model.bands is not None) == (before, outcomes, True)
    model.close()


def test_figures_that_count_a_removed_photo_are_told_again_when_it_is_back(opened: ProjectModel) -> None:
    write_figures(opened.project, RUN, photos=[ALARM, MISSED])
    model = TrainingModel(opened)
    assert model.trainings()[0].figures
    opened.photos.remove([MISSED])
    assert (model.trainings()[0].figures, model.trainings()[0].is_outdated) == ({}, True)
    opened.history.stack.undo()
    assert model.trainings()[0].figures
    model.close()


@pytest.mark.parametrize("is_back", [False, True])
def test_a_job_that_waits_goes_on_without_photos_that_are_removed(
    opened: ProjectModel, is_back: bool
) -> None:
    engine, project = ScriptedClient(), opened.project
    generating = plan_generate(project, "crack", settings=GenerateSettings(count=4, seed=1))
    measuring = EvaluateRunJob(project=str(opened.folder), run=RUN, photos=photos_to_measure_on(project))
    queue = JobQueue(project, engine)
    queue.pause()
    for job in (generating, measuring):
        queue.enqueue(job)
    opened.photos.remove([NEXT_GOOD, ALARM])
    if is_back:
        opened.history.stack.undo()
    queue.resume()
    engine.finish()
    generates, measures = (each.job for each in engine.submitted)
    assert isinstance(generates, GenerateJob)
    assert isinstance(measures, EvaluateRunJob)
    assert generates.left_out == (() if is_back else (NEXT_GOOD,))
    assert job_key(generates) == job_key(generating)
    assert (ALARM in {photo.photo for photo in measures.photos}) == is_back
    assert len(measures.photos) == len(measuring.photos) - (not is_back)
    queue.close()


# --- what was made from it stays


def test_a_lineage_says_what_was_removed(opened: ProjectModel) -> None:
    project = opened.project
    before = lineage_of_run(project, RUN)
    assert before is not None
    opened.photos.remove([GOOD])
    after = lineage_of_run(project, RUN)
    assert [each.kind for each in before.steps] == ["detector", "samples", "boxes", "embedding"]
    assert step(after, "boxes").items == step(before, "boxes").items
    assert step(after, "boxes").text == "On 1 photo of good parts. 1 of them was removed from the project."
    assert (opened.file(GOOD)).is_file()
    opened.photos.remove([SUPPORT])
    told = lineage_of_run(project, RUN)
    assert told is not None
    assert SUPPORT not in {path for group in told.kept_out for path in group.photos}


def step(lineage: Lineage | None, kind: str) -> LineageStep:
    assert lineage is not None
    return next(each for each in lineage.steps if each.kind == kind)


def test_samples_on_a_removed_photo_are_still_on_the_map(opened: ProjectModel) -> None:
    before = read_coverage(opened.project, "crack").counts
    opened.photos.remove([GOOD, MISSED])
    after = read_coverage(opened.project, "crack").counts
    assert before["sample"] == after["sample"] > 0
    assert (before["box"], after["box"]) == (1, 0)
    assert before["real"] + before["missed"] == after["real"] + after["missed"] + 1


# --- imported again


def test_an_import_brings_photos_back_with_boxes_and_results(
    opened: ProjectModel, tmp_path: Path, qtbot: QtBot
) -> None:
    inspecting = Inspecting(opened)
    before = opened.photos.all(), opened.boxes.on(GOOD), inspecting.photos()
    opened.photos.remove([GOOD, ALARM])
    assert (opened.photos.all(), opened.boxes.on(GOOD), inspecting.photos()) != before
    with qtbot.waitSignal(opened.importing.ended):
        opened.importing.start(ImportRequest((tmp_path / "source",)))
    assert (opened.photos.all(), opened.boxes.on(GOOD), inspecting.photos()) == before
    assert opened.importing.state.added == 2
    opened.history.stack.undo()  # of what the import has done already
    assert opened.photos.all() == before[0]
    inspecting.close()


def test_removed_photos_of_a_project_stay_removed_when_it_is_opened_again(opened: ProjectModel) -> None:
    opened.photos.remove([GOOD, ALARM])
    folder = opened.folder
    opened.close()
    again = ProjectModel(Project.open(folder), ScriptedClient())
    assert {GOOD, ALARM}.isdisjoint(photo.path for photo in again.photos.all())
    assert again.file(GOOD).is_file()  # samples were made on it
    assert not again.file(ALARM).exists()
    again.close()
