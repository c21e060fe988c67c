"""A view of something large, with zooming, panning and a pointer."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from anogen_gui.ui.canvas.gestures import Keys
from anogen_gui.ui.canvas.pointer import MODIFIERS, Pointer, add_key, keys_of
from anogen_gui.ui.canvas.viewport import Viewport, next_zoom
from engine.geometry import Box, Size

_NOTCH = 120  # of a wheel, in Qt's eighths of a degree
_OCTAVE_NOTCHES = 3  # as many double the zoom
_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


class ZoomView(QWidget):
    """The wheel zooms to the cursor, the middle button or Space pans, F fits, Ctrl+0 is 100%.

    Subclasses paint, and take what the left button does: `pressed`, `dragged`, `released`, `hovered`.

    Signals:
        pointer_moved(x, y): in photo pixels; also beside the photo.
        pointer_left()
        zoom_changed(zoom): 1.0 is 100%, a device pixel a photo pixel.
    """

    pointer_moved = Signal(float, float)
    pointer_left = Signal()
    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewport = Viewport(Size(1, 1), 1, 1)
        self._is_fitted = True
        self._is_space_held = self._is_dragging = False
        self._panned_from: QPointF | None = None
        self.pointer: Pointer | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fit_action = add_key(self, "Fit the photo", ["F"], self.fit)
        self.actual_action = add_key(self, "Show at 100%", ["Ctrl+0"], lambda: self.zoom_to(1.0))
        self.closer_action = add_key(self, "Zoom in", ["Ctrl++", "Ctrl+="], lambda: self.step_zoom(1))
        self.farther_action = add_key(self, "Zoom out", ["Ctrl+-"], lambda: self.step_zoom(-1))

    # --- where the photo lies

    @property
    def viewport(self) -> Viewport:
        """Where the photo lies in the view."""
        return self._viewport.snapped()

    def set_content(self, size: Size) -> None:
        """Look at something of this size: as before if it is as large as the last one, else at all of it."""
        if size != self._viewport.photo:
            view = self._viewport
            self._viewport = Viewport(size, view.width, view.height, ratio=view.ratio)
            self.fit()

    def fit(self) -> None:
        """Show all of the photo, also when the view is resized."""
        self._is_fitted = True
        self._look(self._viewport.fitted())

    def zoom_to(self, zoom: float) -> None:
        """Zoom about the middle of the view; 1.0 is 100%."""
        self._look_closely(self._viewport.zoomed(zoom, *self._viewport.center))

    def step_zoom(self, steps: int) -> None:
        """Zoom in or out about the middle of the view, half an octave a step."""
        self.zoom_to(next_zoom(self._viewport.zoom, steps))

    def pan(self, dx: float, dy: float) -> None:
        """Move the photo by logical pixels."""
        self._look_closely(self._viewport.panned(dx, dy))

    def reveal(self, box: Box) -> None:
        """Pan, if that is needed to see a box."""
        viewport = self._viewport.revealing(*box.bounds())
        if viewport != self._viewport:
            self._look_closely(viewport)

    def _look_closely(self, viewport: Viewport) -> None:
        self._is_fitted = False
        self._look(viewport)

    def _look(self, viewport: Viewport) -> None:
        has_zoomed = viewport.zoom != self._viewport.zoom
        self._viewport = viewport
        self.update()
        if self.pointer is not None:
            self._point(QPointF(self.pointer.view_x, self.pointer.view_y), self.pointer.keys)
        if has_zoomed:
            self.zoom_changed.emit(viewport.zoom)

    # --- what subclasses take

    def can_be_edited(self) -> bool:
        """Does the left button do anything now?"""
        return False

    def pressed(self, pointer: Pointer) -> None:
        """The left button went down."""

    def dragged(self, pointer: Pointer) -> None:
        """The pointer moved with the left button down, or a modifier key changed meanwhile."""

    def released(self, pointer: Pointer) -> None:
        """The left button went up."""

    def double_clicked(self, pointer: Pointer) -> None:
        """The left button went down for the second time, at once; as the first time where nothing else is meant."""
        self.pressed(pointer)

    def hovered(self, pointer: Pointer | None) -> None:
        """The pointer moved with no button down, or left."""

    def cursor_here(self) -> QCursor | Qt.CursorShape:
        """The cursor where the pointer is, unless the photo is being panned."""
        return Qt.CursorShape.ArrowCursor

    def show_cursor(self) -> None:
        """Bring the cursor up to date."""
        if self._panned_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor if self._is_space_held else self.cursor_here())

    # --- Qt's events

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        factor = 2 ** (event.angleDelta().y() / _NOTCH / _OCTAVE_NOTCHES)
        at = event.position()
        self._look_closely(self._viewport.zoomed(self._viewport.zoom * factor, at.x(), at.y()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == _MIDDLE or (event.button() == _LEFT and self._is_space_held):
            self._panned_from = event.position()
            self.show_cursor()
        elif event.button() == _LEFT and self.can_be_edited():
            self._is_dragging = True
            pointer = self._point(event.position(), keys_of(event.modifiers()))
            is_second = event.type() == QEvent.Type.MouseButtonDblClick
            self.double_clicked(pointer) if is_second else self.pressed(pointer)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._panned_from is not None:
            shift, self._panned_from = event.position() - self._panned_from, event.position()
            self.pan(shift.x(), shift.y())
        pointer = self._point(event.position(), keys_of(event.modifiers()))
        self.pointer_moved.emit(pointer.x, pointer.y)
        if self._panned_from is None:
            self.dragged(pointer) if self._is_dragging else self.hovered(pointer)
            self.show_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._panned_from is not None and event.button() in (_LEFT, _MIDDLE):
            self._panned_from = None
        elif self._is_dragging and event.button() == _LEFT:
            self._is_dragging = False
            self.released(self._point(event.position(), keys_of(event.modifiers())))
        self.show_cursor()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self.pointer = None
        self.hovered(None)
        self.pointer_left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Space:
            self._is_space_held = True
            self.show_cursor()
        elif not self._modify(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_space_held = False
            self.show_cursor()
        elif not self._modify(event):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self._is_space_held = False
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self._follow_size()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._follow_size()
        return super().event(event)

    def _follow_size(self) -> None:
        viewport = self._viewport.resized(self.width(), self.height(), self.devicePixelRatioF())
        self._look(viewport.fitted() if self._is_fitted else viewport)

    def _modify(self, event: QKeyEvent) -> bool:
        """A modifier key changes what a drag does while the pointer rests."""
        if event.key() not in MODIFIERS or not self._is_dragging or self.pointer is None:
            return False
        modifiers, own = event.modifiers(), MODIFIERS[Qt.Key(event.key())]
        modifiers = modifiers | own if event.type() == QEvent.Type.KeyPress else modifiers & ~own
        at = QPointF(self.pointer.view_x, self.pointer.view_y)
        self.dragged(self._point(at, keys_of(modifiers)))
        return True

    def _point(self, at: QPointF, keys: Keys) -> Pointer:
        self.pointer = Pointer(*self.viewport.to_photo(at.x(), at.y()), at.x(), at.y(), keys)
        return self.pointer
