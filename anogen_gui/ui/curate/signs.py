"""Small signs over a picture: what is seen, and the split line between two."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from anogen_gui.ui.grid.drawing import tag_font
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.theme import space

_GRIP = 28
_OPACITY = 0.88


def draw_sign(painter: QPainter, text: str, view: QRect, icons: Icons, at_right: bool = False) -> None:
    """A word in the upper left corner of a view, or the upper right one."""
    theme = icons.theme
    painter.setFont(tag_font(theme))
    width = painter.fontMetrics().horizontalAdvance(text) + 2 * space(2)
    left = view.right() + 1 - space(3) - width if at_right else view.left() + space(3)
    place = QRectF(left, view.top() + space(3), width, 24)
    ground = theme.color("surface_raised")
    ground.setAlphaF(_OPACITY)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(place, theme.radius_small, theme.radius_small)
    painter.setPen(theme.color("text"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def draw_split(painter: QPainter, x: float, height: int, icons: Icons) -> None:
    """The split line at `x`, with the grip that it is dragged by."""
    theme = icons.theme
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for color, width in ((Qt.GlobalColor.black, 4.0), (Qt.GlobalColor.white, 2.0)):
        painter.setPen(QPen(color, width))
        painter.drawLine(QPointF(x, 0), QPointF(x, height))
    grip = QRectF(x - _GRIP / 2, height - 2 * _GRIP, _GRIP, _GRIP)  # not where the anomaly is
    painter.setPen(QPen(theme.color("border_strong"), 1))
    painter.setBrush(theme.color("surface_raised"))
    painter.drawEllipse(grip)
    icons.icon("mdi6.arrow-split-vertical", "text").paint(painter, grip.toRect().adjusted(5, 5, -5, -5))
