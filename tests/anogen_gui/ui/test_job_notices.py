"""Notices about jobs that have ended."""

from typing import Any, cast

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.model.job_queue import JobQueue
from anogen_gui.model.job_view import JobView
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.job_notices import JobNotices
from anogen_gui.ui.notices import Notices
from engine.project import QueueState
from tests.anogen_gui.ui.played_queue import PlayedQueue


def job(state: QueueState, **more: Any) -> JobView:
    return JobView(id=1, title="Learn ‘cracked’", kind="learn", state=state, **more)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    return window


def test_the_end_of_a_job_is_told_once(window: QWidget, icons: Icons) -> None:
    opened: list[bool] = []
    notices, queue = Notices(icons, window), PlayedQueue(job("running"))
    watch = JobNotices(notices, lambda: opened.append(True), window)
    watch.watch(cast(JobQueue, queue))
    queue.show(job("failed", message="Out of memory.", hint="Choose a smaller batch size."))
    queue.show(job("failed", message="Out of memory."))
    assert notices.texts == ["Learn ‘cracked’: failed."]
    notices.findChild(QPushButton).click()
    assert opened == [True]


@pytest.mark.parametrize(
    ("state", "count"),
    [("done", 1), ("failed", 1), ("interrupted", 1), ("quarantined", 1), ("cancelled", 0), ("kept", 0)],
)
def test_what_a_person_has_ended_is_not_told(
    window: QWidget, icons: Icons, state: QueueState, count: int
) -> None:
    notices, queue = Notices(icons, window), PlayedQueue(job("running"))
    JobNotices(notices, lambda: None, window).watch(cast(JobQueue, queue))
    queue.show(job(state))
    assert len(notices.texts) == count


def test_jobs_that_ended_before_are_not_told(window: QWidget, icons: Icons) -> None:
    notices, queue = Notices(icons, window), PlayedQueue(job("failed"))
    watch = JobNotices(notices, lambda: None, window)
    watch.watch(cast(JobQueue, queue))
    queue.show(job("failed"))
    assert notices.texts == []
    watch.watch(None)
    queue.show(job("running"))
    queue.show(job("done"))
    assert notices.texts == []


def test_a_queue_that_was_cut_off_is_told_when_it_is_opened(window: QWidget, icons: Icons) -> None:
    opened: list[bool] = []
    notices, queue = Notices(icons, window), PlayedQueue(job("interrupted"))
    queue.is_paused = True
    JobNotices(notices, lambda: opened.append(True), window).watch(cast(JobQueue, queue))
    assert notices.texts == ["The queue is paused."]
    notices.findChild(QPushButton).click()
    assert opened == [True]


def test_a_job_that_comes_into_a_paused_queue_is_told_of_once(window: QWidget, icons: Icons) -> None:
    notices, queue = Notices(icons, window), PlayedQueue()
    queue.is_paused = True
    JobNotices(notices, lambda: None, window).watch(cast(JobQueue, queue))
    assert notices.texts == []  # nothing waits
    queue.show(job("queued"))
    assert notices.texts == ["The queue is paused."]
    notices.clear()
    queue.show(job("queued"))
    assert notices.texts == []
