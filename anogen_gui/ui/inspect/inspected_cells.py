"""What a cell of the grid shows: the photo, what the detector says, its score, what is true, what a person says."""

from collections.abc import Hashable
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from anogen_gui.model.inspected import InspectedPhoto
from anogen_gui.model.inspecting import Inspecting
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.ui.class_tag import paint_class
from anogen_gui.ui.grid import CellPictures, thumbnail_side
from anogen_gui.ui.grid.drawing import TAG_HEIGHT, tag_font
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.verdict_words import (
    BANDS,
    KINDS,
    OPINIONS,
    UNJUDGED,
    BandWords,
    score_words,
    truth_words,
)
from anogen_gui.ui.theme import space

_GAP = 4


class InspectedCells:
    """Paints photos for `ThumbnailGrid`; their ids are the photos' paths."""

    def __init__(self, icons: Icons, thumbnails: Thumbnails) -> None:
        self._icons = icons
        self._model: Inspecting | None = None
        self._project: ProjectModel | None = None
        self.pictures = CellPictures(icons, thumbnails)

    def show_photos(self, model: Inspecting | None, project: ProjectModel | None) -> None:
        self._model, self._project = model, project
        self.pictures.forget()

    # --- what the grid asks for

    def size(self, side: int) -> QSize:
        return QSize(side, side + space(2) + 2 * TAG_HEIGHT + _GAP)

    def paint(self, painter: QPainter, rect: QRect, id: Hashable) -> None:
        photo = self._photo(id)
        if photo is None or self._project is None:
            return
        square = QRect(rect.left(), rect.top(), rect.width(), rect.width())
        side = thumbnail_side(round(square.width() * painter.device().devicePixelRatioF()))
        wanted = Wanted(self._project.file(photo.photo), side)
        place = self.pictures.paint(painter, square, id, wanted)
        self._paint_marks(painter, square, place, photo)
        line = QRect(rect.left(), square.bottom() + 1 + space(2), rect.width(), TAG_HEIGHT)
        self._paint_verdict(painter, line, photo)
        self._paint_truth(painter, line.translated(0, TAG_HEIGHT + _GAP), photo)

    def describe(self, id: Hashable) -> str:
        photo = self._photo(id)
        if photo is None:
            return ""
        lines = [
            photo.name,
            f"The detector: {self._verdict_words(photo).word}, score {score_words(photo.score)}",
        ]
        lines.append(f"In truth: {truth_words(photo.truth, photo.anomaly)}")
        if photo.opinion is not None:
            lines.append(f"You say: {OPINIONS[photo.opinion].word}")
        if photo.kind != "test":
            lines.append(KINDS[photo.kind].why)
        return "\n".join(lines)

    # --- the parts

    def _photo(self, id: Hashable) -> InspectedPhoto | None:
        return self._model.photo(id) if self._model is not None and isinstance(id, str) else None

    def _verdict_words(self, photo: InspectedPhoto) -> BandWords:
        assert self._model is not None
        verdict = self._model.verdict_of(photo)
        return BANDS[verdict] if verdict is not None else UNJUDGED

    def _paint_marks(self, painter: QPainter, square: QRect, place: QRect, photo: InspectedPhoto) -> None:
        """On the picture: why it does not count, and what a person says."""
        room = square.width() - 2 * _GAP
        if photo.kind != "test":
            kind = KINDS[photo.kind]
            at = place.topLeft() + QPoint(_GAP, _GAP)
            self.pictures.paint_tag(painter, at, kind.word, kind.tone, kind.icon, room)
        if photo.opinion is not None:
            said = OPINIONS[photo.opinion]
            at = QPoint(place.left() + _GAP, place.bottom() + 1 - TAG_HEIGHT - _GAP)
            self.pictures.paint_tag(painter, at, f"You: {said.word.lower()}", said.tone, said.icon, room)

    def _paint_verdict(self, painter: QPainter, line: QRect, photo: InspectedPhoto) -> None:
        words = self._verdict_words(photo)
        painter.setFont(tag_font(self._icons.theme))
        text = score_words(photo.score)
        width = painter.fontMetrics().horizontalAdvance(text)
        room = line.width() - width - _GAP
        self.pictures.paint_tag(painter, line.topLeft(), words.word, words.tone, words.icon, room)
        painter.setPen(self._icons.theme.color("text"))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_truth(self, painter: QPainter, line: QRect, photo: InspectedPhoto) -> None:
        """The class that the photo shows, or a word; of a new one its name."""
        if photo.anomaly:
            self._paint_class(painter, line, photo.anomaly)
            return
        theme = self._icons.theme
        painter.setFont(tag_font(theme))
        painter.setPen(theme.color("text_dim"))
        text = Path(photo.photo).name if photo.truth is None else truth_words(photo.truth)
        shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)

    def _paint_class(self, painter: QPainter, line: QRect, name: str) -> None:
        assert self._project is not None
        found = self._project.anomalies.get(name)
        part = self.pictures.pixmaps.part(
            painter,
            ("class", name, found, line.width()),
            line.size(),
            lambda part: paint_class(part, line.width(), name, found, self._icons),
        )
        painter.drawPixmap(line.topLeft(), part)
