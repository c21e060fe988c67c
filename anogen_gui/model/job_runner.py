"""The job that the engine has: what it tells is kept in the catalogue, then told on."""

import secrets
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal, SignalInstance

from anogen_gui.engine_client import Engine
from anogen_gui.model.job_view import RunningJob, view_of, write_ending
from anogen_gui.model.queue_rows import QueueRows
from engine.errors import EngineError
from engine.project import Project, QueuedJob
from engine.project.runs import interrupt_runs
from engine.protocol import (
    CompareRunsJob,
    DownloadJob,
    EvaluateRunJob,
    Event,
    Finished,
    GenerateJob,
    Job,
    PretrainJob,
    Progress,
)


class JobRunner(QObject):
    """Hands one job of the queue to the engine at a time.

    Attributes:
        running: that job, until its Finished has come and is kept.

    Signals:
        progressed(view): it has come further, or was asked to end.
        event_received(row, event): with its row as it is after that event.
        failed(message, hint): something could not be kept.
    """

    progressed = Signal(object)
    event_received = Signal(object, object)
    failed = Signal(str, str)

    def __init__(
        self, project: Project, rows: QueueRows, engine: Engine, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.running: RunningJob | None = None
        self._project, self._rows, self._engine = project, rows, engine
        self._key = secrets.token_hex(4)  # another project's jobs have the same numbers
        engine.event_received.connect(self._take_event)
        engine.engine_described.connect(self._note_ready)
        engine.crashed.connect(self._note_crash)

    def start(self, job_id: int, job: Job) -> None:
        """Raises EngineError where it cannot be kept that the job runs."""
        row = self._rows.set_state(job_id, "running")
        wire_id = f"{self._key}.{row.id}.{row.attempt}"
        is_reached = self._engine.state in ("ready", "busy")
        removed = {photo.path for photo in self._project.removed_photos()}
        job = at_home(without_removed(job, removed), self._project.folder)
        self.running = RunningJob(row, job, wire_id, is_reached)
        self._engine.submit(wire_id, self.running.job)

    def cancel(self, job_id: int) -> bool:
        """End the job at its next step; False where it is not the running one."""
        if self.running is None or self.running.row.id != job_id:
            return False
        self.running.is_cancelling = True
        self.progressed.emit(view_of(self.running.row, self.running))
        self._engine.cancel(self.running.wire_id)
        return True

    def keep(self, job_id: int) -> None:
        """End the job at its next step, and keep what it has, if it is the running one."""
        if self.running is not None and self.running.row.id == job_id:
            self.running.is_keeping = True
            self.progressed.emit(view_of(self.running.row, self.running))
            self._engine.keep(self.running.wire_id)

    def close(self) -> None:
        """Cancel the job and hear no more of it: it waits again, unless a person has cancelled it."""
        self._engine.event_received.disconnect(self._take_event)
        self._engine.engine_described.disconnect(self._note_ready)
        self._engine.crashed.disconnect(self._note_crash)
        running, self.running = self.running, None
        if running is not None:
            self._engine.cancel(running.wire_id)
            with telling(self.failed):
                interrupt_runs(self._project.catalogue)
                self._rows.set_state(running.row.id, "cancelled" if running.is_cancelling else "queued")

    def _take_event(self, event: Event) -> None:
        running = self.running
        if running is None or event.job_id != running.wire_id:
            return
        if isinstance(event, Finished):
            self._end(running, event)
            return
        with telling(self.failed):
            self._project.record(event, running.job)
        if isinstance(event, Progress):
            running.progress = event
            self.progressed.emit(view_of(running.row, running))
        self.event_received.emit(running.row, event)

    def _end(self, running: RunningJob, finished: Finished) -> None:
        row = running.row
        with telling(self.failed):
            row = self._keep_end(running, finished)
        self.running = None
        self.event_received.emit(row, finished)

    def _keep_end(self, running: RunningJob, finished: Finished) -> QueuedJob:
        """Keep how a job ended. One that was cut off is left to a person, so that it does no harm again by itself.

        Where the engine could not even be started, that is not the job's fault: it waits, and the queue with it.
        """
        job_id, ending = running.row.id, write_ending(finished)
        if not running.was_cut_off_by(finished):
            self._project.record(finished, running.job)
            return self._rows.set_state(job_id, finished.outcome, ending)
        interrupt_runs(self._project.catalogue)
        if running.was_reached:
            return self._rows.interrupt(job_id, ending)
        if running.has_lost_engine:
            self._rows.pause()
        return self._rows.set_state(job_id, "queued", ending)

    def _note_ready(self) -> None:
        if self.running is not None:
            self.running.was_reached = True
            self.running.has_lost_engine = False

    def _note_crash(self) -> None:
        if self.running is not None:
            self.running.has_lost_engine = True


def at_home(job: Job, project: Path) -> Job:
    """The job, in the folder where the project is now: it may have been moved since."""
    if isinstance(job, DownloadJob | PretrainJob):  # they have folders of their own
        return job
    return msgspec.structs.replace(job, project=str(project))


def without_removed(job: Job, removed: Set[str]) -> Job:
    """The job without photos that were removed while it waited: neither generated on nor measured on."""
    match job:
        case GenerateJob():
            named = dict.fromkeys(placement.photo for placement in job.placements)
            return msgspec.structs.replace(job, left_out=tuple(path for path in named if path in removed))
        case EvaluateRunJob() | CompareRunsJob():
            left = tuple(photo for photo in job.photos if photo.photo not in removed)
            return msgspec.structs.replace(job, photos=left)
    return job


@contextmanager
def telling(failed: SignalInstance) -> Iterator[None]:
    """What goes wrong with the catalogue inside ends there, and is told as (message, hint)."""
    try:
        yield
    except EngineError as error:
        failed.emit(error.message, error.hint)
    except OSError as error:
        failed.emit(f"{error.filename or 'A file'} could not be used: {error.strerror}.", "Try again.")
