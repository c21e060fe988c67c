"""What is over the page while photos are dragged above it."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.theme import space

_ALPHA = 225


class DropVeil(QWidget):
    """One zone as large as the page: let go, and the detector looks at the photos."""

    def __init__(self, icons: Icons, page: QWidget) -> None:
        super().__init__(page)
        self._icons, self._page = icons, page
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def open(self) -> None:
        self.setGeometry(self._page.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme, painter = self._icons.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = theme.color("background")
        veil.setAlpha(_ALPHA)
        painter.fillRect(self.rect(), veil)
        zone = self.rect().adjusted(space(5), space(5), -space(5), -space(5))
        painter.setPen(QPen(theme.color("accent"), 2, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("accent_soft"))
        painter.drawRoundedRect(zone, theme.radius_large, theme.radius_large)
        middle, side = zone.center(), theme.icon_large
        icon = QRect(middle.x() - side // 2, middle.y() - side - space(2), side, side)
        self._icons.icon("mdi6.magnify-scan", "accent").paint(painter, icon)
        font = QFont(self.font())
        lines = (
            ("Let the detector look at these photos", theme.font_heading, "text", space(2)),
            ("They stay where they are, and are not imported", theme.font_body, "text_dim", space(2) + 32),
        )
        for text, size, color, below in lines:
            font.setPixelSize(size)
            font.setWeight(QFont.Weight.DemiBold if color == "text" else QFont.Weight.Normal)
            painter.setFont(font)
            painter.setPen(theme.color(color))
            place = QRect(zone.left(), middle.y() + below, zone.width(), size + space(2))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
