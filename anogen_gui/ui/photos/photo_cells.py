"""What a cell of the grid of photos shows: the picture with its mask, name, role, class, and what is missing."""

from collections.abc import Hashable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPixmap

from anogen_gui.model.photo_list import PhotoList
from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.ui.class_tag import paint_class
from anogen_gui.ui.grid import CellPictures, tag_width, thumbnail_side
from anogen_gui.ui.grid.drawing import TAG_HEIGHT
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Tone
from anogen_gui.ui.photos.words import (
    HAS_MASK,
    HAS_NO_MASK,
    MASK_ICON,
    NO_MASK_ICON,
    ROLES,
    SUPPORT,
    SUPPORT_ICON,
    describe_photo,
)
from anogen_gui.ui.theme import space
from engine.project import Photo

_NAME_HEIGHT = 18
_GAP = 4
_WIDE = 160  # from this width on, role and class stand side by side
_MASK_ALPHA = 140


class PhotoCells:
    """Paints photos for `ThumbnailGrid`."""

    def __init__(self, icons: Icons, thumbnails: Thumbnails) -> None:
        self._icons, self._thumbnails = icons, thumbnails
        self._photos: PhotoList | None = None
        self.pictures = CellPictures(icons, thumbnails)
        self.shows_masks = True

    def show_photos(self, photos: PhotoList | None) -> None:
        self._photos = photos
        self.pictures.forget()

    def forget_mask(self, photo: Photo) -> None:
        """The mask's file has changed."""
        if self._photos is not None and photo.mask:
            self._thumbnails.forget(self._photos.project.file(photo.mask))
            self.pictures.pixmaps.clear()

    # --- what the grid asks for

    def size(self, side: int) -> QSize:
        rows = 1 if side >= _WIDE else 2
        return QSize(side, side + space(2) + _NAME_HEIGHT + rows * (TAG_HEIGHT + _GAP))

    def paint(self, painter: QPainter, rect: QRect, id: Hashable) -> None:
        photo = self._photo(id)
        if photo is None:
            return
        square = QRect(rect.left(), rect.top(), rect.width(), rect.width())
        wanted = self._wanted(painter, square, photo.path)
        place = self.pictures.paint(painter, square, photo.path, wanted, photo.is_missing)
        if self.shows_masks and photo.mask:
            self._paint_mask(painter, place, photo)
        self._paint_marks(painter, square, place, photo)
        line = QRect(rect.left(), square.bottom() + 1 + space(2), rect.width(), _NAME_HEIGHT)
        self._paint_name(painter, line, photo)
        self._paint_tags(painter, line.bottom() + 1 + _GAP, rect, photo)

    def describe(self, id: Hashable) -> str:
        photo = self._photo(id)
        if photo is None or self._photos is None:
            return ""
        anomaly = self._photos.project.anomalies.get(photo.anomaly)
        return describe_photo(photo, anomaly, self._photos.is_support(photo))

    # --- the parts

    def _photo(self, id: Hashable) -> Photo | None:
        return self._photos.photo(id) if self._photos is not None and isinstance(id, str) else None

    def _paint_mask(self, painter: QPainter, place: QRect, photo: Photo) -> None:
        """The mask in the colour of its class, so that the anomaly is still seen through it."""
        assert self._photos is not None
        wanted = self._wanted(painter, place, photo.mask)
        found = self._photos.project.anomalies.get(photo.anomaly)
        color = QColor(found.color if found is not None else self._icons.theme.accent)
        key = (wanted, color.rgb())
        kept = self.pictures.pixmaps.picture(
            painter, key, place.size(), lambda: _tinted(self.pictures.get(wanted, photo.path), color)
        )
        if isinstance(kept, QPixmap):
            painter.drawPixmap(place.topLeft(), kept)

    def _paint_marks(self, painter: QPainter, square: QRect, place: QRect, photo: Photo) -> None:
        """On the picture: what the photo is used for, and whether its mask is there."""
        assert self._photos is not None
        if self._photos.is_support(photo):
            self._paint_mark(painter, square, place.topLeft(), SUPPORT, "accent", SUPPORT_ICON)
        if photo.anomaly and (photo.role == "bad" or photo.mask):
            corner = QPoint(place.left(), place.bottom() + 1 - TAG_HEIGHT - 2 * _GAP)
            if photo.mask:
                self._paint_mark(painter, square, corner, HAS_MASK, "neutral", MASK_ICON)
            else:
                self._paint_mark(painter, square, corner, HAS_NO_MASK, "warn", NO_MASK_ICON)

    def _paint_mark(
        self, painter: QPainter, square: QRect, corner: QPoint, word: str, tone: Tone, icon: str
    ) -> None:
        """A tag in a corner of the picture, or where there is room for it in the cell; a narrow one has no icon."""
        theme, room = self._icons.theme, square.width() - 2 * _GAP
        if tag_width(word, theme) > room:
            icon = ""
        width = min(room, tag_width(word, theme, has_mark=bool(icon)))
        left = min(corner.x() + _GAP, square.right() + 1 - _GAP - width)
        self.pictures.paint_tag(painter, QPoint(left, corner.y() + _GAP), word, tone, icon, room)

    def _paint_name(self, painter: QPainter, line: QRect, photo: Photo) -> None:
        theme = self._icons.theme
        font = painter.font()
        font.setPixelSize(theme.font_body)
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        shown = QFontMetrics(font).elidedText(photo.name, Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)

    def _paint_tags(self, painter: QPainter, top: int, rect: QRect, photo: Photo) -> None:
        role = ROLES[photo.role]
        at = QPoint(rect.left(), top)
        width = self.pictures.paint_tag(painter, at, role.word, role.tone, role.icon, rect.width())
        if not photo.anomaly:
            return
        if rect.width() >= _WIDE:
            at += QPoint(width + space(2), 0)
        else:
            at += QPoint(0, TAG_HEIGHT + _GAP)
        self._paint_class(painter, at, photo.anomaly, rect.right() + 1 - at.x())

    def _paint_class(self, painter: QPainter, at: QPoint, name: str, room: int) -> None:
        assert self._photos is not None
        found = self._photos.project.anomalies.get(name)
        part = self.pictures.pixmaps.part(
            painter,
            ("class", name, found),
            QSize(room, TAG_HEIGHT),
            lambda part: paint_class(part, room, name, found, self._icons),
        )
        painter.drawPixmap(at, part)

    def _wanted(self, painter: QPainter, place: QRect, path: str) -> Wanted:
        assert self._photos is not None
        side_px = round(max(place.width(), place.height()) * painter.device().devicePixelRatioF())
        return Wanted(self._photos.project.file(path), thumbnail_side(side_px))


def _tinted(mask: QImage | None, color: QColor) -> QImage | None:
    """A colour where the mask is white."""
    if mask is None or mask.isNull():
        return mask
    alpha = mask.convertToFormat(QImage.Format.Format_Grayscale8)
    tint = QImage(mask.size(), QImage.Format.Format_RGB32)
    tint.fill(color)
    tint.setAlphaChannel(alpha)
    faint = QImage(tint.size(), QImage.Format.Format_ARGB32_Premultiplied)
    faint.fill(Qt.GlobalColor.transparent)
    painter = QPainter(faint)
    painter.setOpacity(_MASK_ALPHA / 255)
    painter.drawImage(0, 0, tint)
    painter.end()
    return faint
