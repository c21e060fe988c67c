"""An anomaly class as it is marked everywhere: its digit on its colour, and its name."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from anogen_gui.ui.grid.drawing import TAG_HEIGHT, tag_font
from anogen_gui.ui.icons import Icons
from engine.project import AnomalyClass

_SPOT = 18
_GAP = 6
_DARK = 0.18  # the luminance below which white is read better than black


def paint_class_spot(painter: QPainter, size: QSize, found: AnomalyClass | None, icons: Icons) -> None:
    """The colour of a class with its digit, in the upper left corner; None: it is not known."""
    ground = QColor(found.color) if found is not None else icons.theme.color("border_strong")
    place = QRect(0, 0, size.width(), size.height())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(place, icons.theme.radius_small, icons.theme.radius_small)
    if found is not None and found.digit is not None:
        painter.setFont(tag_font(icons.theme))
        painter.setPen(Qt.GlobalColor.white if _luminance(ground) < _DARK else Qt.GlobalColor.black)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(found.digit))


def paint_class(painter: QPainter, room: int, name: str, found: AnomalyClass | None, icons: Icons) -> None:
    """The spot, and the name in what is left of the room; `TAG_HEIGHT` high, from the upper left corner."""
    painter.save()
    painter.translate(0, (TAG_HEIGHT - _SPOT) // 2)
    paint_class_spot(painter, QSize(_SPOT, _SPOT), found, icons)
    painter.restore()
    font = tag_font(icons.theme)
    font.setWeight(QFont.Weight.Normal)
    painter.setFont(font)
    painter.setPen(icons.theme.color("text"))
    place = QRect(_SPOT + _GAP, 0, room - _SPOT - _GAP, TAG_HEIGHT)
    shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


class ClassTag(QWidget):
    """A class in a panel."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._name = ""
        self._found: AnomalyClass | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_class(self, name: str, found: AnomalyClass | None) -> None:
        self._name, self._found = name, found
        digit = f", key {found.digit}" if found is not None and found.digit is not None else ""
        self.setToolTip(f"{name}{digit}" if name else "")
        self.setAccessibleName(f"Class: {name}{digit}")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names
        return QSize(0, TAG_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        if self._name:
            painter = QPainter(self)
            paint_class(painter, self.width(), self._name, self._found, self._icons)
            painter.end()


def _luminance(color: QColor) -> float:
    """Relative luminance as WCAG defines it, 0 … 1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (color.redF(), color.greenF(), color.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
