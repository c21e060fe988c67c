"""Boxes over a photo, to be looked at."""

from collections.abc import Hashable, Iterable

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from anogen_gui.ui.canvas.box_painter import BoxPainter, Look
from anogen_gui.ui.canvas.photo_view import PhotoView
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.canvas.shown_boxes import ShownBoxes
from anogen_gui.ui.canvas.targets import CanvasBox
from anogen_gui.ui.canvas.viewport import Viewport
from anogen_gui.ui.theme import ThemeModel


class BoxDisplay(PhotoView):
    """Shows the boxes it is given; those that are selected, and the one under the pointer, stand out."""

    def __init__(self, theme_model: ThemeModel, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(theme_model, pictures, parent)
        self._painter = BoxPainter()
        self._all = ShownBoxes()

    def set_boxes(self, boxes: Iterable[CanvasBox]) -> None:
        """Show these boxes; what was selected and is still there stays selected."""
        self._all.give(boxes)
        self.update()

    def set_selection(self, ids: Iterable[int]) -> None:
        """Select these boxes and no other; tells nobody."""
        self._all.select(ids)
        self.update()

    @property
    def boxes(self) -> tuple[CanvasBox, ...]:
        """The boxes as they are seen: those being dragged where they are dragged to."""
        return self._all.seen

    @property
    def selected(self) -> tuple[CanvasBox, ...]:
        return self._all.selected

    def hovered_ids(self) -> frozenset[int]:
        """The box under the pointer, where it is to stand out."""
        return frozenset()

    def has_handles(self) -> bool:
        """Can the selected box be pulled now?"""
        return False

    def still_key(self) -> Hashable:
        return self._quiet()

    def paint_still(self, painter: QPainter, viewport: Viewport) -> None:
        self._painter.draw_quiet(painter, self._quiet(), viewport, self.theme)

    def paint_above(self, painter: QPainter, viewport: Viewport, exposed: QRect) -> None:
        loud = self._all.selected_ids | self.hovered_ids()
        boxes = [each for each in self.boxes if each.id in loud]
        look = Look(self._all.selected_ids, self.has_handles())
        self._painter.draw_loud(painter, boxes, look, viewport, self.theme)

    def _quiet(self) -> tuple[CanvasBox, ...]:
        """The boxes that do not stand out."""
        loud = self._all.selected_ids | self.hovered_ids()
        return tuple(each for each in self._all.given if each.id not in loud)
