"""Interactive jobs: they are not queued, and run between the steps of the job that runs."""

import secrets

from PySide6.QtCore import QObject, Signal

from anogen_gui.engine_client import Engine
from engine.protocol import Event, Finished, Job


class Previews(QObject):
    """Hands interactive jobs to the engine and picks out their events.

    Signals:
        event_received(id, event): the last one of each is Finished.
    """

    event_received = Signal(str, object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._key = secrets.token_hex(4)  # another project's previews have the same numbers
        self._number = 0
        self._ids: set[str] = set()
        engine.event_received.connect(self._take)

    def submit(self, job: Job) -> str:
        """The job's id."""
        self._number += 1
        preview_id = f"{self._key}.preview.{self._number}"
        self._ids.add(preview_id)
        self._engine.submit(preview_id, job, interactive=True)
        return preview_id

    def close(self) -> None:
        """Cancel all, and hear no more of them."""
        self._engine.event_received.disconnect(self._take)
        for preview_id in self._ids:
            self._engine.cancel(preview_id)

    def _take(self, event: Event) -> None:
        if event.job_id in self._ids:
            if isinstance(event, Finished):
                self._ids.remove(event.job_id)
            self.event_received.emit(event.job_id, event)
