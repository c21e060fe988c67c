"""Masks on their way to the disk: a large one takes longer to write than the window may stand still."""

from threading import Lock

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from anogen_gui.model.packed_mask import PackedMask
from engine.errors import EngineError
from engine.project import Photo, Project


class MaskSaving(QObject):
    """Writes masks in the background, at once and in order; of each photo only the latest.

    Signals:
        saved(path): the mask of the photo at this path is in the project, or gone from it.
        failed(message, hint): one could not be written.
    """

    saved = Signal(str)
    failed = Signal(str, str)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._waiting: dict[str, tuple[Photo, PackedMask | None]] = {}
        self._lock = Lock()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)  # one after the other: the later mask wins

    def save(self, photo: Photo, mask: PackedMask | None) -> None:
        """Write the mask, or remove the photo's mask, as soon as may be."""
        with self._lock:
            is_new = photo.path not in self._waiting
            self._waiting[photo.path] = (photo, mask)
        if is_new:
            self._pool.start(_Saving(self))

    def close(self) -> None:
        """Wait until all is written."""
        self._pool.waitForDone()

    def save_next(self) -> None:
        """Write the mask that waits longest; called in the thread of the pool."""
        with self._lock:
            photo, mask = self._waiting.pop(next(iter(self._waiting)))
        try:
            self._write(photo, mask)
        except EngineError as error:
            self.failed.emit(error.message, error.hint)
        else:
            self.saved.emit(photo.path)

    def _write(self, photo: Photo, mask: PackedMask | None) -> None:
        project = self._project.twin()
        try:
            if mask is None:
                project.clear_mask(photo)
            else:
                project.set_mask(photo, mask.unpack())
        finally:
            project.close()


class _Saving(QRunnable):
    def __init__(self, saving: MaskSaving) -> None:
        super().__init__()
        self._saving = saving

    def run(self) -> None:
        self._saving.save_next()
