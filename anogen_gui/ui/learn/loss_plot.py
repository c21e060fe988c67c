"""The loss of a learning run over its steps, painted by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLineF, QMargins, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from anogen_gui.ui.course.curves import (
    Axis,
    Point,
    lowest,
    nearest,
    thinned_and_smoothed,
    tick_texts,
    value_axis,
)
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.palettes import Theme, space

_FEWEST_STEPS = 20
_FAINT = 0.35
_LEGEND_LINE = 18
_TITLE = "Mean squared error"
_EMPTY = "The loss is drawn here from the first steps on."


@dataclass(frozen=True)
class LossCurves:
    """What is drawn: (step, loss) of the steps themselves, and on the same crops each time."""

    losses: tuple[Point, ...] = ()
    evaluations: tuple[Point, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.losses or self.evaluations)


class LossPlot(QWidget):
    """Raw losses as faint points, smoothed as a dashed line; the evaluation as a solid one, its best marked."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._curves = LossCurves()
        self._losses: list[Point] = []  # no more than can be told apart
        self._smoothed: list[Point] = []
        self._is_log = False
        self._marked_step: int | None = None
        self._hovered: float | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Loss over the steps")
        icons.theme_changed.connect(lambda: self.update())

    def show_curves(self, curves: LossCurves) -> None:
        if curves == self._curves:
            return
        self._curves = curves
        self._losses, self._smoothed = thinned_and_smoothed(curves.losses)
        self.setAccessibleDescription(self._spoken())
        self.update()

    def show_log(self, is_log: bool) -> None:
        """Draw the losses on a logarithmic axis, or on an even one."""
        self._is_log = is_log
        self.update()

    def mark_step(self, step: int | None) -> None:
        """Draw a line at a step, such as the one chosen in the strip."""
        if step != self._marked_step:
            self._marked_step = step
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names from here on
        return QSize(480, 232)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(280, 180)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._hovered = event.position().x()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self._hovered = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(_small_font(self.font(), self._icons.theme))
        drawing = _Drawing(painter, self._icons.theme, self._layout(painter), self._curves)
        drawing.draw_grid()
        drawing.draw_mark(self._marked_step)
        drawing.draw_losses(self._losses, self._smoothed)
        drawing.draw_evaluations()
        hovered = drawing.plot.step_at(self._hovered)
        drawing.draw_head(hovered, nearest(self._smoothed, hovered) if hovered is not None else None)
        painter.end()

    def _layout(self, painter: QPainter) -> "_Plot":
        values = [loss for _, loss in self._losses]
        lines = [
            loss for _, loss in (*self._smoothed[len(self._smoothed) // 20 :], *self._curves.evaluations)
        ]
        steps = [points[-1][0] for points in (self._losses, self._curves.evaluations) if points]
        vertical = value_axis(values, lines, self._is_log)
        metrics = QFontMetricsF(painter.font())
        line = metrics.height()
        inner = QRectF(self.rect()).marginsRemoved(
            QMargins(0, round(line + space(3)), space(2), round(2 * line + space(2))).toMarginsF()
        )
        ticks = vertical.ticks(max(2, int(inner.height() / (2 * line))))
        widest = max((metrics.horizontalAdvance(text) for text in tick_texts(ticks)), default=0)
        inner.setLeft(inner.left() + widest + space(2))
        return _Plot(inner, Axis(0, max([*steps, _FEWEST_STEPS])), vertical, ticks)

    def _spoken(self) -> str:
        best = lowest(self._curves.evaluations)
        if best is None:
            return ""
        return (
            f"Best {_number(best[1])} at step {best[0]:.0f}, last {_number(self._curves.evaluations[-1][1])}"
        )


@dataclass(frozen=True)
class _Plot:
    """Where on the widget the axes lie."""

    area: QRectF
    horizontal: Axis
    vertical: Axis
    ticks: list[float]

    def x(self, step: float) -> float:
        return self.area.left() + self.horizontal.position(step) * self.area.width()

    def y(self, loss: float) -> float:
        return self.area.bottom() - self.vertical.position(loss) * self.area.height()

    def at(self, point: Point) -> QPointF:
        return QPointF(self.x(point[0]), self.y(point[1]))

    def step_at(self, x: float | None) -> float | None:
        """The step under the pointer; None where that is beside the plot."""
        if x is None or not self.area.left() <= x <= self.area.right():
            return None
        return self.horizontal.value((x - self.area.left()) / self.area.width())


class _Drawing:
    """One painting of the plot, part by part."""

    def __init__(self, painter: QPainter, theme: Theme, plot: _Plot, curves: LossCurves) -> None:
        self._painter, self._theme, self.plot, self._curves = painter, theme, plot, curves
        self._metrics = QFontMetricsF(painter.font())

    def draw_grid(self) -> None:
        """Lines at the values' ticks, both axes' texts, and what the lower one counts."""
        area, line = self.plot.area, self._metrics.height()
        ticks = [] if self._curves.is_empty else self.plot.ticks
        for tick, text in zip(ticks, tick_texts(ticks), strict=True):
            y = self.plot.y(tick)
            self._painter.setPen(QPen(self._theme.color("border"), 1))
            self._painter.drawLine(QLineF(area.left(), y, area.right(), y))
            box = QRectF(0, y - line / 2, area.left() - space(2), line)
            self._text(box, text, Qt.AlignmentFlag.AlignRight)
        self._painter.setPen(QPen(self._theme.color("border_strong"), 1))
        self._painter.drawLine(area.bottomLeft(), area.bottomRight())
        steps = [
            tick for tick in self.plot.horizontal.ticks(max(2, int(area.width() / 110))) if tick % 1 == 0
        ]
        for tick, text in zip(steps, tick_texts(steps), strict=True):
            width = self._metrics.horizontalAdvance(text)
            left = min(self.plot.x(tick) - width / 2, area.right() + space(2) - width)
            box = QRectF(left, area.bottom() + space(1), width + 1, line)
            self._text(box, text, Qt.AlignmentFlag.AlignLeft)
        below = QRectF(area.left(), area.bottom() + space(1) + line, area.width(), line)
        self._text(below, "Steps", Qt.AlignmentFlag.AlignHCenter)
        if self._curves.is_empty:
            self._text(area, _EMPTY, Qt.AlignmentFlag.AlignHCenter)

    def draw_mark(self, step: int | None) -> None:
        if step is None:
            return
        x = self.plot.x(step)
        self._painter.setPen(QPen(self._theme.color("accent"), 1.5, Qt.PenStyle.DotLine))
        self._painter.drawLine(QLineF(x, self.plot.area.top(), x, self.plot.area.bottom()))

    def draw_losses(self, points: Sequence[Point], line: Sequence[Point]) -> None:
        """The steps' own losses: faint points, and smoothed as a dashed line."""
        self._painter.save()
        self._painter.setClipRect(self.plot.area.adjusted(0, -2, 2, 2))
        pen = QPen(_faint(self._theme.color("text_dim")), 2.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._painter.setPen(pen)
        self._painter.drawPoints(QPolygonF([self.plot.at(point) for point in points]))
        self._painter.setPen(_dashed(self._theme))
        self._painter.drawPolyline(QPolygonF([self.plot.at(point) for point in line]))
        self._painter.restore()

    def draw_evaluations(self) -> None:
        """The losses that can be compared with each other: a solid line, with a ring around the best."""
        points = [self.plot.at(point) for point in self._curves.evaluations]
        self._painter.setPen(_solid(self._theme))
        self._painter.drawPolyline(QPolygonF(points))
        best = lowest(self._curves.evaluations)
        if best is not None:
            self._draw_ring(self.plot.at(best), 5)

    def draw_head(self, hovered: float | None, smooth: Point | None) -> None:
        """Above the plot: what the values are; the legend, or what lies under the pointer."""
        line = self._metrics.height()
        top = QRectF(0, 0, self.plot.area.right(), line)
        self._text(top, _TITLE, Qt.AlignmentFlag.AlignLeft)
        if hovered is None or self._curves.is_empty:
            self._draw_legend(top)
            return
        x = self.plot.x(hovered)
        self._painter.setPen(QPen(self._theme.color("border_strong"), 1))
        self._painter.drawLine(QLineF(x, self.plot.area.top(), x, self.plot.area.bottom()))
        parts = [f"Step {hovered:.0f}"]
        measured = nearest(self._curves.evaluations, hovered)
        if measured is not None:
            parts.append(f"on the same crops {_number(measured[1])}")
        if smooth is not None:
            parts.append(f"each step {_number(smooth[1])}")
        self._text(top, "  ·  ".join(parts), Qt.AlignmentFlag.AlignRight, "text")

    def _draw_legend(self, top: QRectF) -> None:
        """From the right: what the marks are, as far as there is room."""
        if self._curves.is_empty:
            return
        best = lowest(self._curves.evaluations)
        entries: list[tuple[str, QPen | None]] = []
        if best is not None:
            entries.append((f"Best {_number(best[1])} at step {best[0]:.0f}", None))
            entries.append(("On the same crops each time", _solid(self._theme)))
        if self._curves.losses:
            entries.append(("Each step, smoothed", _dashed(self._theme)))
        right, least = top.right(), self._metrics.horizontalAdvance(_TITLE) + space(5)
        for text, pen in entries:
            left = right - self._metrics.horizontalAdvance(text) - space(1) - _LEGEND_LINE
            if left < least:
                return
            self._draw_entry(QRectF(left, 0, right - left + 1, top.height()), text, pen)
            right = left - space(4)

    def _draw_entry(self, box: QRectF, text: str, pen: QPen | None) -> None:
        """A line of the pen, or the ring of the best, and what it means."""
        self._text(box, text, Qt.AlignmentFlag.AlignRight, "good" if pen is None else "text_dim")
        middle = box.center().y() + 1
        if pen is None:
            self._draw_ring(QPointF(box.left() + _LEGEND_LINE / 2, middle), 4)
        else:
            self._painter.setPen(pen)
            self._painter.drawLine(QLineF(box.left(), middle, box.left() + _LEGEND_LINE, middle))

    def _draw_ring(self, center: QPointF, radius: float) -> None:
        self._painter.setBrush(self._theme.color("surface"))
        self._painter.setPen(QPen(self._theme.color("good"), 2))
        self._painter.drawEllipse(center, radius, radius)

    def _text(self, box: QRectF, text: str, side: Qt.AlignmentFlag, role: str = "text_dim") -> None:
        self._painter.setPen(self._theme.color(role))
        self._painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), text)


def _small_font(font: QFont, theme: Theme) -> QFont:
    small = QFont(font)
    small.setPixelSize(theme.font_small)
    return small


def _faint(color: QColor, opacity: float = _FAINT) -> QColor:
    color.setAlphaF(opacity)
    return color


def _solid(theme: Theme) -> QPen:
    pen = QPen(theme.color("accent"), 2)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _dashed(theme: Theme) -> QPen:
    pen = QPen(theme.color("text_dim"), 1.5)
    pen.setDashPattern([4, 3])
    return pen


def _number(loss: float) -> str:
    return f"{loss:.3g}" if 0 < abs(loss) < 0.01 else f"{loss:.3f}"
