"""The pixels of a mask: painted with Qt, read as an array, and kept in reduced copies that are quick to draw."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF

from anogen_gui.ui.canvas.gestures import Point
from engine.geometry import Size

_ON = 255
_SMALLEST_SIDE = 128  # of the last reduced copy


@dataclass(frozen=True)
class MaskChange:
    """What a stroke changed, small enough to keep every one: the bits of a rectangle before and after it.

    `name` is what the step is called in the history.
    """

    name: str
    left: int
    top: int
    width: int
    height: int
    before: bytes
    after: bytes

    @property
    def rect(self) -> QRect:
        return QRect(self.left, self.top, self.width, self.height)

    def pixels_before(self) -> np.ndarray:
        """(height, width) bool."""
        return self._unpacked(self.before)

    def pixels_after(self) -> np.ndarray:
        """(height, width) bool."""
        return self._unpacked(self.after)

    def _unpacked(self, bits: bytes) -> np.ndarray:
        flat = np.unpackbits(np.frombuffer(bits, np.uint8), count=self.width * self.height)
        return flat.reshape(self.height, self.width).astype(bool)


class MaskPixels:
    """A mask of a photo's size. Whatever paints returns the rectangle of pixels that it may have changed.

    Points are in photo pixels; a pixel belongs to a shape if its centre lies in it.
    """

    def __init__(self, size: Size) -> None:
        self.size = size
        self._image = QImage(size.width, size.height, QImage.Format.Format_Grayscale8)
        self._image.fill(0)
        rows = np.frombuffer(self._image.bits(), np.uint8).reshape(size.height, self._image.bytesPerLine())
        self._pixels = rows[:, : size.width]
        self._levels = [self._pixels]
        while max(self._levels[-1].shape) > _SMALLEST_SIDE:
            height, width = self._levels[-1].shape
            self._levels.append(np.zeros(((height + 1) // 2, (width + 1) // 2), np.uint8))

    @property
    def whole(self) -> QRect:
        return QRect(0, 0, self.size.width, self.size.height)

    def array(self) -> np.ndarray:
        """A copy: (H, W) bool, true on the anomaly."""
        return self._pixels > 0

    def set_array(self, mask: np.ndarray) -> QRect:
        """Take the pixels of a mask, (H, W) bool. Raises ValueError for one of another size."""
        if mask.shape != self._pixels.shape:
            raise ValueError(f"The mask is {mask.shape}, not {self._pixels.shape}.")
        self._pixels[...] = np.where(mask, _ON, 0)
        return self._reduced(self.whole)

    def put(self, rect: QRect, pixels: np.ndarray) -> QRect:
        """Take the pixels of a part, (height, width) bool."""
        self._pixels[_slices(rect)] = np.where(pixels, _ON, 0)
        return self._reduced(rect)

    def invert(self) -> QRect:
        np.bitwise_xor(self._pixels, np.uint8(_ON), out=self._pixels)
        return self._reduced(self.whole)

    def clear(self) -> QRect:
        self._pixels[...] = 0
        return self._reduced(self.whole)

    def draw_line(self, start: Point, end: Point, width: float, is_on: bool) -> QRect:
        """A stroke of a round brush of this width; at least the pixels that the points lie on."""
        painter = self._painter(is_on)
        pen = QPen(painter.pen().color(), max(width, 1.0))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(*start), QPointF(*end))
        painter.drawPoint(QPointF(*end))
        painter.end()
        reach = width / 2 + 2
        way = QRectF(QPointF(*start), QPointF(*end)).normalized()
        return self._reduced(way.adjusted(-reach, -reach, reach, reach).toAlignedRect())

    def fill_polygon(self, points: Sequence[Point], is_on: bool) -> QRect:
        polygon = QPolygonF([QPointF(x, y) for x, y in points])
        painter = self._painter(is_on)
        painter.setBrush(painter.pen().color())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(polygon, Qt.FillRule.WindingFill)
        painter.end()
        return self._reduced(polygon.boundingRect().toAlignedRect().adjusted(-1, -1, 1, 1))

    def snapshot(self) -> np.ndarray:
        """A copy to compare with later, made as quickly as possible: (H, W) uint8, 0 or 255."""
        return self._pixels.copy()

    def change_since(self, before: np.ndarray, rect: QRect, name: str) -> MaskChange | None:
        """What differs from an earlier `snapshot()` within a rectangle; None where nothing does."""
        rect = rect.intersected(self.whole)
        old, new = before[_slices(rect)], self._pixels[_slices(rect)]
        differs = old != new
        rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
        if not len(rows):
            return None
        part = QRect(int(columns[0]), int(rows[0]), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
        bits = [np.packbits(pixels[_slices(part)]).tobytes() for pixels in (old, new)]
        part.translate(rect.topLeft())
        return MaskChange(name, part.left(), part.top(), part.width(), part.height(), bits[0], bits[1])

    def reduced(self, zoom: float) -> tuple[np.ndarray, int]:
        """The smallest copy with all the detail that is seen at a zoom (below 1), and how many times smaller it is.

        (h, w) uint8, not zero where any pixel of its square is on: a thin scratch does not vanish.
        """
        index = 0
        while zoom <= 0.5 and index + 1 < len(self._levels):
            zoom, index = zoom * 2, index + 1
        return self._levels[index], 2**index

    def bounds(self) -> QRect:
        """A rectangle that holds all pixels that are on, not much too large; empty where none is."""
        small = self._levels[-1]
        rows, columns = np.flatnonzero(small.any(axis=1)), np.flatnonzero(small.any(axis=0))
        if not len(rows):
            return QRect()
        factor = 2 ** (len(self._levels) - 1)
        left, top = int(columns[0]) * factor, int(rows[0]) * factor
        right, bottom = (int(columns[-1]) + 1) * factor, (int(rows[-1]) + 1) * factor
        return QRect(left, top, right - left, bottom - top).intersected(self.whole)

    def _painter(self, is_on: bool) -> QPainter:
        painter = QPainter(self._image)
        painter.setPen(Qt.GlobalColor.white if is_on else Qt.GlobalColor.black)
        return painter

    def _reduced(self, rect: QRect) -> QRect:
        """Bring the reduced copies up to date with a part of the pixels; that part, within the photo."""
        rect = rect.intersected(self.whole)
        if rect.isEmpty():
            return rect
        top, bottom, left, right = rect.top(), rect.bottom() + 1, rect.left(), rect.right() + 1
        for larger, smaller in zip(self._levels, self._levels[1:], strict=False):
            top, bottom, left, right = top // 2, (bottom + 1) // 2, left // 2, (right + 1) // 2
            smaller[top:bottom, left:right] = _pooled(larger[2 * top : 2 * bottom, 2 * left : 2 * right])
        return rect


def _pooled(pixels: np.ndarray) -> np.ndarray:
    """The largest of every 2 × 2 pixels; (h, w) → (⌈h/2⌉, ⌈w/2⌉)."""
    height, width = pixels.shape
    rows = np.maximum(pixels[: height // 2 * 2 : 2], pixels[1::2])
    if height % 2:
        rows = np.concatenate([rows, pixels[-1:]])
    columns = np.maximum(rows[:, : width // 2 * 2 : 2], rows[:, 1::2])
    return np.concatenate([columns, rows[:, -1:]], axis=1) if width % 2 else columns


def _slices(rect: QRect) -> tuple[slice, slice]:
    return slice(rect.top(), rect.top() + rect.height()), slice(rect.left(), rect.left() + rect.width())
