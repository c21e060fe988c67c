"""What a cell of the grid of results shows: the photo, its verdict in words, its score."""

from collections.abc import Hashable, Mapping

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter

from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.ui.grid import CellPictures, thumbnail_side
from anogen_gui.ui.grid.drawing import TAG_HEIGHT
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.verdict_words import BANDS, score_words
from anogen_gui.ui.theme import space
from engine.reporting.facts import Result


class ResultCells:
    """Paints results for `ThumbnailGrid`; their ids are the photos' paths."""

    def __init__(self, icons: Icons, thumbnails: Thumbnails) -> None:
        self._icons = icons
        self._results: Mapping[str, Result] = {}
        self.pictures = CellPictures(icons, thumbnails)

    def show_results(self, results: Mapping[str, Result]) -> None:
        self._results = results
        self.pictures.forget()

    def size(self, side: int) -> QSize:
        return QSize(side, side + space(2) + TAG_HEIGHT)

    def paint(self, painter: QPainter, rect: QRect, id: Hashable) -> None:
        result = self._results.get(str(id))
        if result is None:
            return
        square = QRect(rect.left(), rect.top(), rect.width(), rect.width())
        side = thumbnail_side(round(square.width() * painter.device().devicePixelRatioF()))
        self.pictures.paint(painter, square, id, Wanted(result.picture, side))
        line = QRect(rect.left(), square.bottom() + 1 + space(2), rect.width(), TAG_HEIGHT)
        if result.band is not None:
            words = BANDS[result.band]
            self.pictures.paint_tag(painter, line.topLeft(), words.word, words.tone, words.icon, line.width())
        painter.setPen(self._icons.theme.color("text_dim"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, right, score_words(result.score))

    def describe(self, id: Hashable) -> str:
        result = self._results.get(str(id))
        if result is None:
            return ""
        said = "not judged" if result.band is None else BANDS[result.band].word
        return f"{result.name}: {said}, score {score_words(result.score)}"
