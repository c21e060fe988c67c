"""What stays the same from one frame to the next, painted only once."""

from collections.abc import Callable, Hashable

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap


class StillLayer:
    """A part of a picture: a pointer that moves above it does not make it be painted again.

    Args:
        is_opaque: it covers what lies below it.
    """

    def __init__(self, is_opaque: bool = True) -> None:
        self._is_opaque = is_opaque
        self._key: Hashable = None
        self._pixmap: QPixmap | None = None

    def draw(
        self,
        painter: QPainter,
        key: Hashable,
        size: QSize,
        ratio: float,
        exposed: QRect,
        paint: Callable[[QPainter], None],
    ) -> None:
        """Draw what `paint` paints, which is the same as long as `key` is.

        It is kept from the second frame on: while somebody zooms, no two frames are the same.

        Args:
            size, ratio: of the widget in logical pixels, and device pixels a logical one.
            exposed: the part of it that has to be drawn.
        """
        if key != self._key:
            self._key, self._pixmap = key, None
            paint(painter)
            return
        if self._pixmap is None:
            self._pixmap = QPixmap(size * ratio)
            self._pixmap.setDevicePixelRatio(ratio)
            if not self._is_opaque:
                self._pixmap.fill(Qt.GlobalColor.transparent)
            inner = QPainter(self._pixmap)
            paint(inner)
            inner.end()
        source = QRectF(
            exposed.x() * ratio, exposed.y() * ratio, exposed.width() * ratio, exposed.height() * ratio
        )
        painter.drawPixmap(QRectF(exposed), self._pixmap, source)
