"""The canvas of boxes: what the mouse does, and all that keys and the context menu do."""

from collections.abc import Iterable

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from anogen_gui.ui.canvas.box_shapes import kept_shift
from anogen_gui.ui.canvas.box_view import LOCKED, BoxView
from anogen_gui.ui.canvas.gestures import Keys, Moving
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.canvas.pointer import add_key
from anogen_gui.ui.canvas.targets import CanvasBox
from anogen_gui.ui.theme import ThemeModel
from engine.geometry import Box, Size

_NUDGE_PX, _FAR_NUDGE_PX = 1.0, 10.0
_COPY_SHIFT = 16.0  # of a duplicate from its original; logical pixels
_PAN_STEP = 64.0
_NEW_SIDE = 1 / 6  # of a box put down by a key, as a part of what is seen of the photo
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class BoxCanvas(BoxView):
    """Boxes that can be worked with by mouse and by keyboard alone.

    Arrows nudge (10 pixels with Shift), Tab goes from box to box, N puts a new one down, Ctrl+C/X/V/D, Delete,
    Ctrl+A, K locks, Escape gives up a drag.

    Signals:
        boxes_removed(ids), boxes_copied(ids), boxes_cut(ids)
        boxes_duplicated({id: box}): a copy of each of these boxes, where it is to be.
        paste_requested()
        lock_requested(ids, is_locked)
        menu_requested(menu): the context menu opens; more can be added to it.
    """

    boxes_removed = Signal(object)
    boxes_copied = Signal(object)
    boxes_cut = Signal(object)
    boxes_duplicated = Signal(object)
    paste_requested = Signal()
    lock_requested = Signal(object, bool)
    menu_requested = Signal(object)

    def __init__(self, theme_model: ThemeModel, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(theme_model, pictures, parent)
        self._nudging: Moving | None = None
        self._nudged = (0.0, 0.0)
        self.setAccessibleName("Boxes on the photo")
        self.new_action = add_key(self, "New box here", ["N"], self.add_box)
        self.copy_action = add_key(self, "Copy", ["Ctrl+C"], self._copy)
        self.cut_action = add_key(self, "Cut", ["Ctrl+X"], self._cut)
        self.paste_action = add_key(self, "Paste", ["Ctrl+V"], self.paste_requested.emit)
        self.duplicate_action = add_key(self, "Duplicate", ["Ctrl+D"], self.duplicate)
        self.lock_action = add_key(self, "Lock", ["K"], self._toggle_lock)
        self.remove_action = add_key(self, "Delete", ["Del", "Backspace"], self.remove)
        self.select_all_action = add_key(self, "Select all", ["Ctrl+A"], self.select_all)
        self.selection_changed.connect(self._describe)
        self._describe()

    def set_boxes(self, boxes: Iterable[CanvasBox]) -> None:
        super().set_boxes(boxes)
        self._describe()

    def set_selection(self, ids: Iterable[int]) -> None:
        super().set_selection(ids)
        self._describe()

    # --- what keys do

    def add_box(self) -> None:
        """Put down a new box under the pointer, or in the middle of what is seen of the photo."""
        photo = self.photo_size
        if photo is None:
            return
        left, top, right, bottom = self.viewport.visible()
        x, y = (left + right) / 2, (top + bottom) / 2
        if self.pointer is not None and self.underMouse():
            x, y = self.pointer.point
        side = max(16.0, round(_NEW_SIDE * min(right - left, bottom - top)))
        self.box_drawn.emit(_inside(Box(center_x=x, center_y=y, width=side, height=side), photo))

    def duplicate(self) -> None:
        """Copies of the selected boxes a little beside them."""
        photo = self.photo_size
        boxes = {each.id: each.box for each in self.selected}
        if photo is None or not boxes:
            return
        shift = _COPY_SHIFT / self.viewport.scale
        dx, dy = kept_shift(boxes.values(), shift, shift, photo)
        if max(dx, dy) < shift / 2:
            dx, dy = kept_shift(boxes.values(), -shift, -shift, photo)
        self.boxes_duplicated.emit({box_id: box.moved(dx, dy) for box_id, box in boxes.items()})

    def remove(self) -> None:
        """Remove the selected boxes, all but the locked ones."""
        free = tuple(each.id for each in self.selected if not each.is_locked)
        if free:
            self.boxes_removed.emit(free)
        elif self.selected:
            self.refused.emit(LOCKED)

    def select_all(self) -> None:
        self.select(each.id for each in self.boxes)

    def step_selection(self, steps: int) -> bool:
        """Select the next box, or the one before; False at the end of them."""
        boxes, chosen = self.boxes, self.selected
        if not chosen:
            index = 0 if steps > 0 else len(boxes) - 1
        else:
            index = boxes.index(chosen[-1 if steps > 0 else 0]) + steps
        if not 0 <= index < len(boxes):
            return False
        self.select((boxes[index].id,))
        self.reveal(boxes[index].box)
        return True

    def _copy(self) -> None:
        if self.selected:
            self.boxes_copied.emit(tuple(each.id for each in self.selected))

    def _cut(self) -> None:
        free = tuple(each.id for each in self.selected if not each.is_locked)
        if free:
            self.boxes_cut.emit(free)

    def _toggle_lock(self) -> None:
        """Lock the selected boxes; unlock them where all are locked."""
        if self.selected:
            is_locked = not all(each.is_locked for each in self.selected)
            self.lock_requested.emit(tuple(each.id for each in self.selected), is_locked)

    # --- Qt's events

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in _ARROWS:
            self._nudge(
                _ARROWS[Qt.Key(event.key())], bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            )
        elif event.key() == Qt.Key.Key_Escape:
            self._escape(event)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in _ARROWS:
            if not event.isAutoRepeat():
                self._end_nudge()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self._end_nudge()
        super().focusOutEvent(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: N802
        return self.step_selection(1 if is_next else -1) or super().focusNextPrevChild(is_next)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        if self._target is not None and self._target.id not in {each.id for each in self.selected}:
            self.select((self._target.id,))
        menu = QMenu(self)
        menu.addActions([self.new_action, self.duplicate_action, self.lock_action])
        menu.addSeparator()
        menu.addActions([self.cut_action, self.copy_action, self.paste_action, self.remove_action])
        menu.addSeparator()
        menu.addActions([self.select_all_action, self.fit_action, self.actual_action])
        self.menu_requested.emit(menu)
        menu.exec(event.globalPos())
        menu.deleteLater()

    def _escape(self, event: QKeyEvent) -> None:
        """Give up what is going on, from the innermost outwards."""
        self._nudging = None
        if self.cancel():
            return
        if self.is_drawing:
            self.set_drawing(False)
        elif self.selected:
            self.select(())
        else:
            event.ignore()

    def _nudge(self, direction: tuple[int, int], is_far: bool) -> None:
        """Move the selected boxes by pixels; all presses until the key is released are one step."""
        photo = self.photo_size
        if photo is None:
            return
        if not self.selected:
            self.pan(-_PAN_STEP * direction[0], -_PAN_STEP * direction[1])
            return
        if self._nudging is None:
            free = {each.id: each.box for each in self.selected if not each.is_locked}
            if not free:
                self.refused.emit(LOCKED)
                return
            self._nudging, self._nudged = Moving(free, (0, 0), photo, verb="Nudge"), (0.0, 0.0)
        length = _FAR_NUDGE_PX if is_far else _NUDGE_PX
        self._nudged = (self._nudged[0] + length * direction[0], self._nudged[1] + length * direction[1])
        self.show_changing(self._nudging.changed(self._nudged, Keys()))

    def _end_nudge(self) -> None:
        nudging, self._nudging = self._nudging, None
        if nudging is not None:
            self.commit(nudging.name)

    def _describe(self) -> None:
        """Bring the actions and what is read aloud up to date with the selection."""
        chosen = self.selected
        for action in (
            self.copy_action,
            self.cut_action,
            self.duplicate_action,
            self.remove_action,
            self.lock_action,
        ):
            action.setEnabled(bool(chosen))
        all_locked = bool(chosen) and all(each.is_locked for each in chosen)
        self.lock_action.setText("Unlock" if all_locked else "Lock")
        self.setAccessibleDescription(_description(self.boxes, chosen))


def _description(boxes: tuple[CanvasBox, ...], chosen: tuple[CanvasBox, ...]) -> str:
    if len(chosen) != 1:
        return f"{len(boxes)} boxes, {len(chosen)} selected"
    (each,) = chosen
    box = each.box
    return (
        f"Box {boxes.index(each) + 1} of {len(boxes)}: {each.label}, {box.width:.0f} × {box.height:.0f} pixels "
        f"at {box.center_x:.0f}, {box.center_y:.0f}, {'locked' if each.is_locked else f'{box.angle_deg:.0f}°'}"
    )


def _inside(box: Box, photo: Size) -> Box:
    """An upright box moved, and reduced where needed, so that all of it lies on the photo."""
    width, height = min(box.width, photo.width), min(box.height, photo.height)
    x = min(max(round(box.center_x - width / 2), 0), photo.width - width)
    y = min(max(round(box.center_y - height / 2), 0), photo.height - height)
    return msgspec.structs.replace(
        box, center_x=x + width / 2, center_y=y + height / 2, width=width, height=height
    )
