"""Masks on their way from and to the disk: a large one takes longer than the window may stand still."""

from threading import Lock

from PySide6.QtCore import QObject, QThreadPool, Signal

from anogen_gui.model.packed_mask import PackedMask
from engine.errors import EngineError
from engine.project import Photo, Project


class MaskFiles(QObject):
    """Reads and writes masks in the background, in order; of those to be written for a photo, only the latest.

    Signals:
        fetched(path, mask): the PackedMask of the photo at this path, or None; a damaged one comes as None.
        saved(path): the mask of the photo at this path is in the project, or gone from it.
        failed(message, hint): one could not be written.
    """

    fetched = Signal(str, object)
    saved = Signal(str)
    failed = Signal(str, str)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._waiting: dict[str, tuple[Photo, PackedMask | None]] = {}
        self._lock = Lock()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)  # one after the other: the later mask wins

    def fetch(self, photo: Photo) -> None:
        """Read the photo's mask; `fetched` follows."""
        self._pool.start(lambda: self.fetched.emit(photo.path, self._read(photo)))

    def save(self, photo: Photo, mask: PackedMask | None) -> None:
        """Write the mask, or remove the photo's mask, as soon as may be."""
        with self._lock:
            is_new = photo.path not in self._waiting
            self._waiting[photo.path] = (photo, mask)
        if is_new:
            self._pool.start(self._save_next)

    def close(self) -> None:
        """Wait until all is written."""
        self._pool.waitForDone()

    # --- in the thread of the pool

    def _save_next(self) -> None:
        with self._lock:
            photo, mask = self._waiting.pop(next(iter(self._waiting)))
        try:
            self._write(photo, mask)
        except EngineError as error:
            self.failed.emit(error.message, error.hint)
        else:
            self.saved.emit(photo.path)

    def _read(self, photo: Photo) -> PackedMask | None:
        try:
            mask = self._project.mask(photo)
        except EngineError:
            return None
        return PackedMask.pack(mask) if mask is not None else None

    def _write(self, photo: Photo, mask: PackedMask | None) -> None:
        project = self._project.twin()
        try:
            if mask is None:
                project.clear_mask(photo)
            else:
                project.set_mask(photo, mask.unpack())
        finally:
            project.close()
