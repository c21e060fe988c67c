"""The jobs panel, over a queue that the test plays."""

from typing import Any, cast

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit, QProgressBar
from pytestqt.qtbot import QtBot

from anogen_gui.model.job_queue import JobQueue
from anogen_gui.model.job_view import JobView
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.job_row import JOB_MIME, JobDetails
from anogen_gui.ui.jobs_panel import JobList, JobsPanel
from anogen_gui.ui.kit import Badge, Button
from engine.project import QueueState
from tests.anogen_gui.ui.played_queue import PlayedQueue


def job(number: int, state: QueueState = "queued", **more: Any) -> JobView:
    return JobView(id=number, title=f"Job {number}", kind="learn", state=state, **more)


@pytest.fixture
def panel(qtbot: QtBot, icons: Icons) -> JobsPanel:
    panel = JobsPanel(icons)
    qtbot.addWidget(panel)
    panel.resize(360, 700)
    panel.show()
    return panel


def shown(panel: JobsPanel, *jobs: JobView, is_paused: bool = False) -> PlayedQueue:
    queue = PlayedQueue(*jobs, is_paused=is_paused)
    panel.show_queue(cast(JobQueue, queue))
    return queue


def press(button: QAbstractButton) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    button.click()


def test_a_running_job_shows_how_far_it_is(panel: JobsPanel) -> None:
    queue = shown(panel, job(1, "running", step=1, total=100))
    row = panel.row(1)
    queue.progress(1, step=40, eta_s=190.0, can_be_kept=True)
    bar = row.findChild(QProgressBar)
    assert (bar.value(), bar.maximum(), bar.isVisible()) == (40, 100, True)
    assert row.findChild(Badge).text == "Running"
    assert panel.row(1) is row
    press(row.stop)
    press(row.cancel)
    assert queue.asked == [("stop_and_keep", 1), ("cancel", 1)]


def test_a_job_that_cannot_be_kept_offers_only_to_cancel(panel: JobsPanel) -> None:
    shown(panel, job(1, "running"))
    assert not panel.row(1).stop.isVisible()


def test_a_job_that_is_cancelled_cannot_be_cancelled_again(panel: JobsPanel) -> None:
    queue = shown(panel, job(1, "running"))
    queue.progress(1, is_cancelling=True)
    assert not panel.row(1).cancel.isEnabled()
    assert panel.row(1).findChild(Badge).text == "Stopping…"


def test_a_failed_job_tells_why_with_its_details_behind_a_fold(panel: JobsPanel, qtbot: QtBot) -> None:
    queue = shown(panel, job(1, "failed", message="No memory.", hint="Close programs.", details="Traceback"))
    row = panel.row(1)
    details = row.findChild(JobDetails)
    assert details.isVisible()
    assert not details.findChild(QPlainTextEdit).isVisible()
    details.set_open(True)
    assert details.findChild(QPlainTextEdit).toPlainText() == "Traceback"
    press(details.findChild(Button))
    assert QGuiApplication.clipboard().text() == "Traceback"
    press(row.retry)
    qtbot.keyClick(row, Qt.Key.Key_Delete)
    assert queue.asked == [("retry", 1), ("remove", 1)]


@pytest.mark.parametrize(
    ("state", "can_retry"),
    [
        ("queued", False),
        ("running", False),
        ("done", False),
        ("kept", True),
        ("cancelled", True),
        ("failed", True),
        ("interrupted", True),
        ("quarantined", True),
    ],
)
def test_what_can_be_done_in_each_state(panel: JobsPanel, state: QueueState, can_retry: bool) -> None:
    shown(panel, job(1, state))
    row = panel.row(1)
    assert row.retry.isVisible() is can_retry
    assert row.remove.isVisible() is (state != "running")
    assert row.cancel.isVisible() is (state == "running")


def test_running_waiting_finished_from_top_to_bottom(panel: JobsPanel, qtbot: QtBot) -> None:
    shown(panel, job(1, "done"), job(2, "failed"), job(3), job(4, "running"), job(5))
    qtbot.waitUntil(lambda: panel.row(1).y() > 0)
    order = sorted((1, 2, 3, 4, 5), key=lambda number: panel.row(number).y())
    assert order == [4, 3, 5, 2, 1]


def test_rows_come_and_go_with_the_jobs(panel: JobsPanel) -> None:
    queue = shown(panel, job(1), job(2))
    queue.show(job(2, "running"), job(3))
    with pytest.raises(KeyError):
        panel.row(1)
    assert panel.row(2).findChild(Badge).text == "Running"
    assert panel.waiting == [3]
    panel.show_queue(None)
    assert panel.waiting == []
    queue.show(job(9))
    with pytest.raises(KeyError):
        panel.row(9)


def test_waiting_jobs_are_moved_by_keys(panel: JobsPanel, qtbot: QtBot) -> None:
    queue = shown(panel, job(1), job(2), job(3))
    alt = Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(panel.row(1), Qt.Key.Key_Down, alt)
    assert panel.waiting == [2, 1, 3]
    qtbot.keyClick(panel.row(1), Qt.Key.Key_Down, alt)
    assert panel.waiting == [2, 3, 1]
    qtbot.keyClick(panel.row(1), Qt.Key.Key_Down, alt)
    qtbot.keyClick(panel.row(1), Qt.Key.Key_Up, alt)
    assert panel.waiting == [2, 1, 3]
    queue.asked.clear()
    qtbot.keyClick(panel.row(2), Qt.Key.Key_Up, alt)
    assert queue.asked == []


@pytest.mark.parametrize(
    ("target", "below", "order"),
    [(2, False, [1, 2, 3]), (3, False, [2, 1, 3]), (3, True, [2, 3, 1]), (1, True, [1, 2, 3])],
)
def test_a_waiting_job_is_dropped_between_others(
    panel: JobsPanel, qtbot: QtBot, target: int, below: bool, order: list[int]
) -> None:
    shown(panel, job(9, "running"), job(1), job(2), job(3))
    rows = panel.findChild(JobList)
    last = panel.row(3)
    qtbot.waitUntil(lambda: last.y() > 0 and last.height() >= last.sizeHint().height())
    data = QMimeData()
    data.setData(JOB_MIME, b"1")
    middle = panel.row(target).geometry().center().y()
    position = QPointF(20, middle + (2 if below else -2))
    where = (position.toPoint(), Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton)
    QApplication.sendEvent(rows, QDragEnterEvent(*where, Qt.KeyboardModifier.NoModifier))
    QApplication.sendEvent(rows, QDragMoveEvent(*where, Qt.KeyboardModifier.NoModifier))
    drop = QDropEvent(
        position, Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(rows, drop)
    assert panel.waiting == order


def test_a_paused_queue_says_so_and_goes_on(panel: JobsPanel) -> None:
    queue = shown(panel, job(1), is_paused=True)
    assert panel.paused.isVisible()
    press(panel.paused.resume)
    assert not queue.is_paused
    assert not panel.paused.isVisible()
    press(panel.pause)
    assert queue.is_paused
    assert panel.pause.accessibleName() == "Resume the queue"


def test_finished_jobs_are_cleared(panel: JobsPanel) -> None:
    queue = shown(panel, job(1))
    assert not panel.clear.isVisible()
    queue.show(job(1, "done"))
    press(panel.clear)
    assert queue.asked == [("clear_finished",)]


def test_without_jobs_it_says_what_to_do(panel: JobsPanel) -> None:
    queue = shown(panel)
    assert panel.empty.isVisible()
    queue.show(job(1))
    assert not panel.empty.isVisible()


def test_it_asks_to_be_closed(panel: JobsPanel, qtbot: QtBot) -> None:
    close = next(each for each in panel.findChildren(QAbstractButton) if "Ctrl+J" in each.toolTip())
    with qtbot.waitSignal(panel.close_requested):
        press(close)
