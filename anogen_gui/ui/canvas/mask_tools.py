"""What the tools of the mask make: strokes on its pixels, and the polygon that is being drawn."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from anogen_gui.ui.canvas.gestures import Point
from anogen_gui.ui.canvas.ink import DARK, LIGHT, line_pen
from anogen_gui.ui.canvas.mask_pixels import MaskChange, MaskPixels
from anogen_gui.ui.canvas.viewport import Viewport

_CLOSING_REACH = 9.0  # logical pixels around a polygon's first point, in which a click closes it
_KNOB = 3.5


class MaskStroke:
    """One step of painting (`is_on`) or erasing, which can be told or given up at its end."""

    def __init__(self, pixels: MaskPixels, is_on: bool) -> None:
        self._pixels, self.is_on = pixels, is_on
        self._before: np.ndarray = pixels.snapshot()
        self._touched = QRect()

    def draw(self, start: Point, end: Point, width: float) -> QRect:
        """A stretch of a round brush; the pixels it may have changed."""
        return self._touch(self._pixels.draw_line(start, end, width, self.is_on))

    def fill(self, points: Sequence[Point]) -> QRect:
        """A polygon; the pixels it may have changed."""
        return self._touch(self._pixels.fill_polygon(points, self.is_on))

    def invert(self) -> QRect:
        return self._touch(self._pixels.invert())

    def clear(self) -> QRect:
        return self._touch(self._pixels.clear())

    def finish(self, name: str) -> MaskChange | None:
        """What has changed since the beginning; None where nothing has."""
        return self._pixels.change_since(self._before, self._touched, name)

    def give_up(self) -> QRect:
        """Everything as it was before; the pixels that changed."""
        return self._pixels.set_array(self._before > 0)

    def _touch(self, rect: QRect) -> QRect:
        self._touched = self._touched.united(rect)
        return rect


class OpenPolygon:
    """The corners of a polygon that is being drawn."""

    def __init__(self) -> None:
        self.points: list[Point] = []

    def __bool__(self) -> bool:
        return bool(self.points)

    def add(self, point: Point) -> None:
        if not self.points or point != self.points[-1]:
            self.points.append(point)

    def take_all(self) -> list[Point]:
        """The corners, none where they make no area; there are none left."""
        points, self.points = self.points, []
        return points if len(points) >= 3 else []

    def is_closed_at(self, point: Point, scale: float) -> bool:
        """Would a click there close it: does it have three corners, and is the first one there?"""
        if len(self.points) < 3:
            return False
        (x0, y0), (x, y) = self.points[0], point
        return math.hypot(x - x0, y - y0) * scale <= _CLOSING_REACH

    def draw(self, painter: QPainter, viewport: Viewport, pointer: Point | None, color: QColor) -> None:
        """Its sides, the one to the pointer included, and a knob where a click closes it."""
        points = [*self.points, *([pointer] if pointer is not None else [])]
        corners = [QPointF(*viewport.to_view(x, y)) for x, y in points]
        draw_outline(painter, corners, color)
        painter.setPen(QPen(DARK, 1))
        painter.setBrush(LIGHT)
        closes = pointer is not None and self.is_closed_at(pointer, viewport.scale)
        for index, corner in enumerate(corners[: len(self.points)]):
            radius = 2 * _KNOB if closes and index == 0 else _KNOB
            painter.drawEllipse(corner, radius, radius)


def draw_outline(painter: QPainter, corners: Iterable[QPointF], color: QColor) -> None:
    """Lines from corner to corner in the view, dark with the color over it."""
    line = QPolygonF(list(corners))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (line_pen(DARK, 3.6), line_pen(color, 1.8)):
        painter.setPen(pen)
        painter.drawPolyline(line)


def brush_circle(center: QPointF, width: float, viewport: Viewport) -> QRectF:
    """Where in the view a brush of this width, in photo pixels, is seen."""
    radius = max(width * viewport.scale / 2, 1.5)
    return QRectF(center.x() - radius, center.y() - radius, 2 * radius, 2 * radius)


def draw_brush(painter: QPainter, circle: QRectF) -> None:
    """The brush's rim, to be seen on any photo."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (line_pen(DARK, 2.6), line_pen(LIGHT, 1.2)):
        painter.setPen(pen)
        painter.drawEllipse(circle)
