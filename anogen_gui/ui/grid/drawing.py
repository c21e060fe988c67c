"""What cells are drawn with: frames, a picture, and tags with an icon and a word."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QImage, QPainter, QPainterPath, QPen

from anogen_gui.ui.theme import Theme

TAG_HEIGHT = 20
_TAG_PADDING = 6
_TAG_ICON = 14


def draw_frame(
    painter: QPainter, rect: QRect, theme: Theme, is_selected: bool, is_current: bool, is_hovered: bool
) -> None:
    """The ground of a cell, and its frame where it is selected or has the keyboard."""
    if not (is_selected or is_current or is_hovered):
        return
    pen = QPen(theme.color("accent" if is_selected else "focus"), 2)
    painter.setPen(pen if is_selected or is_current else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(theme.color("selection" if is_selected else "hover" if is_hovered else "background"))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), theme.radius, theme.radius)
    if is_selected and is_current:  # the ring of the keyboard stands inside the frame of the selection
        painter.setPen(QPen(theme.color("text"), 1, Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(3, 3, -3, -3), theme.radius_small, theme.radius_small)


def draw_band(painter: QPainter, rect: QRect, theme: Theme) -> None:
    """The frame that is dragged to select."""
    color = theme.color("accent")
    painter.setPen(color)
    color.setAlphaF(0.12)
    painter.setBrush(color)
    painter.drawRect(rect.adjusted(0, 0, -1, -1))


def draw_picture(painter: QPainter, rect: QRect, image: QImage | None, theme: Theme, broken: QIcon) -> QRect:
    """A picture in the middle of `rect`, where it fits, and where it was drawn.

    None, a picture that is not made yet, leaves a quiet surface; a null one shows `broken`.
    """
    if image is None or image.isNull():
        path = QPainterPath()
        path.addRoundedRect(QRectF(rect), theme.radius_small, theme.radius_small)
        painter.fillPath(path, theme.color("surface_sunken"))
        if image is not None:
            side = min(theme.icon_large, rect.height())
            place = QRect(0, 0, side, side)
            place.moveCenter(rect.center())
            broken.paint(painter, place)
        return rect
    size = image.deviceIndependentSize().toSize()
    if size.width() > rect.width() or size.height() > rect.height():
        size.scale(rect.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(rect.left(), rect.top(), size.width(), size.height())
    place.moveCenter(rect.center())
    painter.drawImage(place, image)
    return place


def tag_font(theme: Theme) -> QFont:
    font = QFont()
    font.setPixelSize(theme.font_small)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def tag_width(text: str, theme: Theme, has_mark: bool = True) -> int:
    """How wide `draw_tag` draws a tag, in logical pixels."""
    words = QFontMetrics(tag_font(theme)).horizontalAdvance(text)
    return 2 * _TAG_PADDING + (_TAG_ICON + 4 if has_mark else 0) + words


def draw_tag(
    painter: QPainter,
    left: int,
    top: int,
    text: str,
    theme: Theme,
    tone: str = "neutral",
    mark: QIcon | QColor | None = None,
    most: int = 10_000,
) -> int:
    """A word on a soft ground, at most `most` wide, after a mark: an icon, or a spot of a colour; its width.

    `tone` is good, bad, warn, info, accent or neutral.
    """
    width = min(most, tag_width(text, theme, mark is not None))
    rect = QRect(left, top, width, TAG_HEIGHT)
    is_neutral = tone == "neutral"
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("surface_sunken" if is_neutral else f"{tone}_soft"))
    painter.drawRoundedRect(rect, TAG_HEIGHT / 2, TAG_HEIGHT / 2)
    inner = rect.adjusted(_TAG_PADDING, 0, -_TAG_PADDING, 0)
    if isinstance(mark, QIcon):
        mark.paint(painter, QRect(inner.left(), top + (TAG_HEIGHT - _TAG_ICON) // 2, _TAG_ICON, _TAG_ICON))
    elif mark is not None:
        painter.setPen(theme.color("border_strong"))
        painter.setBrush(mark)
        painter.drawEllipse(QPointF(inner.left() + _TAG_ICON / 2, rect.center().y() + 0.5), 4.5, 4.5)
    if mark is not None:
        inner.adjust(_TAG_ICON + 4, 0, 0, 0)
    font = tag_font(theme)
    painter.setFont(font)
    painter.setPen(theme.color("text_dim" if is_neutral else tone))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, inner.width() + 1)
    painter.drawText(inner, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
    return width
