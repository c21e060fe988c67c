"""A photo, and the pictures that lie over it."""

import math
from collections.abc import Hashable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from anogen_gui.ui.canvas.ink import draw_crosshair, draw_plate
from anogen_gui.ui.canvas.overlays import Overlay, Overlays
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.canvas.shown_photo import ShownPhoto
from anogen_gui.ui.canvas.still_layer import StillLayer
from anogen_gui.ui.canvas.viewport import Viewport
from anogen_gui.ui.canvas.zoom_view import ZoomView
from anogen_gui.ui.theme import Theme, ThemeModel, space
from engine.geometry import Size

_SLOW_MS = 250  # a photo that takes longer says so
_BLINK_MS = 500
_TEXT_WIDTH = 420
_KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class PhotoView(ZoomView):
    """Shows a photo, decoded in the background; subclasses draw above it.

    Signals:
        photo_shown(): the photo that was asked for is there, or cannot be read.
    """

    photo_shown = Signal()

    def __init__(self, theme_model: ThemeModel, pictures: Pictures, parent: QWidget | None = None) -> None:
        self._theme_model = theme_model
        super().__init__(parent)
        self._empty_text = ("", "")
        self._has_ring = False
        self._shown = ShownPhoto(pictures, self)
        self._overlays = Overlays()
        self._still = StillLayer()
        self._slow = QTimer(self, interval=_SLOW_MS, singleShot=True)
        self._blink = QTimer(self, interval=_BLINK_MS)
        self._slow.timeout.connect(self.update)
        self._blink.timeout.connect(self._toggle_overlays)
        self._shown.changed.connect(self._take_photo)
        theme_model.theme_changed.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Photo")

    @property
    def theme(self) -> Theme:
        return self._theme_model.theme

    @property
    def file(self) -> Path | None:
        """The photo that was asked for last."""
        return self._shown.file

    @property
    def photo_size(self) -> Size | None:
        """The size of the photo that is shown; None while there is none, or another one is being decoded."""
        if self._shown.picture is None or self._shown.is_loading:
            return None
        return self._shown.picture.size

    def show_photo(self, file: Path | None) -> None:
        """Show a photo, or none; the one before stays until it is decoded, without what lay over it."""
        if file != self._shown.file:
            self._overlays.clear()
            self._slow.start()
            self._shown.show(file)
            self.update()

    def prefetch(self, files: Sequence[Path]) -> None:
        """Decode the photos that will probably be shown next."""
        self._shown.prefetch(files)

    def set_empty_text(self, title: str, hint: str = "") -> None:
        """What is said where there is no photo: what it is, and what to do next."""
        self._empty_text = (title, hint)
        self.update()

    # --- pictures over the photo

    def show_overlay(self, name: Hashable, overlay: Overlay) -> None:
        """Draw a picture over a part of the photo, in place of the one of this name."""
        self._overlays.put(name, overlay)
        self.update()

    def set_overlay_visible(self, name: Hashable, is_visible: bool) -> None:
        self._overlays.set_visible(name, is_visible)
        self.update()

    def remove_overlay(self, name: Hashable) -> None:
        self._overlays.remove(name)
        self.update()

    def clear_overlays(self) -> None:
        self._overlays.clear()
        self.update()

    @property
    def is_blinking(self) -> bool:
        return self._blink.isActive()

    def set_blinking(self, is_blinking: bool) -> None:
        """Show the photo with and without what lies over it, in turn."""
        self._overlays.are_visible = True
        self._blink.start() if is_blinking else self._blink.stop()
        self.update()

    def _toggle_overlays(self) -> None:
        self._overlays.are_visible = not self._overlays.are_visible
        self.update()

    # --- what subclasses add

    def can_be_edited(self) -> bool:
        return self.photo_size is not None

    def begin_photo(self) -> None:
        """Another photo is shown from now on, or none."""

    def still_key(self) -> Hashable:
        """Stays equal as long as `paint_still` paints the same."""
        return None

    def paint_still(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw what lies right over the photo and its overlays, and seldom changes."""

    def paint_above(self, painter: QPainter, viewport: Viewport, exposed: QRect) -> None:
        """Draw what lies over all that, at least in the exposed part of the view."""

    def has_crosshair(self) -> bool:
        """Are there lines through the pointer now?"""
        return False

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        if self._shown.picture is None:
            painter.fillRect(self.rect(), self.theme.color("canvas"))
            self._paint_text(painter)
        else:
            self._paint_photo(painter, event.rect())
        if self._shown.is_loading and not self._slow.isActive():
            draw_plate(painter, QPointF(self.width() / 2, space(4)), "Loading…", self.theme)
        if self._has_ring and self.hasFocus():
            self._paint_ring(painter)
        painter.end()

    def _paint_photo(self, painter: QPainter, exposed: QRect) -> None:
        picture, viewport, is_loading = self._shown.picture, self.viewport, self._shown.is_loading
        assert picture is not None

        def paint_still(painter: QPainter) -> None:
            self._paint_ground(painter, viewport)
            picture.draw(painter, viewport)
            if not is_loading:
                self._overlays.draw(painter, viewport)
                self.paint_still(painter, viewport)

        key = (picture, viewport, is_loading, self.theme.name, self._overlays.state, self.still_key())
        self._still.draw(painter, key, self.size(), viewport.ratio, exposed, paint_still)
        if is_loading:
            return
        self.paint_above(painter, viewport, exposed)
        if self.pointer is not None and self.has_crosshair():
            at = QPointF(self.pointer.view_x, self.pointer.view_y)
            draw_crosshair(painter, at, self.width(), self.height())

    def _paint_ground(self, painter: QPainter, viewport: Viewport) -> None:
        """What is seen beside the photo."""
        size = viewport.photo
        left, top = viewport.to_view(0, 0)
        right, bottom = viewport.to_view(size.width, size.height)
        photo = QRect(
            QPoint(math.ceil(left), math.ceil(top)), QPoint(math.floor(right) - 1, math.floor(bottom) - 1)
        )
        painter.save()
        painter.setClipRegion(QRegion(self.rect()).subtracted(photo))
        painter.fillRect(self.rect(), self.theme.color("canvas"))
        painter.restore()

    def _paint_text(self, painter: QPainter) -> None:
        """Title and hint in the middle."""
        title, hint = self._empty_text
        if self._shown.is_loading:
            return
        if self._shown.is_unreadable and self.file is not None:
            title, hint = f"{self.file.name} cannot be shown", "Check the file, or import the photo again."
        width = min(_TEXT_WIDTH, self.width() - 2 * space(4))
        middle = self.height() / 2
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        font = self.font()
        font.setPixelSize(self.theme.font_title)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self.theme.color("canvas_text"))
        left = (self.width() - width) / 2
        painter.drawText(QRectF(left, 0, width, middle - 4), flags | Qt.AlignmentFlag.AlignBottom, title)
        painter.setFont(self.font())
        painter.setPen(self.theme.color("text_dim"))
        painter.drawText(QRectF(left, middle + 4, width, middle - 4), flags | Qt.AlignmentFlag.AlignTop, hint)

    def _paint_ring(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.theme.color("focus"), 2))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _take_photo(self) -> None:
        self._slow.stop()
        size = self.photo_size
        if size is not None:
            self.set_content(size)
        self.begin_photo()
        self.update()
        self.photo_shown.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self._has_ring = event.reason() in _KEYBOARD_REASONS
        super().focusInEvent(event)
