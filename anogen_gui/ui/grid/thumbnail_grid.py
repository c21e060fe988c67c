"""The grid itself: scrolling, painting of what is seen, mouse and keyboard."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from anogen_gui.ui.grid.cell_layout import CellLayout, Move
from anogen_gui.ui.grid.drawing import draw_band, draw_frame
from anogen_gui.ui.grid.mouse_selection import MouseSelection
from anogen_gui.ui.grid.selection import Selection
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.theme import space

SIDES = (96, 128, 160, 192, 224, 256, 320)  # of the pictures: few, so that each is made once and kept
_PADDING = 6  # between a cell's frame and what is in it
_SCROLL_EVERY_MS = 16
_FASTEST_SCROLL = 60  # pixels each time
_MOVES: dict[int, Move] = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_PageUp: "page_up",
    Qt.Key.Key_PageDown: "page_down",
    Qt.Key.Key_Home: "first",
    Qt.Key.Key_End: "last",
}


class Cells(Protocol):
    """What a grid shows in its cells."""

    def size(self, side: int) -> QSize:
        """How much room a cell needs for a picture of `side`, its words and tags."""

    def paint(self, painter: QPainter, rect: QRect, id: Hashable) -> None:
        """Paint one of them into `rect`; frame and selection are painted already."""

    def describe(self, id: Hashable) -> str:
        """All that the cell says, in words, for tooltips and screen readers."""


class ThumbnailGrid(QAbstractScrollArea):
    """Cells in rows, selected with the mouse (also by dragging a frame) and the keyboard.

    Arrows, Home, End and the page keys move; Shift extends, Ctrl moves without selecting, Space toggles, Ctrl+A
    selects all, Enter opens. Keys that it does not know go on to its parent.

    Signals:
        selection_changed(): others are selected; see `selection`.
        current_changed(id): the keyboard is at another one, or at none (None).
        activated(id): Enter, or a double click.
        menu_requested(position): on the screen; what was clicked is selected by then.
        side_changed(side): Ctrl and the wheel chose another size of pictures.
    """

    selection_changed = Signal()
    current_changed = Signal(object)
    activated = Signal(object)
    menu_requested = Signal(QPoint)
    side_changed = Signal(int)

    def __init__(self, cells: Cells, icons: Icons, side: int = 160, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells, self._icons, self._side = cells, icons, side
        self._hovered: int | None = None
        self._scrolling = QTimer(self, interval=_SCROLL_EVERY_MS)
        self.selection = Selection(self)
        self._mouse = MouseSelection(self.selection, self._id_at, self._ids_in)
        self._arrange()
        self._prepare()

    # --- what is shown

    @property
    def side(self) -> int:
        return self._side

    def set_side(self, side: int) -> None:
        """Show pictures of this side, in logical pixels; what was in the middle stays in sight."""
        if side != self._side:
            kept = self._kept_in_sight()
            self._side = side
            self._arrange()
            self.show_id(kept)
            self.side_changed.emit(side)

    def set_ids(self, ids: Sequence[Hashable]) -> None:
        """Show these, in this order; the selection keeps what is still there."""
        if tuple(ids) != self.selection.ids:
            self._hovered = None
            self.selection.set_ids(ids)
            self._arrange()
        self.viewport().update()

    def update_ids(self, ids: Iterable[Hashable]) -> None:
        """Paint these again, where they are seen."""
        for id in ids:
            index = self.selection.index_of(id)
            if index is not None:
                self.viewport().update(self.rect_of(index))

    def seen_ids(self) -> tuple[Hashable, ...]:
        return tuple(self._ids_in(self.viewport().rect().translated(0, self._offset)))

    def show_id(self, id: Hashable | None) -> None:
        """Scroll as little as brings this one into sight."""
        index = self.selection.index_of(id)
        if index is None:
            return
        rect = self._layout.rect(index).adjusted(0, -space(3), 0, space(3))
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if rect.top() < bar.value():
            bar.setValue(rect.top())
        elif rect.bottom() > bar.value() + height:
            bar.setValue(rect.bottom() - height)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's names from here on
        theme, layout, offset = self._icons.theme, self._layout, self._offset
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(event.rect(), theme.color("background"))
        seen = list(layout.indices_in(event.rect().translated(0, offset)))
        for index in reversed(seen):  # what is asked for last is made first: the upper ones
            self._paint_cell(painter, layout.rect(index).translated(0, -offset), index)
        if self._mouse.band is not None:
            draw_band(painter, self._mouse.band.translated(0, -offset), theme)
        painter.end()

    def _paint_cell(self, painter: QPainter, rect: QRect, index: int) -> None:
        id = self.selection.ids[index]
        draw_frame(
            painter,
            rect,
            self._icons.theme,
            is_selected=self.selection.is_selected(id),
            is_current=id == self.selection.current and self.hasFocus(),
            is_hovered=index == self._hovered,
        )
        painter.save()
        self._cells.paint(painter, rect.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING), id)
        painter.restore()

    # --- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        point = self._in_grid(event.position().toPoint())
        id = self._id_at(point)
        match event.button():
            case Qt.MouseButton.LeftButton:
                self._mouse.press(point, event.modifiers())
            case Qt.MouseButton.RightButton:  # the menu is about what is selected
                if id is not None and not self.selection.is_selected(id):
                    self.selection.select_only(id)
            case _:
                event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        point = self._in_grid(event.position().toPoint())
        if not self._mouse.is_down:
            self._hover(self._layout.index_at(point))
            return
        self._mouse.drag(point)
        self._scrolling.start()
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.LeftButton and self._mouse.is_down:
            self._scrolling.stop()
            self._mouse.release(event.modifiers())
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        id = self._id_at(self._in_grid(event.position().toPoint()))
        if id is not None and event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit(id)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        step = 1 if event.angleDelta().y() > 0 else -1
        nearest = min(range(len(SIDES)), key=lambda index: abs(SIDES[index] - self._side))
        self.set_side(SIDES[min(max(nearest + step, 0), len(SIDES) - 1)])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        index = self.selection.current_index
        if event.reason() == QContextMenuEvent.Reason.Keyboard and index is not None:
            self.menu_requested.emit(self.viewport().mapToGlobal(self.rect_of(index).center()))
        else:
            self.menu_requested.emit(event.globalPos())

    def _scroll_to_mouse(self) -> None:
        """While a frame is dragged beyond an edge."""
        point = self.viewport().mapFromGlobal(self.cursor().pos())
        beyond = min(point.y(), 0) + max(point.y() - self.viewport().height(), 0)
        if beyond:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + max(-_FASTEST_SCROLL, min(_FASTEST_SCROLL, beyond)))
            self._mouse.drag(self._in_grid(point))

    # --- keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key, id = event.key(), self.selection.current
        move = _MOVES.get(key)
        if move is not None and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move(move, event.modifiers())
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selection.select_all()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and id is not None:
            self.activated.emit(id)
        elif key == Qt.Key.Key_Space and id is not None:
            self.selection.toggle(id)
        elif key == Qt.Key.Key_Escape and self.selection.count:
            self.selection.clear()
        else:
            event.ignore()

    def _move(self, move: Move, modifiers: Qt.KeyboardModifier) -> None:
        if not self.selection.ids:
            return
        index = self.selection.current_index
        index = self._layout.moved(index, move) if index is not None else 0
        id = self.selection.ids[index]
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.selection.extend_to(id)
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            self.selection.move_to(id)
        else:
            self.selection.select_only(id)
        self.show_id(id)

    # --- events

    def resizeEvent(self, event: object) -> None:  # noqa: N802
        self._arrange()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802
        self._hover(None)
        self.viewport().scroll(dx, dy)  # only what comes into sight is painted

    def focusInEvent(self, event: object) -> None:  # noqa: N802
        if self.selection.current is None and self.selection.ids:
            self.selection.move_to(self.selection.ids[0])
        self.viewport().update()

    def focusOutEvent(self, event: object) -> None:  # noqa: N802
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            id = self._id_at(self._in_grid(event.pos()))
            QToolTip.showText(event.globalPos(), self._cells.describe(id) if id is not None else "", self)
            return True
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().viewportEvent(event)

    # --- the rest

    def _prepare(self) -> None:
        self.setObjectName("plain")
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._scrolling.timeout.connect(self._scroll_to_mouse)
        self.selection.changed.connect(self.viewport().update)
        self.selection.changed.connect(self.selection_changed)
        self.selection.current_changed.connect(self._tell_current)
        self._icons.theme_changed.connect(self._arrange)

    def _tell_current(self, id: Hashable | None) -> None:
        self.setAccessibleDescription(self._cells.describe(id) if id is not None else "")
        self.viewport().update()
        self.current_changed.emit(id)

    def _arrange(self) -> None:
        """Lay the cells out anew: there are others, or they or the view are of another size."""
        size, bar = self._cells.size(self._side), self.verticalScrollBar()
        self._layout = CellLayout(
            count=len(self.selection.ids),
            cell_width=size.width() + 2 * _PADDING,
            cell_height=size.height() + 2 * _PADDING,
            view_width=self.viewport().width(),
            view_height=self.viewport().height(),
            gap=space(2),
        )
        bar.setRange(0, max(0, self._layout.height - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(20, self._layout.cell_height // 4))
        self.viewport().update()

    def _kept_in_sight(self) -> Hashable | None:
        """The current one if it is seen, else the first that is."""
        seen = self.seen_ids()
        return self.selection.current if self.selection.current in seen else next(iter(seen), None)

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            for each in (self._hovered, index):
                if each is not None and each < self._layout.count:
                    self.viewport().update(self.rect_of(each))
            self._hovered = index

    @property
    def _offset(self) -> int:
        return self.verticalScrollBar().value()

    def _in_grid(self, point: QPoint) -> QPoint:
        return point + QPoint(0, self._offset)

    def rect_of(self, index: int) -> QRect:
        """Where the cell of this index lies in the viewport."""
        return self._layout.rect(index).translated(0, -self._offset)

    def _id_at(self, point: QPoint) -> Hashable | None:
        index = self._layout.index_at(point)
        return self.selection.ids[index] if index is not None else None

    def _ids_in(self, rect: QRect) -> list[Hashable]:
        return [self.selection.ids[index] for index in self._layout.indices_in(rect)]
