"""The outlines of masks, as lines between their pixels; found in the background."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QLineF, QObject
from PySide6.QtGui import QImage

from anogen_gui.model.read_files import ReadFiles

Outline = tuple[QLineF, ...]


class MaskOutlines(ReadFiles[Outline]):
    """The outlines of the masks in files, in the masks' pixels; one that cannot be read has none."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_traced, parent)


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


def _traced(file: Path) -> Outline:
    image = QImage(str(file))
    return () if image.isNull() else mask_outline(mask_pixels(image))
