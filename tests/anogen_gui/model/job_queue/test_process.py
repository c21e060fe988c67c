"""The queue with an engine that is played, and with one that is a process; the catalogue is a real one."""

import os
import signal
from pathlib import Path

from pytestqt.qtbot import QtBot

from anogen_gui.engine_client import EngineClient
from anogen_gui.model.job_queue import JobQueue
from engine.project import Project
from tests.anogen_gui.model.job_queue.queued import child, job, states, view


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
        os.kill(child(), signal.SIGKILL)
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
