"""Live: the chosen box is drawn again with few steps whenever it changes."""

import base64
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.project_model import ProjectModel
from engine.geometry import Box
from engine.protocol import Event, Finished, PreviewJob, PreviewReady

_STEPS = 6


@dataclass(frozen=True)
class LivePicture:
    """What the engine drew: a JPEG of the photo within the bounds of `box` (engine.geometry.box_window)."""

    box_id: int
    photo: str
    box: Box
    jpeg: bytes


class Live(QObject):
    """Asks for one live picture at a time; of those that wait only the newest counts.

    Signals:
        drawn(picture)
        busy_changed(is_busy)
        failed(message, hint)
    """

    drawn = Signal(object)
    busy_changed = Signal(bool)
    failed = Signal(str, str)

    def __init__(self, project: ProjectModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._asked: dict[str, tuple[int, Box]] = {}
        project.queue.preview_event_received.connect(self._take)

    @property
    def is_busy(self) -> bool:
        return bool(self._asked)

    def ask(self, photo: str, box_id: int, anomaly: str, box: Box, seed: int) -> bool:
        """Draw this box as it is now; False where its class has no embedding yet."""
        embedding = self._project.anomalies.embedding_in_use(anomaly)
        if embedding is None:
            return False
        job = PreviewJob(
            project=str(self._project.folder),
            embedding=embedding.path,
            photo=photo,
            box=box,
            seed=seed,
            steps=_STEPS,
        )
        was_busy = self.is_busy
        self._asked[self._project.queue.preview(job)] = (box_id, box)
        if not was_busy:
            self.busy_changed.emit(True)
        return True

    def _take(self, job_id: str, event: Event) -> None:
        if job_id not in self._asked:
            return
        box_id, box = self._asked[job_id]
        match event:
            case PreviewReady(jpeg_base64=text, photo=photo):
                self.drawn.emit(LivePicture(box_id, photo, event.box or box, base64.b64decode(text)))
            case Finished(outcome=outcome, message=message, hint=hint):
                del self._asked[job_id]
                if outcome == "failed":
                    self.failed.emit(message, hint)
                if not self.is_busy:
                    self.busy_changed.emit(False)
