"""Selecting with the mouse: a click, a click with Ctrl or Shift, a frame that is dragged."""

from collections.abc import Callable, Hashable, Iterable

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication

from anogen_gui.ui.grid.selection import Selection


class MouseSelection:
    """What the left button does to a selection; all points are measured in the whole grid.

    Args:
        id_at: what lies at a point, or None.
        ids_in: what a rectangle touches.

    Attributes:
        band: the frame that is being dragged, or None.
        is_down: the button is down.
    """

    def __init__(
        self,
        selection: Selection,
        id_at: Callable[[QPoint], Hashable | None],
        ids_in: Callable[[QRect], Iterable[Hashable]],
    ) -> None:
        self._selection, self._id_at, self._ids_in = selection, id_at, ids_in
        self._start = QPoint()
        self._kept: frozenset[Hashable] = frozenset()  # what was selected before the frame was dragged
        self.band: QRect | None = None
        self.is_down = False

    def press(self, point: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        self._start, self.is_down = point, True
        is_adding = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        self._kept = frozenset(self._selection.selected) if is_adding else frozenset()
        id = self._id_at(point)
        if id is None:
            if not is_adding:
                self._selection.clear()
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._selection.extend_to(id, keep=is_adding)
        elif is_adding:
            self._selection.toggle(id)
        elif not self._selection.is_selected(id):
            self._selection.select_only(id)
        else:  # several may be meant: the release decides
            self._selection.move_to(id)

    def drag(self, point: QPoint) -> None:
        """Select what the frame touches, once the mouse went far enough to be dragging one."""
        distance = (point - self._start).manhattanLength()
        if self.band is None and distance < QApplication.startDragDistance():
            return
        self.band = QRect(self._start, point).normalized()
        self._selection.select(self._kept | frozenset(self._ids_in(self.band)))

    def release(self, modifiers: Qt.KeyboardModifier) -> None:
        id = self._id_at(self._start)
        if self.band is None and id is not None and modifiers == Qt.KeyboardModifier.NoModifier:
            self._selection.select_only(id)
        self.band, self.is_down = None, False
