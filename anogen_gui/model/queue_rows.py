"""The rows of the queue, kept in memory as they are in the catalogue."""

from engine.project import Project, QueuedJob, QueueState
from engine.protocol import Job


class QueueRows:
    """Changes go to the catalogue first, and are seen here when they are kept. Every method may raise EngineError.

    The queue of a project that is only looked at is paused.
    """

    def __init__(self, project: Project) -> None:
        self._catalogue, self._queue = project.catalogue, project.queue
        self._rows = {row.id: row for row in self._queue.jobs()}
        self.is_paused = self._queue.is_paused or project.catalogue.read_only

    def all(self) -> tuple[QueuedJob, ...]:
        """In the order in which they are to run."""
        return tuple(self._rows.values())

    def get(self, job_id: int) -> QueuedJob | None:
        return self._rows.get(job_id)

    def add(self, job: Job) -> QueuedJob:
        """Put a job at the end."""
        return self._read(self._queue.enqueue(job))

    def set_state(self, job_id: int, state: QueueState, error: str = "") -> QueuedJob:
        self._queue.set_state(job_id, state, error)
        return self._read(job_id)

    def interrupt(self, job_id: int, error: str) -> QueuedJob:
        """Keep that a job was cut off."""
        self._queue.interrupt(job_id, error)
        return self._read(job_id)

    def move(self, job_id: int, before: int | None) -> None:
        """Put a job before another one, or at the end."""
        self._queue.move(job_id, before)
        self._rows = {row.id: row for row in self._queue.jobs()}

    def remove(self, *job_ids: int) -> None:
        with self._catalogue.transaction():
            for job_id in job_ids:
                self._queue.remove(job_id)
        for job_id in job_ids:
            self._rows.pop(job_id, None)

    def pause(self) -> None:
        self._queue.pause()
        self.is_paused = True

    def resume(self) -> None:
        self._queue.resume()
        self.is_paused = False

    def _read(self, job_id: int) -> QueuedJob:
        self._rows[job_id] = self._queue.get(job_id)
        return self._rows[job_id]
