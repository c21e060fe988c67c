"""A bar across the page on the quiet ground of a tone: a hint, or what became of an import."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.kit import Tone
from anogen_gui.ui.theme import space


class ToneBar(QWidget):
    """An icon, and what subclasses put beside it into `row`."""

    def __init__(self, icons: Icons, icon: str, tone: Tone, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons, self._tone = icons, tone
        self._icon = IconLabel(icons, icon, tone)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(space(4), space(2), space(2), space(2))
        self.row.setSpacing(space(3))
        self.row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        icons.theme_changed.connect(self.update)
        self.hide()

    @property
    def tone(self) -> Tone:
        return self._tone

    def show_tone(self, icon: str, tone: Tone) -> None:
        self._tone = tone
        self._icon.show_icon(icon, tone)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme = self._icons.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(f"{self._tone}_soft"))
        painter.drawRoundedRect(self.rect(), theme.radius, theme.radius)
        painter.end()
