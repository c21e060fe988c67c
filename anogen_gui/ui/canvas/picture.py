"""A photo ready to be drawn at any zoom: itself, and copies of half, a quarter… its size."""

import math
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

from anogen_gui.ui.canvas.viewport import Viewport
from engine.geometry import Size

SMOOTH_UP_TO = 4.0  # zoom; beyond it a person wants to see the pixels

_SMALLEST_SIDE = 256
_BAND_PIXELS = 1_000_000  # drawn at a time: Qt holds the interpreter meanwhile, and the window must go on
_LIMIT_MB = 1024  # of a decoded file: 120 million pixels, or half as many with 16 bits a channel
_FORMAT = QImage.Format.Format_RGB32


class Picture:
    """A photo as a person sees it: turned by its EXIF tag, transparency over white. Made in any thread."""

    def __init__(self, image: QImage) -> None:
        """A null image is a photo that cannot be shown."""
        self._levels = [
            image if image.isNull() or image.format() == _FORMAT else _redrawn(image, image.size())
        ]
        while max(self._levels[-1].width(), self._levels[-1].height()) > _SMALLEST_SIDE:
            last = self._levels[-1].size()
            half = QSize(math.ceil(last.width() / 2), math.ceil(last.height() / 2))
            self._levels.append(_redrawn(self._levels[-1], half))

    @classmethod
    def read(cls, file: Path) -> "Picture":
        """Decode a file; `is_null` where that is not possible."""
        QImageReader.setAllocationLimit(_LIMIT_MB)
        reader = QImageReader(str(file))
        reader.setAutoTransform(True)
        reader.setDecideFormatFromContent(True)
        return cls(reader.read())

    @property
    def is_null(self) -> bool:
        return self._levels[0].isNull()

    @property
    def image(self) -> QImage:
        """The photo at its own size."""
        return self._levels[0]

    @property
    def size(self) -> Size:
        return Size(self._levels[0].width(), self._levels[0].height())

    @property
    def byte_count(self) -> int:
        return sum(level.sizeInBytes() for level in self._levels)

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw what the view shows, from the smallest copy that has all the detail."""
        index = max(0, min(len(self._levels) - 1, math.floor(-math.log2(viewport.zoom) + 1e-9)))
        draw_image(painter, self._levels[index], QRectF(0, 0, self.size.width, self.size.height), viewport)


def draw_image(
    painter: QPainter,
    image: QImage,
    place: QRectF,
    viewport: Viewport,
    smooth_up_to: float = SMOOTH_UP_TO,
) -> None:
    """Draw the visible part of an image that covers `place` on the photo.

    Its pixels are seen where one takes more than `smooth_up_to` device pixels.
    """
    left, top, right, bottom = viewport.visible()
    seen = place.intersected(QRectF(left, top, right - left, bottom - top))
    if seen.isEmpty():
        return
    across, down = image.width() / place.width(), image.height() / place.height()
    x0, y0 = math.floor((seen.left() - place.left()) * across), math.floor((seen.top() - place.top()) * down)
    x1, y1 = (
        math.ceil((seen.right() - place.left()) * across),
        math.ceil((seen.bottom() - place.top()) * down),
    )
    source = QRectF(x0, y0, min(x1, image.width()) - x0, min(y1, image.height()) - y0)
    view_left, view_top = viewport.to_view(place.left() + x0 / across, place.top() + y0 / down)
    target = QRectF(
        view_left,
        view_top,
        source.width() / across * viewport.scale,
        source.height() / down * viewport.scale,
    )
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, viewport.zoom / across <= smooth_up_to)
    painter.drawImage(target, image, source)


def _redrawn(image: QImage, size: QSize) -> QImage:
    """The image over white at another size, or in the format that is drawn fastest."""
    result = QImage(size, _FORMAT)
    rows = max(1, _BAND_PIXELS // max(1, image.width()))
    for top in range(0, size.height(), rows):
        painter = QPainter(result)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, size != image.size())
        painter.setClipRect(0, top, size.width(), rows)
        painter.fillRect(0, top, size.width(), rows, Qt.GlobalColor.white)
        painter.drawImage(QRectF(0, 0, size.width(), size.height()), image)
        painter.end()
    return result
