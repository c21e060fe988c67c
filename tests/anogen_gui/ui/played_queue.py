"""A queue of jobs that a test plays: what the jobs panel asks of it is written down and, where simple, done."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.job_view import JobView


class PlayedQueue(QObject):
    """The signals and methods of JobQueue that the window uses; `asked` holds the calls."""

    jobs_changed = Signal()
    job_progressed = Signal(object)

    def __init__(self, *jobs: JobView, is_paused: bool = False) -> None:
        super().__init__()
        self._jobs = list(jobs)
        self.is_paused = is_paused
        self.asked: list[tuple[Any, ...]] = []

    def jobs(self) -> tuple[JobView, ...]:
        return tuple(self._jobs)

    def show(self, *jobs: JobView) -> None:
        """The queue is like this now."""
        self._jobs = list(jobs)
        self.jobs_changed.emit()

    def progress(self, job_id: int, **changes: Any) -> None:
        """A job has come further."""
        index = next(i for i, job in enumerate(self._jobs) if job.id == job_id)
        self._jobs[index] = replace(self._jobs[index], **changes)
        self.job_progressed.emit(self._jobs[index])

    def move(self, job_id: int, before: int | None = None) -> None:
        self.asked.append(("move", job_id, before))
        moved = next(job for job in self._jobs if job.id == job_id)
        others = [job for job in self._jobs if job.id != job_id]
        index = next((i for i, job in enumerate(others) if job.id == before), len(others))
        self.show(*others[:index], moved, *others[index:])

    def pause(self) -> None:
        self.is_paused = True
        self.jobs_changed.emit()

    def resume(self) -> None:
        self.is_paused = False
        self.jobs_changed.emit()

    def cancel(self, job_id: int) -> None:
        self.asked.append(("cancel", job_id))

    def stop_and_keep(self, job_id: int) -> None:
        self.asked.append(("stop_and_keep", job_id))

    def retry(self, job_id: int) -> None:
        self.asked.append(("retry", job_id))

    def remove(self, job_id: int) -> None:
        self.asked.append(("remove", job_id))

    def clear_finished(self) -> None:
        self.asked.append(("clear_finished",))
