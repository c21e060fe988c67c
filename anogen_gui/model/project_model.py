"""The open project, as the pages see it: photos, anomaly classes, boxes, samples, queue, history."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from anogen_gui.engine_client import Engine
from anogen_gui.model.anomalies import Anomalies
from anogen_gui.model.boxes import Boxes
from anogen_gui.model.exporting import Exporting
from anogen_gui.model.history import History
from anogen_gui.model.importing import Importing
from anogen_gui.model.job_queue import JobQueue
from anogen_gui.model.more_like_this import MoreLikeThis
from anogen_gui.model.photos import Photos
from anogen_gui.model.reporting import Reporting
from anogen_gui.model.samples import Samples
from engine.project import Photo, Project, QueuedJob
from engine.protocol import EmbeddingWritten, Event, Finished, SampleWritten


class ProjectModel(QObject):
    """What is in the open project, each kind of thing with a model of its own.

    Attributes:
        photos, anomalies, boxes, samples: what is in the catalogue, and the undoable changes to it.
        queue: the jobs, run by the engine.
        importing, exporting, reporting: work in the background.
        more_like_this: the plan for boxes like what was missed.
        history: one stack of named steps for all of them.

    Signals:
        failed(message, hint): something could not be done; nothing was lost.
    """

    failed = Signal(str, str)

    def __init__(self, project: Project, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.history = History(self)
        self.photos = Photos(project, self.history, self)
        self.anomalies = Anomalies(project, self.history, self)
        self.boxes = Boxes(project, self.history, self)
        self.samples = Samples(project, self.history, self)
        self.queue = JobQueue(project, engine, self)
        self.importing = Importing(project, self)
        self.exporting = Exporting(project, self)
        self.reporting = Reporting(project, self)
        self.more_like_this = MoreLikeThis(project, self.photos, self.anomalies, self)
        self._connect()

    @property
    def folder(self) -> Path:
        return self.project.folder

    @property
    def name(self) -> str:
        """What a person calls the project."""
        return self.project.name

    def file(self, path: str) -> Path:
        """Where the file at this path of the project lies."""
        return self.project.folder / path

    def close(self) -> None:
        """End what runs in the background and close the project; jobs that were cut off go on next time."""
        self.importing.close()
        self.exporting.close()
        self.reporting.close()
        self.more_like_this.close()
        self.queue.close()
        self.photos.close()
        self.project.close()

    def _connect(self) -> None:
        self.history.failed.connect(self.failed)
        self.photos.failed.connect(self.failed)
        self.queue.failed.connect(self.failed)
        self.queue.event_received.connect(self._take)
        self.photos.removal_changed.connect(self.boxes.reload)
        self.photos.removal_changed.connect(self.more_like_this.dismiss_removed)
        self.anomalies.roles_changed.connect(self.photos.reload)
        self.anomalies.renamed.connect(self._reload_named)
        self.anomalies.renamed.connect(self.more_like_this.dismiss)
        self.importing.photos_read.connect(self._take_imported)
        self.importing.ended.connect(self._reload_imported)

    def _take(self, _job: QueuedJob, event: Event) -> None:
        match event:
            case SampleWritten(image=path):
                self.samples.refresh(path)
            case EmbeddingWritten() | Finished():
                self.anomalies.reload()

    def _take_imported(self, photos: tuple[Photo, ...]) -> None:
        self.anomalies.reload()
        self.photos.add(photos)

    def _reload_imported(self) -> None:
        self.anomalies.reload()
        self.photos.reload()
        self.photos.removal_changed.emit()  # removed ones are back where they were imported again

    def _reload_named(self) -> None:
        """All that tells of a class by its name."""
        self.photos.reload()
        self.boxes.reload()
        self.samples.reload()
