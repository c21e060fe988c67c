"""A sample beside its photo: one of them, both in turn, or both at a split line; to zoom and pan."""

from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from anogen_gui.ui.canvas.picture import Picture
from anogen_gui.ui.canvas.zoom_view import Pointer, ZoomView
from anogen_gui.ui.curate.signs import draw_sign, draw_split
from anogen_gui.ui.icons import Icons
from engine.geometry import Box, Size, Window

CompareMode = Literal["generated", "original", "blink", "slider"]
OutlineKind = Literal["none", "box", "mask"]

_BLINK_MS = 600
_GRIP_PX = 8  # how near to the split line the pointer takes it


class CompareView(ZoomView):
    """Shows a sample and its photo; it knows no model. A drag pans, or moves the split line.

    `show_pictures` keeps zoom and place. `frame` brings the whole photo or a part of it into sight, and does so again
    in a view of another size until a person zooms.

    Signals:
        dismissed(): a double click, beside the split line.
    """

    dismissed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._sample: Picture | None = None
        self._photo: Picture | None = None
        self._window: Window | None = None
        self._mode: CompareMode = "generated"
        self._is_blinked = False
        self._split = 0.5
        self._boxes: tuple[Box, ...] = ()
        self._lines: tuple[QLineF, ...] = ()
        self._outline: OutlineKind = "none"
        self._dragged: Pointer | None = None
        self._drags_split = False
        self._blinking = QTimer(self, interval=_BLINK_MS)
        self._blinking.timeout.connect(self._blink)
        self.setMinimumSize(200, 160)
        icons.theme_changed.connect(self.update)

    # --- what is shown

    @property
    def mode(self) -> CompareMode:
        return self._mode

    @property
    def split(self) -> float:
        """Where the split line is, from 0 at the left edge of the view to 1 at the right one."""
        return self._split

    @property
    def is_photo_shown(self) -> bool:
        """Is the photo without the anomaly what is seen now, and nothing of the sample?"""
        return self._mode == "original" or (self._mode == "blink" and self._is_blinked)

    def show_pictures(self, sample: Picture | None, photo: Picture | None) -> None:
        """None: not there yet."""
        self._sample, self._photo = sample, photo
        known = next((each for each in (sample, photo) if each is not None and not each.is_null), None)
        if known is not None:
            self.set_content(known.size)
        self.update()

    def show_marks(self, boxes: tuple[Box, ...], lines: tuple[QLineF, ...], outline: OutlineKind) -> None:
        """What is outlined: the boxes, the mask with these lines in photo pixels, or nothing."""
        self._boxes, self._lines, self._outline = boxes, lines, outline
        self.update()

    def set_mode(self, mode: CompareMode) -> None:
        self._mode, self._is_blinked = mode, False
        if mode == "blink" and self.isVisible():
            self._blinking.start()
        else:
            self._blinking.stop()
        self.update()

    def move_split(self, step: float) -> None:
        """Move the split line by a part of the view's width."""
        self._split = min(max(self._split + step, 0.0), 1.0)
        self.update()

    def frame(self, window: Window | None) -> None:
        """Bring a part of the photo into sight, or with None all of it."""
        self._window = window
        self.fit()

    def fit(self) -> None:
        """Show what is framed, also when the view is resized."""
        super().fit()
        if self._window is not None:
            part = replace(self._viewport, photo=Size(self._window.width, self._window.height)).fitted()
            left, top = self._window.left * part.scale, self._window.top * part.scale
            self._look(replace(self._viewport, scale=part.scale, left=part.left - left, top=part.top - top))

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._icons.theme.color("canvas"))
        shown = self._photo if self.is_photo_shown else self._sample
        if shown is None or shown.is_null:
            self._paint_absence(painter, shown)
        else:
            shown.draw(painter, self.viewport)
        if self._mode == "slider" and self._photo is not None and not self._photo.is_null:
            self._paint_split(painter, self._photo)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_outline(painter)
        self._paint_signs(painter)
        painter.end()

    def _paint_absence(self, painter: QPainter, picture: Picture | None) -> None:
        if picture is None:
            text = "Loading…" if self._boxes else ""
        elif picture is self._photo:
            text = "The photo cannot be read. Was it deleted?"
        else:
            text = "The sample cannot be read. Was its file deleted?"
        painter.setPen(self._icons.theme.color("canvas_text"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_split(self, painter: QPainter, photo: Picture) -> None:
        x = self._split * self.width()
        painter.save()
        painter.setClipRect(QRectF(0, 0, x, self.height()))
        painter.fillRect(self.rect(), self._icons.theme.color("canvas"))
        photo.draw(painter, self.viewport)
        painter.restore()
        draw_split(painter, x, self.height(), self._icons)

    def _paint_outline(self, painter: QPainter) -> None:
        view = self.viewport
        shapes, lines = [], []
        if self._outline == "box":
            shapes = [
                QPolygonF([QPointF(*view.to_view(x, y)) for x, y in box.corners()]) for box in self._boxes
            ]
        elif self._outline == "mask":
            ends = ((line.x1(), line.y1(), line.x2(), line.y2()) for line in self._lines)
            lines = [QLineF(*view.to_view(x1, y1), *view.to_view(x2, y2)) for x1, y1, x2, y2 in ends]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((Qt.GlobalColor.black, 3.0), (Qt.GlobalColor.white, 1.5)):  # seen on any photo
            painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
            for shape in shapes:
                painter.drawPolygon(shape)
            painter.drawLines(lines)

    def _paint_signs(self, painter: QPainter) -> None:
        """Say in words what is seen."""
        if self._mode == "slider":
            draw_sign(painter, "Original", self.rect(), self._icons)
            draw_sign(painter, "Generated", self.rect(), self._icons, at_right=True)
        else:
            draw_sign(painter, "Original" if self.is_photo_shown else "Generated", self.rect(), self._icons)

    # --- mouse

    def can_be_edited(self) -> bool:
        return True

    def pressed(self, pointer: Pointer) -> None:
        self._drags_split = self._is_on_split(pointer)
        self._dragged = pointer

    def double_clicked(self, pointer: Pointer) -> None:
        self.pressed(pointer)
        if not self._drags_split:
            self.dismissed.emit()

    def dragged(self, pointer: Pointer) -> None:
        assert self._dragged is not None
        if self._drags_split:
            self.move_split(pointer.view_x / self.width() - self._split)
        else:
            self.pan(pointer.view_x - self._dragged.view_x, pointer.view_y - self._dragged.view_y)
        self._dragged = pointer

    def released(self, pointer: Pointer) -> None:
        self._dragged, self._drags_split = None, False

    def cursor_here(self) -> Qt.CursorShape:
        if self._drags_split or (
            self._dragged is None and self.pointer is not None and self._is_on_split(self.pointer)
        ):
            return Qt.CursorShape.SplitHCursor
        return Qt.CursorShape.OpenHandCursor if self._dragged is None else Qt.CursorShape.ClosedHandCursor

    def _is_on_split(self, pointer: Pointer) -> bool:
        return self._mode == "slider" and abs(pointer.view_x - self._split * self.width()) <= _GRIP_PX

    # --- Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()

    def showEvent(self, event: QEvent) -> None:  # noqa: N802
        self.set_mode(self._mode)

    def hideEvent(self, event: QEvent) -> None:  # noqa: N802
        self._blinking.stop()

    def _blink(self) -> None:
        self._is_blinked = not self._is_blinked
        self.update()
