"""A photo or sample in a lineage: a small picture with its name, which can be clicked."""

from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.ui.grid.drawing import draw_picture
from anogen_gui.ui.icons import Icons

_SIDE, _NAME_HEIGHT = 84, 18  # logical pixels
_PIXELS = 192  # of the small picture that is asked for


class LineageTile(QAbstractButton):
    """Enter, Space or a click ask for it."""

    def __init__(
        self,
        icons: Icons,
        thumbnails: Thumbnails,
        file: Path,
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icons, self._thumbnails = icons, thumbnails
        self._wanted = Wanted(file, _PIXELS)
        self.setText(name)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(self.sizeHint())
        thumbnails.made.connect(self._take_picture)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(_SIDE, _SIDE + _NAME_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        theme = self._icons.theme
        square = QRect(2, 2, _SIDE - 4, _SIDE - 4)
        broken = self._icons.icon("mdi6.image-off-outline", "text_dim")
        draw_picture(painter, square, self._thumbnails.get(self._wanted), theme, broken)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(theme.color("focus" if self.hasFocus() else "border_strong"), 2))
            painter.drawRoundedRect(square.adjusted(-1, -1, 1, 1), theme.radius_small, theme.radius_small)
        font = self.font()
        font.setPixelSize(theme.font_small)
        painter.setFont(font)
        painter.setPen(theme.color("text_dim"))
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, _SIDE - 4)
        name = QRect(2, _SIDE, _SIDE - 4, _NAME_HEIGHT)
        painter.drawText(name, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()

    def _take_picture(self, wanted: Wanted) -> None:
        if wanted == self._wanted:
            self.update()
