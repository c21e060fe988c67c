"""Tells how jobs ended, and that they wait for a person, wherever in the window that one is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from anogen_gui.ui.job_words import explanation, state_words
from anogen_gui.ui.notices import Notice, Notices

if TYPE_CHECKING:
    from anogen_gui.model.job_queue import JobQueue

_CUT_OFF = ("interrupted", "quarantined")
_GONE_WRONG = ("failed", *_CUT_OFF)


class JobNotices(QObject):
    """Shows a notice when a job that ran has ended, except where a person has ended it.

    It also tells when a queue is paused that has work: nothing starts by itself then.

    Args:
        show_jobs: opens the jobs panel, from the notice's button.
    """

    def __init__(self, notices: Notices, show_jobs: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._notices, self._show_jobs = notices, show_jobs
        self._queue: JobQueue | None = None
        self._running: set[int] = set()
        self._waiting: set[int] = set()

    def watch(self, queue: "JobQueue | None") -> None:
        """Watch another queue, or none."""
        if self._queue is not None:
            self._queue.jobs_changed.disconnect(self._look)
        self._queue = queue
        self._running, self._waiting = set(), set()
        if queue is not None:
            queue.jobs_changed.connect(self._look)
            self._look()
            if queue.is_paused and any(job.state in _CUT_OFF for job in queue.jobs()):
                self._tell_paused()

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
        waiting = {job.id for job in self._queue.jobs() if job.state == "queued"}
        if self._queue.is_paused and waiting - self._waiting:
            self._tell_paused()
        self._waiting = waiting

    def _tell_paused(self) -> None:
        assert self._queue is not None
        is_cut_off = any(job.state in _CUT_OFF for job in self._queue.jobs())
        cut_off = "A job was cut off: retry or remove it. " if is_cut_off else ""
        hint = f"{cut_off}What waits starts when you resume the queue, in the jobs panel."
        self._tell(Notice("The queue is paused.", hint, "warn", "Show jobs", self._show_jobs))

    def _tell(self, notice: Notice) -> None:
        self._notices.show_notice(notice)
