"""Where photos can be dropped while they are dragged over the page: the place says what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.photos.words import ROLES
from anogen_gui.ui.theme import space

ZoneKey = Literal["folders", "ask", "good", "bad", "test"]

_VEIL_ALPHA = 225


@dataclass(frozen=True)
class _Zone:
    key: ZoneKey
    title: str
    text: str
    icon: str
    tone: str


def _zones(has_folder: bool) -> tuple[_Zone, ...]:
    first = (
        _Zone(
            "folders",
            "Sort by folder names",
            "train/good, test/scratch, masks …",
            "mdi6.folder-outline",
            "accent",
        )
        if has_folder
        else _Zone(
            "ask", "Ask me", "Say what they are in the next step", "mdi6.help-circle-outline", "accent"
        )
    )
    return (
        first,
        _Zone("good", "Good photos", "Parts without any anomaly", ROLES["good"].icon, "good"),
        _Zone("bad", "Bad photos", "They show an anomaly", ROLES["bad"].icon, "bad"),
        _Zone("test", "Test photos", "To judge detectors by, never learned from", ROLES["test"].icon, "info"),
    )


class DropZones(QWidget):
    """Four zones over the page. It takes no drops itself: the page asks it what lies under the pointer."""

    def __init__(self, icons: Icons, page: QWidget) -> None:
        super().__init__(page)
        self._icons, self._page = icons, page
        self._zones: Sequence[_Zone] = _zones(True)
        self._hovered: ZoneKey | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def hovered(self) -> ZoneKey | None:
        return self._hovered

    def open(self, has_folder: bool) -> None:
        """Show the zones over the whole of the page."""
        self._zones = _zones(has_folder)
        self._hovered = None
        self.setGeometry(self._page.rect())
        self.raise_()
        self.show()

    def hover(self, point: QPoint) -> ZoneKey | None:
        """Light up the zone at a point, and say which it is."""
        hovered = next((zone.key for zone, rect in self._places() if rect.contains(point)), None)
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()
        return hovered

    def center_of(self, key: ZoneKey) -> QPoint:
        """The middle of a zone. Raises KeyError for one that is not shown."""
        return {zone.key: rect.center() for zone, rect in self._places()}[key]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(self._icons.theme.color("background"))
        veil.setAlpha(_VEIL_ALPHA)
        painter.fillRect(self.rect(), veil)
        for zone, rect in self._places():
            self._paint_zone(painter, zone, rect)
        painter.end()

    def _places(self) -> list[tuple[_Zone, QRect]]:
        """Two by two, with the page's margin around and between them."""
        gap = space(5)
        width, height = (self.width() - 3 * gap) // 2, (self.height() - 3 * gap) // 2
        return [
            (
                zone,
                QRect(gap + (width + gap) * (index % 2), gap + (height + gap) * (index // 2), width, height),
            )
            for index, zone in enumerate(self._zones)
        ]

    def _paint_zone(self, painter: QPainter, zone: _Zone, rect: QRect) -> None:
        theme = self._icons.theme
        is_hovered = zone.key == self._hovered
        painter.setPen(
            QPen(
                theme.color(zone.tone if is_hovered else "border_strong"),
                3 if is_hovered else 2,
                Qt.PenStyle.SolidLine if is_hovered else Qt.PenStyle.DashLine,
            )
        )
        painter.setBrush(theme.color(f"{zone.tone}_soft" if is_hovered else "surface"))
        painter.drawRoundedRect(rect, theme.radius_large, theme.radius_large)
        side = theme.icon_large
        icon = QRect(rect.center().x() - side // 2, rect.center().y() - side - space(2), side, side)
        self._icons.icon(zone.icon, zone.tone).paint(painter, icon)
        self._write(painter, rect, rect.center().y() + space(2), zone.title, theme.font_heading, "text", True)
        self._write(painter, rect, rect.center().y() + space(2) + 30, zone.text, theme.font_body, "text_dim")

    def _write(
        self,
        painter: QPainter,
        rect: QRect,
        top: int,
        text: str,
        size: int,
        color: str,
        is_bold: bool = False,
    ) -> None:
        font = QFont(self.font())
        font.setPixelSize(size)
        font.setWeight(QFont.Weight.DemiBold if is_bold else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(self._icons.theme.color(color))
        line = QRect(rect.left() + space(2), top, rect.width() - space(4), size + space(2))
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)
