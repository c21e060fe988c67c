"""Cells of the page's two lists: good photos with their boxes counted, and samples that wait for a verdict."""

from collections.abc import Hashable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from anogen_gui.model.close_up import close_up
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.ui.grid import KeptPixmaps, draw_picture, draw_tag, tag_width, thumbnail_side
from anogen_gui.ui.grid.drawing import TAG_HEIGHT
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Tone

_NAME_HEIGHT = 18
_GAP = 4


class PictureCells:
    """Paints a thumbnail and a line of words below it, for `ThumbnailGrid`."""

    def __init__(self, icons: Icons, thumbnails: Thumbnails) -> None:
        self._icons, self._thumbnails = icons, thumbnails
        self._pixmaps = KeptPixmaps()
        self._asked: dict[Wanted, Hashable] = {}
        self.project: ProjectModel | None = None
        icons.theme_changed.connect(self._pixmaps.clear)

    def show_project(self, project: ProjectModel | None) -> None:
        self.project = project
        self._pixmaps.clear()
        self._asked.clear()

    def waiting_for(self, wanted: Wanted) -> Hashable | None:
        """What was painted without this thumbnail, which is there now."""
        return self._asked.pop(wanted, None)

    # --- what subclasses know

    def picture_of(self, id: Hashable, side_px: int) -> Wanted | None:
        """The thumbnail of a cell; None for one that is gone."""
        raise NotImplementedError

    def name_of(self, id: Hashable) -> str:
        raise NotImplementedError

    def paint_marks(self, painter: QPainter, square: QRect, id: Hashable) -> None:
        """Draw over the picture."""

    # --- what the grid asks for

    def size(self, side: int) -> QSize:
        return QSize(side, side + _GAP + _NAME_HEIGHT)

    def paint(self, painter: QPainter, rect: QRect, id: Hashable) -> None:
        square = QRect(rect.left(), rect.top(), rect.width(), rect.width())
        wanted = self.picture_of(id, round(square.width() * painter.device().devicePixelRatioF()))
        if wanted is None:
            return
        self._paint_picture(painter, square, id, wanted)
        self.paint_marks(painter, square, id)
        painter.setPen(self._icons.theme.color("text"))
        line = QRect(rect.left(), square.bottom() + 1 + _GAP, rect.width(), _NAME_HEIGHT)
        name = painter.fontMetrics().elidedText(self.name_of(id), Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)

    def describe(self, id: Hashable) -> str:
        return self.name_of(id)

    def _paint_picture(self, painter: QPainter, square: QRect, id: Hashable, wanted: Wanted) -> None:
        def get() -> QImage | None:
            image = self._thumbnails.get(wanted)
            if image is None:
                self._asked[wanted] = id
            return image

        kept = self._pixmaps.picture(painter, wanted, square.size(), get)
        if isinstance(kept, QPixmap):
            place = QRect(square.topLeft(), kept.deviceIndependentSize().toSize())
            place.moveCenter(square.center())
            painter.drawPixmap(place.topLeft(), kept)
        else:
            broken = self._icons.icon("mdi6.image-off-outline", "text_dim")
            draw_picture(painter, square, kept, self._icons.theme, broken)

    def paint_tag(
        self, painter: QPainter, square: QRect, word: str, icon: str = "", tone: Tone = "neutral"
    ) -> None:
        """A tag in the upper left corner of the picture."""
        theme = self._icons.theme
        width = min(square.width() - 2 * _GAP, tag_width(word, theme, has_mark=bool(icon)))
        mark = self._icons.icon(icon, "text_dim" if tone == "neutral" else tone) if icon else None
        part = self._pixmaps.part(
            painter,
            ("tag", word, tone, icon),
            QSize(width, TAG_HEIGHT),
            lambda part: draw_tag(part, 0, 0, word, theme, tone, mark, width),
        )
        painter.drawPixmap(square.left() + _GAP, square.top() + _GAP, part)


class GoodPhotoCells(PictureCells):
    """Good photos, by path, each with how many boxes are on it."""

    def picture_of(self, id: Hashable, side_px: int) -> Wanted | None:
        return (
            Wanted(self.project.file(str(id)), thumbnail_side(side_px)) if self.project is not None else None
        )

    def name_of(self, id: Hashable) -> str:
        photo = self.project.photos.get(str(id)) if self.project is not None else None
        return photo.name if photo is not None else ""

    def describe(self, id: Hashable) -> str:
        return f"{self.name_of(id)}, {count_words(self._count(id))}"

    def paint_marks(self, painter: QPainter, square: QRect, id: Hashable) -> None:
        count = self._count(id)
        if count:
            self.paint_tag(painter, square, count_words(count))

    def _count(self, id: Hashable) -> int:
        return len(self.project.boxes.on(str(id))) if self.project is not None else 0


class TrayCells(PictureCells):
    """Samples, by number, close up, each with its class and what is suspected of it."""

    def picture_of(self, id: Hashable, side_px: int) -> Wanted | None:
        sample = self.project.samples.get(id) if self.project is not None and isinstance(id, int) else None
        if self.project is None or sample is None:
            return None
        photo = self.project.photos.get(sample.photo)
        window = close_up(sample.boxes, photo.size) if photo is not None else None
        crop = (window.left, window.top, window.width, window.height) if window is not None else None
        return Wanted(self.project.file(sample.path), thumbnail_side(side_px), crop)

    def name_of(self, id: Hashable) -> str:
        sample = self.project.samples.get(id) if self.project is not None and isinstance(id, int) else None
        return sample.anomaly if sample is not None else ""

    def paint_marks(self, painter: QPainter, square: QRect, id: Hashable) -> None:
        sample = self.project.samples.get(id) if self.project is not None and isinstance(id, int) else None
        if sample is not None and sample.flags:
            self.paint_tag(painter, square, "Look twice", "mdi6.flag-outline", "warn")


def count_words(count: int) -> str:
    """“3 boxes”."""
    return "1 box" if count == 1 else f"{count} boxes"
