"""The canvas on which the mask of an anomaly is painted."""

import math
from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from anogen_gui.ui.canvas.gestures import Point
from anogen_gui.ui.canvas.mask_tools import MaskStroke, OpenPolygon, brush_circle, draw_brush, draw_outline
from anogen_gui.ui.canvas.mask_view import MaskView
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.canvas.pointer import Pointer, add_key
from anogen_gui.ui.canvas.viewport import Viewport
from anogen_gui.ui.theme import ThemeModel

MaskTool = Literal["brush", "eraser", "box", "polygon"]

LEAST_BRUSH, MOST_BRUSH = 1.0, 2000.0
_BRUSH_STEP = 1.25
_FIRST_BRUSH = 24.0
_RIM = 3


class MaskCanvas(MaskView):
    """Paints a mask: brush, eraser, box and polygon. Alt erases, Shift paints straight on from where the brush was.

    It is told after every stroke; undo is up to others, who give the changes back to `revert` and `apply`.

    Signals:
        stroke_finished(change): one step of the history.
        tool_changed(tool), brush_changed(width): also by keys.
    """

    stroke_finished = Signal(object)
    tool_changed = Signal(str)
    brush_changed = Signal(float)

    def __init__(self, theme_model: ThemeModel, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(theme_model, pictures, parent)
        self.tool: MaskTool = "brush"
        self.brush_width = _FIRST_BRUSH
        self._stroke: MaskStroke | None = None
        self._is_on = True
        self._circle = QRectF()
        self._last: Point | None = None
        self._corner: Point | None = None
        self._polygon = OpenPolygon()
        self.setAccessibleName("Mask on the photo")
        self.tool_actions = {
            "brush": add_key(self, "Brush", ["B"], lambda: self.set_tool("brush")),
            "eraser": add_key(self, "Eraser", ["E"], lambda: self.set_tool("eraser")),
            "box": add_key(self, "Box", ["R"], lambda: self.set_tool("box")),
            "polygon": add_key(self, "Polygon", ["P"], lambda: self.set_tool("polygon")),
        }
        self.smaller_action = add_key(self, "Smaller brush", ["["], lambda: self._step_brush(1 / _BRUSH_STEP))
        self.larger_action = add_key(self, "Larger brush", ["]"], lambda: self._step_brush(_BRUSH_STEP))
        self.invert_action = add_key(self, "Invert the mask", ["I"], self.invert)
        self.clear_action = add_key(self, "Clear the mask", ["Del"], self.clear)

    def set_tool(self, tool: MaskTool) -> None:
        """Take another tool; an unfinished polygon is dropped."""
        if tool != self.tool:
            self.drop()
            self.tool = tool
            self.update()
            self.tool_changed.emit(tool)

    def set_brush_width(self, width: float) -> None:
        """The brush's diameter in whole photo pixels."""
        width = min(max(float(round(width)), LEAST_BRUSH), MOST_BRUSH)
        if width != self.brush_width:
            self.brush_width = width
            self.update()
            self.brush_changed.emit(width)

    def invert(self) -> None:
        self._do_at_once("Invert mask", MaskStroke.invert)

    def clear(self) -> None:
        self._do_at_once("Clear mask", MaskStroke.clear)

    def close_polygon(self) -> None:
        """Fill the polygon that is being drawn, if it has three corners."""
        points = self._polygon.take_all()
        if points:
            self._fill("polygon", points)
        self.update()

    def drop(self) -> bool:
        """Give up what is being painted; False where nothing is."""
        is_busy = self._stroke is not None or self._corner is not None or bool(self._polygon)
        if self._stroke is not None:
            self._stroke.give_up()
        self._stroke = self._corner = None
        self._polygon.take_all()
        self.update()
        return is_busy

    # --- the mouse

    def pressed(self, pointer: Pointer) -> None:
        assert self.pixels is not None
        self._is_on = self.tool != "eraser" and not pointer.keys.alt
        if self.tool == "box":
            self._corner = pointer.point
        elif self.tool == "polygon":
            if self._polygon.is_closed_at(pointer.point, self.viewport.scale):
                self.close_polygon()
            else:
                self._polygon.add(pointer.point)
        else:
            self._stroke = MaskStroke(self.pixels, self._is_on)
            start = self._last if pointer.keys.shift and self._last is not None else pointer.point
            self._draw(start, pointer.point)
        self.update()

    def dragged(self, pointer: Pointer) -> None:
        if self._stroke is not None and self._last is not None:
            self._draw(self._last, pointer.point)
        self._follow()

    def released(self, pointer: Pointer) -> None:
        if self._stroke is not None:
            self._finish("Paint" if self._stroke.is_on else "Erase")
        elif self._corner is not None:
            (x0, y0), (x1, y1) = self._corner, pointer.point
            self._corner = None
            self._fill("box", [(x0, y0), (x1, y0), (x1, y1), (x0, y1)])

    def double_clicked(self, pointer: Pointer) -> None:
        if self.tool == "polygon":
            self.close_polygon()
        else:
            self.pressed(pointer)

    def hovered(self, pointer: Pointer | None) -> None:
        self._follow()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._polygon:
            self.close_polygon()
        elif key == Qt.Key.Key_Backspace and self._polygon:
            self._polygon.points.pop()
            self.update()
        elif key != Qt.Key.Key_Escape or not self.drop():
            super().keyPressEvent(event)

    # --- what the tools do

    def _step_brush(self, factor: float) -> None:
        width = self.brush_width * factor
        self.set_brush_width(math.ceil(width) if factor > 1 else math.floor(width))

    def _draw(self, start: Point, end: Point) -> None:
        assert self._stroke is not None
        self._last = end
        self.show_changed(self._stroke.draw(start, end, self.brush_width))

    def _fill(self, shape: str, points: list[Point]) -> None:
        name = f"{'Fill' if self._is_on else 'Erase'} {shape}"
        self._do_at_once(name, lambda stroke: stroke.fill(points))

    def _do_at_once(self, name: str, act: Callable[[MaskStroke], QRect]) -> None:
        if self.pixels is not None:
            self.drop()
            self._stroke = MaskStroke(self.pixels, self._is_on)
            act(self._stroke)
            self._finish(name)

    def _finish(self, name: str) -> None:
        stroke, self._stroke = self._stroke, None
        change = stroke.finish(name) if stroke is not None else None
        self.update()
        if change is not None:
            self.stroke_finished.emit(change)

    # --- how it looks

    def begin_photo(self) -> None:
        super().begin_photo()
        self._stroke = self._last = None
        self.drop()

    def cursor_here(self) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor if self.can_be_edited() else Qt.CursorShape.ArrowCursor

    def paint_above(self, painter: QPainter, viewport: Viewport, exposed: QRect) -> None:
        super().paint_above(painter, viewport, exposed)
        pointer = self.pointer.point if self.pointer is not None else None
        if self._polygon:
            self._polygon.draw(painter, viewport, pointer, self.color)
        elif self._corner is not None and pointer is not None:
            (x0, y0), (x1, y1) = self._corner, pointer
            corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
            draw_outline(painter, [QPointF(*viewport.to_view(x, y)) for x, y in corners], self.color)
        elif self._has_brush():
            draw_brush(painter, self._brush_circle())

    def _has_brush(self) -> bool:
        return self.tool in ("brush", "eraser") and self.pointer is not None

    def _brush_circle(self) -> QRectF:
        if self.pointer is None:
            return QRectF()
        at = QPointF(self.pointer.view_x, self.pointer.view_y)
        return brush_circle(at, self.brush_width, self.viewport)

    def _follow(self) -> None:
        """Paint again where the brush was and is; all of it where a shape follows the pointer."""
        before, self._circle = self._circle, self._brush_circle()
        if self._polygon or self._corner is not None:
            self.update()
        for circle in (before, self._circle):
            self.update(circle.adjusted(-_RIM, -_RIM, _RIM, _RIM).toAlignedRect())
