"""What a cell of the grid of samples shows: the picture, the verdict, stars, the class, flags."""

from collections.abc import Hashable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter

from anogen_gui.model.close_up import close_up_thumbnail
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.ui.class_tag import paint_class
from anogen_gui.ui.curate.stars import MOST_STARS, paint_stars
from anogen_gui.ui.curate.words import FLAG_ICON, FLAGS, VERDICTS, stars_of
from anogen_gui.ui.grid import CellPictures, draw_tag, thumbnail_side
from anogen_gui.ui.grid.drawing import TAG_HEIGHT, tag_font
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.theme import space
from engine.project import SampleRow

_STAR = 14
_MOST_BYTES = 24 * 2**20  # a screen full, and one to scroll back to
_LINE_GAP = 4
_REJECTED_OPACITY = 0.35


class SampleCells:
    """Paints samples for `ThumbnailGrid`."""

    def __init__(self, icons: Icons, thumbnails: Thumbnails) -> None:
        self._icons = icons
        self._project: ProjectModel | None = None
        self.pictures = CellPictures(icons, thumbnails, _MOST_BYTES)
        self.shows_close_up = False

    def show_project(self, project: ProjectModel | None) -> None:
        self._project = project
        self.pictures.forget()

    def wanted(self, sample: SampleRow, side_px: int) -> Wanted:
        """The thumbnail of a sample for a cell of this side in device pixels."""
        assert self._project is not None
        side = thumbnail_side(side_px)
        if self.shows_close_up:
            return close_up_thumbnail(self._project, sample, side)
        return Wanted(self._project.file(sample.path), side)

    # --- what the grid asks for

    def size(self, side: int) -> QSize:
        return QSize(side, side + space(2) + 2 * TAG_HEIGHT + _LINE_GAP)

    def paint(self, painter: QPainter, rect: QRect, id: Hashable) -> None:
        sample = self._sample(id)
        if sample is None:
            return
        picture = QRect(rect.left(), rect.top(), rect.width(), rect.width())
        painter.setOpacity(_REJECTED_OPACITY if sample.verdict == "rejected" else 1.0)
        wanted = self.wanted(sample, round(picture.width() * painter.device().devicePixelRatioF()))
        self.pictures.paint(painter, picture, sample.id, wanted, sample.is_missing)
        painter.setOpacity(1.0)
        top = picture.bottom() + 1 + space(2)
        first = QRect(rect.left(), top, rect.width(), TAG_HEIGHT)
        self._paint_verdict_and_stars(painter, first, sample)
        self._paint_class_and_flags(painter, first.translated(0, TAG_HEIGHT + _LINE_GAP), sample)

    def describe(self, id: Hashable) -> str:
        sample = self._sample(id)
        if sample is None:
            return ""
        lines = [f"{sample.anomaly}: {VERDICTS[sample.verdict].word.lower()}, {stars_of(sample.stars)}"]
        lines += [FLAGS[flag] for flag in sample.flags]
        if sample.is_missing:
            lines.append("Its file was deleted")
        return "\n".join(lines)

    # --- the parts

    def _sample(self, id: Hashable) -> SampleRow | None:
        return self._project.samples.get(id) if self._project is not None and isinstance(id, int) else None

    def _paint_verdict_and_stars(self, painter: QPainter, line: QRect, sample: SampleRow) -> None:
        words = VERDICTS[sample.verdict]
        tag = self.pictures.pixmaps.part(
            painter, ("verdict", sample.verdict), QSize(line.width(), TAG_HEIGHT),
            lambda part: draw_tag(
                part, 0, 0, words.word, self._icons.theme, words.tone,
                self._icons.icon(words.icon, "text_dim" if words.tone == "neutral" else words.tone),
            ),
        )  # fmt: skip
        painter.drawPixmap(line.topLeft(), tag)
        if sample.stars:
            width = self._stars_width(line)
            stars = self.pictures.pixmaps.part(
                painter,
                ("stars", sample.stars, width),
                QSize(width, TAG_HEIGHT),
                lambda part: self._paint_stars(part, sample.stars, width),
            )
            painter.drawPixmap(line.right() + 1 - width, line.top(), stars)

    def _stars_width(self, line: QRect) -> int:
        """All five where there is room for them, else one with a number."""
        all_of_them = MOST_STARS * _STAR
        return all_of_them if line.width() >= 180 else 2 * _STAR

    def _paint_stars(self, painter: QPainter, stars: int, width: int) -> None:
        top = (TAG_HEIGHT - _STAR) // 2
        if width >= MOST_STARS * _STAR:
            paint_stars(painter, self._icons, 0, top, stars, _STAR)
            return
        self._icons.icon("mdi6.star", "accent").paint(painter, QRect(0, top, _STAR, _STAR))
        painter.setFont(tag_font(self._icons.theme))
        painter.setPen(self._icons.theme.color("text"))
        painter.drawText(QRect(_STAR + 3, 0, _STAR, TAG_HEIGHT), Qt.AlignmentFlag.AlignVCenter, str(stars))

    def _paint_class_and_flags(self, painter: QPainter, line: QRect, sample: SampleRow) -> None:
        room = line.width()
        if sample.flags:
            room -= TAG_HEIGHT + space(1)
            flag = self.pictures.pixmaps.part(
                painter, ("flag",), QSize(TAG_HEIGHT, TAG_HEIGHT), self._paint_flag
            )
            painter.drawPixmap(line.right() + 1 - TAG_HEIGHT, line.top(), flag)
        tag = self.pictures.pixmaps.part(
            painter,
            ("class", sample.anomaly, room),
            QSize(room, TAG_HEIGHT),
            lambda part: self._paint_class(part, sample.anomaly, room),
        )
        painter.drawPixmap(line.topLeft(), tag)

    def _paint_flag(self, painter: QPainter) -> None:
        side = self._icons.theme.icon_small
        place = QRect(TAG_HEIGHT - side, (TAG_HEIGHT - side) // 2, side, side)
        self._icons.icon(FLAG_ICON, "warn").paint(painter, place)

    def _paint_class(self, painter: QPainter, anomaly: str, room: int) -> None:
        assert self._project is not None
        paint_class(painter, room, anomaly, self._project.anomalies.get(anomaly), self._icons)
