"""Runs in the catalogue: one for each folder, whatever was killed in between, and done when all is there."""

import json

import msgspec
import pytest

from engine.geometry import Box
from engine.project import Project
from engine.project.runs import decode_job
from engine.protocol import (
    EmbeddingWritten,
    Finished,
    GenerateJob,
    GenerateSettings,
    Job,
    LearnJob,
    LearnSettings,
    Placement,
    Started,
    StripWritten,
)
from tests.engine.project.product import write_embedding, write_sample

LEARN = LearnJob(project="P", anomaly="crack", supports=())
GENERATE = GenerateJob(
    project="P",
    anomaly="crack",
    embedding="e",
    placements=(Placement(photo="p"),),
    settings=GenerateSettings(count=2),
)
STRIP = StripWritten(step=1, image="runs/learn-1/strip.png")


def note_job(project: Project, run: str, job: Job) -> None:
    """What a job writes when it begins."""
    (project.folder / "runs" / run).mkdir()
    (project.folder / "runs" / run / "job.json").write_bytes(msgspec.json.encode(job))


def states(project: Project) -> list[tuple[str, str]]:
    """Name and state of every run, as the next opening finds them."""
    project.close()
    with Project.open(project.folder) as again:
        return [(run.name, run.state) for run in again.runs()]


def test_a_run_killed_before_its_first_file_is_one_run(product: Project) -> None:
    product.record(Started(title="x"), LEARN)
    note_job(product, "learn-1", LEARN)
    assert states(product) == [("learn-1", "interrupted")]
    with Project.open(product.folder) as project:
        for event in (Started(title="x"), STRIP, Finished(outcome="done")):
            project.record(event, LEARN)
        assert states(project) == [("learn-1", "done")]


def test_a_run_that_failed_before_its_first_file_is_one_run(product: Project) -> None:
    product.record(Started(title="x"), LEARN)
    note_job(product, "learn-1", LEARN)
    product.record(Finished(outcome="failed"), LEARN)
    assert states(product) == [("learn-1", "failed")]


@pytest.mark.parametrize(
    "event", [STRIP, EmbeddingWritten(anomaly="crack", name="learn-1", path="e", backbone="b", steps=1)]
)
def test_jobs_that_share_a_folder_are_one_run(
    product: Project, event: StripWritten | EmbeddingWritten
) -> None:
    """They differ in what decides nothing, or in what one of them had left open."""
    product.record(Started(title="x"), LEARN)
    product.record(STRIP, LEARN)
    other = msgspec.structs.replace(LEARN, settings=LearnSettings(strip_every=5))
    product.record(Started(title="x"), other)
    product.record(event, other)
    product.record(Finished(outcome="done"), other)
    assert states(product) == [("learn-1", "done")]


def test_the_older_run_of_a_job_takes_no_name_from_the_newer_one(product: Project) -> None:
    """The same job on photos that have changed has a folder of its own."""
    note_job(product, "learn-0", LEARN)
    for event in (Started(title="x"), STRIP, Finished(outcome="done")):
        product.record(event, LEARN)
    assert states(product) == states(product) == [("learn-1", "done")]


@pytest.mark.parametrize("is_complete", [True, False])
def test_in_a_new_catalogue_a_run_is_done_when_all_is_there(product: Project, is_complete: bool) -> None:
    note_job(product, "first", LEARN)
    note_job(product, "gen-1", GENERATE)
    write_sample(product.folder, "s1", run="gen-1")
    if is_complete:
        write_embedding(product.folder, name="first")
        write_sample(product.folder, "s2", run="gen-1")
    product.close()
    for file in product.folder.glob("project.sqlite*"):
        file.unlink()
    with Project.rebuild(product.folder) as rebuilt:
        state = "done" if is_complete else "interrupted"
        assert {(run.name, run.state) for run in rebuilt.runs()} == {("first", state), ("gen-1", state)}


def test_a_damaged_job_is_a_run_without_one(product: Project) -> None:
    product.record(Started(title="x"), LEARN)
    product.catalogue.change("UPDATE run SET job = '{'")
    assert [run.job for run in product.runs()] == [None]


def test_jobs_that_an_older_version_kept_are_read() -> None:
    box = {"center_x": 9.0, "center_y": 9.0, "width": 5.0, "height": 5.0, "angle_deg": 0.0}
    kept = {
        "job": "GenerateJob",
        "project": "P",
        "anomaly": "crack",
        "embedding": "embeddings/crack/first.safetensors",
        "placements": [{"photo": "p.png", "boxes": [box]}],
        "settings": {"profile": "product", "count": 3, "seed": 7, "feather": 0.15},
    }
    job = decode_job(json.dumps(kept))
    assert isinstance(job, GenerateJob)
    assert job.placements[0].boxes == (Box(center_x=9, center_y=9, width=5, height=5),)
    assert job.settings == GenerateSettings(count=3, seed=7)
