"""Good photos that a detector does not learn from, and the threshold that they say."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from engine.detection.calibration import read_scores, read_threshold
from engine.detection.trained import load_network
from engine.errors import StopAndKeep
from engine.protocol import Event, FileWritten, Measured, PhotoInspected, Progress, TrainJob, Warned
from tests.engine.detection.training.begun import (
    AT_A_PHOTO,
    Events,
    begin,
    kill,
    of,
    run_folder,
    run_until_step,
    train_job,
)


def holding_out(project: Path, count: int = 2) -> TrainJob:
    job = train_job(project, goods=5)
    return msgspec.structs.replace(job, goods=job.goods[:-count], held_out=job.goods[-count:])


def test_they_are_looked_at_when_the_training_ends(project: Path) -> None:
    job = holding_out(project)
    events = list(begin(job))
    told = of(events, PhotoInspected)
    assert [event.photo for event in told] == list(job.held_out)
    assert {event.run for event in told} == {run_folder(project).name}
    assert all((project / event.map).is_file() for event in told)
    (measured,) = of(events, Measured)
    assert measured.value == max(event.score for event in told)
    assert "2 good photos were held out" in of(events, Warned)[0].message
    assert events.index(told[0]) > events.index(of(events, FileWritten)[0])
    threshold = read_threshold(project, run_folder(project).name)
    assert threshold is not None
    assert (threshold.value, threshold.normals) == (measured.value, 2)


def test_a_run_killed_before_that_looks_at_them_when_it_is_started_again(project: Path) -> None:
    job = holding_out(project)
    events = begin(job)
    for event in events:
        if isinstance(event, FileWritten):
            break
    events.close()
    name = run_folder(project).name
    assert read_scores(project, name) is None
    again = list(begin(job))
    assert not [event for event in of(again, Progress) if event.stage == "training"]
    assert len(of(again, PhotoInspected)) == 2
    assert len(read_scores(project, name) or ()) == 2
    assert not of(list(begin(job)), PhotoInspected)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_while_they_are_looked_at_the_next_start_looks_at_all_of_them(project: Path) -> None:
    job = holding_out(project)
    kill(job, AT_A_PHOTO)
    name = run_folder(project).name
    assert read_scores(project, name) is None
    assert len(list((project / "runs" / name / "maps").iterdir())) == 1
    told = of(list(begin(job)), PhotoInspected)
    assert [event.photo for event in told] == list(job.held_out)
    assert read_scores(project, name) == [event.score for event in told]


def test_a_training_that_is_stopped_and_kept_has_a_threshold_too(project: Path) -> None:
    events = run_until_step(holding_out(project), 3)
    rest: list[Event] = [events.throw(StopAndKeep()), *events]
    assert len(of(rest, PhotoInspected)) == 2
    assert len(of(rest, Measured)) == 1
    assert load_network(project, run_folder(project).name).trained.steps == 3


@pytest.mark.parametrize("last", [FileWritten, PhotoInspected, Measured])
def test_stopped_after_the_training_nothing_is_lost(project: Path, last: type[Event]) -> None:
    job = holding_out(project)
    events = begin(job)
    while not isinstance(next(events), last):
        pass
    rest = list(_stopped(events))
    name = run_folder(project).name
    if last is PhotoInspected:
        assert "There is no threshold yet" in of(rest, Warned)[0].message
        assert read_scores(project, name) is None
        list(begin(job))
    assert len(read_scores(project, name) or ()) == 2


def _stopped(events: Events) -> Iterator[Event]:
    """What comes once the job is asked to stop and keep what it has."""
    with suppress(StopIteration):
        yield events.throw(StopAndKeep())
        yield from events


def test_a_damaged_calibration_is_made_again(project: Path) -> None:
    job = holding_out(project)
    list(begin(job))
    place = run_folder(project) / "calibration.json"
    whole = place.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", b"[]", b'{"scores": {"a": null}}'):
        place.write_bytes(damaged)
        assert len(of(list(begin(job)), PhotoInspected)) == 2
        assert place.read_bytes() == whole


def test_they_make_another_run(project: Path) -> None:
    run_until_step(holding_out(project, 1), 2).close()
    run_until_step(holding_out(project, 2), 2).close()
    assert len(list((project / "runs").iterdir())) == 2


def test_one_that_cannot_be_read_is_told(project: Path) -> None:
    job = holding_out(project)
    (project / job.held_out[0]).write_text("no photo")
    assert len(of(list(begin(job)), PhotoInspected)) == 1
    (project / job.held_out[1]).write_text("no photo")
    job = msgspec.structs.replace(job, again=True)
    assert any(
        "the good photos held out could not be looked at" in each.message
        for each in of(list(begin(job)), Warned)
    )
