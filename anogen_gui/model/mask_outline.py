"""The outlines of masks, as lines between their pixels; found in the background."""

from collections import OrderedDict
from pathlib import Path

import numpy as np
from PySide6.QtCore import QLineF, QObject, QRunnable, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage

Outline = tuple[QLineF, ...]

_MOST_KEPT = 64


class MaskOutlines(QObject):
    """The outlines of the masks in files, the last ones kept.

    Signals:
        found(file): its outline can be had now; one that cannot be read has none.
    """

    found = Signal(object)
    _traced = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Path, Outline] = OrderedDict()
        self._tracing: set[Path] = set()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._traced.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def get(self, file: Path) -> Outline | None:
        """The outline in the mask's pixels if it is there; else None, and `found` follows."""
        if file not in self._kept and file not in self._tracing:
            self._tracing.add(file)
            self._pool.start(_Tracing(self, file))
        return self._kept.get(file)

    def forget(self) -> None:
        """The files may be others now."""
        self._kept.clear()

    def close(self) -> None:
        """Find no more; waits for the one that is being traced."""
        self._pool.clear()
        self._pool.waitForDone()

    def trace(self, file: Path) -> None:
        """Called in a thread of the pool."""
        image = QImage(str(file))
        self._traced.emit(file, () if image.isNull() else mask_outline(mask_pixels(image)))

    def _keep(self, file: Path, outline: Outline) -> None:
        self._tracing.discard(file)
        self._kept[file] = outline
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        self.found.emit(file)


class _Tracing(QRunnable):
    def __init__(self, outlines: MaskOutlines, file: Path) -> None:
        super().__init__()
        self._outlines, self._file = outlines, file

    def run(self) -> None:
        self._outlines.trace(self._file)


def mask_pixels(image: QImage) -> np.ndarray:
    """A mask as it was read from its file, (H, W) bool, true where it is bright."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()] > 127


def mask_outline(mask: np.ndarray) -> Outline:
    """The borders between mask and no mask, (H, W) bool, in pixels; each as long as it is straight."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not rows.size:
        return ()
    top, left = int(rows[0]), int(columns[0])
    inner = np.pad(mask[top : rows[-1] + 1, left : columns[-1] + 1], 1)
    upright = _runs((inner[:, 1:] != inner[:, :-1]).T)
    level = _runs(inner[1:] != inner[:-1])
    return tuple(
        [QLineF(left + x, top + start - 1, left + x, top + end - 1) for x, start, end in upright]
        + [QLineF(left + start - 1, top + y, left + end - 1, top + y) for y, start, end in level]
    )


def _runs(edges: np.ndarray) -> list[tuple[int, int, int]]:
    """Row, first column and column after the last of each unbroken run of true in (n, m) bool."""
    changes = np.diff(np.pad(edges, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(changes == 1)
    ends = np.nonzero(changes == -1)[1]
    return list(zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True))
