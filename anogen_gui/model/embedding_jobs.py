"""Jobs about embeddings: one made of a step of a run, one brought in, one written for other programs."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.job_queue import JobQueue
from anogen_gui.model.learning_state import Note, problem_of
from engine.project import EmbeddingRow, QueuedJob
from engine.protocol import (
    Event,
    ExportEmbeddingJob,
    FileWritten,
    Finished,
    ImportEmbeddingJob,
    Job,
    KeepStepJob,
    Warned,
)


class EmbeddingJobs(QObject):
    """Puts such jobs into the queue, and tells how they go by the class that they are about.

    Signals:
        begun(anomaly, sentence): what is being done now.
        told(anomaly, Note): something came of it, or something went wrong.
        ended(anomaly): it is over.
    """

    begun = Signal(str, str)
    told = Signal(str, object)
    ended = Signal(str)

    def __init__(self, folder: Path, queue: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project, self._queue = str(folder), queue
        self._anomalies: dict[int, str] = {}
        self._connections = (
            queue.event_received.connect(self._take),
            queue.jobs_changed.connect(self._forget),
        )

    def close(self) -> None:
        """Hear nothing of the queue any more."""
        for connection in self._connections:
            QObject.disconnect(connection)

    def keep_step(self, anomaly: str, run: str, step: int) -> None:
        """Make an embedding of what a run had learned after `step` steps."""
        job = KeepStepJob(project=self._project, run=run, step=step)
        self._begin(anomaly, job, f"Making an embedding of step {step}")

    def bring_in(self, anomaly: str, file: Path, backbone: str) -> None:
        """Import an embedding of another program; `backbone` is the one that it was learned on."""
        job = ImportEmbeddingJob(project=self._project, file=str(file), anomaly=anomaly, backbone=backbone)
        self._begin(anomaly, job, f"Importing {file.name}")

    def export(self, row: EmbeddingRow, out: Path) -> None:
        """Write an embedding as a textual inversion file that other programs read."""
        job = ExportEmbeddingJob(project=self._project, embedding=row.path, out=str(out))
        self._begin(row.anomaly, job, f"Exporting {row.name}")

    def _begin(self, anomaly: str, job: Job, sentence: str) -> None:
        number = self._queue.enqueue(job)
        if number:
            self._anomalies[number] = anomaly
            self.begun.emit(anomaly, sentence)

    def _take(self, queued: QueuedJob, event: Event) -> None:
        anomaly = self._anomalies.get(queued.id)
        if anomaly is None:
            return
        match event:
            case Warned(message=message):
                self.told.emit(anomaly, Note(message))
            case FileWritten(path=path, what=what):
                self.told.emit(
                    anomaly, Note(f"Exported {what} to {path}." if what else f"Exported to {path}.")
                )
            case Finished(outcome="failed"):
                self.told.emit(anomaly, problem_of(event))

    def _forget(self) -> None:
        """Jobs that have ended, or were taken out of the queue, are of no more concern."""
        for number, anomaly in tuple(self._anomalies.items()):
            job = self._queue.job(number)
            if job is None or job.state not in ("queued", "running"):
                del self._anomalies[number]
                self.ended.emit(anomaly)
