"""The studio's mark: the corners of a box, and what is generated in it."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.palettes import LIGHT, Theme

_SIZES = (16, 24, 32, 48, 64, 128, 256)


def paint_logo(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Paint the mark into a square."""
    side = rect.width()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(side / 48, side / 48)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent"))
    painter.drawRoundedRect(QRectF(0, 0, 48, 48), 12, 12)
    pen = QPen(theme.color("accent_text"), 3.2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(_corners(11, 37, 6.5), pen)
    painter.fillPath(_spark(QPointF(24, 24), 9.5, 2.6), theme.color("accent_text"))
    painter.restore()


def application_icon() -> QIcon:
    """The icon of the window, for the taskbar."""
    icon = QIcon()
    for side in _SIZES:
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_logo(painter, QRectF(0, 0, side, side), LIGHT)
        painter.end()
        icon.addPixmap(pixmap)
    return icon


class LogoLabel(QWidget):
    """The mark, `size` logical pixels wide."""

    def __init__(self, icons: Icons, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.setFixedSize(size, size)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        paint_logo(painter, QRectF(self.rect()), self._icons.theme)
        painter.end()


def _corners(near: float, far: float, length: float) -> QPainterPath:
    """The four corners of a square."""
    path = QPainterPath()
    for x, along in ((near, length), (far, -length)):
        for y, down in ((near, length), (far, -length)):
            path.moveTo(x + along, y)
            path.lineTo(x, y)
            path.lineTo(x, y + down)
    return path


def _spark(center: QPointF, reach: float, waist: float) -> QPainterPath:
    """A star with four points."""
    path = QPainterPath(center + QPointF(0, -reach))
    for end, between in (
        (QPointF(reach, 0), QPointF(waist, -waist)),
        (QPointF(0, reach), QPointF(waist, waist)),
        (QPointF(-reach, 0), QPointF(-waist, waist)),
        (QPointF(0, -reach), QPointF(-waist, -waist)),
    ):
        path.quadTo(center + between * 0.5, center + end)
    return path
