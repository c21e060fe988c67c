"""How boxes look: outlines in the class colour over a dark seam, name tags, handles."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from anogen_gui.ui.canvas.ink import DARK, LIGHT, draw_plate, halo_pen, ink_on, line_pen, tag_font
from anogen_gui.ui.canvas.targets import CanvasBox, handles, rotate_point
from anogen_gui.ui.canvas.viewport import Viewport
from anogen_gui.ui.theme import Theme, space
from engine.geometry import Box

HANDLE_SIDE = 9.0  # lengths in logical pixels of the view
_LINE, _BOLD_LINE = 2.0, 3.0
_SEAM = 2.0  # how much wider the dark line under it is
_LOCKED_STYLE = Qt.PenStyle.DashLine
_TAG_GAP = 5.0
_MARK_SIZE = 0.65  # of the corners of selected boxes, as a part of a handle
_LOCK_WIDTH = 13.0
_CROWD = 40  # of as many boxes, tags with names would hide the photo: digits alone, then
_SMALLEST_TAGGED = 14.0  # a shorter box has no tag, unless it is selected or under the pointer


@dataclass(frozen=True)
class _Shape:
    """A box and its corners in the view, clockwise from the upper left one of the unrotated box."""

    each: CanvasBox
    corners: list[tuple[float, float]]

    @property
    def top(self) -> float:
        return min(y for _, y in self.corners)

    @property
    def length(self) -> float:
        """The longer side, in logical pixels."""
        (x0, y0), (x1, y1), (x2, y2), _ = self.corners
        return max(math.hypot(x1 - x0, y1 - y0), math.hypot(x2 - x1, y2 - y1))


@dataclass(frozen=True)
class Look:
    """What stands out: the selected boxes, by number; `has_handles`: they are not being moved."""

    selected: Collection[int] = ()
    has_handles: bool = True


class BoxPainter:
    """Draws many boxes quickly: outlines of one colour in one go, tags as pictures made once."""

    def __init__(self) -> None:
        self._tags: dict[tuple[str, str, bool, float, str], QPixmap] = {}

    def draw_quiet(
        self, painter: QPainter, boxes: Sequence[CanvasBox], viewport: Viewport, theme: Theme
    ) -> None:
        """Draw boxes that nobody is busy with."""
        shapes = _seen(boxes, viewport)
        is_crowd = len(shapes) > _CROWD
        _draw_outlines(painter, shapes, _LINE, has_smooth_seam=not is_crowd)
        for shape in shapes:
            if shape.length >= _SMALLEST_TAGGED:
                width = 0.0 if is_crowd else shape.length
                self._draw_tag(painter, shape, width, shape.top, viewport, theme)

    def draw_loud(
        self, painter: QPainter, boxes: Sequence[CanvasBox], look: Look, viewport: Viewport, theme: Theme
    ) -> None:
        """Draw the boxes that are selected, or under the pointer, so that they stand out."""
        shapes = _seen(boxes, viewport)
        _draw_outlines(painter, shapes, _BOLD_LINE)
        chosen = [shape for shape in shapes if shape.each.id in look.selected]
        is_alone = len(look.selected) == 1 and bool(chosen) and not chosen[0].each.is_locked
        handled = chosen[0] if is_alone and look.has_handles else None
        for shape in shapes:
            top = _top_of_handles(shape, viewport) if shape is handled else shape.top
            self._draw_tag(painter, shape, math.inf, top, viewport, theme)
        if handled is not None:
            _draw_handles(painter, handled.each.box, viewport, theme)
        elif look.has_handles:
            _draw_corners(painter, chosen, theme)

    def _draw_tag(
        self, painter: QPainter, shape: _Shape, width: float, top: float, viewport: Viewport, theme: Theme
    ) -> None:
        """Digit and name of the class above a box, the digit alone where that is too wide."""
        each = shape.each
        tag = self._tag(each, f"{each.digit}  {each.label}".strip(), viewport.ratio, theme)
        if tag.deviceIndependentSize().width() > width and each.digit:
            tag = self._tag(each, each.digit, viewport.ratio, theme)
        size = tag.deviceIndependentSize()
        x, y = min(shape.corners, key=lambda at: at[1] + at[0] / 3)
        y = min(y, top) - size.height() - _TAG_GAP
        x = min(max(x - _LINE, space(1)), viewport.width - size.width() - space(1))
        y = min(max(y, space(1)), viewport.height - size.height() - space(1))
        painter.drawPixmap(QPointF(round(x), round(y)), tag)

    def _tag(self, each: CanvasBox, text: str, ratio: float, theme: Theme) -> QPixmap:
        key = (text, each.color, each.is_locked, ratio, theme.name)
        if key not in self._tags:
            self._tags[key] = _make_tag(text, QColor(each.color), each.is_locked, ratio, theme)
        return self._tags[key]


def draw_new_box(painter: QPainter, box: Box, color: str, viewport: Viewport) -> None:
    """The box that is being drawn."""
    _draw_outlines(painter, _seen([CanvasBox(0, box, color, "")], viewport), _BOLD_LINE)


def draw_readout(painter: QPainter, box: Box, text: str, viewport: Viewport, theme: Theme) -> None:
    """A few words below a box, such as its size while it is pulled."""
    corners = [viewport.to_view(x, y) for x, y in box.corners()]
    left, right, bottom = min(x for x, _ in corners), max(x for x, _ in corners), max(y for _, y in corners)
    y = min(max(bottom + space(3), space(2)), viewport.height - space(5))
    draw_plate(painter, QPointF((left + right) / 2, y), text, theme)


def draw_band(painter: QPainter, start: QPointF, end: QPointF, theme: Theme) -> None:
    """The rubber band between two points of the view."""
    color = theme.color("accent")
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(halo_pen(3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    rect = QRectF(start, end).normalized()
    painter.drawRect(rect)
    painter.setPen(line_pen(color, 1, Qt.PenStyle.DashLine))
    color.setAlphaF(0.12)
    painter.setBrush(color)
    painter.drawRect(rect)


def _seen(boxes: Iterable[CanvasBox], viewport: Viewport) -> list[_Shape]:
    """The boxes that lie in the view."""
    scale, left, top = viewport.scale, viewport.left, viewport.top
    shapes = []
    for each in boxes:
        corners = [(left + x * scale, top + y * scale) for x, y in _corners(each.box)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        if max(xs) >= 0 and max(ys) >= 0 and min(xs) <= viewport.width and min(ys) <= viewport.height:
            shapes.append(_Shape(each, corners))
    return shapes


@lru_cache(maxsize=4096)
def _corners(box: Box) -> list[tuple[float, float]]:
    return box.corners()


def _draw_outlines(
    painter: QPainter, shapes: Iterable[_Shape], width: float, has_smooth_seam: bool = True
) -> None:
    """Outlines by colour, those of locked boxes dashed; those of upright ones sharp, on whole pixels.

    Qt draws lines many times faster than polygons, and opaque ones faster than those that let the photo through.
    """
    lines: defaultdict[tuple[str, bool, bool], list[QLineF]] = defaultdict(list)
    for shape in shapes:
        is_upright = shape.each.box.angle_deg % 90 == 0
        points = [QPointF(round(x), round(y)) if is_upright else QPointF(x, y) for x, y in shape.corners]
        key = (shape.each.color, shape.each.is_locked, not is_upright)
        lines[key].extend(map(QLineF, points, points[1:] + points[:1]))
    for (_, _, is_smooth), sides in lines.items():
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_smooth and has_smooth_seam)
        painter.setPen(line_pen(DARK, width + _SEAM))
        painter.drawLines(sides)
    for (color, is_locked, is_smooth), sides in lines.items():
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_smooth)
        painter.setPen(line_pen(QColor(color), width, _LOCKED_STYLE if is_locked else Qt.PenStyle.SolidLine))
        if is_locked:
            for side in sides:
                painter.drawLine(side)
        else:
            painter.drawLines(sides)


def _top_of_handles(shape: _Shape, viewport: Viewport) -> float:
    """The uppermost point of a box and its handles, in the view."""
    knob = viewport.to_view(*rotate_point(shape.each.box, viewport.scale))
    return min(shape.top, knob[1]) - HANDLE_SIDE / 2


def _draw_handles(painter: QPainter, box: Box, viewport: Viewport, theme: Theme) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    places = handles(box, viewport.scale)
    top_left, top_right = (QPointF(*viewport.to_view(*places[each])) for each in ("top_left", "top_right"))
    knob = QPointF(*viewport.to_view(*rotate_point(box, viewport.scale)))
    for pen in (halo_pen(3.4), line_pen(theme.color("accent"), 1.6)):
        painter.setPen(pen)
        painter.drawLine((top_left + top_right) / 2, knob)
    _draw_knob(painter, knob, 0, theme, is_round=True)
    for place in places.values():
        _draw_knob(painter, QPointF(*viewport.to_view(*place)), box.angle_deg, theme)
    painter.restore()


def _draw_corners(painter: QPainter, shapes: Iterable[_Shape], theme: Theme) -> None:
    """Marks at the corners, which say selected and cannot be pulled."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for shape in shapes:
        for corner in shape.corners:
            _draw_knob(painter, QPointF(*corner), shape.each.box.angle_deg, theme, _MARK_SIZE)
    painter.restore()


def _draw_knob(
    painter: QPainter, at: QPointF, angle_deg: float, theme: Theme, size: float = 1.0, is_round: bool = False
) -> None:
    """A light square or disc with a dark rim and a ring in the accent colour."""
    half = size * HANDLE_SIDE / 2
    painter.save()
    painter.translate(at)
    painter.rotate(angle_deg)
    for grown, brush in ((1.0, DARK), (0.0, theme.color("accent")), (-1.6, LIGHT)):
        rect = QRectF(-half - grown, -half - grown, 2 * (half + grown), 2 * (half + grown))
        color = QColor(brush)
        color.setAlphaF(0.5 if grown > 0 else 1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(rect) if is_round else painter.drawRoundedRect(rect, 1.5, 1.5)
    painter.restore()


def _make_tag(text: str, color: QColor, is_locked: bool, ratio: float, theme: Theme) -> QPixmap:
    """Text on a plate in the class colour, after a padlock where the box is locked."""
    font, ink = tag_font(theme), ink_on(color)
    start = space(2) - 2 + (_LOCK_WIDTH if is_locked else 0)
    width = start + QFontMetricsF(font).horizontalAdvance(text) + space(2) - 2
    height = theme.font_small + 2 * space(1)
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(QRectF(0, 0, width, height), theme.radius_small, theme.radius_small)
    if is_locked:
        _draw_padlock(painter, QPointF(space(2) - 2, height / 2), ink)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(QRectF(start, 0, width - start, height), Qt.AlignmentFlag.AlignVCenter, text)
    painter.end()
    return pixmap


def _draw_padlock(painter: QPainter, left: QPointF, ink: QColor) -> None:
    painter.setBrush(ink)
    painter.drawRoundedRect(QRectF(left.x(), left.y() - 1, 9, 6.5), 1, 1)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, 1.4))
    painter.drawArc(QRectF(left.x() + 2, left.y() - 5, 5, 8), 0, 180 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
