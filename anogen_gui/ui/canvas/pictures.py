"""Photos decoded in the background, the last ones kept in memory."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from pathlib import Path
from threading import Lock

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

from anogen_gui.ui.canvas.picture import Picture

_MEMORY_BYTES = 512 * 2**20
_THREADS = 2  # one for the photo that a person waits for, while the other is busy with a neighbor


class Pictures(QObject):
    """Decodes the photos that are wanted, the most urgent first.

    Signals:
        loaded(file): its picture can be had now; one that cannot be read is there as a null picture.
    """

    loaded = Signal(object)
    _decoded = Signal(object, object)

    def __init__(self, parent: QObject | None = None, memory_bytes: int = _MEMORY_BYTES) -> None:
        super().__init__(parent)
        self._memory_bytes = memory_bytes
        self._kept: OrderedDict[Path, Picture] = OrderedDict()
        self._wanted: dict[Hashable, tuple[Path, ...]] = {}
        self._being_read: set[Path] = set()
        self._lock = Lock()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(_THREADS)
        self._decoded.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def get(self, file: Path) -> Picture | None:
        """The picture if it is there; None where it has to be wanted first."""
        picture = self._kept.get(file)
        if picture is not None:
            self._kept.move_to_end(file)
        return picture

    def want(self, files: Sequence[Path], by: Hashable) -> None:
        """Decode these, the first one first; what the same one wanted before is no longer wanted."""
        with self._lock:
            self._wanted.pop(by, None)
            if files:
                self._wanted[by] = tuple(files)
        for _ in files:
            self._pool.start(_Reading(self))

    def forget(self, file: Path) -> None:
        """The file has changed: decode it anew when it is wanted again."""
        self._kept.pop(file, None)

    def close(self) -> None:
        """Decode no more; waits for what is being decoded."""
        with self._lock:
            self._wanted.clear()
        self._pool.clear()
        self._pool.waitForDone()

    def read_next(self) -> None:
        """Decode the most urgent photo; called in a thread of the pool."""
        file = self._take()
        if file is not None:
            self._decoded.emit(file, Picture.read(file))

    def _take(self) -> Path | None:
        with self._lock:
            files = (file for wanted in self._wanted.values() for file in wanted)
            missing = (file for file in files if file not in self._kept and file not in self._being_read)
            file = next(missing, None)
            if file is not None:
                self._being_read.add(file)
        return file

    def _keep(self, file: Path, picture: Picture) -> None:
        with self._lock:
            self._being_read.discard(file)
            self._kept[file] = picture
            while (
                sum(each.byte_count for each in self._kept.values()) > self._memory_bytes
                and len(self._kept) > 1
            ):
                self._kept.popitem(last=False)
        self.loaded.emit(file)


class _Reading(QRunnable):
    def __init__(self, pictures: Pictures) -> None:
        super().__init__()
        self._pictures = pictures

    def run(self) -> None:
        self._pictures.read_next()
