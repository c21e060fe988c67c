"""The queue with an engine that is played, and with one that is a process; the catalogue is a real one."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.engine_client import EngineClient
from anogen_gui.model.job_queue import JobQueue
from anogen_gui.model.job_view import JobView, job_kind, job_title, read_ending, write_ending
from engine.errors import EngineError
from engine.geometry import Box
from engine.project import Project, QueuedJob
from engine.protocol import (
    DownloadJob,
    EvaluateJob,
    Event,
    Finished,
    GenerateJob,
    GenerateSettings,
    Job,
    LearnJob,
    LearnSettings,
    PreviewJob,
    PreviewReady,
    Progress,
    SampleWritten,
    Started,
    SupportPhoto,
)
from tests.anogen_gui.scripted_client import ScriptedClient

FAKE = Path(__file__).parents[1] / "fake_engine.py"
PREVIEW = PreviewJob(project="", embedding="e", photo="p", box=Box(center_x=1, center_y=1, width=2, height=2))
SAMPLE = SampleWritten(
    photo="p.png", image="samples/a/r/0.png", mask="samples/a/r/0_mask.png", seed=1, boxes=(), anomaly="a"
)


def job(anomaly: str) -> LearnJob:
    support = SupportPhoto(name="s", photo="s.png", mask="m.png")
    return LearnJob(project="", anomaly=anomaly, supports=(support,) * 3)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "P") as made:
        yield made


@pytest.fixture
def engine(qtbot: QtBot) -> ScriptedClient:
    return ScriptedClient()


@pytest.fixture
def queue(project: Project, engine: ScriptedClient) -> Iterator[JobQueue]:
    made = JobQueue(project, engine)
    yield made
    made.close()


@pytest.fixture
def client(qtbot: QtBot) -> Iterator[EngineClient]:
    made = EngineClient((sys.executable, str(FAKE)), cancel_wait_s=0.3)
    yield made
    made.stop()


def states(queue: JobQueue) -> str:
    """The states by their first letters, except `i`nterrupted and Q(uarantined)."""
    return "".join("Q" if each.state == "quarantined" else each.state[0] for each in queue.jobs())


def view(queue: JobQueue, number: int) -> JobView:
    found = queue.job(number)
    assert found is not None
    return found


# --- one job after the other


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


# --- what people do


def test_cancel_shows_at_once(queue: JobQueue, engine: ScriptedClient, qtbot: QtBot) -> None:
    number = queue.enqueue(job("a"))
    with qtbot.waitSignal(queue.job_progressed) as progressed:
        queue.cancel(number)
    assert progressed.args[0].is_cancelling
    assert view(queue, number).is_cancelling
    assert not view(queue, number).can_be_kept
    assert engine.cancelled == [engine.last_id]
    engine.finish("cancelled", "Cancelled.")
    assert view(queue, number).state == "cancelled"
    assert not view(queue, number).is_cancelling


def test_a_job_that_is_done_before_its_cancel_arrives_is_done(
    queue: JobQueue, engine: ScriptedClient
) -> None:
    number = queue.enqueue(job("a"))
    queue.cancel(number)
    engine.finish("done")
    assert view(queue, number).state == "done"


def test_a_waiting_job_is_cancelled_without_the_engine(queue: JobQueue, engine: ScriptedClient) -> None:
    _, second, third = (queue.enqueue(job(name)) for name in "abc")
    queue.cancel(second)
    queue.cancel(99)
    assert states(queue) == "rcq"
    assert engine.cancelled == []
    engine.finish()
    assert view(queue, third).state == "running"
    queue.cancel(second)
    assert states(queue) == "dcr"


def test_stop_and_keep(queue: JobQueue, engine: ScriptedClient) -> None:
    first, second = queue.enqueue(job("a")), queue.enqueue(job("b"))
    queue.stop_and_keep(second)
    queue.stop_and_keep(first)
    assert engine.kept == [engine.last_id]
    assert view(queue, first).is_keeping
    assert not view(queue, first).can_be_kept
    engine.finish("kept")
    assert states(queue) == "kr"


def test_nothing_to_keep_yet_is_a_cancelled_job(queue: JobQueue, engine: ScriptedClient) -> None:
    number = queue.enqueue(job("a"))
    queue.stop_and_keep(number)
    engine.finish("cancelled", "Stopped; there was nothing to keep yet.")
    assert view(queue, number).state == "cancelled"
    assert view(queue, number).message == "Stopped; there was nothing to keep yet."


@pytest.mark.parametrize("outcome", ["kept", "cancelled", "failed"])
def test_retry_puts_a_job_back_to_its_place(queue: JobQueue, engine: ScriptedClient, outcome: str) -> None:
    first, *_ = (queue.enqueue(job(name)) for name in "abc")
    queue.stop_and_keep(first)
    engine.finish(outcome, "No.", "Hint.", "Details.")  # type: ignore[arg-type]
    queue.retry(first)
    assert states(queue) == "qrq"
    assert view(queue, first).message == view(queue, first).details == ""
    engine.finish()
    assert states(queue) == "rdq"
    queue.retry(first)
    assert states(queue) == "rdq"


def test_a_job_that_is_done_is_not_retried(queue: JobQueue, engine: ScriptedClient) -> None:
    number = queue.enqueue(job("a"))
    engine.finish()
    queue.retry(number)
    queue.retry(99)
    assert states(queue) == "d"


def test_jobs_are_moved(queue: JobQueue, engine: ScriptedClient, project: Project) -> None:
    _, b, c, d = (queue.enqueue(job(name)) for name in "abcd")
    queue.move(d, before=b)
    queue.move(b)
    assert [each.id for each in queue.jobs()][1:] == [d, c, b]
    assert [each.id for each in project.queued()][1:] == [d, c, b]
    for expected in "dcb":
        engine.finish()
        assert getattr(engine.last_job, "anomaly", "") == expected


def test_jobs_are_removed_but_not_the_running_one(
    queue: JobQueue, engine: ScriptedClient, project: Project
) -> None:
    first, second = queue.enqueue(job("a")), queue.enqueue(job("b"))
    queue.remove(first)
    queue.remove(second)
    queue.remove(99)
    assert [each.id for each in queue.jobs()] == [each.id for each in project.queued()] == [first]
    engine.finish()
    queue.remove(first)
    assert queue.jobs() == ()
    assert project.queued() == []


def test_finished_jobs_are_cleared(queue: JobQueue, engine: ScriptedClient, project: Project) -> None:
    for name in "abcdef":
        queue.enqueue(job(name))
    engine.finish("done")
    engine.finish("failed")
    queue.cancel(project.queued()[2].id)
    engine.finish("cancelled")
    engine.crash()
    assert states(queue) == "dfcirq"
    queue.clear_finished()
    assert states(queue) == "irq"
    assert len(project.queued()) == 3


def test_a_paused_queue_starts_nothing(queue: JobQueue, engine: ScriptedClient, qtbot: QtBot) -> None:
    queue.enqueue(job("a"))
    queue.enqueue(job("b"))
    with qtbot.waitSignal(queue.jobs_changed):
        queue.pause()
    assert queue.is_paused
    assert states(queue) == "rq"
    engine.finish()
    queue.enqueue(job("c"))
    assert states(queue) == "dqq"
    with qtbot.waitSignal(queue.jobs_changed):
        queue.resume()
    assert states(queue) == "drq"


def test_everything_that_people_do_is_told(queue: JobQueue, engine: ScriptedClient, qtbot: QtBot) -> None:
    first, second = queue.enqueue(job("a")), queue.enqueue(job("b"))
    for action in (
        lambda: queue.enqueue(job("c")),
        lambda: queue.cancel(second),
        lambda: queue.move(second),
        lambda: queue.retry(second),
        lambda: queue.remove(second),
        lambda: engine.finish(),
        lambda: queue.clear_finished(),
    ):
        with qtbot.waitSignal(queue.jobs_changed):
            action()
    assert view(queue, first + 2).state == "running"


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


# --- the engine dies


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


# --- interactive jobs


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


# --- the catalogue cannot be written


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


# --- closing, and opening again


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


# --- with a process


def test_a_queue_goes_through_the_process(project: Project, client: EngineClient, qtbot: QtBot) -> None:
    queue = JobQueue(project, client)
    for behaviour in ("steps", "failing", "crashing", "babbling", "large", "talking", "steps"):
        queue.enqueue(job(behaviour))
    qtbot.waitUntil(lambda: states(queue) == "dfidddd", timeout=20_000)
    queue.close()


def test_kill_9_of_the_process_then_retry(project: Project, client: EngineClient, qtbot: QtBot) -> None:
    queue = JobQueue(project, client)
    number = queue.enqueue(job("endless"))
    for expected in ("i", "Q"):
        qtbot.waitUntil(lambda: view(queue, number).step > 3, timeout=20_000)
        os.kill(_child(), signal.SIGKILL)
        qtbot.waitUntil(lambda expected=expected: states(queue) == expected, timeout=20_000)
        queue.retry(number)
    qtbot.waitUntil(lambda: view(queue, number).step > 3, timeout=20_000)
    queue.stop_and_keep(number)
    qtbot.waitUntil(lambda: states(queue) == "k", timeout=20_000)
    queue.close()


def test_a_hanging_job_is_cancelled_and_the_next_one_runs(
    project: Project, client: EngineClient, qtbot: QtBot
) -> None:
    queue = JobQueue(project, client)
    number = queue.enqueue(job("hanging"))
    queue.enqueue(job("steps"))
    qtbot.waitUntil(lambda: client.state == "busy", timeout=20_000)
    queue.cancel(number)
    assert view(queue, number).is_cancelling
    qtbot.waitUntil(lambda: states(queue) == "cd", timeout=20_000)
    queue.close()


def test_a_process_that_cannot_be_started_leaves_the_queue_waiting(project: Project, qtbot: QtBot) -> None:
    client = EngineClient(("/nowhere/python",))
    queue = JobQueue(project, client)
    numbers = [queue.enqueue(job(name)) for name in ("steps", "steps")]
    qtbot.waitUntil(lambda: queue.is_paused, timeout=20_000)
    assert states(queue) == "qq"
    assert "could not be started" in view(queue, numbers[0]).message
    queue.close()
    client.stop()


def test_the_next_project_waits_for_the_last_job_of_the_one_before(
    tmp_path: Path, client: EngineClient, qtbot: QtBot
) -> None:
    with Project.create(tmp_path / "A") as first, Project.create(tmp_path / "B") as second:
        queue = JobQueue(first, client)
        number = queue.enqueue(job("endless"))
        qtbot.waitUntil(lambda: view(queue, number).step > 3, timeout=20_000)
        queue.close()
        later = JobQueue(second, client)
        assert later.enqueue(job("steps")) == number
        qtbot.waitUntil(lambda: states(later) == "d", timeout=20_000)
        assert [row.state for row in first.queued()] == ["queued"]
        later.close()


def _child() -> int:
    (pid,) = [
        int(pid) for task in Path("/proc/self/task").glob("*/children") for pid in task.read_text().split()
    ]
    return pid


# --- words


@pytest.mark.parametrize(
    ("job", "title", "kind"),
    [
        (job("cracked"), "Learn ‘cracked’ from 3 photos", "learn"),
        (
            LearnJob(project="", anomaly="cut", supports=job("cut").supports[:1]),
            "Learn ‘cut’ from 1 photo",
            "learn",
        ),
        (
            GenerateJob(
                project="", anomaly="cut", embedding="e", placements=(), settings=GenerateSettings(count=16)
            ),
            "Generate 16 × ‘cut’",
            "generate",
        ),
        (DownloadJob(project="", backbone="large"), "Download the backbone ‘large’", "download"),
        (EvaluateJob(project=""), "Evaluate", "evaluate"),
        (None, "A job of another version", ""),
    ],
)
def test_jobs_have_human_titles(job: Job | None, title: str, kind: str) -> None:
    assert (job_title(job), job_kind(job)) == (title, kind)


@pytest.mark.parametrize(
    "texts", [("", "", ""), ("m", "", ""), ("m", "h", ""), ("m", "", "a\nb"), ("", "", "d")]
)
def test_endings_are_kept_as_one_text(texts: tuple[str, str, str]) -> None:
    message, hint, details = texts
    finished = Finished(outcome="failed", message=message, hint=hint, details=details)
    assert read_ending(write_ending(finished)) == texts
