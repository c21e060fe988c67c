"""What is drawn over photos: it has to stand out from any photo, in either theme, and so has colours of its own."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from anogen_gui.ui.theme import Theme, space

DARK = QColor(Qt.GlobalColor.black)
LIGHT = QColor(Qt.GlobalColor.white)
_HALO_ALPHA = 130
_PLATE_ALPHA = 200
_DARK_ON = 0.36  # relative luminance of a color from which black is easier to read on it than white


def halo_pen(width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """The dark seam under a colored line."""
    return line_pen(QColor(0, 0, 0, _HALO_ALPHA), width, style)


def line_pen(color: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A line whose ends make sharp corners with the next one."""
    return QPen(color, width, style, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin)


def ink_on(color: QColor) -> QColor:
    """Black or white, whichever is easier to read on this color."""
    red, green, blue = (_linear(value) for value in (color.redF(), color.greenF(), color.blueF()))
    return DARK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > _DARK_ON else LIGHT


def tag_font(theme: Theme) -> QFont:
    font = QFont()
    font.setPixelSize(theme.font_small)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def draw_plate(painter: QPainter, center_top: QPointF, text: str, theme: Theme) -> None:
    """A short text on a dark plate, such as a box's size while it is pulled."""
    font = tag_font(theme)
    width = QFontMetricsF(font).horizontalAdvance(text) + 2 * space(2)
    plate = QRectF(center_top.x() - width / 2, center_top.y(), width, theme.font_small + 2 * space(1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, _PLATE_ALPHA))
    painter.drawRoundedRect(plate, theme.radius_small, theme.radius_small)
    painter.setFont(font)
    painter.setPen(LIGHT)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


def draw_crosshair(painter: QPainter, at: QPointF, width: float, height: float) -> None:
    """Lines through a point, from edge to edge: dark, with light dashes."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for pen in (halo_pen(1), line_pen(QColor(255, 255, 255, 190), 1, Qt.PenStyle.DashLine)):
        painter.setPen(pen)
        painter.drawLine(QPointF(0, at.y()), QPointF(width, at.y()))
        painter.drawLine(QPointF(at.x(), 0), QPointF(at.x(), height))


def _linear(value: float) -> float:
    """An sRGB channel, 0 … 1, as an amount of light."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
