"""Stars: painted in cells, and as a control that gives them."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from anogen_gui.ui.curate.words import stars_of
from anogen_gui.ui.icons import Icons

MOST_STARS = 5
_SIDE, _GAP = 22, 2


def paint_stars(
    painter: QPainter, icons: Icons, left: int, top: int, stars: int, side: int, gap: int = 0
) -> None:
    """Five stars side by side, of which so many are filled."""
    for number in range(MOST_STARS):
        is_filled = number < stars
        icon = icons.icon(
            "mdi6.star" if is_filled else "mdi6.star-outline", "accent" if is_filled else "border_strong"
        )
        icon.paint(painter, QRect(left + number * (side + gap), top, side, side))


class StarRating(QWidget):
    """Five stars to click on; with the keyboard, Left and Right. A click on the last filled one clears them.

    Signals:
        star_requested(stars): 1 to 5, or 0 for none; what is shown stays until `show_stars`.
    """

    star_requested = Signal(int)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons, self._stars, self._hovered = icons, 0, 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setFixedSize(self.sizeHint())
        self.setToolTip("Stars (1 to 5, 0 takes them away)")
        self.show_stars(0)

    def show_stars(self, stars: int) -> None:
        self._stars = stars
        self.setAccessibleName(f"Stars: {stars_of(stars)}")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names from here on
        return QSize(MOST_STARS * (_SIDE + _GAP) - _GAP + 8, _SIDE + 8)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_stars(painter, self._icons, 4, 4, self._hovered or self._stars, _SIDE, _GAP)
        if self.hasFocus():
            theme = self._icons.theme
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(
                self.rect().adjusted(1, 1, -1, -1), theme.radius_small, theme.radius_small
            )
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._hover(self._stars_at(event))

    def leaveEvent(self, event: object) -> None:  # noqa: N802
        self._hover(0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            stars = self._stars_at(event)
            self.star_requested.emit(0 if stars == self._stars else stars)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            event.ignore()
        elif 0 <= self._stars + step <= MOST_STARS:
            self.star_requested.emit(self._stars + step)

    def _stars_at(self, event: QMouseEvent) -> int:
        place = int((event.position().x() - 4 + _GAP / 2) // (_SIDE + _GAP))
        return min(max(place + 1, 1), MOST_STARS)

    def _hover(self, stars: int) -> None:
        if stars != self._hovered:
            self._hovered = stars
            self.update()
