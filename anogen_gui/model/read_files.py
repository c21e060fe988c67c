"""What is read from files in the background, the last ones kept."""

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

_MOST_KEPT = 64

T = TypeVar("T")
_Stamp = tuple[int, int] | None
"""When a file was written, and how long it is; None where there is none."""


class ReadFiles(QObject, Generic[T]):
    """Reads files one after the other; one that was written again is read anew when it is asked for.

    Args:
        read: makes something of a file, in a thread, also of one that is not there.

    Signals:
        found(file): what is in it can be had now.
    """

    found = Signal(object)
    _was_read = Signal(object, object, object)

    def __init__(self, read: Callable[[Path], T], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._kept: OrderedDict[Path, tuple[_Stamp, T]] = OrderedDict()
        self._being_read: set[Path] = set()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._was_read.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def get(self, file: Path) -> T | None:
        """What is in the file if it is there; else None, and `found` follows."""
        stamp, result = self._kept.get(file, (None, None))
        if file in self._kept and stamp == _stamp(file):
            self._kept.move_to_end(file)
            return result
        if file not in self._being_read:
            self._being_read.add(file)
            self._pool.start(_Reading(self, file))
        return None

    def close(self) -> None:
        """Read no more; waits for the one that is being read."""
        self._pool.clear()
        self._pool.waitForDone()
        self._being_read.clear()

    def read(self, file: Path) -> None:
        """Called in a thread of the pool."""
        stamp = _stamp(file)  # before it is read: one that changes meanwhile is read once more
        self._was_read.emit(file, stamp, self._read(file))

    def _keep(self, file: Path, stamp: _Stamp, result: T) -> None:
        self._being_read.discard(file)
        self._kept[file] = (stamp, result)
        self._kept.move_to_end(file)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        self.found.emit(file)


class _Reading(QRunnable):
    def __init__(self, files: ReadFiles[T], file: Path) -> None:
        super().__init__()
        self._files, self._file = files, file

    def run(self) -> None:
        self._files.read(self._file)


def _stamp(file: Path) -> _Stamp:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
