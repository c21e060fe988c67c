"""Pictures and parts of cells, scaled or painted once and kept: so scrolling only copies them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

MOST_BYTES = 48 * 2**20
_THUMBNAIL_SIDES = (192, 384, 768)  # device pixels


def thumbnail_side(side_px: int) -> int:
    """The side of the thumbnail, in device pixels, from which a picture of this side is scaled.

    There are few, so that each thumbnail is made once for several sizes of cells.
    """
    return next((side for side in _THUMBNAIL_SIDES if side >= side_px), _THUMBNAIL_SIDES[-1])


class KeptPixmaps:
    """Pixmaps by a key, for the screen that they are painted on; the ones used last are kept."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, QPixmap] = OrderedDict()
        self._bytes = 0

    def clear(self) -> None:
        """Forget all: they would look different now."""
        self._kept.clear()
        self._bytes = 0

    def picture(
        self, painter: QPainter, key: Hashable, room: QSize, image: Callable[[], QImage | None]
    ) -> QPixmap | QImage | None:
        """A picture as large as fits into `room`, in logical pixels; None or a null image as `image` gives it."""
        ratio = painter.device().devicePixelRatioF()
        kept = self._get((key, room.width(), room.height(), ratio))
        if kept is not None:
            return kept
        found = image()
        if found is None or found.isNull():
            return found
        pixmap = QPixmap.fromImage(_scaled(found, room * ratio))
        pixmap.setDevicePixelRatio(ratio)
        return self._keep((key, room.width(), room.height(), ratio), pixmap)

    def part(
        self, painter: QPainter, key: Hashable, size: QSize, paint: Callable[[QPainter], object]
    ) -> QPixmap:
        """What `paint` paints from the upper left corner, on nothing."""
        ratio = painter.device().devicePixelRatioF()
        kept = self._get((key, size.width(), size.height(), ratio))
        if kept is not None:
            return kept
        pixmap = QPixmap(size * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        part_painter = QPainter(pixmap)
        part_painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(part_painter)
        part_painter.end()
        return self._keep((key, size.width(), size.height(), ratio), pixmap)

    def _get(self, key: Hashable) -> QPixmap | None:
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def _keep(self, key: Hashable, pixmap: QPixmap) -> QPixmap:
        self._kept[key] = pixmap
        self._bytes += _byte_count(pixmap)
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            self._bytes -= _byte_count(self._kept.popitem(last=False)[1])
        return pixmap


def _byte_count(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4


def _scaled(image: QImage, room_px: QSize) -> QImage:
    if image.width() <= room_px.width() and image.height() <= room_px.height():
        return image
    return image.scaled(
        room_px, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
