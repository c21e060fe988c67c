"""The support photos of an anomaly class: small pictures with the mask outlined, each chosen or not."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QLineF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from anogen_gui.model.learning_state import SupportChoice
from anogen_gui.model.mask_outline import mask_outline
from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import FlowLayout
from anogen_gui.ui.palettes import space

_SIDE = 96  # of a tile's picture, logical pixels
_PIXELS = 256  # of the small pictures that are asked for
_SHOWS = 40  # of 255: how bright a pixel of a shrunken mask is where a thin scratch goes through it
_MARK = 20


class SupportTiles(QWidget):
    """A tile for each bad photo of a class, side by side, in as many rows as it takes.

    Signals:
        support_toggled(path, is_chosen)
        mask_wanted(path): the photo has no mask, and a person wants to paint one.
    """

    support_toggled = Signal(str, bool)
    mask_wanted = Signal(str)

    def __init__(self, icons: Icons, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons, self._thumbnails = icons, thumbnails
        self._tiles: list[SupportTile] = []
        self._flow = FlowLayout(self, space(2))

    def show_supports(self, project: Path, supports: Sequence[SupportChoice], color: str) -> None:
        """Show these photos; `color` is the one of the anomaly class, `#rrggbb`."""
        while len(self._tiles) > len(supports):
            tile = self._tiles.pop()
            self._flow.removeWidget(tile)
            tile.deleteLater()
        while len(self._tiles) < len(supports):
            self._add_tile()
        for tile, support in zip(self._tiles, supports, strict=True):
            tile.show_support(project, support, QColor(color))
        self.updateGeometry()

    def tiles(self) -> tuple["SupportTile", ...]:
        return tuple(self._tiles)

    def refresh(self, path: str) -> None:
        """The mask of the photo at this path was painted anew."""
        for tile in self._tiles:
            if tile.support is not None and tile.support.photo.path == path:
                tile.refresh()

    def _add_tile(self) -> None:
        tile = SupportTile(self._icons, self._thumbnails)
        tile.clicked.connect(lambda _checked, tile=tile: self._report(tile))
        self._tiles.append(tile)
        self._flow.addWidget(tile)
        tile.show()

    def _report(self, tile: "SupportTile") -> None:
        support = tile.support
        if support is None:
            return
        if support.has_mask:
            self.support_toggled.emit(support.photo.path, not support.is_chosen)
        else:
            self.mask_wanted.emit(support.photo.path)


class SupportTile(QAbstractButton):
    """One photo: its mask's outline, its name, and a mark where it is learned from; Space or a click toggles it."""

    def __init__(self, icons: Icons, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons, self._thumbnails = icons, thumbnails
        self._project = Path()
        self._color = QColor()
        self._outline: tuple[QLineF, ...] = ()
        self._outline_size = QSize()
        self.support: SupportChoice | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())
        thumbnails.made.connect(self._take_made)
        icons.theme_changed.connect(lambda: self.update())

    def show_support(self, project: Path, support: SupportChoice, color: QColor) -> None:
        if (project, support, color) == (self._project, self.support, self._color):
            return
        self._project, self.support, self._color = project, support, color
        self._read_outline()
        self.setToolTip(_tip(support))
        self.setAccessibleName(f"{support.photo.name}: {_state(support)}")
        self.update()

    def refresh(self) -> None:
        """The mask was painted anew."""
        self._read_outline()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names from here on
        return QSize(_SIDE, _SIDE + self.fontMetrics().height() + space(1))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        if self.support is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_picture(painter, QRect(0, 0, _SIDE, _SIDE))
        self._paint_frame(painter, QRect(0, 0, _SIDE, _SIDE))
        self._paint_mark(painter)
        self._paint_name(painter)
        painter.end()

    def _paint_picture(self, painter: QPainter, box: QRect) -> None:
        assert self.support is not None
        theme = self._icons.theme
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(box), theme.radius_small, theme.radius_small)
        painter.fillPath(shape, theme.color("canvas"))
        image = self._thumbnails.get(Wanted(self._project / self.support.photo.path, _PIXELS))
        if image is None or image.isNull():
            return
        painter.save()
        painter.setClipPath(shape)
        painter.setOpacity(1.0 if self.support.is_used else 0.4)
        place = QRect(box.topLeft(), image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio))
        place.moveCenter(box.center())
        painter.drawImage(place, image)
        if self._outline:
            self._paint_outline(painter, QRectF(place))
        painter.restore()

    def _paint_outline(self, painter: QPainter, place: QRectF) -> None:
        """In the colour of the class, on a darker line, so that it is seen on any photo."""
        painter.translate(place.topLeft())
        painter.scale(
            place.width() / self._outline_size.width(), place.height() / self._outline_size.height()
        )
        for color, width in ((self._icons.theme.color("shadow"), 3.2), (self._color, 1.6)):
            pen = QPen(color, width)
            pen.setCosmetic(True)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLines(self._outline)
        painter.resetTransform()

    def _paint_frame(self, painter: QPainter, box: QRect) -> None:
        theme = self._icons.theme
        assert self.support is not None
        role = "focus" if self.hasFocus() else "accent" if self.support.is_used else "border"
        if self.underMouse() and not self.support.is_used:
            role = "border_strong"
        painter.setPen(QPen(theme.color(role), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), theme.radius_small, theme.radius_small)

    def _paint_mark(self, painter: QPainter) -> None:
        """A check where it is learned from, a warning where there is no mask; on a ground of its own."""
        assert self.support is not None
        theme = self._icons.theme
        if not self.support.is_used and self.support.has_mask:
            return
        name, role = ("check", "accent_text") if self.support.is_used else ("alert-outline", "warn")
        spot = QRect(_SIDE - _MARK - 4, 4, _MARK, _MARK)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent" if self.support.is_used else "warn_soft"))
        painter.drawEllipse(spot)
        self._icons.icon(f"mdi6.{name}", role).paint(painter, spot.adjusted(3, 3, -3, -3))

    def _paint_name(self, painter: QPainter) -> None:
        assert self.support is not None
        font = QFont(self.font())
        font.setPixelSize(self._icons.theme.font_small)
        painter.setFont(font)
        text = self.support.photo.name if self.support.has_mask else "No mask yet"
        painter.setPen(self._icons.theme.color("text_dim" if self.support.has_mask else "warn"))
        label = QRect(0, _SIDE + space(1), _SIDE, self.height() - _SIDE - space(1))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, _SIDE)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, shown)

    def _read_outline(self) -> None:
        """The outline of the mask, if its small picture is there; else it comes with `made`."""
        self._outline = ()
        if self.support is None or not self.support.has_mask:
            return
        image = self._thumbnails.get(self._wanted_mask())
        if image is not None and not image.isNull():
            self._outline, self._outline_size = mask_outline(_bright(image)), image.size()

    def _wanted_mask(self) -> Wanted:
        assert self.support is not None
        return Wanted(self._project / self.support.photo.mask, _PIXELS)

    def _take_made(self, wanted: Wanted) -> None:
        if self.support is None:
            return
        if self.support.has_mask and wanted == self._wanted_mask():
            self._read_outline()
            self.update()
        elif wanted.file == self._project / self.support.photo.path:
            self.update()


def _bright(mask: QImage) -> np.ndarray:
    """A shrunken mask, (H, W) bool; also where it is so thin that little of its brightness is left."""
    grey = mask.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()] > _SHOWS


def _state(support: SupportChoice) -> str:
    if not support.has_mask:
        return "no mask yet"
    return "learned from" if support.is_chosen else "not learned from"


def _tip(support: SupportChoice) -> str:
    name = support.photo.name
    if not support.has_mask:
        return f"{name} has no mask yet and cannot be learned from. Click to paint it on the page Photos."
    if support.is_chosen:
        return f"{name} is learned from. Click to leave it out."
    return f"{name} is not learned from. Click to add it."
