"""The queue with an engine that is played, and with one that is a process; the catalogue is a real one."""

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.job_queue import JobQueue
from engine.project import Project
from tests.anogen_gui.model.job_queue.queued import job, states, view
from tests.anogen_gui.scripted_client import ScriptedClient


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
