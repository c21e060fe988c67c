"""The queue with an engine that is played, and with one that is a process; the catalogue is a real one."""

import shutil
from pathlib import Path

import msgspec
from pytestqt.qtbot import QtBot

from anogen_gui.model.job_queue import JobQueue
from anogen_gui.model.job_view import JobView
from engine.project import Project, QueuedJob
from engine.protocol import (
    DownloadJob,
    Event,
    Finished,
    Progress,
    Started,
)
from tests.anogen_gui.model.job_queue.queued import SAMPLE, job, states, view
from tests.anogen_gui.scripted_client import ScriptedClient


def test_jobs_run_in_their_order(queue: JobQueue, engine: ScriptedClient, project: Project) -> None:
    numbers = [queue.enqueue(job(name)) for name in "abc"]
    assert states(queue) == "rqq"
    assert [each.job_id.split(".", 1)[1] for each in engine.submitted] == [f"{numbers[0]}.1"]
    engine.play(Started(title="a"), Finished(outcome="done"))
    assert states(queue) == "drq"
    engine.finish("kept")
    engine.finish("done")
    assert states(queue) == "dkd"
    assert [each.state for each in project.queued()] == ["done", "kept", "done"]
    assert [getattr(each.job, "anomaly", "") for each in engine.submitted] == ["a", "b", "c"]


def test_progress_is_shown_of_the_running_job(queue: JobQueue, engine: ScriptedClient, qtbot: QtBot) -> None:
    number = queue.enqueue(job("cracked"))
    with qtbot.waitSignal(queue.job_progressed) as progressed:
        engine.play(Progress(step=3, total=10, stage="learning", eta_s=7.0, loss=0.5))
    expected = JobView(
        id=number, title="Learn ‘cracked’ from 3 photos", kind="learn", state="running", step=3, total=10,
        stage="learning", eta_s=7.0, loss=0.5, attempt=1, can_be_kept=True,
    )  # fmt: skip
    assert progressed.args == [expected]
    assert queue.jobs() == (expected,)
    engine.finish()
    assert view(queue, number) == JobView(
        id=number, title="Learn ‘cracked’ from 3 photos", kind="learn", state="done", attempt=1
    )


def test_a_failure_is_kept_with_its_details(
    queue: JobQueue, engine: ScriptedClient, project: Project
) -> None:
    number = queue.enqueue(job("a"))
    queue.enqueue(job("b"))
    engine.finish("failed", "No\nphoto.", "Take one.", "line 1\nline 2")
    failed = view(queue, number)
    assert (failed.state, failed.message, failed.hint, failed.details) == (
        "failed", "No photo.", "Take one.", "line 1\nline 2",
    )  # fmt: skip
    assert states(queue) == "fr"
    again = JobQueue(project, ScriptedClient())
    assert view(again, number) == failed


def test_what_an_event_says_is_kept_before_it_is_told(
    queue: JobQueue, engine: ScriptedClient, project: Project
) -> None:
    seen: list[tuple[str, object]] = []

    def note(row: QueuedJob, event: Event) -> None:
        kept = (
            project.queue.get(row.id).state,
            [run.state for run in project.runs()],
            len(project.samples()),
        )
        seen.append((type(event).__name__, kept))

    queue.event_received.connect(note)
    queue.enqueue(job("a"))
    engine.play(Started(title="a"), SAMPLE, Finished(outcome="done"))
    assert seen == [
        ("Started", ("running", ["running"], 0)),
        ("SampleWritten", ("running", ["running"], 1)),
        ("Finished", ("done", ["done"], 1)),
    ]


def test_events_come_with_the_row_of_their_job(queue: JobQueue, engine: ScriptedClient) -> None:
    told: list[tuple[int, str, str]] = []
    queue.event_received.connect(lambda row, event: told.append((row.id, row.state, type(event).__name__)))
    number = queue.enqueue(job("a"))
    engine.play(Started(title="a"), Finished(outcome="failed", message="No."))
    assert told == [(number, "running", "Started"), (number, "failed", "Finished")]


def test_late_events_of_an_earlier_attempt_are_ignored(queue: JobQueue, engine: ScriptedClient) -> None:
    number = queue.enqueue(job("a"))
    first = engine.last_id
    engine.finish("failed", "No.")
    queue.retry(number)
    assert engine.last_id != first
    told: list[Event] = []
    queue.event_received.connect(lambda _, event: told.append(event))
    engine.event_received.emit(Progress(job_id=first, step=9, total=9))
    engine.event_received.emit(Finished(job_id=first, outcome="done"))
    assert told == []
    assert (view(queue, number).state, view(queue, number).step, view(queue, number).attempt) == (
        "running",
        0,
        2,
    )


def test_a_job_is_carried_out_where_the_project_is_now(
    project: Project, engine: ScriptedClient, tmp_path: Path, qtbot: QtBot
) -> None:
    project.enqueue(msgspec.structs.replace(job("a"), project="/where/it/was"))
    project.close()
    shutil.move(project.folder, tmp_path / "moved")
    with Project.open(tmp_path / "moved") as moved:
        queue = JobQueue(moved, engine)
        qtbot.waitUntil(lambda: bool(engine.submitted))
        assert engine.last_job.project == str(tmp_path / "moved")
        engine.finish()
        queue.enqueue(DownloadJob(project="/backbones", backbone="large"))
        assert engine.last_job.project == "/backbones"
        queue.close()
