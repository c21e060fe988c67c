"""Cells of the page's two lists: good photos with their boxes counted, and samples that wait for a verdict."""

from abc import ABC, abstractmethod
from collections.abc import Hashable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter

from anogen_gui.model.close_up import close_up_thumbnail
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.model.wording import count_of
from anogen_gui.ui.grid import CellPictures, thumbnail_side
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Tone
from engine.project import SampleRow

_NAME_HEIGHT = 18
_GAP = 4


class PictureCells(ABC):
    """Paints a thumbnail and a line of words below it, for `ThumbnailGrid`."""

    def __init__(self, icons: Icons, thumbnails: Thumbnails) -> None:
        self._icons = icons
        self.pictures = CellPictures(icons, thumbnails)
        self.project: ProjectModel | None = None

    def show_project(self, project: ProjectModel | None) -> None:
        self.project = project
        self.pictures.forget()

    # --- what subclasses know

    @abstractmethod
    def picture_of(self, id: Hashable, side_px: int) -> Wanted | None:
        """The thumbnail of a cell; None for one that is gone."""

    @abstractmethod
    def name_of(self, id: Hashable) -> str:
        """What stands below the picture."""

    @abstractmethod
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
        self.pictures.paint(painter, square, id, wanted)
        self.paint_marks(painter, square, id)
        painter.setPen(self._icons.theme.color("text"))
        line = QRect(rect.left(), square.bottom() + 1 + _GAP, rect.width(), _NAME_HEIGHT)
        name = painter.fontMetrics().elidedText(self.name_of(id), Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)

    def describe(self, id: Hashable) -> str:
        return self.name_of(id)

    def paint_tag(
        self, painter: QPainter, square: QRect, word: str, icon: str = "", tone: Tone = "neutral"
    ) -> None:
        """A tag in the upper left corner of the picture."""
        corner = square.topLeft() + QPoint(_GAP, _GAP)
        self.pictures.paint_tag(painter, corner, word, tone, icon, square.width() - 2 * _GAP)


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
        return f"{self.name_of(id)}, {count_of(self._count(id), 'box')}"

    def paint_marks(self, painter: QPainter, square: QRect, id: Hashable) -> None:
        count = self._count(id)
        if count:
            self.paint_tag(painter, square, count_of(count, "box"))

    def _count(self, id: Hashable) -> int:
        return len(self.project.boxes.on(str(id))) if self.project is not None else 0


class TrayCells(PictureCells):
    """Samples, by number, close up, each with its class and what is suspected of it."""

    def picture_of(self, id: Hashable, side_px: int) -> Wanted | None:
        sample = self._sample(id)
        if self.project is None or sample is None:
            return None
        return close_up_thumbnail(self.project, sample, thumbnail_side(side_px))

    def name_of(self, id: Hashable) -> str:
        sample = self._sample(id)
        return sample.anomaly if sample is not None else ""

    def paint_marks(self, painter: QPainter, square: QRect, id: Hashable) -> None:
        sample = self._sample(id)
        if sample is not None and sample.flags:
            self.paint_tag(painter, square, "Look twice", "mdi6.flag-outline", "warn")

    def _sample(self, id: Hashable) -> SampleRow | None:
        return self.project.samples.get(id) if self.project is not None and isinstance(id, int) else None
