"""The marks of a coverage map: one shape and one colour for each kind, so that neither is needed alone."""

from dataclasses import dataclass
from typing import get_args

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from anogen_gui.model.coverage import MarkKind
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.theme import Theme

KINDS: tuple[MarkKind, ...] = get_args(MarkKind)
PAINTED: tuple[MarkKind, ...] = ("real", "box", "sample", "missed")
"""The kinds from below to above: what was missed is never hidden."""


@dataclass(frozen=True)
class MarkLook:
    """How a kind of mark is called, and painted: its colour token, and the radius in logical pixels."""

    word: str
    tip: str
    color: str
    radius: float


LOOKS: dict[MarkKind, MarkLook] = {
    "real": MarkLook("Real anomalies", "From the masks of support and test photos", "info", 5.0),
    "missed": MarkLook("Missed", "Real anomalies on test photos that the detector lets pass", "bad", 6.0),
    "box": MarkLook("Boxes", "Where anomalies are to be generated", "warn", 4.5),
    "sample": MarkLook("Accepted samples", "Where anomalies were generated and accepted", "good", 5.0),
}


def mark_path(kind: MarkKind, radius: float) -> QPainterPath:
    """Its shape about the origin: a ring, a cross, a square, a diamond."""
    path = QPainterPath()
    match kind:
        case "real":
            path.addEllipse(QPointF(), radius, radius)
        case "missed":
            for sign in (-1, 1):
                path.moveTo(-radius, -sign * radius)
                path.lineTo(radius, sign * radius)
        case "box":
            path.addRect(QRectF(-radius, -radius, 2 * radius, 2 * radius))
        case "sample":
            path.moveTo(0, -radius)
            for x, y in ((radius, 0), (0, radius), (-radius, 0)):
                path.lineTo(x, y)
            path.closeSubpath()
    return path


def draw_marks(painter: QPainter, kind: MarkKind, points: list[QPointF], theme: Theme) -> None:
    """Paint marks of a kind, each with an edge that keeps it apart from what lies below."""
    look = LOOKS[kind]
    path = mark_path(kind, look.radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((theme.color("surface"), 4.5), (theme.color(look.color), 2.0)):
        painter.setPen(QPen(color, width, j=Qt.PenJoinStyle.MiterJoin))
        for point in points:
            painter.drawPath(path.translated(point))


class MarkSample(QWidget):
    """One mark, for a legend. It says nothing by itself: a text always stands next to it."""

    def __init__(self, icons: Icons, kind: MarkKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons, self._kind = icons, kind
        self.setFixedSize(QSize(20, 20))
        icons.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        draw_marks(
            painter, self._kind, [QPointF(self.rect().center()) + QPointF(0.5, 0.5)], self._icons.theme
        )
        painter.end()
