"""The pictures of cells: thumbnails from the background, kept as they are painted, and tags beside them."""

from collections.abc import Hashable

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPainter, QPixmap

from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.ui.grid.drawing import TAG_HEIGHT, draw_picture, draw_tag, tag_width
from anogen_gui.ui.grid.pixmaps import MOST_BYTES, KeptPixmaps
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Tone


class CellPictures:
    """Paints thumbnails; of such as are not made yet it knows which cell waits for them.

    Attributes:
        pixmaps: what was painted, and may be painted again as it is.
    """

    def __init__(self, icons: Icons, thumbnails: Thumbnails, most_bytes: int = MOST_BYTES) -> None:
        self._icons, self._thumbnails = icons, thumbnails
        self.pixmaps = KeptPixmaps(most_bytes)
        self._waiting: dict[Wanted, Hashable] = {}
        icons.theme_changed.connect(self.forget)

    def forget(self) -> None:
        """Paint everything anew."""
        self.pixmaps.clear()
        self._waiting.clear()

    def waiting_for(self, wanted: Wanted) -> tuple[Hashable, ...]:
        """The cells that were painted without this thumbnail, which is there now."""
        return (self._waiting.pop(wanted),) if wanted in self._waiting else ()

    def get(self, wanted: Wanted, id: Hashable) -> QImage | None:
        """The thumbnail; None where it is not made yet, and this cell waits for it."""
        image = self._thumbnails.get(wanted)
        if image is None:
            self._waiting[wanted] = id
        return image

    def paint(
        self, painter: QPainter, square: QRect, id: Hashable, wanted: Wanted, is_missing: bool = False
    ) -> QRect:
        """Paint a thumbnail in the middle of a square, or what stands for one; where it was painted."""
        kept = self.pixmaps.picture(painter, wanted, square.size(), lambda: self.get(wanted, id))
        if isinstance(kept, QPixmap):
            place = QRect(QPoint(), kept.deviceIndependentSize().toSize())
            place.moveCenter(square.center())
            painter.drawPixmap(place.topLeft(), kept)
            return place
        broken = self._icons.icon("mdi6.image-off-outline", "text_dim")
        return draw_picture(painter, square, QImage() if is_missing else kept, self._icons.theme, broken)

    def paint_tag(self, painter: QPainter, at: QPoint, word: str, tone: Tone, icon: str, most: int) -> int:
        """Paint a tag at most so wide; its width. Without an icon it is a word alone."""
        theme = self._icons.theme
        width = min(most, tag_width(word, theme, has_mark=bool(icon)))
        mark = self._icons.icon(icon, "text_dim" if tone == "neutral" else tone) if icon else None
        part = self.pixmaps.part(
            painter,
            ("tag", word, tone, icon),
            QSize(width, TAG_HEIGHT),
            lambda part: draw_tag(part, 0, 0, word, theme, tone, mark, width),
        )
        painter.drawPixmap(at, part)
        return width
