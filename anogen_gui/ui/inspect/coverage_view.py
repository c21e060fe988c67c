"""The coverage of an anomaly class: where things lie on a faint good photo, and how large they are."""

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from anogen_gui.model.coverage import Coverage, Mark, MarkKind
from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.coverage_marks import KINDS, PAINTED, draw_marks
from anogen_gui.ui.theme import space

_PIXELS = 768  # of the small picture that is asked for
_FAINT = 0.4
_LEFT, _BOTTOM = 34, 34  # room for the numbers and the words of an axis
_GRID_STEPS = 4


class CoverageMap(QWidget):
    """Marks on a faint good photo, at their places relative to its size."""

    def __init__(self, icons: Icons, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons, self._thumbnails = icons, thumbnails
        self._coverage: Coverage | None = None
        self._wanted: Wanted | None = None
        self._shown: frozenset[MarkKind] = frozenset(KINDS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 240)
        thumbnails.made.connect(self._take_picture)
        icons.theme_changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(480, 480)

    def show_coverage(self, project: Path, coverage: Coverage) -> None:
        self._coverage = coverage
        self._wanted = Wanted(project / coverage.photo, _PIXELS) if coverage.photo else None
        if self._wanted is not None:
            self._thumbnails.get(self._wanted)  # made while nothing is painted yet
        self.setAccessibleName(f"Coverage of “{coverage.anomaly}”. {coverage.sentence}")
        self.update()

    def show_kinds(self, kinds: Collection[MarkKind]) -> None:
        """Show these kinds of marks alone."""
        self._shown = frozenset(kinds)
        self.update()

    def photo_rect(self) -> QRectF:
        """Where the photo is, in the middle, in logical pixels."""
        if self._coverage is None:
            return QRectF(self.rect())
        size = self._coverage.size
        factor = min(self.width() / size.width, self.height() / size.height)
        place = QRectF(0, 0, size.width * factor, size.height * factor)
        place.moveCenter(QRectF(self.rect()).center())
        return place

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        theme, place = self._icons.theme, self.photo_rect()
        painter.fillRect(place, theme.color("canvas"))
        image = self._thumbnails.get(self._wanted) if self._wanted is not None else None
        if isinstance(image, QImage) and not image.isNull():
            painter.setOpacity(_FAINT)
            painter.drawImage(place, image)
            painter.setOpacity(1.0)
        for kind in PAINTED:
            if self._coverage is not None and kind in self._shown:
                points = [
                    QPointF(place.x() + mark.x * place.width(), place.y() + mark.y * place.height())
                    for mark in self._coverage.marks
                    if mark.kind == kind
                ]
                draw_marks(painter, kind, points, theme)
        painter.end()

    def _take_picture(self, wanted: Wanted) -> None:
        if wanted == self._wanted:
            self.update()


class SizePlot(QWidget):
    """How long and how short the sides of things are, in per cent of the photo's long side."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._marks: tuple[Mark, ...] = ()
        self._shown: frozenset[MarkKind] = frozenset(KINDS)
        self.setMinimumSize(220, 180)
        self.setAccessibleName("Sizes: the long side to the right, the short side upwards")
        icons.theme_changed.connect(self.update)

    def show_marks(self, marks: tuple[Mark, ...]) -> None:
        self._marks = marks
        self.update()

    def show_kinds(self, kinds: Collection[MarkKind]) -> None:
        self._shown = frozenset(kinds)
        self.update()

    def most(self) -> tuple[float, float]:
        """Where the axes end: the largest sides in round per cent, the longest and the widest."""
        long = max((mark.long for mark in self._marks), default=0.1)
        short = max((mark.short for mark in self._marks), default=0.1)
        return _round_up(100 * long), _round_up(100 * short)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = QRectF(_LEFT, space(2), self.width() - _LEFT - space(3), self.height() - _BOTTOM - space(2))
        self._draw_axes(painter, plot)
        across, up = self.most()
        for kind in PAINTED:
            if kind in self._shown:
                points = [
                    QPointF(
                        plot.left() + 100 * mark.long / across * plot.width(),
                        plot.bottom() - 100 * mark.short / up * plot.height(),
                    )
                    for mark in self._marks
                    if mark.kind == kind
                ]
                draw_marks(painter, kind, points, self._icons.theme)
        painter.end()

    def _draw_axes(self, painter: QPainter, plot: QRectF) -> None:
        theme = self._icons.theme
        font = QFont(self.font())
        font.setPixelSize(theme.font_small)
        painter.setFont(font)
        across, up = self.most()
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for step in range(_GRID_STEPS + 1):
            share = step / _GRID_STEPS
            x, y = plot.left() + share * plot.width(), plot.bottom() - share * plot.height()
            painter.setPen(QPen(theme.color("border"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            painter.setPen(theme.color("text_dim"))
            painter.drawText(QRectF(0, y - 8, _LEFT - 6, 16), right, f"{share * up:g}")
            painter.drawText(
                QRectF(x - 20, plot.bottom() + 2, 40, 16), Qt.AlignmentFlag.AlignCenter, f"{share * across:g}"
            )
        words = QRectF(plot.left(), plot.bottom() + 17, plot.width(), 16)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, "Long side, % (upwards: short side)")


def _round_up(percent: float) -> float:
    """The end of an axis: the next of 4, 8, 12, 20, 40, 60, 80, 100 per cent, which four steps divide well."""
    return next((end for end in (4.0, 8.0, 12.0, 20.0, 40.0, 60.0, 80.0) if end >= percent), 100.0)
