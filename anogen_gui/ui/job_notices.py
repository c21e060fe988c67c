"""Tells how jobs ended, wherever in the window a person is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from anogen_gui.ui.job_words import explanation, state_words
from anogen_gui.ui.notices import Notice, Notices

if TYPE_CHECKING:
    from anogen_gui.model.job_queue import JobQueue

_GONE_WRONG = ("failed", "interrupted", "quarantined")


class JobNotices(QObject):
    """Shows a notice when a job that ran has ended, except where a person has ended it.

    Args:
        show_jobs: opens the jobs panel, from the notice's button.
    """

    def __init__(self, notices: Notices, show_jobs: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._notices, self._show_jobs = notices, show_jobs
        self._queue: JobQueue | None = None
        self._running: set[int] = set()

    def watch(self, queue: "JobQueue | None") -> None:
        """Watch another queue, or none."""
        if self._queue is not None:
            self._queue.jobs_changed.disconnect(self._look)
        self._queue = queue
        self._running = set()
        if queue is not None:
            queue.jobs_changed.connect(self._look)
            self._look()

    def _look(self) -> None:
        if self._queue is None:
            return
        for job in self._queue.jobs():
            if job.id not in self._running or job.state == "running":
                continue
            if job.state == "done":
                self._tell(Notice(f"{job.title}: done.", tone="good"))
            elif job.state in _GONE_WRONG:
                what = f"{job.title}: {state_words(job).text.lower()}."
                self._tell(Notice(what, explanation(job), "bad", "Show jobs", self._show_jobs))
        self._running = {job.id for job in self._queue.jobs() if job.state == "running"}

    def _tell(self, notice: Notice) -> None:
        self._notices.show_notice(notice)
