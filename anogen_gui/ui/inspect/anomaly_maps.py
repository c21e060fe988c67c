"""Anomaly maps decoded and coloured in the background, the last ones kept in memory."""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

from anogen_gui.ui.inspect.anomaly_map import AnomalyMap

_MOST_KEPT = 64


class AnomalyMaps(QObject):
    """The maps in files.

    Signals:
        loaded(file): its map can be had now; one that cannot be read is there as a null map.
    """

    loaded = Signal(object)
    _decoded = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Path, AnomalyMap] = OrderedDict()
        self._being_read: set[Path] = set()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._decoded.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def get(self, file: Path) -> AnomalyMap | None:
        """The map if it is there; None where it has to be wanted first."""
        if file in self._kept:
            self._kept.move_to_end(file)
        return self._kept.get(file)

    def want(self, files: Sequence[Path]) -> None:
        """Decode these, the first one first."""
        for file in files:
            if file not in self._kept and file not in self._being_read:
                self._being_read.add(file)
                self._pool.start(_Reading(self, file))

    def forget(self, file: Path) -> None:
        """The file has changed: decode it anew when it is wanted again."""
        self._kept.pop(file, None)

    def close(self) -> None:
        """Decode no more; waits for the one that is being decoded."""
        self._pool.clear()
        self._pool.waitForDone()
        self._being_read.clear()

    def read(self, file: Path) -> None:
        """Called in a thread of the pool."""
        self._decoded.emit(file, AnomalyMap.read(file))

    def _keep(self, file: Path, found: AnomalyMap) -> None:
        self._being_read.discard(file)
        self._kept[file] = found
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        self.loaded.emit(file)


class _Reading(QRunnable):
    def __init__(self, maps: AnomalyMaps, file: Path) -> None:
        super().__init__()
        self._maps, self._file = maps, file

    def run(self) -> None:
        self._maps.read(self._file)
