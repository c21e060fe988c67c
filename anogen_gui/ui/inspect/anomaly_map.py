"""An anomaly map as it is looked at: its values, its colours, and where it is above a level."""

from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage, QImageReader, QPolygonF

from anogen_gui.ui.inspect.contour import contour, joined
from anogen_gui.ui.inspect.map_colours import LEVELS, opaque, translucent


class AnomalyMap:
    """A map from its file, a grey PNG of 16 bits that covers the whole photo. Made in any thread.

    Attributes:
        opaque, translucent: in its colours, alone and to lay over the photo. Null where it `is_null`.
    """

    def __init__(self, levels: np.ndarray) -> None:
        """`levels` is (H, W) uint16, 65535 for 1; an empty one is a map that cannot be read."""
        self._levels = levels
        self.opaque = QImage() if self.is_null else opaque(levels)
        self.translucent = QImage() if self.is_null else translucent(levels)

    @classmethod
    def read(cls, file: Path) -> "AnomalyMap":
        """Decode a file; `is_null` where there is none, or something else."""
        reader = QImageReader(str(file))
        reader.setDecideFormatFromContent(True)
        image = reader.read()
        if image.format() != QImage.Format.Format_Grayscale16:
            return cls(np.zeros((0, 0), np.uint16))
        rows = np.frombuffer(image.constBits(), np.uint16).reshape(image.height(), -1)
        return cls(rows[:, : image.width()].copy())

    @property
    def is_null(self) -> bool:
        return self._levels.size == 0

    @property
    def size(self) -> tuple[int, int]:
        """Its width and height in its own pixels."""
        height, width = self._levels.shape
        return width, height

    def value_at(self, across: float, down: float) -> float | None:
        """The value, 0 … 1, at a place in shares of the photo's width and height; None beside the photo."""
        width, height = self.size
        x, y = int(np.floor(across * width)), int(np.floor(down * height))
        if not (0 <= x < width and 0 <= y < height):
            return None
        return float(self._levels[y, x]) / LEVELS

    def outline(self, above: float) -> tuple[QPolygonF, ...]:
        """Lines around what is above a value, in the map's pixels."""
        return joined(contour(self._levels.astype(np.float32) / LEVELS, above))
