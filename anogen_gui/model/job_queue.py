"""The queue of the open project: its jobs go through the engine one after the other, and are kept as they go."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QTimer, Signal

from anogen_gui.engine_client import Engine
from anogen_gui.model.job_runner import JobRunner, at_home, telling
from anogen_gui.model.job_view import JobView, view_of, write_ending
from anogen_gui.model.previews import Previews
from anogen_gui.model.queue_rows import QueueRows
from engine.project import Project, QueuedJob, QueueState
from engine.protocol import Event, Finished, Job

__all__ = ["JobQueue", "JobView"]

_RETRIED = ("kept", "cancelled", "failed", "interrupted", "quarantined")
_FINISHED = ("done", "kept", "cancelled", "failed")
_UNKNOWN = Finished(
    outcome="failed",
    message="This job cannot be run: it is of another version of the studio, or its settings are not allowed.",
    hint="Remove it, and make it anew.",
)


class JobQueue(QObject):
    """Runs the jobs that wait, in their order, unless it is paused; beside them interactive jobs that do not wait.

    What an event says is in the catalogue before anybody here hears of it. Where the catalogue cannot be written,
    `failed` tells it, and the queue goes on.

    Signals:
        jobs_changed(): a job came, went, moved or has another state, or the queue was paused or resumed.
        job_progressed(view): the running job has come further, or was asked to end.
        event_received(row, event): of a job of the queue, with its row as it is after that event.
        preview_event_received(id, event): of an interactive job.
        failed(message, hint): something could not be done or kept.
    """

    jobs_changed = Signal()
    job_progressed = Signal(object)
    event_received = Signal(object, object)
    preview_event_received = Signal(str, object)
    failed = Signal(str, str)

    def __init__(self, project: Project, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = project.folder
        self._rows = QueueRows(project)
        self._runner = JobRunner(project, self._rows, engine, self)
        self._runner.progressed.connect(self.job_progressed)
        self._runner.event_received.connect(self._pass_on)
        self._runner.failed.connect(self.failed)
        self._previews = Previews(engine, self)
        self._previews.event_received.connect(self.preview_event_received)
        self._is_closed = False
        QTimer.singleShot(0, self, self._go_on)

    # --- what there is to see

    def jobs(self) -> tuple[JobView, ...]:
        """All jobs, whatever their state, in their order."""
        return tuple(view_of(row, self._runner.running) for row in self._rows.all())

    def job(self, job_id: int) -> JobView | None:
        row = self._rows.get(job_id)
        return None if row is None else view_of(row, self._runner.running)

    @property
    def is_paused(self) -> bool:
        return self._rows.is_paused

    # --- what people do

    def enqueue(self, job: Job) -> int:
        """Put a job at the end; its number, or 0 where it could not be kept."""
        number = 0
        with self._changing():
            number = self._rows.add(job).id
        return number

    def cancel(self, job_id: int) -> None:
        """End the running job at its next step, or leave a waiting one out."""
        if not self._runner.cancel(job_id) and self._state(job_id) == "queued":
            self._set_state(job_id, "cancelled")

    def stop_and_keep(self, job_id: int) -> None:
        """End the running job at its next step, and keep what it has."""
        self._runner.keep(job_id)

    def retry(self, job_id: int) -> None:
        """Let a job that ended, other than well, wait at its place again."""
        if self._state(job_id) in _RETRIED:
            self._set_state(job_id, "queued")

    def remove(self, job_id: int) -> None:
        """Take a job out of the list; the running one stays."""
        if self._state(job_id) not in ("", "running"):
            with self._changing():
                self._rows.remove(job_id)

    def clear_finished(self) -> None:
        """Take out all jobs that have ended, except those that were cut off."""
        with self._changing():
            self._rows.remove(*(job.id for job in self.jobs() if job.state in _FINISHED))

    def move(self, job_id: int, before: int | None = None) -> None:
        """Put a job before another one, or at the end."""
        with self._changing():
            self._rows.move(job_id, before)

    def pause(self) -> None:
        """Start no more jobs; the running one goes on."""
        with self._changing():
            self._rows.pause()

    def resume(self) -> None:
        with self._changing():
            self._rows.resume()

    def preview(self, job: Job) -> str:
        """Run an interactive job between the steps of the running one; its id, which its events have.

        Of those of one kind only the newest waits: the one whose place it takes ends as cancelled.
        """
        return self._previews.submit(at_home(job, self._folder))

    def close(self) -> None:
        """End what runs, because the project closes: the running job waits again, and goes on next time."""
        if not self._is_closed:
            self._is_closed = True
            self._previews.close()
            self._runner.close()

    # --- running

    def _pass_on(self, row: QueuedJob, event: Event) -> None:
        self.event_received.emit(row, event)
        if isinstance(event, Finished):
            self._go_on()

    def _go_on(self) -> None:
        """Hand the first job that waits to the engine, if it is free, and tell that there is something new."""
        if self._is_closed:
            return
        with telling(self.failed):
            if self._runner.running is None and not self._rows.is_paused:
                self._start_next()
        self.jobs_changed.emit()

    def _start_next(self) -> None:
        """Start the first job that waits; such before it as cannot be run have failed."""
        for row in self._rows.all():
            if row.state != "queued":
                continue
            if row.job is not None:
                self._runner.start(row.id, row.job)
                return
            self._rows.set_state(row.id, "failed", write_ending(_UNKNOWN))

    # --- changes by people

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """What goes wrong with the change is told; either way the queue goes on."""
        with telling(self.failed):
            yield
        self._go_on()

    def _state(self, job_id: int) -> str:
        """The state as it is shown; '' for a job that is not there."""
        job = self.job(job_id)
        return "" if job is None else job.state

    def _set_state(self, job_id: int, state: QueueState) -> None:
        with self._changing():
            self._rows.set_state(job_id, state)
