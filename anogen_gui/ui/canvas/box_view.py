"""Boxes over a photo, taken with the mouse."""

import math
from collections.abc import Iterable, Mapping
from typing import Literal

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from anogen_gui.ui.canvas.box_display import BoxDisplay
from anogen_gui.ui.canvas.box_painter import draw_band, draw_new_box, draw_readout
from anogen_gui.ui.canvas.box_shapes import Handle, handle_angle
from anogen_gui.ui.canvas.gestures import Banding, Drag, Drawing, Moving, begin_drag
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.canvas.pointer import Pointer
from anogen_gui.ui.canvas.targets import CanvasBox, Target, boxes_within, find_target
from anogen_gui.ui.canvas.viewport import Viewport
from anogen_gui.ui.theme import ThemeModel
from engine.geometry import Box

LOCKED = "This box is locked. Press K to unlock it."
_CLICK_REACH = 3.0  # logical pixels; a pointer that moves farther drags
_RESIZE_CURSORS = (
    Qt.CursorShape.SizeHorCursor,
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
)


class BoxView(BoxDisplay):
    """Tells what a person does to the boxes; it changes none by itself.

    A drag on the photo draws, on a box moves, on a handle pulls or turns; with Ctrl it selects.

    Signals:
        box_drawn(box)
        boxes_changing({id: box}): during a drag, also when it is given up: then as they were.
        boxes_moved({id: box}, name): a drag ended; one step of the history.
        selection_changed(ids): by a person.
        drawing_changed(is_drawing)
        refused(reason): something was tried that cannot be done.
    """

    box_drawn = Signal(object)
    boxes_changing = Signal(object)
    boxes_moved = Signal(object, str)
    selection_changed = Signal(object)
    drawing_changed = Signal(bool)
    refused = Signal(str)

    def __init__(self, theme_model: ThemeModel, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(theme_model, pictures, parent)
        self._target: Target | None = None
        self._press: Pointer | None = None
        self._was_selected = False
        self._drag: Drag | None = None
        self._new_box: Box | None = None
        self._new_color = ""
        self.is_drawing = False

    # --- what is shown

    def set_boxes(self, boxes: Iterable[CanvasBox]) -> None:
        super().set_boxes(boxes)
        if self._all.has_lost_changing:
            self.cancel()
        self._find(self.pointer)

    def set_selection(self, ids: Iterable[int]) -> None:
        super().set_selection(ids)
        self._find(self.pointer)

    def select(self, ids: Iterable[int]) -> None:
        """Select these boxes as a person does."""
        before = self._all.selected_ids
        self.set_selection(ids)
        if self._all.selected_ids != before:
            self.selection_changed.emit(tuple(each.id for each in self.selected))

    def set_drawing(self, is_drawing: bool) -> None:
        """The next drag draws a box, also where it starts on one."""
        if is_drawing != self.is_drawing:
            self.is_drawing = is_drawing
            self._find(self.pointer)
            self.show_cursor()
            self.drawing_changed.emit(is_drawing)
            self.update()

    def set_new_color(self, color: str) -> None:
        """The colour, `#rrggbb`, of the class of which boxes are drawn."""
        self._new_color = color

    def cancel(self) -> bool:
        """Give up the drag in progress; False where there is none."""
        boxes = self._all
        if self._press is None and not boxes.changing:
            return False
        originals, boxes.changing = boxes.originals(), {}
        self._press = self._drag = self._new_box = None
        if originals:
            self.boxes_changing.emit(originals)
        self.update()
        return True

    # --- the mouse

    def pressed(self, pointer: Pointer) -> None:
        self.cancel()
        self._press = pointer
        self._find(pointer)
        target = self._target
        self._was_selected = target is not None and target.id in self._all.selected_ids
        if target is not None and not self._was_selected and not pointer.keys.control:
            self.select({target.id, *(self._all.selected_ids if pointer.keys.shift else ())})

    def dragged(self, pointer: Pointer) -> None:
        if self._press is None:
            return
        if self._drag is None:
            way = (pointer.view_x - self._press.view_x, pointer.view_y - self._press.view_y)
            if math.hypot(*way) < _CLICK_REACH:
                return
            self._drag = self._begin(self._press)
        match self._drag:
            case None:
                self._press = None
            case Drawing():
                self._new_box = self._drag.box(pointer.point, pointer.keys)
            case Banding(start=start, former=former):
                self.select(former.union(boxes_within(self._all.given, start, pointer.point)))
            case _:
                self.show_changing(self._drag.changed(pointer.point, pointer.keys))
        self.update()

    def released(self, pointer: Pointer) -> None:
        press, drag, box = self._press, self._drag, self._new_box
        self._press = self._drag = self._new_box = None
        if isinstance(drag, Drawing):
            self.set_drawing(False)
            if box is not None:
                self.box_drawn.emit(box)
        elif drag is not None and not isinstance(drag, Banding):
            self.commit(drag.name)
        elif drag is None and press is not None:
            self._click(press)
        self._find(pointer)
        self.update()

    def hovered(self, pointer: Pointer | None) -> None:
        before = self._target
        had_crosshair = self.has_crosshair()
        self._find(pointer)
        if self._target != before or had_crosshair or self.has_crosshair():
            self.update()

    def show_changing(self, boxes: Mapping[int, Box] | None) -> None:
        """Show boxes where they would be after a drag; None: as they are shown already."""
        if boxes is not None and boxes != self._all.changing:
            self._all.changing = boxes
            self.boxes_changing.emit(dict(boxes))
            self.update()

    def commit(self, name: str) -> None:
        """The drag has ended where it is."""
        changed = self._all.changed()
        if changed:
            self.boxes_moved.emit(changed, name)
        self._all.changing = {}
        self.update()

    def _begin(self, press: Pointer) -> Drag | None:
        assert self.photo_size is not None
        drag = begin_drag(press.point, press.keys, self._target, self.selected, self.photo_size)
        if drag is None:
            self.refused.emit(LOCKED)
        return drag

    def _click(self, press: Pointer) -> None:
        target, former = self._target, self._all.selected_ids
        toggles = press.keys.control or press.keys.shift
        if target is None:
            self.select(former if toggles else ())
        elif toggles:
            self.select(former - {target.id} if self._was_selected else former | {target.id})
        else:
            self.select((target.id,))

    def _find(self, pointer: Pointer | None) -> None:
        """What the pointer is on; during a drag, what it began on."""
        if self._drag is not None and self._target is not None and self._all.get(self._target.id) is not None:
            return
        self._target = None
        if pointer is not None and self._drag is None and not self.is_drawing and self.photo_size is not None:
            boxes, scale = self._all, self.viewport.scale
            self._target = find_target(boxes.given, boxes.selected_ids, pointer.x, pointer.y, scale)

    # --- how it looks

    def cursor_here(self) -> Qt.CursorShape:
        target, photo = self._target, self.photo_size
        if photo is None:
            return Qt.CursorShape.ArrowCursor
        each = self._all.get(target.id) if target is not None else None
        if target is None or each is None:
            return Qt.CursorShape.CrossCursor
        return _cursor_on(each, target.part)

    def has_crosshair(self) -> bool:
        """Where a drag would draw, or draws."""
        if self.pointer is None or self.photo_size is None or isinstance(self._drag, Banding):
            return False
        is_inside = (
            0 <= self.pointer.x <= self.photo_size.width and 0 <= self.pointer.y <= self.photo_size.height
        )
        return is_inside and self._target is None

    def begin_photo(self) -> None:
        self.cancel()

    def hovered_ids(self) -> frozenset[int]:
        return frozenset() if self._target is None or self._drag is not None else frozenset([self._target.id])

    def has_handles(self) -> bool:
        return not isinstance(self._drag, Moving)

    def paint_above(self, painter: QPainter, viewport: Viewport, exposed: QRect) -> None:
        super().paint_above(painter, viewport, exposed)
        if self._new_box is not None:
            draw_new_box(painter, self._new_box, self._new_color or self.theme.accent, viewport)
        if isinstance(self._drag, Banding):
            if self.pointer is not None:
                start = QPointF(*viewport.to_view(*self._drag.start))
                draw_band(painter, start, QPointF(self.pointer.view_x, self.pointer.view_y), self.theme)
        elif self._drag is not None:
            box = self._new_box or next(iter(self._all.changing.values()), None)
            if box is not None:
                draw_readout(painter, box, self._drag.readout(box), viewport, self.theme)


def _cursor_on(each: CanvasBox, part: Literal["body", "rotate"] | Handle) -> Qt.CursorShape:
    """The cursor on a part of a box: what it does there."""
    if part == "body":
        return Qt.CursorShape.ArrowCursor if each.is_locked else Qt.CursorShape.SizeAllCursor
    if part == "rotate":
        return Qt.CursorShape.PointingHandCursor
    return _RESIZE_CURSORS[round(handle_angle(each.box, part) / 45) % 4]
