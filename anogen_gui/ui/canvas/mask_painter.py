"""How a mask looks: tinted in the class colour, with an outline as thin as the screen allows at every zoom."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from anogen_gui.ui.canvas.mask_pixels import MaskPixels
from anogen_gui.ui.canvas.viewport import Viewport

_SEAM_ALPHA = 0.7


def draw_mask(
    painter: QPainter, pixels: MaskPixels, color: QColor, opacity: float, viewport: Viewport, exposed: QRect
) -> None:
    """Draw what of the mask lies in the exposed part of the view; `opacity` is that of the tint, 0 … 1."""
    area = _device_area(pixels.bounds(), viewport, exposed)
    if area.isEmpty():
        return
    is_on = _sampled(pixels, viewport, area.adjusted(-1, -1, 1, 1))
    colors = np.array(
        [0, _argb(color, opacity), _argb(color, 1.0), _argb(QColor(0, 0, 0), _SEAM_ALPHA)], np.uint32
    )
    shown = np.take(colors, _parts(is_on))
    height, width = shown.shape
    image = QImage(shown.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(viewport.ratio)
    painter.drawImage(QPointF(area.left() / viewport.ratio, area.top() / viewport.ratio), image)


def to_view(rect: QRect, viewport: Viewport, margin: float = 0.0) -> QRect:
    """The part of the view in which pixels of the mask are seen, and a margin around it."""
    left, top = viewport.to_view(rect.left(), rect.top())
    right, bottom = viewport.to_view(rect.left() + rect.width(), rect.top() + rect.height())
    return (
        QRectF(left, top, right - left, bottom - top)
        .adjusted(-margin, -margin, margin, margin)
        .toAlignedRect()
    )


def _device_area(bounds: QRect, viewport: Viewport, exposed: QRect) -> QRect:
    """Where in the view the mask's pixels and their seam are drawn, in device pixels."""
    if bounds.isEmpty():
        return QRect()
    seen = to_view(bounds, viewport, margin=2).intersected(exposed)
    left, top = math.floor(seen.left() * viewport.ratio), math.floor(seen.top() * viewport.ratio)
    right, bottom = (
        (seen.left() + seen.width()) * viewport.ratio,
        (seen.top() + seen.height()) * viewport.ratio,
    )
    return QRect(left, top, math.ceil(right) - left, math.ceil(bottom) - top)


def _sampled(pixels: MaskPixels, viewport: Viewport, area: QRect) -> np.ndarray:
    """Which device pixels of the area show the mask: bool, off beside the photo."""
    level, factor = pixels.reduced(viewport.zoom)
    columns = _indices(area.left(), area.width(), viewport.left, viewport, factor)
    rows = _indices(area.top(), area.height(), viewport.top, viewport, factor)
    height, width = level.shape
    seen = level[rows.clip(0, height - 1)][:, columns.clip(0, width - 1)] > 0
    seen[(rows < 0) | (rows >= height)] = False
    seen[:, (columns < 0) | (columns >= width)] = False
    return seen


def _indices(start: int, count: int, origin: float, viewport: Viewport, factor: int) -> np.ndarray:
    """Which row or column of a reduced copy each device pixel shows."""
    places = (np.arange(start, start + count) + 0.5) / viewport.ratio - origin
    return np.floor(places / (viewport.scale * factor)).astype(np.int64)


def _parts(is_on: np.ndarray) -> np.ndarray:
    """0 beside the mask, 1 inside, 2 on its edge, 3 right outside of it; a pixel less on each side."""
    inner = is_on[1:-1, 1:-1]
    sides = is_on[:-2, 1:-1], is_on[2:, 1:-1], is_on[1:-1, :-2], is_on[1:-1, 2:]
    on_edge = inner & ~(sides[0] & sides[1] & sides[2] & sides[3])
    outside = ~inner & (sides[0] | sides[1] | sides[2] | sides[3])
    parts: np.ndarray = inner.astype(np.uint8) + on_edge + 3 * outside.view(np.uint8)
    return parts


def _argb(color: QColor, opacity: float) -> int:
    """A colour as Qt blends it: premultiplied, 0xAARRGGBB."""
    alpha, red, green, blue = (
        round(255 * value * opacity) for value in (1.0, color.redF(), color.greenF(), color.blueF())
    )
    return alpha << 24 | red << 16 | green << 8 | blue
