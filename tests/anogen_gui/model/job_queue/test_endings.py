"""The queue with an engine that is played, and with one that is a process; the catalogue is a real one."""

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.job_queue import JobQueue
from engine.errors import EngineError
from engine.project import Project
from engine.protocol import (
    Event,
    Finished,
    LearnJob,
    LearnSettings,
    PreviewReady,
    Progress,
    Started,
)
from tests.anogen_gui.model.job_queue.queued import PREVIEW, job, states, view
from tests.anogen_gui.scripted_client import ScriptedClient


def test_a_job_of_another_version_fails_and_the_next_one_runs(
    project: Project, engine: ScriptedClient, qtbot: QtBot
) -> None:
    number = project.enqueue(job("a"))
    project.catalogue.change('UPDATE queue SET job = \'{"job":"UnheardJob"}\'')
    project.enqueue(job("b"))
    queue = JobQueue(project, engine)
    qtbot.waitUntil(lambda: states(queue) == "fr")
    assert view(queue, number).title == "A job of another version"
    assert "cannot be run" in view(queue, number).message
    queue.retry(number)
    engine.finish()
    assert states(queue) == "fd"
    queue.close()


def test_a_job_with_settings_that_are_not_allowed_fails(queue: JobQueue, engine: ScriptedClient) -> None:
    number = queue.enqueue(
        LearnJob(project="", anomaly="a", supports=(), settings=LearnSettings(batch_size=0))
    )
    assert "not allowed" in view(queue, number).message
    assert engine.submitted == []


def test_a_crash_interrupts_its_job_and_the_queue_goes_on(
    queue: JobQueue, engine: ScriptedClient, project: Project
) -> None:
    number = queue.enqueue(job("a"))
    queue.enqueue(job("b"))
    engine.play(Started(title="a"))
    engine.crash("The engine ended unexpectedly (signal 9).")
    assert states(queue) == "ir"
    cut_off = view(queue, number)
    assert (cut_off.message, cut_off.hint, cut_off.details) == (
        "The engine ended unexpectedly (signal 9).", "It starts again.", "the log",
    )  # fmt: skip
    assert [run.state for run in project.runs()] == ["interrupted"]
    assert not queue.is_paused


def test_a_second_crash_puts_the_job_in_quarantine(queue: JobQueue, engine: ScriptedClient) -> None:
    number = queue.enqueue(job("a"))
    for expected in ("i", "Q", "Q"):
        engine.describe()
        engine.crash()
        assert states(queue) == expected
        queue.retry(number)
        assert states(queue) == "r"


def test_a_cancelled_job_with_which_the_engine_dies_is_cancelled(
    queue: JobQueue, engine: ScriptedClient
) -> None:
    number = queue.enqueue(job("a"))
    queue.cancel(number)
    engine.crashed.emit("The engine ended unexpectedly.")
    engine.finish("cancelled", "Cancelled; the engine was ended for it.")
    assert view(queue, number).state == "cancelled"


def test_a_job_that_nobody_cancelled_was_cut_off(queue: JobQueue, engine: ScriptedClient) -> None:
    number = queue.enqueue(job("a"))
    engine.restart()
    assert view(queue, number).state == "interrupted"
    assert view(queue, number).message == "The engine was ended."


def test_an_engine_that_cannot_be_started_pauses_the_queue(project: Project, qtbot: QtBot) -> None:
    engine = ScriptedClient("off")
    queue = JobQueue(project, engine)
    number = queue.enqueue(job("a"))
    queue.enqueue(job("b"))
    engine.set_state("starting")
    engine.crash("The engine could not be started.")
    assert states(queue) == "qq"
    assert queue.is_paused
    assert view(queue, number).message == "The engine could not be started."
    queue.resume()
    engine.describe()
    engine.finish()
    assert states(queue) == "dr"
    queue.close()


def test_a_failure_after_a_crash_that_was_not_its_own_is_a_failure(
    queue: JobQueue, engine: ScriptedClient
) -> None:
    number = queue.enqueue(job("a"))
    engine.crashed.emit("The engine ended unexpectedly.")  # with what was there before this job
    engine.describe()
    engine.finish("failed", "No.")
    assert view(queue, number).state == "failed"


def test_previews_are_not_queued(queue: JobQueue, engine: ScriptedClient, project: Project) -> None:
    told: list[tuple[str, Event]] = []
    queue.preview_event_received.connect(lambda preview_id, event: told.append((preview_id, event)))
    queue.enqueue(job("a"))
    first, second = queue.preview(PREVIEW), queue.preview(PREVIEW)
    assert first != second
    assert engine.submitted[-1].interactive
    assert engine.last_job.project == str(project.folder)
    shown = PreviewReady(jpeg_base64="", job_id=second)
    engine.play(shown, Finished(outcome="done"), job_id=second)
    engine.event_received.emit(shown)
    assert told == [(second, shown), (second, Finished(job_id=second, outcome="done"))]
    assert states(queue) == "r"


def test_what_cannot_be_kept_is_told_and_the_queue_goes_on(
    queue: JobQueue, engine: ScriptedClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise EngineError("The disk is full.", "Make room.")

    told: list[tuple[str, str]] = []
    events: list[Event] = []
    queue.failed.connect(lambda message, hint: told.append((message, hint)))
    queue.event_received.connect(lambda _, event: events.append(event))
    number = queue.enqueue(job("a"))
    monkeypatch.setattr(project.catalogue, "change", refuse)
    engine.play(Started(title="a"), Progress(step=1, total=2), Finished(outcome="done"))
    assert [type(event) for event in events] == [Started, Progress, Finished]
    assert set(told) == {("The disk is full.", "Make room.")}
    assert queue.enqueue(job("b")) == 0
    queue.pause()
    queue.remove(number)
    queue.cancel(number)
    assert view(queue, number).state == "interrupted"
    monkeypatch.undo()
    queue.retry(number)
    assert states(queue) == "r"
    engine.finish()
    assert states(queue) == "d"


def test_what_runs_at_an_orderly_end_goes_on_next_time(
    project: Project, engine: ScriptedClient, qtbot: QtBot
) -> None:
    queue = JobQueue(project, engine)
    for name in "ab":
        queue.enqueue(job(name))
    engine.play(Started(title="a"))
    shown = queue.preview(PREVIEW)
    running = engine.submitted[0].job_id
    queue.close()
    assert set(engine.cancelled) == {running, shown}
    assert [run.state for run in project.runs()] == ["interrupted"]
    engine.play(Progress(step=1, total=2), Finished(outcome="cancelled"), job_id=running)
    project.close()
    with Project.open(project.folder) as again:
        assert [(row.state, row.interruptions) for row in again.queued()] == [("queued", 0)] * 2
        reopened = JobQueue(again, engine)
        assert not reopened.is_paused
        qtbot.waitUntil(lambda: states(reopened) == "rq")
        assert engine.last_id != running
        reopened.close()
        reopened.close()


def test_a_job_that_is_being_cancelled_at_the_end_stays_cancelled(
    project: Project, engine: ScriptedClient
) -> None:
    queue = JobQueue(project, engine)
    queue.cancel(queue.enqueue(job("a")))
    queue.close()
    assert [row.state for row in project.queued()] == ["cancelled"]


def test_after_an_unclean_end_the_queue_is_there_and_paused(
    project: Project, engine: ScriptedClient, qtbot: QtBot
) -> None:
    first = project.enqueue(job("a"))
    project.enqueue(job("b"))
    project.set_state(first, "running")
    project.close()
    with Project.open(project.folder) as again:
        queue = JobQueue(again, engine)
        with qtbot.waitSignal(queue.jobs_changed):
            pass
        assert queue.is_paused
        assert states(queue) == "iq"
        assert view(queue, first).message
        assert engine.submitted == []
        queue.resume()
        assert states(queue) == "ir"
        queue.close()


def test_a_closed_queue_starts_nothing(project: Project, engine: ScriptedClient) -> None:
    queue = JobQueue(project, engine)
    queue.close()
    queue.enqueue(job("a"))
    assert engine.submitted == []
