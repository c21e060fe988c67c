"""Ordering samples, and the tray of those that wait for a verdict."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.boxes import NewBox
from anogen_gui.model.generating import Generating, Staging
from anogen_gui.model.project_model import ProjectModel
from engine.geometry import Box
from engine.project import Project
from engine.protocol import GenerateJob, GenerateSettings, SampleWritten
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import write_embedding, write_sample

PHOTOS = [f"photos/good/00{number}.png" for number in range(4)]
BOX = Box(center_x=20, center_y=20, width=8, height=6)


@pytest.fixture
def project(product: Project, engine: ScriptedClient) -> Iterator[ProjectModel]:
    """Four good photos, the class 'crack' with an embedding and the class 'hole' without."""
    product.record(write_embedding(product.folder))
    product.add_anomaly("hole")
    model = ProjectModel(product, engine)
    yield model
    model.close()


@pytest.fixture
def generating(project: ProjectModel) -> Generating:
    return Generating(project)


def place(project: ProjectModel, photo: str, anomaly: str = "crack", box: Box = BOX) -> None:
    row = project.photos.get(photo)
    assert row is not None
    assert project.boxes.add(row.id, anomaly, [box])


def jobs(project: ProjectModel) -> list[GenerateJob]:
    """What is in the queue."""
    return [row.job for row in project.project.queued() if isinstance(row.job, GenerateJob)]


# --- ordering


def test_what_stands_in_the_way_is_said(project: ProjectModel, generating: Generating) -> None:
    assert "Draw a box" in generating.obstacle([PHOTOS[0]])
    place(project, PHOTOS[0], "hole")
    assert "“hole” has no embedding yet" in generating.obstacle([PHOTOS[0]])
    place(project, PHOTOS[0])
    assert generating.obstacle([PHOTOS[0]]) == ""


def test_a_job_holds_the_boxes_of_the_photos(project: ProjectModel, generating: Generating) -> None:
    place(project, PHOTOS[0])
    place(project, PHOTOS[0], box=BOX.moved(10, 0))
    place(project, PHOTOS[2])
    assert generating.photos_with_boxes() == (PHOTOS[0], PHOTOS[2])
    assert len(generating.generate(generating.photos_with_boxes(), 3, GenerateSettings(seed=5))) == 1
    (job,) = jobs(project)
    assert job.settings.count == 6
    assert job.settings.seed == 5
    assert {placement.photo: placement.boxes for placement in job.placements} == {
        PHOTOS[0]: (BOX, BOX.moved(10, 0)),
        PHOTOS[2]: (BOX,),
    }


def test_boxes_for_a_missed_photo_have_samples_of_their_own(
    project: ProjectModel, generating: Generating
) -> None:
    place(project, PHOTOS[0])
    row = project.photos.get(PHOTOS[0])
    assert row is not None
    project.boxes.add_to_photos({row.id: [NewBox("crack", BOX.moved(10, 0), "photos/test/crack/000.png")]})
    generating.generate([PHOTOS[0]], 3, GenerateSettings(seed=5))
    (job,) = jobs(project)
    assert job.settings.count == 6
    assert [placement.origin for placement in job.placements] == ["", "photos/test/crack/000.png"]


def test_each_class_has_a_job_and_one_without_an_embedding_is_told_of(
    project: ProjectModel, generating: Generating, qtbot: QtBot
) -> None:
    place(project, PHOTOS[0])
    place(project, PHOTOS[0], "hole", BOX.moved(10, 10))
    with qtbot.waitSignal(generating.failed) as failed:
        assert len(generating.generate([PHOTOS[0]], 1, GenerateSettings())) == 1
    assert "“hole”" in failed.args[0]
    (job,) = jobs(project)
    assert job.anomaly == "crack"
    assert job.placements[0].boxes == (BOX,)


def test_a_deleted_photo_is_told_of(project: ProjectModel, generating: Generating, qtbot: QtBot) -> None:
    place(project, PHOTOS[0])
    project.file(PHOTOS[0]).unlink()
    with qtbot.waitSignal(generating.failed) as failed:
        assert generating.generate([PHOTOS[0]], 1, GenerateSettings()) == ()
    assert "deleted" in failed.args[0]


# --- the tray


@pytest.fixture
def staging(project: ProjectModel) -> Staging:
    return Staging(project)


def arrive(project: ProjectModel, *stems: str) -> list[int]:
    """Samples that a job has written; their numbers."""
    numbers = []
    for stem in stems:
        event: SampleWritten = write_sample(project.folder, stem)
        project.project.record(event)
        project.samples.refresh(event.image)
        row = project.project.sample_at(event.image)
        assert row is not None
        numbers.append(row.id)
    return numbers


def ids(staging: Staging) -> list[int]:
    return [sample.id for sample in staging.samples()]


def test_samples_come_into_the_tray_the_newest_first(
    project: ProjectModel, staging: Staging, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(staging.changed):
        first, second = arrive(project, "a", "bb")
    assert ids(staging) == [second, first]


def test_samples_of_earlier_days_are_not_in_the_tray(project: ProjectModel, qtbot: QtBot) -> None:
    arrive(project, "a")
    assert ids(Staging(project)) == []


def test_keeping_and_discarding_go_on_to_the_next_sample(project: ProjectModel, staging: Staging) -> None:
    first, second, third = arrive(project, "a", "bb", "ccc")
    staging.choose(second)
    staging.keep()
    assert staging.current is not None
    assert staging.current.id == first
    staging.discard()
    assert staging.current is not None
    assert staging.current.id == third
    verdicts = {sample.id: sample.verdict for sample in project.samples.all()}
    assert verdicts == {first: "rejected", second: "accepted", third: "undecided"}
    staging.keep()
    assert staging.current is None
    assert ids(staging) == []


def test_a_verdict_that_is_undone_brings_the_sample_back(project: ProjectModel, staging: Staging) -> None:
    (sample,) = arrive(project, "a")
    staging.choose(sample)
    staging.discard()
    assert ids(staging) == []
    project.history.stack.undo()
    assert ids(staging) == [sample]


def test_all_are_kept_in_one_step(project: ProjectModel, staging: Staging) -> None:
    arrive(project, "a", "bb")
    staging.keep_all()
    assert ids(staging) == []
    assert project.history.stack.undoText() == "Accept 2 samples"
    project.history.stack.undo()
    assert len(ids(staging)) == 2


def test_what_is_looked_at_is_told_once(project: ProjectModel, staging: Staging) -> None:
    looked_at: list[int] = []
    staging.chosen.connect(lambda sample: looked_at.append(sample.id if sample is not None else 0))
    (sample,) = arrive(project, "a")
    staging.choose(sample)
    staging.choose(sample)
    staging.choose(0)
    assert looked_at == [sample, 0]


def test_nothing_is_judged_while_nothing_is_looked_at(project: ProjectModel, staging: Staging) -> None:
    arrive(project, "a")
    staging.keep()
    staging.discard()
    assert len(ids(staging)) == 1
